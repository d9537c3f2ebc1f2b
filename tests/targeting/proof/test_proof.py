"""The proof accepts the best plan and nothing else, and its ceiling holds for every plan."""

from __future__ import annotations

import subprocess
import sys
from fractions import Fraction

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from phaenthi.targeting.choice.area_recursion import choose
from phaenthi.targeting.choice.demand import Demand
from phaenthi.targeting.proof.plain import Prices, bound, check_province, rows_of
from phaenthi.targeting.proof.plain_prices import find_prices
from tests.targeting.brute_force import plans
from tests.targeting.choice.test_allocation import Province, as_table, provinces


@settings(max_examples=300, deadline=None)
@given(provinces())
def test_the_best_plan_is_proved_and_every_other_plan_is_refused(province: Province) -> None:
    table, demand, locked_in, locked_out = province
    choice = choose(table, demand, locked_in, locked_out)
    assume(choice.shortage is None)
    rows = rows_of(table)
    open_rows = [row for row in rows if row.village_code not in locked_out]
    prices = find_prices(open_rows, demand, frozenset(locked_in))
    proof = check_province(
        rows, demand, choice.chosen, prices, locked_in=locked_in, locked_out=locked_out
    )
    assert proof.failures == ()
    assert proof.optimum == proof.need == choice.need
    assert proof.gap is None or proof.gap >= 0
    for codes in plans(table, demand, locked_in, locked_out):
        if codes != choice.chosen:
            other = check_province(
                rows, demand, codes, prices, locked_in=locked_in, locked_out=locked_out
            )
            assert other.failures


@settings(max_examples=300, deadline=None)
@given(provinces(), st.fractions(-3, 6, max_denominator=7), st.fractions(-3, 6, max_denominator=7))
def test_no_plan_passes_the_ceiling_whatever_the_prices(
    province: Province, village: Fraction, area: Fraction
) -> None:
    table, demand, locked_in, locked_out = province
    rows = [row for row in rows_of(table) if row.village_code not in locked_out]
    need = {row.village_code: row.need for row in rows}
    allowed = list(plans(table, demand, locked_in, locked_out))
    assume(allowed)
    ceiling = bound(rows, demand, Prices(village, area), frozenset(locked_in))
    assert max(sum(need[code] for code in codes) for codes in allowed) <= ceiling


def test_a_village_from_outside_the_eligible_ones_is_named() -> None:
    table = as_table([(1, 5, 2), (2, 4, 3)])
    proof = check_province(rows_of(table), Demand("46", 2, 2, 3), ("46010101", "46090101"), None)
    assert "certificate.not_eligible" in {failure.wording for failure in proof.failures}


def test_a_fourth_village_in_one_amphoe_is_named() -> None:
    table = as_table([(1, 5, 2), (1, 5, 2), (1, 5, 2), (1, 5, 2), (2, 1, 0)])
    codes = tuple(table["village_code"])
    proof = check_province(rows_of(table), Demand("46", 5, 2, 3), codes, None)
    assert [f.numbers for f in proof.failures if f.wording == "certificate.cap"] == [
        {"area_code": "4601", "found": 4, "asked": 3}
    ]


def test_the_proof_imports_no_solver() -> None:
    program = (
        "import sys, phaenthi.targeting.proof.plain;"
        "solvers = 'scipy', 'highspy', 'ortools', 'phaenthi.targeting.choice.area_recursion';"
        "print([name for name in solvers if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
