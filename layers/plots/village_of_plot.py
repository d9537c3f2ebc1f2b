"""Where a plot counts: in the tambon and village of its place, never of its owner's address."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from phaenthi.geo.land.parcels import place_parcels
from phaenthi.geo.places.codes import Level, parent_code
from phaenthi.geo.shapes.crs import GEOGRAPHIC
from phaenthi.geo.shapes.sphere import sphere_metres

PLACE_COLUMNS = (
    *("tambon_code", "tambon_how", "tambon_share", "tambon_metres"),
    *("village_code", "village_how", "nearest_village_code"),
    *("metres_to_nearest_village", "metres_to_stated_village"),
)


def place_plots(
    plots: gpd.GeoDataFrame, tambons: gpd.GeoDataFrame, villages: pd.DataFrame
) -> pd.DataFrame:
    """Return the tambon and the village that each plot lies in.

    The tambon is that of the land (:func:`phaenthi.geo.land.parcels.place_parcels`). The village is
    the one that the register states, if it belongs to that tambon; otherwise the one whose point is
    the nearest of the tambon's villages, which is the plot's cell between village points: no
    boundary of anybody's making, so ``village_how`` says ``nearest``.

    Parameters
    ----------
    plots
        stated_village_code, geometry (Point, Polygon or None).
    tambons
        code, geometry.
    villages
        village_code, longitude, latitude (missing where no position is known).

    Returns
    -------
    pandas.DataFrame
        Index of the plots: tambon_code, tambon_how (``inside``, ``edge``, ``most``,
        ``nearest``, ``unplaced``; ``stated`` where the plot has no shape and the register's
        code is all there is), tambon_share, tambon_metres (see ``place_parcels``);
        village_code, village_how (``stated``, ``nearest``, missing where neither),
        nearest_village_code and metres_to_nearest_village (of the villages with a position in
        that tambon), metres_to_stated_village (great circle, from a point inside the plot).
    """
    shapes = gpd.GeoSeries(plots.geometry).to_crs(GEOGRAPHIC)
    placed = place_parcels(shapes, tambons)
    stated = plots["stated_village_code"].astype("string")
    stated_tambon = parent_code(stated, Level.TAMBON)
    if "stated_tambon_code" in plots:
        stated_tambon = stated_tambon.fillna(plots["stated_tambon_code"].astype("string"))
    # Without a shape the register's word is all there is; it is no measured place.
    bare = (shapes.isna() | shapes.is_empty).to_numpy() & stated_tambon.notna().to_numpy()
    tambon = placed["code"].astype("string").mask(bare, stated_tambon)
    table = pd.DataFrame(
        {
            "tambon_code": tambon,
            "tambon_how": placed["how"].astype("string").mask(bare, "stated"),
            "tambon_share": placed["share"].astype("Float64"),
            "tambon_metres": placed["distance_metres"].astype("Float64"),
        },
        index=plots.index,
    )
    near = _nearest_in_tambon(shapes, tambon, villages)
    agrees = (parent_code(stated, Level.TAMBON) == tambon).fillna(value=False).astype(bool)
    village = stated.where(agrees, near["nearest_village_code"])
    how = pd.Series("nearest", index=plots.index, dtype="string").mask(agrees, "stated")
    own = _metres_to(shapes, stated, villages)
    return table.assign(
        village_code=village.astype("string"),
        village_how=how.mask(village.isna()),
        nearest_village_code=near["nearest_village_code"],
        metres_to_nearest_village=near["metres_to_nearest_village"],
        metres_to_stated_village=own,
    )[list(PLACE_COLUMNS)]


def _points(shapes: gpd.GeoSeries) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Return longitude and latitude of a point inside each shape; NaN without one."""
    inner = shapely.point_on_surface(shapes.to_numpy())
    return np.column_stack([shapely.get_x(inner), shapely.get_y(inner)])


def _nearest_in_tambon(
    shapes: gpd.GeoSeries, tambon: pd.Series, villages: pd.DataFrame
) -> pd.DataFrame:
    places = _points(shapes)
    known = villages.dropna(subset=["longitude", "latitude"])
    codes = known["village_code"].astype("string")
    there = pd.DataFrame(
        {
            "tambon_code": parent_code(codes, Level.TAMBON).to_numpy(),
            "village_code": codes.to_numpy(),
            "village_x": known["longitude"].astype("float64").to_numpy(),
            "village_y": known["latitude"].astype("float64").to_numpy(),
        }
    )
    ours = pd.DataFrame(
        {
            "plot": np.arange(len(shapes)),
            "tambon_code": tambon.to_numpy(),
            "x": places[:, 0],
            "y": places[:, 1],
        }
    ).dropna()
    pairs = ours.merge(there, on="tambon_code")
    pairs["metres"] = sphere_metres(pairs["x"], pairs["y"], pairs["village_x"], pairs["village_y"])
    best = pairs.sort_values(["plot", "metres", "village_code"]).drop_duplicates("plot")
    best = best.set_index("plot").reindex(np.arange(len(shapes)))
    return pd.DataFrame(
        {
            "nearest_village_code": best["village_code"].astype("string").array,
            "metres_to_nearest_village": best["metres"].astype("Float64").array,
        },
        index=shapes.index,
    )


def _metres_to(shapes: gpd.GeoSeries, codes: pd.Series, villages: pd.DataFrame) -> pd.Series:
    """Return the distance from each plot to the village of a code; missing without a position."""
    there = villages.drop_duplicates("village_code").set_index("village_code")
    there = there[["longitude", "latitude"]].astype("float64").reindex(codes)
    metres = sphere_metres(*_points(shapes).T, *there.to_numpy().T)
    found = pd.Series(metres, index=shapes.index, dtype="Float64")
    return found.mask(np.isnan(metres))
