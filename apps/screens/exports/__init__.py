"""The exports page: files, papers, pictures and packages, each looked at before it is taken."""

from phaenthi.apps.screens.exports.page import show

__all__ = ["show"]
