"""An edited register comes back: what differs becomes decisions that ask for reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pandas as pd
import python_calamine

from phaenthi.apps.publication.published_plan import Publication
from phaenthi.geo.places.codes import Level, read_codes
from phaenthi.layers.tables.table_file import ROW, open_table, plain_header
from phaenthi.targeting.plan.record import Override
from phaenthi.wording import LANGUAGES, Language, Problem, say


@dataclass(frozen=True)
class Departure:
    """A village that the returned register has and the plan has not, or the other way round.

    Attributes
    ----------
    action
        ``in``: added to the list of target villages; ``out``: taken off it.
    row
        Row of the sheet that lists it; ``None`` for one that is not there any more.
    forbidden_by
        Ids of the rules that it does not meet; it cannot be put in.
    """

    village_code: str
    name_th: str
    action: Literal["in", "out"]
    row: int | None
    forbidden_by: tuple[str, ...] = ()


@dataclass(frozen=True)
class Returned:
    """What a returned register says.

    Attributes
    ----------
    departures
        Sorted by action and code.
    listed
        Villages on its list of target villages.
    """

    departures: tuple[Departure, ...]
    listed: int


def read_back(publication: Publication, path: Path) -> Returned:
    """Compare the target villages of an edited register with those of its plan.

    Parameters
    ----------
    publication
        The plan that the register was written from.
    path
        The workbook; its sheet of target villages is read by its name in either language.

    Raises
    ------
    Problem
        ``returned.sheet_missing``; ``returned.village_unreadable``,
        ``returned.village_unknown`` and ``returned.village_twice`` with sheet and row;
        ``returned.plan_differs`` where the sheet names another plan; those of
        ``phaenthi.layers.tables.table_file.open_table``.
    """
    sheet = _sheet_of(path)
    heads = {say("documents.column.village_code", language) for language in LANGUAGES}
    with open_table(path, sheet, known=heads) as table:
        wanted = {plain_header(head) for head in heads}
        head = next((name for name in table.headers if plain_header(name) in wanted), None)
        if head is None:
            raise Problem(
                "layers.column_missing",
                file=path,
                sheet=sheet,
                row=table.header_row or None,
                column="village_code",
                expected=", ".join(sorted(heads)),
                found=", ".join(table.headers),
            )
        rows = table.frame.select(ROW, head).collect().to_pandas()
    _refuse_another_plan(publication, path, sheet)
    rows = rows[rows[head].notna()]
    listed = _codes(publication, path, sheet, rows, head)
    units = publication.plan.units.set_index("unit_code")
    chosen = set(units.index[units["status"] == "chosen"])
    broken = publication.plan.findings[publication.plan.findings["verdict"] == "not_met"]
    rules = broken.groupby("unit_code")["rule"].agg(tuple)
    added = [
        Departure(code, str(units.loc[code, "name_th"]), "in", row, rules.get(code, ()))
        for code, row in sorted(listed.items())
        if code not in chosen
    ]
    gone = [
        Departure(code, str(units.loc[code, "name_th"]), "out", None)
        for code in sorted(chosen - set(listed))
    ]
    return Returned((*added, *gone), len(listed))


def _sheet_of(path: Path) -> str:
    titles = [say("documents.sheet.chosen", language) for language in LANGUAGES]
    try:
        names = python_calamine.load_workbook(path).sheet_names
    except (python_calamine.CalamineError, OSError) as error:
        raise Problem("layers.workbook_unreadable", file=path) from error
    for title in titles:
        if title in names:
            return title
    raise Problem(
        "returned.sheet_missing", file=path, expected=" / ".join(titles), found=", ".join(names)
    )


def _refuse_another_plan(publication: Publication, path: Path, sheet: str) -> None:
    """Refuse a register whose head names another plan; one whose head was cut off is taken."""
    cells = python_calamine.load_workbook(path).get_sheet_by_name(sheet).to_python()[:12]
    told = " ".join(str(cell) for row in cells for cell in row)
    plan = publication.plan
    if f"{plan.programme_id}-" in told and plan.id not in told:
        raise Problem("returned.plan_differs", file=path, sheet=sheet, plan=plan.id)


def _codes(
    publication: Publication, path: Path, sheet: str, rows: pd.DataFrame, head: str
) -> dict[str, int]:
    """Return the row of each village listed."""
    known = set(publication.plan.units["unit_code"])
    codes = read_codes(rows[head].astype("string"), Level.VILLAGE)
    found: dict[str, int] = {}
    for code, row, text in zip(codes, rows[ROW], rows[head], strict=True):
        where: dict[str, Any] = {"file": path, "sheet": sheet, "row": int(row), "column": head}
        if pd.isna(code):
            raise Problem("returned.village_unreadable", found=text, **where)
        if code not in known:
            raise Problem("returned.village_unknown", found=code, **where)
        if code in found:
            raise Problem("returned.village_twice", found=code, first=found[code], **where)
        found[str(code)] = int(row)
    return found


def as_overrides(
    publication: Publication,
    returned: Returned,
    reasons: Mapping[str, str],
    decided_by: str,
) -> tuple[Override, ...]:
    """Return the decisions that the plan is made again with: its own and those of the register.

    Parameters
    ----------
    reasons
        Reason by village code; each departure needs one.

    Raises
    ------
    Problem
        ``returned.reasons_missing`` naming the villages without a reason;
        ``returned.forbidden`` naming those that a rule keeps out.
    """
    forbidden = [one for one in returned.departures if one.forbidden_by]
    if forbidden:
        told = "; ".join(f"{one.village_code} ({', '.join(one.forbidden_by)})" for one in forbidden)
        raise Problem("returned.forbidden", villages=told)
    silent = [
        one.village_code
        for one in returned.departures
        if not reasons.get(one.village_code, "").strip()
    ]
    if silent:
        raise Problem("returned.reasons_missing", villages=", ".join(silent))
    changed = {one.village_code for one in returned.departures}
    kept = [one for one in publication.plan.overrides if one.unit_code not in changed]
    new = [
        Override(one.village_code, one.action, reasons[one.village_code].strip(), decided_by)
        for one in returned.departures
    ]
    return (*kept, *new)


def departure_lines(departures: Sequence[Departure], language: Language) -> list[str]:
    """Say each departure in a sentence."""
    return [
        say(
            f"returned.{one.action}",
            language,
            name=one.name_th,
            village_code=one.village_code,
            rules=", ".join(one.forbidden_by) or "–",
        )
        for one in departures
    ]
