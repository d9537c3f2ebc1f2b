"""A small office with plots: two tambons on either side of an edge, villages, a few parcels."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
import polars as pl
import shapely
from shapely import affinity

from phaenthi.geo.shapes.crs import GEOGRAPHIC, UTM_47_NORTH, UTM_48_NORTH
from phaenthi.layers.contracts.plots import CONTRACT
from phaenthi.layers.contracts.provenance import Provenance
from phaenthi.layers.workspace.folder import Workspace
from tests.layers.office import made_up_source

# Two tambons of amphoe 4601 side by side, an island of Phuket, and one of Loei across 102° E.
TAMBONS = gpd.GeoDataFrame(
    {
        "code": ["420101", "460102", "460103", "830101"],
        "name_th": ["เลย", "หนึ่ง", "สอง", "เกาะ"],
        "name_en": ["Loei", "One", "Two", "Island"],
    },
    geometry=[
        shapely.box(101.9, 17.0, 102.1, 17.2),
        shapely.box(103.4, 16.4, 103.5, 16.5),
        shapely.box(103.5, 16.4, 103.6, 16.5),
        shapely.box(98.3, 7.8, 98.4, 7.9),
    ],
    crs=GEOGRAPHIC,
)
VILLAGES = pd.DataFrame(
    {
        "village_code": ["42010101", "46010201", "46010202", "46010203", "46010301", "83010101"],
        "name_th": [f"บ้าน {number}" for number in range(6)],
        "longitude": [102.0, 103.42, 103.48, None, 103.55, 98.35],
        "latitude": [17.1, 16.45, 16.45, None, 16.45, 7.85],
    }
)
ZONES = {"47": UTM_47_NORTH, "48": UTM_48_NORTH}


def open_plot_office(folder: Path) -> Workspace:
    """Make a workspace with the tambons and villages."""
    workspace = Workspace.create(folder / "workspace", salt="for tests")
    workspace.put("boundaries_tambon", TAMBONS, source())
    workspace.put("villages", VILLAGES, source())
    return workspace


def source() -> Provenance:
    """Return a provenance for rows made here."""
    return made_up_source()


def parcel(x: float, y: float, width: float, height: float, zone: str = "48") -> shapely.Geometry:
    """Return a rectangle of so many metres whose lower left corner is a place in degrees."""
    corner = gpd.GeoSeries([shapely.Point(x, y)], crs=GEOGRAPHIC).to_crs(ZONES[zone]).iloc[0]
    flat = affinity.translate(shapely.box(0, 0, width, height), corner.x, corner.y)
    return gpd.GeoSeries([flat], crs=ZONES[zone]).to_crs(GEOGRAPHIC).iloc[0]


SOUND = {
    "stated_village_code": "46010201",
    "stated_tambon_code": "460102",
    "title_type": "private",
    "owner_consent": True,
    "documents_complete": True,
    "steep": False,
    "basin_or_flow_path": False,
    "boulders": False,
    "near_waste": False,
    "valley": False,
    "many_large_trees": False,
    "remote": False,
    "judged_by": "amphoe_office",
    "judged_on": "2025-03-19",
    "water_percent": 30.0,
    "rice_percent": 30.0,
    "garden_percent": 30.0,
    "dwelling_percent": 10.0,
    "area_square_metres": 8000.0,
    "pond_depth_metres": 3.0,
    "pond_width_metres": 40.0,
    "pond_length_metres": 40.0,
    "pond_side_slope": 1.0,
    "pond_setback_metres": 10.0,
    "engineer_certified": False,
    "status": "applied",
}
"""What a plot is that nothing is wrong with, but for its id and shape (100 × 80 metres)."""


def plots_table(*rows: dict[str, object]) -> gpd.GeoDataFrame:
    """Return rows of the layer as a workspace gives them: ``SOUND`` with what each row says."""
    filled = [{**SOUND, **row} for row in rows]
    shapes = gpd.GeoSeries([row.pop("geometry", None) for row in filled], crs=GEOGRAPHIC)
    columns = {
        name: pl.Series(name, [row.get(name) for row in filled], dtype=kind)
        for name, kind in CONTRACT.stored_types.items()
        if name != "geometry"
    }
    kinds = {
        pl.String(): "string",
        pl.Float64(): "Float64",
        pl.Boolean(): "boolean",
        pl.Int64(): "Int64",
    }
    table = pd.DataFrame(
        {
            name: pd.Series(values.to_list(), dtype=kinds[values.dtype])
            for name, values in columns.items()
        }
    )
    return gpd.GeoDataFrame(table, geometry=shapes.to_numpy(), crs=GEOGRAPHIC)
