"""Rows of any file as a register: cells read, columns found, totals and repeats set aside.

``rows.read_rows`` and ``rows.finish`` are what every reader of a layer calls.
"""
