"""A plan: rules, inputs, decisions and the choice, kept so that it replays to the same bytes."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from phaenthi.targeting import explain, general
from phaenthi.targeting.choice import area_recursion as allocation
from phaenthi.targeting.choice import demand
from phaenthi.targeting.choice.area_recursion import Choice, Shortage
from phaenthi.targeting.choice.demand import Demand
from phaenthi.targeting.clash import conflict
from phaenthi.targeting.judging import nearby
from phaenthi.targeting.judging.evidence import Evidence
from phaenthi.targeting.judging.judge import Judgement, judge
from phaenthi.targeting.limits import pose
from phaenthi.targeting.numbers import Number, from_records, read_as
from phaenthi.targeting.programme.programme import Programme
from phaenthi.targeting.proof import plain as proof
from phaenthi.targeting.proof import plain_prices as bound
from phaenthi.targeting.proof.plain import Prices
from phaenthi.targeting.proof.record import Record, from_record, to_record
from phaenthi.wording import Problem

# Raised when the columns or the record of a plan change: an older plan is made again, not guessed.
FORMAT = 2
FOLDER = "plans"
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
        ``"in"``: the village is taken whatever its points; ``"out"``: it is not taken.
    """

    village_code: str
    action: Literal["in", "out"]
    reason: str
    decided_by: str


@dataclass(frozen=True)
class ProvinceResult:
    """What was chosen in one province and what proves it.

    Attributes
    ----------
    prices, ceiling
        The prices of the proof and the need that no plan can pass by them.
    baht
        What the chosen villages cost by the programme's budget rule; ``None`` without one.
    """

    demand: Demand
    chosen: tuple[str, ...]
    reserve: tuple[str, ...]
    need: int
    target_households: int
    tied_places: int
    sort_and_take: tuple[str, ...]
    sort_and_take_need: int
    prices: Prices | None
    ceiling: int | None
    shortage: Shortage | None
    baht: int | None


