"""The exact choice by the recursion over areas equals trying every plan, ties included."""

from __future__ import annotations

from random import Random

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phaenthi.targeting.choice.area_recursion import AreaDemand
from phaenthi.targeting.choice.area_shortage import find_shortage
from phaenthi.targeting.choice.price import Price
from phaenthi.targeting.choice.prices import price_all
from phaenthi.targeting.choice.solve import Answer, Workings, solve
from phaenthi.targeting.choice.sort_and_take import sort_and_take
from phaenthi.targeting.limits.problem import (
    AnyLimit,
    Areas,
    Average,
    ChoiceProblem,
    Count,
    Group,
    Lock,
)
from tests.targeting.brute_force import best_plan

# Few different values, so that ties are the rule and not the exception.
villages = st.lists(
    st.tuples(st.integers(1, 4), st.integers(0, 4), st.integers(0, 3)), min_size=1, max_size=10
)
KALASIN = Group("province_code", "46")


def as_table(rows: list[tuple[int, int, int]]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "unit_code": [
                f"46{area:02d}01{place:02d}" for place, (area, _, _) in enumerate(rows, 1)
            ],
            "area_code": [f"46{area:02d}" for area, _, _ in rows],
            "need": [need for _, need, _ in rows],
            "target_households": [count for _, _, count in rows],
        }
    ).astype({"unit_code": "string", "area_code": "string"})


Province = tuple[pd.DataFrame, AreaDemand, list[str], list[str]]


@st.composite
def provinces(draw: st.DrawFn) -> Province:
    table = as_table(draw(villages))
    areas = draw(st.one_of(st.none(), st.integers(1, 4)))
    reading = draw(st.sampled_from(["each", "average"])) if areas is not None else "each"
    cap = draw(st.one_of(st.none(), st.integers(1, 3)))
    demand = AreaDemand("46", draw(st.integers(1, 6)), areas, cap, reading)
    codes = draw(st.permutations(table["unit_code"].tolist()))
    locked_in = codes[: draw(st.sampled_from([0, 0, 0, 1, 2]))]
    locked_out = [c for c in codes[-draw(st.sampled_from([0, 0, 1, 2])) :] if c not in locked_in]
    return table, demand, locked_in, locked_out if len(locked_out) < len(codes) else []


def as_problem(
    table: pd.DataFrame,
    demand: AreaDemand,
    locked_in: list[str] | tuple[str, ...] = (),
    locked_out: list[str] | tuple[str, ...] = (),
) -> ChoiceProblem:
    """Pose a province's demand and the decisions of people as limits."""
    limits: list[AnyLimit] = [Count("allotment", KALASIN, demand.units, demand.units)]
    if demand.areas is not None:
        limits.append(Areas("exactly-areas", KALASIN, "area_code", demand.areas))
    if demand.cap is not None and demand.cap_reading == "average":
        limits.append(Average("cap", KALASIN, "area_code", demand.cap))
    elif demand.cap is not None:
        areas = sorted(map(str, table["area_code"].unique()))
        limits += [Count("cap", Group("area_code", area), 0, demand.cap) for area in areas]
    limits += [Lock("override", code, taken=True) for code in locked_in]
    limits += [Lock("override", code, taken=False) for code in locked_out]
    units = table.assign(province_code="46", cost_baht=0, unit_tier=1)
    units = units.sort_values("unit_code", ignore_index=True)
    return ChoiceProblem(units, tuple(limits))


def prices(problem: ChoiceProblem, answer: Answer) -> dict[str, Price]:
    return price_all(Workings(problem), answer)


def test_a_province_with_a_number_of_amphoe_is_chosen_by_the_recursion_also_with_decisions() -> (
    None
):
    table = as_table([(1, 9, 0), (1, 5, 0), (2, 8, 0), (2, 2, 0), (3, 7, 0), (3, 7, 0)])
    first, worst = table["unit_code"].iloc[0], table["unit_code"].iloc[3]
    answer = solve(as_problem(table, AreaDemand("46", 3, 2, 2), [worst], [first]))
    assert answer.ways["recursion"] == 1
    assert "mixed" not in answer.ways
    assert answer.chosen == ("46020103", worst, "46030105")


@settings(max_examples=300, deadline=None)
@given(provinces())
def test_the_choice_equals_trying_every_plan(province: Province) -> None:
    table, demand, locked_in, locked_out = province
    answer = solve(as_problem(table, demand, locked_in, locked_out))
    best = best_plan(table, demand, locked_in, locked_out)
    assert answer.chosen == (best or ())
    assert answer.possible == (best is not None)
    if best is not None:
        rows = table.set_index("unit_code").loc[list(best)]
        assert answer.need == rows["need"].sum()
        assert answer.target_households == rows["target_households"].sum()


