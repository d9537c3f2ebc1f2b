"""Codes of the province, amphoe and tambon that rows of a register name, of today or of then."""

from __future__ import annotations

from functools import cache

import pandas as pd

from phaenthi.geo.places import gazetteer, names
from phaenthi.geo.places.codes import Level, parent_code, read_codes
from phaenthi.geo.places.spelling import normalise
from phaenthi.wording import Problem

NAME_COLUMNS = {Level.PROVINCE: "province", Level.AMPHOE: "amphoe", Level.TAMBON: "tambon"}


def find_parents(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the codes of the areas that rows name; codes that the rows have are kept.

    A name is looked for inside the area above it only: a tambon in its amphoe (or in its
    province, if no amphoe is named and the name is unique there). Areas of today come before
    abolished ones; of an abolished one the old code is returned, for ``match_villages`` to
    follow to its dated successor. Nothing is guessed: a name that is not clear leaves the code
    missing.

    Parameters
    ----------
    rows
        Of province, amphoe, tambon (names) and province_code, amphoe_code, tambon_code those
        that the register has.

    Returns
    -------
    pandas.DataFrame
        province_code, amphoe_code, tambon_code (``string``); index of ``rows``.
    """
    wanted = pd.DataFrame(index=rows.index)
    for level, name in NAME_COLUMNS.items():
        for column in (name, level.column):
            given = rows[column] if column in rows else pd.Series(pd.NA, index=rows.index)
            wanted[column] = given.astype("string").fillna("")
    distinct = wanted.drop_duplicates()
    found = [
        _find({str(name): str(value) for name, value in row.items()})
        for row in distinct.to_dict("records")
    ]
    codes = distinct.assign(
        **{f"{level.column} found": [one.get(level, "") for one in found] for level in NAME_COLUMNS}
    )
    told = wanted.merge(codes, on=list(wanted.columns), how="left")
    told.index = rows.index
    columns = {}
    for level in NAME_COLUMNS:
        code = told[f"{level.column} found"].astype("string")
        columns[level.column] = code.mask(code == "")
    return pd.DataFrame(columns)


def _find(row: dict[str, str]) -> dict[Level, str]:
    """Return the code of each level that one row's codes and names lead to."""
    found: dict[Level, str] = {}
    for level, column in NAME_COLUMNS.items():
        above = _lowest(found)
        given, name = row[level.column], row[column]
        if given:
            code: str | None = given
        elif not name:
            code = None
        elif level is Level.PROVINCE:
            code = _province(name)
        else:
            code = _inside(name, level, above)
        if code:
            found |= {
                upper: parent_code(code, upper)
                for upper in NAME_COLUMNS
                if upper.digits <= level.digits
            }
    return found


def _lowest(found: dict[Level, str]) -> str:
    return max(found.values(), key=len, default="")


def with_parents(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows with their codes read and the codes of the areas that they name.

    Parameters
    ----------
    rows
        As ``find_parents`` takes them, codes in any spelling.

    Returns
    -------
    pandas.DataFrame
        The rows with province_code, amphoe_code, tambon_code and, if it was there,
        village_code; missing where unreadable or not found.
    """
    read = {
        level.column: read_codes(rows[level.column], level)
        for level in Level
        if level.column in rows
    }
    plain = rows.assign(**read)
    parents = find_parents(plain)
    return plain.assign(**{str(name): parents[name] for name in parents})


@cache
def _province(name: str) -> str | None:
    try:
        return gazetteer.find_province(name)
    except Problem:
        return None  # the row then has no province, and is told as not found


@cache
def _inside(name: str, level: Level, above: str) -> str | None:
    spelling = normalise(name, level)
    for areas in (_spellings(level, former=False), _spellings(level, former=True)):
        codes = [code for code in areas.get(spelling, ()) if code.startswith(above)]
        if codes:
            return codes[0] if len(codes) == 1 else None
    if not above:
        return None
    match = names.match(name, level, above)
    return match.code if match else None


@cache
def _spellings(level: Level, *, former: bool) -> dict[str, tuple[str, ...]]:
    areas = gazetteer.abolished() if former else gazetteer.areas(level)
    if former:
        areas = areas[areas["level"] == level.value]
    spellings: dict[str, tuple[str, ...]] = {}
    for code, name in zip(areas["code"], areas["name_th"], strict=True):
        spelling = normalise(str(name), level)
        spellings[spelling] = (*spellings.get(spelling, ()), str(code))
    return spellings
