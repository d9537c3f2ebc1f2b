"""The proof that a choice from groups inside one another is the best: a price for every group.

Give each group the worth that a unit must have to be taken there. A choice is the best exactly
when such prices exist: every chosen unit is worth at least its group's price and every other one
at most that; a group's price is above that of the group around it only where the group is full,
and below it only where the group holds no more than it must (complementary slackness). The worth
holds the whole declared order, ties and codes included, so the proof leaves nothing open; going
outwards from the innermost groups, either prices are found or a better exchange is.
"""

from __future__ import annotations

from dataclasses import dataclass

from phaenthi.targeting.choice.nested_groups import Tree


@dataclass(frozen=True)
class Better:
    """An exchange that makes the choice better: one unit in another's place (or just in)."""

    unit: int
    instead_of: int | None


def find_better(tree: Tree, chosen: frozenset[int]) -> Better | None:
    """Return an exchange that makes a choice better that keeps the limits; ``None``: none does."""
    counts = [0] * len(tree.nodes)
    strongest_out: list[int | None] = [None] * len(tree.nodes)
    weakest_in: list[int | None] = [None] * len(tree.nodes)
    for place in reversed(range(len(tree.nodes))):
        node = tree.nodes[place]
        held = [unit for unit in node.units if unit in chosen]
        counts[place] = len(held) + sum(counts[inner] for inner in node.inner)
        left = [unit for unit in node.units if unit not in chosen]
        left += [u for inner in node.inner if (u := strongest_out[inner]) is not None]
        held += [u for inner in node.inner if (u := weakest_in[inner]) is not None]
        out = max(left, key=lambda unit: tree.keys[unit], default=None)
        weak = min(held, key=lambda unit: tree.keys[unit], default=None)
        if out is not None and weak is not None and tree.keys[out] > tree.keys[weak]:
            return Better(out, weak)
        if place == 0 and out is not None:
            return Better(out, None)
        full = node.most is not None and counts[place] >= node.most
        needed = counts[place] <= node.least
        strongest_out[place] = None if full else out
        weakest_in[place] = None if needed else weak
    return None
