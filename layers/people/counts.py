"""Layers of people as they may leave the office: counts by village, the small ones hidden."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
import polars as pl

from phaenthi.layers.contracts.catalogue import contract_of
from phaenthi.layers.contracts.contract import Contract, Kind
from phaenthi.layers.contracts.poverty import DIMENSIONS
from phaenthi.layers.people.disclosure import hide_small_counts
from phaenthi.layers.people.indicator_sets import failed_numbers
from phaenthi.layers.workspace.folder import Workspace

HOUSEHOLDS = "households"
HIDDEN = "layer_counts_hidden"
# The target poor are a part of the poor: where one is hidden the other is, on every screen.
_TOGETHER = (("poor_households", "target_poor_households"),)


@dataclass(frozen=True)
class PeopleCounts:
    """A layer of people counted by village.

    Attributes
    ----------
    table
        village_code, programme and year as the layer has them, households, the measures
        (``Int64``; missing where hidden) and ``layer_counts_hidden``; sorted by village.
    measures
        The columns of counts that may be hidden.
    hidden
        Which cells are hidden: bool, a column a measure.
    """

    table: pd.DataFrame
    measures: tuple[str, ...]
    hidden: pd.DataFrame


def is_of_people(contract: Contract) -> bool:
    """Tell whether a row of a layer is a household or a person."""
    return any(column.kind is Kind.HOUSEHOLD_ID for column in contract.columns)


def people_by_village(workspace: Workspace, layer: str) -> PeopleCounts:
    """Count the households of a layer of people by village and hide the small counts.

    Each village is counted in the latest year that holds it; lists of a programme's households
    in every year. A measure is hidden where it is 1–4, where all but 1–4 households share it,
    and where either could be worked out from the other villages and the totals above them: see
    ``phaenthi.layers.people.disclosure``. How many households a village has is not hidden.

    Parameters
    ----------
    layer
        A layer with household ids.

    Notes
    -----
    The whole workspace is looked at, so that the answer for a province is the same whether
    others are exported with it or not.
    """
    contract = contract_of(layer)
    year = next(column.name for column in contract.columns if column.kind is Kind.YEAR)
    groups = [c.name for c in contract.columns if c.kind is Kind.TEXT and c.name in contract.key]
    rows = workspace.scan(layer)
    if not groups:
        rows = rows.filter(pl.col(year) == pl.col(year).max().over("village_code"))
    measures = _measures(contract, rows)
    counted = rows.group_by("village_code", *groups, year).agg(
        pl.len().cast(pl.Int64).alias(HOUSEHOLDS),
        *(one.sum().cast(pl.Int64).alias(name) for name, one in measures.items()),
    )
    order = ["village_code", *groups, year]
    counts = counted.sort(order).collect(engine="streaming").to_pandas()
    counts = counts.astype({HOUSEHOLDS: "Int64", **dict.fromkeys(measures, "Int64")})
    counts = counts.astype({"village_code": "string", year: "Int64"})
    # A list of helped households says only how many there are, and that is what may be small.
    names = tuple(measures) or (HOUSEHOLDS,)
    hidden = pd.DataFrame(data=False, index=counts.index, columns=list(names))
    for _, part in counts.groupby(groups) if groups else [((), counts)]:
        hidden.loc[part.index] = _hidden(part, names, whole=HOUSEHOLDS if measures else None)
    for name in names:
        counts[name] = counts[name].mask(hidden[name])
    counts[HIDDEN] = hidden.any(axis=1)
    return PeopleCounts(counts, names, hidden)


def _measures(contract: Contract, rows: pl.LazyFrame) -> dict[str, pl.Expr]:
    """Return what is counted besides the households themselves; unknown is not counted."""
    found = {
        column.name: pl.col(column.name).fill_null(value=False)
        for column in contract.columns
        if column.kind is Kind.YES_NO
    }
    if set(DIMENSIONS) <= set(found):
        poor = pl.any_horizontal(*DIMENSIONS)
        target = poor & pl.col("registered_for_welfare")
        found = {
            "poor_households": poor.fill_null(value=False),
            "target_poor_households": target.fill_null(value=False),
            **found,
        }
    if {"passed", "failed"} <= set(contract.names):
        for number in failed_numbers(rows):
            bit = pl.col("failed").and_(pl.lit(1 << (number - 1))) != 0
            found[f"failed_{number:02d}"] = bit
    return found


def _hidden(part: pd.DataFrame, names: Sequence[str], whole: str | None) -> pd.DataFrame:
    """Return which counts of villages to hide, a column a measure."""
    codes = part["village_code"]
    alone = {}
    for name in names:
        small = _small(codes, part[name])
        # Who is not among them is known as well, because the number of households is.
        alone[name] = small | _small(codes, part[whole] - part[name]) if whole else small
    for first, second in _TOGETHER:
        if first in alone and second in alone:
            between = _small(codes, part[first] - part[second])
            alone[first] = alone[second] = alone[first] | alone[second] | between
    return pd.DataFrame(alone, index=part.index)


def _small(codes: pd.Series, counts: pd.Series) -> pd.Series:
    return hide_small_counts(pd.DataFrame({"code": codes, "count": counts}))["hidden"]
