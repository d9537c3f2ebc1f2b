"""The ceiling holds for every choice, closes on nested groups, and shows every tampering."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pytest

from phaenthi.targeting.choice import solve as choice
from phaenthi.targeting.limits import recount as recheck
from phaenthi.targeting.limits.problem import ChoiceProblem
from phaenthi.targeting.proof import ceiling, multipliers
from phaenthi.targeting.proof.asked import Asked
from phaenthi.targeting.proof.ceiling import LevelProof
from phaenthi.targeting.proof.check import Claim, check_choice, check_impossible
from phaenthi.targeting.proof.recount import broken, shortfalls
from phaenthi.targeting.proof.rows import hold, write_rows
from phaenthi.targeting.proof.units import Units
from phaenthi.targeting.proof.verdict import Proof
from tests.targeting import problems_by_hand as by_hand


def units_of(problem: ChoiceProblem) -> Units:
    return Units.of(problem.units.assign(verdict="met"), {}, 0)


def prove(problem: ChoiceProblem, chosen: Iterable[str]) -> tuple[LevelProof, ...]:
    first = problem.tiers_first
    return multipliers.prove(units_of(problem), problem.limits, chosen, tiers_first=first)


def checked(
    problem: ChoiceProblem, chosen: tuple[str, ...], levels: tuple[LevelProof, ...]
) -> Proof:
    units = units_of(problem)
    short = shortfalls(units, problem.limits, {units.place[code] for code in chosen})
    asked = Asked(problem.limits, problem.tiers_first, 0)
    claim = Claim(("46",), chosen, levels, tuple(short))
    return check_choice(problem.units.assign(verdict="met"), asked, {}, claim)


def test_the_proof_counts_every_limit_as_the_choice_does() -> None:
    for seed in range(120):
        problem = by_hand.problem(seed, 6)
        units = units_of(problem)
        for bits in range(1 << len(problem.codes)):
            codes = [code for place, code in enumerate(problem.codes) if bits >> place & 1]
            held = {units.place[code] for code in codes}
            mine = sorted(one.numbers["rule"] for one in broken(units, problem.limits, held))  # type: ignore[type-var]
            theirs = sorted(one.limit.rule for one in recheck.breaches(problem, codes))
            assert mine == theirs, (seed, codes)


@pytest.mark.parametrize("seeds", [range(s, s + 75) for s in range(0, 300, 75)], ids=str)
def test_the_ceiling_holds_and_closes_where_groups_lie_inside_one_another(seeds: range) -> None:
    for seed in seeds:
        problem = by_hand.problem(seed, 8)
        answer = choice.solve(problem)
        if not answer.possible:
            continue
        proofs = prove(problem, answer.chosen)
        found = checked(problem, answer.chosen, proofs)
        assert found.failures == (), seed
        assert all(proof.gap >= 0 for proof in proofs)
        if set(answer.ways) == {"nested"}:
            assert all(proof.gap == 0 for proof in proofs), seed
            assert found.settled


def test_no_choice_passes_the_ceiling_whatever_the_multipliers() -> None:
    rng = np.random.default_rng(7)
    for seed in range(150):
        problem = by_hand.problem(seed, 6)
        allowed = list(by_hand.choices(problem))
        if not allowed:
            continue
        rows = write_rows(units_of(problem), problem.limits)
        any_ = {
            place: int(rng.integers(-3, 4)) * ceiling.DENOMINATOR // 2
            for place, row in enumerate(rows)
        }
        leaning = {
            place: number
            for place, number in any_.items()
            if number and (rows[place].most if number > 0 else rows[place].least) is not None
        }
        weights = problem.levels[0][1]
        bound = ceiling.work_out(weights, rows, leaning)
        assert max(recheck.totals(problem, codes)[0] for codes in allowed) <= bound


def test_a_worse_choice_never_passes_as_settled() -> None:
    refused = 0
    for seed in range(80):
        problem = by_hand.problem(seed, 7)
        best = recheck.totals(problem, by_hand.best(problem) or ())
        # Each of them with multipliers of its own, as somebody would make them who tries.
        for codes in list(by_hand.choices(problem))[:6]:
            found = checked(problem, codes, prove(problem, codes))
            worse = recheck.totals(problem, codes)[:-1] != best[:-1]
            assert found.failures or not (found.settled and worse), (seed, codes)
            refused += bool(found.failures)
    assert refused > 50


def test_a_changed_multiplier_reached_number_or_ceiling_is_caught() -> None:
    tried = 0
    for seed in range(120):
        problem = by_hand.problem(seed, 8)
        answer = choice.solve(problem)
        if not answer.possible:
            continue
        proofs = prove(problem, answer.chosen)
        for place, proof in enumerate(proofs):
            wrong = [replace(proof, reached=proof.reached + 1)]
            wrong += [replace(proof, ceiling=proof.ceiling - 1), replace(proof, level="?")]
            if proof.multipliers:
                # Shifted by a whole point, the sum moves unless the row weighs nothing.
                row = next(iter(proof.multipliers))
                moved = {**proof.multipliers, row: proof.multipliers[row] * 3 + 10**14}
                wrong.append(replace(proof, multipliers=moved))
                wrong.append(replace(proof, multipliers={**proof.multipliers, 10**6: 1}))
            for one in wrong:
                told = (*proofs[:place], one, *proofs[place + 1 :])
                worked = one.multipliers != proof.multipliers
                if worked and one.ceiling == _again(problem, answer.chosen, place, one):
                    continue
                assert checked(problem, answer.chosen, told).failures, (seed, place)
                tried += 1
    assert tried > 500


def test_that_nothing_is_possible_is_settled_or_left_open_and_never_said_of_what_is_possible() -> (
    None
):
    settled = opened = 0
    for seed in range(300):
        problem = by_hand.problem(seed, 8)
        levels = multipliers.prove_impossible(units_of(problem), problem.limits)
        asked = Asked(problem.limits, problem.tiers_first, 0)
        table = problem.units.assign(verdict="met")
        found = check_impossible(table, asked, {}, Claim(("46",), (), levels))
        if choice.is_possible(problem):
            assert levels == ()
            assert not found.settled
            opened += not found.failures
        else:
            assert found.failures == ()
            settled += found.settled
    assert settled > 20
    assert opened < 200


def _again(
    problem: ChoiceProblem, chosen: Iterable[str], level: int, proof: LevelProof
) -> int | None:
    """Return the ceiling of other multipliers; ``None`` where they lean on no bound."""
    units = units_of(problem)
    levels = units.levels(problem.limits, tiers_first=problem.tiers_first)
    reached = ceiling.reached_by(levels, [units.place[code] for code in chosen])
    rows = [*write_rows(units, problem.limits), *hold(levels[:level], reached)]
    try:
        return ceiling.work_out(levels[level][1], rows, proof.multipliers)
    except ValueError:
        return None
