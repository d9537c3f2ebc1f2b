"""What can be measured of plots: place, land, overlaps, setback, water; facts and no verdicts."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from phaenthi.geo.land.overlaps import find_near_points, find_overlaps, find_points_in_parcels
from phaenthi.geo.land.parcels import are_polygons, by_zone, setback_metres
from phaenthi.geo.land.pond import box_volume, depth_reached, shape_volumes
from phaenthi.geo.places.codes import Level, parent_code
from phaenthi.geo.shapes.crs import GEOGRAPHIC, area_square_metres
from phaenthi.layers.plots.parameters import PlotParameters, WaterParameters, plot_parameters
from phaenthi.layers.plots.village_of_plot import place_plots
from phaenthi.layers.plots.words import SQUARE_METRES_A_RAI

Numbers = npt.NDArray[np.float64]

_OTHERS_NAMED = 3
_POND_COLUMNS = (
    *("pond_id", "plot_id", "pond_depth", "metres_to_others_land", "setback_how"),
    *("top_square_metres", "depth_reached", "volume_cubic_metres"),
)


@dataclass(frozen=True)
class PlotFacts:
    """What was measured.

    Attributes
    ----------
    plots
        Index and columns of the plots given, and beside them:

        - tambon_code, village_code (of the plot's place) and the other columns of
          :func:`phaenthi.layers.plots.village_of_plot.place_plots`; amphoe_code, province_code;
        - measured_square_metres (of polygons), land_square_metres (measured, else stated),
          area_differs_percent (of the stated area);
        - overlap_percent (of its land, claimed by others: the sum, at most 100), overlap_with
          (ids of others, the largest share first), same_as (id of the plot that it repeats,
          the first of several), near_plot and
          near_metres (the nearest point of another plot inside the limit; 0 where the point
          lies in another's parcel);
        - pond_square_metres, pond_cubic_metres (all ponds), rain_cubic_metres (a year),
          evaporation_cubic_metres, use_cubic_metres, water_left_cubic_metres (negative where
          it does not last).

        What cannot be known is missing.
    ponds
        A row a pond, at least one a plot: pond_id (missing where the plot's own columns are all
        that is known), plot_id, pond_depth (metres), metres_to_others_land, setback_how
        (``measured`` from the shapes, ``stated``), top_square_metres, depth_reached (metres),
        volume_cubic_metres.
    """

    plots: gpd.GeoDataFrame
    ponds: pd.DataFrame


def measure_plots(
    plots: gpd.GeoDataFrame,
    tambons: gpd.GeoDataFrame,
    villages: pd.DataFrame,
    ponds: gpd.GeoDataFrame | None = None,
    parameters: PlotParameters | None = None,
) -> PlotFacts:
    """Measure plots.

    Parameters
    ----------
    plots
        Rows of the layer ``plots``; every plot that an overlap is to be looked for with.
    tambons
        code, geometry.
    villages
        village_code, longitude, latitude.
    ponds
        Rows of the layer ``plot_ponds``.
    parameters
        Those that came with the program unless given.
    """
    wanted = parameters or plot_parameters()
    table = plots.reset_index(drop=True)
    placed = place_plots(table, tambons, villages)
    codes = placed["tambon_code"]
    facts = table.drop(columns=["tambon_code", "village_code"], errors="ignore")
    facts = facts.join(placed).assign(
        amphoe_code=parent_code(codes, Level.AMPHOE),
        province_code=parent_code(codes, Level.PROVINCE),
    )
    facts = _with_areas(facts)
    facts = _with_conflicts(facts, wanted)
    measured = _ponds(facts, ponds, wanted.water)
    facts = _with_water(facts, measured, wanted)
    facts.index = plots.index
    return PlotFacts(facts, measured)


def _with_areas(plots: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    shapes = gpd.GeoSeries(plots.geometry)
    polygon = are_polygons(shapes)
    measured = pd.Series(pd.NA, index=plots.index, dtype="Float64")
    measured[polygon] = area_square_metres(shapes[polygon]).to_numpy()
    stated = plots["area_square_metres"].astype("Float64")
    differs = (measured - stated).abs() / stated * 100
    return plots.assign(
        measured_square_metres=measured,
        land_square_metres=measured.fillna(stated),
        area_differs_percent=differs,
    )


def _with_conflicts(plots: gpd.GeoDataFrame, parameters: PlotParameters) -> gpd.GeoDataFrame:
    """Return the plots with whom they share land, whom they repeat and whom they are near."""
    # A plot that dropped out claims no land any more.
    gone = (plots["status"] == "withdrawn").fillna(value=False).astype(bool)
    shapes = gpd.GeoSeries(plots.geometry).mask(gone)
    pairs = find_overlaps(shapes)
    same_share = parameters.limit("same-plot") / 100
    both = pairs[["share_of_first", "share_of_second"]].min(axis=1)
    alike = pairs[both >= same_share][["first", "second"]]
    points = find_near_points(shapes, parameters.limit("near-points"))
    written_alike = points[points["distance_metres"] < 1.0][["first", "second"]]
    same = pd.concat([alike, written_alike])
    # A pair that is one plot twice is told as that and not as an overlap besides.
    sharing = _both_ways(pairs[both < same_share], "share_of_first", "share_of_second")
    inside = find_points_in_parcels(shapes).rename(columns={"point": "one", "parcel": "other"})
    near = pd.concat(
        [
            _both_ways(points[points["distance_metres"] >= 1.0], *["distance_metres"] * 2),
            inside.assign(value=0.0),
        ]
    ).sort_values(["one", "value", "other"])
    near = near.drop_duplicates("one").set_index("one")
    again = _both_ways(same.assign(value=0.0), "value", "value").sort_values(["one", "other"])
    again = again.drop_duplicates("one").set_index("one")
    ids = plots["plot_id"].astype("string")
    share, others = _shares(sharing, ids)
    no_shape = (shapes.isna() | shapes.is_empty).to_numpy()
    polygon = are_polygons(shapes)
    return plots.assign(
        overlap_percent=share.reindex(plots.index).fillna(0.0).mask(~polygon),
        overlap_with=others.reindex(plots.index),
        same_as=ids.reindex(again["other"].reindex(plots.index)).array,
        near_plot=ids.reindex(near["other"].reindex(plots.index)).array,
        near_metres=near["value"].reindex(plots.index).astype("Float64").mask(no_shape),
    )


def _both_ways(pairs: pd.DataFrame, of_first: str, of_second: str) -> pd.DataFrame:
    """Return one, other and value of every pair, seen from either plot."""
    ways = [
        pd.DataFrame({"one": pairs[one], "other": pairs[other], "value": pairs[value]})
        for one, other, value in (("first", "second", of_first), ("second", "first", of_second))
    ]
    return pd.concat(ways, ignore_index=True)


def _shares(sharing: pd.DataFrame, ids: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Return by plot the percent of its land that others claim, and the ids of the first three."""
    ordered = sharing.sort_values(["one", "value", "other"], ascending=[True, False, True])
    percent = (ordered.groupby("one")["value"].sum() * 100).clip(upper=100.0).astype("Float64")
    first = ordered.groupby("one").head(_OTHERS_NAMED)
    named = ids.reindex(first["other"]).groupby(first["one"].to_numpy()).agg(", ".join)
    return percent, named.astype("string")


def numbers_of(values: pd.Series) -> Numbers:
    """Return a column as floats, NaN where it is missing."""
    return np.asarray(values.astype("Float64").to_numpy(dtype=float, na_value=np.nan), np.float64)


def _ponds(
    plots: gpd.GeoDataFrame, ponds: gpd.GeoDataFrame | None, water: WaterParameters
) -> pd.DataFrame:
    tables = []
    drawn = np.zeros(len(plots), dtype=bool)
    if ponds is not None and len(ponds):
        here = ponds[ponds["plot_id"].isin(plots["plot_id"])].reset_index(drop=True)
        drawn = plots["plot_id"].isin(here["plot_id"]).to_numpy(dtype=bool)
        tables.append(_drawn_ponds(plots, here, water))
    tables.append(_stated_ponds(plots[~drawn], water))
    filled = [table for table in tables if len(table)] or tables[-1:]
    made = pd.concat(filled, ignore_index=True)
    return made.sort_values(["plot_id", "pond_id"], ignore_index=True)


def _drawn_ponds(
    plots: gpd.GeoDataFrame, ponds: gpd.GeoDataFrame, water: WaterParameters
) -> pd.DataFrame:
    own = plots.set_index("plot_id").loc[ponds["plot_id"]]
    lands = gpd.GeoSeries(own.geometry.to_numpy(), crs=GEOGRAPHIC)
    rims = gpd.GeoSeries(ponds.geometry).reset_index(drop=True)
    # To the centimetre: what is judged is what is told.
    measured = setback_metres(rims, lands).round(2)
    stated = own["pond_setback_metres"].astype("Float64").reset_index(drop=True)
    depth = ponds["pond_depth_metres"].astype("Float64")
    depth = depth.fillna(own["pond_depth_metres"].astype("Float64").reset_index(drop=True))
    slope = ponds["pond_side_slope"].astype("Float64")
    slope = slope.fillna(own["pond_side_slope"].astype("Float64").reset_index(drop=True))
    slope = slope.fillna(water.side_slope.value)
    volume, reached, top = (np.full(len(rims), np.nan) for _ in range(3))
    for places, metres in by_zone(rims):
        top[places] = metres.area
        volume[places], reached[places] = shape_volumes(
            metres.to_numpy(), numbers_of(depth)[places], numbers_of(slope)[places]
        )
    how = pd.Series("measured", index=rims.index, dtype="string")
    how = how.mask(measured.isna(), "stated").mask(measured.isna() & stated.isna())
    return _pond_table(
        ponds["pond_id"],
        ponds["plot_id"],
        depth,
        measured.fillna(stated),
        how,
        top,
        reached,
        volume,
    )


def _stated_ponds(plots: gpd.GeoDataFrame, water: WaterParameters) -> pd.DataFrame:
    width, length = numbers_of(plots["pond_width_metres"]), numbers_of(plots["pond_length_metres"])
    depth = numbers_of(plots["pond_depth_metres"])
    slope = numbers_of(plots["pond_side_slope"].astype("Float64").fillna(water.side_slope.value))
    setback = plots["pond_setback_metres"].astype("Float64")
    how = pd.Series("stated", index=plots.index, dtype="string").mask(setback.isna())
    return _pond_table(
        pd.Series(pd.NA, index=plots.index, dtype="string"),
        plots["plot_id"],
        plots["pond_depth_metres"],
        setback,
        how,
        width * length,
        depth_reached(width, length, depth, slope),
        box_volume(width, length, depth, slope),
    )


def _pond_table(*columns: pd.Series | Numbers) -> pd.DataFrame:
    kinds = ("string", "string", "Float64", "Float64", "string", "Float64", "Float64", "Float64")
    made: dict[str, pd.Series] = {}
    for name, kind, values in zip(_POND_COLUMNS, kinds, columns, strict=True):
        series = pd.Series(values).reset_index(drop=True)
        made[name] = series.astype("string" if kind == "string" else "Float64")
    return pd.DataFrame(made)


def _with_water(
    plots: gpd.GeoDataFrame, ponds: pd.DataFrame, parameters: PlotParameters
) -> gpd.GeoDataFrame:
    """Return the plots with the water of their ponds held against rain, evaporation and use."""
    water = parameters.water
    by_plot = ponds.groupby("plot_id")[["top_square_metres", "volume_cubic_metres"]]
    # A pond of which something is not known leaves the sum unknown.
    total = by_plot.sum(min_count=1).mask(by_plot.count() < by_plot.size().to_numpy()[:, None])
    total = total.reindex(plots["plot_id"]).set_index(plots.index)
    top, volume = total["top_square_metres"], total["volume_cubic_metres"]
    land = plots["land_square_metres"]
    province = plots["province_code"]
    millimetres = province.map(water.rain_by_province).astype("Float64")
    rain = millimetres.fillna(water.rain_millimetres_a_year.value) / 1000
    beside = (land - top).clip(lower=0)
    inflow = rain * (top + water.runoff_share.value * beside)
    stored = volume.where(volume <= inflow, inflow).mask(volume.isna() | inflow.isna())
    dry = water.evaporation_metres_a_day.value * water.dry_days.value
    lost = top * dry
    evaporation = lost.where(lost <= stored, stored).mask(stored.isna())
    shares = parameters.split.shares
    planted = pd.Series(shares["rice"] + shares["garden"], index=plots.index, dtype="Float64")
    stated = plots["rice_percent"].astype("Float64") + plots["garden_percent"].astype("Float64")
    planted = stated.fillna(planted)
    use = land / SQUARE_METRES_A_RAI * planted / 100 * water.use_cubic_metres_a_rai.value
    return plots.assign(
        pond_square_metres=top,
        pond_cubic_metres=volume,
        rain_cubic_metres=inflow,
        evaporation_cubic_metres=evaporation,
        use_cubic_metres=use,
        water_left_cubic_metres=stored - evaporation - use,
    )
