"""Household CSV, 13 million rows → village, tambon, amphoe and province tables."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from benchmarks.inputs import HEADERS
from phaenthi.layers.imports.file_totals import COUNTS, FileTotals, totals_of_file

TITLE = "household CSV, 13 million rows → tables of four levels"
BASELINE = "pandas `read_csv` with typed columns, `groupby` by the beginnings of the code"
REPEATS = {"ours": 5, "baseline": 3}
LEAST_RATIO, MOST_MEGABYTES = 5.0, 1_000
LIMIT = "reading the file: splitting its cells"


def load(folder: Path, small: bool) -> Path:  # noqa: ARG001
    """Return the file."""
    return folder / "households.csv"


def ours(path: Path) -> FileTotals:
    """Count the file."""
    return totals_of_file(path)


def baseline(path: Path) -> dict[int, pd.DataFrame]:
    """Read the columns that are needed, with their types, and group four times."""
    names = {HEADERS[name]: name for name in ("village_code", "survey_year")}
    names |= {HEADERS[name]: name for name in ("income_per_person", "members")}
    table = pd.read_csv(
        path,
        usecols=list(names),
        dtype={HEADERS["village_code"]: str, HEADERS["survey_year"]: "int16"},
    ).rename(columns=names)
    return grouped(table)


def grouped(table: pd.DataFrame) -> dict[int, pd.DataFrame]:
    """Count households by the first digits of the code; the file holds one year."""
    return {
        digits: table.groupby(table["village_code"].str[:digits])
        .agg(
            households=("survey_year", "size"),
            members=("members", "sum"),
            members_known=("members", "count"),
            households_income_known=("income_per_person", "count"),
        )
        .reset_index()
        for digits in (8, 6, 4, 2)
    }


def compared(answer: FileTotals | dict[int, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Return code and counts of each level in one shape."""
    if isinstance(answer, FileTotals):
        by_digits = {level.digits: table for level, table in answer.tables.items()}
    else:
        by_digits = dict(answer)
    tables = {}
    for digits, table in by_digits.items():
        code = "code" if "code" in table else "village_code"
        plain = table[[code, *COUNTS]].fillna(0).astype(dict.fromkeys(COUNTS, "int64"))
        tables[str(digits)] = plain.rename(columns={code: "code"}).sort_values("code")
    return tables
