"""Every field of every record and table of a plan is altered, sealed anew, and must be caught."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from phaenthi.targeting.judging.evidence import Evidence
from phaenthi.targeting.plan import certificate
from phaenthi.targeting.plan import making as plan
from phaenthi.targeting.plan.record import Override, Plan, _from_record, _read_csv
from phaenthi.targeting.programme.programme import Programme, load
from tests.targeting.evidence_by_hand import Case, poor
from tests.targeting.plan.test_general_plan import DAY, MIXES, evidence, judged, programme

# What a plan alone decides and nothing else tells: the day that it bears.
DECIDED_BY_THE_PLAN = {"decided_on"}
# Made anew when a plan is sealed.
SEALS = {"tables", "format"}


@dataclass(frozen=True)
class Known:
    """A plan with all that it rests on."""

    programme: Programme
    evidence: Evidence
    plan: Plan


def plain() -> Known:
    one = load("ne-poverty-2563")
    sizes = {f"42{amphoe:02d}0101": 22 + amphoe % 5 for amphoe in range(1, 15)}
    sizes |= {f"42{amphoe:02d}0102": 24 for amphoe in range(1, 9)}
    known = Case([poor(code) for code, size in sizes.items() for _ in range(size)]).evidence()
    decision = Override("42010102", "out", "ขอถอนตัว", "พัฒนาการอำเภอ")
    return Known(one, known, plan.make(one, known, ["42"], decided_on=DAY, overrides=[decision]))


def mixed(folder: Path) -> Known:
    one = programme(folder, *MIXES["all"])
    known = judged(one, evidence())
    return Known(one, known, plan.make(one, known, ["46"], decided_on=DAY))


def altered_values(value: object) -> list[Any]:
    """Return other values of the same kind."""
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int):
        return [value + 1]
    if isinstance(value, str):
        return [str(int(value) + 10**12)] if value.lstrip("-").isdecimal() else [value + "ก"]
    return ["ก", 1] if value is None else []


def altered_records(record: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the record with one field of each kind altered, dropped or doubled."""
    seen: set[str] = set()

    def walk(value: object, path: tuple[object, ...]) -> Iterator[tuple[str, dict[str, Any]]]:
        name = ".".join("*" if isinstance(step, int) else str(step) for step in path)
        if name in seen or (path and path[0] in SEALS):
            return
        children: list[tuple[object, object]] = []
        if isinstance(value, dict):
            children = list(value.items())
        elif isinstance(value, list):
            children = list(enumerate(value))
            if value:
                yield f"{name} -1", placed(path, value[1:])
                yield f"{name} x2", placed(path, [*value, value[0]])
        else:
            for other in altered_values(value):
                yield f"{name} = {other!r}", placed(path, other)
        for step, child in children:
            yield from walk(child, (*path, step))
        seen.add(name)

    def placed(path: tuple[object, ...], value: object) -> dict[str, Any]:
        made = copy.deepcopy(record)
        inner: Any = made
        for step in path[:-1]:
            inner = inner[step]
        inner[path[-1]] = value
        return made

    yield from walk(record, ())


def altered_tables(table: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield the table with a cell of each column altered, a row dropped and one doubled."""
    if table.empty:
        return
    yield "row dropped", table.iloc[1:].reset_index(drop=True)
    yield "row doubled", pd.concat([table, table.iloc[:1]], ignore_index=True)
    for name in table:
        changed = table.copy()
        known = changed.index[changed[name].notna()]
        place = int(known[0]) if len(known) else 0
        value = changed[name].iloc[place]
        number = pd.api.types.is_integer_dtype(changed[name])
        other: object = (0 if pd.isna(value) else int(value)) + 1 if number else f"{value}ก"
        changed.loc[place, name] = other
        yield str(name), changed


def altered_plans(known: Plan) -> Iterator[tuple[str, Plan | None]]:
    """Yield plans with one thing altered; ``None`` where it cannot even be read."""
    record = json.loads(known.files["plan.json"])
    tables = {
        name: _read_csv(known.files[f"{name}.csv"]) for name in ("units", "findings", "members")
    }
    for name, other in altered_records(record):
        try:
            yield name, _from_record(other, tables)
        except (ValueError, KeyError, TypeError, AttributeError):
            yield name, None
    for of, table in tables.items():
        for name, changed in altered_tables(table):
            yield f"{of}: {name}", _from_record(record, {**tables, of: changed})


@pytest.mark.parametrize("kind", ["plain", "mixed"])
def test_whatever_is_altered_in_a_plan_is_caught_with_the_inputs_and_most_of_it_without(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    known = plain() if kind == "plain" else mixed(tmp_path)
    assert certificate.check(known.plan, known.programme, known.evidence).outcome != "falls"
    tried, missed, missed_without = 0, [], []
    for name, altered in altered_plans(known.plan):
        if altered is not None and altered.files == known.plan.files:
            continue
        tried += 1
        if altered is None:
            continue
        if certificate.check(altered, known.programme).stands:
            missed_without.append(name)
            if certificate.check(altered, known.programme, known.evidence).stands:
                missed.append(name)
    caught, alone = tried - len(missed), tried - len(missed_without)
    with capsys.disabled():
        print(f"\n{kind}: {caught} of {tried} caught with the inputs, {alone} without")
        print("  without the inputs not caught:", "; ".join(missed_without))
    assert tried > 90
    assert {name.split(" ")[0] for name in missed} <= DECIDED_BY_THE_PLAN
    assert alone / tried > 0.6
