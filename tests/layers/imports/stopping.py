"""An import that ends at a chosen step on the disk."""

from __future__ import annotations


class Stopped(BaseException):
    """What ends an import at a chosen step."""
