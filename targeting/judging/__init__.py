"""Met, not met, unknown: each rule on each unit, its households, its evidence and its need.

``judge.judge`` judges all units of a scope.
"""
