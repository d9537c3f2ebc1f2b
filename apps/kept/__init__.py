"""What the app keeps in the workspace's folder: plans by name, the way to them, routes.

``plans`` is the shelf of plans, ``computed`` what takes long to make.
"""
