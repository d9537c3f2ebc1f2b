"""An attacker with every published table subtracts, compares and solves – and learns nothing."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from phaenthi.apps.publication.published_plan import SMALLEST_SHOWN
from phaenthi.apps.screens.overview.counted import counts_of
from phaenthi.geo.places.codes import Level, parent_code
from phaenthi.layers.people.counts import people_by_village
from phaenthi.targeting.plan.record import Plan
from tests.apps.demo_plan import demo_publication, demo_workspace

# What the guideline gives a household at most, and the target households that a village needs.
MOST_POINTS, FEWEST_HOUSEHOLDS = 10, 20
# A hidden count of 1–4 could be any of four.
WIDTH = SMALLEST_SHOWN - 2


def published() -> pd.DataFrame:
    """Return what every shapefile, workbook and map of the plan says of its villages."""
    return pd.DataFrame(demo_publication().villages.drop(columns="geometry"))


class Attack:
    """What is known of the hidden villages: two unknowns each, its households and its points."""

    def __init__(self, codes: list[str]) -> None:
        self.place = {code: number for number, code in enumerate(codes)}
        self.least = np.concatenate([np.ones(len(codes)), np.zeros(len(codes))])
        self.most = np.full(2 * len(codes), np.inf)
        self._rows: list[np.ndarray] = []
        self._lows: list[float] = []
        self._highs: list[float] = []

    def households(self, code: str) -> int:
        return self.place[code]

    def points(self, code: str) -> int:
        return len(self.place) + self.place[code]

    def know(self, terms: dict[int, float], low: float, high: float) -> None:
        row = np.zeros(2 * len(self.place))
        for column, factor in terms.items():
            row[column] += factor
        self._rows.append(row)
        self._lows.append(low)
        self._highs.append(high)

    def end(self, column: int, direction: int) -> float:
        """Return the lowest (1) or highest (-1) value of an unknown that fits all that is known."""
        aim = np.zeros(2 * len(self.place))
        aim[column] = direction
        solved = milp(
            aim,
            constraints=LinearConstraint(
                np.array(self._rows), np.array(self._lows), np.array(self._highs)
            ),
            bounds=Bounds(self.least, self.most),
            integrality=np.ones(2 * len(self.place)),
        )
        return float(direction * solved.fun) if solved.success else direction * -np.inf


def possible_counts(shown: pd.DataFrame, plan: Plan, told_need: int | None) -> pd.DataFrame:
    """Return the lowest and highest count of each hidden village that fits all that is known.

    The attacker is taken to know the true totals of tambons, amphoe and the province, how points
    come from households, which rules a village met, what each price means, and the total need
    where it is told.
    """
    hidden = shown[shown["counts_hidden"]]
    attack = Attack(list(hidden["village_code"]))
    true = plan.units.set_index("village_code")["target_households"]
    _know_totals(attack, shown, hidden, true)
    _know_verdicts(attack, plan)
    _know_prices(attack, shown)
    if told_need is not None:
        chosen = shown[shown["status"] == "chosen"]
        inside = [code for code in chosen["village_code"] if code in attack.place]
        rest = told_need - int(chosen["need"].sum())
        if inside:
            attack.know({attack.points(code): 1 for code in inside}, rest, rest)
    answers = [
        (code, int(true[code]), *(attack.end(attack.households(code), way) for way in (1, -1)))
        for code in attack.place
    ]
    return pd.DataFrame(answers, columns=["village_code", "true", "least", "most"])


def _know_totals(
    attack: Attack, shown: pd.DataFrame, hidden: pd.DataFrame, true: pd.Series
) -> None:
    for level in (Level.TAMBON, Level.AMPHOE, Level.PROVINCE):
        areas = parent_code(hidden["village_code"].astype("string"), level)
        for area, inside in hidden.groupby(areas.to_numpy()):
            told = shown[shown["village_code"].str.startswith(str(area))]["target_households"]
            rest = int(true[true.index.str.startswith(str(area))].sum()) - int(told.sum())
            attack.know({attack.households(code): 1 for code in inside["village_code"]}, rest, rest)


def _know_verdicts(attack: Attack, plan: Plan) -> None:
    rule = plan.findings[plan.findings["rule"] == "target-households"]
    verdicts = dict(zip(rule["village_code"], rule["verdict"], strict=True))
    for code in attack.place:
        if verdicts[code] == "met":
            attack.least[attack.households(code)] = FEWEST_HOUSEHOLDS
        elif verdicts[code] == "not_met":
            attack.most[attack.households(code)] = FEWEST_HOUSEHOLDS - 1
        most = {attack.points(code): 1.0, attack.households(code): -float(MOST_POINTS)}
        attack.know(most, -np.inf, 0)


def _know_prices(attack: Attack, shown: pd.DataFrame) -> None:
    need = dict(zip(shown["village_code"], shown["need"], strict=True))
    priced = shown[shown["points"].notna() & (shown["replaces"] != "")]
    for row in priced.to_dict("records"):
        told = float(row["points"] if row["status"] == "chosen" else -row["points"])
        terms: dict[int, float] = {}
        for code, factor in ((row["village_code"], 1), *((c, -1) for c in row["replaces"].split())):
            if code in attack.place:
                terms[attack.points(code)] = factor
            else:
                told -= factor * float(need[code])
        if terms:
            attack.know(terms, told, told)


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


def test_what_the_overview_hides_the_exported_layer_hides_too() -> None:
    """Else two tables that hide different villages would give both away together."""
    workspace = demo_workspace()
    on_screen = counts_of(workspace.address, workspace.generation).now
    hidden = set(on_screen.loc[on_screen["hidden"] & (on_screen["code"].str.len() == 8), "code"])
    exported = people_by_village(workspace, "poverty")
    kept = exported.table.set_index("village_code")
    for measure in ("poor_households", "target_poor_households"):
        still_told = set(kept.index[kept[measure].notna()])
        assert not hidden & still_told
    assert len(hidden) > 10