@dataclass(frozen=True)
class Plan:
    """The record of one choice.

    Attributes
    ----------
    units
        A row a village of the provinces, sorted by code: the columns of
        :class:`phaenthi.targeting.judging.judge.Judgement` ``units`` with ``status`` (``chosen``,
        ``reserve``, ``eligible``, ``excluded``, ``unknown``), ``place`` (within the province,
        for chosen and reserve), ``points`` (need points short, or lost without it),
        ``replaces`` (codes that would leave or enter) and the reasons ``reason_th``,
        ``reason_en``.
    findings
        A row a village and rule judged per village.
    members
        village_code, place, household_id (salted hash), tier: the households proposed inside
        each chosen village; from_village where a near village fills it up. Stays in the
        workspace; never exported.
    inputs
        Content digest of each layer that the choice rests on.
    records
        Limits and proofs of choices under rules of any kind, and why there is no choice; empty
        where every province is chosen by the recursion over amphoe.
    numbers
        Numbers of the rules that people set otherwise; :func:`phaenthi.targeting.numbers.read_as`
        gives the programme with them.
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
    records: tuple[Record, ...] = ()
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


def make(
    programme: Programme,
    evidence: Evidence,
    provinces: Sequence[str],
    *,
    decided_on: date,
    overrides: Sequence[Override] = (),
    numbers: Sequence[Number] = (),
) -> Plan:
    """Judge, choose, prove and explain: the whole walk from a guideline to a plan.

    Parameters
    ----------
    provinces
        Codes of provinces in the programme's scope.
    decided_on
        The day that the plan bears; part of the record.
    overrides
        Villages that people put in or took out.
    numbers
        Numbers that people set otherwise and that ``programme`` has already, for the record.

    Raises
    ------
    Problem
        If a province is not in the programme's scope, an override or number has no reason, an
        override names a village that is not there, or a village that a rule forbids is put in.
    """
    wanted = tuple(sorted(provinces))
    judgement = judge(programme, evidence, wanted)
    _check_overrides(overrides, judgement.units, judgement.findings)
    for number in numbers:
        if not number.reason.strip() or not number.decided_by.strip():
            raise Problem("targeting.number_without_reason", name=number.name)
    locked_in = frozenset(o.village_code for o in overrides if o.action == "in")
    locked_out = frozenset(o.village_code for o in overrides if o.action == "out")
    locks = {o.village_code: o.action == "in" for o in overrides}
    choices: dict[str, Choice] = {}
    records: list[Record] = []
    if pose.is_plain(programme):
        for province in wanted:
            asked = demand.ask(programme, province)
            open_ = _open(judgement.units, province, locked_in)
            here = frozenset(open_["village_code"])
            choices[province] = allocation.choose(open_, asked, locked_in & here, locked_out & here)
            if choices[province].shortage is not None:
                records.append(_why_not(programme, judgement, province, locks))
    else:
        tied = pose.crosses_provinces(programme)
        for together in [wanted] if tied else [(province,) for province in wanted]:
            found, record = general.choose(programme, judgement, together, locks)
            choices |= found
            records.append(record)
    results = [
        _result(programme, judgement.units, choices[province], records, locked_in, locked_out)
        for province in wanted
    ]
    chosen = [code for result in results for code in result.chosen]
    return Plan(
        programme_id=programme.id,
        fiscal_year=programme.fiscal_year.buddhist,
        programme_digest=programme.digest(),
        readings=programme.readings,
        provinces=wanted,
        decided_on=decided_on,
        overrides=tuple(sorted(overrides, key=lambda o: o.village_code)),
        inputs=dict(evidence.digest),
        missing_layers=tuple(sorted(evidence.missing_layers)),
        unmatched_history=evidence.unmatched_history,
        made_up=evidence.made_up,
        results=tuple(results),
        units=explain.explain(programme, judgement, choices, overrides),
        findings=judgement.findings,
        members=nearby.pick_with_fill_up(programme, evidence, chosen),
        records=tuple(records),
        numbers=tuple(sorted(numbers, key=lambda one: one.key)),
    )


def _open(units: pd.DataFrame, province: str, locked_in: frozenset[str]) -> pd.DataFrame:
    """Return the units of a province that may be chosen, each under its own code."""
    allowed = (units["verdict"] == "met") | units["unit_code"].isin(locked_in)
    open_ = units[allowed & (units["province_code"] == province)]
    return open_.assign(village_code=open_["unit_code"])


def _why_not(
    programme: Programme, judgement: Judgement, province: str, locks: Mapping[str, bool]
) -> Record:
    """Find which rules clash in a province that cannot be filled, and what would help."""
    here = judgement.units[judgement.units["province_code"] == province]
    barred = pose.barred_units(here, judgement.findings)
    problem = pose.pose(programme, here, [province], locks, barred)
    baht = pose.baht_of(programme)
    clash = conflict.examine(problem)
    return Record(
        (province,),
        problem.limits,
        problem.tiers_first,
        baht,
        proved=True,
        clash=clash,
        plain=True,
    )


def _check_overrides(
    overrides: Iterable[Override], units: pd.DataFrame, findings: pd.DataFrame
) -> None:
    verdicts = dict(zip(units["unit_code"], units["verdict"], strict=True))
    for one in overrides:
        if not one.reason.strip() or not one.decided_by.strip():
            raise Problem("targeting.override_without_reason", village_code=one.village_code)
        if one.village_code not in verdicts:
            raise Problem("targeting.override_unknown_village", village_code=one.village_code)
        if one.action == "in" and verdicts[one.village_code] == "not_met":
            broken = findings[
                (findings["unit_code"] == one.village_code) & (findings["verdict"] == "not_met")
            ]
            raise Problem(
                "targeting.override_forbidden",
                village_code=one.village_code,
                reason=one.reason,
                rules=", ".join(broken["rule"]),
            )
    codes = [one.village_code for one in overrides]
    for code in codes:
        if codes.count(code) > 1:
            raise Problem("targeting.override_twice", village_code=code)


def _result(
    programme: Programme,
    units: pd.DataFrame,
    choice: Choice,
    records: Iterable[Record],
    locked_in: frozenset[str],
    locked_out: frozenset[str],
) -> ProvinceResult:
    province = choice.demand.province_code
    open_ = _open(units, province, locked_in)
    prices: Prices | None = None
    if pose.is_plain(programme):
        rows = [row for row in proof.rows_of(open_) if row.village_code not in locked_out]
        inside = locked_in & {row.village_code for row in rows}
        prices = None if choice.shortage else bound.find_prices(rows, choice.demand, inside)
        ceiling = int(proof.bound(rows, choice.demand, prices, inside) // 1) if prices else None
    else:
        record = next(one for one in records if province in one.provinces)
        ceiling = record.ceiling if record.provinces == (province,) else None
    return ProvinceResult(
        demand=choice.demand,
        chosen=choice.chosen,
        reserve=choice.reserve,
        need=choice.need,
        target_households=choice.target_households,
        tied_places=choice.tied_places,
        sort_and_take=choice.sort_and_take,
        sort_and_take_need=choice.sort_and_take_need,
        prices=prices,
        ceiling=ceiling,
        shortage=choice.shortage,
        baht=_baht(programme, open_, choice.chosen),
    )


def _baht(programme: Programme, open_: pd.DataFrame, chosen: Sequence[str]) -> int | None:
    """Return what the chosen units cost; ``None`` without a budget rule."""
    if not programme.rules_of("budget"):
        return None
    if "cost_baht" not in open_:
        return len(chosen) * pose.baht_of(programme)
    cost = open_.loc[open_["unit_code"].isin(chosen), "cost_baht"].astype("Int64")
    return int(cost.fillna(pose.baht_of(programme)).sum())


def replay(plan: Plan, programme: Programme, evidence: Evidence) -> Plan:
    """Make the plan again from the same rules, readings, numbers, overrides and day."""
    return make(
        read_as(plan, programme),
        evidence,
        plan.provinces,
        decided_on=plan.decided_on,
        overrides=plan.overrides,
        numbers=plan.numbers,
    )


def save(plan: Plan, folder: Path) -> Path:
    """Write the plan's files into ``folder/<plan id>`` in one step and return that folder."""
    target = folder / plan.id
    if target.is_dir():
        return target
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".unfinished-") as scratch:
        draft = Path(scratch) / plan.id
        draft.mkdir()
        for name, content in plan.files.items():
            (draft / name).write_bytes(content)
        shutil.move(draft, target)
    return target


