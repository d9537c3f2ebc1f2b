"""The layers page: what lies over the villages, together on one map and layer by layer."""

from phaenthi.apps.screens.layers.page import show

__all__ = ["show"]
