"""Small counts hidden, with others beside them, so that nothing can be subtracted back.

The areas form a tree: a province's count is the sum of its amphoe, and so on. Counts of 1–4 are
hidden; then further counts are hidden until, for each hidden one, the published numbers leave
open at least as wide a range as the rule itself does (1–4: four values). The reader is taken to
know that hidden counts are whole numbers of 1 or more and that every total is published, on
this screen or another. In a tree the range left open follows exactly from adding up the lowest
and highest possible values upwards and subtracting them downwards; see A. Hundepool et al.,
*Statistical Disclosure Control* (2012), chapter 4, on secondary suppression in hierarchies.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from phaenthi.geo.places.codes import Level
from phaenthi.wording import Problem

SMALLEST_SHOWN = 5
"""Counts of people below this may tell who they are."""

_ROOT = ""
_REST = "~"
# Larger than any count and small enough that 100,000 of them fit into 64 bits.
_ANY = 1 << 40

Integers = npt.NDArray[np.int64]
Booleans = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class _Tree:
    """Areas in the order of their codes: the whole first, then each before its parts.

    ``rest`` marks what a total holds beyond its listed parts; it is no row of the table.
    ``least`` and ``most`` are what a reader knows of a count though it is hidden.
    """

    codes: tuple[str, ...]
    parent: Integers
    depth: Integers
    counts: Integers
    rest: Booleans
    hidden: Booleans
    least: Integers
    most: Integers

    def add_up(self, values: Integers) -> Integers:
        """Return the sum of the parts' values for each area; 0 where it has no parts."""
        sums = np.zeros(len(values), dtype=np.int64)
        np.add.at(sums, self.parent[1:], values[1:])
        return sums


def hide_small_counts(table: pd.DataFrame, smallest_shown: int = SMALLEST_SHOWN) -> pd.DataFrame:
    """Hide small counts and what would give them back.

    Call it once with every level that will be shown and use the answer everywhere: two calls
    with different levels may hide different areas. It protects one kind of count; counts that
    are parts of each other (poor households of all households) need a table each in which the
    difference is a row too.

    Parameters
    ----------
    table
        code (2, 4, 6 or 8 digits, or empty for the whole; levels may be mixed, each code once),
        count (whole number of 0 or more, or missing). Totals that are not in the table are
        taken as published; put the whole in if it is shown, for it may have to be hidden too.
        What a total holds beyond its listed parts is protected like a part. at_least and
        at_most, where given, are the bounds that a reader knows from elsewhere: that a village
        met the rule of twenty households tells that it has twenty. Missing for none.
    smallest_shown
        Counts from 1 to one less than this are hidden; 0 is shown.

    Returns
    -------
    pandas.DataFrame
        The table with count (Int64, missing where hidden or not known) and hidden (bool).

    Raises
    ------
    Problem
        ``layers.counts_do_not_add`` if a total is less than the sum of its parts.
    """
    tree = _plant(table)
    small = (tree.counts >= 1) & (tree.counts < smallest_shown)
    tree = replace(tree, hidden=small)
    width = max(1, smallest_shown - 2)
    while (further := _to_hide(tree, width)).any():
        tree = replace(tree, hidden=tree.hidden | further)
    hidden_codes = {code for code, is_so in zip(tree.codes, tree.hidden, strict=True) if is_so}
    known = table["count"].notna()
    hidden = table["code"].isin(hidden_codes) & known
    counts = table["count"].astype("Int64").mask(hidden)
    return table.assign(count=counts, hidden=hidden.astype(bool))


def _plant(table: pd.DataFrame) -> _Tree:
    """Make the tree of a table, with the totals above it and the rest below its totals."""
    given = {
        str(code): int(count)
        for code, count in zip(table["code"], table["count"].fillna(0), strict=True)
    }
    areas = {_ROOT, *given}
    for level in Level:
        digits = level.digits
        areas |= {code[:digits] for code in given if len(code) > digits}
    bounds = {
        name: _known_bounds(table, name, otherwise)
        for name, otherwise in (("at_least", 1), ("at_most", _ANY))
    }
    sums = dict.fromkeys(areas, 0)
    counts: dict[str, int] = {}
    has_parts = {_parent(code) for code in areas if code != _ROOT}
    # From the villages up, so that a total that nobody stated is the sum of its parts.
    for code in sorted(areas, key=len, reverse=True):
        count = counts[code] = given.get(code, sums[code])
        if count < sums[code]:
            raise Problem("layers.counts_do_not_add", code=code, total=count, parts=sums[code])
        if code in has_parts and count > sums[code]:
            counts[code + _REST] = count - sums[code]
        if code != _ROOT:
            sums[_parent(code)] += count
    codes = tuple(sorted(counts))
    place = {code: number for number, code in enumerate(codes)}
    parent = [place[_parent(code)] if code != _ROOT else 0 for code in codes]
    return _Tree(
        codes=codes,
        parent=np.array(parent, dtype=np.int64),
        depth=np.array([len(_parent(code)) if code else -1 for code in codes], dtype=np.int64),
        counts=np.array([counts[code] for code in codes], dtype=np.int64),
        rest=np.array([code.endswith(_REST) for code in codes], dtype=bool),
        hidden=np.zeros(len(codes), dtype=bool),
        least=np.array([max(1, bounds["at_least"].get(code, 1)) for code in codes], dtype=np.int64),
        most=np.array([bounds["at_most"].get(code, _ANY) for code in codes], dtype=np.int64),
    )


