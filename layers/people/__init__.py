"""Households and persons: surveys, poverty, who was helped; what may be shown of them.

``disclosure`` hides small counts; ``counts`` makes people's layers fit to leave the office.
"""
