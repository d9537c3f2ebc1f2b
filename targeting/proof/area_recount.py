"""The best choice counted anew, area by area, where limits ask for a total, areas and one cap."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from phaenthi.targeting.limits.problem import AnyLimit, Areas, Average, Lock
from phaenthi.targeting.proof.apart import Piece
from phaenthi.targeting.proof.ties import Tie
from phaenthi.targeting.proof.units import Units


@dataclass(frozen=True)
class AreaQuestion:
    """What is asked of the areas of a piece.

    Attributes
    ----------
    areas
        The units of each area.
    total, number
        Units to choose and areas that take part, exactly.
    cap
        The most units of each area.
    put_in
        Units that people put in.
    average
        The most units an area, on average over those that take part.
    """

    areas: Sequence[Sequence[int]]
    total: int
    number: int
    cap: int
    put_in: frozenset[int]
    average: int | None = None


def area_question(piece: Piece, limits: Sequence[AnyLimit]) -> AreaQuestion | None:
    """Read a piece as a question of areas; ``None`` when its limits are of other kinds."""
    on_areas = [tie for tie in piece.ties if isinstance(limits[tie.limit], Areas)]
    if len(on_areas) != 1:
        return None
    limit, area_of = limits[on_areas[0].limit], on_areas[0].area_of or {}
    if not isinstance(limit, Areas) or limit.each_at_least > 1:
        return None
    if area_of.keys() != set(piece.units):
        return None
    inside: dict[str, list[int]] = {}
    for unit, area in area_of.items():
        inside.setdefault(area, []).append(unit)
    others = [tie for tie in piece.ties if tie is not on_areas[0]]
    return _read_others(others, limits, limit, list(inside.values()))


def _read_others(
    ties: Sequence[Tie],
    limits: Sequence[AnyLimit],
    on_areas: Areas,
    areas: Sequence[Sequence[int]],
) -> AreaQuestion | None:
    """Read the total, the cap, an average and decisions; ``None`` when there is anything else."""
    everyone = {unit for members in areas for unit in members}
    whole = {frozenset(members): place for place, members in enumerate(areas)}
    totals: list[int] = []
    averages: list[int] = []
    put_in: set[int] = set()
    caps: dict[int, int] = {}
    for tie in ties:
        limit, area = limits[tie.limit], whole.get(frozenset(tie.weights))
        if isinstance(limit, Average):
            if (limit.group, limit.area_column) != (on_areas.group, on_areas.area_column):
                return None
            averages.append(limit.most)
        elif isinstance(limit, Lock) and limit.taken:
            put_in |= tie.weights.keys()
        elif not tie.counts or tie.most is None:
            return None
        elif tie.weights.keys() == everyone and tie.least == tie.most:
            totals.append(tie.most)
        elif area is not None and not tie.least:
            caps[area] = tie.most
        else:
            return None
    cap = max(caps.values(), default=len(everyone))
    free = [len(members) for place, members in enumerate(areas) if place not in caps]
    # A cap of some areas only is one cap where the others are too small to feel it.
    one_cap = set(caps.values()) <= {cap} and max(free, default=0) <= cap
    if len(totals) != 1 or len(averages) > 1 or not one_cap:
        return None
    average = averages[0] if averages else None
    return AreaQuestion(areas, totals[0], on_areas.areas, cap, frozenset(put_in), average)


def recount(asked: AreaQuestion, units: Units) -> frozenset[int] | None:
    """Return the best choice, counted area by area; ``None`` if there is none.

    Equal needs are told apart by more target households, then by the lower unit code.
    """
    if asked.average is not None and asked.total > asked.average * asked.number:
        return None
    everyone = sorted(unit for members in asked.areas for unit in members)
    bit = {unit: 1 << (len(everyone) - 1 - place) for place, unit in enumerate(everyone)}
    best: Mapping[tuple[int, int], tuple[int, int, int]] = {(0, 0): (0, 0, 0)}
    for members in asked.areas:
        held = [unit for unit in members if unit in asked.put_in]
        if len(held) > asked.cap:
            return None
        sums = _best_sums(members, asked, units, bit)
        grown: dict[tuple[int, int], tuple[int, int, int]] = {}
        for (areas, taken), worth in best.items():
            for count in range(len(held), min(len(sums), asked.total - taken + 1)):
                key = (areas + (count > 0), taken + count)
                now = (worth[0] + sums[count][0], worth[1] + sums[count][1])
                whole = (*now, worth[2] | sums[count][2])
                if key[0] <= asked.number and (key not in grown or whole > grown[key]):
                    grown[key] = whole
        best = grown
    found = best.get((asked.number, asked.total))
    return None if found is None else frozenset(u for u in everyone if found[2] & bit[u])


def _best_sums(
    members: Sequence[int], asked: AreaQuestion, units: Units, bit: Mapping[int, int]
) -> list[tuple[int, int, int]]:
    """Return need, households and codes of an area's best 0, 1, … units, those put in first."""
    order = sorted(
        members,
        key=lambda u: (u not in asked.put_in, -units.need[u], -units.target_households[u], u),
    )
    sums = [(0, 0, 0)]
    for unit in order[: asked.cap]:
        need, households, codes = sums[-1]
        more = units.target_households[unit]
        sums.append((need + units.need[unit], households + more, codes | bit[unit]))
    return sums
