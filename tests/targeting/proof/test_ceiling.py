"""The ceiling holds for every choice, closes on nested groups, and shows every tampering."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from phaenthi.targeting.choice import solve as choice
from phaenthi.targeting.choice.solve import Workings
from phaenthi.targeting.limits import recount as recheck
from phaenthi.targeting.proof import best_first, ceiling, multipliers
from tests.targeting import problems_by_hand as by_hand


@pytest.mark.parametrize("seeds", [range(s, s + 75) for s in range(0, 300, 75)], ids=str)
def test_the_ceiling_holds_and_closes_where_groups_lie_inside_one_another(seeds: range) -> None:
    for seed in seeds:
        problem = by_hand.problem(seed, 8)
        answer = choice.solve(problem)
        if not answer.possible:
            continue
        proofs = multipliers.prove(problem, answer.chosen)
        assert ceiling.check(problem, answer.chosen, proofs) == []
        assert all(proof.gap >= 0 for proof in proofs)
        if set(answer.ways) == {"nested"}:
            assert all(proof.gap == 0 for proof in proofs), seed


def test_no_choice_passes_the_ceiling_whatever_the_multipliers() -> None:
    rng = np.random.default_rng(7)
    for seed in range(150):
        problem = by_hand.problem(seed, 6)
        allowed = list(by_hand.choices(problem))
        if not allowed:
            continue
        rows = ceiling.rows_for(problem, (), 0)
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


def test_prices_of_groups_prove_the_best_choice_and_refuse_every_other() -> None:
    for seed in range(250):
        problem = by_hand.problem(seed, 7)
        workings = Workings(problem)
        trees = [laid.tree for laid in workings.parts or ()]
        if not all(trees) or not (allowed := list(by_hand.choices(problem))):
            continue
        best = by_hand.best(problem)
        for codes in allowed:
            held = {problem.place[code] for code in codes}
            better = [
                best_first.find_better(tree, frozenset(held & set(tree.owner)))
                for tree in trees
                if tree is not None
            ]
            assert any(better) == (codes != best), seed


def test_a_changed_multiplier_reached_number_or_ceiling_is_caught() -> None:
    tried = 0
    for seed in range(120):
        problem = by_hand.problem(seed, 8)
        answer = choice.solve(problem)
        if not answer.possible:
            continue
        proofs = multipliers.prove(problem, answer.chosen)
        for place, proof in enumerate(proofs):
            wrong = [replace(proof, reached=proof.reached + 1)]
            wrong += [replace(proof, ceiling=proof.ceiling - 1), replace(proof, level="?")]
            if proof.multipliers:
                # Shifted by a whole point, the sum moves unless the row weighs nothing.
                row = next(iter(proof.multipliers))
                moved = {**proof.multipliers, row: proof.multipliers[row] * 3 + 10**14}
                wrong.append(replace(proof, multipliers=moved))
                rows = len(ceiling.rows_for(problem, (), 0)) + len(problem.levels)
                wrong.append(replace(proof, multipliers={**proof.multipliers, rows: 1}))
            for one in wrong:
                told = (*proofs[:place], one, *proofs[place + 1 :])
                worked = one.multipliers != proof.multipliers
                if worked and one.ceiling == _again(problem, answer.chosen, place, one):
                    continue
                assert ceiling.check(problem, answer.chosen, told), (seed, place)
                tried += 1
    assert tried > 500


def test_multipliers_prove_that_nothing_is_possible_without_a_solver() -> None:
    proved = 0
    for seed in range(300):
        problem = by_hand.problem(seed, 8)
        found = multipliers.prove_impossible(problem)
        if choice.is_possible(problem):
            assert found == ()
        elif found:
            assert ceiling.is_impossible(problem, found)
            assert not ceiling.is_impossible(problem, (replace(found[0], multipliers={}),))
            proved += 1
    assert proved > 20


def _again(problem: object, chosen: object, level: int, proof: ceiling.LevelProof) -> int | None:
    """Return the ceiling of other multipliers; ``None`` where they lean on no bound."""
    reached = recheck.totals(problem, chosen)  # type: ignore[arg-type]
    rows = ceiling.rows_for(problem, reached, level)  # type: ignore[arg-type]
    try:
        return ceiling.work_out(problem.levels[level][1], rows, proof.multipliers)  # type: ignore[attr-defined]
    except (ValueError, IndexError):
        return None
