"""A rule pack: read from its file, with its official tables, dates and page.

``programme.load`` loads one by its id.
"""
