"""The hiding of small counts beside that of τ-ARGUS, the statistical offices' own program."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from phaenthi.geo.places.codes import Level, parent_code
from phaenthi.layers.people.disclosure import hide_small_counts
from tests.layers.people.test_disclosure import what_a_reader_can_work_out

# Not every machine has a wheel of it.
pytauargus = pytest.importorskip("pytauargus")


@pytest.fixture(autouse=True)
def where_it_may_write_its_logs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


SMALLEST_SHOWN = 5
COUNTS = [0, 1, 2, 3, 4, 6, 9, 14, 25, 40]
SHARES = [0.1, 0.06, 0.06, 0.06, 0.06, 0.1, 0.16, 0.15, 0.15, 0.1]
# τ-ARGUS hides as little as it can, and takes a reader to know nothing of a hidden count; ours
# knows that a hidden count is 1 or more, and so has more to hide.
MOST_MORE = 2.0


def village_counts(seed: int) -> pd.Series:
    chance = np.random.default_rng(seed)
    codes = [
        f"46{amphoe:02d}{tambon:02d}{moo:02d}"
        for amphoe in (1, 2)
        for tambon in (1, 2, 3)
        for moo in range(1, 7)
    ]
    return pd.Series(chance.choice(COUNTS, len(codes), p=SHARES), index=codes, name="count")


def with_totals(villages: pd.Series) -> pd.DataFrame:
    codes = villages.index.to_series().astype("string")
    above = [
        villages.groupby(parent_code(codes, level).to_numpy()).sum()
        for level in (Level.TAMBON, Level.AMPHOE)
    ]
    table = pd.concat([villages, *above, pd.Series({"": villages.sum()})])
    return table.rename_axis("code").rename("count").reset_index()


def hidden_by_tau_argus(villages: pd.Series, folder: Path) -> pd.DataFrame:
    """Return code and status: U hidden for itself, M hidden to protect others, S shown."""
    lines = []
    for amphoe in sorted({code[:4] for code in villages.index}):
        lines.append(amphoe)
        for tambon in sorted({code[:6] for code in villages.index if code.startswith(amphoe)}):
            lines.append(f"@{tambon}")
            lines += [f"@@{code}" for code in villages.index if code.startswith(tambon)]
    tree = folder / "villages.hrc"
    tree.write_text("\n".join(lines) + "\n", encoding="utf-8")
    households = pd.DataFrame({"village": villages.index.repeat(villages), "households": 1.0})
    answer = pytauargus.protect(
        households,
        ["village"],
        "households",
        safety_rules=f"FREQ({SMALLEST_SHOWN},60)",
        suppress="OPT(1,5)",
        hrc={"village": str(tree)},
        hierleadstring="@",
        workdir=str(folder),
    )
    found = answer.tables[0].dataframe()
    codes = found["village"].astype(str).str.strip().replace("Total", "")
    return pd.DataFrame({"code": codes, "status": found["status"]})


@pytest.mark.parametrize("seed", range(6))
def test_both_hide_the_same_small_counts_and_ours_leaves_four_values_open(
    seed: int, tmp_path: Path
) -> None:
    villages = village_counts(seed)
    table = with_totals(villages)
    shown = hide_small_counts(table, SMALLEST_SHOWN)
    theirs = hidden_by_tau_argus(villages, tmp_path)
    ours = set(shown.loc[shown["hidden"], "code"])
    small = set(table.loc[table["count"].between(1, SMALLEST_SHOWN - 1), "code"])
    primary = set(theirs.loc[theirs["status"] == "U", "code"])
    secondary = set(theirs.loc[theirs["status"] == "M", "code"])
    assert primary == small
    assert small <= ours
    ranges = what_a_reader_can_work_out(shown, table)
    assert (ranges["highest"] - ranges["lowest"] > 3 - 1e-6).all()
    assert len(ours) <= MOST_MORE * len(primary | secondary)


def test_a_reader_who_knows_that_hidden_means_one_or_more_sees_through_the_lesser_hiding(
    tmp_path: Path,
) -> None:
    open_to_them, open_to_us = 0, 0
    for seed in range(6):
        villages = village_counts(seed)
        table = with_totals(villages)
        folder = tmp_path / str(seed)
        folder.mkdir()
        theirs = hidden_by_tau_argus(villages, folder).set_index("code")["status"]
        masked = table.assign(hidden=table["code"].map(theirs).isin(["U", "M"]))
        for shown, which in ((masked, 0), (hide_small_counts(table, SMALLEST_SHOWN), 1)):
            ranges = what_a_reader_can_work_out(shown, table)
            narrow = int((ranges["highest"] - ranges["lowest"] < 3 - 1e-6).sum())
            open_to_them += narrow if which == 0 else 0
            open_to_us += narrow if which == 1 else 0
    assert open_to_us == 0
    assert open_to_them > 0
