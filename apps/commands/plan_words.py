"""What a plan says besides its villages: units of other kinds, clashes and shortfalls."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import pandas as pd

from phaenthi.apps.commands.screen import show_lines, show_table
from phaenthi.apps.commands.spoken import Session
from phaenthi.geo.places.codes import Level
from phaenthi.geo.places.gazetteer import exists, name_of
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.targeting.clash.words import say_clash, say_shortfalls
from phaenthi.targeting.plan.record import Plan
from phaenthi.targeting.programme.programme import HOUSEHOLD, Programme
from phaenthi.wording import Language, Problem

LONGEST_LIST = 40


def clash_lines(
    plan: Plan, unit: str, language: Language, province: str | None = None
) -> Iterator[str]:
    """Yield which rules clash, what would help, and what is missing where a group is not full.

    Parameters
    ----------
    unit
        What is chosen, such as ``village``.
    province
        Only of this province; of all without it.
    """
    for certificate in plan.certificates:
        if province is not None and province not in certificate.provinces:
            continue
        if certificate.clash is not None:
            yield from say_clash(certificate.clash, unit, language)
        short = [
            one
            for one in certificate.shortfalls
            if province is None or not one[0].group.value or one[0].group.value.startswith(province)
        ]
        yield from say_shortfalls(short, unit, language)


def unit_title(session: Session, plan: Plan, programme: Programme, code: str) -> str:
    """Return the line that names a unit; a household is named by its code alone."""
    unit = unit_row(plan, code)
    name = "" if programme.unit == HOUSEHOLD or pd.isna(unit["name_th"]) else str(unit["name_th"])
    noun = session.say(f"limits.unit.{programme.unit}")
    return session.say("cli.units.title", name=name, unit=noun, code=code)


def unit_row(plan: Plan, code: str) -> pd.Series:
    """Return the row of a unit.

    Raises
    ------
    Problem
        ``cli.unit_not_in_plan``.
    """
    found = plan.units[plan.units["unit_code"] == code]
    if found.empty:
        raise Problem("cli.unit_not_in_plan", found=code, plan=plan.id)
    return found.iloc[0]


def show_units(
    session: Session, units: pd.DataFrame, programme: Programme, codes: Sequence[str]
) -> None:
    """Show units by code, name and area; of households only how many there are.

    Parameters
    ----------
    units
        unit_code, name_th and amphoe_code of all of them.
    """
    noun = session.say(f"limits.unit.{programme.unit}")
    if programme.unit == HOUSEHOLD:
        show_lines([session.say("cli.units.households", count=f"{len(codes):,}")])
        return
    rows = [
        (code, name, _area(amphoe, session.language))
        for code, name, amphoe in _named(units, codes[:LONGEST_LIST])
    ]
    heads = [session.say(f"cli.units.{name}") for name in ("code", "name", "amphoe")]
    show_table(heads, rows)
    if len(codes) > LONGEST_LIST:
        rest = len(codes) - LONGEST_LIST
        show_lines([session.say("cli.units.more", count=f"{rest:,}", unit=noun)])


def chosen_units(plan: Plan) -> list[str]:
    """Return the codes of the chosen units in their order."""
    chosen = plan.units[plan.units["status"] == "chosen"]
    ordered = chosen.sort_values(["province_code", "place"])
    return [str(code) for code in ordered["unit_code"]]


def _named(units: pd.DataFrame, codes: Iterable[str]) -> Iterator[tuple[str, str | None, str]]:
    table = units.set_index("unit_code")
    for code in codes:
        if code not in table.index:
            yield code, None, ""
            continue
        name, amphoe = table["name_th"][code], table["amphoe_code"][code]
        told = None if pd.isna(name) else str(name)
        yield code, told, "" if pd.isna(amphoe) else str(amphoe)


def _area(code: str, language: Language) -> str | None:
    known = len(code) == Level.AMPHOE.digits and exists(code)
    return name_of(code, language) if known else None


def made_up_banner(session: Session, plan: Plan, workspace: Workspace) -> list[str]:
    """Return what must be said first of a plan on made-up data."""
    return [session.say("cli.made_up")] if plan.made_up or workspace.made_up else []
