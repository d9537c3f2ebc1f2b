"""OTOP producers and products: read, clusters with lasting ids, hot spots, markets.

``reading.understand`` turns a register's words into what is kept, ``clusters`` forms clusters.
"""
