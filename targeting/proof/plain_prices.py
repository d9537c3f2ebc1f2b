"""Prices that prove a plan: the dual of the choice, found by a solver and checked without one."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

import numpy as np

from phaenthi.targeting.choice.demand import Demand
from phaenthi.targeting.proof.plain import Prices, Row, best_sums

# Prices are kept as fractions that a person can read; a rounded price still proves its ceiling.
LARGEST_DENOMINATOR = 10**7


def find_prices(
    rows: Iterable[Row], demand: Demand, locked_in: frozenset[str] = frozenset()
) -> Prices | None:
    """Find the prices of a village's place and of an area's part that give the lowest ceiling.

    Returns
    -------
    Prices or None
        ``None`` when the solver finds none (for instance because the rules allow no plan); the
        recount of :mod:`phaenthi.targeting.proof.plain` then proves the plan alone.

    Notes
    -----
    Minimise λ·villages + μ·areas + Σ z_a subject to z_a ≥ (sum of the best k) − λk − μ for every
    area and count k, and z_a ≥ 0 where nothing is locked in.
    """
    sums = best_sums(rows, demand, locked_in)
    counts_areas = demand.areas is not None
    left: list[np.ndarray[tuple[int], np.dtype[np.float64]]] = []
    right: list[float] = []
    for place, (best, least) in enumerate(sums.values()):
        for count in range(max(least, 1), len(best)):
            line = np.zeros(2 + len(sums))
            line[[0, 1, 2 + place]] = -count, -1.0 if counts_areas else 0.0, -1.0
            left.append(line)
            right.append(-float(best[count]))
    if not left:
        return None
    from scipy.optimize import linprog  # noqa: PLC0415 - a third of a second at every start

    result = linprog(
        c=[demand.units, demand.areas or 0, *[1.0] * len(sums)],
        A_ub=np.array(left),
        b_ub=np.array(right),
        bounds=[
            (None, None),
            (None, None) if counts_areas else (0, 0),
            *[(0 if least == 0 else None, None) for _, least in sums.values()],
        ],
        method="highs",
    )
    if result.status != 0:
        return None
    village, area = (
        Fraction(float(price)).limit_denominator(LARGEST_DENOMINATOR) for price in result.x[:2]
    )
    return Prices(village, area)
