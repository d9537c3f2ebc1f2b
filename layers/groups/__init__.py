"""Occupational groups: read, 5ก, readiness for OTOP, the register of the province.

``reading.understand`` turns a register's words into what is kept, ``summary`` counts by village.
"""
