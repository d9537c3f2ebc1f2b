"""Import of a register whose rows name their places in any way: matched, queued, evidenced."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import geopandas
import pandas as pd
import polars as pl

from phaenthi.geo.files import sha256
from phaenthi.geo.notes import Note
from phaenthi.geo.places.codes import Level, is_municipal, read_codes
from phaenthi.layers.contracts.catalogue import contract_of
from phaenthi.layers.contracts.contract import Contract
from phaenthi.layers.contracts.matches import DECISIONS, MATCHED_PLACES, POSSIBLE_TARGETS
from phaenthi.layers.contracts.provenance import ImportReport, Provenance, nothing_set_aside
from phaenthi.layers.imports.readers import UNDERSTANDING
from phaenthi.layers.matching.match_decisions import apply_decisions, places_of, write_queue
from phaenthi.layers.matching.parents import with_parents
from phaenthi.layers.matching.possible import possible_targets, possible_villages
from phaenthi.layers.matching.villages import Matches, match_villages
from phaenthi.layers.registers.cells import said
from phaenthi.layers.registers.incoming import Reading
from phaenthi.layers.registers.mapping import ColumnMapping, open_mapped
from phaenthi.layers.registers.place_columns import PLACES, find_place_headers, plain_name
from phaenthi.layers.registers.programme_names import name_programmes
from phaenthi.layers.registers.reading import TOTAL_WORDS, finish, read_rows
from phaenthi.layers.tables.table_file import ROW, TableFile
from phaenthi.layers.workspace.folder import Part, Workspace
from phaenthi.wording import Language, Problem

MUNICIPAL = "municipal"
_TOTAL_ALONE = r"(?i)^(?:รวม|ยอดรวม|ผลรวม|total|grand total)(?:ทั้ง.*)?$"
_CODE_LEVELS = {
    "village_code": Level.VILLAGE,
    "tambon_code": Level.TAMBON,
    "amphoe_code": Level.AMPHOE,
    "province_code": Level.PROVINCE,
}


@dataclass(frozen=True)
class MatchedImport:
    """What an import with matching did.

    Parameters
    ----------
    report
        Of the layer; see ``phaenthi.layers.contracts.provenance.ImportReport``.
    places
        What the file says of each place (``match_decisions.PLACE_COLUMNS``, row,
        rows) and what was found: matched_code, how, confidence, since.
    matches
        With the candidates of the places that wait.
    source
        Name under which decisions about this source are kept.
    """

    report: ImportReport
    places: pd.DataFrame
    matches: Matches
    source: str

    def write_queue(self, path: Path, *, language: Language = "th") -> int:
        """Write the places that wait for a person; see ``layers.decisions.write_queue``."""
        return write_queue(path, self.places, self.matches, self.source, language=language)


def import_matched(  # noqa: PLR0913 - each is a plain word of the command line
    workspace: Workspace,
    layer: str,
    path: str | Path,
    *,
    mapping: ColumnMapping | None = None,
    source: str = "",
    sheet: str | None = None,
    constants: Mapping[str, str] | None = None,
    made_up: bool = False,
    credit: str = "",
    begin: Callable[[str], None] = lambda _: None,
) -> MatchedImport:
    """Import a register of villages whose codes are old, or that has names instead of codes.

    Each different place of the file is matched once
    (``phaenthi.layers.matching.villages.match_villages``),
    what
    persons decided about this source before is applied, and the rows of places that are still
    not sure are set aside. Where they are targets or beneficiaries of earlier years they are
    also put into ``possible_targets``, for every village that they may mean. The evidence of
    each place goes into ``matched_places``. All of it is one change of the workspace.

    Parameters
    ----------
    workspace, layer, path, sheet, constants, made_up, credit
        As for ``phaenthi.layers.imports.by_code.import_file``; the layer must be one of villages'
        rows.
    mapping
        Which column is which; found by the headers unless given.
    source
        Name under which decisions are kept; that of the mapping, or of the layer, unless given.
    begin
        Told the name of each step: ``reading``, ``matching``, ``laying``, ``writing``.

    Raises
    ------
    Problem
        As ``phaenthi.layers.imports.by_code.import_file``; ``layers.no_place_columns`` if the file
        has neither codes nor names; ``layers.mapping_of_other_layer``.
    """
    path, contract = Path(path), contract_of(layer)
    if not contract.of_listed_villages:
        raise Problem("layers.not_matched_by_place", layer=contract.name)
    if mapping and mapping.layer != contract.name:
        raise Problem(
            "layers.mapping_of_other_layer", file=path, found=mapping.layer, layer=contract.name
        )
    source = source or (mapping.source if mapping else contract.name)
    with workspace.writing():
        if not workspace.has("villages"):
            raise Problem("layers.villages_first", file=path)
        with open_mapped(path, contract, mapping, sheet=sheet) as table:
            values = {**(mapping.constants if mapping else {}), **(constants or {})}
            begin("reading")
            places = _places(table, contract)
            begin("matching")
            matches = _match(places, workspace, source)
            begin("laying")
            reading, possible = _read(table, contract, places, matches, workspace, values)
        provenance = Provenance(
            source=path.name,
            sha256=sha256(path),
            imported_at=datetime.now(UTC),
            rows_read=reading.rows_read,
            made_up=made_up,
            credit=credit,
        )
        parts = [
            Part(contract.name, reading.table, provenance, reading.set_aside),
            evidence(places, matches, contract, workspace, provenance),
        ]
        if possible is not None:
            parts.append(_with_other_layers(possible, contract, workspace, provenance))
        begin("writing")
        report = workspace.put_together(parts)[0]
    told = places.assign(
        matched_code=matches.table["village_code"],
        how=matches.table["how"],
        confidence=matches.table["confidence"],
        since=matches.table["since"],
    )
    notes = (*reading.notes, *_notes(told, possible))
    return MatchedImport(replace(report, notes=notes), told, matches, source)


def _places(table: TableFile, contract: Contract) -> pd.DataFrame:
    """Return the different places of a file: place columns, row (the first one), rows."""
    headers = find_place_headers(contract, table.headers)
    if not headers:
        raise Problem(
            "layers.no_place_columns",
            file=table.path,
            sheet=table.sheet,
            row=table.header_row or None,
            found=", ".join(table.headers),
        )
    names = {name: plain_name(name) for name in headers}
    cells = _place_cells(headers)
    grouped = (
        table.frame.filter(~_is_total(table, headers))
        .select(pl.col(ROW).cast(pl.Int64), *cells)
        .group_by(*headers)
        .agg(pl.col(ROW).min().alias("row"), pl.len().alias("rows"))
        .sort("row")
        .collect(engine="streaming")
        .to_pandas()
        .rename(columns=names)
    )
    for name, level in _CODE_LEVELS.items():
        if name in grouped:
            wrong = grouped[name].notna() & read_codes(grouped[name], level).isna()
            if wrong.any():
                first = grouped[wrong].iloc[0]
                raise Problem(
                    "geo.code_unreadable",
                    file=table.path,
                    sheet=table.sheet,
                    row=int(first["row"]),
                    found=first[name],
                    digits=level.digits,
                )
    return grouped


def _place_cells(headers: Mapping[str, str]) -> list[pl.Expr]:
    return [said(pl.col(header)).alias(name) for name, header in headers.items()]


def _is_total(table: TableFile, places: Mapping[str, str]) -> pl.Expr:
    """Tell a row of totals: by its first cell, or by any cell of a row that names no place."""
    first = pl.col(table.headers[0]).str.contains(TOTAL_WORDS)
    cells = [name for name in table.headers if name not in places.values()]
    nowhere = pl.all_horizontal(pl.col(header).is_null() for header in places.values())
    says_so = pl.any_horizontal(
        pl.lit(value=False),
        *(
            pl.col(name).cast(pl.String).str.strip_chars().str.contains(_TOTAL_ALONE)
            for name in cells
        ),
    )
    return first.fill_null(value=False) | (nowhere & says_so.fill_null(value=False))


def _match(places: pd.DataFrame, workspace: Workspace, source: str) -> Matches:
    villages = pd.DataFrame(workspace.table("villages"))[["village_code", "name_th"]]
    known = with_parents(places)
    tambons: geopandas.GeoDataFrame | None = None
    if workspace.has("boundaries_tambon"):
        tambons = workspace.boundaries(Level.TAMBON)
    matches = match_villages(known, villages, tambons=tambons)
    matches = _with_municipal_areas(matches, known, villages)
    decisions = pd.DataFrame(workspace.table(DECISIONS.name))
    decisions = decisions[decisions["source"] == source]
    return apply_decisions(matches, places_of(places), decisions, villages)


def _with_municipal_areas(matches: Matches, known: pd.DataFrame, villages: pd.DataFrame) -> Matches:
    """Keep the codes of municipal areas as they are: no village list holds them."""
    if "village_code" not in known:
        return matches
    codes = known["village_code"].astype("string")
    towns = is_municipal(codes) & ~codes.isin(villages["village_code"])
    table = matches.table.copy()
    table.loc[towns, "village_code"] = codes[towns]
    table.loc[towns, "how"] = MUNICIPAL
    table.loc[towns, "confidence"] = 1.0
    left = matches.candidates[~matches.candidates["row"].isin(table.index[towns])]
    return Matches(table, left.reset_index(drop=True))


def _read(
    table: TableFile,
    contract: Contract,
    places: pd.DataFrame,
    matches: Matches,
    workspace: Workspace,
    constants: Mapping[str, str],
) -> tuple[Reading, pl.DataFrame | None]:
    """Return the rows of sure places as the layer reads them, and what the others may mean."""
    headers = find_place_headers(contract, table.headers)
    keys = [column.name for column in PLACES if column.name in headers]
    found = pl.from_pandas(
        places[[plain_name(name) for name in keys]].astype("string").set_axis(keys, axis=1)
    ).with_columns(
        pl.from_pandas(matches.table["village_code"].astype("string")).alias("matched"),
        pl.from_pandas(matches.table["how"].astype("string")).alias("why"),
        pl.Series("place number", list(places.index), dtype=pl.Int64),
    )
    others = [name for name in table.frame.collect_schema().names() if name not in headers.values()]
    told = table.frame.select(
        *others, *_place_cells(headers), _is_total(table, headers).alias("total")
    ).join(found.lazy(), on=keys, how="left", nulls_equal=True, maintain_order="left")
    totals, rest = told.filter("total"), told.filter(~pl.col("total"))
    sure = rest.filter(pl.col("matched").is_not_null())
    lone = rest.filter(pl.col("matched").is_null())
    own = [*others, pl.col("matched").alias("village_code")]
    incoming = read_rows(
        contract, replace(table, frame=sure.select(own)), workspace, constants=constants
    )
    if "programme" in contract.names and incoming.rows.height:
        incoming = name_programmes(incoming)
    if contract.name in UNDERSTANDING and incoming.rows.height:
        incoming = UNDERSTANDING[contract.name](incoming)
    reading = (
        finish(incoming, workspace)
        if incoming.rows.height
        else Reading(
            incoming.rows.drop(ROW), incoming.set_aside, incoming.notes, incoming.rows_read
        )
    )
    waiting = lone.select(ROW, "why", "place number").collect(engine="streaming")
    summed = totals.select(ROW).collect()
    aside = [
        _aside(waiting[ROW], [f"layers.how.{why}" for why in waiting["why"]]),
        _aside(summed[ROW], ["layers.set_aside.total_row"] * summed.height),
    ]
    both = pd.concat([reading.set_aside, *aside], ignore_index=True).sort_values(
        "row", ignore_index=True
    )
    reading = replace(
        reading, set_aside=both, rows_read=reading.rows_read + waiting.height + summed.height
    )
    if "programme" not in contract.names:
        return reading, None
    may_be = possible_villages(places, matches, pd.DataFrame(workspace.table("villages")))
    exploded = lone.join(may_be.lazy(), on="place number").select(
        *others, pl.col("possible code").alias("village_code"), "why"
    )
    possible = possible_targets(
        contract, replace(table, frame=exploded), workspace, constants, waiting
    )
    return reading, possible


def _aside(rows: pl.Series, reasons: list[str]) -> pd.DataFrame:
    aside = pd.DataFrame(
        {"row": rows.to_list(), "column": "village_code", "found": None, "reason": reasons}
    )
    return aside.astype(nothing_set_aside().dtypes.to_dict())


def evidence(
    places: pd.DataFrame,
    matches: Matches,
    contract: Contract,
    workspace: Workspace,
    provenance: Provenance,
) -> Part:
    """Return the layer of matched places with those of one register in place of its earlier ones.

    Parameters
    ----------
    places
        What the register says of each place: row, rows and
        ``phaenthi.layers.matching.match_decisions.PLACE_COLUMNS``.
    matches
        What was found for them.
    contract
        Of the register's layer.
    """
    table = matches.table
    new = pd.DataFrame(
        {
            "layer": contract.name,
            "place": places_of(places),
            "row": places["row"],
            "rows": places["rows"],
            "village_code": table["village_code"],
            "how": table["how"],
            "confidence": table["confidence"],
            "since": [None if day is None else str(day) for day in table["since"]],
        }
    )
    # Two spellings of one place differ in spaces alone.
    counted = new.groupby("place")["rows"].transform("sum")
    new = new.assign(rows=counted).drop_duplicates("place")
    old = pd.DataFrame(workspace.table(MATCHED_PLACES.name))
    old = old[old["layer"] != contract.name]
    both = pd.concat([old, new.astype(old.dtypes.to_dict())], ignore_index=True)
    return Part(MATCHED_PLACES.name, both, replace(provenance, rows_read=len(both)))


def _with_other_layers(
    possible: pl.DataFrame, contract: Contract, workspace: Workspace, provenance: Provenance
) -> Part:
    others = workspace.scan(POSSIBLE_TARGETS.name).filter(pl.col("layer") != contract.name)
    both = pl.concat([others.collect(), possible])
    return Part(POSSIBLE_TARGETS.name, both, replace(provenance, rows_read=both.height))


def _notes(places: pd.DataFrame, possible: pl.DataFrame | None) -> tuple[Note, ...]:
    waiting = places["matched_code"].isna() & (places["how"] != "decided_none")
    rows = int(places.loc[~waiting, "rows"].sum())
    notes = [Note("layers.notes.matched", {"places": int((~waiting).sum()), "count": rows})]
    if waiting.any():
        values = {"places": int(waiting.sum()), "count": int(places.loc[waiting, "rows"].sum())}
        notes.append(Note("layers.notes.waiting", values))
    if possible is not None and possible.height:
        villages = possible["village_code"].n_unique()
        notes.append(Note("layers.notes.possible", {"villages": villages}))
    return tuple(notes)
