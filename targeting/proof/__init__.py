"""Ceiling and recount of a choice, sharing nothing with what chose it.

``plain.check`` and ``limits.check`` are the checks.
"""
