"""Count first: most clashes show in the numbers of a province before anything is solved."""

from __future__ import annotations

from phaenthi.targeting.choice.area_recursion import Board
from phaenthi.targeting.choice.solve import Workings
from phaenthi.targeting.limits.demand import Shortage
from phaenthi.targeting.limits.problem import ChoiceProblem


def find_shortage(problem: ChoiceProblem) -> Shortage | None:
    """Name what a problem without a choice lacks, where counting its areas shows it.

    Returns
    -------
    Shortage or None
        ``None``: no part of the recursion over areas is short; the clash of the rules tells more.
    """
    for laid in Workings(problem).parts or ():
        if laid.asked is not None and laid.asked.board.best is None:
            return _counted(laid.asked.board) or _no_combination(laid.asked.board)
    return None


def _counted(board: Board) -> Shortage | None:
    demand = board.demand
    most = demand.most_in_an_area
    room = sorted((min(most, len(a.locked) + len(a.others)) for a in board.areas), reverse=True)
    areas = demand.areas if demand.areas is not None else len(room)
    capacity = sum(room[:areas])
    crowded = [area for area in board.areas if len(area.locked) > most]
    locked_areas = sum(bool(area.locked) for area in board.areas)
    numbers: dict[str, object] = {
        "province_code": demand.group,
        "units": demand.units,
        "areas": areas,
        "cap": demand.cap,
        "usable": len(board.code_at),
        "usable_areas": len(room),
        "capacity": capacity,
        "missing": demand.units - capacity,
        "locked": len(board.locked_in),
        "locked_areas": locked_areas,
        "area_code": crowded[0].code if crowded else None,
        "locked_here": len(crowded[0].locked) if crowded else 0,
    }
    limit = demand.cap * areas if demand.cap is not None else demand.units
    counts: tuple[tuple[bool, tuple[str, ...], str], ...] = (
        (bool(crowded), ("lock", "cap"), "locked_over_cap"),
        (len(board.locked_in) > demand.units, ("lock", "allotment"), "locked_over_allotment"),
        (locked_areas > areas, ("lock", "exactly_areas"), "locked_over_areas"),
        (len(room) < areas, ("exactly_areas", "requires"), "too_few_areas"),
        (
            demand.areas is not None and demand.units < areas,
            ("allotment", "exactly_areas"),
            "fewer_units_than_areas",
        ),
        (demand.units > limit, ("allotment", "cap"), "allotment_over_cap"),
        (capacity < demand.units, ("allotment", "cap", "requires"), "too_few_villages"),
    )
    for clashes, rules, wording in counts:
        if clashes:
            return Shortage(rules, f"shortage.{wording}", numbers)
    return None


def _no_combination(board: Board) -> Shortage:
    """Name what is left when every count taken alone would do: the locks together."""
    return Shortage(
        ("lock", "allotment", "exactly_areas", "cap"),
        "shortage.no_combination",
        {"province_code": board.demand.group, "units": board.demand.units},
    )
