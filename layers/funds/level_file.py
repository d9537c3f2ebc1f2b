"""Files of funds by area and level: as provinces print them, or a row a count."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import polars as pl

from phaenthi.geo.notes import Note
from phaenthi.geo.places.codes import Level, read_codes
from phaenthi.geo.places.gazetteer import find_province, name_of
from phaenthi.geo.places.names import match_many
from phaenthi.layers.contracts.fund_levels import FUND_LEVELS_CONTRACT
from phaenthi.layers.contracts.funds import ASSESSED_ALIASES, LEVEL_ORDER
from phaenthi.layers.contracts.provenance import nothing_set_aside
from phaenthi.layers.funds.levels import TOTAL, UNKNOWN, count_header
from phaenthi.layers.funds.reading import ONE_IS_GOOD
from phaenthi.layers.funds.types import (
    GOOD,
    NEEDS_WORK,
    find_fund_type,
    fund_type,
    fund_types,
    read_grade,
    read_level,
    read_order,
)
from phaenthi.layers.registers.incoming import Reading
from phaenthi.layers.registers.place_columns import PLACES
from phaenthi.layers.registers.reading import TOTAL_WORDS, find_headers
from phaenthi.layers.tables.fiscal_year import FiscalYear
from phaenthi.layers.tables.stacked_headers import open_stacked
from phaenthi.layers.tables.table_file import ROW, TableFile, read_table
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.wording import Problem
from phaenthi.wording.digits import plain_digits

__all__ = ["FUND_LEVELS_CONTRACT", "read"]

_PLACES = tuple(
    column for column in PLACES if column.name.startswith(("place_amphoe", "place_province"))
)
_COUNT = re.compile(r"^\d{1,3}(?:,\d{3})+$|^\d+(?:\.0*)?$")
_EMPTY = {"", "-", "–", "—"}


@dataclass(frozen=True)
class _Cells:
    """What a file counts: ROW, area_code, fund_type, level (or ``total``), year, funds."""

    rows: pd.DataFrame
    set_aside: pd.DataFrame
    notes: tuple[Note, ...]
    rows_read: int


def read(
    path: Path,
    workspace: Workspace | None = None,
    *,
    sheet: str | None = None,
    constants: Mapping[str, str] | None = None,
) -> Reading:
    """Read a table of funds by area and level, as it is printed or a row a count.

    As it is printed: a row an amphoe; for each kind of fund a column with the number and one for
    each level, headed in one row (``osg_total``, ``osg_level1`` …, ``กลุ่มออมทรัพย์ฯ ระดับ 1``) or in
    merged cells (``กลุ่มออมทรัพย์ฯ`` over ``จำนวน``, ``1``, ``2``, ``3``). Areas by code, or by the
    name of the amphoe inside ``province``.

    Parameters
    ----------
    path, sheet
        CSV or workbook.
    workspace
        Not asked; readers of all layers are called alike.
    constants
        ``year`` and, where the file has names only, ``province``; ``level_order`` set to
        ``1_is_good`` turns the levels 1–3 of a file that counts the other way.

    Raises
    ------
    Problem
        ``layers.fund_columns_missing``, ``layers.area_codes_missing``,
        ``layers.province_needed``, ``layers.column_missing`` (year), ``geo.code_unreadable``,
        ``layers.area_twice``, ``layers.number_unreadable`` with row and column.

    Notes
    -----
    A printed total that is not the sum of its levels, or of its rows, is told of and nothing is
    corrected. An area that cannot be told from its name is set aside.
    """
    del workspace
    given = dict(constants or {})
    known = _known_headers()
    table = open_stacked(path, sheet, known) or read_table(path, sheet, known=known)
    told = _read_long(table, given) if _is_long(table) else _read_printed(table, given)
    if _turned(table, given):
        told = _Cells(_turn(told.rows), told.set_aside, told.notes, told.rows_read)
    rows, notes = _without_totals(told.rows)
    if rows.empty and told.set_aside.empty:
        raise Problem("layers.table_empty", file=table.path, sheet=table.sheet)
    _refuse_repeated(rows, table)
    frame = pl.from_pandas(rows[list(FUND_LEVELS_CONTRACT.names)].reset_index(drop=True))
    return Reading(frame, told.set_aside, (*told.notes, *notes), told.rows_read)


def _known_headers() -> list[str]:
    places = [alias for column in _PLACES for alias in (column.name, *column.aliases)]
    own = [
        alias for column in FUND_LEVELS_CONTRACT.columns for alias in (column.name, *column.aliases)
    ]
    kinds = [word for one in fund_types() for word in (one.th, *one.words)]
    printed = [
        f"{word}_{end}"
        for word in ("osg", "kkj", "maefund")
        for end in ("total", "level1", "level2", "level3", "A", "B", "C")
    ]
    return [*places, *own, *kinds, *printed]


def _is_long(table: TableFile) -> bool:
    """Tell whether a row is one count: the file says of each row its kind and its level."""
    found = find_headers(FUND_LEVELS_CONTRACT.columns, table.headers)
    return {"fund_type", "level", "funds"} <= set(found)


def _read_long(table: TableFile, given: Mapping[str, str]) -> _Cells:
    frame = table.frame.collect().to_pandas()
    heads = find_headers(FUND_LEVELS_CONTRACT.columns, table.headers)
    frame, codes, aside, notes, read_ = _areas_of_rows(table, frame, given)
    years = _years(table, frame, given, heads.get("year"))
    kinds = frame[heads["fund_type"]].map(lambda text: find_fund_type(str(text)))
    strange = frame[kinds.isna()]
    aside = _with_aside(aside, strange, heads["fund_type"], "fund_type_unknown")
    kept = kinds.notna()
    rows = pd.DataFrame(
        {
            ROW: frame[ROW],
            "area_code": codes,
            "fund_type": kinds.astype("string"),
            "level": "",
            "year": years,
            "funds": _counts(table, frame, heads["funds"]),
        }
    )[kept]
    rows["level"] = [
        _level_of(table, row, heads["level"], kind, text)
        for row, kind, text in zip(
            frame.loc[kept, ROW], kinds[kept], frame.loc[kept, heads["level"]], strict=True
        )
    ]
    return _Cells(rows[rows["funds"].notna()], aside, notes, read_)


def _level_of(table: TableFile, row: int, header: str, kind: str, text: str | None) -> str:
    levels = fund_type(kind).levels
    if text is None or str(text).strip() in {*_EMPTY, "nan", "<NA>"}:
        return UNKNOWN
    grade = read_grade(str(text))
    figure, word = read_level(str(text))
    found = grade or str(figure or word or "")
    if found not in levels or (figure is not None and word is not None and figure != word):
        raise Problem(
            "layers.level_unreadable",
            file=table.path,
            sheet=table.sheet,
            row=int(row),
            column=header,
            found=text,
        )
    return found


def _read_printed(table: TableFile, given: Mapping[str, str]) -> _Cells:
    counted = {header: count_header(header) for header in table.headers}
    columns = {header: found for header, found in counted.items() if found is not None}
    if not columns:
        raise Problem(
            "layers.fund_columns_missing",
            file=table.path,
            sheet=table.sheet,
            row=table.header_row or None,
            found=", ".join(table.headers),
        )
    frame = table.frame.collect().to_pandas()
    whole = _total_rows(frame, table)
    heads = find_headers(FUND_LEVELS_CONTRACT.columns, table.headers)
    body, codes, aside, notes, read_ = _areas_of_rows(table, frame, given)
    years = _years(table, body, given, heads.get("year"))
    parts = [
        pd.DataFrame(
            {
                ROW: body[ROW],
                "area_code": codes,
                "fund_type": kind,
                "level": level,
                "year": years,
                "funds": _counts(table, body, header),
            }
        )
        for header, (kind, level) in columns.items()
    ]
    rows = pd.concat(parts, ignore_index=True)
    sums = {header: int(part["funds"].sum()) for header, part in zip(columns, parts, strict=True)}
    told = [
        Note("layers.notes.total_row_differs", {"column": header, "printed": said, "found": found})
        for header, found in sums.items()
        for said in _counts(table, frame[whole], header).dropna().tolist()
        if said != found and aside["row"].nunique() <= int(whole.sum())
    ]
    return _Cells(rows[rows["funds"].notna()], aside, (*notes, *told), read_)


def _total_rows(frame: pd.DataFrame, table: TableFile) -> pd.Series:
    labels = frame[list(table.headers[:3])].astype("string")
    told = pd.Series(data=False, index=frame.index)
    for name in labels:
        told |= labels[name].str.contains(TOTAL_WORDS, regex=True).fillna(value=False).astype(bool)
    return told


def _areas_of_rows(
    table: TableFile, frame: pd.DataFrame, given: Mapping[str, str]
) -> tuple[pd.DataFrame, pd.Series, pd.DataFrame, tuple[Note, ...], int]:
    """Return the rows whose area is known with its code, the rows set aside, notes, rows read."""
    heads = find_headers(_PLACES, table.headers)
    whole = _total_rows(frame, table)
    aside = _with_aside(nothing_set_aside(), frame[whole], table.headers[0], "total_row")
    body = frame[~whole].reset_index(drop=True)
    for name, level in (
        ("place_amphoe_code", Level.AMPHOE),
        ("place_province_code", Level.PROVINCE),
    ):
        if name not in heads or (level is Level.PROVINCE and "place_amphoe" in heads):
            continue
        texts = body[heads[name]]
        codes = read_codes(texts, level)
        if codes.isna().any():
            place = int(codes.isna().to_numpy().argmax())
            raise Problem(
                "geo.code_unreadable",
                file=table.path,
                sheet=table.sheet,
                row=int(body[ROW][place]),
                column=heads[name],
                found=texts[place],
                digits=level.digits,
            )
        return body, codes, aside, (), len(frame)
    if "place_amphoe" not in heads:
        found = ", ".join(table.headers)
        raise Problem("layers.area_codes_missing", file=table.path, found=found)
    names = body[heads["place_amphoe"]].astype("string")
    matched = match_many(names, Level.AMPHOE, _provinces(table, body, heads, given))
    unsure = matched["code"].isna()
    aside = _with_aside(aside, body[unsure], heads["place_amphoe"], "amphoe_unknown")
    notes = [
        Note("layers.notes.amphoe_read_as", {"found": told, "name": found})
        for told, found in zip(names[~unsure], matched.loc[~unsure, "name_th"], strict=True)
        if re.sub(r"^(?:อำเภอ|อ\.|เขต)\s*", "", str(told).strip()) != found
    ]
    kept = body[~unsure].reset_index(drop=True)
    codes = matched.loc[~unsure, "code"].reset_index(drop=True)
    return kept, codes, aside, tuple(notes), len(frame)


def _provinces(
    table: TableFile, body: pd.DataFrame, heads: Mapping[str, str], given: Mapping[str, str]
) -> pd.Series:
    for name in ("place_province_code", "place_province"):
        if name in heads:
            texts = body[heads[name]].astype("string")
            codes = {text: find_province(text) for text in texts.dropna().unique()}
            return texts.map(codes).astype("string")
    told = given.get("province") or given.get("province_code")
    if not told:
        raise Problem("layers.province_needed", file=table.path, sheet=table.sheet)
    return pd.Series(find_province(told), index=body.index, dtype="string")


def _years(
    table: TableFile, body: pd.DataFrame, given: Mapping[str, str], header: str | None
) -> pd.Series:
    if header is None and "year" not in given:
        raise Problem(
            "layers.column_missing",
            file=table.path,
            sheet=table.sheet,
            row=table.header_row or None,
            column="year",
            expected=", ".join(ASSESSED_ALIASES[:5]),
            found=", ".join(table.headers),
        )
    texts = pd.Series(given["year"], index=body.index) if header is None else body[header]
    years = {text: FiscalYear.parse(str(text)).buddhist for text in texts.unique()}
    return texts.map(years).astype("Int64")


def _counts(table: TableFile, frame: pd.DataFrame, header: str) -> pd.Series:
    texts = frame[header].astype("string").str.strip().map(plain_digits, na_action="ignore")
    texts = texts.mask(texts.isin(list(_EMPTY)))
    readable = texts.isna() | texts.str.fullmatch(_COUNT.pattern).fillna(value=True)
    if not readable.all():
        place = int((~readable).to_numpy().argmax())
        raise Problem(
            "layers.number_unreadable",
            file=table.path,
            sheet=table.sheet,
            row=int(frame[ROW].iloc[place]),
            column=header,
            found=texts.iloc[place],
        )
    return pd.to_numeric(texts.str.replace(",", "")).astype("Int64")


def _turned(table: TableFile, given: Mapping[str, str]) -> bool:
    told = given.get(LEVEL_ORDER.name)
    if told is None:
        return False
    order = read_order(told)
    if order is None:
        raise Problem("layers.level_order_unknown", file=table.path, found=told)
    return order == ONE_IS_GOOD


def _turn(rows: pd.DataFrame) -> pd.DataFrame:
    ranked = rows["fund_type"].isin([one.id for one in fund_types() if one.ranked])
    other = {str(level): str(NEEDS_WORK + GOOD - level) for level in (1, 2, 3)}
    return rows.assign(level=rows["level"].mask(ranked, rows["level"].replace(other)))


def _without_totals(rows: pd.DataFrame) -> tuple[pd.DataFrame, tuple[Note, ...]]:
    """Compare each printed total with its levels; funds counted without levels are unknown."""
    totals = rows[rows["level"] == TOTAL]
    parts = rows[rows["level"] != TOTAL]
    key = ["area_code", "fund_type", "year"]
    sums = parts.groupby(key)["funds"].sum().rename("sum").reset_index()
    both = totals.merge(sums, how="left", on=key)
    unlevelled = both[both["sum"].isna()].assign(level=UNKNOWN).drop(columns="sum")
    wrong = both[both["sum"].notna() & (both["sum"] != both["funds"])]
    notes = tuple(
        Note(
            "layers.notes.total_of_levels_differs",
            {
                "area": name_of(str(row["area_code"])),
                "kind": fund_type(str(row["fund_type"])).th,
                "printed": int(str(row["funds"])),
                "found": int(str(row["sum"])),
            },
        )
        for row in wrong.to_dict("records")
    )
    kept = pd.concat([parts, unlevelled], ignore_index=True) if len(unlevelled) else parts
    return kept, notes


def _refuse_repeated(rows: pd.DataFrame, table: TableFile) -> None:
    twice = rows.duplicated(list(FUND_LEVELS_CONTRACT.key))
    if twice.any():
        first = rows[twice].iloc[0]
        raise Problem(
            "layers.area_twice",
            file=table.path,
            sheet=table.sheet,
            row=int(first[ROW]),
            found=first["area_code"],
        )


def _with_aside(aside: pd.DataFrame, rows: pd.DataFrame, header: str, reason: str) -> pd.DataFrame:
    if rows.empty:
        return aside
    more = pd.DataFrame(
        {
            "row": rows[ROW].to_list(),
            "column": header,
            "found": rows[header].to_list(),
            "reason": f"layers.set_aside.{reason}",
        }
    ).astype(nothing_set_aside().dtypes.to_dict())
    return pd.concat([aside, more], ignore_index=True).sort_values("row", ignore_index=True)
