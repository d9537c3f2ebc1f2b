"""Any layer of a workspace as a file to take away: places joined, people only as counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from phaenthi.apps.dates import told_date
from phaenthi.apps.exports.takeaway import Takeaway, Written, left_out_line, write_takeaway
from phaenthi.apps.maps.styles import count_style, simple_style
from phaenthi.apps.publication.exported_fields import fields_of_layer
from phaenthi.geo.places.codes import Level
from phaenthi.geo.places.gazetteer import name_of
from phaenthi.geo.shapes.crs import GEOGRAPHIC
from phaenthi.geo.vectors.formats import Format
from phaenthi.layers.contracts.boundaries import LEVELS
from phaenthi.layers.contracts.catalogue import CONTRACTS, contract_of
from phaenthi.layers.contracts.contract import Contract, Kind
from phaenthi.layers.contracts.provenance import Provenance
from phaenthi.layers.people.counts import HIDDEN, is_of_people, people_by_village
from phaenthi.layers.people.disclosure import hide_small_counts
from phaenthi.layers.villages.shown import shown_boundaries, shown_origins
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.layers.workspace.storage import POINT_COLUMNS, has_points
from phaenthi.wording import Language, Problem, say

# Names of persons who decided or judged something; they stay in the office.
OFFICERS = ("decided_by", "judged_by")
_BY_MEASURE = "measure"


@dataclass(frozen=True)
class _Rows:
    """The rows of a layer as they may leave the office, and the sentences about them."""

    table: pd.DataFrame
    counts: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    hidden: pd.DataFrame | None = None
    words: tuple[str, ...] = ()


def layer_takeaway(
    workspace: Workspace,
    layer: str,
    provinces: Sequence[str] = (),
    language: Language = "th",
    *,
    columns: Sequence[str] | None = None,
) -> Takeaway:
    """Return a layer ready to be handed over.

    Layers of people are counted by village and their small counts hidden; columns of persons
    stay behind. Rows have the shape of their layer, else the point of their village, else the
    boundary of their area; a row that has none of them has no shape.

    Parameters
    ----------
    provinces
        Codes of the provinces wanted; all unless given.
    columns
        Columns wanted; all that may leave unless given.

    Raises
    ------
    Problem
        ``layers.layer_unknown``; ``export.layer_absent``; ``export.nothing_there`` where the
        provinces have no row; ``export.personal_column`` where a column wanted is personal;
        ``export.column_unknown``.
    """
    contract = contract_of(layer)
    if not workspace.has(layer):
        raise Problem("export.layer_absent", layer=contract.label(language))
    _refuse_personal(contract, columns, language)
    of_people = is_of_people(contract)
    rows = _of_people(workspace, contract) if of_people else _of_things(workspace, contract)
    placed, without_code = _of_provinces(workspace, contract, rows.table, provinces)
    if placed.empty:
        where = ", ".join(name_of(code, language) for code in provinces) or "–"
        raise Problem("export.nothing_there", layer=contract.label(language), provinces=where)
    hidden_cells = 0 if rows.hidden is None else int(rows.hidden.loc[placed.index].to_numpy().sum())
    placed = placed.reset_index(drop=True)
    origins = _origins(workspace, contract, placed)
    made_up = any(origin.made_up for origin in origins)
    shapes = _shapes(workspace, contract, placed)
    table = gpd.GeoDataFrame(
        placed.drop(columns="geometry", errors="ignore").assign(made_up=made_up),
        geometry=shapes.to_numpy(),
        crs=GEOGRAPHIC,
    )
    if columns is not None:
        table = table[[*_known(table, columns), "geometry"]]
    names = [str(name) for name in table.columns.drop("geometry")]
    title = contract.label(language)
    counts = [name for name in rows.counts if name in names]
    fields = fields_of_layer(contract, names, counts if of_people else ())
    style = simple_style(title, areas=bool(table.geom_type.str.contains("Polygon").any()))
    if counts:
        (field,) = (one for one in fields if one.column == counts[0])
        told = field.th if language == "th" else field.en
        hidden = HIDDEN if HIDDEN in names else None
        style = count_style(pd.DataFrame(table), counts[0], told, language, hidden)
    return Takeaway(
        name=layer,
        title=title,
        table=table,
        fields=fields,
        style=style,
        statement=tuple(
            _statement(
                contract,
                rows,
                origins,
                {"hidden_cells": hidden_cells, "without_code": without_code},
                language,
            )
        ),
    )


def export_layer(  # noqa: PLR0913 - what a person chooses of a file
    workspace: Workspace,
    layer: str,
    provinces: Sequence[str] = (),
    *,
    folder: Path,
    format: str | Format = "gpkg",  # noqa: A002 - the word that people use
    crs: str | None = None,
    encoding: str | None = None,
    language: Language = "th",
    columns: Sequence[str] | None = None,
) -> Written:
    """Write a layer into a folder as a vector file, named by layer and provinces.

    See :func:`layer_takeaway` and :func:`phaenthi.geo.vectors.writing.write_vector` for the
    parameters and problems.
    """
    part = layer_takeaway(workspace, layer, provinces, language, columns=columns)
    name = "-".join([layer, *sorted(provinces)]) if len(provinces) < 6 else layer
    (written,) = write_takeaway(
        [part], folder, format=format, crs=crs, encoding=encoding, name=name
    )
    return written


# -- rows ------------------------------------------------------------------------------------------


def _refuse_personal(contract: Contract, columns: Sequence[str] | None, language: Language) -> None:
    for name in columns or ():
        if name in contract.names and name in _withheld(contract):
            raise Problem(
                "export.personal_column",
                found=contract.column(name).label(language),
                layer=contract.label(language),
            )


def _withheld(contract: Contract) -> list[str]:
    """Return the columns that never leave: of persons, and the bits that only programs read."""
    if is_of_people(contract):
        kept = {Kind.VILLAGE_CODE, Kind.YEAR}
        texts = {c.name for c in contract.columns if c.kind is Kind.TEXT and c.name in contract.key}
        return [c.name for c in contract.columns if c.kind not in kept and c.name not in texts]
    return [c.name for c in contract.columns if c.personal or c.name in OFFICERS]


def _known(table: pd.DataFrame, columns: Sequence[str]) -> list[str]:
    unknown = [name for name in columns if name not in table.columns]
    if unknown:
        known = ", ".join(str(name) for name in table.columns.drop("geometry"))
        raise Problem("export.column_unknown", found=", ".join(unknown), known=known)
    # What is made up says so, whatever was asked for.
    return list(dict.fromkeys([*columns, "made_up"]))


def _of_people(workspace: Workspace, contract: Contract) -> _Rows:
    counted = people_by_village(workspace, contract.name)
    names = villages_by_code(workspace)["name_th"]
    table = counted.table.copy()
    table.insert(1, "name_th", table["village_code"].map(names).astype("string"))
    return _Rows(
        table,
        counts=counted.measures,
        left_out=tuple(c for c in _withheld(contract) if c not in table.columns),
        hidden=counted.hidden,
        words=("export.people_counted" if len(contract.key) == 2 else "export.people_listed",),
    )


def _of_things(workspace: Workspace, contract: Contract) -> _Rows:
    table = workspace.table(contract.name)
    if _BY_MEASURE in contract.key:
        wide, hidden = measures_side_by_side(pd.DataFrame(table))
        counts = tuple(c for c in wide.columns if c not in contract.names and c != HIDDEN)
        return _Rows(wide, counts=counts[:1], hidden=hidden)
    withheld = _withheld(contract)
    # A layer of areas is no layer of counts; what it is drawn by is its shape.
    return _Rows(pd.DataFrame(table).drop(columns=withheld), left_out=tuple(withheld))


def measures_side_by_side(table: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return counts by area with a column a measure, the small ones hidden, and which are.

    Parameters
    ----------
    table
        level, code, a year, measure, count.
    """
    year = next(name for name in table.columns if name.endswith("_year"))
    keys = ["level", "code", year]
    wide = table.pivot(index=keys, columns=_BY_MEASURE, values="count")  # noqa: PD010 - one a cell
    wide = wide.astype("Int64").sort_index().reset_index()
    wide.columns.name = None
    measures = [name for name in wide.columns if name not in keys]
    hidden = pd.DataFrame(data=False, index=wide.index, columns=measures)
    for _, part in wide.groupby(year):
        for measure in measures:
            counts = _adding_up(part["code"], part[measure])
            shown = hide_small_counts(pd.DataFrame({"code": part["code"], "count": counts}))
            hidden.loc[part.index, measure] = shown["hidden"] & part[measure].notna()
    for measure in measures:
        wide[measure] = wide[measure].mask(hidden[measure])
    wide[HIDDEN] = hidden.any(axis=1)
    return wide, hidden


