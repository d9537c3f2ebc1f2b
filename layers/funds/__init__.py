"""Community funds: read, levels and remedies, summary by village, who has none.

``reading.understand`` turns the words of a register into what is kept, ``summary`` counts by village.
"""
