"""The ways to choose exactly under a problem's limits.

``solve`` takes the simplest way that is exact; ``prices`` says what would change its mind.
"""
