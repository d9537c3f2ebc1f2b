"""Areas as a map draws them: with as many corners as can be seen, made once and kept on disk."""

from __future__ import annotations

import json
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd
import shapely

from phaenthi.apps.maps.files import as_bytes, pack_areas
from phaenthi.geo.boundaries.reading import simplify
from phaenthi.geo.boundaries.village_cells import draw_cells
from phaenthi.geo.places.codes import Level
from phaenthi.layers.contracts.provenance import Provenance
from phaenthi.layers.villages.shown import lacking_provinces, shown_boundaries, shown_origins
from phaenthi.layers.workspace import computed
from phaenthi.layers.workspace.folder import Workspace

# Changes when areas of the same boundaries would be drawn otherwise.
MANNER = 2
WHOLE_COUNTRY = "country"
# On a screen that shows the country a pixel is two to four hundredths of a degree.
COUNTRY_DEGREES = {Level.PROVINCE: 0.004, Level.AMPHOE: 0.003, Level.TAMBON: 0.0025}
# Nearer by, the first of these that leaves a view this many corners.
MOST_CORNERS = 40_000
NEARER_DEGREES = (0.0, 0.0005, 0.001, 0.002)
# Whether shapes of millions of corners fit together takes minutes to judge.
MOST_CORNERS_JUDGED = 1_000_000


@dataclass(frozen=True)
class DrawnAreas:
    """Areas as they are served.

    Parameters
    ----------
    content
        What ``pack_areas`` gives, as JSON, with ``bounds``: west, south, east, north in degrees.
    codes
        The areas, in the order of the file.
    bounds
        As in the content.
    """

    content: bytes
    codes: tuple[str, ...]
    bounds: tuple[float, float, float, float]


def drawn_areas(
    workspace: Workspace, level: Level, prefix: str, table: gpd.GeoDataFrame | None = None
) -> DrawnAreas | None:
    """Return the areas of a level whose codes begin so; None where there are none.

    What was drawn once is kept in the workspace until other boundaries are imported.

    Parameters
    ----------
    workspace
        Its boundaries, or else the embedded ones; villages have approximate areas around their
        points.
    level
        Whose areas.
    prefix
        What the codes begin with; empty for the whole country.
    table
        The village table, for villages.
    """
    name = f"areas-{level}-{prefix or WHOLE_COUNTRY}"
    origins = _origins(workspace, level)
    kept = computed.computed_name(name, origins, manner=MANNER, suffix=".json")
    if (content := computed.recall(workspace, kept)) is not None:
        return _read(content)
    areas = _areas(workspace, level, prefix, table)
    if areas.empty:
        return None
    areas = _fewer_corners(areas, level, prefix)
    bounds = [round(float(value), 4) for value in areas.total_bounds]
    content = as_bytes(pack_areas(areas) | {"bounds": bounds})
    computed.keep(workspace, kept, content)
    return _read(content)


def _origins(workspace: Workspace, level: Level) -> list[Provenance | None]:
    """Return where everything comes from that the areas of a level are drawn from."""
    of_villages = level is Level.VILLAGE
    shapes = Level.TAMBON if of_villages else level
    # The village list also says of which provinces the embedded boundaries are shown.
    listed = of_villages or bool(lacking_provinces(workspace, shapes))
    villages = [workspace.provenance("villages")] if listed else []
    return [*villages, *shown_origins(workspace, shapes)]


def _read(content: bytes) -> DrawnAreas:
    packed = json.loads(content)
    west, south, east, north = packed["bounds"]
    return DrawnAreas(content, tuple(packed["codes"]), (west, south, east, north))


def _areas(
    workspace: Workspace, level: Level, prefix: str, table: gpd.GeoDataFrame | None
) -> gpd.GeoDataFrame:
    if level is Level.VILLAGE:
        tambons = shown_boundaries(workspace, Level.TAMBON, prefix[: Level.TAMBON.digits])
        here = table[table["village_code"].str.startswith(prefix)] if table is not None else None
        if here is None or here.empty or tambons.empty:
            return tambons.iloc[:0]
        cells = draw_cells(here.rename(columns={"village_code": "code"}), tambons).table
        names = here.set_index("village_code")["name_th"]
        known = cells["code"].map(names).fillna(cells["code"])
        return cells.assign(name_th=known, name_en=known)
    return shown_boundaries(workspace, level, prefix)


def _fewer_corners(areas: gpd.GeoDataFrame, level: Level, prefix: str) -> gpd.GeoDataFrame:
    if not prefix and level in COUNTRY_DEGREES and len(areas) > 1:
        return _simplified(areas, COUNTRY_DEGREES[level])
    for tolerance in NEARER_DEGREES:
        fewer = _simplified(areas, tolerance) if tolerance else areas
        if _corners(fewer) <= MOST_CORNERS:
            return fewer
    return fewer


def _simplified(areas: gpd.GeoDataFrame, tolerance: float) -> gpd.GeoDataFrame:
    if _corners(areas) <= MOST_CORNERS_JUDGED:
        return simplify(areas, tolerance)
    simple = shapely.coverage_simplify(areas.geometry.to_numpy(), tolerance)
    return areas.set_geometry(gpd.GeoSeries(simple, index=areas.index, crs=areas.crs))


def _corners(areas: gpd.GeoDataFrame) -> int:
    return int(pd.Series(shapely.get_num_coordinates(areas.geometry.to_numpy())).sum())
