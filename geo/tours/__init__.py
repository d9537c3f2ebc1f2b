"""Short tours with opening hours and day limits, found and counted again.

``planning.plan_tour`` finds one, ``recount`` counts it again.
"""
