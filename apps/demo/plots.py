"""Plots of โคก หนอง นา made up on the villages of the demo, sound ones and faulty ones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import polars as pl
import shapely
from shapely import affinity

from phaenthi.apps.demo.by_province import by_province, made_up
from phaenthi.apps.demo.spots import make_places
from phaenthi.geo.land.parcels import are_polygons, by_zone
from phaenthi.geo.places.codes import Level, parent_code
from phaenthi.geo.shapes.crs import GEOGRAPHIC, area_square_metres
from phaenthi.layers.contracts.plots import CONTRACT, LOG, PONDS
from phaenthi.layers.contracts.spots import SPOTS_CONTRACT as PLACES
from phaenthi.layers.plots.parameters import land_titles
from phaenthi.layers.plots.states import DECIDED_BY
from phaenthi.layers.plots.village_of_plot import place_plots
from phaenthi.layers.plots.words import RED_FLAGS, SQUARE_METRES_A_RAI, STATUSES
from phaenthi.layers.workspace.folder import Part, Workspace

Booleans = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.float64]

SHARE_OF_VILLAGES, MOST_PLOTS = 0.12, 160
SHARE_PARCELS = 0.65
# What is wrong with some of them, so that every check has something to find.
SHARE_ON_ANOTHER, SHARE_TWICE, SHARE_ELSEWHERE, SHARE_WITHOUT_SHAPE = 0.04, 0.02, 0.05, 0.02
SHARE_PUBLIC_TITLE, SHARE_UNKNOWN, SHARE_RED = 0.2, 0.04, 0.04
SHARE_STATED_WRONG = 0.06
# Rai of a plot: the Department's standard with some beyond it, and Phuket's own small ones.
RAI, RAI_OF_PHUKET, PHUKET = (2.5, 15.5), (0.3, 1.1), "83"
STATUS_SHARES = dict(zip(STATUSES, (0.2, 0.15, 0.1, 0.35, 0.13, 0.07), strict=True))
FIRST_DAY = date(2024, 10, 15)
DAYS_BETWEEN = (14, 50)
_STREAM = 12


@dataclass(frozen=True)
class MadePlots:
    """Plots, their ponds and their record: rows of the layers."""

    plots: pl.DataFrame
    ponds: pl.DataFrame
    log: pl.DataFrame


def put_plots(workspace: Workspace, seed: int) -> None:
    """Put made-up plots and places for the villages of a workspace, as one change.

    A province's rows do not depend on which others there are.
    """
    tambons = workspace.boundaries(Level.TAMBON)
    made, places = [], []
    for province, own, rng in by_province(workspace, seed, _STREAM):
        of_province = parent_code(tambons["code"].astype("string"), Level.PROVINCE) == province
        made.append(make_plots(own, province, rng, tambons[of_province.to_numpy(dtype=bool)]))
        places.append(make_places(own, province, rng))
    if not made:
        return
    source = made_up(seed)
    tables = {
        CONTRACT.name: pl.concat([one.plots for one in made]),
        PONDS.name: pl.concat([one.ponds for one in made]),
        LOG.name: pl.concat([one.log for one in made]),
        PLACES.name: pl.concat(places),
    }
    workspace.put_together([Part(name, table, source) for name, table in tables.items()])


def make_plots(
    villages: pd.DataFrame, province: str, rng: np.random.Generator, tambons: gpd.GeoDataFrame
) -> MadePlots:
    """Make up the plots of one province near its villages.

    Two thirds are parcels, the others points. Some lie on a neighbour's parcel or are listed
    twice, some in another tambon than is stated, some lack a shape, a paper or a judgement;
    some ponds are too near to the boundary; a fifth are on public land.

    Parameters
    ----------
    villages
        village_code, longitude, latitude; those without a position have no plot.
    province
        Province code, 2 digits.
    rng
        Source of chance.
    tambons
        code, geometry: by which the plots are placed.
    """
    known = villages.dropna(subset=["longitude", "latitude"]).reset_index(drop=True)
    count = min(len(known), MOST_PLOTS, max(1, round(SHARE_OF_VILLAGES * len(villages))))
    if not len(known):
        return MadePlots(*(pl.DataFrame(schema=one.stored_types) for one in (CONTRACT, PONDS, LOG)))
    own = known.iloc[np.sort(rng.choice(len(known), count, replace=False))].reset_index(drop=True)
    rai = rng.uniform(*(RAI_OF_PHUKET if province == PHUKET else RAI), count)
    parcels = _parcels(own, rai, rng)
    shapes, twice = _with_faults(parcels, rng)
    stated = own["village_code"].astype("string")
    plots = gpd.GeoDataFrame(
        {
            "plot_id": pd.array([f"{province}-{n:04d}" for n in range(1, count + 1)], "string"),
            "stated_village_code": stated,
            "stated_tambon_code": parent_code(stated, Level.TAMBON),
        },
        geometry=shapes,
        crs=GEOGRAPHIC,
    )
    placed = place_plots(plots, tambons, villages)
    measured = area_square_metres(parcels).to_numpy()
    off = rng.random(count) < SHARE_STATED_WRONG
    area = np.round(
        measured * np.where(off, rng.uniform(0.7, 1.3, count), rng.normal(1, 0.01, count))
    )
    area[rng.random(count) < SHARE_UNKNOWN] = np.nan
    water = _pond_sizes(rai, rng)
    table = pl.DataFrame(
        {
            "plot_id": plots["plot_id"].to_list(),
            "village_code": _texts(placed["village_code"]),
            "tambon_code": _texts(placed["tambon_code"]),
            "stated_village_code": stated.to_list(),
            "stated_tambon_code": _texts(plots["stated_tambon_code"]),
            "owner_tambon_code": _owners(stated, rng),
            "plot_model": ["HLM"] * count,
            "area_square_metres": pl.Series(area, nan_to_null=True),
            **_papers(count, rng),
            **_judgements(count, rng),
            **{name: [share] * count for name, share in _LAND_USE.items()},
            **water,
            **_states(parent_code(stated, Level.AMPHOE), twice, rng),
            "geometry": pl.Series(gpd.GeoSeries(shapes).to_wkb().to_list(), dtype=pl.Binary),
        }
    )
    table = table.select(
        (pl.col(name) if name in table.columns else pl.lit(None).alias(name)).cast(kind)
        for name, kind in CONTRACT.stored_types.items()
    )
    return MadePlots(table, _ponds(plots, table, rng), _log(table, rng))


_LAND_USE = {
    "water_percent": 30.0,
    "rice_percent": 30.0,
    "garden_percent": 30.0,
    "dwelling_percent": 10.0,
}


def _texts(values: pd.Series) -> list[str | None]:
    return [None if pd.isna(value) else str(value) for value in values]


def _parcels(own: pd.DataFrame, rai: Numbers, rng: np.random.Generator) -> gpd.GeoSeries:
    """Return a parcel of so many rai some hundred metres from each village."""
    points = gpd.GeoSeries.from_xy(own["longitude"], own["latitude"], crs=GEOGRAPHIC)
    shapes: list[shapely.Geometry | None] = [None] * len(own)
    long = rng.uniform(1.0, 2.4, len(own))
    turn, away = rng.uniform(0, 180, len(own)), rng.uniform(100, 500, len(own))
    towards, bent = rng.uniform(0, 2 * np.pi, len(own)), rng.random(len(own)) < 0.25
    for places, metres in by_zone(points):
        for place, point in zip(places, metres, strict=True):
            width = float(np.sqrt(rai[place] * SQUARE_METRES_A_RAI * long[place]))
            land: shapely.Geometry = shapely.box(0, 0, width, width / long[place])
            if bent[place]:
                # An L: the corner that is cut off is made up for by growing the rest.
                corner = shapely.box(width * 0.6, width / long[place] / 2, width, width)
                land = shapely.difference(land, corner)
                land = affinity.scale(land, 1.118, 1.118)
            moved = affinity.rotate(land, turn[place])
            east = point.x + away[place] * np.cos(towards[place])
            north = point.y + away[place] * np.sin(towards[place])
            shapes[place] = affinity.translate(moved, east, north)
        back = gpd.GeoSeries([shapes[place] for place in places], crs=metres.crs).to_crs(GEOGRAPHIC)
        for place, shape in zip(places, back, strict=True):
            shapes[place] = shapely.set_precision(shape, 1e-7)
    return gpd.GeoSeries(shapes, crs=GEOGRAPHIC)


def _with_faults(
    parcels: gpd.GeoSeries, rng: np.random.Generator
) -> tuple[gpd.GeoSeries, Booleans]:
    """Return parcels and points, some of them wrong, and which are listed twice."""
    count = len(parcels)
    shapes = list(parcels)
    chance = rng.random((4, count))
    later = np.arange(count) > 0
    on_another = later & (chance[0] < SHARE_ON_ANOTHER)
    twice = later & ~on_another & (chance[1] < SHARE_TWICE)
    elsewhere = (chance[2] < SHARE_ELSEWHERE) & ~twice & ~on_another
    for place in np.flatnonzero(elsewhere):
        shapes[place] = affinity.translate(shapes[place], 0.05, 0.03)
    for place in np.flatnonzero(on_another):
        size = shapely.bounds(shapes[place - 1])
        shapes[place] = affinity.translate(shapes[place - 1], (size[2] - size[0]) * 0.6, 0)
    for place in np.flatnonzero(twice):
        shapes[place] = shapes[place - 1]
    points = (rng.random(count) >= SHARE_PARCELS) & ~twice & ~on_another
    missing = (chance[3] < SHARE_WITHOUT_SHAPE) & ~twice
    made = [
        None if missing[place] else shapely.centroid(shape) if points[place] else shape
        for place, shape in enumerate(shapes)
    ]
    return gpd.GeoSeries(made, crs=GEOGRAPHIC), np.asarray(twice, dtype=bool)


def _answers(
    count: int, share_yes: float, rng: np.random.Generator, share_unknown: float = SHARE_UNKNOWN
) -> list[bool | None]:
    yes, unknown = rng.random(count) < share_yes, rng.random(count) < share_unknown
    return [None if lost else bool(one) for one, lost in zip(yes, unknown, strict=True)]


def _owners(stated: pd.Series, rng: np.random.Generator) -> list[str | None]:
    """Return where the owners live: most in the plot's tambon, some in another of the province."""
    tambons = parent_code(stated, Level.TAMBON).to_numpy(dtype=object)
    others = rng.choice(tambons, len(tambons))
    away = rng.random(len(tambons)) < 0.2
    return [str(code) for code in np.where(away, others, tambons)]


