"""Rows that carry names or old codes instead of current codes → village, with evidence."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas
import numpy as np
import pandas as pd

from phaenthi.layers.matching.pairs import (
    SAME_SPELLING,
    areas_of,
    likeness,
    pair,
    prepare_rows,
    prepare_villages,
    told_apart,
)
from phaenthi.layers.matching.places import Places

COMPATIBLE = 60.0
"""Likeness from which two names may be one village's where code or moo say so too."""
LEAST_SCORE = 80.0
"""Likeness from which a spelling alone is taken, and only if it is well ahead of the next."""
LEAST_LEAD = 8.0
NEAR_METRES = 3_000.0
"""How far from a tambon a point may lie and still be of a village of that tambon."""
CANDIDATES_SHOWN = 5
_LEAST_CANDIDATE = 45.0
_RIVAL = 70.0

# Evidence in the order of its weight: id of its words under ``layers.how``, and confidence.
EVIDENCE: dict[str, float] = {
    "same_code_and_name": 1.0,
    "same_code": 0.9,
    "successor_name_and_moo": 0.98,
    "successor_name": 0.9,
    "successor_moo": 0.85,
    "name_and_moo": 0.98,
    "name_in_tambon": 0.95,
    "name_in_amphoe": 0.85,
    "spelling_in_tambon": 0.8,
    "spelling_in_amphoe": 0.8,
}
UNSURE = ("code_or_name", "several_alike", "several_rows", "too_far", "near_spelling", "no_name")
NOTHING = "nothing_found"
_RANK = {how: place for place, how in enumerate(EVIDENCE)}


@dataclass(frozen=True)
class Matches:
    """What became of the rows.

    Parameters
    ----------
    table
        Index of the rows; village_code (``string``, missing where a person must decide or
        nothing was found), how (an id of ``EVIDENCE``, of ``UNSURE``, or ``nothing_found``),
        confidence (0–1, 0 where there is no code), score (likeness of the names, 0–100),
        since (date on which the old code was abolished, missing where there is none).
    candidates
        row, place (1 = likeliest), village_code, name_th, score, how: of the rows without a
        code, what they might be.
    """

    table: pd.DataFrame
    candidates: pd.DataFrame

    @property
    def unsure(self) -> pd.DataFrame:
        """The rows that wait for a person."""
        return self.table[self.table["how"].isin(UNSURE)]


def match_villages(
    rows: pd.DataFrame,
    villages: pd.DataFrame,
    *,
    tambons: geopandas.GeoDataFrame | None = None,
    one_each: bool = False,
) -> Matches:
    """Match rows of a register to the villages of today.

    In this order: the same code and a compatible name; the dated successor of an abolished
    tambon (same moo, or a name that is unique there); the name in the same tambon; the name in
    the amphoe, if not too far away; the nearest spelling inside the parent, if clearly ahead.
    A village of another province is reached through a dated successor only.

    Parameters
    ----------
    rows
        What is known of each, all optional: village_code and tambon_code (as they were then),
        amphoe_code, province_code, name, moo, longitude, latitude.
        The index names the rows and must be unique.
    villages
        village_code, name_th of every village of today.
    tambons
        code, geometry (EPSG:4326): needed to judge distances; without it a name that is found
        only in another tambon of the amphoe waits for a person.
    one_each
        True where each row is another village (a list of village points): of several rows that
        mean one village the one of better evidence gets it, of equals none does.

    Returns
    -------
    Matches
        With evidence and confidence. A wrong match is worse than none: what is not clear
        waits with its candidates.
    """
    if not rows.index.is_unique:
        raise ValueError("the index of the rows must name each row once")
    known, listed = prepare_rows(rows), prepare_villages(villages)
    areas = areas_of(known, listed)
    pairs = pair(known, areas, listed)
    chosen, doubts = _choose(_judge(pairs, known))
    chosen, lost = _one_row_a_village(chosen, one_each=one_each)
    doubts = {**doubts, **lost}
    places = Places(known, areas, listed, tambons)

    rest = known.index.difference(chosen.index).difference(pd.Index(list(doubts)))
    wider = _by_name_in_amphoe(known.loc[rest], listed, places)
    # A name like it in the row's own tambon may be the village meant, written otherwise.
    rivals = pairs.loc[pairs["score"] >= _RIVAL, "row"]
    wider = wider[~wider["row"].isin(rivals)]
    near, far = wider[wider["near"]], wider[~wider["near"]]
    more, lost = _one_row_a_village(near.set_index("row"), one_each=one_each, taken=chosen)
    chosen = pd.concat([chosen, more])
    doubts = {**doubts, **dict.fromkeys(far["row"], "too_far"), **lost}

    rest = known.index.difference(chosen.index).difference(pd.Index(list(doubts)))
    free = pairs[pairs["row"].isin(rest)]
    free = pd.concat([free, _pairs_in_amphoe(known.loc[rest], areas, listed)], ignore_index=True)
    if one_each:
        free = free[~free["village_code"].isin(chosen["village_code"])]
    spelled, unclear = _by_spelling(free, mutual=one_each)
    chosen = pd.concat([chosen, spelled])
    doubts = {**unclear, **doubts}
    everything = pd.concat([pairs, _as_pairs(wider), free], ignore_index=True)
    return _told(known, listed, chosen, doubts, everything)


