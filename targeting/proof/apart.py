"""Units told apart for the proof: pieces that no limit ties to one another.

Where a limit fixes the number of units of a set, every count around that set knows what the set
adds: the set no longer ties it to the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from phaenthi.targeting.proof.ties import Tie


@dataclass(frozen=True)
class Piece:
    """Units that some ties hold together and nothing ties to others."""

    units: Sequence[int]
    ties: Sequence[Tie]


def take_apart(size: int, ties: Sequence[Tie]) -> list[Piece] | None:
    """Split units 0 … ``size - 1`` into pieces; ``None`` when a tie over no unit does not hold."""
    left = _settled(ties)
    if any(not tie.weights and not _holds_empty(tie) for tie in left):
        return None
    left = [tie for tie in left if tie.weights]
    leader = list(range(size))
    for tie in left:
        first, *others = tie.weights
        top = _top(leader, first)
        for unit in others:
            leader[_top(leader, unit)] = top
    units: dict[int, list[int]] = {}
    for unit in range(size):
        units.setdefault(_top(leader, unit), []).append(unit)
    inside: dict[int, list[Tie]] = {}
    for tie in left:
        inside.setdefault(_top(leader, next(iter(tie.weights))), []).append(tie)
    return [Piece(members, inside.get(top, [])) for top, members in units.items()]


def _top(leader: list[int], unit: int) -> int:
    while leader[unit] != unit:
        leader[unit] = leader[leader[unit]]
        unit = leader[unit]
    return unit


def _holds_empty(tie: Tie) -> bool:
    return (tie.least or 0) <= 0 and (tie.most is None or tie.most >= 0)


def _settled(ties: Sequence[Tie]) -> list[Tie]:
    """Take sets whose number is fixed out of the counts and sums around them."""
    found = list(ties)
    around: dict[int, list[int]] = {}
    fixed = [
        place
        for place, tie in enumerate(ties)
        if tie.counts and tie.least == tie.most and tie.most is not None and len(tie.weights) > 1
    ]
    for place, tie in enumerate(ties if fixed else ()):
        for unit in tie.weights if tie.area_of is None else ():
            around.setdefault(unit, []).append(place)
    for place in sorted(fixed, key=lambda place: len(ties[place].weights)):
        members, number = found[place].weights, found[place].most or 0
        for other in around[next(iter(members))] if members else ():
            if other != place:
                found[other] = _without(found[other], members, number)
    return found


def _without(tie: Tie, members: Iterable[int], number: int) -> Tie:
    """Return a tie without some of its units, if it weighs them all alike."""
    members = list(members)
    weight = tie.weights.get(members[0])
    if weight is None or len(members) > len(tie.weights):
        return tie
    if any(tie.weights.get(unit) != weight for unit in members):
        return tie
    gone, taken = set(members), weight * number
    return replace(
        tie,
        weights={unit: one for unit, one in tie.weights.items() if unit not in gone},
        least=None if tie.least is None else tie.least - taken,
        most=None if tie.most is None else tie.most - taken,
    )
