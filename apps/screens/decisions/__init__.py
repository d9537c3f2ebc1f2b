"""The plan on the table, what people decide about it, and the way back.

``desk.Desk`` is the plan with all that a decision needs; ``drafts`` makes, keeps and undoes.
"""
