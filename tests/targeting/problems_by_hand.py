"""Small choice problems with rules of every kind, and every choice that they allow."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from phaenthi.targeting.limits import recount as recheck
from phaenthi.targeting.limits.problem import (
    ALL,
    AnyLimit,
    Areas,
    Average,
    Budget,
    ChoiceProblem,
    Count,
    Distinct,
    Group,
    Lock,
    Share,
)

KINDS = ("cap", "least", "areas", "average", "budget", "distinct", "share", "lock", "total", "fill")


def table(rng: np.random.Generator, units: int) -> pd.DataFrame:
    """Return units with few different values, so that ties are the rule."""
    amphoe = rng.integers(1, 5, units)
    province = 46 + (amphoe > 2)
    codes = [
        f"{p}{a:02d}01{n:02d}" for n, (p, a) in enumerate(zip(province, amphoe, strict=True), 1)
    ]
    made = pd.DataFrame(
        {
            "unit_code": codes,
            "need": rng.integers(0, 5, units),
            "target_households": rng.integers(0, 4, units),
            "cost_baht": rng.integers(1, 4, units) * (10_000 if rng.random() < 0.7 else 1),
            "unit_tier": rng.integers(1, 4, units),
            "amphoe_code": [code[:4] for code in codes],
            "province_code": [code[:2] for code in codes],
            "menu": rng.choice(["ผ้า", "อาหาร", "สมุนไพร", None], units),
        }
    )
    return made.sort_values("unit_code", ignore_index=True)


def limit(  # noqa: PLR0911 – one return a kind reads best
    rng: np.random.Generator, kind: str, units: pd.DataFrame
) -> list[AnyLimit]:
    """Return limits of one kind with numbers drawn around what the units can give."""
    amphoe = sorted(units["amphoe_code"].unique())
    province = str(rng.choice(units["province_code"].unique()))
    inside = Group("province_code", province) if rng.random() < 0.5 else ALL
    here = units if inside is ALL else units[units["province_code"] == province]
    size = len(here)
    if kind == "cap":
        most = int(rng.integers(1, 4))
        return [Count("cap", Group("amphoe_code", one), 0, most) for one in amphoe]
    if kind == "least":
        return [
            Count("least", Group("amphoe_code", str(rng.choice(amphoe))), int(rng.integers(1, 3)))
        ]
    if kind == "areas":
        least = 2 if rng.random() < 0.2 else 1
        count = int(rng.integers(1, 1 + here["amphoe_code"].nunique()))
        return [Areas("areas", inside, "amphoe_code", count, least)]
    if kind == "average":
        return [Average("average", inside, "amphoe_code", int(rng.integers(1, 3)))]
    if kind == "budget":
        total = int(here["cost_baht"].sum())
        return [Budget("budget", inside, int(total * rng.uniform(0.2, 0.8)))]
    if kind == "distinct":
        column = "amphoe_code" if rng.random() < 0.6 else "province_code"
        return [Distinct("distinct", column, "menu")]
    if kind == "share":
        rounding = str(rng.choice(["up", "down", "nearest"]))
        fraction = int(rng.integers(1, 3)), int(rng.integers(2, 6))
        part = Group("menu", "ผ้า")
        return [Share("share", inside, part, min(fraction), max(fraction), rounding)]  # type: ignore[arg-type]
    if kind == "lock":
        codes = rng.permutation(units["unit_code"].to_numpy())[: int(rng.integers(1, 3))]
        return [Lock("lock", str(code), bool(rng.random() < 0.5)) for code in codes]
    if kind == "fill":
        return [Count("fill", inside, 0, int(rng.integers(1, size + 1)), fill=True)]
    number = int(rng.integers(1, max(size * 2 // 3, 1) + 1))
    return [Count("allotment", inside, number, number)]


def problem(seed: int, most_units: int = 10) -> ChoiceProblem:
    """Return the problem of a seed: one to five kinds of limits, tiers in one of three."""
    rng = np.random.default_rng([2563, seed])
    units = table(rng, int(rng.integers(3, most_units + 1)))
    kinds = rng.choice(KINDS, size=int(rng.integers(1, 6)), replace=False)
    limits = [one for kind in kinds for one in limit(rng, str(kind), units)]
    return ChoiceProblem(units, tuple(limits), tiers_first=bool(rng.random() < 0.33))


def choices(one: ChoiceProblem) -> Iterator[tuple[str, ...]]:
    """Yield every choice that the limits allow."""
    for bits in range(1 << len(one.codes)):
        codes = tuple(code for place, code in enumerate(one.codes) if bits >> place & 1)
        if not recheck.breaches(one, codes):
            yield codes


def best(one: ChoiceProblem) -> tuple[str, ...] | None:
    """Return the best choice by trying them all."""
    return max(choices(one), key=lambda codes: recheck.rank(one, codes), default=None)
