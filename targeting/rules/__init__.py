"""What a rule can be, as data: one model a kind.

``rule.Rule`` is any of them; ``elements`` is what they are made of.
"""
