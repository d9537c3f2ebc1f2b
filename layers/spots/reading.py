"""Places that people go to: learning places, markets, schools, hospitals; the nearest of a kind."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import polars as pl
import shapely

from phaenthi.geo.places.codes import Level, parent_code_expr, read_codes_expr
from phaenthi.layers.contracts.positions import MARKERS, NAMES
from phaenthi.layers.contracts.spots import SPOTS_CONTRACT
from phaenthi.layers.registers.coordinates import read_positions
from phaenthi.layers.registers.incoming import IncomingRows, Reading
from phaenthi.layers.registers.reading import finish, read_rows
from phaenthi.layers.tables.map_files import is_map, points_as_table
from phaenthi.layers.tables.table_file import ROW, TableFile
from phaenthi.layers.workspace.folder import Workspace

KINDS: tuple[str, ...] = (
    *("learning_centre", "sammachip_village", "sufficiency_village", "market", "school"),
    *("hospital", "attraction", "other"),
)

_WORDS: Mapping[str, tuple[str, ...]] = {
    "learning_centre": ("ศูนย์เรียนรู้", "แหล่งเรียนรู้", "ศูนย์ศึกษาและพัฒนาชุมชน", "ศูนย์ฝึกอบรม"),
    "sammachip_village": ("หมู่บ้านสัมมาชีพ", "สัมมาชีพ"),
    "sufficiency_village": ("หมู่บ้านเศรษฐกิจพอเพียง", "เศรษฐกิจพอเพียง"),
    "market": ("ตลาด", "ศูนย์จำหน่าย", "ร้านค้า"),
    "school": ("โรงเรียน", "สถานศึกษา", "วิทยาลัย"),
    "hospital": ("โรงพยาบาล", "รพสต", "สถานีอนามัย"),
    "attraction": ("แหล่งท่องเที่ยว", "สถานที่ท่องเที่ยว", "ที่เที่ยว"),
}


def read(
    path: Path,
    workspace: Workspace,
    *,
    sheet: str | None = None,
    constants: Mapping[str, str] | None = None,
) -> Reading:
    """Read places from a table (degrees, UTM or well-known text) or a map file.

    A place of a kind that nobody knows is kept as ``other`` and told. One without a position
    is kept too. See ``phaenthi.layers.registers.reading.read_rows`` for
    the parameters and problems.
    """
    source: Path | TableFile = points_as_table(path) if is_map(path) else path
    own = ("longitude", "latitude")
    markers = tuple(column for column in MARKERS if column.name not in own)
    incoming = read_rows(
        SPOTS_CONTRACT, source, workspace, sheet=sheet, constants=constants, markers=markers
    )
    absent = [
        pl.lit(None, dtype=kind).alias(name)
        for name, kind in SPOTS_CONTRACT.stored_types.items()
        if name not in incoming.rows.columns
    ]
    incoming = _with_kinds(incoming.with_rows(incoming.rows.with_columns(absent)))
    codes = pl.coalesce(
        parent_code_expr("village_code", Level.TAMBON),
        read_codes_expr("tambon_code", Level.TAMBON),
    )
    rows = incoming.rows.with_columns(tambon_code=codes)
    incoming = incoming.with_rows(rows)
    stated = pd.Series(rows["tambon_code"].to_list(), dtype="string")
    points, incoming = read_positions(incoming, stated)
    # A polygon in a text is shown at a point inside it.
    inner = shapely.point_on_surface(points.to_numpy())
    placed = incoming.rows.drop([name for name in NAMES if name not in own], strict=False)
    places = {"longitude": shapely.get_x(inner), "latitude": shapely.get_y(inner)}
    columns = [pl.Series(name, values, nan_to_null=True) for name, values in places.items()]
    return finish(incoming.with_rows(placed.with_columns(columns)), workspace)


def _with_kinds(incoming: IncomingRows) -> IncomingRows:
    """Return the incoming rows with words of kinds turned into ids."""
    found: dict[str, str] = {}
    for text in incoming.rows["kind"].drop_nulls().unique().to_list():
        plain = text.replace(" ", "").replace(".", "").casefold()
        named = (kind for kind, words in _WORDS.items() if any(word in plain for word in words))
        found[text] = plain if plain in KINDS else next(named, "other")
    strange = incoming.rows.filter(pl.col("kind").replace(found) == "other").filter(
        pl.col("kind") != "other"
    )
    rows = incoming.rows.with_columns(pl.col("kind").replace(found))
    incoming = incoming.with_rows(rows)
    if not strange.height:
        return incoming
    return incoming.noting(
        "place_kinds_unknown", count=strange.height, row=strange.sort(ROW)[ROW][0]
    )
