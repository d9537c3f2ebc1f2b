"""Long work in a process beside the app: its steps are told, and it can be ended.

``job`` hands work over, ``worker`` does it.
"""
