"""Columns by which registers say where a row belongs, beside those of the layer itself."""

from __future__ import annotations

from collections.abc import Mapping

from phaenthi.layers.contracts.columns import VILLAGE_CODE_ALIASES
from phaenthi.layers.contracts.contract import Column, Contract, Kind
from phaenthi.layers.registers.reading import find_headers

PLACES: tuple[Column, ...] = (
    Column(
        "village_code",
        Kind.VILLAGE_CODE,
        aliases=(*VILLAGE_CODE_ALIASES, "vill_id8", "รหัสมท"),
    ),
    Column(
        "place_name",
        Kind.TEXT,
        aliases=(
            *("ชื่อหมู่บ้าน", "หมู่บ้าน", "ชื่อบ้าน", "บ้าน", "ชื่อหมู่บ้านชุมชน", "หมู่บ้านชุมชน", "ชุมชน"),
            *("village_name_th", "village_name", "vill_name", "vill_nam_t", "vill_t", "village"),
        ),
    ),
    Column(
        "place_moo",
        Kind.COUNT,
        aliases=(
            "หมู่ที่",
            "หมู่",
            "ม",
            "หมู่บ้านที่",
            "เลขหมู่",
            "moo",
            "mu",
            "village_no",
            "moo_no",
            "mooban",
        ),
    ),
    Column(
        "place_tambon_code",
        Kind.CODE,
        aliases=(
            *(
                "tambon_code",
                "รหัสตำบล",
                "tam_code",
                "tambon_id",
                "tambon_idn",
                "ta_id",
                "tumbol_id",
            ),
            *("adm3_pcode", "cc_3", "subdistrict_code", "tamcode"),
        ),
    ),
    Column(
        "place_tambon",
        Kind.TEXT,
        aliases=(
            *(
                "ตำบล",
                "ชื่อตำบล",
                "ตำบลแขวง",
                "แขวง",
                "tambon",
                "tambon_name",
                "tam_nam_t",
                "tam_name",
            ),
            *("tambon_t", "adm3_th", "nl_name_3", "tambon_th", "subdistrict", "ต"),
        ),
    ),
    Column(
        "place_amphoe_code",
        Kind.CODE,
        aliases=(
            *(
                "amphoe_code",
                "รหัสอำเภอ",
                "amp_code",
                "amphoe_id",
                "amphoe_idn",
                "am_id",
                "amphur_id",
            ),
            *("adm2_pcode", "cc_2", "district_code", "ampcode"),
        ),
    ),
    Column(
        "place_amphoe",
        Kind.TEXT,
        aliases=(
            *(
                "อำเภอ",
                "ชื่ออำเภอ",
                "อำเภอเขต",
                "เขต",
                "amphoe",
                "amphoe_name",
                "amp_nam_t",
                "amp_name",
            ),
            *("amphoe_t", "adm2_th", "nl_name_2", "amphoe_th", "district", "amphur", "อ"),
        ),
    ),
    Column(
        "place_province_code",
        Kind.CODE,
        aliases=(
            *(
                "province_code",
                "รหัสจังหวัด",
                "prov_code",
                "prov_id",
                "province_id",
                "ch_id",
                "pro_code",
            ),
            *("adm1_pcode", "cc_1", "changwat_code", "provcode"),
        ),
    ),
    Column(
        "place_province",
        Kind.TEXT,
        aliases=(
            *("จังหวัด", "ชื่อจังหวัด", "province", "province_name", "prov_nam_t", "prv_name"),
            *("changwat_t", "changwat", "adm1_th", "nl_name_1", "pro_th", "province_th", "จ"),
        ),
    ),
)
"""What a row says of its place; read where the file has it."""

_MEANT = {
    "place_name": "name",
    "place_moo": "moo",
    "place_tambon": "tambon",
    "place_tambon_code": "tambon_code",
    "place_amphoe": "amphoe",
    "place_amphoe_code": "amphoe_code",
    "place_province": "province",
    "place_province_code": "province_code",
}


def plain_name(column: str) -> str:
    """Return the name of a place column as matching knows it: ``place_name`` → ``name``."""
    return _MEANT.get(column, column)


def columns_wanted(contract: Contract) -> tuple[Column, ...]:
    """Return the layer's columns and then those that say where a row belongs."""
    told = (*contract.columns, *contract.markers)
    own = tuple(column for column in told if column.name != "village_code")
    return (*own, *PLACES)


def find_place_headers(contract: Contract, headers: tuple[str, ...]) -> Mapping[str, str]:
    """Return the header of each place column that a file of a layer has."""
    found = find_headers(columns_wanted(contract), headers)
    places = {column.name for column in PLACES}
    return {name: header for name, header in found.items() if name in places}
