"""Any map file in and out: encodings, coordinate systems, fields, styles, and reading it again.

``files`` is the public face: read and write.
"""
