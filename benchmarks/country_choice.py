"""A whole-country plan like P1: chosen, counted again, certified, and every village explained.

Run from the project's folder: ``python -m benchmarks.country_choice``. Made-up needs on the codes
of today's amphoe: 75,000 villages, a cap of 3 an amphoe, the official allotment of villages and
amphoe to 20 provinces, and a national allotment that the other provinces share. The raw model is
given to ``scipy.optimize.milp`` in the same run. The figures go into
``benchmarks/country_choice.md``.
"""

from __future__ import annotations

import platform
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_matrix

from geo.codes import Level
from geo.gazetteer import areas
from targeting import choice, general_proof, multipliers, recheck
from targeting.choice import Answer, Workings
from targeting.general import Record
from targeting.linear import write_out
from targeting.prices import price_all
from targeting.problem import ALL, AnyLimit, Areas, ChoiceProblem, Count, Group

VILLAGES = 75_000
NATIONAL = 1_500
CAP = 3
REPEATS = 3
SEED = 2563
MILP_SECONDS = 30
PAGE = Path(__file__).with_name("country_choice.md")
TEXT = """# The choice of the whole country

`python -m benchmarks.country_choice` writes this page. Made-up needs; medians of {repeats} runs
(the raw model once), {machine}.

## Chosen like P1

{villages} villages, {amphoe} amphoe, cap {cap}, 20 provinces with their own villages and amphoe,
{national} villages in all; what the 20 provinces leave goes to the others.

| step | seconds | result |
|---|---:|---|
{table}

The raw model takes {times} times as long as the choice, and tells neither ties nor reasons.
"""
TABLE = Path(__file__).parents[1] / "data" / "allotments" / "ne_poverty_2563_allotment.csv"


def country(villages: int = VILLAGES) -> ChoiceProblem:
    """Return the problem of the whole country, of so many villages."""
    rng = np.random.default_rng(SEED)
    amphoe = sorted(str(code) for code in areas(Level.AMPHOE)["code"])
    place = np.sort(
        np.concatenate(
            [
                np.arange(len(amphoe)).repeat(4),
                rng.integers(0, len(amphoe), villages - 4 * len(amphoe)),
            ]
        )
    )
    number = pd.Series(place).groupby(place).cumcount().to_numpy()
    codes = [
        f"{amphoe[p]}{n // 99 + 1:02d}{n % 99 + 1:02d}" for p, n in zip(place, number, strict=True)
    ]
    units = pd.DataFrame(
        {
            "unit_code": codes,
            "need": rng.integers(0, 400, villages),
            "target_households": rng.integers(20, 120, villages),
            "cost_baht": 80_000,
            "unit_tier": 1,
            "amphoe_code": [code[:4] for code in codes],
            "province_code": [code[:2] for code in codes],
            "verdict": "met",
        }
    )
    limits: list[AnyLimit] = [Count("cap", Group("amphoe_code", code), 0, CAP) for code in amphoe]
    for row in pd.read_csv(TABLE, dtype="string").to_dict("records"):
        province = Group("province_code", str(row["province_code"]))
        limits.append(Count("allotment", province, int(row["villages"]), int(row["villages"])))
        limits.append(Areas("participating-amphoe", province, "amphoe_code", int(row["amphoe"])))
    limits.append(Count("national-allotment", ALL, NATIONAL, NATIONAL))
    return ChoiceProblem(units.sort_values("unit_code", ignore_index=True), tuple(limits))


def seconds(work: Callable[[], Any]) -> tuple[float, Any]:
    """Return how long some work takes (median of the repeats) and what it returns."""
    times, found = [], None
    for _ in range(REPEATS):
        start = time.perf_counter()
        found = work()
        times.append(time.perf_counter() - start)
    return statistics.median(times), found


def choose(problem: ChoiceProblem) -> tuple[Workings, Answer]:
    """Lay the problem out and choose."""
    workings = Workings(problem)
    return workings, choice.solve_laid(workings)


def raw_milp(problem: ChoiceProblem) -> tuple[float, int | None]:
    """Give the raw model to HiGHS by scipy, once, and return its seconds and total need."""
    system = write_out(problem)
    cells = [(line, v, c) for line, row in enumerate(system.rows) for v, c in row.terms]
    lines, columns, numbers = (np.array(part) for part in zip(*cells, strict=True))
    matrix = coo_matrix((numbers, (lines, columns)), shape=(len(system.rows), system.variables))
    least = [-np.inf if row.least is None else row.least for row in system.rows]
    most = [np.inf if row.most is None else row.most for row in system.rows]
    objective = np.zeros(system.variables)
    objective[: system.units] = -problem.units["need"].to_numpy(dtype=float)
    start = time.perf_counter()
    result = milp(
        objective,
        constraints=LinearConstraint(matrix.tocsr(), least, most),
        integrality=np.ones(system.variables),
        bounds=Bounds(0, 1),
        options={"time_limit": MILP_SECONDS, "mip_rel_gap": 0},
    )
    spent = time.perf_counter() - start
    return spent, round(-result.fun) if result.status == 0 else None


def main() -> None:
    """Measure and write the figures down."""
    problem = country()
    chosen_in, (workings, answer) = seconds(lambda: choose(problem))
    recheck_in, broken = seconds(lambda: recheck.breaches(problem, answer.chosen))
    explained_in, prices = seconds(lambda: price_all(workings, answer))
    proved_in, levels = seconds(lambda: multipliers.prove(problem, answer.chosen))
    record = Record(("country",), problem.limits, False, 0, proved=True, levels=levels)
    certified_in, proof = seconds(
        lambda: general_proof.check_choice(record, problem.units, answer.chosen, {})
    )
    milp_in, milp_need = raw_milp(problem)
    ways = ", ".join(f"{number} {way}" for way, number in answer.ways.items())
    gaps = ", ".join(f"{one.level} gap {one.gap}" for one in levels)
    tie = "proved to the last tie" if proof.optimum is not None else "gap open"
    raw = f"no optimum in {MILP_SECONDS} s" if milp_need is None else f"need {milp_need:,}"
    times = f"{'more than ' if milp_need is None else ''}{milp_in / chosen_in:.0f}"
    rows = [
        ("choose (laid out, taken apart, chosen)", chosen_in, f"need {answer.need:,}; {ways}"),
        ("count every limit again", recheck_in, f"{len(broken)} broken"),
        ("explain every village", explained_in, f"{len(prices):,} prices"),
        ("find the multipliers of the ceilings", proved_in, gaps),
        ("certify without a solver", certified_in, f"{len(proof.failures)} failures, {tie}"),
        ("raw model, `scipy.optimize.milp`, need only", milp_in, raw),
    ]
    table = [f"| {step} | {spent:.2f} | {found} |" for step, spent, found in rows]
    text = TEXT.format(
        repeats=REPEATS,
        machine=f"{platform.machine()}, Python {platform.python_version()}",
        villages=f"{len(problem.codes):,}",
        amphoe=len(problem.areas("amphoe_code")),
        cap=CAP,
        national=f"{NATIONAL:,}",
        table="\n".join(table),
        times=times,
    )
    PAGE.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
