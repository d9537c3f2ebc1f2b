"""Multipliers that prove a ceiling: the dual of the relaxed choice, found by a solver."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from phaenthi.targeting.limits.problem import AnyLimit
from phaenthi.targeting.proof.ceiling import (
    DENOMINATOR,
    IMPOSSIBLE,
    LevelProof,
    reached_by,
    work_out,
)
from phaenthi.targeting.proof.rows import Row, hold, write_rows
from phaenthi.targeting.proof.units import Units

if TYPE_CHECKING:
    from scipy.sparse import coo_matrix


def prove(
    units: Units, limits: Sequence[AnyLimit], chosen: Iterable[str], *, tiers_first: bool
) -> tuple[LevelProof, ...]:
    """Prove each level of a choice as far as the relaxed problem allows.

    Returns
    -------
    tuple of LevelProof
        One a level, in order. Without multipliers (where the solver finds none) the ceiling is
        the sum of all weights: it holds, and its gap says how little it tells.
    """
    levels = units.levels(limits, tiers_first=tiers_first)
    reached = reached_by(levels, [units.place[code] for code in chosen])
    written = write_rows(units, limits)
    proofs: list[LevelProof] = []
    for place, (name, weights) in enumerate(levels):
        rows = [*written, *hold(levels[:place], reached)]
        found = find(weights, rows)
        proofs.append(LevelProof(name, reached[place], work_out(weights, rows, found), found))
    return tuple(proofs)


def prove_impossible(units: Units, limits: Sequence[AnyLimit]) -> tuple[LevelProof, ...]:
    """Prove that no choice keeps the limits: multipliers whose ceiling on nothing is below 0.

    Returns
    -------
    tuple of LevelProof
        One, or none where even fractions of units would keep the limits.
    """
    rows = write_rows(units, limits)
    spare = max([len(units.codes), *(v + 1 for row in rows for v, _ in row.terms)])
    loose: list[Row] = []
    for row in rows:
        # Room on both sides, paid for by a point each: what must be paid is out of reach.
        below, above = spare + 2 * len(loose), spare + 2 * len(loose) + 1
        loose.append(Row((*row.terms, (below, 1), (above, -1)), row.least, row.most))
    weights = [0] * spare + [-1] * (2 * len(loose))
    found = find(weights, loose, most=None)
    below_nothing = work_out((), rows, found)
    if below_nothing >= 0:
        return ()
    return (LevelProof(IMPOSSIBLE, 0, below_nothing, found),)


def find(weights: Sequence[int], rows: Sequence[Row], *, most: int | None = 1) -> Mapping[int, int]:
    """Find the multipliers that give the lowest ceiling; empty when the solver finds none.

    Parameters
    ----------
    most
        The most that a variable can be.
    """
    variables = max([len(weights) - 1, *(v for row in rows for v, _ in row.terms)]) + 1
    if not variables:
        return {}
    upper = [(place, 1, row.most) for place, row in enumerate(rows) if _is_upper(row)]
    upper += [(place, -1, -row.least) for place, row in enumerate(rows) if _is_lower(row)]  # type: ignore[operator]
    exact = [(p, 1, r.most) for p, r in enumerate(rows) if r.most is not None and r.least == r.most]
    objective = np.zeros(variables)
    objective[: len(weights)] = [-weight for weight in weights]
    from scipy.optimize import linprog  # noqa: PLC0415 - a third of a second at every start

    result = linprog(
        objective,
        A_ub=_matrix(upper, rows, variables),
        b_ub=[side for _, _, side in upper] or None,
        A_eq=_matrix(exact, rows, variables),
        b_eq=[side for _, _, side in exact] or None,
        bounds=(0, most),
        method="highs",
    )
    if result.status != 0:
        return {}
    found: dict[int, int] = {}
    for kept, marginals in ((upper, result.ineqlin.marginals), (exact, result.eqlin.marginals)):
        for (place, sign, _), marginal in zip(kept, marginals, strict=True):
            number = round(-sign * float(marginal) * DENOMINATOR)
            found[place] = found.get(place, 0) + number
    return {place: number for place, number in sorted(found.items()) if _leans(rows[place], number)}


def _is_upper(row: Row) -> bool:
    return row.most is not None and row.least != row.most


def _is_lower(row: Row) -> bool:
    return row.least is not None and row.least != row.most


def _leans(row: Row, number: int) -> bool:
    """Tell whether a multiplier is not 0 and leans on a side that is bounded."""
    return number != 0 and (row.most if number > 0 else row.least) is not None


def _matrix(
    kept: Sequence[tuple[int, int, int | None]], rows: Sequence[Row], variables: int
) -> coo_matrix | None:
    if not kept:
        return None
    cells = [
        (line, variable, sign * coefficient)
        for line, (place, sign, _) in enumerate(kept)
        for variable, coefficient in rows[place].terms
    ]
    lines, columns, numbers = zip(*cells, strict=True) if cells else ((), (), ())
    from scipy.sparse import coo_matrix  # noqa: PLC0415 - a third of a second at every start

    return coo_matrix((numbers, (lines, columns)), shape=(len(kept), variables), dtype=float)
