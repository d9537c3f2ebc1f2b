"""The village list and the one table that joins every layer: a row a village.

``table.build`` joins; ``summaries`` are the layers counted by village; ``shown`` tells which
boundaries a map shows.
"""
