"""Which villages a row of a register might be: pairs of row and village with their evidence."""

from __future__ import annotations

import re
from functools import cache

import numpy as np
import numpy.typing as npt
import pandas as pd
from rapidfuzz import fuzz, process

from phaenthi.geo.places import gazetteer
from phaenthi.geo.places.codes import Level, moo, parent_code
from phaenthi.geo.places.spelling import normalise, read_moo
from phaenthi.geo.places.succession import succession_of

SAME_SPELLING = 100.0

# Words that tell one village from its neighbour: with one of them on one side only, two names
# are those of two villages, however alike they look.
_TELLING = (
    "ตะวันออก",
    "ตะวันตก",
    "เหนือ",
    "ใต้",
    "กลาง",
    "ใหม่",
    "เก่า",
    "น้อย",
    "ใหญ่",
    "บน",
    "ล่าง",
    "นอก",
)
_TONES = re.compile("[่-๋]")
_TELLING_WORDS = re.compile(rf"({'|'.join(_TONES.sub('', word) for word in _TELLING)}|ใน$|\d+)")
_BRACKETED = re.compile(r"[(\[]([^)\]]*)[)\]]?")
# A name beside a name in brackets, such as บ้านคุ้งสำเภา (แหลมงิ้ว), is as good as nearly equal.
_SIDE_NAME = 0.97


def spell(names: pd.Series) -> pd.Series:
    """Return village names as they are compared, each different name spelled once; "" if none."""
    known = names.dropna().astype(str).unique()
    spelled = {name: normalise(name, Level.VILLAGE) for name in known}
    texts = names.astype("object").map(spelled)
    return texts.where(texts.notna(), "").astype("object")


def spell_sides(names: pd.Series) -> pd.Series:
    """Return the spellings before and in the brackets of names; an empty tuple without any."""
    known = [name for name in names.dropna().astype(str).unique() if _BRACKETED.search(name)]
    sides = {
        name: tuple(
            filter(
                None,
                (
                    normalise(part, Level.VILLAGE)
                    for part in (_BRACKETED.sub(" ", name), _BRACKETED.findall(name)[0])
                ),
            )
        )
        for name in known
    }
    return pd.Series([sides.get(name, ()) for name in names.astype("object")], index=names.index)


def prepare_rows(rows: pd.DataFrame) -> pd.DataFrame:
    """Return what is known of each row, every column there and missing where it is not known.

    Returns
    -------
    pandas.DataFrame
        Index of ``rows``; village_code, tambon_code, amphoe_code,
        province_code (``string``), spelling (``""`` if there is no name), moo (``Int64``),
        longitude, latitude.
    """
    known = pd.DataFrame(index=rows.index)
    for name in (
        "village_code",
        "tambon_code",
        "amphoe_code",
        "province_code",
    ):
        known[name] = _column(rows, name).astype("string")
    names = _column(rows, "name").astype("string")
    known["spelling"], known["sides"] = spell(names), spell_sides(names)
    known["tambon_code"] = known["tambon_code"].fillna(
        known["village_code"].str[: Level.TAMBON.digits]
    )
    numbered = pd.to_numeric(_column(rows, "moo"), errors="coerce").astype("Int64")
    joined = known["tambon_code"] + numbered.astype("string").str.zfill(2)
    known["village_code"] = known["village_code"].fillna(joined)
    for level in (Level.AMPHOE, Level.PROVINCE):
        child = Level.TAMBON if level is Level.AMPHOE else Level.AMPHOE
        known[level.column] = known[level.column].fillna(known[child.column].str[: level.digits])
    said = {text: read_moo(text) for text in names.dropna().unique()}
    told = [said.get(text) for text in names]
    number = numbered.fillna(pd.Series(told, index=names.index, dtype="Int64"))
    known["moo"] = number.fillna(moo(known["village_code"]))
    for name in ("longitude", "latitude"):
        known[name] = pd.to_numeric(_column(rows, name), errors="coerce").astype("float64")
    return known


def prepare_villages(villages: pd.DataFrame) -> pd.DataFrame:
    """Return the village list with spellings, moo and the codes above each village."""
    codes = villages["village_code"].astype("string").reset_index(drop=True)
    names = villages["name_th"].reset_index(drop=True)
    return pd.DataFrame(
        {
            "village_code": codes,
            "name_th": names.astype("string"),
            "village_spelling": spell(names),
            "village_sides": spell_sides(names),
            "village_moo": moo(codes),
            "tambon_code": parent_code(codes, Level.TAMBON),
            "amphoe_code": parent_code(codes, Level.AMPHOE),
            "province_code": parent_code(codes, Level.PROVINCE),
        }
    )


def areas_of(known: pd.DataFrame, listed: pd.DataFrame) -> pd.DataFrame:
    """Return the tambons of today that each row may lie in.

    A tambon that was abolished leads to its dated successors; one whose number is in use again
    leads to both. A tambon whose successor nobody recorded leads to the tambons of its name in
    the same amphoe, or in the province that its amphoe went to.

    Parameters
    ----------
    known
        As ``prepare_rows`` gives it.
    listed
        As ``prepare_villages`` gives it.

    Returns
    -------
    pandas.DataFrame
        row, tambon_code, via (``same``, ``successor``, ``namesake``), since (date
        on which the old code was abolished, missing for ``same``), old_code.
    """
    named = pd.DataFrame({"row": known.index, "old_code": known["tambon_code"], "via": "same"})
    named = named.dropna(subset=["old_code"])
    today = set(listed["tambon_code"]) | set(gazetteer.areas(Level.TAMBON)["code"])
    here = named[named["old_code"].isin(today)]
    here = here.assign(tambon_code=here["old_code"], since=None)
    moved = named.drop(columns="via").merge(_ways_on(), on="old_code")
    areas = pd.concat([here, moved], ignore_index=True)
    return areas.drop_duplicates(["row", "tambon_code"], ignore_index=True)


