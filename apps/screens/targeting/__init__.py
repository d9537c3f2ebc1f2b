"""The targeting page: the guided path from a programme to a plan that is reviewed and put away."""

from phaenthi.apps.screens.targeting.page import show

__all__ = ["show"]