def _papers(count: int, rng: np.random.Generator) -> dict[str, list[object]]:
    public = [title.id for title in land_titles().titles if title.permission]
    title = np.where(rng.random(count) < SHARE_PUBLIC_TITLE, rng.choice(public, count), "private")
    lost = rng.random(count) < SHARE_UNKNOWN
    given = rng.random(count) < 0.5
    of_public = title != "private"
    permission = [bool(yes) if asks else None for yes, asks in zip(given, of_public, strict=True)]
    return {
        "title_type": [None if gone else str(one) for one, gone in zip(title, lost, strict=True)],
        "agency_permission": list(permission),
        "owner_consent": list(_answers(count, 0.97, rng)),
        "documents_complete": list(_answers(count, 0.93, rng)),
    }


def _judgements(count: int, rng: np.random.Generator) -> dict[str, list[object]]:
    visited = rng.random(count) > 2 * SHARE_UNKNOWN
    days = rng.integers(0, 120, count)
    judged: dict[str, list[object]] = {
        name: [
            answer if seen else None
            for answer, seen in zip(_answers(count, SHARE_RED, rng, 0.005), visited, strict=True)
        ]
        for name in RED_FLAGS
    }
    judged["judged_by"] = ["amphoe_office" if seen else None for seen in visited]
    judged["judged_on"] = [
        (FIRST_DAY + timedelta(days=int(day))).isoformat() if seen else None
        for day, seen in zip(days, visited, strict=True)
    ]
    return judged


