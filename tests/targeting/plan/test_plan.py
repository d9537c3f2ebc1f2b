"""A plan of P1: what is asked is chosen, it replays to the same bytes, and nothing slips by."""

from __future__ import annotations

import json
import shlex
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import polars as pl
import pytest

from phaenthi.geo.files import write_folder
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.targeting.judging.evidence import Evidence, gather
from phaenthi.targeting.plan import certificate, keeping
from phaenthi.targeting.plan import making as plan
from phaenthi.targeting.plan.record import Override, Plan
from phaenthi.targeting.programme.programme import Programme, load
from phaenthi.wording import Problem
from phaenthi.wording.hints import command_name
from tests import national
from tests.demo_copies import copy_demo
from tests.targeting.evidence_by_hand import Case, poor

DAY = date(2019, 12, 2)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return copy_demo(tmp_path_factory.mktemp("demo") / "workspace")


@pytest.fixture(scope="module")
def programme() -> Programme:
    return load("ne-poverty-2563")


@pytest.fixture(scope="module")
def evidence(workspace: Workspace) -> Evidence:
    return gather(workspace, ["46"])


@pytest.fixture(scope="module")
def kalasin(programme: Programme, evidence: Evidence) -> Plan:
    return plan.make(programme, evidence, ["46"], decided_on=DAY)


@pytest.mark.parametrize(
    ("province", "villages", "amphoe"), [("31", 66, 22), ("46", 18, 14), ("42", 11, 11)]
)
def test_each_province_gets_its_villages_in_exactly_its_number_of_amphoe(
    workspace: Workspace, programme: Programme, province: str, villages: int, amphoe: int
) -> None:
    evidence = gather(workspace, [province])
    made = plan.make(programme, evidence, [province], decided_on=DAY)
    chosen = made.units[made.units["status"] == "chosen"]
    per_amphoe = chosen.groupby("amphoe_code").size()
    assert len(chosen) == villages
    assert len(per_amphoe) == amphoe
    assert per_amphoe.max() <= 3
    if province == "31":
        assert set(per_amphoe) == {3}
    assert set(made.members.groupby("village_code").size()) == {20}
    assert (chosen["verdict"] == "met").all()
    assert certificate.check(made, programme, evidence).stands


def test_every_province_together_gives_274_amphoe_500_villages_and_10_000_households(
    tmp_path: Path, programme: Programme
) -> None:
    workspace = national.build_workspace(tmp_path / "national")
    evidence = gather(workspace, programme.provinces())
    made = plan.make(programme, evidence, programme.provinces(), decided_on=DAY)
    chosen = made.units[made.units["status"] == "chosen"]
    assert len(chosen) == 500
    assert chosen["amphoe_code"].nunique() == 274
    assert len(made.members) == 10_000
    assert made.summary["baht"].sum() <= 65_000_000
    assert certificate.check(made, programme, evidence).stands


def test_an_average_cap_lets_one_amphoe_have_more_than_three(
    programme: Programme, evidence: Evidence, kalasin: Plan
) -> None:
    averaged = plan.make(
        programme.with_readings({"cap": "average"}), evidence, ["46"], decided_on=DAY
    )
    assert averaged.readings["cap"] == "average"
    assert len(averaged.results[0].chosen) == 18
    assert averaged.results[0].need >= kalasin.results[0].need
    assert certificate.check(averaged, programme, evidence).stands


def test_a_saved_plan_is_read_back_and_replays_to_the_same_bytes(
    tmp_path: Path, programme: Programme, evidence: Evidence, kalasin: Plan
) -> None:
    folder = write_folder(tmp_path / kalasin.id, kalasin.files)
    read = keeping.load(folder)
    assert read.files == kalasin.files
    assert plan.replay(read, programme, evidence).files == kalasin.files
    assert keeping.saved(tmp_path) == [kalasin.id]


def test_a_plan_file_that_somebody_touched_is_refused(tmp_path: Path, kalasin: Plan) -> None:
    for name in kalasin.files:
        folder = write_folder(tmp_path / name / kalasin.id, kalasin.files)
        content = (folder / name).read_bytes()
        (folder / name).write_bytes(content.replace(b"4", b"5", 1))
        with pytest.raises(Problem) as refused:
            keeping.load(folder)
        assert refused.value.message_id == "targeting.plan_damaged"
        shutil.rmtree(folder)


