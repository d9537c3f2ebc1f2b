"""Hypothesis without deadlines: first calls read the gazetteer, and no test asserts a timing."""

from hypothesis import settings

settings.register_profile("no_deadline", deadline=None)
settings.load_profile("no_deadline")
