"""Tourism communities, programmes and attractions; and the routes through them.

``reading`` reads the three layers, ``route_planning`` finds routes.
"""
