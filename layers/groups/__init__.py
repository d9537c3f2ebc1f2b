"""Occupational groups: read, 5ก, readiness for OTOP, the register of the province.

``reading.understand`` turns the words of a register into what is kept, ``summary`` counts by village.
"""
