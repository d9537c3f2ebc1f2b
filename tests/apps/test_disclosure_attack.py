"""An attacker with every published table subtracts, compares and solves – and learns nothing."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from apps.publication import SMALLEST_SHOWN
from geo.codes import Level, parent_code
from targeting.plan import Plan
from tests.apps.demo_plan import demo_publication

# What the guideline gives a household at most, and the target households that a village needs.
MOST_POINTS, FEWEST_HOUSEHOLDS = 10, 20
# A hidden count of 1–4 could be any of four.
WIDTH = SMALLEST_SHOWN - 2


def published() -> pd.DataFrame:
    """Return what every shapefile, workbook and map of the plan says of its villages."""
    return pd.DataFrame(demo_publication().villages.drop(columns="geometry"))


def possible_counts(shown: pd.DataFrame, plan: Plan, told_need: int | None) -> pd.DataFrame:
    """Return the lowest and highest count of each hidden village that fits all that is known.

    The attacker is taken to know the true totals of tambons, amphoe and the province, how points
    come from households, which rules a village met, what each price means, and the total need
    where it is told. Two unknowns a hidden village: its households and its points.
    """
    hidden = shown[shown["counts_hidden"]].reset_index(drop=True)
    units = plan.units.set_index("village_code")
    rule = plan.findings[plan.findings["rule"] == "target-households"]
    verdicts = dict(zip(rule["village_code"], rule["verdict"], strict=True))
    place = {code: number for number, code in enumerate(hidden["village_code"])}
    size = len(hidden)
    rows: list[np.ndarray] = []
    lows: list[float] = []
    highs: list[float] = []

    def know(terms: dict[int, float], low: float, high: float) -> None:
        row = np.zeros(2 * size)
        for column, factor in terms.items():
            row[column] += factor
        rows.append(row)
        lows.append(low)
        highs.append(high)

    for level in (Level.TAMBON, Level.AMPHOE, Level.PROVINCE):
        areas = parent_code(hidden["village_code"].astype("string"), level)
        for area, inside in hidden.groupby(areas.to_numpy()):
            whole = units.index.str.startswith(str(area))
            total = int(units.loc[whole, "target_households"].sum())
            told = shown[shown["village_code"].str.startswith(str(area))]["target_households"]
            rest = total - int(told.sum())
            know({place[code]: 1 for code in inside["village_code"]}, rest, rest)
    for number in range(size):
        know({size + number: 1, number: -MOST_POINTS}, -np.inf, 0)
    need = dict(zip(shown["village_code"], shown["need"], strict=True))
    priced = shown[shown["points"].notna() & (shown["replaces"] != "")]
    for row in priced.to_dict("records"):
        sign = 1 if row["status"] == "chosen" else -1
        told = float(sign * row["points"])
        terms: dict[int, float] = {}
        for code, factor in ((row["village_code"], 1), *((c, -1) for c in row["replaces"].split())):
            if code in place:
                terms[size + place[code]] = terms.get(size + place[code], 0) + factor
            else:
                told -= factor * float(need[code])
        if terms:
            know(terms, told, told)
    if told_need is not None:
        chosen = shown[shown["status"] == "chosen"]
        rest = told_need - int(chosen["need"].sum())
        inside = [place[code] for code in chosen["village_code"] if code in place]
        if inside:
            know({size + number: 1 for number in inside}, rest, rest)
    least = np.ones(2 * size)
    least[size:] = 0
    most = np.full(2 * size, np.inf)
    for code, number in place.items():
        if verdicts[code] == "met":
            least[number] = FEWEST_HOUSEHOLDS
        elif verdicts[code] == "not_met":
            most[number] = FEWEST_HOUSEHOLDS - 1
    constraint = LinearConstraint(np.array(rows), np.array(lows), np.array(highs))
    answers = []
    for code, number in place.items():
        found = []
        for direction in (1, -1):
            aim = np.zeros(2 * size)
            aim[number] = direction
            solved = milp(
                aim,
                constraints=constraint,
                bounds=Bounds(least, most),
                integrality=np.ones(2 * size),
            )
            found.append(direction * solved.fun if solved.success else direction * -np.inf)
        answers.append((code, int(units.loc[code, "target_households"]), *found))
    return pd.DataFrame(answers, columns=["village_code", "true", "least", "most"])


def test_no_hidden_count_can_be_recovered_from_all_that_is_published() -> None:
    publication = demo_publication()
    (result,) = publication.plan.results
    told = publication.told_total(result.need, result.chosen, "th")
    total = int(told.replace(",", "")) if told.replace(",", "").isdigit() else None
    found = possible_counts(published(), publication.plan, total)
    assert len(found) > 20, "the demo must hold enough small counts to attack"
    assert (found["least"] <= found["true"]).all()
    assert (found["true"] <= found["most"]).all()
    small = found[found["true"] < SMALLEST_SHOWN]
    exposed = small[small["most"] - small["least"] < WIDTH]
    assert exposed.empty, exposed.to_string()


def test_with_nothing_but_the_small_counts_hidden_the_same_attack_succeeds() -> None:
    publication = demo_publication()
    units = publication.plan.units.set_index("village_code")
    shown = published()
    true = shown["village_code"].map(units["target_households"]).astype("Int64")
    small = true.between(1, SMALLEST_SHOWN - 1)
    shown = shown.assign(
        counts_hidden=small,
        target_households=true.mask(small),
        need=shown["village_code"].map(units["need"]).astype("Int64").mask(small),
    )
    found = possible_counts(shown, publication.plan, None)
    assert (found["least"] == found["most"]).sum() > 10


def test_no_price_is_told_that_gives_hidden_points_away() -> None:
    shown = published()
    hidden = set(shown.loc[shown["counts_hidden"], "village_code"])
    priced = shown[shown["points"].notna()]
    assert not priced["counts_hidden"].any()
    assert not priced["replaces"].map(lambda told: bool(hidden & set(told.split()))).any()
    assert len(priced) > 100


def test_no_paper_tells_a_total_that_gives_a_hidden_village_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    publication = demo_publication()
    (result,) = publication.plan.results
    one = frozenset([result.chosen[0]])
    monkeypatch.setitem(publication.__dict__, "hidden_units", one)
    for language in ("th", "en"):
        assert f"{result.need:,}" not in publication.proofs(language)[0]
