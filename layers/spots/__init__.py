"""Places that people go to, and the nearest of a kind.

``reading.read`` reads a register, ``summary`` counts by village and finds the nearest.
"""