def _known_bounds(table: pd.DataFrame, name: str, otherwise: int) -> dict[str, int]:
    if name not in table:
        return {}
    told = table[name].astype("Int64").fillna(otherwise)
    return {str(code): int(bound) for code, bound in zip(table["code"], told, strict=True)}


def _parent(code: str) -> str:
    return code[:-1] if code.endswith(_REST) else code[: len(code) - 2]


def _ranges(tree: _Tree) -> tuple[Integers, Integers, Booleans]:
    """Return the lowest and highest possible count of each area, and which bind from below.

    The third tells hidden areas whose own parts, all shown or nearly so, pin them down.
    """
    at_least, at_most, parts_least, parts_most = _from_below(tree)
    lowest, highest = at_least.copy(), at_most.copy()
    for depth in np.unique(tree.depth)[1:]:
        here = np.flatnonzero(tree.depth == depth)
        above = tree.parent[here]
        others_most = parts_most[above] - at_most[here]
        others_least = parts_least[above] - at_least[here]
        lowest[here] = np.maximum(at_least[here], lowest[above] - others_most)
        highest[here] = np.minimum(at_most[here], highest[above] - others_least)
    has_parts = np.bincount(tree.parent[1:], minlength=len(tree.parent)) > 0
    return lowest, highest, tree.hidden & has_parts & (at_most - at_least < _ANY // 2)


def _from_below(tree: _Tree) -> tuple[Integers, Integers, Integers, Integers]:
    """Return the bounds that an area's own parts give, and the sums of its parts' bounds."""
    at_least = np.where(tree.hidden, tree.least, tree.counts)
    at_most = np.where(tree.hidden, tree.most, tree.counts)
    parts_least, parts_most = np.zeros_like(at_least), np.zeros_like(at_most)
    for depth in np.unique(tree.depth)[:0:-1]:
        here = np.flatnonzero(tree.depth == depth)
        np.add.at(parts_least, tree.parent[here], at_least[here])
        np.add.at(parts_most, tree.parent[here], at_most[here])
        above = np.unique(tree.parent[here])
        above = above[tree.hidden[above]]
        at_least[above] = np.maximum(at_least[above], parts_least[above])
        at_most[above] = np.minimum(at_most[above], parts_most[above])
    return at_least, at_most, parts_least, parts_most


def _to_hide(tree: _Tree, width: int) -> Booleans:
    """Return the areas to hide next because a hidden count is still too well known."""
    lowest, highest, pinned = _ranges(tree)
    exposed = tree.hidden & (highest - lowest < width)
    further = np.zeros(len(tree.counts), dtype=bool)
    if not exposed.any():
        return further
    # A total that its own parts give away: hide one of the parts. This comes first, because it
    # also frees the neighbours of the total.
    parts = _smallest_parts(tree, np.flatnonzero(exposed & pinned))
    if len(parts):
        further[parts] = True
        return further
    # A count that its total and its neighbours give away: hide a neighbour, else the total; and
    # where that is hidden already, what gives the total away.
    beside = np.flatnonzero(exposed)
    while len(beside := beside[beside != 0]):
        totals = np.unique(tree.parent[beside])
        neighbours = _smallest_parts(tree, totals)
        further[neighbours] = True
        without = np.setdiff1d(totals, tree.parent[neighbours])
        further[without[~tree.hidden[without]]] = True
        beside = without[tree.hidden[without]]
    return further


def _smallest_parts(tree: _Tree, totals: Integers) -> Integers:
    """Return for each total its smallest part that could be hidden, the lowest code of equals."""
    could = ~tree.hidden & (tree.counts > 0) & np.isin(tree.parent, totals)
    could[0] = False
    listed = tree.add_up(np.where(tree.rest, 0, tree.counts)) > 0
    # The rest is published nowhere, but it may be known: it counts only where nothing else is.
    could &= ~(tree.rest & listed[tree.parent])
    candidates = np.flatnonzero(could)
    order = np.lexsort((candidates, tree.counts[candidates], tree.parent[candidates]))
    candidates = candidates[order]
    _, first = np.unique(tree.parent[candidates], return_index=True)
    return candidates[first]