def test_a_plan_of_an_earlier_format_names_the_command_that_makes_it_again(
    tmp_path: Path, kalasin: Plan
) -> None:
    folder = tmp_path / "plans" / kalasin.id
    folder.mkdir(parents=True)
    record = json.loads(kalasin.files["plan.json"])
    decision = {
        "village_code": "46010101",
        "action": "out",
        "reason": "ขอถอนตัว",
        "decided_by": "พอ.",
    }
    record |= {"format": 2, "overrides": [decision]}
    (folder / "plan.json").write_text(json.dumps(record), encoding="utf-8")
    (tmp_path / "workspace.json").touch()
    with pytest.raises(Problem) as refused:
        keeping.load(folder)
    assert refused.value.message_id == "targeting.plan_of_other_format"
    words = shlex.split(refused.value.values["command"])  # noqa: PD011 - not a table's
    readings = [
        word
        for rule, one in sorted(kalasin.readings.items())
        for word in ("--reading", f"{rule}={one}")
    ]
    decided = ["--leave", "46010101", "--reason", "ขอถอนตัว", "--decided-by", "พอ."]
    place = ["--province", "46", *readings, *decided, "--workspace", str(tmp_path)]
    assert words == [command_name(), "choose", "ne-poverty-2563", *place]


def swapped(made: Plan, out: str, in_: str) -> Plan:
    """Return the plan with one village in another's place, in the record and in the table."""
    result = made.results[0]
    chosen = tuple(sorted({*result.chosen, in_} - {out}))
    reserve = tuple(code for code in result.reserve if code != in_)
    status = made.units["status"].mask(made.units["village_code"] == out, "eligible")
    status = status.mask(made.units["village_code"] == in_, "chosen")
    units = made.units.assign(status=status)
    return replace(made, results=(replace(result, chosen=chosen, reserve=reserve),), units=units)


def test_swapping_one_village_for_a_worse_one_fails_the_check(
    programme: Programme, kalasin: Plan
) -> None:
    assert certificate.check(kalasin, programme).stands
    others = kalasin.units[kalasin.units["status"].isin(["reserve", "eligible"])]
    for out in kalasin.results[0].chosen:
        amphoe = kalasin.units.set_index("village_code").loc[out, "amphoe_code"]
        neighbours = others[others["amphoe_code"] == amphoe]
        if neighbours.empty:
            continue
        worse = neighbours.sort_values("need").iloc[-1]["village_code"]
        report = certificate.check(swapped(kalasin, out, worse), programme)
        assert "certificate.better_exchange" in {f.wording for f in report.failures}


def test_a_village_that_is_not_eligible_fails_the_check(
    programme: Programme, kalasin: Plan
) -> None:
    excluded = kalasin.units[kalasin.units["status"] == "excluded"].iloc[0]["village_code"]
    report = certificate.check(swapped(kalasin, kalasin.results[0].chosen[0], excluded), programme)
    assert "certificate.not_eligible" in {f.wording for f in report.failures}


def test_a_need_changed_in_the_plan_fails_against_the_inputs(
    programme: Programme, evidence: Evidence, kalasin: Plan
) -> None:
    units = kalasin.units.copy()
    units.loc[units["village_code"] == kalasin.results[0].chosen[0], "need"] += 1
    report = certificate.check(replace(kalasin, units=units), programme, evidence)
    assert "certificate.judged_otherwise" in {f.wording for f in report.failures}


@pytest.mark.parametrize("layer", ["households", "poverty", "history", "beneficiaries"])
def test_one_changed_row_of_an_input_fails_the_check(
    tmp_path: Path, workspace: Workspace, programme: Programme, kalasin: Plan, layer: str
) -> None:
    shutil.copytree(workspace.folder, tmp_path / "copy")
    copy = Workspace.open(tmp_path / "copy")
    rows = copy.scan(layer).collect()
    provenance = copy.provenance(layer)
    assert provenance is not None
    year = next(c for c in ("survey_year", "register_year", "fiscal_year") if c in rows.columns)
    first = pl.int_range(pl.len()) == 0
    changed = rows.with_columns(pl.when(first).then(pl.col(year) - 1).otherwise(year).alias(year))
    copy.put(layer, changed, provenance)
    report = certificate.check(kalasin, programme, gather(Workspace.open(copy.folder), ["46"]))
    assert {"layer": layer} in [f.numbers for f in report.failures]


def test_other_rules_than_those_of_the_plan_fail_the_check(
    programme: Programme, kalasin: Plan
) -> None:
    report = certificate.check(replace(kalasin, readings={"cap": "average"}), programme)
    assert "certificate.rules_changed" in {f.wording for f in report.failures}


