"""Every map: what it draws, how it looks, and its page that needs no network.

``view`` draws maps in the app, ``pages`` saves them as files.
"""
