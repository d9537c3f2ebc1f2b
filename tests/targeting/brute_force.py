"""Every plan of a small province, one by one: the yardstick of the exact choice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import combinations

import pandas as pd

from phaenthi.targeting.choice.area_recursion import AreaDemand


def plans(
    candidates: pd.DataFrame,
    demand: AreaDemand,
    locked_in: Iterable[str] = (),
    locked_out: Iterable[str] = (),
) -> Iterator[tuple[str, ...]]:
    """Yield every set of villages that the rules allow, as sorted codes."""
    area = dict(zip(candidates["unit_code"], candidates["area_code"], strict=True))
    open_ = sorted(set(area) - set(locked_out))
    for codes in combinations(open_, demand.units):
        per_area = Counter(area[code] for code in codes)
        if not set(locked_in) <= set(codes):
            continue
        if demand.areas is not None and len(per_area) != demand.areas:
            continue
        if demand.cap is not None and demand.cap_reading == "each":
            if max(per_area.values()) > demand.cap:
                continue
        elif demand.cap is not None and demand.units > demand.cap * len(per_area):
            continue
        yield codes


def rank(candidates: pd.DataFrame, codes: tuple[str, ...]) -> tuple[int, int, list[int]]:
    """Return the declared order of plans: more need, more households, then the lower codes."""
    rows = candidates.set_index("unit_code").loc[list(codes)]
    in_order = sorted(candidates["unit_code"])
    return (
        int(rows["need"].sum()),
        int(rows["target_households"].sum()),
        [int(code in codes) for code in in_order],
    )


def best_plan(
    candidates: pd.DataFrame,
    demand: AreaDemand,
    locked_in: Iterable[str] = (),
    locked_out: Iterable[str] = (),
) -> tuple[str, ...] | None:
    """Return the best plan by trying them all, or ``None`` when the rules allow none."""
    return max(
        plans(candidates, demand, locked_in, locked_out),
        key=lambda codes: rank(candidates, codes),
        default=None,
    )