@settings(max_examples=80, deadline=None)
@given(provinces())
def test_leaving_a_chosen_village_out_costs_what_its_price_says(province: Province) -> None:
    table, demand, locked_in, locked_out = province
    problem = as_problem(table, demand, locked_in, locked_out)
    answer = solve(problem)
    if not answer.possible:
        return
    told = prices(problem, answer)
    for code in set(answer.chosen) - set(locked_in):
        without = solve(as_problem(table, demand, locked_in, [*locked_out, code]))
        if not without.possible:
            assert told[code].points is None
            continue
        assert told[code].points == answer.need - without.need
        assert set(told[code].incoming) == set(without.chosen) - set(answer.chosen)
        assert set(told[code].outgoing) == set(answer.chosen) - set(without.chosen)


@settings(max_examples=80, deadline=None)
@given(provinces())
def test_the_missing_points_make_a_village_chosen_and_one_fewer_does_not(
    province: Province,
) -> None:
    table, demand, locked_in, locked_out = province
    problem = as_problem(table, demand, locked_in, locked_out)
    answer = solve(problem)
    if not answer.possible:
        return
    told = prices(problem, answer)
    for code in set(table["unit_code"]) - set(answer.chosen) - set(locked_out):
        price = told[code]

        def with_points(points: int, code: str = code) -> tuple[str, ...]:
            richer = table.copy()
            richer.loc[richer["unit_code"] == code, "need"] += points
            return solve(as_problem(richer, demand, locked_in, locked_out)).chosen

        if price.points is None:
            assert code not in with_points(1_000)
            continue
        assert code in with_points(price.points)
        assert price.points == 0 or code not in with_points(price.points - 1)


@settings(max_examples=100, deadline=None)
@given(provinces(), st.randoms())
def test_the_order_of_the_rows_changes_nothing(province: Province, random: Random) -> None:
    table, demand, locked_in, locked_out = province
    shuffled = table.sample(frac=1, random_state=random.randrange(2**31))
    one, other = (as_problem(t, demand, locked_in, locked_out) for t in (table, shuffled))
    assert solve(one).chosen == solve(other).chosen


def test_two_equal_villages_are_told_apart_by_households_and_then_by_the_lower_code() -> None:
    problem = as_problem(as_table([(1, 5, 2), (1, 5, 3), (1, 5, 3)]), AreaDemand("46", 1, 1, 3))
    answer = solve(problem)
    assert answer.chosen == ("46010102",)
    assert prices(problem, answer)["46010102"].tied


def test_what_keeps_a_village_out_is_its_amphoes_cap_the_other_amphoe_or_the_allotment() -> None:
    table = as_table([(1, 9, 0), (1, 9, 0), (1, 1, 0), (2, 8, 0), (2, 1, 0), (3, 1, 0)])
    problem = as_problem(table, AreaDemand("46", 3, 2, 2))
    told = prices(problem, solve(problem))
    caps = [limit for limit in problem.limits if limit.rule == "cap"]
    assert told["46010103"].limit == caps[0]
    assert told["46020105"].limit == problem.limits[0]
    assert told["46030106"].limit == problem.limits[1]


def test_sorting_and_taking_can_be_worse_than_the_exact_choice() -> None:
    # Two amphoe must take part; the list opens the second one with its single poor village.
    problem = as_problem(
        as_table([(1, 9, 0), (2, 8, 0), (3, 7, 0), (3, 7, 0)]), AreaDemand("46", 3, 2, 2)
    )
    assert sort_and_take(problem) == ("46010101", "46020102")
    assert solve(problem).chosen == ("46010101", "46030103", "46030104")


@settings(max_examples=80, deadline=None)
@given(provinces())
def test_sorting_and_taking_keeps_decisions_and_never_beats_the_exact_choice(
    province: Province,
) -> None:
    table, demand, locked_in, locked_out = province
    problem = as_problem(table, demand, locked_in, locked_out)
    answer, by_sorting = solve(problem), sort_and_take(problem)
    assert set(locked_in) <= set(by_sorting)
    assert not set(locked_out) & set(by_sorting)
    if answer.possible and len(by_sorting) == demand.units:
        need = table.set_index("unit_code")["need"]
        areas = table.set_index("unit_code").loc[list(by_sorting), "area_code"].nunique()
        if demand.areas in (None, areas):
            assert need[list(by_sorting)].sum() <= answer.need


@pytest.mark.parametrize(
    ("demand", "wording"),
    [
        (AreaDemand("46", 3, 3, 3), "shortage.too_few_areas"),
        (AreaDemand("46", 1, 2, 3), "shortage.fewer_units_than_areas"),
        (AreaDemand("46", 7, 2, 3), "shortage.allotment_over_cap"),
        (AreaDemand("46", 5, 2, 3), "shortage.too_few_villages"),
    ],
)
def test_a_shortage_names_the_rules_that_clash(demand: AreaDemand, wording: str) -> None:
    problem = as_problem(as_table([(1, 1, 1), (1, 1, 1), (2, 1, 1)]), demand)
    assert not solve(problem).possible
    shortage = find_shortage(problem)
    assert shortage is not None
    assert shortage.wording == wording


def test_an_average_needs_the_number_of_areas() -> None:
    with pytest.raises(ValueError, match="average"):
        AreaDemand("46", 3, None, 3, "average")
