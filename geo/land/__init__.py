"""Parcels of land: placed, measured, divided, and the water a pond holds.

``parcels`` places and measures, ``split`` divides.
"""
