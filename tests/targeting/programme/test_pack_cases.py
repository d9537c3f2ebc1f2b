"""Every pack judges and chooses as its YAML cases say."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from phaenthi.targeting.judging import members
from phaenthi.targeting.judging.findings import sentence
from phaenthi.targeting.judging.judge import Judgement, judge
from phaenthi.targeting.plan import making as plan
from phaenthi.targeting.plan.record import Plan
from phaenthi.targeting.programme.programme import Programme, packs
from phaenthi.wording import LANGUAGES, Problem
from tests.targeting.pack_cases import FOLDER, Case, all_cases, evidence_of, programme_of

CASES = all_cases()
DECIDED_ON = date(2020, 1, 15)


@pytest.mark.parametrize(
    ("pack", "case"), CASES, ids=[f"{pack}: {case['name']}" for pack, case in CASES]
)
def test_a_pack_judges_and_chooses_as_its_case_says(pack: str, case: Case, tmp_path: Path) -> None:
    expected = case.get("expect", {})
    if "problem" in expected:
        with pytest.raises(Problem) as caught:
            _choose(pack, case, tmp_path)
        assert caught.value.message_id == f"targeting.{expected['problem']}"
        for language in LANGUAGES:
            assert caught.value.sentence(language)
        return
    programme = programme_of(pack, case, tmp_path)
    judgement = _judge(programme, case)
    _check_units(judgement, expected)
    _check_findings(programme, judgement, expected)
    if "members" in expected:
        _check_members(programme, case, expected["members"])
    if "choice" in case:
        _check_choice(programme, case)


def test_every_pack_of_the_project_has_cases() -> None:
    assert {path.stem for path in FOLDER.glob("*.yaml")} == {entry.id for entry in packs()}


def _judge(programme: Programme, case: Case) -> Judgement:
    return judge(programme, evidence_of(programme, case), case["provinces"])


def _choose(pack: str, case: Case, folder: Path) -> None:
    _make(programme_of(pack, case, folder), case)


def _make(programme: Programme, case: Case) -> Plan:
    evidence = evidence_of(programme, case)
    return plan.make(programme, evidence, case["provinces"], decided_on=DECIDED_ON)


def _check_units(judgement: Judgement, expected: Mapping[str, Any]) -> None:
    units = judgement.units.set_index("unit_code")
    for code, columns in expected.get("units", {}).items():
        wanted = columns if isinstance(columns, dict) else {"verdict": columns}
        found = {name: units.loc[str(code), name] for name in wanted}
        told = {name: None if pd.isna(value) else value for name, value in found.items()}
        assert told == wanted, code
    counts = judgement.units["verdict"].value_counts().to_dict()
    for verdict, number in expected.get("counts", {}).items():
        assert counts.get(verdict, 0) == number, verdict


def _check_findings(
    programme: Programme, judgement: Judgement, expected: Mapping[str, Any]
) -> None:
    findings = judgement.findings.set_index(["unit_code", "rule"])
    for code, outcomes in expected.get("findings", {}).items():
        found = {rule: findings.loc[(str(code), rule), "outcome"] for rule in outcomes}
        assert found == outcomes, code
    for row in judgement.findings.drop_duplicates(["rule", "outcome"]).to_dict("records"):
        for language in LANGUAGES:
            assert sentence(programme, row, language)


def _check_members(programme: Programme, case: Case, expected: Mapping[str, Any]) -> None:
    evidence = evidence_of(programme, case)
    chosen = members.pick(programme, members.classify(programme, evidence), list(expected))
    for code, tiers in expected.items():
        here = chosen[chosen["village_code"] == str(code)]
        assert here["tier"].value_counts().to_dict() == tiers


def _check_choice(programme: Programme, case: Case) -> None:
    wanted, made = case["choice"], _make(programme, case)
    chosen = made.units.loc[made.units["status"] == "chosen", "unit_code"].tolist()
    if "chosen" in wanted:
        assert sorted(chosen) == sorted(map(str, wanted["chosen"]))
    assert set(map(str, wanted.get("includes", []))) <= set(chosen)
    if "number" in wanted:
        assert len(chosen) == wanted["number"]
    if "shortfall" in wanted:
        missing = {
            c.group.value: number for one in made.certificates for c, number in one.shortfalls
        }
        assert missing == {str(area): number for area, number in wanted["shortfall"].items()}
    if "baht" in wanted:
        assert sum(result.baht or 0 for result in made.results) == wanted["baht"]
    impossible = any(result.shortage is not None for result in made.results)
    assert impossible == wanted.get("impossible", False)
