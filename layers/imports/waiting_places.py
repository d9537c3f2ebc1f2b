"""Places that no rule could settle: what they may be, and what persons decide about them."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pandas as pd
import polars as pl

from phaenthi.geo.places.codes import Level, moo
from phaenthi.geo.places.spelling import normalise
from phaenthi.layers.contracts.matches import (
    DECISIONS,
    MATCHED_PLACES,
    POSSIBLE_TARGETS,
    VILLAGE_POINTS,
)
from phaenthi.layers.imports.village_points import in_their_tambons
from phaenthi.layers.matching.match_decisions import DECIDED_NONE, PLACE_COLUMNS, keep_decisions
from phaenthi.layers.matching.parents import with_parents
from phaenthi.layers.matching.villages import match_villages
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.wording import say

NONE_OF_THEM = "-"
"""What stands for the decision that a place is no village of the list."""
CLEAR_SCORE = 90.0
"""Likeness from which one candidate counts as strong …"""
CLEAR_LEAD = 15.0
"""… if it is so far ahead of the next."""
_PARTS = " | "
_FILE = "decisions.csv"


@dataclass(frozen=True)
class Queue:
    """What waits for a person.

    Parameters
    ----------
    places
        number (index), layer, place (as kept), why, rows, first_row, amphoe_code (missing where
        none could be told), clear (code of the one strong candidate, missing where there is
        none), and of ``match_decisions.PLACE_COLUMNS`` those that the register
        has.
    candidates
        number, place (1 = likeliest), village_code, name_th, score, same_name, same_moo,
        same_tambon.
    decided
        Places that a person decided and whose rows still wait for the file to be read again:
        layer, place, rows.
    unknown
        Villages of which it is not known, for that long, whether they were targets before.
    """

    places: pd.DataFrame
    candidates: pd.DataFrame
    decided: pd.DataFrame
    unknown: int


def gather_queue(workspace: Workspace) -> Queue:
    """Return what waits in a workspace.

    What a place may be is worked out again from what its register says of it, so that the
    queue outlasts the session that imported the register.
    """
    kept = workspace.scan(MATCHED_PLACES.name)
    lone = kept.filter(pl.col("village_code").is_null() & (pl.col("how") != DECIDED_NONE))
    rows = lone.collect().to_pandas().rename(columns={"how": "why", "row": "first_row"})
    decisions = workspace.scan(DECISIONS.name).select("source", "place").collect().to_pandas()
    keys = pd.MultiIndex.from_frame(decisions.astype("string"))
    done = pd.MultiIndex.from_frame(rows[["layer", "place"]].astype("string")).isin(keys)
    waiting = rows[~done].sort_values(["layer", "first_row"]).reset_index(drop=True)
    told = pd.concat(
        [waiting[["layer", "place", "why", "rows", "first_row"]], _parted(waiting)], axis=1
    )
    told, candidates = _with_candidates(told, workspace)
    possible = workspace.scan(POSSIBLE_TARGETS.name)
    unknown = int(possible.select(pl.col("village_code").n_unique()).collect().item())
    return Queue(told, candidates, rows.loc[done, ["layer", "place", "rows"]], unknown)


def _parted(waiting: pd.DataFrame) -> pd.DataFrame:
    """Return what ``match_decisions.places_of`` wrote into one text, in its columns."""
    parted = [
        dict(part.split("=", 1) for part in text.split(_PARTS) if "=" in part)
        for text in waiting["place"]
    ]
    table = pd.DataFrame(parted, index=waiting.index, columns=list(PLACE_COLUMNS))
    return table.dropna(axis=1, how="all").astype("string")


def _with_candidates(told: pd.DataFrame, workspace: Workspace) -> tuple[pd.DataFrame, pd.DataFrame]:
    columns = ["number", "place", "village_code", "name_th", "score"]
    signs = ["same_name", "same_moo", "same_tambon"]
    if told.empty:
        empty = told.assign(amphoe_code=pd.Series(dtype="string"), clear=pd.Series(dtype="string"))
        return empty, pd.DataFrame(columns=[*columns, *signs])
    places = told.drop(columns=["layer", "place", "why", "rows", "first_row"])
    for name in ("longitude", "latitude"):
        if name in places:
            places[name] = pd.to_numeric(places[name], errors="coerce")
    villages = pd.DataFrame(workspace.table("villages"))[["village_code", "name_th"]]
    tambons = workspace.boundaries(Level.TAMBON) if workspace.has("boundaries_tambon") else None
    are_points = told["layer"] == VILLAGE_POINTS.name
    known = with_parents(places)
    found = [_candidates(known[~are_points], villages, tambons)]
    if are_points.any() and tambons is not None:
        known = pd.concat([known[~are_points], in_their_tambons(places[are_points], tambons)])
        # No two points are of one village.
        taken = workspace.scan(VILLAGE_POINTS.name).select("village_code").collect().to_series()
        free = villages[~villages["village_code"].isin(taken.drop_nulls().to_list())]
        found.append(_candidates(known[are_points.reindex(known.index)], free, tambons))
    shown = pd.concat(found, ignore_index=True)[columns]
    shown = _with_signs(shown, places, known)
    codes = known["amphoe_code"].astype("string")
    first = shown.sort_values(["number", "place"]).drop_duplicates("number").set_index("number")
    likely = first["village_code"].astype("string").str[: Level.AMPHOE.digits]
    amphoe = codes.fillna(likely.reindex(told.index))
    return told.assign(amphoe_code=amphoe, clear=_clear(shown, told.index)), shown


def _candidates(
    known: pd.DataFrame, villages: pd.DataFrame, tambons: gpd.GeoDataFrame | None
) -> pd.DataFrame:
    """Return what each place may be; taken by itself, without a rival in its own register."""
    matches = match_villages(known, villages, tambons=tambons)
    sole = matches.table[matches.table["village_code"].notna()]
    names = villages.set_index("village_code")["name_th"].to_dict()
    alone = pd.DataFrame(
        {
            "number": sole.index,
            "place": 1,
            "village_code": sole["village_code"],
            "name_th": sole["village_code"].map(names),
            "score": sole["score"],
        }
    )
    told = matches.candidates.rename(columns={"row": "number"})
    return pd.concat([told, alone], ignore_index=True)


def _with_signs(shown: pd.DataFrame, places: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    numbers = shown["number"]
    named = _of(places, "name", numbers).fillna("").map(normalise)
    spelled = shown["name_th"].astype("string").fillna("").map(normalise)
    said = pd.to_numeric(_of(places, "moo", numbers), errors="coerce")
    codes = shown["village_code"].astype("string")
    counted = pd.Series(moo(codes), index=shown.index).astype("Float64")
    tambon = _of(known, "tambon_code", numbers)
    return shown.assign(
        same_name=(named == spelled) & (named != ""),
        same_moo=(said.astype("Float64") == counted).fillna(value=False),
        same_tambon=(codes.str[: Level.TAMBON.digits] == tambon).fillna(value=False),
    )


def _of(table: pd.DataFrame, name: str, numbers: pd.Series) -> pd.Series:
    if name not in table:
        return pd.Series(pd.NA, index=numbers.index, dtype="string")
    told = table[name].astype("string").reindex(numbers)
    return pd.Series(told.to_numpy(), index=numbers.index, dtype="string")


def _clear(shown: pd.DataFrame, places: pd.Index) -> pd.Series:
    """Return the one strong candidate of each place, missing where there is none."""
    ranked = shown.sort_values(["number", "score"], ascending=[True, False])
    best = ranked.drop_duplicates("number").set_index("number")
    second = ranked[ranked["number"].duplicated()].drop_duplicates("number").set_index("number")
    lead = best["score"] - second["score"].reindex(best.index).fillna(0.0)
    strong = best.loc[(best["score"] >= CLEAR_SCORE) & (lead >= CLEAR_LEAD), "village_code"]
    return strong.astype("string").reindex(places)


def keep(
    workspace: Workspace,
    queue: Queue,
    decided: Mapping[int, str],
    *,
    by: str,
    reason: str = "",
) -> int:
    """Keep what a person decided on the page.

    Parameters
    ----------
    decided
        Number of a place → village code, or ``NONE_OF_THEM``.
    by
        Role of who decided.

    Returns
    -------
    int
        Decisions kept.

    Raises
    ------
    Problem
        As ``match_decisions.keep_decisions``: without a role, for a village that
        is not listed, or where nothing was decided.
    """
    names: Sequence[str] = (
        *("source", "row", "rows", "place", "why"),
        *("decision", "decided_by", "reason"),
    )
    with tempfile.TemporaryDirectory(prefix="phaenthi-") as folder:
        path = Path(folder) / _FILE
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow([say(f"layers.queue.{name}", "th") for name in names])
            for number, choice in decided.items():
                place = queue.places.loc[number]
                facts = [place[name] for name in ("layer", "first_row", "rows", "place", "why")]
                writer.writerow([*facts, choice, by.strip(), reason.strip()])
        keep_decisions(workspace, path)
    return len(decided)
