"""Occupational groups: read, 5ก, readiness for OTOP, the register of the province.

``reading.read`` reads a register, ``summary`` counts by village.
"""
