"""The proof accepts the best plan of a province and no other, and imports nothing that chose."""

from __future__ import annotations

import subprocess
import sys
from itertools import islice

from hypothesis import assume, given, settings

from phaenthi.targeting.choice.area_recursion import AreaDemand
from phaenthi.targeting.choice.solve import solve
from phaenthi.targeting.limits.problem import ChoiceProblem
from phaenthi.targeting.proof import multipliers
from phaenthi.targeting.proof.asked import Asked
from phaenthi.targeting.proof.ceiling import LevelProof
from phaenthi.targeting.proof.check import Claim, check_choice, check_impossible
from phaenthi.targeting.proof.units import Units
from phaenthi.targeting.proof.verdict import Proof
from tests.targeting.brute_force import plans
from tests.targeting.choice.test_area_recursion import Province, as_problem, as_table, provinces


def checked(
    problem: ChoiceProblem,
    decided: dict[str, bool],
    codes: tuple[str, ...],
    levels: tuple[LevelProof, ...] | None = None,
) -> Proof:
    """Check a choice with the multipliers given, or with its own."""
    table, asked = problem.units.assign(verdict="met"), Asked(problem.limits, False, 0)
    if levels is None:
        units = Units.of(table, decided, 0)
        known = [code for code in codes if code in units.place]
        levels = multipliers.prove(units, problem.limits, known, tiers_first=False)
    return check_choice(table, asked, decided, Claim(("46",), codes, levels))


@settings(max_examples=60, deadline=None)
@given(provinces())
def test_the_best_plan_is_proved_and_every_other_plan_is_refused(province: Province) -> None:
    table, demand, locked_in, locked_out = province
    problem = as_problem(table, demand, locked_in, locked_out)
    answer = solve(problem)
    assume(answer.possible)
    decided = dict.fromkeys(locked_in, True) | dict.fromkeys(locked_out, False)
    proof = checked(problem, decided, answer.chosen)
    assert proof.failures == ()
    assert proof.settled
    assert proof.need == answer.need
    assert proof.gap is not None
    assert proof.gap >= 0
    for codes in islice(plans(table, demand, locked_in, locked_out), 12):
        if codes != answer.chosen:
            assert checked(problem, decided, codes).failures


@settings(max_examples=200, deadline=None)
@given(provinces())
def test_that_a_province_allows_no_plan_is_settled_either_way(province: Province) -> None:
    table, demand, locked_in, locked_out = province
    problem = as_problem(table, demand, locked_in, locked_out)
    decided = dict.fromkeys(locked_in, True) | dict.fromkeys(locked_out, False)
    units, asked = problem.units.assign(verdict="met"), Asked(problem.limits, False, 0)
    # Nothing that the plan says of itself helps: there are no multipliers.
    found = check_impossible(units, asked, decided, Claim(("46",)))
    possible = any(True for _ in plans(table, demand, locked_in, locked_out))
    assert found.settled != possible
    assert bool(found.failures) == possible


def test_a_village_from_outside_the_eligible_ones_is_named() -> None:
    problem = as_problem(as_table([(1, 5, 2), (2, 4, 3)]), AreaDemand("46", 2, 2, 3))
    proof = checked(problem, {}, ("46010101", "46090101"))
    assert [f.numbers for f in proof.failures if f.wording == "certificate.not_eligible"] == [
        {"unit_code": "46090101"}
    ]


def test_a_fourth_village_in_one_amphoe_is_named() -> None:
    table = as_table([(1, 5, 2), (1, 5, 2), (1, 5, 2), (1, 5, 2), (2, 1, 0)])
    problem = as_problem(table, AreaDemand("46", 5, 2, 3))
    proof = checked(problem, {}, tuple(table["unit_code"]), ())
    assert [f.numbers for f in proof.failures if f.wording == "certificate.limit"] == [
        {"rule": "cap", "found": 4, "asked": 3, "place": "4601"}
    ]


def test_the_proof_imports_no_solver_and_nothing_that_chose() -> None:
    program = (
        "import sys, phaenthi.targeting.proof.check, phaenthi.targeting.proof.asked;"
        "barred = 'scipy', 'highspy', 'ortools', 'phaenthi.targeting.choice', "
        "'phaenthi.targeting.clash', 'phaenthi.targeting.limits.pose';"
        "print([name for name in barred if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
