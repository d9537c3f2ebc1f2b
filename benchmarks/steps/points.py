"""75,000 points → tambon, with the tie rule and what lies outside every polygon."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from benchmarks.inputs import SEED, points_of
from phaenthi.geo.places.locate import locate

TITLE = "75,000 points → tambon, with tie rule and points outside"
BASELINE = "bare `geopandas.sjoin(predicate='intersects')`: no tie rule, points outside lost"
REPEATS = {"ours": 5, "baseline": 5}
MOST_TIMES = 1.25
LIMIT = "one core: points against edges in GEOS; beside it the tie rule and the nearest area"
STEP_DEGREES = 0.01


@dataclass(frozen=True)
class Inputs:
    """Points and areas."""

    points: gpd.GeoSeries
    areas: gpd.GeoDataFrame


def load(folder: Path, small: bool) -> Inputs:  # noqa: ARG001
    """Read points and areas; a hundredth each lie on corners, just outside, and far outside."""
    points, areas = points_of(folder), gpd.read_parquet(folder / "tambons.parquet")
    rng = np.random.default_rng(SEED)
    some = len(points) // 100
    corners = shapely.get_coordinates(areas.geometry.to_numpy())
    country = shapely.coverage_union_all(areas.geometry.to_numpy())
    beside, far = (
        shapely.get_coordinates(shapely.segmentize(shapely.buffer(country, degrees), STEP_DEGREES))
        for degrees in (0.002, 0.05)
    )
    moved = shapely.points(np.vstack([rng.choice(part, some) for part in (corners, beside, far)]))
    return Inputs(gpd.GeoSeries([*moved, *points[3 * some :]], points.index, points.crs), areas)


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
