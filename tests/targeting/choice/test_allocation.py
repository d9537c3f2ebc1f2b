"""The exact choice equals trying every plan, ties included."""

from __future__ import annotations

from random import Random

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phaenthi.targeting.choice.area_recursion import choose, sort_and_take
from phaenthi.targeting.choice.demand import Demand
from tests.targeting.brute_force import best_plan

# Few different values, so that ties are the rule and not the exception.
villages = st.lists(
    st.tuples(st.integers(1, 4), st.integers(0, 4), st.integers(0, 3)), min_size=1, max_size=10
)


def as_table(rows: list[tuple[int, int, int]]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "village_code": [
                f"46{area:02d}01{place:02d}" for place, (area, _, _) in enumerate(rows, 1)
            ],
            "amphoe_code": [f"46{area:02d}" for area, _, _ in rows],
            "need": [need for _, need, _ in rows],
            "target_households": [count for _, _, count in rows],
        }
    ).astype({"village_code": "string", "amphoe_code": "string"})


Province = tuple[pd.DataFrame, Demand, list[str], list[str]]


@st.composite
def provinces(draw: st.DrawFn) -> Province:
    table = as_table(draw(villages))
    areas = draw(st.one_of(st.none(), st.integers(1, 4)))
    reading = draw(st.sampled_from(["each", "average"])) if areas is not None else "each"
    cap = draw(st.one_of(st.none(), st.integers(1, 3)))
    demand = Demand("46", draw(st.integers(1, 6)), areas, cap, reading)
    codes = draw(st.permutations(table["village_code"].tolist()))
    locked_in = codes[: draw(st.sampled_from([0, 0, 0, 1, 2]))]
    locked_out = [c for c in codes[-draw(st.sampled_from([0, 0, 1, 2])) :] if c not in locked_in]
    return table, demand, locked_in, locked_out if len(locked_out) < len(codes) else []


@settings(max_examples=600, deadline=None)
@given(provinces())
def test_the_choice_equals_trying_every_plan(
    province: Province,
) -> None:
    table, demand, locked_in, locked_out = province
    choice = choose(table, demand, locked_in, locked_out)
    best = best_plan(table, demand, locked_in, locked_out)
    if best is None:
        assert choice.shortage is not None
        assert choice.chosen == ()
    else:
        assert choice.shortage is None
        assert choice.chosen == best
        rows = table.set_index("village_code").loc[list(best)]
        assert choice.need == rows["need"].sum()
        assert choice.target_households == rows["target_households"].sum()


@settings(max_examples=200, deadline=None)
@given(provinces())
def test_leaving_a_chosen_village_out_costs_what_its_price_says(
    province: Province,
) -> None:
    table, demand, locked_in, locked_out = province
    choice = choose(table, demand, locked_in, locked_out)
    for code in set(choice.chosen) - set(locked_in):
        price = choice.prices[code]
        without = choose(table, demand, locked_in, [*locked_out, code])
        if without.shortage is not None:
            assert price.points is None
            continue
        assert price.points == choice.need - without.need
        assert set(price.incoming) == set(without.chosen) - set(choice.chosen)
        assert set(price.outgoing) == set(choice.chosen) - set(without.chosen)


@settings(max_examples=200, deadline=None)
@given(provinces())
def test_the_missing_points_make_a_village_chosen_and_one_fewer_does_not(
    province: Province,
) -> None:
    table, demand, locked_in, locked_out = province
    choice = choose(table, demand, locked_in, locked_out)
    if choice.shortage is not None:
        return
    for code in set(table["village_code"]) - set(choice.chosen) - set(locked_out):
        price = choice.prices[code]

        def with_points(points: int, code: str = code) -> tuple[str, ...]:
            richer = table.copy()
            richer.loc[richer["village_code"] == code, "need"] += points
            return choose(richer, demand, locked_in, locked_out).chosen

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
    assert choose(shuffled, demand, locked_in, locked_out) == choose(
        table, demand, locked_in, locked_out
    )


def test_two_equal_villages_are_told_apart_by_households_and_then_by_the_lower_code() -> None:
    table = as_table([(1, 5, 2), (1, 5, 3), (1, 5, 3)])
    choice = choose(table, Demand("46", 1, 1, 3))
    assert choice.chosen == ("46010102",)
    assert choice.tied_places == 1


def test_sorting_and_taking_can_be_worse_than_the_exact_choice() -> None:
    # Two amphoe must take part; the list opens the second one with its single poor village.
    table = as_table([(1, 9, 0), (2, 8, 0), (3, 7, 0), (3, 7, 0)])
    demand = Demand("46", 3, 2, 2)
    assert sort_and_take(table, demand) == ("46010101", "46020102")
    assert choose(table, demand).chosen == ("46010101", "46030103", "46030104")


@settings(max_examples=200, deadline=None)
@given(provinces())
def test_sorting_and_taking_never_beats_the_exact_choice(province: Province) -> None:
    table, demand, _, _ = province
    choice = choose(table, demand)
    if choice.shortage is None and len(choice.sort_and_take) == demand.units:
        assert choice.sort_and_take_need <= choice.need


@pytest.mark.parametrize(
    ("demand", "wording"),
    [
        (Demand("46", 3, 3, 3), "shortage.too_few_areas"),
        (Demand("46", 1, 2, 3), "shortage.fewer_units_than_areas"),
        (Demand("46", 7, 2, 3), "shortage.allotment_over_cap"),
        (Demand("46", 5, 2, 3), "shortage.too_few_villages"),
    ],
)
def test_a_shortage_names_the_rules_that_clash(demand: Demand, wording: str) -> None:
    table = as_table([(1, 1, 1), (1, 1, 1), (2, 1, 1)])
    shortage = choose(table, demand).shortage
    assert shortage is not None
    assert shortage.wording == wording


def test_an_average_needs_the_number_of_areas() -> None:
    with pytest.raises(ValueError, match="average"):
        Demand("46", 3, None, 3, "average")
