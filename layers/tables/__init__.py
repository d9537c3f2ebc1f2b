"""Any table file as rows of text: sheets, headers, encodings; and the years and days in them.

``files.open_table`` opens one.
"""
