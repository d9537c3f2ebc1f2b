"""The choice of a programme with rules of any kind, and its record in a plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from phaenthi.targeting.choice.area_recursion import Choice, Price, Shortage
from phaenthi.targeting.choice.demand import Demand
from phaenthi.targeting.choice.prices import price_all
from phaenthi.targeting.choice.solve import Answer, Workings, solve
from phaenthi.targeting.judging.judge import Judgement
from phaenthi.targeting.limits import pose
from phaenthi.targeting.limits.problem import (
    Areas,
    ChoiceProblem,
    Count,
    Lock,
)
from phaenthi.targeting.limits.rows import upper_rows
from phaenthi.targeting.programme.programme import Programme
from phaenthi.targeting.proof import multipliers
from phaenthi.targeting.proof.record import Record


def choose(
    programme: Programme,
    judgement: Judgement,
    provinces: Sequence[str],
    locks: Mapping[str, bool],
) -> tuple[dict[str, Choice], Record]:
    """Choose in provinces that belong together.

    Parameters
    ----------
    locks
        Unit code → taken, by a person's decision.

    Returns
    -------
    dict of Choice, Record
        The choice by province, and what the plan keeps.
    """
    units = judgement.units[judgement.units["province_code"].isin(provinces)]
    problem = pose.pose(programme, units, provinces, locks)
    answer = solve(problem)
    keep = (tuple(provinces), problem.limits, problem.tiers_first, pose.baht_of(programme))
    if not answer.possible:
        # The solver takes a moment to load, and most programmes have a choice.
        from phaenthi.targeting.clash import conflict  # noqa: PLC0415

        barred = pose.barred_units(units, judgement.findings)
        clash = conflict.examine(pose.pose(programme, units, provinces, locks, barred))
        levels = multipliers.prove_impossible(problem)
        rules = {limit.rule for one in clash.conflicts for limit in one.limits} if clash else set()
        choices = {
            province: Choice(
                _demand(problem, province, 0),
                shortage=Shortage(
                    tuple(sorted(rules)), "shortage.clash", {"province_code": province}
                ),
            )
            for province in provinces
        }
        return choices, Record(*keep, proved=bool(levels), levels=levels, clash=clash)
    prices = price_all(Workings(problem), answer)
    by_sorting = sort_and_take(problem)
    choices = {
        province: _in_province(problem, answer, prices, by_sorting, province)
        for province in provinces
    }
    record = Record(
        *keep,
        proved=answer.proved,
        levels=multipliers.prove(problem, answer.chosen),
        shortfalls=tuple(answer.shortfalls.items()),
    )
    return choices, record


def sort_and_take(problem: ChoiceProblem) -> tuple[str, ...]:
    """Return the list that a careful spreadsheet gives: the best first, while the caps allow.

    Notes
    -----
    Only what a list can see is looked at: a unit is passed over when taking it would at once
    break an upper limit. It may miss a lower limit at the end.
    """
    taken = [code for code, held in _locks(problem).items() if held]
    out = {code for code, held in _locks(problem).items() if not held}
    needs, households = problem.numbers("need"), problem.numbers("target_households")
    tiers = problem.numbers("unit_tier")
    order = sorted(
        range(len(problem.codes)),
        key=lambda p: (tiers[p] if problem.counts_first else 0, -needs[p], -households[p], p),
    )
    room = _Room(problem, taken)
    for place in order:
        code = problem.codes[place]
        if code not in out and code not in taken and room.take(place):
            taken.append(code)
    return tuple(sorted(taken))


class _Room:
    """The room that upper limits still leave, counted down as units are taken."""

    def __init__(self, problem: ChoiceProblem, taken: Iterable[str]) -> None:
        self._rows: dict[int, list[int]] = {}
        self._left: list[int] = []
        self._costs: list[dict[int, int]] = []
        self._areas: list[tuple[set[str], int, Sequence[str | None], frozenset[int]]] = []
        for row in upper_rows(problem):
            for unit, _ in row.terms:
                self._rows.setdefault(unit, []).append(len(self._left))
            self._left.append(row.most or 0)
            self._costs.append(dict(row.terms))
        for limit in problem.limits:
            if isinstance(limit, Areas):
                values = problem.values(limit.area_column)
                inside = frozenset(problem.members(limit.group))
                self._areas.append((set(), limit.areas, values, inside))
        for code in taken:
            self.take(problem.place[code], anyway=True)

    def take(self, unit: int, *, anyway: bool = False) -> bool:
        """Take a unit if there is room, and tell whether there was."""
        rows = self._rows.get(unit, [])
        fits = all(self._costs[row][unit] <= self._left[row] for row in rows)
        opened = []
        for used, most, values, inside in self._areas:
            value = values[unit] if unit in inside else None
            if value is not None and value not in used:
                fits = fits and len(used) < most
                opened.append((used, value))
        if fits or anyway:
            for row in rows:
                self._left[row] -= self._costs[row][unit]
            for used, value in opened:
                used.add(value)
        return fits


def _locks(problem: ChoiceProblem) -> dict[str, bool]:
    return {
        limit.unit_code: limit.taken
        for limit in problem.limits
        if isinstance(limit, Lock) and limit.unit_code in problem.place
    }


def _in_province(
    problem: ChoiceProblem,
    answer: Answer,
    prices: Mapping[str, Price],
    by_sorting: Sequence[str],
    province: str,
) -> Choice:
    here = set(problem.units.loc[problem.units["province_code"] == province, "unit_code"])
    chosen = tuple(code for code in answer.chosen if code in here)
    need = dict(zip(problem.codes, problem.numbers("need"), strict=True))
    households = dict(zip(problem.codes, problem.numbers("target_households"), strict=True))
    own = {code: price for code, price in prices.items() if code in here}
    usual = tuple(code for code in by_sorting if code in here)
    entering = {code for one in answer.chosen for code in prices[one].incoming if code in here}
    tier = dict(zip(problem.codes, problem.numbers("unit_tier"), strict=True))
    first = problem.counts_first

    def order(code: str) -> tuple[int, int, int, int, str]:
        points = prices[code].points
        return (
            tier[code] if first else 0,
            points if points is not None else 1 << 62,
            -need[code],
            -households[code],
            code,
        )

    return Choice(
        demand=_demand(problem, province, len(chosen)),
        chosen=chosen,
        reserve=tuple(sorted(entering, key=order)),
        need=sum(need[code] for code in chosen),
        target_households=sum(households[code] for code in chosen),
        tied_places=sum(own[code].tied for code in chosen),
        sort_and_take=usual,
        sort_and_take_need=sum(need[code] for code in usual),
        prices=own,
    )


def _demand(problem: ChoiceProblem, province: str, chosen: int) -> Demand:
    """Return what is asked of a province in the numbers that a summary shows."""
    units = [
        limit.most
        for limit in problem.limits
        if isinstance(limit, Count)
        and limit.most is not None
        and (limit.fill or limit.is_exact)
        and limit.group.value.startswith(province)
    ]
    areas = [
        limit.areas
        for limit in problem.limits
        if isinstance(limit, Areas) and limit.group.value == province
    ]
    return Demand(province, sum(units) if units else chosen, areas[0] if areas else None)
