"""Why no choice is possible, and the least that must change.

``conflict.examine`` finds both; ``words`` says them.
"""
