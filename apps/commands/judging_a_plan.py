"""``phaenthi alternatives``, ``fairness`` and ``reserve``: how firm and how fair a plan is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import islice
from typing import Any

import click
import pandas as pd

from phaenthi.apps.commands.plan_words import clash_lines, made_up_banner, show_units
from phaenthi.apps.commands.screen import (
    show_banner,
    show_hints,
    show_lines,
    show_table,
    working,
)
from phaenthi.apps.commands.spoken import Session, SpokenCommand, session_of, workspace_option
from phaenthi.apps.commands.whatif import show_comparison
from phaenthi.apps.planning.plans import open_plan, read_unit
from phaenthi.apps.planning.units import evidence_of, programme_of
from phaenthi.apps.publication.plan_counts import hide_counts
from phaenthi.geo.places.gazetteer import name_of
from phaenthi.layers.people.disclosure import SMALLEST_SHOWN
from phaenthi.targeting.choice.alternatives import Frequencies, how_often, in_order
from phaenthi.targeting.limits import pose
from phaenthi.targeting.limits.problem import ChoiceProblem
from phaenthi.targeting.plan import fairness as measuring
from phaenthi.targeting.plan import reserve as standing_by
from phaenthi.targeting.plan.compare import compare
from phaenthi.targeting.plan.numbers import read_as
from phaenthi.targeting.plan.record import Plan
from phaenthi.targeting.programme.programme import HOUSEHOLD, Programme
from phaenthi.wording import Problem

LONGEST_LIST = 40


# -- alternatives ----------------------------------------------------------------------------------


@click.command(cls=SpokenCommand, help="cli.alternatives")
@click.argument("plan_name", metavar="PLAN", help="cli.options.plan")
@click.option("--count", type=click.IntRange(1, 50), default=3, help="cli.options.count")
@workspace_option()
@click.pass_context
def alternatives(context: click.Context, plan_name: str, count: int, workspace_folder: str) -> None:
    """Show the best few choices and how often each unit is in choices close to the best."""
    session = session_of(context)
    plan, workspace = open_plan(plan_name, workspace_folder)
    own = programme_of(plan, workspace)
    read = read_as(plan, own)
    for warning in made_up_banner(session, plan, workspace):
        show_banner(warning)
    for together in _together(plan, read):
        if any(plan.result(province).shortage is not None for province in together):
            places = ", ".join(name_of(one, session.language) for one in together)
            show_lines([session.say("cli.alternatives.none", province=places)])
            show_lines(clash_lines(plan, own.unit, session.language, together[0]))
            continue
        _show_alternatives(session, plan, read, together, count)


def _together(plan: Plan, programme: Programme) -> list[tuple[str, ...]]:
    """Return the provinces that are chosen together."""
    if pose.crosses_provinces(programme):
        return [plan.provinces]
    return [(province,) for province in plan.provinces]


def _show_alternatives(
    session: Session, plan: Plan, programme: Programme, together: Sequence[str], count: int
) -> None:
    locks = {one.unit_code: one.action == "in" for one in plan.overrides}
    problem = pose.pose(programme, plan.units, together, locks)
    with working(count + 1) as begin:
        found: list[tuple[str, ...]] = []
        choices = in_order(problem)
        for number in range(1, count + 1):
            begin(session.say("cli.alternatives.finding", number=number, count=count))
            found += islice(choices, 1)
            if len(found) < number:
                break
        begin(session.say("cli.alternatives.counting"))
        often = how_often(problem)
    places = ", ".join(name_of(one, session.language) for one in together)
    show_lines([session.say("cli.alternatives.title", province=places)])
    if len(found) < count:
        show_lines([session.say("cli.alternatives.all", count=len(found))])
    show_table(
        [session.say(f"cli.alternatives.{name}") for name in ("place", "need", "in", "out")],
        _alternative_rows(programme, problem, found),
        numbers=[0, 1],
    )
    _show_frequencies(session, plan, programme, often)


def _alternative_rows(
    programme: Programme, problem: ChoiceProblem, found: Sequence[tuple[str, ...]]
) -> Iterator[tuple[int, int, str | None, str | None]]:
    need = dict(zip(problem.codes, problem.numbers("need"), strict=True))
    best = set(found[0]) if found else set()
    for place, codes in enumerate(found, 1):
        into, out = sorted(set(codes) - best), sorted(best - set(codes))
        total = sum(int(need[code]) for code in codes)
        if programme.unit == HOUSEHOLD:
            yield place, total, str(len(into)), str(len(out))
        else:
            yield place, total, ", ".join(into) or None, ", ".join(out) or None


def _show_frequencies(
    session: Session, plan: Plan, programme: Programme, often: Frequencies
) -> None:
    kind = "exact" if often.exact else "sampled"
    show_lines([session.say(f"cli.alternatives.{kind}", count=f"{often.choices:,}")])
    if programme.unit == HOUSEHOLD:
        return
    table = plan.units.set_index("unit_code")
    firm = sum(share == 1 for share in often.share.values())
    open_ = [(code, share) for code, share in often.share.items() if share < 1]
    show_lines([session.say("cli.alternatives.always", count=f"{firm:,}")])
    if not open_:
        return
    chosen = set(table.index[table["status"] == "chosen"])
    rows = [
        (code, table["name_th"].get(code), code in chosen, _percent(Fraction(share), 0))
        for code, share in sorted(open_, key=lambda one: (-one[1], one[0]))[:LONGEST_LIST]
    ]
    heads = [session.say(f"cli.alternatives.{name}") for name in ("code", "name", "in_plan", "of")]
    show_table(heads, rows, numbers=[3])
    if len(open_) > LONGEST_LIST:
        show_lines([session.say("cli.alternatives.more", count=len(open_) - LONGEST_LIST)])


# -- fairness --------------------------------------------------------------------------------------


@click.command(cls=SpokenCommand, help="cli.fairness")
@click.argument("plan_name", metavar="PLAN", help="cli.options.plan")
@workspace_option()
@click.pass_context
def fairness(context: click.Context, plan_name: str, workspace_folder: str) -> None:
    """Set a plan against the poverty register."""
    session = session_of(context)
    plan, workspace = open_plan(plan_name, workspace_folder)
    with working(1) as begin:
        begin(session.say("cli.fairness.working"))
        found = measuring.measure(plan, evidence_of(plan, workspace))
    for warning in made_up_banner(session, plan, workspace):
        show_banner(warning)
    show_lines([session.say("cli.fairness.title", plan=plan.id)])
    if not found.target_poor:
        show_lines([session.say("cli.fairness.no_register")])
        return
    table = hide_counts(found.by_amphoe)
    rows = [
        (
            name_of(str(row["amphoe_code"]), session.language),
            _count(row["target_poor"]),
            _count(row["in_chosen"]),
            _share(row["coverage"]),
            int(row["units_chosen"]),
            _share(row["share_of_budget"]),
            _share(row["share_of_poor"]),
        )
        for row in table.to_dict("records")
    ]
    heads = [
        session.say(f"cli.fairness.{name}")
        for name in ("amphoe", "poor", "reached", "coverage", "units", "of_budget", "of_poor")
    ]
    show_table(heads, rows, numbers=range(1, len(heads)))
    if table["hidden"].any():
        show_lines([session.say("cli.fairness.hidden")])
    show_lines(_totals(session, found))


def _totals(session: Session, found: measuring.Fairness) -> Iterator[str]:
    """Say the three shares; each is left out where it would tell of fewer than five people."""
    shares = (
        ("total_coverage", found.coverage, found.in_chosen, found.target_poor),
        ("inclusion", found.inclusion_error, found.people_not_poor, found.people),
        ("exclusion", found.exclusion_error, found.poor_left_out, found.target_poor),
    )
    for name, share, part, whole in shares:
        few = any(0 < number < SMALLEST_SHOWN for number in (part, whole - part))
        told = "–" if share is None or few else _percent(share, 0)
        yield session.say(f"cli.fairness.{name}", percent=told)


def _count(value: Any) -> int | None:
    return None if pd.isna(value) else int(str(value))


def _share(value: Any) -> str | None:
    return None if pd.isna(value) else _percent(Fraction(str(value)), 1)


def _percent(share: Fraction, digits: int) -> str:
    return f"{float(100 * share):.{digits}f}%"


# -- reserve ---------------------------------------------------------------------------------------


@click.command(cls=SpokenCommand, help="cli.reserve")
@click.argument("plan_name", metavar="PLAN", help="cli.options.plan")
@click.option("--withdraw", metavar="CODE", multiple=True, help="cli.options.withdraw")
@workspace_option()
@click.pass_context
def reserve(
    context: click.Context, plan_name: str, withdraw: Sequence[str], workspace_folder: str
) -> None:
    """Show the reserve, or who takes the place of units that withdraw; nothing is saved."""
    session = session_of(context)
    plan, workspace = open_plan(plan_name, workspace_folder)
    own = programme_of(plan, workspace)
    codes = [read_unit(code, own.unit, workspace) for code in withdraw]
    chosen = set(plan.units.loc[plan.units["status"] == "chosen", "unit_code"])
    for code in codes:
        if code not in chosen:
            raise Problem("cli.unit_not_chosen", found=code, plan=plan.id)
    for warning in made_up_banner(session, plan, workspace):
        show_banner(warning)
    if not codes:
        _show_reserve(session, plan, own)
    elif len(codes) == 1:
        _show_swap(session, plan, own, codes[0])
        if standing_by.swap_for(plan, codes[0]).points is None:
            why = session.typed("whatif", plan.id, "--leave", codes[0], workspace=workspace.address)
            show_hints([session.say("cli.next.title"), session.say("cli.next.clash", command=why)])
    else:
        reason = session.say("cli.whatif.reason")
        decided_by = session.say("cli.whatif.decided_by")
        with working(1) as begin:
            begin(session.say("cli.choose.choosing"))
            after = standing_by.withdraw(
                plan,
                read_as(plan, own),
                evidence_of(plan, workspace),
                codes,
                reason=reason,
                decided_by=decided_by,
            )
        show_lines([session.say("cli.reserve.together", codes=", ".join(codes))])
        show_comparison(session, plan, after, compare(plan, after), own)


def _show_reserve(session: Session, plan: Plan, programme: Programme) -> None:
    table = standing_by.reserve_list(plan)
    show_lines([session.say("cli.reserve.title", count=f"{len(table):,}")])
    if programme.unit == HOUSEHOLD:
        return
    rows = [
        (
            name_of(str(row["province_code"]), session.language),
            _count(row["place"]),
            str(row["unit_code"]),
            None if pd.isna(row["name_th"]) else str(row["name_th"]),
            ", ".join(str(row["instead_of"]).split()) or None,
        )
        for row in table.to_dict("records")
    ]
    names = ("province", "place", "code", "name", "instead_of")
    heads = [session.say(f"cli.reserve.{name}") for name in names]
    show_table(heads, rows, numbers=[1])


def _show_swap(session: Session, plan: Plan, programme: Programme, code: str) -> None:
    swap = standing_by.swap_for(plan, code)
    if swap.points is None:
        show_lines([session.say("cli.reserve.impossible", code=code)])
        return
    if not swap.entering:
        told = session.say("cli.reserve.nobody", code=code, points=f"{swap.points:,}")
        show_lines([told])
        return
    show_lines([session.say("cli.reserve.swap", code=code, points=f"{swap.points:,}")])
    show_units(session, plan.units, programme, swap.entering)
