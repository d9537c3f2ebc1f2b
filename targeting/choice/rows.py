"""The limits written out as linear rows over 0/1 variables, for whoever chooses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from phaenthi.targeting.limits.problem import (
    Areas,
    Average,
    Budget,
    ChoiceProblem,
    Count,
    Distinct,
    Group,
    Lock,
    Share,
)


@dataclass(frozen=True)
class Row:
    """``least ≤ Σ coefficient · variable ≤ most``.

    Attributes
    ----------
    limit
        Place of the limit in the problem; ``None`` for a row that says what a variable means.
    """

    limit: int | None
    terms: tuple[tuple[int, int], ...]
    least: int | None
    most: int | None


@dataclass(frozen=True)
class System:
    """A problem as rows.

    Attributes
    ----------
    units
        The first variables are the units in the order of their codes.
    variables
        All variables; those after the units say of an area whether it takes part.
    """

    units: int
    variables: int
    rows: tuple[Row, ...]


# Written once for a problem, however many rooms ask; gone with the problem.
_WRITTEN: WeakKeyDictionary[ChoiceProblem, dict[str, System]] = WeakKeyDictionary()


def write_out(problem: ChoiceProblem, *, cuts: bool = False) -> System:
    """Write a problem as rows.

    Parameters
    ----------
    cuts
        Add rows that follow from the others and sharpen a proof: an area that takes no part
        has none of the units that its cap would allow.
    """
    return _systems(problem)["cuts" if cuts else "rows"]


def write_counts(problem: ChoiceProblem) -> tuple[Row, ...]:
    """Return the rows that can be written as whole counts of units, so written; they sharpen."""
    written = _systems(problem)
    if "counts" not in written:
        system = write_out(problem)
        known = {id(row) for row in system.rows}
        counts = tuple(row for row in as_counts(system.rows) if id(row) not in known)
        written["counts"] = System(system.units, system.variables, counts)
    return written["counts"].rows


def _systems(problem: ChoiceProblem) -> dict[str, System]:
    if problem not in _WRITTEN:
        _WRITTEN[problem] = _written(problem)
    return _WRITTEN[problem]


def _written(problem: ChoiceProblem) -> dict[str, System]:
    """Write a problem as rows, once without and once with cuts; most rows are in both."""
    area_variables = _number_areas(problem)
    rows = [
        Row(place, terms, least, most)
        for place in range(len(problem.limits))
        for terms, least, most in _rows(problem, place, area_variables)
    ]
    meanings = list(_meanings(problem, area_variables))
    units = len(problem.codes)
    variables = units + len(area_variables)
    return {
        "rows": System(units, variables, (*rows, *(row for row, cut in meanings if not cut))),
        "cuts": System(units, variables, (*rows, *(row for row, _ in meanings))),
    }


def as_counts(rows: Sequence[Row]) -> list[Row]:
    """Return rows that allow the same choices, written as counts of units where they can be.

    A share of units whose number another row fixes is a count of the part alone; a budget over
    units that all cost the same is a number of units, rounded to whole ones.
    """
    return [_in_ones(row) for row in _of_fixed_numbers(rows)]


def _of_fixed_numbers(rows: Sequence[Row]) -> list[Row]:
    """Write a share of units whose number another row fixes as a count of the part alone.

    A fixed row times the lowest coefficient that its units have in the share's row is taken off
    that row, so that units outside the part count nothing there. What then always holds is left
    out.
    """
    fixed = [row for row in rows if row.least is not None and row.least == row.most]
    fixed = [row for row in fixed if row.terms and all_ones(row)]
    found: list[Row] = []
    for row in rows:
        if row.limit is None or all(coefficient >= 0 for _, coefficient in row.terms):
            found.append(row)
            continue
        left, taken = dict(row.terms), 0
        for other in fixed:
            if len(other.terms) > len(left) or any(v not in left for v, _ in other.terms):
                continue
            coefficients = {left[variable] for variable, _ in other.terms}
            lowest = min(coefficients)
            if lowest < 0 and len(coefficients) > 1:
                left |= {variable: left[variable] - lowest for variable, _ in other.terms}
                taken += lowest * (other.most or 0)
        least = None if row.least is None else row.least - taken
        most = None if row.most is None else row.most - taken
        terms = tuple((variable, c) for variable, c in left.items() if c)
        always = most is None and (least or 0) <= 0 and all(c > 0 for _, c in terms)
        if not taken:
            found.append(row)
        elif not always:
            found.append(Row(row.limit, terms, least, most))
    return found


def _in_ones(row: Row) -> Row:
    """Return a row of one coefficient, such as a budget of so many baht a unit, as a count."""
    coefficients = {coefficient for _, coefficient in row.terms}
    if len(coefficients) != 1 or (one := coefficients.pop()) <= 1:
        return row
    return Row(
        row.limit,
        tuple((variable, 1) for variable, _ in row.terms),
        None if row.least is None else -(-row.least // one),
        None if row.most is None else row.most // one,
    )


def all_ones(row: Row) -> bool:
    """Tell whether a row counts its variables one by one."""
    return all(coefficient == 1 for _, coefficient in row.terms)


_AreaKey = tuple[Group, str, str]
_Plain = tuple[tuple[tuple[int, int], ...], int | None, int | None]


def _number_areas(problem: ChoiceProblem) -> dict[_AreaKey, int]:
    found: dict[_AreaKey, int] = {}
    for limit in problem.limits:
        if isinstance(limit, Areas | Average):
            for area in problem.areas(limit.area_column, limit.group):
                key = (limit.group, limit.area_column, area)
                found.setdefault(key, len(problem.codes) + len(found))
    return found


def _meanings(
    problem: ChoiceProblem, area_variables: dict[_AreaKey, int]
) -> Iterator[tuple[Row, bool]]:
    """Say that an area takes part exactly when one of its units is chosen; tell cuts apart."""
    caps = {
        limit.group: limit.most
        for limit in problem.limits
        if isinstance(limit, Count) and limit.most is not None
    }
    inside: dict[tuple[Group, str], dict[str, tuple[int, ...]]] = {}
    for (group, column, area), variable in area_variables.items():
        if (group, column) not in inside:
            inside[group, column] = problem.areas(column, group)
        members = _ones(inside[group, column][area])
        takes_part = (variable, -1)
        for member in members:
            yield Row(None, (member, takes_part), None, 0), False
        yield Row(None, (*members, takes_part), 0, None), False
        cap = caps.get(Group(column, area))
        if cap is not None and cap < len(members):
            yield Row(None, (*members, (variable, -cap)), None, 0), True


def _rows(
    problem: ChoiceProblem, place: int, area_variables: dict[_AreaKey, int]
) -> Iterator[_Plain]:
    limit = problem.limits[place]
    if isinstance(limit, Areas | Average):
        yield from _area_rows(problem, limit, area_variables)
    elif isinstance(limit, Count):
        yield _ones(problem.members(limit.group)), limit.least or None, limit.most
    elif isinstance(limit, Budget):
        costs = problem.numbers("cost_baht")
        yield tuple((u, costs[u]) for u in problem.members(limit.group)), None, limit.baht
    elif isinstance(limit, Distinct):
        for members in _same_values(problem, limit):
            yield _ones(members), None, 1
    elif isinstance(limit, Share):
        yield _share_row(problem, limit)
    elif isinstance(limit, Lock):
        unit = problem.place.get(limit.unit_code)
        terms = () if unit is None else ((unit, 1),)
        yield terms, int(limit.taken), int(limit.taken)
    else:
        barred = [problem.place[code] for code in limit.unit_codes if code in problem.place]
        for unit in sorted(barred):
            yield ((unit, 1),), None, 0


def _area_rows(
    problem: ChoiceProblem, limit: Areas | Average, area_variables: dict[_AreaKey, int]
) -> Iterator[_Plain]:
    areas = problem.areas(limit.area_column, limit.group)
    used = {area: area_variables[limit.group, limit.area_column, area] for area in areas}
    if isinstance(limit, Average):
        terms = tuple((variable, -limit.most) for variable in used.values())
        yield (*_ones(problem.members(limit.group)), *terms), None, 0
        return
    yield _ones(tuple(used.values())), limit.areas, limit.areas
    if limit.each_at_least > 1:
        for area, members in areas.items():
            yield (*_ones(members), (used[area], -limit.each_at_least)), 0, None


def _ones(variables: tuple[int, ...]) -> tuple[tuple[int, int], ...]:
    return tuple((variable, 1) for variable in variables)


def _same_values(problem: ChoiceProblem, limit: Distinct) -> list[tuple[int, ...]]:
    """Return the units that share an area and a value, where there are several."""
    areas, values = problem.values(limit.area_column), problem.values(limit.value_column)
    found: dict[tuple[str, str], list[int]] = {}
    for place, (area, value) in enumerate(zip(areas, values, strict=True)):
        if area is not None and value is not None:
            found.setdefault((area, value), []).append(place)
    return [tuple(places) for _, places in sorted(found.items()) if len(places) > 1]


def _share_row(problem: ChoiceProblem, limit: Share) -> _Plain:
    """Write a rounded share without rounding.

    A whole number is at least ⌈a/b⌉ exactly when b times it is at least a, at least ⌊a/b⌋ exactly
    when b times it is at least a − (b − 1), and rounding to the nearest (halves up) is
    ⌊(2a + b)/2b⌋.
    """
    above, below = limit.numerator, limit.denominator
    twice = 2 if limit.rounding == "nearest" else 1
    part = set(problem.members(limit.part))
    terms = tuple(
        (unit, twice * ((below if unit in part else 0) - above))
        for unit in problem.members(limit.group)
    )
    least = {"up": 0, "down": 1 - below, "nearest": 1 - below}[limit.rounding]
    return terms, least, None
