"""The proof that a choice from groups inside one another is the best: a price for every group.

Give each group the worth that a unit must have to be taken there. A choice is the best exactly
when such prices exist: every chosen unit is worth at least its group's price and every other one
at most that; a group's price is above that of the group around it only where the group is full,
and below it only where the group holds no more than it must (complementary slackness). The worth
holds the whole declared order, ties and codes included, so the proof leaves nothing open; going
outwards from the innermost groups, either prices are found or a better exchange is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from phaenthi.targeting.proof.apart import Piece

Worth = Sequence[tuple[int, ...]]


@dataclass
class _Group:
    least: int
    most: int | None
    inner: list[int] = field(default_factory=list)
    units: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Groups:
    """The groups of a piece, each before those inside it; the first holds everything."""

    groups: Sequence[_Group]

    @property
    def is_possible(self) -> bool:
        """Whether some choice keeps the limits of every group: least and most, from inside out."""
        fewest, most = [0] * len(self.groups), [0] * len(self.groups)
        for place in reversed(range(len(self.groups))):
            group = self.groups[place]
            low = sum(fewest[inner] for inner in group.inner)
            high = len(group.units) + sum(most[inner] for inner in group.inner)
            fewest[place] = max(low, group.least)
            most[place] = high if group.most is None else min(high, group.most)
            if fewest[place] > most[place]:
                return False
        return True


@dataclass(frozen=True)
class Better:
    """An exchange that makes the choice better: one unit in another's place (or just in)."""

    unit: int
    instead_of: int | None


def group(piece: Piece) -> Groups | None:
    """Lay a piece out as groups inside one another; ``None`` when two cross or count otherwise."""
    if not all(tie.counts for tie in piece.ties):
        return None
    groups = [_Group(0, None)]
    innermost = dict.fromkeys(piece.units, 0)
    for tie in sorted(piece.ties, key=lambda tie: -len(tie.weights)):
        outer = {innermost[unit] for unit in tie.weights}
        if len(outer) != 1:
            return None
        groups[outer.pop()].inner.append(len(groups))
        innermost |= dict.fromkeys(tie.weights, len(groups))
        groups.append(_Group(tie.least or 0, tie.most))
    for unit, place in innermost.items():
        groups[place].units.append(unit)
    return Groups(groups)


def find_better(laid: Groups, chosen: frozenset[int], worth: Worth) -> Better | None:
    """Return an exchange that makes a choice better that keeps the limits; ``None``: none does."""
    counts = [0] * len(laid.groups)
    strongest_out: list[int | None] = [None] * len(laid.groups)
    weakest_in: list[int | None] = [None] * len(laid.groups)
    for place in reversed(range(len(laid.groups))):
        one = laid.groups[place]
        held = [unit for unit in one.units if unit in chosen]
        counts[place] = len(held) + sum(counts[inner] for inner in one.inner)
        left = [unit for unit in one.units if unit not in chosen]
        left += [u for inner in one.inner if (u := strongest_out[inner]) is not None]
        held += [u for inner in one.inner if (u := weakest_in[inner]) is not None]
        out = max(left, key=worth.__getitem__, default=None)
        weak = min(held, key=worth.__getitem__, default=None)
        if out is not None and weak is not None and worth[out] > worth[weak]:
            return Better(out, weak)
        if place == 0 and out is not None:
            return Better(out, None)
        full = one.most is not None and counts[place] >= one.most
        needed = counts[place] <= one.least
        strongest_out[place] = None if full else out
        weakest_in[place] = None if needed else weak
    return None