def _judge(pairs: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """Return the pairs that code, moo or an equal name speak for, with the kind of evidence."""
    equal = (pairs["score"] == SAME_SPELLING).to_numpy()
    nameless = (pairs["row"].map(known["spelling"]) == "").to_numpy()
    bare = nameless | ~pairs["village_named"].to_numpy()
    alike = (pairs["score"] >= COMPATIBLE).to_numpy() & ~pairs["told_apart"].to_numpy()
    via, moo, code = pairs["via"], pairs["same_moo"].to_numpy(), pairs["same_code"].to_numpy()
    here = (via == "same").to_numpy()
    moved = (via == "successor").to_numpy()
    how = np.select(
        [
            code & alike,
            code & bare,
            moved & moo & alike,
            moved & equal,
            moved & moo & bare,
            here & equal & moo,
            here & equal,
        ],
        [
            "same_code_and_name",
            "same_code",
            "successor_name_and_moo",
            "successor_name",
            "successor_moo",
            "name_and_moo",
            "name_in_tambon",
        ],
        "",
    )
    judged = pairs.assign(how=how)
    judged["rank"] = judged["how"].map(_RANK).fillna(len(_RANK)).astype("int64")
    best = judged.groupby("row")["score"].transform("max")
    # A code or moo that speaks against an equal or a much nearer name is no evidence.
    judged["contradicted"] = (judged["score"] < best) & (
        (best == SAME_SPELLING) | (best - judged["score"] >= LEAST_LEAD)
    )
    return judged


def _choose(judged: pd.DataFrame) -> tuple[pd.DataFrame, dict[object, str]]:
    """Return the rows with one best pair (index row), and why others are in doubt."""
    speaking = judged[judged["how"] != ""]
    doubts: dict[object, str] = {}
    code_stands = judged[judged["same_code"] & (judged["how"] == "")]
    top = speaking[speaking["rank"] == speaking.groupby("row")["rank"].transform("min")]
    several = top["row"].duplicated(keep=False)
    doubts |= dict.fromkeys(top.loc[several, "row"], "several_alike")
    single = top[~several]
    against = single["contradicted"] | (
        # The code is of a village of another name, though the name is found elsewhere.
        single["row"].isin(code_stands["row"]) & ~single["how"].str.startswith("same_code")
    )
    doubts |= dict.fromkeys(single.loc[against, "row"], "code_or_name")
    doubts |= dict.fromkeys(
        code_stands.loc[~code_stands["row"].isin(top["row"]), "row"], "code_or_name"
    )
    return single[~against].set_index("row"), doubts


def _one_row_a_village(
    chosen: pd.DataFrame, *, one_each: bool, taken: pd.DataFrame | None = None
) -> tuple[pd.DataFrame, dict[object, str]]:
    if not one_each or chosen.empty:
        return chosen, {}
    best = chosen.groupby("village_code")["rank"].transform("min")
    first = chosen["rank"] == best
    count = first.groupby(chosen["village_code"]).transform("sum")
    keep = first & (count == 1)
    if taken is not None:
        keep &= ~chosen["village_code"].isin(taken["village_code"])
    return chosen[keep], dict.fromkeys(chosen.index[~keep], "several_rows")


def _by_name_in_amphoe(known: pd.DataFrame, listed: pd.DataFrame, places: Places) -> pd.DataFrame:
    """Return row, village_code, near …: rows whose name is unique in their amphoe."""
    named = known[(known["spelling"] != "") & known["amphoe_code"].notna()]
    facts = named[["amphoe_code", "spelling"]].rename_axis("row").reset_index()
    facts["amphoe_code"] = facts["row"].map(places.amphoe_today)
    found = facts.merge(
        listed[["amphoe_code", "village_spelling", "village_code"]],
        left_on=["amphoe_code", "spelling"],
        right_on=["amphoe_code", "village_spelling"],
    )
    found = found[~found["row"].duplicated(keep=False)].reset_index(drop=True)
    metres = places.metres_to_tambon(found["row"], found["village_code"])
    # Who names no tambon says all there is to say with the amphoe.
    whole = ~found["row"].isin(places.rows_with_tambon).to_numpy()
    how = "name_in_amphoe"
    return found.assign(
        how=how, rank=_RANK[how], score=SAME_SPELLING, near=whole | (metres <= NEAR_METRES)
    )


def _pairs_in_amphoe(
    known: pd.DataFrame, areas: pd.DataFrame, listed: pd.DataFrame
) -> pd.DataFrame:
    """Pair rows that name no tambon with each village of their amphoe."""
    wide = known[(known["spelling"] != "") & ~known.index.isin(areas["row"])]
    facts = wide[["amphoe_code", "spelling"]].dropna().rename_axis("row").reset_index()
    pairs = facts.merge(listed, on="amphoe_code")
    score = likeness(pairs["spelling"], pairs["village_spelling"])
    return pairs[["row", "village_code"]].assign(
        via="amphoe",
        since=None,
        score=score,
        same_moo=False,
        told_apart=told_apart(pairs["spelling"], pairs["village_spelling"], score),
    )


def _by_spelling(free: pd.DataFrame, *, mutual: bool) -> tuple[pd.DataFrame, dict[object, str]]:
    """Return rows with one spelling near and well ahead (index row), and the nearly so."""
    likely = free[free["via"] != "namesake"].drop_duplicates(["row", "village_code"])
    ahead = _is_ahead(likely, "row")
    if mutual:
        ahead &= _is_ahead(likely, "village_code")
    clear = (likely["score"] >= LEAST_SCORE) & ~likely["told_apart"].astype(bool)
    taken = likely[ahead & clear].set_index("row")
    wide = taken["via"] == "amphoe"
    how = pd.Series(np.where(wide, "spelling_in_amphoe", "spelling_in_tambon"), index=taken.index)
    doubtful = likely.loc[likely["score"] >= _LEAST_CANDIDATE, "row"]
    beside = free.loc[free["via"].isin(["namesake"]) & (free["score"] >= _LEAST_CANDIDATE), "row"]
    nameless = free.loc[free["same_moo"].astype(bool) & (free["score"] == 0), "row"]
    doubts = {
        **dict.fromkeys(nameless, "no_name"),
        **dict.fromkeys(pd.concat([doubtful, beside]), "near_spelling"),
    }
    return taken.assign(how=how, rank=how.map(_RANK)), {
        row: why for row, why in doubts.items() if row not in taken.index
    }


def _is_ahead(pairs: pd.DataFrame, by: str) -> pd.Series:
    """Tell which pairs are ahead of every other of their group by ``LEAST_LEAD``."""
    ranked = pairs.sort_values("score", ascending=False)[[by, "score"]]
    best = ranked.groupby(by)["score"].transform("first")
    seconds = ranked[ranked[by].duplicated()].drop_duplicates(by).set_index(by)["score"]
    second = ranked[by].map(seconds.to_dict()).astype("float64").fillna(0.0)
    lead = best.astype("float64") - second
    return ((ranked["score"] == best) & (lead >= LEAST_LEAD)).reindex(pairs.index)


def _as_pairs(wider: pd.DataFrame) -> pd.DataFrame:
    return wider[["row", "village_code", "score"]].assign(via="amphoe", same_moo=False)


def _told(
    known: pd.DataFrame,
    listed: pd.DataFrame,
    chosen: pd.DataFrame,
    doubts: dict[object, str],
    pairs: pd.DataFrame,
) -> Matches:
    table = pd.DataFrame(index=known.index)
    found = chosen.reindex(known.index)
    table["village_code"] = found["village_code"].astype("string")
    doubtful = pd.Series(doubts, dtype="object").reindex(known.index)
    table["how"] = found["how"].fillna(doubtful).fillna(NOTHING).astype("string")
    score = pd.to_numeric(found["score"], errors="coerce").fillna(0.0).astype("float64")
    sure = table["how"].map(EVIDENCE).fillna(0.0).astype("float64")
    spelled = table["how"].str.startswith("spelling").to_numpy()
    table["confidence"] = sure.where(~spelled, (score / 100).clip(upper=0.94)).round(3)
    table["score"] = score.round(1)
    table["since"] = found["since"].astype("object").where(found["since"].notna(), None)
    waiting = table.index[table["village_code"].isna()]
    return Matches(table, _candidates(pairs[pairs["row"].isin(waiting)], listed))


def _candidates(pairs: pd.DataFrame, listed: pd.DataFrame) -> pd.DataFrame:
    moo = pairs["same_moo"].fillna(value=False).astype(bool)
    worth = pairs[(pairs["score"] >= _LEAST_CANDIDATE) | moo]
    ranked = worth.assign(same_moo=moo).sort_values(
        ["row", "score", "same_moo", "village_code"], ascending=[True, False, False, True]
    )
    ranked = ranked.drop_duplicates(["row", "village_code"])
    place = ranked.groupby("row").cumcount() + 1
    # Who is as likely as the likeliest is never left out.
    best = ranked["score"] == ranked.groupby("row")["score"].transform("max")
    shown = ranked.assign(place=place)[(place <= CANDIDATES_SHOWN) | best]
    names = listed.set_index("village_code")["name_th"]
    return pd.DataFrame(
        {
            "row": shown["row"],
            "place": shown["place"],
            "village_code": shown["village_code"].astype("string"),
            "name_th": shown["village_code"].map(names).astype("string"),
            "score": shown["score"].round(1),
            "via": shown["via"].astype("string"),
        }
    ).reset_index(drop=True)
