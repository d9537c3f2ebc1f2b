"""The page of the data: what is here, import, what waits for a person, what is missing, undo."""

from phaenthi.apps.screens.data.page import show

__all__ = ["show"]