def _adding_up(codes: pd.Series, counts: pd.Series) -> pd.Series:
    """Return counts in which no total is less than its parts, as those of two tables may be."""
    found = counts.copy()
    for level in reversed(list(Level)[:-1]):
        of_parts = codes.str.len() == level.digits + 2
        parts = found[of_parts].groupby(codes[of_parts].str[: level.digits]).sum()
        inside = codes.str.len() == level.digits
        both = pd.concat([found[inside], codes[inside].map(parts)], axis=1)
        found[inside] = both.max(axis=1).astype("Int64")
    return found


# -- places ----------------------------------------------------------------------------------------


def _of_provinces(
    workspace: Workspace, contract: Contract, table: pd.DataFrame, provinces: Sequence[str]
) -> tuple[pd.DataFrame, int]:
    """Return the rows of some provinces, and how many rows say no place and were left out."""
    if not provinces:
        return table, 0
    codes = codes_of_place(workspace, contract, table)
    inside = codes.str[: Level.PROVINCE.digits].isin(list(provinces)).fillna(value=False)
    without = int(codes.isna().sum())
    return table[inside.astype(bool)], without


def codes_of_place(workspace: Workspace, contract: Contract, table: pd.DataFrame) -> pd.Series:
    """Return the code of the village or area that each row belongs to, missing where unknown.

    The finest code of the row, else that of the record of another layer which the row names.
    """
    codes = pd.Series(pd.NA, index=table.index, dtype="string")
    for name in _place_columns(contract):
        if name in table.columns:
            codes = codes.fillna(table[name].astype("string"))
    for other, key in _linked(contract):
        if key in table.columns and workspace.has(other.name):
            rows = pd.DataFrame(workspace.table(other.name))
            known = codes_of_place(workspace, other, rows).set_axis(rows[key])
            codes = codes.fillna(table[key].map(known[~known.index.duplicated()]).astype("string"))
    return codes


