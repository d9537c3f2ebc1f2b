"""A plan as data: what was asked, what was chosen and why, and its bytes on the disk."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from functools import cached_property
from typing import Any, Literal

import pandas as pd

from phaenthi.geo.texts.csv import csv_bytes, read_csv
from phaenthi.targeting.limits.demand import Demand, Shortage
from phaenthi.targeting.plan.certificate_record import Certificate, from_record, to_record

Kind = Literal["field", "weight", "allotment"]


@dataclass(frozen=True)
class Number:
    """One number of the rules that people set otherwise.

    Attributes
    ----------
    kind
        ``"field"`` of a rule, ``"weight"`` of a part of the need, or ``"allotment"`` of an area.
    name
        Id of the rule or of the part, or code of the area.
    field
        The rule's field, such as ``at_most``; empty for a weight or an allotment.
    before, value
        The number by the document and the one that people set.
    """

    kind: Kind
    name: str
    before: int
    value: int
    reason: str
    decided_by: str
    field: str = ""

    def __post_init__(self) -> None:
        """Refuse a number of another kind, such as one in a record that somebody altered."""
        if self.kind not in ("field", "weight", "allotment"):
            raise ValueError(f"no number is called {self.kind}")

    @property
    def key(self) -> tuple[str, str, str]:
        """Which number it is, whatever it is set to."""
        return self.kind, self.name, self.field


def from_records(records: Iterable[Mapping[str, Any]]) -> tuple[Number, ...]:
    """Read numbers back from plain data."""
    return tuple(Number(**one) for one in records)


# Raised when the columns or the record of a plan change: an older plan is made again, not guessed.
FORMAT = 3
# File beside a plan with the table of units that a planner gave.
GIVEN_UNITS = "given-units.csv"
_TABLES = ("units", "findings", "members")
_NUMBERS = {
    "need",
    "target_households",
    "target_households_possible",
    "helped_households",
    "households",
    "households_possible",
    "at_least",
    "place",
    "points",
    "tier",
    "unit_tier",
    "cost_baht",
}


@dataclass(frozen=True)
class Override:
    """A departure from the proposal that a person decided, with the reason.

    Attributes
    ----------
    action
        ``"in"``: the unit is taken whatever its points; ``"out"``: it is not taken.
    """

    unit_code: str
    action: Literal["in", "out"]
    reason: str
    decided_by: str

    def __post_init__(self) -> None:
        """Refuse a decision of another kind, such as one in a record that somebody altered."""
        if self.action not in ("in", "out"):
            raise ValueError(f"no decision is called {self.action}")


@dataclass(frozen=True)
class ProvinceResult:
    """What was chosen in one province and what proves it.

    Attributes
    ----------
    sort_and_take, sort_and_take_need
        What sorting and taking would have chosen under the same decisions, and its total need.
    ceiling
        The need that no choice of the province can pass; ``None`` where there is no choice, or
        where the province is chosen together with others (see :class:`Certificate`).
    baht
        What the chosen units cost by the programme's budget rule; ``None`` without one.
    """

    demand: Demand
    chosen: tuple[str, ...]
    reserve: tuple[str, ...]
    need: int
    target_households: int
    tied_places: int
    sort_and_take: tuple[str, ...]
    sort_and_take_need: int
    ceiling: int | None
    shortage: Shortage | None
    baht: int | None


@dataclass(frozen=True)
class Plan:
    """The record of one choice.

    Attributes
    ----------
    units
        A row a unit of the provinces, sorted by code: the columns of
        :class:`phaenthi.targeting.judging.judge.Judgement` ``units`` with ``status`` (``chosen``,
        ``reserve``, ``eligible``, ``excluded``, ``unknown``), ``place`` (within the province,
        for chosen and reserve), ``points`` (need points short, or lost without it),
        ``replaces`` (codes that would leave or enter) and the reasons ``reason_th``,
        ``reason_en``.
    findings
        A row a unit and rule judged per unit.
    members
        village_code, place, household_id (salted hash), tier: the households proposed inside
        each chosen village; from_village where a near village fills it up. Stays in the
        workspace; never exported.
    inputs
        Content digest of each layer that the choice rests on.
    certificates
        What proves the choices, one for each set of provinces that are chosen together.
    numbers
        Numbers of the rules that people set otherwise;
        :func:`phaenthi.targeting.plan.numbers.read_as` gives the programme with them.
    """

    programme_id: str
    fiscal_year: int
    programme_digest: str
    readings: Mapping[str, str]
    provinces: tuple[str, ...]
    decided_on: date
    overrides: tuple[Override, ...]
    inputs: Mapping[str, str]
    missing_layers: tuple[str, ...]
    unmatched_history: int
    made_up: bool
    results: tuple[ProvinceResult, ...]
    units: pd.DataFrame
    findings: pd.DataFrame
    members: pd.DataFrame
    certificates: tuple[Certificate, ...] = ()
    numbers: tuple[Number, ...] = ()

    @cached_property
    def files(self) -> dict[str, bytes]:
        """The bytes of the plan's files by name; the same plan gives the same bytes."""
        tables = {f"{name}.csv": _csv_bytes(getattr(self, name)) for name in _TABLES}
        record = _record(self, {name: _sha256(content) for name, content in tables.items()})
        text = json.dumps(record, ensure_ascii=False, sort_keys=True, indent=1)
        return {"plan.json": text.encode("utf-8") + b"\n", **tables}

    @property
    def id(self) -> str:
        """Programme, province and the first digits of the record's SHA-256."""
        places = self.provinces[0] if len(self.provinces) == 1 else f"x{len(self.provinces)}"
        return f"{self.programme_id}-{places}-{_sha256(self.files['plan.json'])[:8]}"

    @property
    def summary(self) -> pd.DataFrame:
        """A row a province: what was asked and found, counts by status, and the proof."""
        statuses = pd.crosstab(self.units["province_code"], self.units["status"])
        areas = self.units[self.units["status"] == "chosen"].groupby("province_code")
        rows = [
            {
                "province_code": r.demand.province_code,
                "allotted": r.demand.units,
                "chosen": len(r.chosen),
                "areas_allotted": r.demand.areas,
                "areas_used": _count(areas["amphoe_code"].nunique(), r.demand.province_code),
                "reserve": len(r.reserve),
                **{
                    status: _count(statuses.get(status), r.demand.province_code)
                    for status in ("eligible", "excluded", "unknown")
                },
                "need": r.need,
                "sort_and_take_need": r.sort_and_take_need,
                "tied_places": r.tied_places,
                "ceiling": r.ceiling,
                "gap": None if r.ceiling is None else r.ceiling - r.need,
                "baht": r.baht,
            }
            for r in self.results
        ]
        return pd.DataFrame(rows)

    def result(self, province_code: str) -> ProvinceResult:
        """Return the result of one province."""
        return next(r for r in self.results if r.demand.province_code == province_code)


