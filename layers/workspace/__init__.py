"""The folder that holds an office's layers, where each came from, and the way back.

``folder.Workspace`` is the store of layers, ``documents`` what it keeps besides them; ``digest``
is the fingerprint of a layer's rows.
"""
