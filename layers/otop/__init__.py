"""OTOP producers and products: read, clusters with lasting ids, hot spots, markets.

``reading.understand`` turns the words of a register into what is kept, ``clusters`` forms clusters.
"""
