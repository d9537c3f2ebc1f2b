"""Community funds: read, levels and remedies, summary by village, who has none.

``reading.read`` reads a register, ``summary`` counts by village.
"""
