"""Every figure that a plan states, counted again from its own tables and the rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import pandas as pd

from phaenthi.geo.places.codes import Level
from phaenthi.targeting.limits.problem import AnyLimit, Areas, Count
from phaenthi.targeting.plan.record import Plan, ProvinceResult
from phaenthi.targeting.programme.programme import VILLAGE, Programme
from phaenthi.targeting.proof.asked import read_rules
from phaenthi.targeting.proof.verdict import Failure, Proof

_ORDER = ("not_met", "unknown", "met")


def recount(plan: Plan, programme: Programme, proofs: Iterable[Proof]) -> Iterator[Failure]:
    """Yield each figure of a plan that its tables and rules do not give.

    Parameters
    ----------
    programme
        As the plan read it.
    proofs
        What the check of each choice found.
    """
    units = plan.units
    told = (plan.programme_id, plan.fiscal_year, dict(plan.readings))
    if told != (programme.id, programme.fiscal_year.buddhist, programme.readings):
        yield Failure("certificate.rules_changed", {"programme": plan.programme_id})
    ceilings = {one.provinces[0]: one.ceiling for one in proofs if len(one.provinces) == 1}
    for result in plan.results:
        province = result.demand.province_code
        here = units[units["province_code"] == province]
        wrong = [
            *_wrong_figures(plan, programme, result, here, ceilings.get(province)),
            *_wrong_places(result, here),
        ]
        for figure in wrong:
            yield Failure("certificate.figure", {"province_code": province, "figure": figure})
    yield from _of_tables(plan, programme)


def _wrong_figures(
    plan: Plan,
    programme: Programme,
    result: ProvinceResult,
    units: pd.DataFrame,
    ceiling: int | None,
) -> Iterator[str]:
    """Yield the names of a result's figures that are not those of the table and the rules."""
    chosen = units[units["unit_code"].isin(result.chosen)]
    by_sorting = units[units["unit_code"].isin(result.sort_and_take)]
    decided = {one.unit_code: one.action == "in" for one in plan.overrides}
    asked = read_rules(programme, units, [result.demand.province_code], decided)
    counted: dict[str, object] = {
        "need": int(chosen["need"].sum()),
        "target_households": int(chosen["target_households"].fillna(0).sum()),
        "sort_and_take_need": int(by_sorting["need"].sum()),
        "ceiling": ceiling,
        "baht": _baht(programme, chosen, asked.baht),
    }
    for name, number in counted.items():
        if getattr(result, name) != number:
            yield name
    if (result.demand.units, result.demand.areas) != _asked_for(
        asked.limits, result.demand.province_code, len(result.chosen)
    ):
        yield "demand"
    if Counter(result.sort_and_take) - Counter(units["unit_code"]):
        yield "sort_and_take"
    if result.tied_places > len(result.chosen) or result.tied_places < 0:
        yield "tied_places"


def _asked_for(limits: Sequence[AnyLimit], province: str, chosen: int) -> tuple[int, int | None]:
    """Return how many units and areas a province is asked for."""
    counts = [
        one.most
        for one in limits
        if isinstance(one, Count)
        and one.most is not None
        and (one.fill or one.least == one.most)
        and one.group.value.startswith(province)
    ]
    areas = [one.areas for one in limits if isinstance(one, Areas) and one.group.value == province]
    return sum(counts) if counts else chosen, areas[0] if areas else None


def _baht(programme: Programme, chosen: pd.DataFrame, each: int) -> int | None:
    if not programme.rules_of("budget"):
        return None
    if "cost_baht" not in chosen:
        return each * len(chosen)
    return sum(each if pd.isna(cost) else int(cost) for cost in chosen["cost_baht"])


def _wrong_places(result: ProvinceResult, units: pd.DataFrame) -> Iterator[str]:
    """Yield whether the table tells another status or place of units than the result."""
    need = dict(zip(units["unit_code"], units["need"].astype("int64"), strict=True))
    if not {*result.chosen, *result.reserve} <= need.keys():
        yield "chosen"
        return
    by_need = sorted(result.chosen, key=lambda code: (-need[code], code))
    told = {code: ("chosen", place) for place, code in enumerate(by_need, 1)}
    told |= {code: ("reserve", place) for place, code in enumerate(result.reserve, 1)}
    otherwise = {"unknown": "unknown", "not_met": "excluded", "met": "eligible"}
    for code, verdict, status, place in zip(
        units["unit_code"], units["verdict"], units["status"], units["place"], strict=True
    ):
        expected, number = told.get(code, (otherwise.get(str(verdict), ""), None))
        found = None if pd.isna(place) else int(place)
        # A unit of the reserve that a person decided is told as what the decision makes of it.
        if status != expected and not (expected == "reserve" and status == "eligible"):
            yield "status"
            return
        if found != number:
            yield "place"
            return


def _of_tables(plan: Plan, programme: Programme) -> Iterator[Failure]:
    """Yield where the tables and decisions of a plan contradict one another."""
    decided = [one.unit_code for one in plan.overrides]
    if len(set(decided)) != len(decided) or not set(decided) <= set(plan.units["unit_code"]):
        yield Failure("certificate.table", {"file": "plan.json"})
    for name, right in (
        ("units.csv", _units_agree(plan, programme)),
        ("findings.csv", _findings_agree(plan, programme)),
        ("members.csv", _members_agree(plan)),
    ):
        if not right:
            yield Failure("certificate.table", {"file": name})


def _units_agree(plan: Plan, programme: Programme) -> bool:
    """Tell whether needs are the sums of their parts, and areas those of the codes."""
    units = plan.units
    parts = [name for name in units.columns if name.startswith("need_")]
    if parts and (units[parts].sum(axis=1) != units["need"]).any():
        return False
    if programme.unit != VILLAGE:
        return True
    codes = units["village_code"]
    return bool((codes == units["unit_code"]).all()) and all(
        (units[level.column] == codes.str.slice(stop=level.digits)).all()
        for level in (Level.PROVINCE, Level.AMPHOE, Level.TAMBON)
    )


def _findings_agree(plan: Plan, programme: Programme) -> bool:
    """Tell whether each unit has each rule's finding once, and the verdict that they give."""
    units, findings = plan.units.set_index("unit_code"), plan.findings
    if findings.empty:
        return True
    pairs = findings[["unit_code", "rule"]]
    rules = set(findings["rule"])
    complete = len(pairs) == len(units) * len(rules) and not pairs.duplicated().any()
    if not complete or not rules <= {rule.id for rule in programme.rules}:
        return False
    order = findings["verdict"].map({name: place for place, name in enumerate(_ORDER)})
    worst = order.groupby(findings["unit_code"]).min().map(dict(enumerate(_ORDER)))
    villages = units["village_code"].reindex(findings["unit_code"]).fillna("").to_numpy()
    return bool(
        order.notna().all()
        and (units["verdict"].reindex(worst.index).fillna("") == worst).all()
        and (findings["village_code"].fillna("").to_numpy() == villages).all()
    )


def _members_agree(plan: Plan) -> bool:
    """Tell whether members live in chosen villages, each once, in places without a gap."""
    members, units = plan.members, plan.units
    homes = set(units.loc[units["status"] == "chosen", "village_code"].dropna())
    in_order = all(
        sorted(places.dropna()) == list(range(1, len(places) + 1))
        for _, places in members.groupby("village_code")["place"]
    )
    twice = bool(members["household_id"].duplicated().any())
    return set(members["village_code"]) <= homes and in_order and not twice
