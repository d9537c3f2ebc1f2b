"""Plots counted by village, tambon, amphoe and province: states, land, water."""

from __future__ import annotations

import pandas as pd
import polars as pl

from phaenthi.geo.land.pond import box_volume
from phaenthi.geo.places.codes import Level, parent_code
from phaenthi.layers.plots.checks import numbers_of
from phaenthi.layers.plots.parameters import plot_parameters
from phaenthi.layers.plots.words import SQUARE_METRES_A_RAI, STATUSES

COLUMNS = (
    *("plots", *(f"plots_{status}" for status in STATUSES), "plots_status_unknown"),
    *("land_rai", "land_unknown", "pond_cubic_metres", "ponds_unknown"),
)


def summary(plots: pd.DataFrame, level: Level) -> pd.DataFrame:
    """Count plots by the area that they lie in.

    Parameters
    ----------
    plots
        tambon_code and village_code (of the plot's place), status, and land and water as
        :func:`phaenthi.layers.plots.checks.measure_plots` gives them (land_square_metres,
        pond_cubic_metres); from rows of the layer alone the stated area and the pond's own
        columns are taken.
    level
        Village, tambon, amphoe or province. A plot of which the tambon alone is known counts
        in every level but the village.

    Returns
    -------
    pandas.DataFrame
        code; plots; plots_<status> for each state, plots_status_unknown; land_rai and
        pond_cubic_metres (sums of what is known, missing where nothing is), land_unknown and
        ponds_unknown (plots of which it is not). Sorted by code; plots without a place are in
        no row.
    """
    if level is Level.VILLAGE:
        code = plots["village_code"].astype("string")
    else:
        code = parent_code(plots["tambon_code"].astype("string"), level)
    status = plots["status"].astype("string")
    land, water = _land(plots) / SQUARE_METRES_A_RAI, _water(plots)
    counts: dict[str, pd.Series] = {
        f"plots_{one}": (status == one).fillna(value=False).astype("int64") for one in STATUSES
    }
    table = pd.DataFrame(
        {
            "plots": pd.Series(1, index=plots.index),
            **counts,
            "plots_status_unknown": status.isna().astype("int64"),
            "land_rai": land,
            "land_unknown": land.isna().astype("int64"),
            "pond_cubic_metres": water,
            "ponds_unknown": water.isna().astype("int64"),
        }
    )
    placed = code.notna()
    summed = table[placed].groupby(code[placed].to_numpy(), sort=True).sum(min_count=1)
    summed.index.name = "code"
    return summed.reset_index().astype({"code": "string"})[["code", *COLUMNS]]


def _land(plots: pd.DataFrame) -> pd.Series:
    name = "land_square_metres" if "land_square_metres" in plots else "area_square_metres"
    return plots[name].astype("Float64")


def _water(plots: pd.DataFrame) -> pd.Series:
    if "pond_cubic_metres" in plots:
        return plots["pond_cubic_metres"].astype("Float64")
    slope = plots["pond_side_slope"].fillna(plot_parameters().water.side_slope.value)
    width, length, depth, sides = (
        numbers_of(values)
        for values in (
            plots["pond_width_metres"],
            plots["pond_length_metres"],
            plots["pond_depth_metres"],
            slope,
        )
    )
    volume = pd.Series(box_volume(width, length, depth, sides), index=plots.index)
    volume = volume.astype("Float64")
    return volume.mask(volume.isna())


def summary_by_village(plots: pl.DataFrame) -> pl.DataFrame:
    """Return the summary of the layer's rows by village: village_code and ``COLUMNS``."""
    made = summary(plots.drop("geometry", strict=False).to_pandas(), Level.VILLAGE)
    return pl.from_pandas(made.rename(columns={"code": "village_code"}))
