"""How a person names what a workspace keeps: whole, by its beginning, or by when it was made."""

from __future__ import annotations

from collections.abc import Sequence

NEWEST = ("latest", "previous")


def find_kept(name: str, kept: Sequence[str]) -> str | None:
    """Return the id that a name means, or ``None`` where it means none or several.

    Parameters
    ----------
    name
        An id, the beginning of one alone, ``latest`` or ``previous`` (the one made before it).
    kept
        Every id, the newest first.
    """
    if name in kept:
        return name
    if name in NEWEST:
        return next(iter(kept[NEWEST.index(name) :]), None)
    fitting = [one for one in kept if one.startswith(name)]
    return fitting[0] if len(fitting) == 1 else None
