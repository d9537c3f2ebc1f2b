"""Plans of programmes with rules of other kinds: chosen, proved, kept, and refused when touched."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from phaenthi.geo.files import write_folder
from phaenthi.targeting.clash.words import say_clash, say_shortfalls
from phaenthi.targeting.judging.evidence import Evidence
from phaenthi.targeting.judging.unit_table import with_units
from phaenthi.targeting.limits.demand import Shortage
from phaenthi.targeting.plan import certificate, compare, fairness, keeping, reserve, whatif
from phaenthi.targeting.plan import making as plan
from phaenthi.targeting.plan.record import Plan
from phaenthi.targeting.programme import changes as changing
from phaenthi.targeting.programme.programme import Programme, load
from tests.targeting.evidence_by_hand import Case, poor, registered

DAY = date(2020, 1, 6)
WORDS = {"th": "ข้อหนึ่ง", "en": "a clause"}


def rule(kind: str, **fields: object) -> dict[str, object]:
    clause = {"document": "D", "heading": WORDS, "item": "1"}
    made = {"id": fields.pop("id", kind.replace("_", "-")), "kind": kind, "clause": clause}
    return {**made, "force": "must", "origin": "stated", "words": WORDS, **fields}


def column(kind: str) -> dict[str, object]:
    return {"words": {"th": kind, "en": kind}, "kind": kind}


def programme(folder: Path, *rules: dict[str, object]) -> Programme:
    """Return a programme that chooses groups in one province by the rules given."""
    need = {"id": "income", "words": WORDS, "measure": "amount", "column": "income", "per": 1}
    pack = {
        "id": "groups-by-hand",
        "name": WORDS,
        "fiscal_year": 2563,
        "unit": "group",
        "documents": {"D": WORDS},
        "columns": {
            "income": column("count"),
            "cost": column("amount"),
            "menu": column("text"),
            "class": column("text"),
        },
        "rules": [
            rule("scope", id="area", provinces=["46"]),
            rule("need", parts=[{**need, "weight": 1}]),
            *rules,
        ],
    }
    path = folder / "groups-by-hand.yaml"
    path.write_text(yaml.safe_dump(pack, allow_unicode=True), encoding="utf-8")
    return load(path)


def evidence(groups: int = 40, seed: int = 1) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    amphoe = rng.integers(1, 7, groups)
    return pd.DataFrame(
        {
            "unit_code": [f"G{number:03d}" for number in range(groups)],
            "amphoe_code": [f"46{one:02d}" for one in amphoe],
            "income": rng.integers(0, 50, groups),
            "cost": rng.choice([30_000, 50_000, 80_000], groups),
            "menu": rng.choice(["ผ้า", "อาหาร", "สมุนไพร", "จักสาน"], groups),
            "class": rng.choice(["A", "B"], groups),
        }
    )


ALLOTMENT = rule("allotment", level="province", each=9)
CAP = rule("cap", level="amphoe", at_most=2, mode="each")
BUDGET = rule("budget", cost_column="cost", ceiling=420_000, ceiling_level="province")
DISTINCT = rule("distinct", column="menu", within="amphoe")
TIERS = rule(
    "tiers",
    tiers=[
        {"id": "b", "words": WORDS, "all": [{"column": "class", "one_of": ["B"]}]},
        {"id": "a", "words": WORDS, "all": [{"column": "class", "one_of": ["A"]}]},
    ],
)
AT_LEAST = rule(
    "at_least",
    level="amphoe",
    at_least=1,
    name="weaves",
    where=[{"column": "menu", "one_of": ["ผ้า", "อาหาร", "จักสาน"]}],
)
MIXES = {
    "budget": (ALLOTMENT, CAP, BUDGET),
    "distinct": (ALLOTMENT, DISTINCT),
    "tiers": (ALLOTMENT, CAP, TIERS),
    "at least": (ALLOTMENT, AT_LEAST),
    "all": (ALLOTMENT, CAP, BUDGET, DISTINCT, TIERS),
}


def judged(one: Programme, table: pd.DataFrame) -> Evidence:
    return with_units(Case([poor("46010101")]).evidence(), one, table)


@pytest.fixture(params=MIXES, ids=str)
def made(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Programme, Evidence, Plan]:
    one = programme(tmp_path, *MIXES[request.param])
    known = judged(one, evidence())
    return one, known, plan.make(one, known, ["46"], decided_on=DAY)


Made = tuple[Programme, Evidence, Plan]


def test_a_plan_is_checked_saved_read_back_and_replayed(made: Made, tmp_path: Path) -> None:
    one, known, first = made
    assert len(first.results[0].chosen) == 9
    assert certificate.check(first, one, known).stands
    read = keeping.load(write_folder(tmp_path / "plans" / first.id, first.files))
    assert read.files == first.files
    assert read.certificates == first.certificates
    assert certificate.check(read, one, known).stands
    again = plan.replay(read, one, known)
    assert again.files == first.files
    assert compare.compare(read, again).nothing


def test_every_unit_has_a_reason_in_both_languages(made: Made) -> None:
    for language in ("th", "en"):
        told = made[2].units[f"reason_{language}"]
        assert told.str.len().min() > 10
        assert not told.str.contains("{", regex=False).any()


def test_every_swap_of_one_unit_fails_the_check(made: Made) -> None:
    one, _, first = made
    result = first.results[0]
    others = first.units.loc[first.units["status"].isin(["reserve", "eligible"]), "unit_code"]
    for out in result.chosen[:3]:
        for in_ in others[::3]:
            chosen = tuple(sorted({*result.chosen, in_} - {out}))
            status = first.units["status"].mask(first.units["unit_code"] == out, "eligible")
            status = status.mask(first.units["unit_code"] == in_, "chosen")
            need = int(first.units.loc[first.units["unit_code"].isin(chosen), "need"].sum())
            reserve_ = tuple(code for code in result.reserve if code != in_)
            changed = replace(result, chosen=chosen, need=need, reserve=reserve_)
            touched = replace(first, results=(changed,), units=first.units.assign(status=status))
            assert not certificate.check(touched, one).stands, (out, in_)


def test_a_changed_multiplier_result_or_input_fails_the_check(made: Made) -> None:
    one, _, first = made
    proof = first.certificates[0]
    level = proof.levels[0]
    tampered = [
        replace(proof, levels=(replace(level, ceiling=level.ceiling + 1), *proof.levels[1:])),
        replace(proof, levels=(replace(level, reached=level.reached + 1), *proof.levels[1:])),
        replace(proof, levels=proof.levels[1:]),
        replace(proof, provinces=("42",)),
    ]
    for wrong in tampered:
        assert not certificate.check(replace(first, certificates=(wrong,)), one).stands
    assert not certificate.check(replace(first, certificates=()), one).stands
    assert not certificate.check(replace(first, results=()), one).stands
    other = judged(one, evidence().assign(income=evidence()["income"] + 1))
    assert not certificate.check(first, one, other).stands


def test_a_plan_that_says_falsely_that_no_choice_is_possible_never_passes(made: Made) -> None:
    one, _, first = made
    shortage = Shortage((), "shortage.clash", {"province_code": "46"})
    nothing = replace(
        first.results[0],
        chosen=(),
        reserve=(),
        need=0,
        target_households=0,
        tied_places=0,
        ceiling=None,
        baht=0 if first.results[0].baht is not None else None,
        shortage=shortage,
    )
    status = first.units["status"].mask(
        first.units["status"].isin(["chosen", "reserve"]), "eligible"
    )
    # Without multipliers, as a plan that says of itself that nothing is proved.
    silent = replace(first.certificates[0], levels=(), shortfalls=())
    told = replace(
        first,
        results=(nothing,),
        certificates=(silent,),
        units=first.units.assign(status=status),
    )
    assert certificate.check(told, one).outcome != "stands"


def test_taking_a_unit_out_costs_what_its_card_says(made: Made) -> None:
    one, known, first = made
    for code in first.results[0].chosen[:3]:
        swap = reserve.swap_for(first, code)
        after = reserve.withdraw(
            first, one, known, [code], reason="ขอถอนตัว", decided_by="พัฒนาการอำเภอ"
        )
        if swap.points is None:
            assert after.results[0].shortage is not None
            continue
        assert first.results[0].need - after.results[0].need == swap.points
        now = set(after.results[0].chosen)
        assert set(swap.entering) == now - set(first.results[0].chosen)
        assert certificate.check(after, one, known).stands
    with pytest.raises(KeyError):
        reserve.swap_for(first, "nobody")


def test_the_reserve_says_in_whose_place_it_comes(made: Made) -> None:
    table = reserve.reserve_list(made[2])
    assert list(table["unit_code"]) == list(made[2].results[0].reserve)
    assert (table["instead_of"].str.len() > 0).all()


def test_what_if_the_cap_were_higher(tmp_path: Path) -> None:
    one = programme(
        tmp_path, ALLOTMENT, rule("cap", level="amphoe", at_most=2, mode="each"), BUDGET
    )
    known = judged(one, evidence())
    first = plan.make(one, known, ["46"], decided_on=DAY)
    looser = changing.change(one, fields={"cap": {"at_most": 5}})
    asked = whatif.ask(first, looser, known)
    assert asked.comparison.price <= 0
    assert set(asked.comparison.entering) == set(asked.plan.results[0].chosen) - set(
        first.results[0].chosen
    )
    assert not asked.comparison.same_rules
    assert whatif.ask(first, one, known).comparison.nothing
    fewer = changing.change(one, fields={"allotment": {"each": 8}}, weights={"income": 2})
    assert len(whatif.ask(first, fewer, known).plan.results[0].chosen) == 8
    with pytest.raises(KeyError):
        changing.change(one, weights={"nothing": 1})
    with pytest.raises(KeyError):
        changing.change(one, allotments={"46": 1})


def test_a_chosen_unit_stays_chosen_over_the_range_of_weights_and_no_further(
    tmp_path: Path,
) -> None:
    two = rule(
        "need",
        parts=[
            {
                "id": "income",
                "words": WORDS,
                "measure": "amount",
                "column": "income",
                "per": 1,
                "weight": 3,
            },
            {
                "id": "cheap",
                "words": WORDS,
                "measure": "amount",
                "column": "cost",
                "per": 10_000,
                "weight": 2,
            },
        ],
    )
    base = programme(tmp_path, ALLOTMENT, CAP)
    pack = yaml.safe_load((tmp_path / "groups-by-hand.yaml").read_text(encoding="utf-8"))
    pack["rules"][1] = two
    (tmp_path / "groups-by-hand.yaml").write_text(yaml.safe_dump(pack), encoding="utf-8")
    one = load(tmp_path / "groups-by-hand.yaml")
    known = judged(base, evidence())
    first = plan.make(one, known, ["46"], decided_on=DAY)
    ranges = whatif.weight_ranges(one, first.units, "46", most=12)
    assert set(ranges["unit_code"]) == set(first.results[0].chosen)
    chosen_at = {
        (part, weight): set(
            plan.make(changing.change(one, weights={part: weight}), known, ["46"], decided_on=DAY)
            .results[0]
            .chosen
        )
        for part in ("income", "cheap")
        for weight in range(13)
    }
    for row in ranges.to_dict("records"):
        inside = range(row["lowest"], row["highest"] + 1)
        assert row["weight"] in inside
        assert all(row["unit_code"] in chosen_at[row["part"], weight] for weight in inside)
        for beyond in (row["lowest"] - 1, row["highest"] + 1):
            if 0 <= beyond <= 12:
                assert row["unit_code"] not in chosen_at[row["part"], beyond]


def test_rules_that_clash_are_told_with_what_would_help(tmp_path: Path) -> None:
    one = programme(tmp_path, rule("allotment", level="province", each=20), CAP, BUDGET)
    known = judged(one, evidence())
    made = plan.make(one, known, ["46"], decided_on=DAY)
    assert made.results[0].shortage is not None
    clash = made.certificates[0].clash
    assert clash is not None
    assert {one.rules for one in clash.conflicts} == {("allotment", "budget"), ("allotment", "cap")}
    assert any(
        dict(one.amounts) == {"allotment": 20 - len(one.chosen)} for one in clash.relaxations
    )
    for language in ("th", "en"):
        told = "\n".join(say_clash(clash, one.unit, language))
        assert "{" not in told
        assert len(told.splitlines()) >= 4
    assert certificate.check(made, one, known).stands
    read = keeping.load(write_folder(tmp_path / "plans" / made.id, made.files))
    assert read.certificates == made.certificates
    assert certificate.check(made, one).outcome == "stands"


def test_a_province_of_p1_that_cannot_be_filled_says_what_would_help() -> None:
    one = load("ne-poverty-2563")
    villages = [f"42{amphoe:02d}0101" for amphoe in range(1, 11)]
    few = [poor("42130101") for _ in range(5)]
    known = Case([*(poor(code) for code in villages for _ in range(25)), *few]).evidence()
    made = plan.make(one, known, ["42"], decided_on=DAY)
    clash = made.certificates[0].clash
    assert clash is not None
    amounts = {one.amounts for one in clash.relaxations}
    assert (("target-households", 1),) in amounts
    told = "\n".join(say_clash(clash, one.unit, "th"))
    assert "42130101" in told
    assert certificate.check(made, one).stands


def test_what_is_missing_in_a_group_to_be_filled_is_told(tmp_path: Path) -> None:
    one = programme(
        tmp_path, rule("allotment", level="amphoe", each=8, mode="at_most", shortfall="report")
    )
    known = judged(one, evidence())
    made = plan.make(one, known, ["46"], decided_on=DAY)
    counts = evidence()["amphoe_code"].value_counts()
    missing = {limit.group.value: number for limit, number in made.certificates[0].shortfalls}
    assert all(number == 8 - counts.get(code, 0) for code, number in missing.items())
    assert all(
        "{" not in told for told in say_shortfalls(made.certificates[0].shortfalls, one.unit, "th")
    )
    assert made.results[0].demand.units == len(made.results[0].chosen) + sum(missing.values())


def test_fairness_adds_up_against_the_register() -> None:
    one = load("ne-poverty-2563")
    villages = [f"42{amphoe:02d}0101" for amphoe in range(1, 15)]
    known = Case([registered(code) for code in villages for _ in range(25)]).evidence()
    made = plan.make(one, known, ["42"], decided_on=DAY)
    fair = fairness.measure(made, known)
    assert fair.target_poor == 25 * 14
    assert fair.in_chosen == 25 * len(made.results[0].chosen)
    assert fair.people == 20 * len(made.results[0].chosen)
    assert fair.people_not_poor == 0
    assert fair.poor_left_out == fair.target_poor - fair.people
    assert int(fair.by_amphoe["target_poor"].sum()) == fair.target_poor
    assert fair.by_amphoe["share_of_budget"].sum() == pytest.approx(1)
    assert int(fair.by_amphoe["baht"].sum()) == made.results[0].baht
