"""The choice where limits only count units of groups that lie inside one another.

Taking the best first is then exact. Going up from the innermost groups, each group keeps the
units that it must have (its least) and, in order, those that it may have (up to its most); the
group around it merges what its groups hand up. The number of units and their worth form a
valuated generalised polymatroid, so that the best choice of *k + 1* units contains the best of
*k*, and forcing one unit in or out changes the choice by one exchange (K. Murota, *Discrete
Convex Analysis*, 2003, ch. 6).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from phaenthi.targeting.choice.independent_parts import Key, Part


@dataclass
class _Node:
    """A group: its limits, the group around it, the groups inside and its own units."""

    least: int
    most: int | None
    limit: int | None
    parent: int
    inner: list[int] = field(default_factory=list)
    units: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Exchange:
    """What forcing a unit in or out brings: the unit that goes or comes instead.

    Attributes
    ----------
    possible
        ``False`` when no choice has it so.
    other
        The unit that leaves (or enters) in exchange; ``None``: none has to.
    limit
        Place of the limit that makes the exchange necessary.
    """

    possible: bool
    other: int | None = None
    limit: int | None = None


@dataclass(frozen=True)
class Tree:
    """The groups of a part, the outermost first; group 0 holds everything without a limit."""

    nodes: tuple[_Node, ...]
    owner: dict[int, int]
    keys: Sequence[Key]

    def best(self) -> frozenset[int] | None:
        """Return the best choice, or ``None`` when the limits allow none."""
        must: dict[int, list[int]] = {}
        may: dict[int, list[int]] = {}
        for place in reversed(range(len(self.nodes))):
            node = self.nodes[place]
            taken = [unit for inner in node.inner for unit in must.pop(inner)]
            offered = [*node.units, *(unit for inner in node.inner for unit in may.pop(inner))]
            offered.sort(key=lambda unit: self.keys[unit], reverse=True)
            missing = max(node.least - len(taken), 0)
            if missing > len(offered) or (node.most is not None and len(taken) > node.most):
                return None
            taken += offered[:missing]
            if node.most is not None and len(taken) > node.most:
                return None
            end = None if node.most is None else missing + node.most - len(taken)
            must[place], may[place] = taken, offered[missing:end]
        return frozenset(must[0]) | frozenset(may[0])

    def without(self, unit: int, *, taken: bool) -> Tree:
        """Return the tree for the other units once one is settled: taken, or left out."""
        nodes, place = list(self.nodes), self.owner[unit]
        nodes[place] = replace(nodes[place], units=[u for u in nodes[place].units if u != unit])
        while taken and place >= 0:
            node = nodes[place]
            most = None if node.most is None else node.most - 1
            nodes[place] = replace(node, least=node.least - 1, most=most)
            place = node.parent
        owner = {one: where for one, where in self.owner.items() if one != unit}
        return Tree(tuple(nodes), owner, self.keys)


def tree_of(part: Part, keys: Sequence[Key]) -> Tree | None:
    """Lay the groups of a part out as a tree; ``None`` when two cross or count otherwise."""
    nodes = [_Node(0, None, None, -1)]
    owner = dict.fromkeys(part.units, 0)
    for row in sorted(part.rows, key=lambda row: len(row.terms), reverse=True):
        members = [variable for variable, _ in row.terms]
        if any(c != 1 for _, c in row.terms) or any(unit not in owner for unit in members):
            return None
        parents = {owner[unit] for unit in members}
        if len(parents) != 1:
            return None
        parent, place = parents.pop(), len(nodes)
        nodes.append(_Node(row.least or 0, row.most, row.limit, parent))
        nodes[parent].inner.append(place)
        owner.update(dict.fromkeys(members, place))
    for unit, place in owner.items():
        nodes[place].units.append(unit)
    return Tree(tuple(nodes), owner, keys)


@dataclass(frozen=True)
class Exchanges:
    """Every exchange of a choice, from one pass over the groups."""

    tree: Tree
    chosen: frozenset[int]

    def of(self, unit: int) -> Exchange:
        """Return what forcing a chosen unit out, or another in, brings."""
        return self._leaving(unit) if unit in self.chosen else self._entering(unit)

    def _entering(self, unit: int) -> Exchange:
        """Find the weakest unit that frees every full group around the newcomer.

        All the full groups lie around one another, so it must leave the innermost of them.
        """
        weakest: int | None = None
        for place, inner in self._path(unit):
            node = self.tree.nodes[place]
            weakest = self._worse(weakest, self._removable_beside(place, inner))
            if node.most is not None and self._count[place] >= node.most:
                return Exchange(weakest is not None, weakest, node.limit)
        return Exchange(possible=True)

    def _leaving(self, unit: int) -> Exchange:
        """Find the best unit that restores every group left with too few."""
        strongest: int | None = None
        for place, inner in self._path(unit):
            node = self.tree.nodes[place]
            strongest = self._better(strongest, self._addable_beside(place, inner))
            if node.least and self._count[place] <= node.least:
                return Exchange(strongest is not None, strongest, node.limit)
        return Exchange(True, strongest)

    def _path(self, unit: int) -> Iterator[tuple[int, int]]:
        """Yield the groups around a unit, innermost first, each with the one inside it."""
        place, inner = self.tree.owner[unit], -1
        while place >= 0:
            yield place, inner
            place, inner = self.tree.nodes[place].parent, place

    @cached_property
    def _count(self) -> list[int]:
        counts = [0] * len(self.tree.nodes)
        for unit in self.chosen:
            counts[self.tree.owner[unit]] += 1
        for place in reversed(range(1, len(counts))):
            counts[self.tree.nodes[place].parent] += counts[place]
        return counts

    @cached_property
    def _removable(self) -> list[int | None]:
        """The weakest chosen unit of each group that may leave without replacement inside it."""
        found: list[int | None] = [None] * len(self.tree.nodes)
        for place in reversed(range(len(found))):
            node = self.tree.nodes[place]
            if self._count[place] > node.least:
                for unit in (
                    *(u for u in node.units if u in self.chosen),
                    *(found[inner] for inner in node.inner),
                ):
                    found[place] = self._worse(found[place], unit)
        return found

    @cached_property
    def _addable(self) -> list[int | None]:
        """The best unit of each group that may enter without another leaving inside it."""
        found: list[int | None] = [None] * len(self.tree.nodes)
        for place in reversed(range(len(found))):
            node = self.tree.nodes[place]
            if node.most is None or self._count[place] < node.most:
                for unit in (
                    *(u for u in node.units if u not in self.chosen),
                    *(found[inner] for inner in node.inner),
                ):
                    found[place] = self._better(found[place], unit)
        return found

    @cached_property
    def _beside(self) -> dict[tuple[int, int, bool], int | None]:
        return {}

    def _removable_beside(self, place: int, inner: int) -> int | None:
        key = (place, inner, True)
        if key not in self._beside:
            node, weakest = self.tree.nodes[place], None
            for unit in node.units:
                if unit in self.chosen:
                    weakest = self._worse(weakest, unit)
            for other in node.inner:
                if other != inner:
                    weakest = self._worse(weakest, self._removable[other])
            self._beside[key] = weakest
        return self._beside[key]

    def _addable_beside(self, place: int, inner: int) -> int | None:
        key = (place, inner, False)
        if key not in self._beside:
            node, strongest = self.tree.nodes[place], None
            for unit in node.units:
                if unit not in self.chosen:
                    strongest = self._better(strongest, unit)
            for other in node.inner:
                if other != inner:
                    strongest = self._better(strongest, self._addable[other])
            self._beside[key] = strongest
        return self._beside[key]

    def _worse(self, one: int | None, other: int | None) -> int | None:
        if one is None or other is None:
            return one if other is None else other
        return min(one, other, key=lambda unit: self.tree.keys[unit])

    def _better(self, one: int | None, other: int | None) -> int | None:
        if one is None or other is None:
            return one if other is None else other
        return max(one, other, key=lambda unit: self.tree.keys[unit])