def _pond_sizes(rai: Numbers, rng: np.random.Generator) -> dict[str, pl.Series]:
    count = len(rai)
    side = np.sqrt(rai * SQUARE_METRES_A_RAI * rng.uniform(0.15, 0.36, count))
    depth = np.clip(np.round(rng.normal(3.4, 0.9, count), 1), 1.5, 6.0)
    depth[rng.random(count) < SHARE_UNKNOWN] = np.nan
    setback = np.round(rng.uniform(2, 16, count), 1)
    setback[rng.random(count) < SHARE_UNKNOWN] = np.nan
    numbers = {
        "pond_depth_metres": depth,
        "pond_width_metres": np.round(side * 0.8, 1),
        "pond_length_metres": np.round(side * 1.25, 1),
        "pond_side_slope": rng.choice([1.0, 1.5, np.nan], count, p=[0.4, 0.4, 0.2]),
        "pond_setback_metres": setback,
    }
    made = {name: pl.Series(values, nan_to_null=True) for name, values in numbers.items()}
    return made | {"engineer_certified": pl.Series(rng.random(count) < 0.05)}


def _states(
    amphoe: pd.Series, twice: Booleans, rng: np.random.Generator
) -> dict[str, list[object]]:
    """Return states, and the reserve's places in each amphoe; who is listed twice has applied."""
    drawn = rng.choice(list(STATUS_SHARES), len(amphoe), p=list(STATUS_SHARES.values()))
    status = pd.Series(np.where(twice, "applied", drawn), dtype="string")
    reserve = status == "reserve"
    place = reserve.groupby(amphoe.to_numpy()).cumsum()
    return {
        "status": status.to_list(),
        "reserve_place": [int(n) if of else None for n, of in zip(place, reserve, strict=True)],
    }


