"""Ways to look at a plan under review: map, table, reasons, fairness, reserve, another beside it.

``map_table`` is the first of them; ``filters`` says what of a plan is shown.
"""
