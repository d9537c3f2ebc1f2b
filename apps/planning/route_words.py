"""What a person types of a route, read: a place to start from, a day of the calendar."""

from __future__ import annotations

import re
from datetime import date

import polars as pl

from phaenthi.layers.contracts.tourism import ATTRACTIONS, COMMUNITIES
from phaenthi.layers.tables.fiscal_year import YEARS_AHEAD_OF_CHRIST
from phaenthi.layers.tourism.route_request import Position
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.wording import Problem
from phaenthi.wording.digits import plain_digits

_PAIR = re.compile(r"^\s*(-?\d+(?:\.\d+)?)\s*[, ]\s*(-?\d+(?:\.\d+)?)\s*(?:,\s*(.+?)\s*)?$")
_DAY = re.compile(r"^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$")


def find_place(workspace: Workspace, text: str) -> Position:
    """Return a place that is typed as ``latitude,longitude[,name]``, or by its code or id.

    Parameters
    ----------
    text
        Degrees as maps print them, latitude first; the 8 digits of a village, the id of a
        community or of an attraction.

    Raises
    ------
    Problem
        ``app.route_place_unknown`` if nothing of that name has a position.
    """
    plain = plain_digits(text)
    pair = _PAIR.match(plain)
    if pair is not None:
        return Position(float(pair[2]), float(pair[1]), pair[3] or "")
    code = plain.strip()
    sources = (
        ("villages", "village_code"),
        (COMMUNITIES.name, "community_id"),
        (ATTRACTIONS.name, "attraction_id"),
    )
    for layer, column in sources:
        rows = (
            workspace.scan(layer)
            .filter(pl.col(column) == code, pl.col("longitude").is_not_null())
            .select("longitude", "latitude", "name_th")
            .collect()
        )
        if not rows.is_empty():
            longitude, latitude, name = rows.row(0)
            return Position(longitude, latitude, name or code)
    raise Problem("app.route_place_unknown", found=text)


def read_day(text: str) -> date:
    """Return a day typed as day/month/year, the year in พ.ศ.

    Raises
    ------
    Problem
        ``app.route_date_unreadable``, for a year of the Christian era too.
    """
    found = _DAY.match(plain_digits(text).strip())
    if found is not None:
        day, month, year = (int(part) for part in found.groups())
        if year > YEARS_AHEAD_OF_CHRIST + 1900:
            try:
                return date(year - YEARS_AHEAD_OF_CHRIST, month, day)
            except ValueError:
                pass
    raise Problem("app.route_date_unreadable", found=text)
