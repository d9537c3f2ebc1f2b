"""Rows of any file as a register: cells read, columns found, totals and repeats set aside.

``reading.read_rows`` and ``reading.finish`` are what every reader of a layer calls.
"""