def _record(plan: Plan, tables: Mapping[str, str]) -> dict[str, Any]:
    """Return the record; what only some plans have stands in theirs alone."""
    some: dict[str, Any] = {}
    if plan.numbers:
        some["numbers"] = [asdict(one) for one in plan.numbers]
    return some | {
        "format": FORMAT,
        "programme": plan.programme_id,
        "fiscal_year": plan.fiscal_year,
        "programme_digest": plan.programme_digest,
        "readings": dict(plan.readings),
        "provinces": list(plan.provinces),
        "decided_on": plan.decided_on.isoformat(),
        "overrides": [asdict(one) for one in plan.overrides],
        "inputs": dict(plan.inputs),
        "missing_layers": list(plan.missing_layers),
        "unmatched_history": plan.unmatched_history,
        "made_up": plan.made_up,
        "certificates": [to_record(one) for one in plan.certificates],
        "results": [_result_record(result) for result in plan.results],
        "tables": dict(tables),
    }


def _result_record(result: ProvinceResult) -> dict[str, Any]:
    record = {name: getattr(result, name) for name in ProvinceResult.__dataclass_fields__} | {
        "demand": asdict(result.demand)
    }
    record["shortage"] = (
        {
            "rules": list(result.shortage.rules),
            "wording": result.shortage.wording,
            "numbers": dict(result.shortage.numbers),
        }
        if result.shortage
        else None
    )
    for name in ("chosen", "reserve", "sort_and_take"):
        record[name] = list(record[name])
    return record


def _from_record(record: Mapping[str, Any], tables: Mapping[str, pd.DataFrame]) -> Plan:
    return Plan(
        programme_id=record["programme"],
        fiscal_year=record["fiscal_year"],
        programme_digest=record["programme_digest"],
        readings=record["readings"],
        provinces=tuple(record["provinces"]),
        decided_on=date.fromisoformat(record["decided_on"]),
        overrides=tuple(Override(**one) for one in record["overrides"]),
        inputs=record["inputs"],
        missing_layers=tuple(record["missing_layers"]),
        unmatched_history=record["unmatched_history"],
        made_up=record["made_up"],
        results=tuple(_result_from(one) for one in record["results"]),
        units=tables["units"],
        findings=tables["findings"],
        members=tables["members"],
        certificates=tuple(from_record(one) for one in record["certificates"]),
        numbers=from_records(record.get("numbers", ())),
    )


def _result_from(record: Mapping[str, Any]) -> ProvinceResult:
    shortage = record["shortage"]
    values = dict(record) | {
        "demand": Demand(**record["demand"]),
        "shortage": Shortage(tuple(shortage["rules"]), shortage["wording"], shortage["numbers"])
        if shortage
        else None,
    }
    values |= {name: tuple(record[name]) for name in ("chosen", "reserve", "sort_and_take")}
    return ProvinceResult(**values)


def _csv_bytes(table: pd.DataFrame) -> bytes:
    """Write a table as plain CSV: text in quotes, numbers bare, missing empty."""
    quoted = csv.QUOTE_NONNUMERIC
    return csv_bytes(table, encoding="utf-8", lineterminator="\n", quoting=quoted)


def _read_csv(content: bytes) -> pd.DataFrame:
    """Read a table of a plan: whole numbers where the column is of numbers, else text."""
    header = pd.read_csv(io.BytesIO(content), nrows=0, quoting=csv.QUOTE_NONNUMERIC).columns
    kinds = {
        name: "Int64"
        if name in _NUMBERS or name.startswith(("need_", "household_tier_"))
        else "string"
        for name in header
    }
    return read_csv(content, dtype=kinds, keep_default_na=False, na_values=[""])


def _count(counts: pd.Series | None, province_code: str) -> int:
    return 0 if counts is None else int(counts.get(province_code, 0))


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
