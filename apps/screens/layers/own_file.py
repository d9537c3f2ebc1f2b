"""A reader's own map file, shown for this session alone and kept nowhere."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

from phaenthi.apps.screens import furniture, page_words
from phaenthi.apps.screens import show as st
from phaenthi.apps.screens.layers import pieces
from phaenthi.apps.screens.page_words import tell
from phaenthi.geo.shapes.crs import GEOGRAPHIC
from phaenthi.geo.texts import markdown
from phaenthi.geo.vectors import files as vectorfile
from phaenthi.wording import Language, Problem

SUFFIXES = ("zip", "geojson", "json", "gpkg", "kml", "kmz", "parquet", "fgb", "gpx", "csv")
MOST_SHAPES = 3_000
MOST_CORNERS = 60_000
COLOUR = "#CC79A7"
KEY = "layers_own_file"
NAME_COLUMNS = ("name_th", "name", "ชื่อ", "NAME", "Name")


@dataclass(frozen=True)
class OwnFile:
    """A file as read, in degrees.

    Parameters
    ----------
    name
        Of the file.
    table
        The records.
    report
        Sentences on how it was read.
    """

    name: str
    table: gpd.GeoDataFrame
    report: tuple[str, ...]

    @property
    def bounds(self) -> tuple[float, float, float, float] | None:
        """West, south, east, north in degrees; None where it has no shape."""
        if self.table.geometry.isna().all() or self.table.geometry.is_empty.all():
            return None
        west, south, east, north = (float(value) for value in self.table.total_bounds)
        return west, south, east, north

    def names(self) -> list[str]:
        """Return what each record is called, or its number."""
        column = next((name for name in NAME_COLUMNS if name in self.table), None)
        numbers = [f"{self.name} · {row + 1:,}" for row in range(len(self.table))]
        if column is None:
            return numbers
        return [
            number if pd.isna(name) else str(name)
            for name, number in zip(self.table[column], numbers, strict=True)
        ]


def held() -> OwnFile | None:
    """Return the file of this session."""
    found = st.session_state.get(KEY)
    return found if isinstance(found, OwnFile) else None


def show() -> None:
    """Draw the box that takes a file, and its reading report."""
    furniture.style_upload()
    st.markdown(tell("layers.own.intro"))
    sent = st.file_uploader(
        tell("layers.own.choose"), type=list(SUFFIXES), key=f"layers_upload_{page_words.language()}"
    )
    if sent is not None and st.session_state.get("layers_own_id") != sent.file_id:
        st.session_state["layers_own_id"] = sent.file_id
        st.session_state.pop(KEY, None)
        try:
            st.session_state[KEY] = read(sent.name, sent.getvalue(), page_words.language())
        except Problem as problem:
            st.session_state["layers_own_problem"] = problem
        else:
            st.session_state.pop("layers_own_problem", None)
            st.rerun()
    refused = st.session_state.get("layers_own_problem")
    if isinstance(refused, Problem):
        st.error(refused.sentence(page_words.language()), icon=":material/error:")
    found = held()
    if found is None:
        return
    show_report(found)
    plain = pd.DataFrame(found.table.drop(columns=found.table.geometry.name))
    if plain.columns.empty:
        plain = pd.DataFrame({"№": range(1, len(found.table) + 1)})
    pieces.show_table(plain.astype("string").astype("object"), "layers_own_rows")

    def forget() -> None:
        st.session_state.pop(KEY, None)

    st.button(tell("layers.own.forget"), icon=":material/close:", on_click=forget)


def show_report(found: OwnFile) -> None:
    """Show how a file was read."""
    st.markdown(markdown.bold(found.name))
    st.markdown(markdown.bullets(found.report))


def read(name: str, content: bytes, language: Language) -> OwnFile:
    """Read a file that a reader sent.

    Raises
    ------
    Problem
        As ``phaenthi.geo.vectors.files.read``.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / Path(name).name
        path.write_bytes(content)
        found = vectorfile.read(path)
        shapes = found.table.geometry
        kinds = shapes.geom_type.value_counts().to_dict()
        without = int((shapes.isna() | shapes.is_empty).sum())
        crs = found.table.crs
        told = [
            tell(
                "layers.own.read",
                rows=f"{len(found.table):,}",
                kinds=", ".join(f"{kind} {count:,}" for kind, count in kinds.items()) or "–",
                driver=found.driver,
                encoding=found.encoding,
            ),
            tell("layers.own.crs", crs=crs.name if crs is not None else "–"),
        ]
        if without:
            told.append(tell("layers.own.without_shape", count=f"{without:,}"))
        told += [note.sentence(language) for note in found.notes]
        table = gpd.GeoDataFrame(found.table).to_crs(GEOGRAPHIC)
    drawn, left = _fewer(table)
    if left:
        told.append(tell("layers.own.not_all", shown=f"{drawn:,}", count=f"{len(table):,}"))
    return OwnFile(Path(name).name, table, tuple(told))


def _fewer(table: gpd.GeoDataFrame) -> tuple[int, int]:
    """Return how many shapes that are no points are drawn, and how many are not."""
    lines = drawable(table)
    kinds = table.geometry.geom_type
    many = int((~kinds.isin(["Point", "MultiPoint"]) & kinds.notna()).sum())
    return len(lines), many - len(lines)


def drawable(table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the lines and polygons that the map draws, as many as it can bear."""
    kinds = table.geometry.geom_type
    here = table[kinds.notna() & ~kinds.isin(["Point", "MultiPoint"])].head(MOST_SHAPES)
    corners = pd.Series(shapely.get_num_coordinates(here.geometry.to_numpy()), index=here.index)
    return here[corners.cumsum() <= max(MOST_CORNERS, int(corners.iloc[0]) if len(corners) else 0)]
