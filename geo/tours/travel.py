"""Travel between places: the sphere times a detour, a table that an office holds, or its roads.

Whatever the source, the answer is minutes and metres from each place to each other, in whole
numbers, with a sentence that says where they come from.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from phaenthi.geo.notes import Note
from phaenthi.geo.shapes.sphere import sphere_metres
from phaenthi.geo.tours.tour import NO_WAY
from phaenthi.wording import Problem
from phaenthi.wording.digits import plain_digits

DETOUR = 1.4
"""Kilometres of road for one of great circle: assumed; published country averages run from
about 1.2 to 1.6."""
KILOMETRES_PER_HOUR = 40.0
"""On country roads, stops and turns included: assumed."""
_DECIMAL_PLACES = 6
_FROM = ("from", "จาก", "ต้นทาง")
_TO = ("to", "ถึง", "ปลายทาง")
_MINUTES = ("minutes", "นาที", "เวลา", "เวลา(นาที)", "time")
_KILOMETRES = ("kilometres", "km", "กม.", "กม", "กิโลเมตร", "ระยะทาง", "ระยะทาง(กม.)")
_NO_ROAD = ("x", "X", "ไม่มีทาง", "none")

Whole = NDArray[np.int64]


@dataclass(frozen=True)
class Travel:
    """Travel from each place (row) to each place (column).

    Attributes
    ----------
    minutes
        Rounded up; ``NO_WAY`` where there is none; 0 from a place to itself.
    metres
        Rounded; ``NO_WAY`` where there is no way or the source tells no distance.
    source
        Where this comes from, in words.
    """

    minutes: Whole
    metres: Whole
    source: Note

    def table(self) -> tuple[tuple[int, ...], ...]:
        """Return the minutes as ``phaenthi.geo.tours.tour.TourTask`` takes them."""
        return tuple(map(tuple, self.minutes.tolist()))


def travel_by_great_circle(
    longitude: Sequence[float],
    latitude: Sequence[float],
    *,
    detour: float = DETOUR,
    kilometres_per_hour: float = KILOMETRES_PER_HOUR,
) -> Travel:
    """Estimate travel from positions alone.

    Parameters
    ----------
    longitude, latitude
        Of each place in degrees, none missing.
    detour
        Kilometres of road for one of great circle, 1 or more.
    kilometres_per_hour
        Average speed, more than 0.

    Raises
    ------
    Problem
        ``geo.travel_setting`` if detour or speed make no sense.
    """
    _refuse_settings(detour, kilometres_per_hour)
    x, y = np.asarray(longitude, dtype=float), np.asarray(latitude, dtype=float)
    road = sphere_metres(x[None, :], y[None, :], x[:, None], y[:, None]) * detour
    source = Note(
        "geo.travel.great_circle", {"detour": f"{detour:g}", "speed": f"{kilometres_per_hour:g}"}
    )
    return Travel(minutes_of(road, kilometres_per_hour), np.rint(road).astype(np.int64), source)


def _refuse_settings(detour: float, kilometres_per_hour: float) -> None:
    if not detour >= 1:
        raise Problem("geo.travel_setting", found=detour)
    if not 0 < kilometres_per_hour <= 200:
        raise Problem("geo.travel_setting", found=kilometres_per_hour)


def minutes_of(metres: NDArray[np.float64], kilometres_per_hour: float) -> Whole:
    """Return how long metres of road take, in whole minutes rounded up."""
    minutes = metres / (kilometres_per_hour * 1000 / 60)
    # What is whole but for the last bits of a float is not rounded up to one more.
    whole: Whole = np.ceil(np.round(minutes, _DECIMAL_PLACES)).astype(np.int64)
    return whole


def travel_by_table(
    path: Path,
    places: Sequence[str],
    *,
    unit: str = "minutes",
    both_ways: bool = False,
    kilometres_per_hour: float = KILOMETRES_PER_HOUR,
) -> Travel:
    """Read travel from a CSV file that an office holds.

    The file is either a square – places down the first column and along the first line – or a
    list with a line a pair: from (จาก), to (ถึง), minutes (นาที) and/or kilometres (กม.).

    Parameters
    ----------
    path
        CSV, UTF-8 or cp874.
    places
        Names of the places wanted, as the file spells them, in order; further places in the
        file are left aside.
    unit
        ``minutes`` or ``kilometres``: what the cells of a square hold.
    both_ways
        True where one direction stands for both.
    kilometres_per_hour
        For pairs that tell kilometres and no minutes.

    Raises
    ------
    Problem
        ``geo.travel_place_missing``; ``geo.travel_pair_missing`` with the two places (a blank
        cell is a missing pair: ``x`` or ไม่มีทาง says that there is no road);
        ``geo.travel_unreadable`` with row, column and what was found there;
        ``geo.travel_pair_twice``; ``geo.travel_table_shape``.
    """
    _refuse_settings(1.0, kilometres_per_hour)
    raw = _read_csv(path)
    headers = [header.strip().casefold() for header in raw.columns]
    starts, ends = _find(headers, _FROM), _find(headers, _TO)
    if starts is not None and ends is not None:
        minutes, metres = _from_list(path, raw, headers, places, both_ways=both_ways)
    else:
        minutes, metres = _from_square(path, raw, places, unit, both_ways=both_ways)
    by_speed = np.isnan(minutes) & ~np.isnan(metres)
    minutes[by_speed & (metres < 0)] = NO_WAY
    asked = by_speed & (metres >= 0)
    minutes[asked] = minutes_of(metres[asked], kilometres_per_hour)
    _refuse_missing(path, minutes, places)
    values = {"file": Path(path).name, "speed": f"{kilometres_per_hour:g}"}
    source = Note("geo.travel.table_kilometres" if by_speed.any() else "geo.travel.table", values)
    told = np.where(np.isnan(metres), NO_WAY, np.rint(metres))
    np.fill_diagonal(told, 0)
    return Travel(np.ceil(minutes).astype(np.int64), told.astype(np.int64), source)


def _read_csv(path: Path) -> pd.DataFrame:
    path = Path(path)
    if not path.is_file():
        raise Problem("geo.file_missing", file=path)
    content = path.read_bytes()
    for encoding in ("utf-8-sig", "cp874"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        lines = text.splitlines()
        separator = max(",;\t", key=lines[0].count) if lines else ","
        try:
            with path.open(encoding=encoding) as file:
                return pd.read_csv(file, sep=separator, dtype="string", keep_default_na=False)
        except (pd.errors.ParserError, pd.errors.EmptyDataError):
            break
    raise Problem("geo.travel_table_shape", file=path)


def _find(headers: Sequence[str], wanted: Sequence[str]) -> int | None:
    plain = [header.replace(" ", "") for header in headers]
    return next((plain.index(name) for name in wanted if name in plain), None)


Cells = Iterator[tuple[int, int, float, int, str]]
"""Of each pair told: numbers of the places, the value, the row and the column in the file."""


def _from_list(
    path: Path, raw: pd.DataFrame, headers: Sequence[str], places: Sequence[str], *, both_ways: bool
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    one, other = _find(headers, _FROM), _find(headers, _TO)
    told = {"minutes": _find(headers, _MINUTES), "kilometres": _find(headers, _KILOMETRES)}
    if one is None or other is None or not any(place is not None for place in told.values()):
        raise Problem("geo.travel_table_shape", file=path)
    numbers = {name: number for number, name in enumerate(places)}
    froms = raw.iloc[:, one].str.strip().map(numbers)
    tos = raw.iloc[:, other].str.strip().map(numbers)
    rows = np.flatnonzero((froms.notna() & tos.notna()).to_numpy())

    def cells(column: int, factor: float) -> Cells:
        name = str(raw.columns[column])
        for row in rows:
            a, b = int(froms.iloc[row]), int(tos.iloc[row])
            value = _read_cell(path, str(raw.iloc[int(row), column]), int(row) + 2, name)
            yield a, b, value * factor if value > 0 else value, int(row) + 2, name

    empty = np.full((len(places), len(places)), np.nan)
    minutes, metres = told["minutes"], told["kilometres"]
    return (
        _fill(path, places, cells(minutes, 1), both_ways=both_ways)
        if minutes is not None
        else empty,
        _fill(path, places, cells(metres, 1000), both_ways=both_ways)
        if metres is not None
        else empty.copy(),
    )


def _from_square(
    path: Path, raw: pd.DataFrame, places: Sequence[str], unit: str, *, both_ways: bool
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    if raw.shape[1] < 2:
        raise Problem("geo.travel_table_shape", file=path)
    down = [str(name).strip() for name in raw.iloc[:, 0]]
    along = [str(name).strip() for name in raw.columns[1:]]
    for name in places:
        for held, kind in ((down, "row"), (along, "column")):
            if held.count(name) > 1:
                raise Problem("geo.travel_pair_twice", file=path, one=name, other=kind)
        if name not in down and name not in along:
            raise Problem("geo.travel_place_missing", file=path, place=name)

    def cells() -> Cells:
        for a, one in enumerate(places):
            for b, other in enumerate(places):
                if one in down and other in along:
                    row, column = down.index(one), along.index(other)
                    text = str(raw.iloc[row, column + 1])
                    value = _read_cell(path, text, row + 2, other)
                    factor = 1000 if unit == "kilometres" and value > 0 else 1
                    yield a, b, value * factor, row + 2, other

    filled = _fill(path, places, cells(), both_ways=both_ways)
    empty = np.full_like(filled, np.nan)
    return (empty, filled) if unit == "kilometres" else (filled, empty)


def _read_cell(path: Path, text: str, row: int, column: str) -> float:
    """Return a number of 0 or more, ``NO_WAY`` for no road, NaN for a blank cell."""
    plain = plain_digits(text.strip()).replace(",", "")
    if not plain:
        return float("nan")
    if plain in _NO_ROAD:
        return NO_WAY
    try:
        value = float(plain)
    except ValueError:
        value = float("nan")
    if not 0 <= value < float("inf"):
        raise Problem("geo.travel_unreadable", file=path, row=row, column=column, found=text)
    return value


def _fill(
    path: Path, places: Sequence[str], cells: Cells, *, both_ways: bool
) -> NDArray[np.float64]:
    table = np.full((len(places), len(places)), np.nan)
    for a, b, value, row, column in cells:
        if a == b or np.isnan(value):
            continue
        if not np.isnan(table[a, b]) and table[a, b] != value:
            raise Problem(
                "geo.travel_pair_twice",
                file=path,
                row=row,
                column=column,
                one=places[a],
                other=places[b],
            )
        table[a, b] = value
    if both_ways:
        table = np.where(np.isnan(table), table.T, table)
    np.fill_diagonal(table, 0)
    return table


def _refuse_missing(path: Path, minutes: NDArray[np.float64], places: Sequence[str]) -> None:
    missing = np.isnan(minutes)
    for number, name in enumerate(places):
        others = np.arange(len(places)) != number
        if others.any() and missing[number][others].all() and missing[:, number][others].all():
            raise Problem("geo.travel_place_missing", file=path, place=name)
    pairs = np.argwhere(missing)
    if len(pairs):
        one, other = pairs[0]
        raise Problem(
            "geo.travel_pair_missing",
            file=path,
            one=places[one],
            other=places[other],
            count=len(pairs),
        )
