"""Which areas exist, existed, and what became of them, after DOPA's lists in ``geothai``."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TYPE_CHECKING

import geothai
import geothai.abolished
from rapidfuzz import process

from phaenthi.geo.places.codes import Level, try_code
from phaenthi.geo.places.spelling import normalise
from phaenthi.wording import Language, Problem

# A name is looked up without waiting for what holds whole tables.
if TYPE_CHECKING:
    import pandas as pd

# Short forms that people write for a province and that no list of names holds.
_PROVINCE_ALIASES = {"กทม": "10", "กรุงเทพ": "10", "อยุธยา": "14", "ayutthaya": "14"}
_LEVEL_WORDS = {"province": Level.PROVINCE, "district": Level.AMPHOE, "subdistrict": Level.TAMBON}


def areas(level: Level) -> pd.DataFrame:
    """Return every area of a level that exists today.

    Parameters
    ----------
    level
        Province, amphoe or tambon; the gazetteer holds no villages.

    Returns
    -------
    pandas.DataFrame
        code, name_th, name_en, parent_code (missing for provinces); sorted by code.

    Raises
    ------
    ValueError
        For the village level.
    """
    return _areas(level).copy(deep=False)


@cache
def _areas(level: Level) -> pd.DataFrame:
    import pandas as pd  # noqa: PLC0415

    columns = ["code", "name_th", "name_en", "parent_code"]
    table = pd.DataFrame(_rows(level), columns=columns)
    return table.astype("string").sort_values("code", ignore_index=True)


def _rows(level: Level) -> list[tuple[str, str, str, str | None]]:
    """Return code, Thai and English name and the parent's code of every area of a level."""
    provinces = geothai.provinces()
    if level is Level.PROVINCE:
        return [(p.code, p.name_th, p.name_en, None) for p in provinces]
    districts = [d for p in provinces for d in geothai.districts(p.code)]
    if level is Level.AMPHOE:
        return [(d.code, d.name_th, d.name_en, d.province_code) for d in districts]
    if level is Level.TAMBON:
        return [
            (s.code, s.name_th, s.name_en, s.district_code)
            for d in districts
            for s in geothai.subdistricts(d.code)
        ]
    raise ValueError("the gazetteer holds no villages")


def abolished() -> pd.DataFrame:
    """Return every area that DOPA abolished.

    Returns
    -------
    pandas.DataFrame
        code, name_th, level, abolished_on (date), successors (list of current codes, empty
        where nobody recorded them); sorted by code. 401 of 1,583 areas have no successor.
    """
    return _abolished().copy(deep=False)


@cache
def _abolished() -> pd.DataFrame:
    import pandas as pd  # noqa: PLC0415

    rows = [
        (
            area.code,
            area.name_th,
            _LEVEL_WORDS[area.level].value,
            date.fromisoformat(area.abolished_on),
            list(area.successors),
        )
        for area in geothai.abolished.abolished_areas()
    ]
    columns = ["code", "name_th", "level", "abolished_on", "successors"]
    table = pd.DataFrame(rows, columns=columns).sort_values("code", ignore_index=True)
    return table.astype({"code": "string", "name_th": "string", "level": "string"})


def exists(code: str) -> bool:
    """Tell whether a province, amphoe or tambon of this code exists today."""
    return code in _names()


def name_of(code: str, language: Language = "th") -> str:
    """Return the name of a province, amphoe or tambon, also of an abolished one.

    Raises
    ------
    Problem
        ``geo.code_unknown`` if no such area exists or existed.
    """
    names = _names().get(code) or _abolished_names().get(code)
    if names is None:
        raise Problem("geo.code_unknown", found=code)
    return names[language]


def successors(code: str) -> tuple[str, ...]:
    """Return the current codes that an abolished area went to; empty where none is recorded."""
    return _successors().get(code, ())


@cache
def _names() -> dict[str, dict[Language, str]]:
    return {
        code: {"th": thai, "en": english}
        for level in (Level.PROVINCE, Level.AMPHOE, Level.TAMBON)
        for code, thai, english, _ in _rows(level)
    }


@cache
def _abolished_names() -> dict[str, dict[Language, str]]:
    return {
        area.code: {"th": area.name_th, "en": area.name_en or area.name_th}
        for area in geothai.abolished.abolished_areas()
    }


@cache
def _successors() -> dict[str, tuple[str, ...]]:
    return {area.code: area.successors for area in geothai.abolished.abolished_areas()}


def find_province(text: str) -> str:
    """Return the code of the province that a code or a name means.

    Parameters
    ----------
    text
        ``46``, ``TH46``, ``กาฬสินธุ์``, ``จ.กาฬสินธุ์``, ``Kalasin`` …

    Raises
    ------
    Problem
        ``geo.province_unknown`` with the three names nearest in spelling: a damaged name may
        be another real province, so nothing is guessed.
    """
    code = try_code(text, Level.PROVINCE)
    if code is not None and exists(code):
        return code
    spellings = _province_spellings()
    wanted = normalise(str(text), Level.PROVINCE)
    if wanted in spellings:
        return spellings[wanted]
    nearest = process.extract(wanted, spellings.keys(), limit=3)
    codes = dict.fromkeys(spellings[spelling] for spelling, _, _ in nearest)
    candidates = ", ".join(f"{name_of(code)} ({code})" for code in codes)
    raise Problem("geo.province_unknown", found=text, candidates=candidates)


@cache
def _province_spellings() -> dict[str, str]:
    rows = sorted(_rows(Level.PROVINCE))
    spellings = dict(_PROVINCE_ALIASES)
    for column in (1, 2):
        spellings.update((normalise(str(row[column]), Level.PROVINCE), row[0]) for row in rows)
    return spellings


def names_of(codes: pd.Series) -> pd.DataFrame:
    """Return name_th and name_en of a column of codes, missing where the code never was.

    Returns
    -------
    pandas.DataFrame
        name_th, name_en (string); index of ``codes``.
    """
    import pandas as pd  # noqa: PLC0415

    known = _abolished_names() | _names()
    none: dict[Language, str] = {}
    found = [known.get(code, none) for code in codes]
    names = {f"name_{end}": [name.get(end) for name in found] for end in ("th", "en")}
    return pd.DataFrame(names, index=codes.index, dtype="string")
