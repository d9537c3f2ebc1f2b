"""What commands, worker and screens share: plans made, kept and told apart; routes kept.

``plans.make_plan`` makes a plan from a workspace and saves it there; ``plan_labels`` names it.
"""
