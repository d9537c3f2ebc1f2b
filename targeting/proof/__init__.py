"""Ceiling and recount of a choice, from the rules and the table of units alone.

``check.check_choice`` and ``check.check_impossible`` are the checks; nothing here shares code with
what chose: rules are read, rows written and parts told apart anew.
"""