def _place_columns(contract: Contract) -> list[str]:
    """Return the columns of a layer with codes of the place itself, the finest first."""
    finest = ("village_code", "code", "area_code", "tambon_code", "amphoe_code", "province_code")
    return [name for name in finest if name in contract.names]


def _linked(contract: Contract) -> list[tuple[Contract, str]]:
    """Return the layers whose records a layer's rows name by their key."""
    return [
        (other, other.key[0])
        for other in CONTRACTS
        if other.name != contract.name
        and len(other.key) == 1
        and other.key[0].endswith("_id")
        and other.key[0] in contract.names
    ]


def _shapes(workspace: Workspace, contract: Contract, table: pd.DataFrame) -> gpd.GeoSeries:
    if "geometry" in table.columns:
        return gpd.GeoSeries(table["geometry"].to_numpy(), index=table.index, crs=GEOGRAPHIC)
    if has_points(contract) and set(POINT_COLUMNS) <= set(table.columns):
        return points_of(table)
    for other, key in _linked(contract):
        if workspace.has(other.name) and (other.geometry or has_points(other)):
            rows = workspace.table(other.name).set_index(key)
            found = rows["geometry"][~rows.index.duplicated()].reindex(table[key])
            return gpd.GeoSeries(found.to_numpy(), index=table.index, crs=GEOGRAPHIC)
    return shapes_of_codes(workspace, codes_of_place(workspace, contract, table))


