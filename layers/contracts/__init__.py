"""What each layer is, as data: columns, key, units, what is personal, and the headers files use.

``contract`` is the model, ``catalogue`` lists them all; nothing here reads a file.
"""
