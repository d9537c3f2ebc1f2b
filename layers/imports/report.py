"""What an import did, as a workbook: counts, rows set aside, matches, changes since the last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import polars as pl
from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from phaenthi.geo.files import atomic_write
from phaenthi.geo.places import gazetteer
from phaenthi.geo.places.codes import Level, parent_code_expr
from phaenthi.geo.texts.sheets import put_text
from phaenthi.layers.contracts.catalogue import CONTRACTS, contract_of
from phaenthi.layers.contracts.provenance import ImportReport
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.wording import Language, say

_MOST_ROWS = 100_000
_WIDEST = 60


@dataclass(frozen=True)
class Changes:
    """How a layer differs from what it was before.

    Parameters
    ----------
    before
        Source of the layer before, empty where there was none.
    added, removed, changed, unchanged
        Rows by the layer's key.
    """

    before: str
    added: int
    removed: int
    changed: int
    unchanged: int


def compare_layers(
    layer: str,
    before: pl.DataFrame | pl.LazyFrame,
    after: pl.DataFrame | pl.LazyFrame,
    source: str,
) -> Changes:
    """Count what changed in a layer, row by row of its key.

    Parameters
    ----------
    layer
        Name of the layer.
    before, after
        Its rows, in the columns of the contract; lazy ones are never in memory as they are.
    source
        Of the rows before.
    """
    contract = contract_of(layer)
    # Two numbers a row tell whether it is there and whether it is the same.
    old, new = (
        frame.lazy()
        .select(
            pl.struct(contract.key).hash().alias("key"),
            pl.struct(contract.names).hash().alias("content"),
        )
        .collect(engine="streaming")
        for frame in (before, after)
    )
    both = old.join(new, on="key", how="inner", suffix=" after")
    same = both.filter(pl.col("content") == pl.col("content after")).height
    return Changes(
        before=source,
        added=new.height - both.height,
        removed=old.height - both.height,
        changed=both.height - same,
        unchanged=same,
    )


def write_import_report(
    path: Path,
    report: ImportReport,
    *,
    changes: Changes | None = None,
    places: pd.DataFrame | None = None,
    language: Language = "th",
) -> None:
    """Write what an import did as a workbook, whole or not at all.

    Nothing of a person is in it: what was found in a row that was set aside is shown only for
    layers that are not of people.

    Parameters
    ----------
    path
        Workbook (.xlsx).
    report
        Of the import.
    changes
        Against the import before.
    places
        ``MatchedImport.places`` where places were matched.
    language
        Of headings and reasons.
    """
    contract = contract_of(report.layer)
    book = Workbook()
    summary = book.active
    summary.title = _say("summary", language)
    source = report.provenance
    lines: list[tuple[str, object]] = [
        (_say("layer", language), contract.label(language)),
        (_say("source", language), source.source),
        (_say("imported_at", language), source.imported_at.astimezone().strftime("%Y-%m-%d %H:%M")),
        (_say("rows_read", language), source.rows_read),
        (_say("rows_kept", language), source.rows_kept),
        (_say("rows_set_aside", language), source.rows_set_aside),
    ]
    if source.made_up:
        lines.insert(0, (_say("made_up", language), ""))
    if changes is not None:
        lines.append((_say("compared_with", language), changes.before or "–"))
        lines += [
            (_say(name, language), getattr(changes, name))
            for name in ("added", "removed", "changed", "unchanged")
        ]
    lines += [(note.sentence(language), "") for note in report.notes]
    for line in lines:
        summary.append(line)
    _fit(summary)
    _sheet(book, _say("set_aside", language), _set_aside(report, language))
    if places is not None:
        _sheet(book, _say("matched", language), _matched(places, language))
        counted = places.assign(how=[say(f"layers.how.{how}", language) for how in places["how"]])
        totals = counted.groupby("how", as_index=False).agg(
            places=("rows", "size"), rows=("rows", "sum")
        )
        heads = {name: say(f"layers.columns.{name}", language) for name in ("how", "rows")}
        heads["places"] = _say("places", language)
        _sheet(book, _say("matched_how", language), totals.rename(columns=heads))
    with atomic_write(path) as temporary:
        book.save(temporary)


def missing_by_amphoe(workspace: Workspace) -> pd.DataFrame:
    """Count, amphoe by amphoe, what the layers do not hold.

    Returns
    -------
    pandas.DataFrame
        amphoe_code, amphoe_th, province_th, villages, without_point, without_households,
        without_poverty, without_history (villages; missing where the whole layer is missing),
        waiting (villages that may have been targets and wait for a person); sorted by code.
    """
    listed = workspace.scan("villages").select("village_code", "longitude", "latitude").collect()
    code = parent_code_expr("village_code", Level.AMPHOE).alias("amphoe_code")
    seen = {
        name: workspace.scan(name).select("village_code").unique().collect()["village_code"]
        for name in ("households", "poverty", "history", "possible_targets")
        if workspace.has(name)
    }
    without = [
        (~pl.col("village_code").is_in(seen[name].implode())).sum().alias(f"without_{name}")
        for name in ("households", "poverty", "history")
        if name in seen
    ]
    waiting = seen.get("possible_targets", pl.Series(dtype=pl.String())).implode()
    table = (
        listed.group_by(code)
        .agg(
            pl.len().alias("villages"),
            pl.any_horizontal(pl.col("longitude", "latitude").is_null())
            .sum()
            .alias("without_point"),
            *without,
            pl.col("village_code").is_in(waiting).sum().alias("waiting"),
        )
        .sort("amphoe_code")
        .to_pandas()
    )
    for name in ("without_households", "without_poverty", "without_history"):
        if name not in table:
            table[name] = pd.NA
    codes = table["amphoe_code"].astype("string")
    table["amphoe_th"] = gazetteer.names_of(codes)["name_th"]
    table["province_th"] = gazetteer.names_of(codes.str[: Level.PROVINCE.digits])["name_th"]
    first = ["amphoe_code", "amphoe_th", "province_th", "villages", "without_point"]
    rest = ["without_households", "without_poverty", "without_history", "waiting"]
    kinds: dict[str, str] = {"amphoe_code": "string", **dict.fromkeys((*first[3:], *rest), "Int64")}
    return table[[*first, *rest]].astype(kinds)


def age_of_layers(workspace: Workspace, *, now: datetime | None = None) -> pd.DataFrame:
    """Return the layers that are here and not here: layer, here (bool), days, source, rows."""
    moment = now or datetime.now(UTC)
    rows = []
    for contract in CONTRACTS:
        source = workspace.provenance(contract.name)
        days = (moment - source.imported_at).days if source else None
        told = (source.source, source.rows_kept) if source else ("", None)
        rows.append((contract.name, source is not None, days, *told))
    table = pd.DataFrame(rows, columns=["layer", "here", "days", "source", "rows"])
    return table.astype({"days": "Int64", "rows": "Int64"})


def _say(name: str, language: Language) -> str:
    return say(f"layers.report.{name}", language)


def _set_aside(report: ImportReport, language: Language) -> pd.DataFrame:
    aside = report.set_aside
    table = pd.DataFrame(
        {
            _say("row", language): aside["row"],
            _say("column", language): aside["column"],
            _say("reason", language): [say(str(reason), language) for reason in aside["reason"]],
        }
    )
    if not contract_of(report.layer).of_people:
        table.insert(2, _say("found", language), aside["found"])
    return table


def _matched(places: pd.DataFrame, language: Language) -> pd.DataFrame:
    names = ["row", "rows", "name", "matched_code", "how", "confidence", "since"]
    told = places[[name for name in names if name in places]].copy()
    told["how"] = [say(f"layers.how.{how}", language) for how in told["how"]]
    told["since"] = [None if pd.isna(day) else str(day) for day in told["since"]]
    heads = {
        name: say(f"layers.columns.{str(name).replace('matched_code', 'village_code')}", language)
        for name in told
    }
    return told.rename(columns=heads)


def _sheet(book: Workbook, title: str, table: pd.DataFrame) -> None:
    sheet = book.create_sheet(title[:31])
    rows = [list(map(str, table)), *table.head(_MOST_ROWS).astype("object").to_numpy().tolist()]
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row, 1):
            _put(sheet.cell(number, column), value)
    sheet.freeze_panes = "A2"
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    _fit(sheet)


def _put(cell: Cell, value: object) -> None:
    if isinstance(value, str):
        put_text(cell, value)
    elif not pd.isna(value):  # type: ignore[call-overload]  # any scalar
        cell.value = value


def _fit(sheet: object) -> None:
    columns: Sequence[tuple[object, ...]] = list(sheet.columns)  # type: ignore[attr-defined]  # of openpyxl, untyped
    for number, cells in enumerate(columns, 1):
        longest = max((len(str(cell.value or "")) for cell in cells[:200]), default=8)  # type: ignore[attr-defined]  # of openpyxl, untyped
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = min(longest + 2, _WIDEST)  # type: ignore[attr-defined]  # of openpyxl, untyped
