"""YAML cases of rule packs: rows an official can read, and the verdicts and choice they must give.

A case holds ``name``, ``readings``, ``provinces``; what is known – ``units`` (rows of the pack's
columns), ``units_from`` (rows made of the counts in an official table), ``villages``,
``households`` (with ``count`` for several alike), ``history`` and ``registers``, ``inputs`` (rows
of a table that the Department gives) – and what must follow: ``expect`` with ``units`` (columns
by unit), ``counts`` (of verdicts), ``findings`` (outcomes by unit and rule), ``members`` (tiers by
village) or ``problem``, and ``choice`` with ``chosen``, ``includes``, ``number``, ``shortfall`` by
area, ``baht`` or ``impossible``.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import yaml

from phaenthi.geo.places.codes import Level, parent_code
from phaenthi.targeting.judging.evidence import REGISTER_COLUMNS, Evidence, village_list
from phaenthi.targeting.judging.unit_table import with_units
from phaenthi.targeting.programme.programme import TABLE_FOLDER, Programme, load

FOLDER = Path(__file__).with_name("packs")
Case = Mapping[str, Any]

_HOUSEHOLD = {
    "income_per_person": 200_000,
    "relief_only": False,
    "only_elderly_or_disabled": False,
    "moved_or_died": False,
    "drug_treatment_completed": False,
}
_NOT_POOR = {
    "income_per_person": 200_000,
    "registered_for_welfare": False,
    **dict.fromkeys(
        ("poor_health", "poor_living", "poor_education", "poor_income", "poor_access"), False
    ),
}


def all_cases() -> list[tuple[str, Case]]:
    """Return the pack and content of every case."""
    return [
        (path.stem, case)
        for path in sorted(FOLDER.glob("*.yaml"))
        for case in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]


def programme_of(pack: str, case: Case, folder: Path) -> Programme:
    """Return the pack with the case's readings and the tables that it gives."""
    for name, rows in case.get("inputs", {}).items():
        pd.DataFrame(rows).to_csv(folder / name, index=False)
    return load(pack, [folder]).with_readings(case.get("readings", {}))


def evidence_of(programme: Programme, case: Case) -> Evidence:
    """Return what the case knows."""
    rows = [*case.get("units", []), *_from_table(case.get("units_from"))]
    named = [str(row["village_code"]) for row in rows if row.get("village_code")]
    if programme.unit == "village":
        named += [str(row["unit_code"]) for row in rows if "unit_code" in row]
    households = _households(case)
    named += [str(row["village_code"]) for row in households]
    named += [str(code) for code, *_ in case.get("history", [])]
    codes = sorted({*named, *map(str, case.get("villages", []))})
    history = [
        *case.get("history", []),
        *([code, *pair] for pair in case.get("history_of_all", []) for code in codes),
    ]
    made = Evidence(
        villages=village_list(
            pl.DataFrame(
                {"village_code": codes, "name_th": codes},
                schema=dict.fromkeys(("village_code", "name_th"), pl.String),
            )
        ),
        households=_layer(households, "survey_year", _year(programme, "households")),
        poverty=_layer(_poverty(case), "register_year", _year(programme, "poverty")),
        history=pd.DataFrame(history, columns=["village_code", "programme", "fiscal_year"]).astype(
            {"village_code": "string", "programme": "string", "fiscal_year": "int64"}
        ),
        beneficiaries=pl.LazyFrame(
            schema={
                "household_id": pl.String,
                "village_code": pl.String,
                "programme": pl.String,
                "fiscal_year": pl.Int16,
            }
        ),
        registers=pd.DataFrame(
            [
                (name, year, province)
                for name, year in [*case.get("registers", []), *case.get("history_of_all", [])]
                for province in case["provinces"]
            ],
            columns=list(REGISTER_COLUMNS),
        ),
    )
    return with_units(made, programme, pd.DataFrame(rows)) if rows else made


def _from_table(wanted: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """Return a row a unit of the counts in an official table."""
    if wanted is None:
        return []
    table = pd.read_csv(TABLE_FOLDER / wanted["table"], dtype="string")
    village = {"village_code": wanted["village"]} if "village" in wanted else {}
    return [
        {
            "unit_code": f"{area}-{column}-{number:03d}",
            "amphoe_code": area,
            **{name: f"{area}{rest}" for name, rest in village.items()},
            **values,
        }
        for record in table.to_dict("records")
        for area in [str(record[wanted["area_column"]])]
        for column, values in wanted["counts"].items()
        for number in range(int(str(record[column])) + int(wanted.get("more", 0)))
    ]


def _households(case: Case) -> list[dict[str, Any]]:
    rows = []
    for group in case.get("households", []):
        values = {
            key: value for key, value in group.items() if key not in ("village", "count", "tpmap")
        }
        for _ in range(group.get("count", 1)):
            row = {"household_id": f"{len(rows):020x}", "village_code": str(group["village"])}
            rows.append(row | _HOUSEHOLD | values | {"tpmap": group.get("tpmap")})
    return rows


def _poverty(case: Case) -> list[dict[str, Any]]:
    """Return the poverty register; the first household of an amphoe shows that it is here."""
    seen: set[str] = set()
    rows = []
    for row in _households(case):
        amphoe = parent_code(str(row["village_code"]), Level.AMPHOE)
        told = row["tpmap"] or (None if amphoe in seen else _NOT_POOR)
        seen.add(amphoe)
        if told is not None:
            ids = {name: row[name] for name in ("household_id", "village_code")}
            rows.append(ids | _NOT_POOR | told)
    return rows


def _year(programme: Programme, layer: str) -> int:
    years = [one.year for one in programme.pack.sources.values() if one.layer == layer]
    return years[0] if years else 2562


def _layer(rows: list[dict[str, Any]], year_column: str, year: int) -> pl.LazyFrame:
    kept = [{k: v for k, v in row.items() if k != "tpmap"} | {year_column: year} for row in rows]
    blank = {"household_id": pl.String, "village_code": pl.String, year_column: pl.Int64}
    if not kept:
        return pl.LazyFrame(schema=blank)
    return pl.DataFrame(kept, infer_schema_length=None).lazy()
