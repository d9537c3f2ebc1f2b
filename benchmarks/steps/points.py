"""75,000 points → tambon, with the tie rule and what lies outside every polygon."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pandas as pd

from benchmarks.inputs import points_of
from geo.locate import locate

TITLE = "75,000 points → tambon, with tie rule and points outside"
BASELINE = "bare `geopandas.sjoin(predicate='intersects')`: no tie rule, points outside lost"
REPEATS = {"ours": 5, "baseline": 5}
MOST_TIMES = 1.25
LIMIT = "one core: points against edges in GEOS"


@dataclass(frozen=True)
class Inputs:
    """Points and areas."""

    points: gpd.GeoSeries
    areas: gpd.GeoDataFrame


def load(folder: Path, small: bool) -> Inputs:  # noqa: ARG001
    """Read points and areas."""
    return Inputs(points_of(folder), gpd.read_parquet(folder / "tambons.parquet"))


def ours(inputs: Inputs) -> pd.DataFrame:
    """Place the points."""
    return locate(inputs.points, inputs.areas)


def baseline(inputs: Inputs) -> pd.DataFrame:
    """Join points and areas."""
    table = gpd.GeoDataFrame(geometry=inputs.points)
    return gpd.sjoin(table, inputs.areas[["code", "geometry"]], predicate="intersects")


def compared(answer: pd.DataFrame) -> pd.DataFrame:
    """Return the code of each point that lies inside one polygon and not on an edge."""
    table = pd.DataFrame({"point": answer.index.astype(str), "code": answer["code"].to_numpy()})
    if "how" in answer:
        table = table[answer["how"].isin(["inside", "edge"]).to_numpy()]
    return table.sort_values(["point", "code"]).drop_duplicates("point")
