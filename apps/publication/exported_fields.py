"""The fixed dictionary of exported fields: column, short name, and its words in both languages."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from phaenthi.geo.vectors.files import Field
from phaenthi.layers.contracts.contract import Contract, Kind
from phaenthi.wording import LANGUAGES, Language, has, say

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
        # -- layers --
        "name_en": "NAME_EN",
        "longitude": "LONGITUDE",
        "latitude": "LATITUDE",
        "code": "CODE",
        "unit_code": "UNIT_CODE",
        "unit": "UNIT",
        "households": "HOUSEHOLDS",
        "households_income_known": "HH_INC_KN",
        "members": "MEMBERS",
        "survey_year": "SURV_YEAR",
        "register_year": "REG_YEAR",
        "poor_households": "POOR_HH",
        "poor_households_unknown": "POOR_HH_UN",
        "target_poor_households": "TPOOR_HH",
        "target_poor_households_unknown": "TPOOR_HHUN",
        "registered_for_welfare": "WELFARE",
        "poor_health": "POOR_HLTH",
        "poor_living": "POOR_LIVE",
        "poor_education": "POOR_EDU",
        "poor_income": "POOR_INC",
        "poor_access": "POOR_ACC",
        "income_per_person": "INC_PERSON",
        "only_elderly_or_disabled": "ELD_DISAB",
        "relief_only": "RELIEF",
        "moved_or_died": "MOVED_DIED",
        "drug_treatment_completed": "DRUG_TREAT",
        "prior_targets": "PRIOR_TARG",
        "household_id": "HH_ID",
        "released_from_prison": "PRISON",
        "governance_level": "GOV_LEVEL",
        "indicators_passed": "IND_PASSED",
        "failed_mandatory": "FAIL_MAND",
        "failed_principles": "FAIL_PRINC",
        "capital_baht": "CAPITAL_B",
        "overdue_baht": "OVERDUE_B",
        "product_family": "PROD_FAM",
        "founded_year": "FOUND_YEAR",
        "otop_registered": "OTOP_REG",
        "has_members": "HAS_MEMB",
        "has_committee": "HAS_COMM",
        "has_activities": "HAS_ACT",
        "funded_by_others": "FUND_OTHER",
        "durable_goods": "DUR_GOODS",
        "producer_id": "PRODUCERID",
        "producer_th": "PRODUCERTH",
        "producer_type": "PRODUCERTY",
        "registration_year": "REGIST_YR",
        "has_potential": "HAS_POTENT",
        "in_other_project": "IN_OTHER",
        "stated_village_code": "STATD_VILL",
        "stated_tambon_code": "STATD_TAM",
        "owner_tambon_code": "OWNER_TAM",
        "agency_permission": "AGENCY_OK",
        "owner_consent": "OWNER_OK",
        "documents_complete": "DOCS_OK",
        "basin_or_flow_path": "BASIN_FLOW",
        "many_large_trees": "LARGE_TREE",
        "water_percent": "WATER_PCT",
        "rice_percent": "RICE_PCT",
        "garden_percent": "GARDEN_PCT",
        "dwelling_percent": "DWELL_PCT",
        "pond_depth_metres": "POND_DEPTH",
        "pond_width_metres": "POND_WIDTH",
        "pond_length_metres": "POND_LENG",
        "pond_side_slope": "POND_SLOPE",
        "pond_setback_metres": "POND_SETBK",
        "engineer_certified": "ENGINEER",
        "reserve_place": "RESV_PLACE",
        "community_id": "COMM_ID",
        "developed_products": "DEV_PROD",
        "ready_for_visitors": "READY_VIS",
        "ready_for_dhope": "READY_DHOP",
        "programme_id": "PROGR_ID",
        "attraction_id": "ATTR_ID",
        "layer_counts_hidden": "CNT_HIDDEN",
        "area_square_metres": "AREA_SQM",
        "cluster": "CLUSTER",
        "day": "DAY",
        "order": "ORDER",
        "stops": "STOPS",
        "kilometres": "KM",
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
PLAN_COLUMNS = (
    "village_code",
    "moo",
    "name_th",
    "tambon_code",
    "tambon_th",
    "amphoe_code",
    "amphoe_th",
    "province_code",
    "province_th",
    "programme",
    "fiscal_year",
    "plan",
    "status",
    "status_th",
    "place",
    "need",
    "points",
    "replaces",
    "target_households",
    "counts_hidden",
    "rules",
    "overlap",
    "overlap_th",
    "reason_th",
    "reason_en",
    "made_up",
)
# They mean the same in every layer, and the dictionary says more of them than a heading does.
_FIXED = ("village_code", "name_th")
_TAKEN = frozenset(SHORT_NAMES.values())
_LETTERS, _MARK = 6, 3


def short_name(column: str, salt: str = "") -> str:
    """Return the shapefile name of a column: the fixed one, itself in capitals, or one by rule.

    A name by rule is six letters of the column's words and three that its SHA-256 gives, so that
    it depends on nothing but the column: what is added to a layer later changes no name.

    Parameters
    ----------
    salt
        Something to tell two columns apart that would have the same name.
    """
    if column in SHORT_NAMES:
        return SHORT_NAMES[column]
    plain = column.upper()
    if _is_name(plain) and plain not in _TAKEN and not salt:
        return plain
    words = [word for word in column.split("_") if word.isascii() and word.isalnum()] or ["f"]
    each = max(1, _LETTERS // len(words))
    begin = "".join(word[:each] for word in words)[:_LETTERS].upper()
    mark = base64.b32encode(hashlib.sha256((column + salt).encode("utf-8")).digest())[:_MARK]
    return f"{begin if begin[0].isalpha() else 'F' + begin[1:]}_{mark.decode('ascii')}"


def _is_name(text: str) -> bool:
    return re.fullmatch("[A-Z][A-Z0-9_]{0,9}", text) is not None  # as a DBF has it


def short_names(columns: Iterable[str]) -> dict[str, str]:
    """Return the short name of each column, each its own.

    The fixed names come first; of two columns that the rule would name alike the later in the
    alphabet gets another mark.
    """
    names: dict[str, str] = {}
    for column in sorted(set(columns), key=lambda one: (one not in SHORT_NAMES, one)):
        name, tries = short_name(column), 0
        while name in names.values():
            tries += 1
            name = short_name(column, str(tries))
        names[column] = name
    return names


def fields_of(
    columns: Sequence[str],
    words: Mapping[str, Mapping[Language, str]] | None = None,
    units: Mapping[str, str] | None = None,
) -> tuple[Field, ...]:
    """Return the dictionary of some columns.

    Parameters
    ----------
    words
        What a column means, by language, where the dictionary does not know it or this file
        means something else.
    units
        Id of the unit's words: of ``units`` or of ``layers.units``.
    """
    names = short_names(columns)
    told = words or {}
    return tuple(
        Field(
            column=column,
            short_name=names[column],
            th=_meaning(column, "th", told),
            en=_meaning(column, "en", told),
            unit=_unit((units or {}).get(column) or UNITS.get(column, "")),
        )
        for column in columns
    )


def fields_of_layer(
    contract: Contract, columns: Sequence[str], counted: Sequence[str] = ()
) -> tuple[Field, ...]:
    """Return the dictionary of some columns of a layer, in the words of its contract.

    Parameters
    ----------
    counted
        Columns that hold numbers of households, whatever they hold in the layer itself.
    """
    by_name = {column.name: column for column in contract.columns}
    words: dict[str, Mapping[Language, str]] = {}
    units: dict[str, str] = {}
    for name in columns:
        if name not in by_name:
            continue
        if name not in _FIXED:
            words[name] = {language: by_name[name].label(language) for language in LANGUAGES}
        kinds = {Kind.YEAR: "buddhist_year", Kind.YES_NO: "yes_no"}
        units[name] = by_name[name].unit or kinds.get(by_name[name].kind, "")
    if "name_th" in by_name and contract.name != "villages":
        words["name_th"] = {language: say("fields.name", language) for language in LANGUAGES}
    return fields_of(columns, words, {**units, **dict.fromkeys(counted, "households")})


def _meaning(column: str, language: Language, words: Mapping[str, Mapping[Language, str]]) -> str:
    if column in words:
        return words[column][language]
    for known in (f"fields.{column}", f"layers.columns.{column}"):
        if has(known):
            return say(known, language)
    stem, _, number = column.rpartition("_")
    if number.isdigit() and has(f"fields.numbered.{stem}"):
        return say(f"fields.numbered.{stem}", language, number=int(number))
    return column


def _unit(unit: str) -> str:
    """Return a unit in both languages, empty where there is none."""
    for known in (f"units.{unit}", f"layers.units.{unit}"):
        if unit and has(known):
            th, en = (say(known, language) for language in LANGUAGES)
            return th if th == en else f"{th} / {en}"
    return ""


PLAN_FIELDS: tuple[Field, ...] = fields_of(PLAN_COLUMNS)
"""The fields of a plan's villages, in their order."""
