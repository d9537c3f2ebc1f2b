"""``phaenthi demo``: from nothing to a plan and its papers."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import click

from phaenthi import geo, layers
from phaenthi.apps import demo as demonstration
from phaenthi.apps.commands.export import EXPORT_STEPS, OUTPUTS, show_exported
from phaenthi.apps.commands.plans import show_next_steps, show_plan
from phaenthi.apps.commands.screen import show_hints, show_lines, working
from phaenthi.apps.commands.spoken import Session, SpokenCommand, session_of, workspace_option
from phaenthi.apps.dates import today
from phaenthi.apps.demo import build
from phaenthi.apps.exports.plan_files import export_plan
from phaenthi.apps.intake import unit_tables
from phaenthi.apps.planning.plans import make_plan
from phaenthi.apps.publication.published_plan import Publication
from phaenthi.geo.boundaries.embedded import FILE as EMBEDDED
from phaenthi.geo.files import rename
from phaenthi.geo.places.gazetteer import find_province, name_of
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.targeting.programme import programme as programmes
from phaenthi.wording import Problem
from phaenthi.wording.hints import short_path

DEMO_PACK = "ne-poverty-2563"
NATIONAL_PACK = "sammachip-2563"
"""What the demo chooses by in a province that the project of the north-east leaves out."""
DEMO_PROVINCE = "46"
STAMP = "demo-made-of"


@click.command(cls=SpokenCommand, help="cli.demo")
@click.option(
    "--province", metavar="PROVINCE", default=DEMO_PROVINCE, help="cli.options.demo_province"
)
@click.option("--to", "folder", metavar="DIR", default=None, help="cli.options.to")
@workspace_option("cli.options.demo_workspace")
@click.pass_context
def demo(context: click.Context, province: str, folder: str | None, workspace_folder: str) -> None:
    """Build the made-up workspace, choose in one province and write everything."""
    session = session_of(context)
    code = find_province(province)
    with working(4 + EXPORT_STEPS) as begin:
        workspace, set_aside = prepare_workspace(session, Path(workspace_folder), code, begin)
        pack, units = _pack_for(code, workspace)
        plan = make_plan(
            workspace,
            pack,
            [code],
            readings={},
            units=units,
            begin=lambda step: begin(session.say(f"cli.choose.{step}")),
        )
        publication = Publication.of(plan, workspace)
        target = Path(folder) if folder else Path(OUTPUTS) / plan.id
        written = export_plan(publication, target, session.language, begin)
    if set_aside is not None:
        show_hints([session.say("cli.demo.set_aside", folder=short_path(set_aside))])
    if pack == NATIONAL_PACK:
        show_lines([session.say("cli.demo.national", province=name_of(code, session.language))])
    show_plan(session, publication)
    show_exported(session, written)
    show_next_steps(session, publication)
    app = session.typed("app", workspace=workspace.address)
    show_hints([session.say("cli.next.app", command=app)])


def _pack_for(province: str, workspace: Workspace) -> tuple[str, Path | None]:
    """Return the pack that the demo chooses by, and a made-up table of units where it asks for one.

    The project of the north-east stands on its printed allotment. Elsewhere it is a programme of
    all provinces, whose numbers the Department sends: here they are made up.
    """
    if province in programmes.load(DEMO_PACK).provinces():
        return DEMO_PACK, None
    pack = programmes.load(NATIONAL_PACK)
    for rule, _ in unit_tables.allotments_asked(pack).values():
        unit_tables.make_up_allotment(workspace, pack, rule)
    return NATIONAL_PACK, unit_tables.make_up_units(pack, workspace, datetime.now(UTC))


def prepare_workspace(
    session: Session, folder: Path, province: str, begin: Callable[[str], None]
) -> tuple[Workspace, Path | None]:
    """Return the demo workspace, built if it lacks a province or was made by other code or data.

    The four provinces of the demo are built together, any other one alone; what a demo held
    before is built again with them.

    Returns
    -------
    Workspace
        Ready to be read.
    Path or None
        Where an outdated demo was moved to; nothing of it is deleted.

    Raises
    ------
    Problem
        ``cli.not_a_demo`` if the folder holds somebody's own workspace.
    """
    begin(session.say("cli.demo.building"))
    made_of = _made_of()
    stamp = folder / STAMP
    wanted = set(build.PROVINCES if province in build.PROVINCES else [province])
    set_aside: Path | None = None
    if Workspace.is_at(folder):
        if not stamp.is_file():
            raise Problem("cli.not_a_demo", folder=short_path(folder))
        earlier, *held = stamp.read_text(encoding="utf-8").split("\n")
        if earlier == made_of and wanted <= set(held):
            return Workspace.open(folder), None
        wanted |= set(held)
        set_aside = _free_name(folder)
        rename(folder, set_aside)
    # Built beside its place and then moved there: what was interrupted is never taken for done.
    unfinished = folder.with_name(f".unfinished-{folder.name}")
    shutil.rmtree(unfinished, ignore_errors=True)
    build.build(unfinished, sorted(wanted))
    (unfinished / STAMP).write_text("\n".join([made_of, *sorted(wanted)]), encoding="utf-8")
    rename(unfinished, folder)
    return Workspace.open(folder), set_aside


def _made_of() -> str:
    """Return the fingerprint of what the demo is made from: its code, its shapes, its storage."""
    rooms = [Path(str(package.__file__)).parent for package in (demonstration, geo, layers)]
    sources = sorted(path for room in rooms for path in room.rglob("*.py"))
    found = hashlib.sha256()
    for path in (EMBEDDED, *sources):
        found.update(path.name.encode())
        found.update(path.read_bytes())
    return found.hexdigest()


def _free_name(folder: Path) -> Path:
    name = f"{folder.name}-{today():%Y%m%d}"
    names = [folder.with_name(name), *(folder.with_name(f"{name}-{n}") for n in range(2, 1000))]
    return next(path for path in names if not path.exists())
