"""Ceiling and recount of a choice, sharing nothing with what chose it.

``plain.check_province`` and ``limits.check_choice`` are the checks.
"""
