"""What became of abolished areas, with dates and grounds, and which codes were in use when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal

import geothai.abolished
import pandas as pd

from geo import gazetteer
from geo.codes import Level, level_of, moo, parent_code, village_code


@dataclass(frozen=True)
class Succession:
    """The end of one area.

    Attributes
    ----------
    code, name_th
        The area that ended.
    ended_on
        The day from which its code was no longer right: that of the notice where there is one,
        else that on which DOPA struck it off. 1 January 2006 is the beginning of DOPA's list:
        many areas ended earlier.
    successors
        Current codes that it went to; empty where nobody recorded them.
    basis
        ``notice`` (in the Royal Gazette), ``name`` (an area of the same name nearby) or None.
    source
        The notice, if any.
    """

    code: str
    name_th: str
    ended_on: date
    successors: tuple[str, ...]
    basis: Literal["notice", "name"] | None
    source: str | None


@cache
def _successions() -> dict[str, Succession]:
    return {
        area.code: Succession(
            code=area.code,
            name_th=area.name_th,
            ended_on=date.fromisoformat(area.successors_in_force or area.abolished_on),
            successors=area.successors,
            basis=area.successors_basis,
            source=area.successors_source,
        )
        for area in geothai.abolished.abolished_areas()
    }


def succession_of(code: str) -> Succession | None:
    """Return how an area ended, or None if it is in use or never was.

    A village shares the end of its tambon; that it kept its moo in the new one is usual and
    not certain, so its basis is never better than ``name``.

    Parameters
    ----------
    code
        Province, amphoe, tambon or village.
    """
    if level_of(code) is not Level.VILLAGE:
        return _successions().get(code)
    ended = _successions().get(parent_code(code, Level.TAMBON))
    if ended is None:
        return None
    villages = tuple(village_code(tambon, moo(code)) for tambon in ended.successors)
    basis: Literal["name"] | None = "name" if villages else None
    return Succession(code, ended.name_th, ended.ended_on, villages, basis, ended.source)


def successor_chain(code: str) -> tuple[Succession, ...]:
    """Return every end on the way from a code to those of today, the earliest first.

    ``430301`` → its end on 23 March 2011, with ``380101`` after it. Empty for a code in use.
    """
    chain, waiting, seen = [], [code], set()
    while waiting:
        ended = succession_of(waiting.pop())
        if ended is None or ended.code in seen:
            continue
        seen.add(ended.code)
        chain.append(ended)
        waiting += ended.successors
    return tuple(sorted(chain, key=lambda ended: (ended.ended_on, ended.code)))


def successions() -> pd.DataFrame:
    """Return every end as a table, a row for each pair of old and new code.

    Returns
    -------
    pandas.DataFrame
        code, name_th, level, successor, successor_name_th (both missing where none is
        recorded), ended_on (date), basis, source; sorted by code and successor.
    """
    rows = [
        (end.code, end.name_th, level_of(end.code).value, new, end.ended_on, end.basis, end.source)
        for end in _successions().values()
        for new in end.successors or (None,)
    ]
    columns = ["code", "name_th", "level", "successor", "ended_on", "basis", "source"]
    table = pd.DataFrame(rows, columns=columns)
    table = table.astype(dict.fromkeys([c for c in columns if c != "ended_on"], "string"))
    names = gazetteer.names_of(table["successor"])["name_th"]
    table.insert(4, "successor_name_th", names)
    return table.sort_values(["code", "successor"], ignore_index=True)


def codes_on(level: Level, day: date) -> pd.DataFrame:
    """Return the areas of a level that were in use on a day, as far as it is known.

    Parameters
    ----------
    level
        Province, amphoe or tambon.
    day
        From 2006 on; DOPA's list of abolished areas begins there.

    Returns
    -------
    pandas.DataFrame
        code, name_th, certain: False for areas of today that followed by name on one that was
        still there, so that they may have begun later; sorted by code. Areas of today that a
        notice set up after the day are left out.
    """
    of_level = [end for end in _successions().values() if level_of(end.code) is level]
    alive = [end for end in of_level if end.ended_on > day]
    begun_later = {new for end in alive if end.basis == "notice" for new in end.successors}
    doubtful = {new for end in alive if end.basis == "name" for new in end.successors}
    today = gazetteer.areas(level)[["code", "name_th"]]
    today = today[~today["code"].isin(begun_later)]
    today = today.assign(certain=~today["code"].isin(doubtful))
    past = pd.DataFrame(
        {
            "code": pd.array([end.code for end in alive], dtype="string"),
            "name_th": pd.array([end.name_th for end in alive], dtype="string"),
            "certain": True,
        }
    )
    return pd.concat([today, past], ignore_index=True).sort_values("code", ignore_index=True)
