"""From a file to a layer of the workspace, by codes or by names, and the report of it.

``by_code.import_file`` and ``by_place.import_matched`` import; ``readers`` says who reads what.
"""
