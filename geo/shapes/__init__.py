"""Distances, clusters and outlines on the sphere, and coordinate systems by place.

``clusters`` finds them, ``crs`` picks systems and measures land.
"""
