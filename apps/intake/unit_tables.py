"""Tables that a programme asks for besides the layers: its units, the Department's numbers."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import pandas as pd

from phaenthi.apps.demo.units import make_allotment, make_units
from phaenthi.apps.planning.units import KEPT, read_units_file
from phaenthi.geo.places.codes import Level
from phaenthi.geo.places.gazetteer import areas
from phaenthi.geo.texts.csv import csv_bytes, read_csv
from phaenthi.layers.workspace.documents import DocumentKind
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.targeting.judging.unit_table import read_units
from phaenthi.targeting.plan.record import Plan
from phaenthi.targeting.programme.programme import VILLAGE, Programme
from phaenthi.targeting.programme.tables import read_input
from phaenthi.targeting.rules.of_areas import AllotmentInput, AllotmentRule
from phaenthi.wording import Language


@dataclass(frozen=True)
class Origin:
    """Where a table came from.

    Attributes
    ----------
    when
        Moment with its time zone, by ISO 8601.
    """

    source: str
    when: str
    rows: int
    made_up: bool

    @property
    def moment(self) -> datetime:
        """When the table was given."""
        return datetime.fromisoformat(self.when)


def file_of(programme: Programme, workspace: Workspace) -> Path:
    """Return where the table of a programme's units is kept, whether it is there or not."""
    return workspace.documents(DocumentKind.UNIT_TABLES).file(f"{programme.id}.csv")


def table_for(programme: Programme, workspace: Workspace, plan: Plan | None = None) -> Path | None:
    """Return the table of units to choose from: the one given last, else the one of a plan."""
    given = file_of(programme, workspace)
    if given.is_file():
        return given
    if plan is not None:
        kept = workspace.documents(DocumentKind.PLANS).file(f"{plan.id}/{KEPT}")
        return kept if kept.is_file() else None
    return None


def origin_of(programme: Programme, workspace: Workspace) -> Origin | None:
    """Return where the table given last came from."""
    content = workspace.documents(DocumentKind.UNIT_TABLES).read(f"{programme.id}.json")
    if content is None:
        return None
    try:
        return Origin(**json.loads(content))
    except (ValueError, TypeError):
        return None


def take_in(programme: Programme, workspace: Workspace, path: Path, when: datetime) -> Origin:
    """Check a table of units and keep it; an unreadable one changes nothing.

    Raises
    ------
    Problem
        As :func:`phaenthi.apps.planning.units.read_units_file`.
    """
    units = read_units_file(path, programme, workspace)
    return _keep(programme, workspace, units, path.name, when, made_up=False)


def take_made_up(
    programme: Programme, workspace: Workspace, table: pd.DataFrame, when: datetime
) -> Origin:
    """Keep a table that was made up; its origin says so."""
    units = read_units(programme, table)
    return _keep(programme, workspace, units, "", when, made_up=True)


def make_up_units(programme: Programme, workspace: Workspace, when: datetime) -> Path:
    """Make up a table of the units of a workspace's villages, keep it and return its file."""
    villages = pd.DataFrame(workspace.table("villages")[["village_code", "name_th"]])
    made = make_units(programme, villages, programme.pack.fiscal_year)
    take_made_up(programme, workspace, made, when)
    return file_of(programme, workspace)


def _keep(
    programme: Programme,
    workspace: Workspace,
    units: pd.DataFrame,
    source: str,
    when: datetime,
    *,
    made_up: bool,
) -> Origin:
    tables = workspace.documents(DocumentKind.UNIT_TABLES)
    origin = Origin(source, when.isoformat(timespec="seconds"), len(units), made_up)
    with workspace.writing():
        tables.write(f"{programme.id}.csv", csv_bytes(units, encoding="utf-8"))
        tables.write(f"{programme.id}.json", json.dumps(asdict(origin)).encode("utf-8"))
    return origin


def read_kept(programme: Programme, path: Path) -> pd.DataFrame:
    """Return a kept table; see :func:`phaenthi.targeting.judging.unit_table.read_units`."""
    return read_units(programme, read_csv(path.read_bytes(), dtype="string"))


def template(programme: Programme, language: Language) -> bytes:
    """Return an empty table with the headings that a programme asks for, as CSV for Excel."""
    own = "village_code" if programme.unit == VILLAGE else "unit_code"
    names = [own] if programme.unit == VILLAGE else [own, "name_th", "village_code"]
    heads = [column.words.say(language) for column in programme.pack.columns.values()]
    return csv_bytes(pd.DataFrame(columns=[*names, *heads]))


# -- the Department's numbers ----------------------------------------------------------------------


def allotments_asked(programme: Programme) -> Mapping[str, tuple[AllotmentRule, AllotmentInput]]:
    """Return by rule the tables of numbers that the document leaves to the Department."""
    return {
        rule.id: (rule, rule.input)
        for rule in programme.all_of(AllotmentRule)
        if rule.input is not None
    }


def take_allotment(workspace: Workspace, rule: AllotmentRule, path: Path) -> int:
    """Check the Department's numbers and keep them beside the office's packs.

    Returns
    -------
    int
        How many areas have a number.

    Raises
    ------
    Problem
        As :func:`phaenthi.targeting.programme.tables.read_input`.
    """
    wanted = rule.input
    if wanted is None:
        raise ValueError(f"rule {rule.id} takes its numbers from no table")
    content = path.read_bytes()
    with tempfile.TemporaryDirectory() as scratch:
        # A pack asks for it under a name of its own.
        (Path(scratch) / wanted.table).write_bytes(content)
        read = read_input(wanted, Level(rule.level), [Path(scratch)])
    with workspace.writing():
        workspace.documents(DocumentKind.PACKS).write(wanted.table, content)
    return 0 if read is None else len(read)


def make_up_allotment(workspace: Workspace, programme: Programme, rule: AllotmentRule) -> None:
    """Make up the Department's numbers and keep them beside the office's packs."""
    made = make_allotment(rule, programme)
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / f"{rule.id}.csv"
        made.to_csv(path, index=False)
        take_allotment(workspace, rule, path)


def allotment_template(rule: AllotmentRule) -> bytes:
    """Return the table of an allotment with every area and an empty number, as CSV for Excel."""
    wanted = rule.input
    if wanted is None:
        raise ValueError(f"rule {rule.id} takes its numbers from no table")
    every = areas(Level(rule.level))
    table = pd.DataFrame({wanted.area_column: every["code"], "name_th": every["name_th"]})
    table[wanted.column] = ""
    return csv_bytes(table)
