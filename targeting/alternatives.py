"""Other good choices: the best few, and how often each unit is in those close to the best."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count, islice

import numpy as np

from targeting import allocation, choice, recheck
from targeting.choice import Workings
from targeting.problem import ChoiceProblem, Count, Lock

_RULE = "alternative"


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


def best_choices(problem: ChoiceProblem, most: int) -> list[tuple[str, ...]]:
    """Return the best ``most`` different choices in the declared order, the best first."""
    return list(islice(in_order(problem), most))


def in_order(problem: ChoiceProblem) -> Iterator[tuple[str, ...]]:
    """Yield every choice in the declared order, the best first.

    Notes
    -----
    After each choice the rest is split by the first unit in which it differs (E. Lawler,
    *Management Science* 18, 1972): every choice belongs to one split, whose best is solved for.
    """
    solve = _solver(problem)
    fixed_number = any(
        isinstance(limit, Count)
        and limit.is_exact
        and len(problem.members(limit.group)) == len(problem.codes)
        for limit in problem.limits
    )
    waiting: list[tuple[_Order, int, tuple[str, ...], dict[str, bool]]] = []
    number = count()

    def look(fixed: dict[str, bool]) -> None:
        found = solve(fixed)
        if found is not None:
            order = _Order(recheck.rank(problem, found))
            heapq.heappush(waiting, (order, next(number), found, fixed))

    look({})
    while waiting:
        _, _, found, fixed = heapq.heappop(waiting)
        yield found
        held = set(found)
        branch = dict(fixed)
        # Where the number of units is fixed, another choice lacks one of these.
        for code in found if fixed_number else problem.codes:
            if code in branch:
                continue
            look({**branch, code: code not in held})
            branch[code] = code in held


@dataclass(frozen=True)
class _Order:
    """Turns the declared order round, so that the best comes first in a heap."""

    rank: tuple[tuple[int, ...], list[int]]

    def __lt__(self, other: _Order) -> bool:
        """Tell whether this choice is the better one."""
        return self.rank > other.rank


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
    best = choice.solve(problem)
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
    for codes in in_order(problem) if _is_small(problem) else ():
        if not close(codes):
            return _count(found, exact=True)
        found.append(codes)
        if len(found) > exact_up_to:
            break
    else:
        if _is_small(problem):
            return _count(found, exact=True)
    drawn = {best.chosen} | set(_draw(problem, samples, within_percent, seed))
    return _count([codes for codes in sorted(drawn) if close(codes)], exact=False)


def _is_small(problem: ChoiceProblem) -> bool:
    """Tell whether splitting is cheap enough to try: each choice costs a solve a unit."""
    return len(problem.codes) <= 200


def _count(found: Sequence[tuple[str, ...]], *, exact: bool) -> Frequencies:
    held = Counter(code for codes in found for code in codes)
    shares = {code: held[code] / len(found) for code in sorted(held)}
    return Frequencies(shares, len(found), exact)


def _draw(
    problem: ChoiceProblem, samples: int, within_percent: int, seed: int
) -> Iterator[tuple[str, ...]]:
    rng = np.random.default_rng(seed)
    needs = problem.units["need"].to_numpy(dtype=float)
    for place in range(samples):
        # From barely shaken to shaken well beyond what can still be close.
        width = within_percent / 100 * 10 ** (place % 3)
        shaken = np.rint(1_000 * needs * rng.uniform(1 - width, 1 + width, len(needs)))
        units = problem.units.assign(need=np.maximum(shaken, 0).astype("int64"))
        answer = choice.solve(replace(problem, units=units))
        if answer.possible:
            yield answer.chosen


def _solver(problem: ChoiceProblem) -> Callable[[Mapping[str, bool]], tuple[str, ...] | None]:
    """Return a function that solves the problem with some units fixed.

    Where the whole problem is one of areas with one cap, the recursion does it alone.
    """
    parts = Workings(problem).parts or ()
    asked = parts[0].asked if len(parts) == 1 else None

    def solve(fixed: Mapping[str, bool]) -> tuple[str, ...] | None:
        if asked is not None:
            put_in = [code for code, held in fixed.items() if held]
            out = {code for code, held in fixed.items() if not held} | asked.barred
            if asked.barred & set(put_in):
                return None
            return allocation.best(asked.candidates, asked.demand, put_in, out)
        locks = [Lock(_RULE, code, held) for code, held in fixed.items()]
        answer = choice.solve(problem.with_limits(*locks))
        return answer.chosen if answer.possible else None

    return solve
