"""The overview: who is poor where, what programmes have reached, and what is not known."""

from phaenthi.apps.screens.overview.asked import EVERYWHERE, INDICATORS
from phaenthi.apps.screens.overview.page import show

__all__ = ["EVERYWHERE", "INDICATORS", "show"]
