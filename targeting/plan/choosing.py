"""One choice of a plan: the problem posed, solved, priced and proved, province by province."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from phaenthi.targeting.choice.area_shortage import find_shortage
from phaenthi.targeting.choice.price import Price
from phaenthi.targeting.choice.prices import price_all
from phaenthi.targeting.choice.solve import Answer, Workings, solve
from phaenthi.targeting.choice.sort_and_take import sort_and_take
from phaenthi.targeting.clash.found import Clash
from phaenthi.targeting.judging.judge import Judgement
from phaenthi.targeting.limits import pose
from phaenthi.targeting.limits.demand import Demand, Shortage
from phaenthi.targeting.limits.problem import Areas, ChoiceProblem, Count, Group, Lock
from phaenthi.targeting.plan.certificate_record import Certificate
from phaenthi.targeting.programme.programme import Programme
from phaenthi.targeting.proof import asked as asking
from phaenthi.targeting.proof import multipliers
from phaenthi.targeting.proof.units import Units


@dataclass(frozen=True)
class Choice:
    """The best choice of one province.

    Attributes
    ----------
    chosen
        Unit codes, sorted.
    reserve
        Units that take a place when a chosen one withdraws, cheapest first.
    need, target_households
        Sums over the chosen units.
    tied_places
        Places that need alone did not decide.
    sort_and_take
        What the usual list (sort by need, take while the rules allow) would have chosen, bound
        by the same decisions of people.
    sort_and_take_need
        Its total need, to set beside ``need``.
    prices
        A :class:`Price` for each unit that may be chosen and that nobody decided.
    """

    demand: Demand
    chosen: tuple[str, ...] = ()
    reserve: tuple[str, ...] = ()
    need: int = 0
    target_households: int = 0
    tied_places: int = 0
    sort_and_take: tuple[str, ...] = ()
    sort_and_take_need: int = 0
    prices: Mapping[str, Price] = field(default_factory=dict)
    shortage: Shortage | None = None


def choose(
    programme: Programme,
    judgement: Judgement,
    provinces: Sequence[str],
    decided: Mapping[str, bool],
) -> tuple[dict[str, Choice], Certificate]:
    """Choose in provinces that belong together, and prove the choice.

    Parameters
    ----------
    decided
        Unit code → put in (else taken out), by a person.

    Returns
    -------
    dict of Choice, Certificate
        The choice by province, and what the plan keeps to prove it.
    """
    units = judgement.units[judgement.units["province_code"].isin(provinces)]
    problem = pose.pose(programme, units, provinces, decided)
    answer = solve(problem)
    asked = asking.read_rules(programme, units, provinces, decided)
    open_ = Units.of(units, decided, asked.baht)
    if not answer.possible:
        barred = pose.barred_units(units, judgement.findings)
        # The solver takes a moment to load, and most programmes have a choice.
        from phaenthi.targeting.clash import conflict  # noqa: PLC0415

        clash = conflict.examine(pose.pose(programme, units, provinces, decided, barred))
        levels = multipliers.prove_impossible(open_, asked.limits)
        choices = _without_choice(problem, provinces, clash)
        return choices, Certificate(tuple(provinces), levels, clash=clash)
    levels = multipliers.prove(open_, asked.limits, answer.chosen, tiers_first=asked.tiers_first)
    shortfalls = tuple(answer.shortfalls.items())
    return explored(problem, answer, provinces), Certificate(tuple(provinces), levels, shortfalls)


def explored(problem: ChoiceProblem, answer: Answer, provinces: Sequence[str]) -> dict[str, Choice]:
    """Return an answer by province, with the price of every unit and the list by sorting."""
    decided = {one.unit_code for one in problem.limits if isinstance(one, Lock)}
    found = price_all(Workings(problem), answer)
    prices = {code: price for code, price in found.items() if code not in decided}
    by_sorting = sort_and_take(problem)
    return {
        province: _in_province(problem, answer, prices, by_sorting, province)
        for province in provinces
    }


def _without_choice(
    problem: ChoiceProblem, provinces: Sequence[str], clash: Clash | None
) -> dict[str, Choice]:
    """Return that nothing is chosen, with what is short where counting tells it."""
    rules = {limit.rule for one in clash.conflicts for limit in one.limits} if clash else set()
    counted = find_shortage(problem)
    return {
        province: Choice(
            _demand(problem, province, 0),
            shortage=counted
            if counted is not None and counted.numbers["province_code"] == province
            else Shortage(tuple(sorted(rules)), "shortage.clash", {"province_code": province}),
        )
        for province in provinces
    }


def _in_province(
    problem: ChoiceProblem,
    answer: Answer,
    prices: Mapping[str, Price],
    by_sorting: Sequence[str],
    province: str,
) -> Choice:
    inside = problem.members(Group("province_code", province))
    here = {problem.codes[unit]: unit for unit in inside}
    chosen = tuple(code for code in answer.chosen if code in here)
    need, households, tier = (
        {code: numbers[unit] for code, unit in here.items()}
        for numbers in map(problem.numbers, ("need", "target_households", "unit_tier"))
    )
    own = {code: price for code, price in prices.items() if code in here}
    usual = tuple(code for code in by_sorting if code in here)
    leaving = [prices[code] for code in answer.chosen if code in prices]
    entering = {code for price in leaving for code in price.incoming if code in here}

    def order(code: str) -> tuple[int, int, int, int, str]:
        points = prices[code].points
        return (
            tier[code] if problem.counts_first else 0,
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
        tied_places=sum(own[code].tied for code in chosen if code in own),
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
