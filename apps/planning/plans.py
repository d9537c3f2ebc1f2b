"""Plans made and opened for commands, the worker and screens alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from phaenthi.apps.dates import today
from phaenthi.apps.planning.units import (
    gather_with_units,
    household_code,
    keep_units,
    load_programme,
)
from phaenthi.geo.places.codes import Level, read_code
from phaenthi.geo.places.gazetteer import name_of
from phaenthi.layers.workspace.documents import DocumentKind
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.targeting.plan import keeping
from phaenthi.targeting.plan import making as plans
from phaenthi.targeting.plan.numbers import set_in
from phaenthi.targeting.plan.record import Number, Override, Plan
from phaenthi.targeting.plan.shelf import find_plan
from phaenthi.targeting.programme.programme import HOUSEHOLD, VILLAGE
from phaenthi.wording import Problem


def make_plan(  # noqa: PLR0913 - all that a plan rests on
    workspace: Workspace,
    pack: str,
    provinces: Sequence[str],
    *,
    readings: Mapping[str, str],
    overrides: Sequence[Override] = (),
    numbers: Sequence[Number] = (),
    units: Path | None = None,
    begin: Callable[[str], None] = lambda _: None,
) -> Plan:
    """Choose, save and return a plan.

    Parameters
    ----------
    numbers
        Numbers of the rules that people set otherwise.
    units
        The planner's table of units, kept beside the plan.
    begin
        Told each step: ``gathering``, ``choosing``, ``saving``.

    Raises
    ------
    Problem
        ``cli.province_without_villages`` besides what the programme and its data raise.
    """
    own = load_programme(workspace, pack)
    programme = set_in(own.with_readings(readings), numbers)
    for province in provinces:
        programme.require_province(province)
    begin("gathering")
    evidence = gather_with_units(workspace, programme, provinces, units)
    for province in provinces:
        if province not in set(evidence.villages["province_code"]):
            raise Problem("cli.province_without_villages", province=name_of(province))
    begin("choosing")
    plan = plans.make(
        programme, evidence, provinces, decided_on=today(), overrides=overrides, numbers=numbers
    )
    begin("saving")
    save_plan(plan, workspace)
    keep_units(plan, evidence, workspace.documents(DocumentKind.PLANS))
    return plan


def save_plan(plan: Plan, workspace: Workspace) -> None:
    """Save a plan with all its files at one stroke; one that is there counts as the newest."""
    workspace.documents(DocumentKind.PLANS).write_together(plan.id, plan.files)


def saved_plans(workspace: Workspace) -> list[str]:
    """Return the ids of the plans of a workspace, the newest first."""
    return keeping.saved(workspace.documents(DocumentKind.PLANS).folder)


def load_plan(workspace: Workspace, plan_id: str) -> Plan:
    """Return a plan of a workspace.

    Raises
    ------
    Problem
        As :func:`phaenthi.targeting.plan.keeping.load`.
    """
    return keeping.load(workspace.documents(DocumentKind.PLANS).file(plan_id))


def read_unit(text: str, unit: str, workspace: Workspace) -> str:
    """Read the code of a unit: a village's as everywhere else, a household's hashed."""
    if unit == VILLAGE:
        return read_code(text, Level.VILLAGE)
    return household_code(text.strip(), workspace) if unit == HOUSEHOLD else text.strip()


def open_plan(name: str, workspace_folder: str) -> tuple[Plan, Workspace]:
    """Open a plan by its folder, or as the workspace keeps it; see :func:`find_kept`.

    Raises
    ------
    Problem
        ``cli.plan_unknown`` with the plans that there are.
    """
    folder = Path(name)
    if (folder / "plan.json").is_file():
        beside = folder.resolve().parent.parent
        found_in = beside if Workspace.is_at(beside) else Path(workspace_folder)
        return keeping.load(folder), Workspace.open(found_in)
    workspace = Workspace.open(Path(workspace_folder))
    found = find_plan(name, workspace.documents(DocumentKind.PLANS).folder)
    return keeping.load(found), workspace