def points_of(table: pd.DataFrame) -> gpd.GeoSeries:
    """Return the points of longitude and latitude, none where either is missing."""
    x, y = (table[name].to_numpy("float64", na_value=np.nan) for name in POINT_COLUMNS)
    points = gpd.GeoSeries(gpd.points_from_xy(x, y), index=table.index, crs=GEOGRAPHIC)
    return points.where(~(np.isnan(x) | np.isnan(y)), None)


def shapes_of_codes(workspace: Workspace, codes: pd.Series) -> gpd.GeoSeries:
    """Return the point of each village and the boundary of each area; none where unknown."""
    shapes = pd.Series(None, index=codes.index, dtype="object")
    lengths = codes.str.len()
    for level in Level:
        wanted = (lengths == level.digits).fillna(value=False).astype(bool)
        if not wanted.any():
            continue
        if level is Level.VILLAGE:
            known = villages_by_code(workspace)["geometry"]
        else:
            known = shown_boundaries(workspace, level).set_index("code")["geometry"]
        shapes[wanted] = known.reindex(codes[wanted]).to_numpy()
    return gpd.GeoSeries(shapes.to_numpy(), index=codes.index, crs=GEOGRAPHIC)


def villages_by_code(workspace: Workspace) -> gpd.GeoDataFrame:
    """Return name_th and geometry of the villages, by code."""
    table = workspace.table("villages")
    return table.set_index("village_code")[["name_th", "geometry"]]


# -- what is said ----------------------------------------------------------------------------------


def _origins(workspace: Workspace, contract: Contract, table: pd.DataFrame) -> list[Provenance]:
    """Return where a layer's rows and the shapes that they are joined to come from."""
    found = [workspace.provenance(contract.name)]
    if not contract.geometry and not has_points(contract):
        lengths = set(codes_of_place(workspace, contract, table).dropna().str.len())
        here = (level for level in LEVELS if level.digits in lengths)
        found += [origin for level in here for origin in shown_origins(workspace, level)]
        found += [workspace.provenance("villages")] if Level.VILLAGE.digits in lengths else []
    return [origin for origin in found if origin is not None]


def audience(contract: Contract) -> str:
    """Return whom a file of a layer is for: ``for_outsiders``, or ``for_office``.

    A person's plot of land has no name in it and yet tells whose it is.
    """
    of_land = any(
        one.of_people and one.geometry is not None
        for one in (contract, *(other for other, _ in _linked(contract)))
    )
    return "for_office" if of_land else "for_outsiders"


def _statement(
    contract: Contract,
    rows: _Rows,
    origins: Sequence[Provenance],
    counts: Mapping[str, int],
    language: Language,
) -> list[str]:
    lines = []
    if any(origin.made_up for origin in origins):
        lines.append(say("export.made_up", language))
    lines.append(say(f"export.{audience(contract)}", language))
    lines += [say(words, language) for words in rows.words]
    lines += [say(f"export.{n}", language, count=f"{c:,}") for n, c in counts.items() if c]
    labels = [contract.column(name).label(language) for name in rows.left_out]
    lines += left_out_line(labels, language)
    if any(origin.approximate for origin in origins):
        lines.append(say("export.approximate", language))
    for origin in origins:
        day = told_date(origin.imported_at.date(), language)
        lines.append(say("export.source", language, source=origin.source, day=day))
        lines += [say("export.credit", language, credit=origin.credit)] if origin.credit else []
    return list(dict.fromkeys(lines))
