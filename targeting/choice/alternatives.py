"""Other good choices: the best few, and how often each unit is in those close to the best."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from phaenthi.targeting.choice import ranked
from phaenthi.targeting.choice import solve as choice
from phaenthi.targeting.choice.solve import Workings
from phaenthi.targeting.limits import recount as recheck
from phaenthi.targeting.limits.problem import ChoiceProblem

# With so many units every choice can be split by each of them and solved for anew.
SMALL = 200


@dataclass(frozen=True)
class Frequencies:
    """How often each unit is in the choices close to the best.

    Attributes
    ----------
    share
        Unit code → share of those choices that hold it; units in none are left out.
    choices
        How many choices were counted.
    exact
        Whether these are all there are; otherwise they are a sample.
    """

    share: Mapping[str, float]
    choices: int
    exact: bool


def in_order(problem: ChoiceProblem) -> Iterator[tuple[str, ...]]:
    """Yield every choice in the declared order, the best first (see :mod:`targeting.ranked`)."""
    return ranked.in_order(Workings(problem))


def how_often(
    problem: ChoiceProblem,
    *,
    within_percent: int = 1,
    exact_up_to: int = 300,
    samples: int = 200,
    seed: int = 2563,
) -> Frequencies:
    """Count how often each unit is in the choices within some percent of the best need.

    Parameters
    ----------
    within_percent
        Choices that reach as many units of each tier and at least this close to the best need.
    exact_up_to
        Up to so many choices are all counted; where there are more, ``samples`` choices are
        drawn by solving for needs that are shaken a little, and the answer says so.

    Raises
    ------
    ValueError
        If the limits allow no choice.
    """
    workings = Workings(problem)
    best = choice.solve_laid(workings)
    if not best.possible:
        raise ValueError("there is no choice to be close to")
    reached = recheck.totals(problem, best.chosen)
    need = [name for name, _ in problem.levels].index("need")

    def close(codes: Sequence[str]) -> bool:
        totals = recheck.totals(problem, codes)
        return (
            totals[:need] == reached[:need]
            and 100 * totals[need] >= (100 - within_percent) * reached[need]
        )

    found: list[tuple[str, ...]] = []
    few = _is_small(workings)
    for codes in ranked.in_order(workings) if few else ():
        if not close(codes):
            return _count(found, exact=True)
        found.append(codes)
        if len(found) > exact_up_to:
            break
    else:
        if few:
            return _count(found, exact=True)
    drawn = {best.chosen} | set(_draw(workings, samples, within_percent, seed))
    return _count([codes for codes in sorted(drawn) if close(codes)], exact=False)


def _is_small(workings: Workings) -> bool:
    """Tell whether choices can be gone through one by one: some ways cost a solve a unit each."""
    nested = all(laid.way == "nested" for laid in workings.parts or ())
    return nested or len(workings.problem.codes) <= SMALL


def _count(found: Sequence[tuple[str, ...]], *, exact: bool) -> Frequencies:
    held = Counter(code for codes in found for code in codes)
    shares = {code: held[code] / len(found) for code in sorted(held)}
    return Frequencies(shares, len(found), exact)


def _draw(
    workings: Workings, samples: int, within_percent: int, seed: int
) -> Iterator[tuple[str, ...]]:
    rng = np.random.default_rng(seed)
    needs = workings.problem.units["need"].to_numpy(dtype=float)
    for place in range(samples):
        # From barely shaken to shaken well beyond what can still be close.
        width = within_percent / 100 * 10 ** (place % 3)
        # Less than a point more or less changes who comes first among equals, and nobody else.
        shaken = 1_000 * needs * rng.uniform(1 - width, 1 + width, len(needs))
        shaken = np.maximum(np.rint(shaken + rng.uniform(0, 999, len(needs))), 0)
        answer = choice.solve_laid(workings.with_needs(pd.Series(shaken.astype("int64"))))
        if answer.possible:
            yield answer.chosen
