"""The units that a programme chooses among: villages, or a table of funds, groups, plots, …."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace

import pandas as pd

from phaenthi.geo.places.codes import Level, parent_code, read_codes
from phaenthi.geo.texts.csv import as_meant
from phaenthi.targeting.judging.evidence import VILLAGE_COLUMNS, Evidence
from phaenthi.targeting.programme.programme import Programme
from phaenthi.targeting.rules.rule import UnitColumn
from phaenthi.wording import Problem

# A table has one line of headings, and people count lines from one.
FIRST_ROW = 2
# From the smallest to the largest, so that each fills in the one around it.
_LEVELS = (Level.VILLAGE, Level.TAMBON, Level.AMPHOE, Level.PROVINCE)
_YES = {"1", "1.0", "true", "yes", "y", "ใช่", "มี", "ผ่าน", "จริง"}
_NO = {"0", "0.0", "false", "no", "n", "ไม่ใช่", "ไม่มี", "ไม่ผ่าน", "ไม่จริง"}
_MISSING = {"", "nan", "none", "<na>", "null", "-", "–", "ไม่ทราบ"}


def with_units(evidence: Evidence, programme: Programme, table: pd.DataFrame) -> Evidence:
    """Return the evidence with a table of units that the pack can read.

    Parameters
    ----------
    table
        See :func:`read_units`.
    """
    units = read_units(programme, table)
    content = units.to_csv(index=False, lineterminator="\n").encode("utf-8")
    digest = {**evidence.digest, "units": hashlib.sha256(content).hexdigest()}
    return replace(evidence, units=units, digest=digest)


def read_units(programme: Programme, table: pd.DataFrame) -> pd.DataFrame:
    """Read a table of units by the columns that the pack states.

    Parameters
    ----------
    table
        unit_code (or, for villages, village_code) and what is known of: name_th, village_code,
        tambon_code, amphoe_code, province_code and the pack's columns, each under its id or its
        Thai or English words. Other columns are left out, so that nobody's name or address
        comes along.

    Returns
    -------
    pandas.DataFrame
        unit_code, village_code, name_th, tambon_code, amphoe_code, province_code (text, missing
        where unknown; a code fills in those of the areas around it) and every column of the
        pack: ``count``, ``year`` Int64; ``amount`` Float64; ``flag`` boolean; ``text``, ``code``
        string. A column that the table does not have is missing in every row. Sorted by code.

    Raises
    ------
    Problem
        ``targeting.units_without_code``, ``targeting.unit_twice``, ``targeting.unit_code_missing``
        or ``targeting.unit_value_unreadable`` with the row and column.
    """
    named = _with_ids(programme, table).reset_index(drop=True)
    if "unit_code" not in named.columns:
        own = f"{programme.unit}_code"
        if own not in named.columns:
            raise Problem("targeting.units_without_code", columns=", ".join(named.columns))
        named = named.assign(unit_code=named[own])
    units = _places(named).assign(unit_code=_text(named["unit_code"]))
    _refuse_bad_codes(units["unit_code"])
    units["name_th"] = _text(named["name_th"]) if "name_th" in named else units["unit_code"]
    for name, column in programme.pack.columns.items():
        units[name] = _read_column(name, column, named.get(name), units.index)
    columns = ["unit_code", *VILLAGE_COLUMNS, *programme.pack.columns]
    return units[columns].sort_values("unit_code", ignore_index=True)


def units_of(programme: Programme, evidence: Evidence, provinces: Iterable[str]) -> pd.DataFrame:
    """Return the units of some provinces: unit_code, places, name and the pack's columns.

    Notes
    -----
    Villages and tambons come from the village list, with the table's columns beside them;
    everything else comes from the table alone. Sorted by unit_code.
    """
    given = evidence.units
    if programme.unit in ("village", "tambon"):
        units = _from_villages(programme, evidence.villages)
        extra = [name for name in programme.pack.columns if given is not None and name in given]
        if given is not None:
            units = units.merge(given[["unit_code", *extra]], how="left", on="unit_code")
        for name, column in programme.pack.columns.items():
            if name not in extra:
                units[name] = _read_column(name, column, None, units.index)
    else:
        units = read_units(programme, pd.DataFrame({"unit_code": []})) if given is None else given
    inside = units["province_code"].isin(list(provinces))
    return units[inside].sort_values("unit_code", ignore_index=True)


def unplaced(evidence: Evidence) -> int:
    """Return how many units of the table have no province, so that no province judges them."""
    return 0 if evidence.units is None else int(evidence.units["province_code"].isna().sum())


def _from_villages(programme: Programme, villages: pd.DataFrame) -> pd.DataFrame:
    if programme.unit == "village":
        return villages.assign(unit_code=villages["village_code"])[["unit_code", *VILLAGE_COLUMNS]]
    tambons = villages.drop_duplicates("tambon_code")
    blank = pd.Series(pd.NA, index=tambons.index, dtype="string")
    tambons = tambons.assign(
        unit_code=tambons["tambon_code"], name_th=tambons["tambon_code"], village_code=blank
    )
    return tambons[["unit_code", *VILLAGE_COLUMNS]].reset_index(drop=True)


def _with_ids(programme: Programme, table: pd.DataFrame) -> pd.DataFrame:
    words = {
        text: name
        for name, one in programme.pack.columns.items()
        for text in (one.words.th, one.words.en)
    }
    meant = {head: as_meant(str(head).strip()) for head in table}
    heads = {head: words[text] for head, text in meant.items() if text in words}
    return table.rename(columns=heads)


def _places(table: pd.DataFrame) -> pd.DataFrame:
    places = pd.DataFrame(index=table.index)
    below: pd.Series | None = None
    for level in _LEVELS:
        codes = pd.Series(pd.NA, index=table.index, dtype="string")
        if level.column in table:
            codes = read_codes(table[level.column], level)
            _refuse_unread(level.column, table[level.column], codes)
        if below is not None:
            codes = parent_code(below, level).fillna(codes)
        places[level.column] = codes
        below = codes
    return places


def _refuse_unread(name: str, given: pd.Series, read: pd.Series) -> None:
    bad = read.isna() & ~_text(given).isna()
    if bad.any():
        _refuse_value(name, given, bad)


def _refuse_value(name: str, given: pd.Series, bad: pd.Series) -> None:
    place = int(bad.to_numpy(dtype=bool).argmax())
    raise Problem(
        "targeting.unit_value_unreadable",
        row=place + FIRST_ROW,
        column=name,
        found=given.iloc[place],
    )


def _refuse_bad_codes(codes: pd.Series) -> None:
    if codes.isna().any():
        row = int(codes.isna().to_numpy(dtype=bool).argmax()) + FIRST_ROW
        raise Problem("targeting.unit_code_missing", row=row)
    twice = codes.duplicated()
    if twice.any():
        place = int(twice.to_numpy(dtype=bool).argmax())
        raise Problem("targeting.unit_twice", row=place + FIRST_ROW, found=codes.iloc[place])


def _text(values: pd.Series) -> pd.Series:
    text = values.astype("string").str.strip()
    return text.mask(text.str.lower().isin(_MISSING))


def _read_column(
    name: str, column: UnitColumn, given: pd.Series | None, index: pd.Index
) -> pd.Series:
    text = pd.Series(pd.NA, index=index, dtype="string") if given is None else _text(given)
    bad = pd.Series(data=False, index=index)
    if column.kind == "flag":
        low = text.str.lower()
        values = pd.Series(pd.NA, index=index, dtype="boolean")
        values = values.mask(low.isin(_YES), other=True).mask(low.isin(_NO), other=False)
        bad = values.isna() & text.notna()
    elif column.kind in ("count", "year", "amount"):
        numbers = pd.to_numeric(text.str.replace(",", ""), errors="coerce").astype("Float64")
        bad = text.notna() & (numbers.isna() | (numbers < 0)).fillna(value=True).astype(bool)
        if column.kind != "amount":
            bad |= (numbers.notna() & (numbers % 1 != 0)).fillna(value=False).astype(bool)
        whole = column.kind != "amount" and not bad.any()
        values = numbers.astype("Int64") if whole else numbers
    else:
        level = next((one for one in Level if name.endswith(one.column)), None)
        of_place = column.kind == "code" and level is not None
        values = read_codes(text, level) if of_place and level is not None else text
        bad = values.isna() & text.notna()
        if column.choices:
            bad = text.notna() & ~text.isin(list(column.choices))
    if bad.any() and given is not None:
        _refuse_value(name, given, bad)
    return values
