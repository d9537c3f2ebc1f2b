"""Any table file as rows of text: sheets, headers, encodings; and the years and days in them.

``table_file.open_table`` opens one; ``encoding`` finds in which encoding a CSV is.
"""
