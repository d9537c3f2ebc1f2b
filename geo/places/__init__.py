"""Codes and names of areas, what became of them, and where points lie.

``codes`` knows the digits, ``gazetteer`` the areas, ``names`` matches names inside a parent.
"""