@cache
def _ways_on() -> pd.DataFrame:
    """Return old_code, tambon_code, via, since: where the villages of abolished tambons went."""
    current = gazetteer.areas(Level.TAMBON)
    namesakes: dict[str, list[str]] = {}
    for new, name in zip(current["code"], current["name_th"], strict=True):
        namesakes.setdefault(normalise(name, Level.TAMBON), []).append(str(new))
    gone = gazetteer.abolished()
    gone = gone[gone["level"] == Level.TAMBON.value]
    ways = []
    for area in gone.itertuples():
        code = str(area.code)
        ended = succession_of(code)
        since = ended.ended_on if ended else area.abolished_on
        dated = [new for new in _dated(code) if len(new) == Level.TAMBON.digits]
        recorded = ended is not None and ended.basis == "notice"
        for new in dated:
            # A successor told by its name alone is sure enough inside the province only.
            inside = parent_code(new, Level.PROVINCE) == parent_code(code, Level.PROVINCE)
            ways.append((code, new, "successor" if recorded or inside else "namesake", since))
        if dated:
            continue
        amphoe = parent_code(code, Level.AMPHOE)
        provinces = {parent_code(code, Level.PROVINCE)}
        provinces |= {parent_code(new, Level.PROVINCE) for new in _dated(amphoe)}
        alike = namesakes.get(normalise(str(area.name_th), Level.TAMBON), [])
        near = [new for new in alike if parent_code(new, Level.PROVINCE) in provinces]
        ways += [(code, new, "namesake", since) for new in near]
    return pd.DataFrame(ways, columns=["old_code", "tambon_code", "via", "since"])


def _dated(code: str) -> tuple[str, ...]:
    return gazetteer.successors(code)


def pair(known: pd.DataFrame, areas: pd.DataFrame, listed: pd.DataFrame) -> pd.DataFrame:
    """Pair each row with each village of the tambons that it may lie in.

    Returns
    -------
    pandas.DataFrame
        row, village_code, via, since, score (0–100, 0 without a name), same_moo, same_code,
        told_apart (a word such as เหนือ stands on one side only).
    """
    facts = known[["spelling", "sides", "moo", "village_code"]].rename(
        columns={"village_code": "old"}
    )
    pairs = areas.merge(listed, on="tambon_code").merge(facts, left_on="row", right_index=True)
    score = _with_side_names(pairs, likeness(pairs["spelling"], pairs["village_spelling"]))
    same_moo = (pairs["moo"] == pairs["village_moo"]).fillna(value=False).astype(bool)
    same_code = (pairs["old"] == pairs["village_code"]).fillna(value=False).astype(bool)
    return pairs[["row", "village_code", "via", "since"]].assign(
        score=score,
        same_moo=same_moo,
        same_code=same_code,
        told_apart=told_apart(pairs["spelling"], pairs["village_spelling"], score),
        village_named=pairs["village_spelling"] != "",
    )


def _with_side_names(
    pairs: pd.DataFrame, score: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Return the likeness with a name in brackets, or the one before it, taken for the whole."""
    better = score.copy()
    bracketed = [bool(a or b) for a, b in zip(pairs["sides"], pairs["village_sides"], strict=True)]
    places = np.flatnonzero(np.array(bracketed, dtype=bool) & (score < SAME_SPELLING))
    columns = ("spelling", "sides", "village_spelling", "village_sides")
    several = pairs[list(columns)].iloc[places].itertuples(index=False)
    for place, (name, sides, village, village_sides) in zip(places, several, strict=True):
        own, theirs = (name, *sides), (village, *village_sides)
        best = max((fuzz.ratio(a, b) for a in own for b in theirs if a and b), default=0.0)
        better[place] = max(score[place], _SIDE_NAME * best)
    return better


def likeness(left: pd.Series, right: pd.Series) -> npt.NDArray[np.float64]:
    """Return how alike spellings are pair by pair, 0–100; 0 where either is empty."""
    score = process.cpdist(left.to_list(), right.to_list(), scorer=fuzz.ratio)
    filled = (left != "").to_numpy() & (right != "").to_numpy()
    return np.where(filled, np.asarray(score, dtype=np.float64), 0.0)


def told_apart(
    left: pd.Series, right: pd.Series, score: npt.NDArray[np.float64], least: float = 60.0
) -> npt.NDArray[np.bool_]:
    """Tell where a word or number that tells neighbours apart stands on one side only."""
    apart = np.zeros(len(left), dtype=bool)
    close = np.flatnonzero((score >= least) & (score < SAME_SPELLING))
    first, second = (names.to_numpy()[close] for names in (left, right))
    words = {name: _telling_words(name) for name in {*first, *second}}
    apart[close] = [words[a] != words[b] for a, b in zip(first, second, strict=True)]
    return apart


def _telling_words(spelling: str) -> frozenset[str]:
    return frozenset(_TELLING_WORDS.findall(_TONES.sub("", spelling)))


def _column(rows: pd.DataFrame, name: str) -> pd.Series:
    if name in rows:
        return rows[name]
    return pd.Series(pd.NA, index=rows.index, dtype="string", name=name)