def saved(folder: Path) -> list[str]:
    """Return the ids of the plans in a folder, the newest first."""
    found = [path.parent for path in folder.glob("*/plan.json")]
    return [path.name for path in sorted(found, key=lambda p: p.stat().st_mtime, reverse=True)]


def load(folder: Path) -> Plan:
    """Read a saved plan.

    Raises
    ------
    Problem
        ``targeting.plan_missing``; ``targeting.plan_of_other_format`` for one that another
        version of the program made; ``targeting.plan_damaged`` when a file is not the one that
        the record describes.
    """
    path = folder / "plan.json"
    if not path.is_file():
        raise Problem("targeting.plan_missing", file=folder, found=folder.name)
    tables: dict[str, pd.DataFrame] = {}
    try:
        record = json.loads(path.read_bytes())
        if record["format"] != FORMAT:
            raise Problem("targeting.plan_of_other_format", file=path, plan=folder.name)
        for name in _TABLES:
            content = (folder / f"{name}.csv").read_bytes()
            if _sha256(content) != record["tables"][f"{name}.csv"]:
                raise Problem("targeting.plan_damaged", file=f"{name}.csv", plan=folder.name)
            tables[name] = _read_csv(content)
        plan = _from_record(record, tables)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Problem("targeting.plan_damaged", file=path, plan=folder.name) from error
    if plan.files["plan.json"] != path.read_bytes() or plan.id != folder.name:
        raise Problem("targeting.plan_damaged", file=path, plan=folder.name)
    return plan


def _record(plan: Plan, tables: Mapping[str, str]) -> dict[str, Any]:
    """Return the record; what only some plans have stands in theirs alone."""
    some: dict[str, Any] = {}
    if plan.records:
        some["records"] = [to_record(one) for one in plan.records]
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
        "results": [_result_record(result) for result in plan.results],
        "tables": dict(tables),
    }


def _result_record(result: ProvinceResult) -> dict[str, Any]:
    record = {name: getattr(result, name) for name in ProvinceResult.__dataclass_fields__} | {
        "demand": asdict(result.demand)
    }
    record["prices"] = (
        {"village": str(result.prices.village), "area": str(result.prices.area)}
        if result.prices
        else None
    )
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
        records=tuple(from_record(one) for one in record.get("records", ())),
        numbers=from_records(record.get("numbers", ())),
    )


def _result_from(record: Mapping[str, Any]) -> ProvinceResult:
    prices, shortage = record["prices"], record["shortage"]
    values = dict(record) | {
        "demand": Demand(**record["demand"]),
        "prices": Prices(Fraction(prices["village"]), Fraction(prices["area"])) if prices else None,
        "shortage": Shortage(tuple(shortage["rules"]), shortage["wording"], shortage["numbers"])
        if shortage
        else None,
    }
    values |= {name: tuple(record[name]) for name in ("chosen", "reserve", "sort_and_take")}
    return ProvinceResult(**values)


def _csv_bytes(table: pd.DataFrame) -> bytes:
    """Write a table as plain CSV: text in quotes, numbers bare, missing empty."""
    text = io.StringIO()
    table.to_csv(text, index=False, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)
    return text.getvalue().encode("utf-8")


def _read_csv(content: bytes) -> pd.DataFrame:
    """Read a table of a plan: whole numbers where the column is of numbers, else text."""
    header = pd.read_csv(io.BytesIO(content), nrows=0, quoting=csv.QUOTE_NONNUMERIC).columns
    kinds = {
        name: "Int64"
        if name in _NUMBERS or name.startswith(("need_", "household_tier_"))
        else "string"
        for name in header
    }
    return pd.read_csv(io.BytesIO(content), dtype=kinds, keep_default_na=False, na_values=[""])


def _count(counts: pd.Series | None, province_code: str) -> int:
    return 0 if counts is None else int(counts.get(province_code, 0))


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
