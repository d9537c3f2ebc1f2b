"""What commands, worker and screens share: a plan made, its units gathered, its counts hidden.

``plans.make_plan`` makes a plan from a workspace.
"""
