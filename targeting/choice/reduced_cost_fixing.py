"""What a choice turns on: a relaxed choice settles most units beyond doubt, the rest is the core.

Multipliers ``y`` of the rows (see :mod:`phaenthi.targeting.proof.ceiling`) leave every variable a
*reduced worth* ``r = w − yA``. A choice that holds variables otherwise than the signs of their
``r`` say stays below the ceiling by at least the sum of their ``|r|``. So once any choice that
reaches ``R`` is known, a variable with ``|r| > ceiling − R`` is held as its sign says in every
choice at least as good (reduced-cost fixing: Nemhauser and Wolsey, *Integer and Combinatorial
Optimization*, 1988, II.5). The multipliers come from a solver in floating point and are only a
guess: what they prove is worked out in whole numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from phaenthi.targeting.choice.rows import Row

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

# Multipliers are whole numbers over this: fine beside weights of a million, and short.
_FINENESS = 1 << 20
FIRST_CORE = 800
# A core of more than this share of the variables is no shorter work than the whole.
_LARGEST_SHARE = 0.5
# A measure of work, not seconds: the same question always gives the same answer.
_MOST_NODES = 300
_HALF = 0.5


@dataclass(frozen=True)
class Relaxed:
    """A ceiling and the reduced worth of each variable, both times the fineness."""

    ceiling: int
    worth: Mapping[int, int]


def settle(rows: Sequence[Row], weights: Mapping[int, int]) -> dict[int, bool]:
    """Return the variables that every best choice holds the same way, and which way.

    Parameters
    ----------
    rows
        Over 0/1 variables.
    weights
        What is maximised: a whole number ≥ 0 for each variable, 0 where it has none.
    """
    relaxed = relax(rows, weights)
    if relaxed is None:
        return {}
    order = sorted(relaxed.worth, key=lambda variable: abs(relaxed.worth[variable]))
    size, sure = FIRST_CORE, dict[int, bool]()
    while size <= _LARGEST_SHARE * len(order):
        choice = {variable: relaxed.worth[variable] > 0 for variable in order[size:]}
        filled = fill_in(rows, choice)
        found = None if filled is None else reach(filled, weights, order[:size])
        if found is not None:
            choice |= found
            reached = sum(weights.get(v, 0) for v, taken in choice.items() if taken)
            gap = relaxed.ceiling - reached * _FINENESS
            sure = {v: worth > 0 for v, worth in relaxed.worth.items() if abs(worth) > gap}
            if len(sure) >= len(order) - size:
                return sure
        size *= 2
    return sure


def reach(
    rows: Sequence[Row], weights: Mapping[int, int], variables: Sequence[int]
) -> dict[int, bool] | None:
    """Return a good choice of some variables, counted again; ``None`` where none is found."""
    from scipy.optimize import Bounds, LinearConstraint, milp  # noqa: PLC0415 - a third of a second at every start

    place = {variable: column for column, variable in enumerate(variables)}
    most = max((weights.get(variable, 0) for variable in variables), default=0) or 1
    matrix = _matrix(rows, [(number, 1) for number in range(len(rows))], place)
    least = [-np.inf if row.least is None else row.least for row in rows]
    sides = [np.inf if row.most is None else row.most for row in rows]
    found = milp(
        [-weights.get(variable, 0) / most for variable in variables],
        constraints=() if matrix is None else LinearConstraint(matrix, least, sides),
        integrality=np.ones(len(variables)),
        bounds=Bounds(0, 1),
        options={"node_limit": _MOST_NODES, "mip_rel_gap": 0},
    )
    if found.x is None:
        return None
    choice = {v: bool(part > _HALF) for v, part in zip(variables, found.x, strict=True)}
    return None if fill_in(rows, choice) is None else choice


def relax(rows: Sequence[Row], weights: Mapping[int, int]) -> Relaxed | None:
    """Return what the relaxed choice proves; ``None`` where the solver finds no multipliers."""
    rows = [*rows, *_cuts(rows)]
    variables = sorted({variable for row in rows for variable, _ in row.terms} | weights.keys())
    most = max(weights.values(), default=0)
    if not variables or not most:
        return None
    multipliers = _multipliers(rows, variables, weights, most)
    if multipliers is None:
        return None
    worth = {variable: weights.get(variable, 0) * _FINENESS for variable in variables}
    ceiling = 0
    for row, multiplier in zip(rows, multipliers, strict=True):
        side = row.most if multiplier > 0 else row.least
        if not multiplier or side is None:
            continue
        ceiling += multiplier * side
        for variable, coefficient in row.terms:
            worth[variable] -= multiplier * coefficient
    return Relaxed(ceiling + sum(rest for rest in worth.values() if rest > 0), worth)


def fill_in(rows: Sequence[Row], settled: Mapping[int, bool]) -> list[Row] | None:
    """Return rows with some variables filled in, without those that then hold whatever the rest.

    ``None`` where a row cannot hold any more.
    """
    found: list[Row] = []
    for row in rows:
        terms = tuple((v, c) for v, c in row.terms if v not in settled)
        taken = sum(c for v, c in row.terms if settled.get(v))
        least = None if row.least is None else row.least - taken
        most = None if row.most is None else row.most - taken
        lowest = sum(c for _, c in terms if c < 0)
        highest = sum(c for _, c in terms if c > 0)
        if (least is not None and highest < least) or (most is not None and lowest > most):
            return None
        if (least is not None and lowest < least) or (most is not None and highest > most):
            found.append(Row(row.limit, terms, least, most))
    return found


def _cuts(rows: Sequence[Row]) -> Iterator[Row]:
    """Yield that an area which takes no part has none of the units that its cap would allow."""
    caps: dict[frozenset[int], int] = {}
    for row in rows:
        if row.most is not None and len(row.terms) > 1 and all(c == 1 for _, c in row.terms):
            caps[frozenset(variable for variable, _ in row.terms)] = row.most
    for row in rows:
        below = [variable for variable, coefficient in row.terms if coefficient == -1]
        inside = row.terms if row.limit is None and row.least == 0 and len(below) == 1 else ()
        units = tuple(term for term in inside if term[1] == 1)
        cap = caps.get(frozenset(variable for variable, _ in units))
        if cap is not None and cap < len(units):
            yield Row(None, (*units, (below[0], -cap)), None, 0)


def _multipliers(
    rows: Sequence[Row], variables: Sequence[int], weights: Mapping[int, int], most: int
) -> list[int] | None:
    """Return a multiplier for each row, times the fineness; ``None`` without a solution."""
    place = {variable: column for column, variable in enumerate(variables)}
    objective = np.zeros(len(variables))
    for variable, weight in weights.items():
        objective[place[variable]] = -weight / most
    exact = [n for n, row in enumerate(rows) if row.least is not None and row.least == row.most]
    loose = [n for n, row in enumerate(rows) if row.least is None or row.least != row.most]
    above = [(n, 1, row.most) for n in loose if (row := rows[n]).most is not None]
    below = [(n, -1, -row.least) for n in loose if (row := rows[n]).least is not None]
    sides = [*above, *below]
    from scipy.optimize import linprog  # noqa: PLC0415 - a third of a second at every start

    result = linprog(
        objective,
        A_ub=_matrix(rows, [(n, sign) for n, sign, _ in sides], place),
        b_ub=np.array([side for *_, side in sides], dtype=float) if sides else None,
        A_eq=_matrix(rows, [(n, 1) for n in exact], place),
        b_eq=np.array([rows[n].most for n in exact], dtype=float) if exact else None,
        bounds=(0, 1),
        method="highs-ds",
    )
    if result.status != 0:
        return None
    found = [0] * len(rows)
    told = zip(sides, result.ineqlin.marginals if sides else (), strict=True)
    for (n, sign, _), marginal in told:
        found[n] += round(-sign * float(marginal) * most * _FINENESS)
    for n, marginal in zip(exact, result.eqlin.marginals if exact else (), strict=True):
        found[n] += round(-float(marginal) * most * _FINENESS)
    return found


def _matrix(
    rows: Sequence[Row], kept: Sequence[tuple[int, int]], place: Mapping[int, int]
) -> csr_matrix | None:
    if not kept:
        return None
    columns, numbers, ends = [], [], [0]
    for number, sign in kept:
        for variable, coefficient in rows[number].terms:
            columns.append(place[variable])
            numbers.append(sign * coefficient)
        ends.append(len(columns))
    from scipy.sparse import csr_matrix  # noqa: PLC0415 - a third of a second at every start

    return csr_matrix((np.array(numbers, dtype=float), columns, ends), (len(kept), len(place)))
