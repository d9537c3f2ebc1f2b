"""What the values of a column look like, where its header does not say what it is."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from phaenthi.geo.places.codes import Level, read_codes_expr
from phaenthi.layers.contracts.contract import Column
from phaenthi.layers.registers.cells import said
from phaenthi.layers.registers.reading import may_be_personal
from phaenthi.layers.tables.fiscal_year import FIRST_YEAR, LAST_YEAR
from phaenthi.layers.tables.table_file import BEYOND, ROW

SAMPLES_SHOWN = 3
_MOST = 0.9
_YEARS = ("fiscal_year", "survey_year", "register_year")


def guess_by_values(head: pl.DataFrame, wanted: tuple[Column, ...]) -> dict[str, str]:
    """Return columns told by the values of the first rows: codes, years, names of villages.

    Parameters
    ----------
    head
        First rows, all as text.
    wanted
        The columns looked for.

    Returns
    -------
    dict
        Column → header; only where nine of ten filled cells are of the kind and no other
        column of the file is.
    """
    names = {column.name for column in wanted}
    tests = {
        "village_code": read_codes_expr("cell", Level.VILLAGE).is_not_null(),
        "place_tambon_code": read_codes_expr("cell", Level.TAMBON).is_not_null(),
        "place_name": pl.col("cell").str.contains(r"^(?:บ้าน|บ\.)"),
        "place_tambon": pl.col("cell").str.contains(r"^(?:ตำบล|ต\.)"),
        "place_amphoe": pl.col("cell").str.contains(r"^(?:อำเภอ|อ\.)"),
        "place_province": pl.col("cell").str.contains(r"^(?:จังหวัด|จ\.)"),
        **{year: _is_year() for year in _YEARS},
    }
    headers = [name for name in head.columns if name != ROW and not name.startswith(BEYOND)]
    found: dict[str, str] = {}
    for name, test in tests.items():
        if name not in names:
            continue
        fitting = [header for header in headers if _fits(head, header, test)]
        if len(fitting) == 1 and fitting[0] not in found.values():
            found[name] = fitting[0]
    return found


def _is_year() -> pl.Expr:
    number = pl.col("cell").str.extract(r"^(?:พ\.?ศ\.?\s*)?(2\d{3})$").cast(pl.Int32, strict=False)
    return number.is_between(FIRST_YEAR, LAST_YEAR).fill_null(value=False)


def _fits(head: pl.DataFrame, header: str, test: pl.Expr) -> bool:
    cells = head.select(said(pl.col(header)).alias("cell")).drop_nulls()
    if cells.is_empty():
        return False
    share = cells.select(test.fill_null(value=False).mean()).item()
    return bool(share >= _MOST)


def samples_of(
    head: pl.DataFrame,
    header: str,
    wanted: tuple[Column, ...],
    found: Mapping[str, tuple[str, str]],
) -> str:
    """Return a few different values of a column; nothing of one that may be about a person."""
    columns = {column.name: column for column in wanted}
    known = columns.get(found.get(header, ("", ""))[0])
    # What nobody knows may hold anything, a person's number included.
    private = known is None or known.personal or may_be_personal(header)
    if private:
        return ""
    values = head[header].drop_nulls().unique(maintain_order=True).head(SAMPLES_SHOWN)
    return ", ".join(values.to_list())
