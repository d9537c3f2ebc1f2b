"""``phaenthi whatif``, ``compare`` and ``replay``: a plan beside another one."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

import click
import pandas as pd
from pydantic import ValidationError

from phaenthi.apps.commands.plan_words import (
    clash_lines,
    made_up_banner,
    show_units,
)
from phaenthi.apps.commands.screen import (
    show_banner,
    show_hints,
    show_lines,
    show_table,
    working,
)
from phaenthi.apps.commands.spoken import (
    Session,
    SpokenCommand,
    read_pairs,
    session_of,
    workspace_option,
)
from phaenthi.apps.planning.plans import open_plan, read_unit
from phaenthi.apps.planning.units import evidence_of, programme_of
from phaenthi.geo.places.codes import Level
from phaenthi.geo.places.gazetteer import find_province, name_of
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.targeting.plan import compare as comparing
from phaenthi.targeting.plan import making as plans
from phaenthi.targeting.plan import whatif as asking
from phaenthi.targeting.plan.compare import Comparison
from phaenthi.targeting.plan.numbers import set_in
from phaenthi.targeting.plan.record import Override, Plan
from phaenthi.targeting.programme import changes as changing
from phaenthi.targeting.programme.programme import Programme
from phaenthi.wording import Problem

LONGEST_LIST = 40


@click.command(cls=SpokenCommand, help="cli.whatif")
@click.argument("plan_name", metavar="PLAN", help="cli.options.plan")
@click.option(
    "--reading", "readings", metavar="RULE=READING", multiple=True, help="cli.options.reading"
)
@click.option(
    "--allotment", "allotments", metavar="AREA=NUMBER", multiple=True, help="cli.options.allotment"
)
@click.option(
    "--weight", "weights", metavar="PART=NUMBER", multiple=True, help="cli.options.weight"
)
@click.option("--take", metavar="CODE", multiple=True, help="cli.options.take_unit")
@click.option("--leave", metavar="CODE", multiple=True, help="cli.options.leave_unit")
@workspace_option()
@click.pass_context
def whatif(  # noqa: PLR0913, PLR0917 - one an option
    context: click.Context,
    plan_name: str,
    readings: Sequence[str],
    allotments: Sequence[str],
    weights: Sequence[str],
    take: Sequence[str],
    leave: Sequence[str],
    workspace_folder: str,
) -> None:
    """Show who would enter and who would leave under a change; nothing is saved."""
    session = session_of(context)
    if not any((readings, allotments, weights, take, leave)):
        raise Problem("cli.whatif_nothing")
    plan, workspace = open_plan(plan_name, workspace_folder)
    own = programme_of(plan, workspace)
    wanted = {**plan.readings, **read_pairs("--reading", readings)}
    read = set_in(own.with_readings(wanted), plan.numbers)
    asked = _changed(read, read_numbers("--weight", weights), _by_area(allotments))
    overrides = _decisions(session, plan, workspace, own.unit, take, leave)
    with working(2) as begin:
        begin(session.say("cli.choose.gathering"))
        evidence = evidence_of(plan, workspace)
        begin(session.say("cli.choose.choosing"))
        found = asking.ask(plan, asked, evidence, overrides=overrides)
    for warning in made_up_banner(session, plan, workspace):
        show_banner(warning)
    show_lines([session.say("cli.whatif.title", plan=plan.id)])
    show_comparison(session, plan, found.plan, found.comparison, own)
    show_lines([session.say("cli.whatif.not_saved")])
    numbers_or_decisions = any((allotments, weights, take, leave))
    show_hints(_how_to_keep(session, plan, workspace, () if numbers_or_decisions else readings))


def _how_to_keep(
    session: Session, plan: Plan, workspace: Workspace, readings: Sequence[str]
) -> list[str]:
    """Say how to have the other plan: by a command where rules are only read otherwise.

    A decision needs the reason of whoever took it, and numbers are set otherwise in the app.
    """
    more = plan.overrides or plan.numbers or "units" in plan.inputs
    if not readings or more:
        app = session.typed("app", workspace=workspace.address)
        return [session.say("cli.next.title"), session.say("cli.next.keep_in_app", command=app)]
    wanted = {**plan.readings, **read_pairs("--reading", readings)}
    words = ["choose", plan.programme_id]
    words += [word for code in plan.provinces for word in ("--province", code)]
    words += [word for rule, one in wanted.items() for word in ("--reading", f"{rule}={one}")]
    command = session.typed(*words, workspace=workspace.address)
    return [session.say("cli.next.title"), session.say("cli.next.keep", command=command)]


def read_numbers(option: str, texts: Sequence[str]) -> dict[str, int]:
    """Read the values of an option such as ``--weight tier_1=20``.

    Raises
    ------
    Problem
        ``cli.pair_unreadable``, ``cli.number_unreadable``.
    """
    numbers: dict[str, int] = {}
    for name, value in read_pairs(option, texts).items():
        if not value.isdecimal():
            raise Problem("cli.number_unreadable", option=option, found=value)
        numbers[name] = int(value)
    return numbers


def _by_area(texts: Sequence[str]) -> dict[str, int]:
    """Return the allotments by code; a province may be named, an amphoe has 4 digits."""
    numbers = read_numbers("--allotment", texts)
    digits = Level.AMPHOE.digits
    return {
        area if area.isdecimal() and len(area) == digits else find_province(area): number
        for area, number in numbers.items()
    }


def _changed(
    programme: Programme, weights: Mapping[str, int], allotments: Mapping[str, int]
) -> Programme:
    need = programme.need()
    parts = [part.id for part in need.parts] if need else []
    for name in weights:
        if name not in parts:
            raise Problem("cli.weight_unknown", found=name, known=", ".join(parts) or "–")
    try:
        changed = changing.change(programme, weights=weights)
    except ValidationError as error:
        raise Problem("cli.weight_not_allowed", found=error.errors()[0]["input"]) from error
    try:
        return changing.change(changed, allotments=allotments)
    except KeyError as unknown:
        area = str(unknown.args[0])
        raise Problem("cli.allotment_unknown", found=area, pack=programme.id) from unknown


def _decisions(
    session: Session,
    plan: Plan,
    workspace: Workspace,
    unit: str,
    take: Sequence[str],
    leave: Sequence[str],
) -> tuple[Override, ...]:
    """Return the decisions of the plan with those asked about in place of earlier ones."""
    decided_by, reason = session.say("cli.whatif.decided_by"), session.say("cli.whatif.reason")
    asked: list[Override] = []
    asked += [Override(read_unit(code, unit, workspace), "in", reason, decided_by) for code in take]
    asked += [
        Override(read_unit(code, unit, workspace), "out", reason, decided_by) for code in leave
    ]
    new = {one.unit_code for one in asked}
    return (*(one for one in plan.overrides if one.unit_code not in new), *asked)


@click.command(cls=SpokenCommand, help="cli.compare")
@click.argument("first", metavar="PLAN", help="cli.options.plan")
@click.argument("second", metavar="PLAN", help="cli.options.second_plan")
@workspace_option()
@click.pass_context
def compare(context: click.Context, first: str, second: str, workspace_folder: str) -> None:
    """Show what is different between two plans."""
    session = session_of(context)
    before, workspace = open_plan(first, workspace_folder)
    after, _ = open_plan(second, workspace_folder)
    if before.programme_id != after.programme_id:
        raise Problem(
            "cli.plans_of_two_programmes", first=before.programme_id, second=after.programme_id
        )
    for warning in made_up_banner(session, before, workspace):
        show_banner(warning)
    show_lines([session.say("cli.compare.title", first=before.id, second=after.id)])
    found = comparing.compare(before, after)
    show_comparison(session, before, after, found, programme_of(before, workspace))
    _show_asked(session, found)


@click.command(cls=SpokenCommand, help="cli.replay")
@click.argument("plan_name", metavar="PLAN", help="cli.options.plan")
@workspace_option()
@click.pass_context
def replay(context: click.Context, plan_name: str, workspace_folder: str) -> None:
    """Make a plan again from today's rules and data and show what came out otherwise."""
    session = session_of(context)
    plan, workspace = open_plan(plan_name, workspace_folder)
    own = programme_of(plan, workspace)
    with working(2) as begin:
        begin(session.say("cli.choose.gathering"))
        evidence = evidence_of(plan, workspace)
        begin(session.say("cli.choose.choosing"))
        again = plans.replay(plan, own, evidence)
    for warning in made_up_banner(session, plan, workspace):
        show_banner(warning)
    if again.files == plan.files:
        show_lines([session.say("cli.replay.same", plan=plan.id)])
        return
    show_lines([session.say("cli.replay.differs", plan=plan.id)])
    found = comparing.compare(plan, again)
    show_comparison(session, plan, again, found, own)
    _show_asked(session, found)


