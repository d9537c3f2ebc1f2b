"""Columns in which tables write a position, with the headers that they use."""

from __future__ import annotations

from phaenthi.layers.contracts.contract import Column, Kind

MARKERS: tuple[Column, ...] = (
    Column(
        "longitude",
        Kind.DEGREES,
        aliases=("ลองจิจูด", "ลองติจูด", "ลองจิจูดแปลง", "lon", "long", "lng", "x_longitude"),
    ),
    Column(
        "latitude",
        Kind.DEGREES,
        aliases=("ละติจูด", "แลตติจูด", "ละติจูดแปลง", "lat", "y_latitude"),
    ),
    Column(
        "easting",
        Kind.DEGREES,
        aliases=(
            *("easting", "utm_e", "utm_x", "utme", "e", "x", "ตะวันออก", "ค่าพิกัดตะวันออก"),
            *("พิกัดx", "พิกัดตะวันออก", "พิกัดe", "พิกัดutmx", "พิกัดutme", "coord_x"),
        ),
    ),
    Column(
        "northing",
        Kind.DEGREES,
        aliases=(
            *("northing", "utm_n", "utm_y", "utmn", "n", "y", "เหนือ", "ค่าพิกัดเหนือ"),
            *("พิกัดy", "พิกัดเหนือ", "พิกัดn", "พิกัดutmy", "พิกัดutmn", "coord_y"),
        ),
    ),
    Column(
        "utm_zone", Kind.TEXT, aliases=("zone", "utm_zone", "โซน", "เขต utm", "โซนutm", "ระบบพิกัด")
    ),
    Column("datum", Kind.TEXT, aliases=("datum", "พื้นหลักฐาน", "หมุดหลักฐาน", "ดาตัม")),
    Column("wkt", Kind.TEXT, aliases=("wkt", "geometry", "the_geom", "รูปแปลง")),
)
"""Columns that may say where a row is; none belongs to a layer."""


NAMES = tuple(column.name for column in MARKERS)

POSITION_COLUMNS = (
    Column("longitude", Kind.DEGREES, unit="degrees", aliases=MARKERS[0].aliases),
    Column("latitude", Kind.DEGREES, unit="degrees", aliases=MARKERS[1].aliases),
)
