"""OTOP producers and products: read, clusters with lasting ids, hot spots, markets.

``reading.read`` reads a register, ``clusters`` forms clusters.
"""