def test_putting_a_village_in_needs_a_reason_and_is_recorded(
    programme: Programme, evidence: Evidence, kalasin: Plan
) -> None:
    code = kalasin.results[0].reserve[0]
    with pytest.raises(Problem) as refused:
        plan.make(
            programme,
            evidence,
            ["46"],
            decided_on=DAY,
            overrides=[Override(code, "in", " ", "ศจพ.อ.")],
        )
    assert refused.value.message_id == "targeting.override_without_reason"
    controls = Override(code, "in", "มติ\u202eที่ประชุม", "ศจพ.อ.")
    with pytest.raises(Problem) as refused:
        plan.make(programme, evidence, ["46"], decided_on=DAY, overrides=[controls])
    assert refused.value.message_id == "geo.stray_character"
    put_in = Override(code, "in", "ประชาคมหมู่บ้านพร้อมทั้งหมู่บ้าน", "ศจพ.อ.เมืองกาฬสินธุ์")
    made = plan.make(programme, evidence, ["46"], decided_on=DAY, overrides=[put_in])
    assert code in made.results[0].chosen
    assert made.results[0].need < kalasin.results[0].need
    row = made.units.set_index("village_code").loc[code]
    assert "ประชาคมหมู่บ้านพร้อมทั้งหมู่บ้าน" in row["reason_th"]
    assert certificate.check(made, programme, evidence).stands
    assert plan.replay(made, programme, evidence).files == made.files


def test_taking_a_village_out_costs_what_its_card_says(
    programme: Programme, evidence: Evidence, kalasin: Plan
) -> None:
    units = kalasin.units.set_index("village_code")
    for code in kalasin.results[0].chosen[:4]:
        out = Override(code, "out", "หมู่บ้านขอถอนตัว", "พัฒนาการอำเภอ")
        made = plan.make(programme, evidence, ["46"], decided_on=DAY, overrides=[out])
        assert kalasin.results[0].need - made.results[0].need == units.loc[code, "points"]
        assert units.loc[code, "replaces"] in made.results[0].chosen


def test_putting_in_a_village_that_a_rule_forbids_names_the_rule(
    programme: Programme, evidence: Evidence, kalasin: Plan
) -> None:
    excluded = kalasin.units[kalasin.units["status"] == "excluded"].iloc[0]["village_code"]
    with pytest.raises(Problem) as refused:
        plan.make(
            programme,
            evidence,
            ["46"],
            decided_on=DAY,
            overrides=[Override(excluded, "in", "จำเป็น", "ศจพ.จ.")],
        )
    assert refused.value.message_id == "targeting.override_forbidden"
    assert "target-households" in str(refused.value)


def test_every_village_has_a_reason_in_both_languages(kalasin: Plan) -> None:
    for column in ("reason_th", "reason_en"):
        assert kalasin.units[column].str.len().min() > 10
        assert not kalasin.units[column].str.contains("{", regex=False).any()


def test_unknown_villages_are_never_chosen_and_never_lost(
    evidence: Evidence, kalasin: Plan
) -> None:
    unknown = kalasin.units[kalasin.units["verdict"] == "unknown"]
    assert len(unknown) > 0
    assert set(unknown["status"]) == {"unknown"}
    assert list(kalasin.units["village_code"]) == list(evidence.villages["village_code"])


def test_a_province_that_cannot_be_filled_says_what_is_missing(programme: Programme) -> None:
    villages = [f"420{amphoe}0101" for amphoe in range(1, 6)]
    evidence = Case([poor(code) for code in villages for _ in range(25)]).evidence()
    made = plan.make(programme, evidence, ["42"], decided_on=DAY)
    shortage = made.results[0].shortage
    assert shortage is not None
    assert shortage.wording == "shortage.too_few_areas"
    assert shortage.numbers["usable_areas"] == 5
    assert certificate.check(made, programme).stands
    hidden = replace(made, results=(replace(made.results[0], chosen=tuple(villages)),))
    assert not certificate.check(hidden, programme).stands


def test_a_sammachip_village_with_its_list_is_usable_and_without_it_unknown(
    programme: Programme,
) -> None:
    known, unlisted = "46010101", "46010102"
    helped = poor(known, helped_by=(("sammachip", 2562),))
    households = [helped] * 5 + [poor(known)] * 24 + [poor(unlisted)] * 40
    history = [(known, "sammachip", 2562), (unlisted, "sammachip", 2562)]
    evidence = Case(households, history=history).evidence()
    made = plan.make(programme, evidence, ["46"], decided_on=DAY)
    units = made.units.set_index("village_code")
    assert units.loc[known, "overlap"] == "usable"
    assert units.loc[known, "target_households"] == 24
    assert units.loc[unlisted, "status"] == "unknown"
    told = made.findings[made.findings["village_code"] == known]
    assert pd.to_numeric(told["households"]).max() == 24
