"""The programmes that registers name, and the short name that rules know each by."""

from __future__ import annotations

import csv
import re
from functools import cache

from phaenthi.data import shipped
from phaenthi.layers.registers.incoming import IncomingRows
from phaenthi.layers.tables.table_file import plain_header

_FILE = shipped("phaenthi.layers.registers", "programmes.csv")
# Registers write "โครงการ…" or "กิจกรรม…" before a name and the year after it.
_BEFORE = re.compile(r"^(?:โครงการ|กิจกรรม|project)")
_AFTER = re.compile(r"(?:ปีงบประมาณ|ปี)?(?:พศ)?[0-9๐-๙]{4}$")


@cache
def programmes() -> tuple[dict[str, str], ...]:
    """Return the known programmes: slug, name_th, name_en, aliases (parted by ``|``)."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def find_programme(text: str) -> str | None:
    """Return the slug of the programme that a name means, or None; nothing is guessed.

    Spaces, signs, brackets, "โครงการ" before and the year after the name do not matter.
    """
    return _slugs().get(_bare(text))


def name_programmes(incoming: IncomingRows) -> IncomingRows:
    """Put slugs in place of the programme names of the incoming rows, and set unknown ones aside.

    Raises
    ------
    Problem
        ``layers.programmes_unknown`` if no row names a known programme.
    """
    return incoming.with_ids("programme", find_programme, noun="programme")


@cache
def _slugs() -> dict[str, str]:
    spellings: dict[str, str] = {}
    for programme in programmes():
        names = [programme[column] for column in ("slug", "name_th", "name_en")]
        for name in [*names, *programme["aliases"].split("|")]:
            spelling = _bare(name)
            if spellings.setdefault(spelling, programme["slug"]) != programme["slug"]:
                raise ValueError(f"{_FILE.name}: {name} is a name of two programmes")
    return spellings


def _bare(text: str) -> str:
    # What stands in brackets is part of some names, so only the signs go.
    plain = plain_header(re.sub(r"[()\[\]]", "", text))
    return _AFTER.sub("", _BEFORE.sub("", plain))
