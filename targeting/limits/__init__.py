"""What a choice must keep, as one problem of units and named limits.

``pose.pose`` makes the problem from rules; ``recount`` counts a choice again.
"""
