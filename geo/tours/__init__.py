"""Short tours with opening hours and day limits, found and counted again.

``planning.find_tour`` finds one, ``recount`` counts it again.
"""
