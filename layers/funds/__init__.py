"""Community funds: read, levels and remedies, summary by village, who has none.

``reading.understand`` turns a register's words into what is kept, ``summary`` counts by village.
"""
