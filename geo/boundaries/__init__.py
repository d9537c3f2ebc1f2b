"""Boundary sets of any naming: read, repaired, dissolved, simplified, compared.

``reading.read_boundaries`` reads one; ``embedded.read_embedded`` the approximate ones of the
country; ``village_cells`` divides a tambon between villages.
"""