def show_comparison(
    session: Session, before: Plan, after: Plan, found: Comparison, programme: Programme
) -> None:
    """Show who enters, who leaves and what it costs; and why there is no plan where there is none.

    Counts of single units stay out: a small one would tell of people.
    """
    columns = ["unit_code", "name_th", "amphoe_code"]
    both = pd.concat([after.units[columns], before.units[columns]]).drop_duplicates("unit_code")
    for side, codes in (("entering", found.entering), ("leaving", found.leaving)):
        show_lines([session.say(f"cli.compare.{side}", count=f"{len(codes):,}")])
        if codes:
            show_units(session, both, programme, codes)
    empty = {r.demand.province_code for r in after.results if r.shortage is not None}
    rows = [
        (
            name_of(code, session.language),
            old,
            *((None, None) if code in empty else (new, new - old)),
        )
        for code, (old, new) in found.need.items()
    ]
    heads = [session.say(f"cli.compare.{name}") for name in ("province", "before", "after", "more")]
    show_table(heads, rows, numbers=[1, 2, 3])
    show_lines(_say_price(session, before, after, found, empty))
    show_lines(clash_lines(after, programme.unit, session.language))


def _say_price(
    session: Session, before: Plan, after: Plan, found: Comparison, empty: Collection[str]
) -> Iterator[str]:
    """Say what the change costs, in points of the first plan where the two count otherwise."""
    if empty:
        yield session.say("cli.compare.no_plan")
        return
    price = found.price
    old, new = (
        plan.units.set_index("unit_code")["need"].astype("int64") for plan in (before, after)
    )
    both = old.index.intersection(new.index)
    if not old.loc[both].equals(new.loc[both]):
        yield session.say("cli.compare.points_differ")
        if not set(found.entering) <= set(old.index):
            return
        price = int(old.loc[list(found.leaving)].sum() - old.loc[list(found.entering)].sum())
    if not price:
        yield session.say("cli.compare.price_none")
        return
    side = "loss" if price > 0 else "gain"
    yield session.say(f"cli.compare.price_{side}", points=f"{abs(price):,}")


def _show_asked(session: Session, found: Comparison) -> None:
    """Show what the two plans were asked otherwise, and the units that were judged otherwise."""
    lines = [] if found.same_rules else [session.say("cli.compare.rules_differ")]
    for rule, (old, new) in found.readings.items():
        values = {"rule": rule, "before": old or "–", "after": new or "–"}
        lines.append(session.say("cli.compare.reading_differs", **values))
    for layer in found.inputs:
        name = "cli.units.table" if layer == "units" else f"layers.names.{layer}"
        lines.append(session.say("cli.compare.input_differs", layer=session.say(name)))
    if found.decisions:
        codes = ", ".join(found.decisions[:LONGEST_LIST])
        lines.append(session.say("cli.compare.decisions_differ", codes=codes))
    verdicts = found.units["verdict_before"].fillna("") != found.units["verdict_after"].fillna("")
    lines.append(
        session.say(
            "cli.compare.units_differ",
            count=f"{len(found.units):,}",
            verdicts=f"{int(verdicts.sum()):,}",
        )
    )
    if found.nothing:
        lines = [session.say("cli.compare.nothing")]
    show_lines(lines)
