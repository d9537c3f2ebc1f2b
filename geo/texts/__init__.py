"""Words of the data as text of something else, and characters that no words mean.

``csv`` and ``sheets`` write what no spreadsheet runs, ``stray`` finds controls.
"""
