"""Rows that carry names or old codes → village, with evidence, and a queue for people.

``villages.match_villages`` matches, ``match_decisions`` keeps what people decided.
"""
