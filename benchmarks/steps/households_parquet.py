"""Household Parquet, 13 million rows → village, tambon, amphoe and province tables."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from benchmarks.steps.households_csv import compared, grouped
from phaenthi.layers.imports.file_totals import FileTotals, totals_of_file

__all__ = ["baseline", "compared", "load", "ours"]
TITLE = "the same from Parquet"
BASELINE = "pandas `read_parquet` of the columns needed, the same `groupby`"
REPEATS = {"ours": 5, "baseline": 3}
LEAST_RATIO, MOST_MEGABYTES = 4.0, 700
LIMIT = "memory bandwidth: grouping texts of codes"


def load(folder: Path, small: bool) -> Path:  # noqa: ARG001
    """Return the file."""
    return folder / "households.parquet"


def ours(path: Path) -> FileTotals:
    """Count the file."""
    return totals_of_file(path)


def baseline(path: Path) -> dict[int, pd.DataFrame]:
    """Read the columns that are needed and group four times."""
    columns = ["village_code", "survey_year", "income_per_person", "members"]
    return grouped(pd.read_parquet(path, columns=columns))
