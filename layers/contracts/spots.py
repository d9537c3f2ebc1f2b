"""Places that people go to – learning places, markets, schools, hospitals: a place a row."""

from __future__ import annotations

from phaenthi.layers.contracts.columns import VILLAGE_CODE_ALIASES
from phaenthi.layers.contracts.contract import Column, Contract, Kind
from phaenthi.layers.contracts.positions import MARKERS

SPOTS_CONTRACT = Contract(
    name="places",
    key=("place_id",),
    columns=(
        Column(
            "place_id",
            Kind.TEXT,
            required=True,
            aliases=("place_id", "รหัสสถานที่", "รหัสแห่ง", "รหัส", "id"),
        ),
        Column(
            "kind",
            Kind.TEXT,
            required=True,
            aliases=("kind", "ประเภทสถานที่", "ประเภท", "ชนิด", "type"),
        ),
        Column(
            "name_th",
            Kind.TEXT,
            aliases=("name_th", "ชื่อสถานที่", "ชื่อแหล่งเรียนรู้", "ชื่อตลาด", "ชื่อ", "name"),
        ),
        Column("village_code", Kind.VILLAGE_CODE, aliases=VILLAGE_CODE_ALIASES),
        Column("tambon_code", Kind.CODE, aliases=("tambon_code", "รหัสตำบล", "tam_code")),
        Column("longitude", Kind.DEGREES, unit="degrees", aliases=MARKERS[0].aliases),
        Column("latitude", Kind.DEGREES, unit="degrees", aliases=MARKERS[1].aliases),
    ),
)
