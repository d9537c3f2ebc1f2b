"""``phaenthi choose`` and ``explain``: a plan from its rules to its reasons."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import click
import pandas as pd

from phaenthi.apps.commands.plan_answers import choice_answer, reasons_to_write, unit_answer
from phaenthi.apps.commands.plan_words import (
    chosen_units,
    clash_lines,
    show_units,
    unit_row,
    unit_title,
)
from phaenthi.apps.commands.screen import (
    show_banner,
    show_hints,
    show_json,
    show_lines,
    show_table,
    working,
)
from phaenthi.apps.commands.spoken import (
    Session,
    SpokenCommand,
    json_option,
    read_pairs,
    session_of,
    workspace_option,
)
from phaenthi.apps.commands.units import unit_banners
from phaenthi.apps.planning.plans import make_plan, open_plan, read_unit
from phaenthi.apps.planning.units import load_programme
from phaenthi.apps.publication.published_plan import Publication
from phaenthi.geo.places.codes import moo
from phaenthi.geo.places.gazetteer import find_province, name_of
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.targeting.judging.judge import sentence
from phaenthi.targeting.plan.record import Override
from phaenthi.targeting.programme.programme import HOUSEHOLD, VILLAGE
from phaenthi.wording import Language, Problem

LONGEST_LIST = 40
STATUSES = ("chosen", "reserve", "eligible", "unknown", "excluded")


@click.command(cls=SpokenCommand, help="cli.choose")
@click.argument("pack", metavar="PACK", help="cli.options.pack")
@click.option(
    "--province",
    "provinces",
    metavar="PROVINCE",
    multiple=True,
    required=True,
    help="cli.options.province",
)
@click.option(
    "--reading", "readings", metavar="RULE=READING", multiple=True, help="cli.options.reading"
)
@click.option("--take", metavar="VILLAGE", multiple=True, help="cli.options.take")
@click.option("--leave", metavar="VILLAGE", multiple=True, help="cli.options.leave")
@click.option("--reason", metavar="TEXT", default="", help="cli.options.reason")
@click.option("--decided-by", metavar="NAME", default="", help="cli.options.decided_by")
@click.option("--units", "units_file", metavar="FILE", default=None, help="cli.options.units")
@workspace_option()
@json_option()
@click.pass_context
def choose(  # noqa: PLR0913, PLR0917 - one an option
    context: click.Context,
    pack: str,
    provinces: Sequence[str],
    readings: Sequence[str],
    take: Sequence[str],
    leave: Sequence[str],
    reason: str,
    decided_by: str,
    units_file: str | None,
    workspace_folder: str,
) -> None:
    """Choose the target villages of a programme."""
    session = session_of(context)
    opened = Workspace.open(Path(workspace_folder))
    wanted = [find_province(text) for text in provinces]
    unit = load_programme(opened, pack).unit
    overrides = [
        *(Override(read_unit(code, unit, opened), "in", reason, decided_by) for code in take),
        *(Override(read_unit(code, unit, opened), "out", reason, decided_by) for code in leave),
    ]
    with working(3) as begin:
        plan = make_plan(
            opened,
            pack,
            wanted,
            readings=read_pairs("--reading", readings),
            overrides=overrides,
            units=None if units_file is None else Path(units_file),
            begin=lambda step: begin(session.say(f"cli.choose.{step}")),
        )
    publication = Publication.of(plan, opened)
    banners: list[str] = []
    if units_file is None:
        banners = unit_banners(opened, publication.programme, wanted, session)
    if session.as_json:
        show_json(choice_answer(publication, session.language, banners))
        return
    for banner in banners:
        show_banner(banner)
    show_plan(session, publication)
    show_next_steps(session, publication)


def show_plan(session: Session, publication: Publication) -> None:
    """Show what was chosen: a line a province, then the villages of each."""
    plan, language = publication.plan, session.language
    show_lines([publication.title(language)])
    for warning in publication.warnings(language):
        show_banner(warning)
    rows = [
        (
            name_of(str(row["province_code"]), language),
            f"{row['chosen']:,} / {row['allotted']:,}",
            f"{row['areas_used']:,} / {row['areas_allotted'] or '–'}",
            *(int(str(row[status])) for status in STATUSES[1:]),
            _total_need(publication, str(row["province_code"]), language),
        )
        for row in plan.summary.to_dict("records")
    ]
    heads = [
        session.say("documents.column.province_th"),
        session.say("cli.choose.villages"),
        session.say("cli.choose.areas"),
        *(session.say(f"app.status.{status}") for status in STATUSES[1:]),
        session.say("documents.column.need"),
    ]
    show_table(heads, rows, numbers=range(1, len(heads)))
    if publication.programme.unit == VILLAGE:
        _show_chosen(session, publication)
    else:
        show_units(session, plan.units, publication.programme, chosen_units(plan))
    clashes = clash_lines(plan, publication.programme.unit, language)
    show_lines([*publication.proofs(language), *clashes, publication.dated(language)])
    show_lines(_reasons_to_write(session, publication))


def _total_need(publication: Publication, province: str, language: Language) -> str:
    """Return the need of what was chosen, unless it would give a hidden count away."""
    result = publication.plan.result(province)
    return publication.told_total(result.need, result.chosen, language)


def _reasons_to_write(session: Session, publication: Publication) -> Iterator[str]:
    """Say of which units the rules ask for a written reason that nobody has given."""
    for rule, side, codes in reasons_to_write(publication):
        yield session.say(
            f"cli.choose.reason_{side}",
            rule=publication.programme.rule_by_id(rule).words.say(session.language),
            count=len(codes),
            codes=", ".join(codes[:LONGEST_LIST]),
        )


def _show_chosen(session: Session, publication: Publication) -> None:
    table = publication.villages
    chosen = table[table["status"] == "chosen"].sort_values(["province_code", "place"])
    columns = ("place", "village_code", "name_th", "moo", "tambon_th", "amphoe_th", "need")
    rows = [
        [None if pd.isna(value) else value for value in row]
        for row in chosen[list(columns)].head(LONGEST_LIST).to_numpy().tolist()
    ]
    heads = [session.say(f"documents.column.{column}") for column in columns]
    show_table(heads, rows, numbers=[0, 3, 6])
    if len(chosen) > LONGEST_LIST:
        show_lines([session.say("cli.choose.more", count=len(chosen) - LONGEST_LIST)])


def show_next_steps(session: Session, publication: Publication) -> None:
    """Show what can be asked of the plan now."""
    plan, where = publication.plan, publication.workspace.address
    asked = {"export": [plan.id], "verify": [plan.id]}
    codes = [*chosen_units(plan), *plan.units["unit_code"].astype(str)]
    if codes and publication.programme.unit != HOUSEHOLD:
        asked = {"explain": [plan.id, codes[0]], **asked}
    show_hints([session.say("cli.next.title")])
    show_hints(
        session.say(f"cli.next.{name}", command=session.typed(name, *words, workspace=where))
        for name, words in asked.items()
    )


@click.command(cls=SpokenCommand, help="cli.explain")
@click.argument("plan_name", metavar="PLAN", help="cli.options.plan")
@click.argument("village", metavar="VILLAGE", help="cli.options.village")
@workspace_option()
@json_option()
@click.pass_context
def explain(context: click.Context, plan_name: str, village: str, workspace_folder: str) -> None:
    """Say why a village is or is not in the plan."""
    session = session_of(context)
    plan, workspace = open_plan(plan_name, workspace_folder)
    publication = Publication.of(plan, workspace)
    kind = publication.programme.unit
    code = read_unit(village, kind, workspace)
    if kind == VILLAGE and code not in set(plan.units["unit_code"]):
        places = ", ".join(name_of(province) for province in plan.provinces)
        raise Problem("cli.village_not_in_plan", found=code, provinces=places)
    if session.as_json:
        show_json(unit_answer(publication, code, session.language))
        return
    unit = unit_row(plan, code)
    title = unit_title(session, plan, publication.programme, code)
    if kind == VILLAGE:
        title = session.say("cli.explain.title", name=unit["name_th"], moo=moo(code), code=code)
    for warning in publication.warnings(session.language):
        show_banner(warning)
    show_lines([title, str(unit[f"reason_{session.language}"])])
    _show_findings(session, publication, code)
    province = str(unit["province_code"])
    show_lines(clash_lines(plan, kind, session.language, province))


def _show_findings(session: Session, publication: Publication, code: str) -> None:
    findings = publication.plan.findings
    rows = []
    for finding in findings[findings["unit_code"] == code].to_dict("records"):
        told = {str(name): value for name, value in finding.items()}
        rule = publication.programme.rule_by_id(told["rule"])
        verdict = session.say(f"verdict.{told['verdict']}")
        clause = f"{rule.clause.document} · {rule.clause.item}"
        rows.append((verdict, sentence(publication.programme, told, session.language), clause))
    heads = [session.say(f"cli.explain.{name}") for name in ("verdict", "found", "clause")]
    show_table(heads, rows)
