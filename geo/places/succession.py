"""What became of abolished areas, with dates and grounds, and which codes were in use when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal

import geothai.abolished

from phaenthi.geo.places.codes import Level, level_of, moo, parent_code, village_code


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
