"""The fixed dictionary of exported fields: column, short name, and its words in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from geo.vectorfile import Field
from wording import say

# A short name, once given away in a shapefile, stays: people's maps and joins rest on it.
SHORT_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "village_code": "VILL_CODE",
        "moo": "MOO",
        "name_th": "NAME_TH",
        "tambon_code": "TAM_CODE",
        "tambon_th": "TAM_TH",
        "amphoe_code": "AMP_CODE",
        "amphoe_th": "AMP_TH",
        "province_code": "PROV_CODE",
        "province_th": "PROV_TH",
        "programme": "PROGRAMME",
        "fiscal_year": "FISC_YEAR",
        "plan": "PLAN_ID",
        "status": "STATUS",
        "status_th": "STATUS_TH",
        "place": "PLACE",
        "need": "NEED",
        "points": "POINTS",
        "replaces": "REPLACES",
        "target_households": "TARGET_HH",
        "counts_hidden": "HH_HIDDEN",
        "rules": "RULES",
        "overlap": "OVERLAP",
        "overlap_th": "OVERLAP_TH",
        "reason_th": "REASON_TH",
        "reason_en": "REASON_EN",
        "made_up": "MADE_UP",
    }
)
UNITS: Mapping[str, str] = MappingProxyType(
    {
        "fiscal_year": "buddhist_year",
        "need": "points",
        "points": "points",
        "target_households": "households",
        "made_up": "yes_no",
        "counts_hidden": "yes_no",
    }
)


def field_of(column: str) -> Field:
    """Return the dictionary entry of an exported column.

    Raises
    ------
    KeyError
        If the dictionary has no such column.
    """
    unit = UNITS.get(column)
    return Field(
        column=column,
        short_name=SHORT_NAMES[column],
        th=say(f"fields.{column}", "th"),
        en=say(f"fields.{column}", "en"),
        unit=f"{say(f'units.{unit}', 'th')} / {say(f'units.{unit}', 'en')}" if unit else "",
    )


PLAN_FIELDS: tuple[Field, ...] = tuple(field_of(column) for column in SHORT_NAMES)
"""The fields of a plan's villages, in their order."""