def _ponds(plots: gpd.GeoDataFrame, table: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """Return a pond drawn in the middle of most parcels, in some too near to the boundary."""
    shapes = gpd.GeoSeries(plots.geometry)
    drawn = are_polygons(shapes) & (rng.random(len(plots)) < 0.7)
    aside = np.where(rng.random(len(plots)) < 0.1, 0.92, 0.0)
    size = rng.uniform(0.4, 0.6, len(plots))
    depth, slope = table["pond_depth_metres"], table["pond_side_slope"]
    rows = [
        {
            "pond_id": f"{plot_id}-1",
            "plot_id": str(plot_id),
            "pond_depth_metres": depth[place],
            "pond_side_slope": slope[place],
            "geometry": shapely.to_wkb(_shrunk(shapes.iloc[place], size[place], aside[place])),
        }
        for place, plot_id in enumerate(plots["plot_id"])
        if drawn[place]
    ]
    return pl.DataFrame(rows, schema=PONDS.stored_types)


def _shrunk(shape: shapely.Geometry, size: float, aside: float) -> shapely.Geometry:
    """Return a parcel made smaller about its middle, or about a spot towards its first corner."""
    middle = shapely.get_coordinates(shapely.centroid(shape))[0]
    corner = shapely.get_coordinates(shape)[0]
    x, y = middle + aside * (corner - middle)
    return affinity.scale(shape, size, size, origin=(float(x), float(y)))


def _log(plots: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """Return how each plot came to its state."""
    ways = {
        "amphoe_checked": ("amphoe_checked",),
        "province_checked": ("amphoe_checked", "province_checked"),
        "selected": ("amphoe_checked", "province_checked", "selected"),
        "reserve": ("amphoe_checked", "province_checked", "reserve"),
        "withdrawn": ("amphoe_checked", "withdrawn"),
    }
    rows = []
    for plot_id, status in plots.select("plot_id", "status").iter_rows():
        day = FIRST_DAY
        for step, state in enumerate(ways.get(status, ()), 1):
            day += timedelta(days=int(rng.integers(*DAYS_BETWEEN)))
            rows.append(
                {
                    "plot_id": plot_id,
                    "step": step,
                    "status": state,
                    "decided_on": day.isoformat(),
                    "decided_by": DECIDED_BY[state][0],
                    "reason": "owner_withdrew" if state == "withdrawn" else None,
                    "replaces": None,
                }
            )
    return pl.DataFrame(rows, schema=LOG.stored_types)
