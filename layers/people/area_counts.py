"""Counts of households and people by area, as TPMAP publishes them: tambon, amphoe, province."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import polars as pl

from phaenthi.geo.files import sha256
from phaenthi.geo.notes import Note
from phaenthi.geo.places.codes import Level, is_municipal, read_codes
from phaenthi.layers.contracts.areas import AREA_COUNTS
from phaenthi.layers.contracts.provenance import ImportReport, Provenance, nothing_set_aside
from phaenthi.layers.registers.place_columns import PLACES
from phaenthi.layers.tables.fiscal_year import FiscalYear
from phaenthi.layers.tables.table_file import BEYOND, ROW, TableFile, plain_header, read_table
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.wording import Problem

# Headers of the tables of TPMAP 2561 and the measures that they are.
MEASURES: dict[str, str] = {
    "household.CNT": "households",
    "HOUSEMEMBER_CNT": "members",
    "MOF_REG_CNT": "registered_for_welfare",
    "MOF_VAL_CNT": "validated_for_welfare",
    "ELDERLY_CNT": "elderly",
    "DISABLED_CNT": "disabled",
    "CHRONICPATIENT_CNT": "chronic_patients",
    "poor.household.CNT": "poor_households",
    "poor.JPT.CNT": "poor_people",
    "poor.JPT.MOFreg.CNT": "poor_registered",
    "poor.JPT.MOFval.CNT": "target_poor",
    "poor.JPT.MOFval.health": "target_poor_health",
    "poor.JPT.MOFval.living": "target_poor_living",
    "poor.JPT.MOFval.education": "target_poor_education",
    "poor.JPT.MOFval.income": "target_poor_income",
    "poor.JPT.MOFval.accessibility": "target_poor_access",
}
_ASSESSED = r"^indicator(\d+)\.ALL$"
_FAILED = r"^indicator(\d+)\.CNT$"
_TARGET_FAILED = r"^poor\.JPT\.MOFval\.ind(\d+)\.CNT$"
_CODE_HEADERS = {
    level: next(one.aliases for one in PLACES if one.name == f"place_{level.column}")
    for level in (Level.TAMBON, Level.AMPHOE, Level.PROVINCE)
}


@dataclass(frozen=True)
class AreaReport:
    """What the import of a table of counts did.

    Parameters
    ----------
    report
        Counts of rows (areas), rows set aside, notes.
    level
        Level of the areas.
    totals
        measure → sum over the areas of the file.
    municipal
        Areas that are municipal (a pseudo-code without a polygon); they are kept.
    """

    report: ImportReport
    level: Level
    totals: Mapping[str, int]
    municipal: int


def import_area_counts(
    workspace: Workspace,
    path: str | Path,
    year: int,
    *,
    made_up: bool = False,
    credit: str = "",
) -> AreaReport:
    """Import one table of TPMAP's counts by area; the counts of other tables stay.

    A table may hold some of the measures only; those of the same level and year that it does
    not hold stay as they were. Levels are never mixed: each row says its level.

    Parameters
    ----------
    workspace, path, made_up, credit
        As for ``phaenthi.layers.imports.by_code.import_file``.
    year
        Year of the register, Buddhist era.

    Raises
    ------
    Problem
        ``layers.area_codes_missing``, ``geo.code_unreadable`` and ``layers.area_twice`` with
        row, ``layers.number_unreadable``, ``layers.number_negative`` with row and column.
    """
    path = Path(path)
    buddhist = FiscalYear(year).buddhist
    table = read_table(path, known=[*MEASURES, *(h for hs in _CODE_HEADERS.values() for h in hs)])
    level, header = _code_header(table)
    wide = table.frame.collect()
    codes = _codes(wide, header, level, table)
    measures = {name: _measure(name) for name in table.headers}
    measures = {name: measure for name, measure in measures.items() if measure}
    long = _long(wide, codes, measures, table).with_columns(
        pl.lit(level.value).alias("level"), pl.lit(buddhist, pl.Int16).alias("register_year")
    )
    long = long.select(AREA_COUNTS.names)
    with workspace.writing():
        replaced = (
            (pl.col("level") == level.value)
            & (pl.col("register_year") == buddhist)
            & pl.col("measure").is_in(list(measures.values()))
        )
        others = workspace.scan(AREA_COUNTS.name).filter(~replaced).collect()
        provenance = Provenance(
            source=path.name,
            sha256=sha256(path),
            imported_at=datetime.now(UTC),
            rows_read=wide.height,
            made_up=made_up,
            credit=credit,
        )
        report = workspace.put(
            AREA_COUNTS.name, pl.concat([others, long]), provenance, nothing_set_aside()
        )
    totals = dict(long.group_by("measure").agg(pl.col("count").sum()).sort("measure").iter_rows())
    municipal = int(is_municipal(codes).sum())
    used = {header, *measures}
    unused = [name for name in table.headers if name not in used and not name.startswith(BEYOND)]
    notes = []
    if municipal:
        notes.append(Note("layers.notes.municipal_areas", {"count": municipal}))
    if unused:
        notes.append(Note("layers.notes.columns_not_used", {"columns": ", ".join(unused)}))
    told = replace(report, notes=tuple(notes))
    return AreaReport(told, level, totals, municipal)


def area_counts(workspace: Workspace, level: Level, year: int) -> pd.DataFrame:
    """Return the counts of a level and year, a row an area and a column a measure.

    Returns
    -------
    pandas.DataFrame
        code, then the measures (``Int64``, missing where the table did not say), municipal
        (bool); sorted by code.
    """
    chosen = (
        workspace.scan(AREA_COUNTS.name)
        .filter(pl.col("level") == level.value, pl.col("register_year") == year)
        .collect()
    )
    wide = (
        chosen.pivot(  # noqa: PD010 - of polars, where it is the way
            on="measure", index="code", values="count"
        )
        .sort("code")
        .to_pandas()
    )
    measures = [name for name in wide.columns if name != "code"]
    wide = wide.astype({"code": "string", **dict.fromkeys(measures, "Int64")})
    return wide.assign(municipal=is_municipal(wide["code"]))


def _code_header(table: TableFile) -> tuple[Level, str]:
    """Return the lowest level that the table has codes of, and their header."""
    plain = {plain_header(header): header for header in reversed(table.headers)}
    for level, headers in _CODE_HEADERS.items():
        for header in headers:
            if plain_header(header) in plain:
                return level, plain[plain_header(header)]
    raise Problem("layers.area_codes_missing", file=table.path, found=", ".join(table.headers))


def _codes(wide: pl.DataFrame, header: str, level: Level, table: TableFile) -> pd.Series:
    texts = pd.Series(wide[header].to_list(), dtype="object")
    codes = read_codes(texts, level)
    for wrong, message in (
        (codes.isna(), "geo.code_unreadable"),
        (codes.duplicated(), "layers.area_twice"),
    ):
        if wrong.any():
            place = int(wrong.to_numpy().argmax())
            values = {"digits": level.digits} if message == "geo.code_unreadable" else {}
            raise Problem(
                message,
                file=table.path,
                sheet=table.sheet,
                row=wide[ROW][place],
                column=header,
                found=texts.iloc[place],
                **values,
            )
    return codes


def _measure(header: str) -> str:
    """Return the measure that a header is, "" if none."""
    if header in MEASURES:
        return MEASURES[header]
    one = pl.Series([header])
    for pattern, name in (
        (_ASSESSED, "assessed_{}"),
        (_FAILED, "failed_{}"),
        (_TARGET_FAILED, "target_poor_failed_{}"),
    ):
        number = one.str.extract(pattern)[0]
        if number is not None:
            return name.format(f"{int(number):02d}")
    return ""


def _long(
    wide: pl.DataFrame, codes: pd.Series, measures: Mapping[str, str], table: TableFile
) -> pl.DataFrame:
    """Return code, measure, count of every cell that says something."""
    numbers = wide.select(
        ROW,
        *(pl.col(name).cast(pl.Float64, strict=False).alias(name) for name in measures),
    )
    for name in measures:
        unread = wide[name].is_not_null() & (numbers[name].is_null() | (numbers[name] % 1 != 0))
        for wrong, message in (
            (unread, "layers.number_unreadable"),
            ((numbers[name] < 0).fill_null(value=False), "layers.number_negative"),
        ):
            if wrong.any():
                first = wide.filter(wrong).row(0, named=True)
                raise Problem(
                    message,
                    file=table.path,
                    sheet=table.sheet,
                    row=first[ROW],
                    column=name,
                    found=first[name],
                )
    named = numbers.drop(ROW).rename(dict(measures)).cast(pl.Int64)
    coded = named.with_columns(pl.Series("code", codes.to_list(), dtype=pl.String))
    long = coded.unpivot(index="code", variable_name="measure", value_name="count")
    return long.drop_nulls("count")
