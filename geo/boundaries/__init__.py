"""Boundary sets of any naming: read, repaired, dissolved, simplified, compared.

``reading.read_boundaries`` reads one; ``village_cells`` divides a tambon between villages.
"""
