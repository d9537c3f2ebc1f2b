"""What the reader asks of the layers: an area, and tables of the layers inside it."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import polars as pl

from phaenthi.apps.screens import page_words, workspace_tables
from phaenthi.apps.screens import show as st
from phaenthi.geo.places.codes import Level, parent_code
from phaenthi.layers.contracts.catalogue import LAYERS, contract_of
from phaenthi.layers.contracts.contract import Kind
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.wording import Language


@dataclass(frozen=True)
class Asked:
    """The workspace, and where the reader looks.

    Parameters
    ----------
    folder, generation
        Of the workspace; tables are cached by both.
    area
        Code of a province or amphoe; empty for everywhere.
    """

    folder: str
    generation: int
    area: str

    @property
    def place(self) -> tuple[str, int]:
        """Folder and generation."""
        return self.folder, self.generation

    @property
    def language(self) -> Language:
        """The language of the session."""
        return page_words.language()

    @property
    def province(self) -> str:
        """Code of the province that the area is or lies in; empty for everywhere."""
        return self.area[: Level.PROVINCE.digits]

    def workspace(self) -> Workspace:
        """Return the workspace as it is now."""
        return Workspace.open(self.folder)

    def has(self, layer: str) -> bool:
        """Tell whether the workspace holds a layer."""
        return layer in LAYERS and self.workspace().has(layer)

    def rows(self, layer: str, column: str = "village_code") -> pd.DataFrame:
        """Return the rows of a layer in the area, without shapes. Do not change them."""
        return rows_in(self.folder, self.generation, layer, column, self.area)

    def villages(self) -> pd.DataFrame:
        """Return the village table of the area without municipal areas. Do not change it."""
        return villages_in(self.folder, self.generation, self.area)


@st.cache_resource(show_spinner=False, max_entries=48)
def rows_in(folder: str, generation: int, layer: str, column: str, area: str) -> pd.DataFrame:
    """Return the rows of a layer whose code in a column begins so; with no area all rows."""
    del generation
    contract = contract_of(layer)
    plain = [one.name for one in contract.columns if one.kind is not Kind.GEOMETRY]
    kept = Workspace.open(folder).scan(layer).select(plain)
    if area:
        kept = kept.filter(pl.col(column).str.starts_with(area))
    table = kept.collect().to_pandas()
    numbers = {Kind.YEAR: "Int64", Kind.COUNT: "Int64", Kind.YES_NO: "boolean"}
    numbers |= {Kind.AMOUNT: "Float64", Kind.DEGREES: "float64"}
    return table.astype({name: numbers.get(contract.column(name).kind, "string") for name in plain})


@st.cache_resource(show_spinner=False, max_entries=12)
def villages_in(folder: str, generation: int, area: str) -> pd.DataFrame:
    """Return the village table of an area as a plain table with longitude and latitude."""
    table = workspace_tables.village_table(folder, generation)
    here = table[table["village_code"].str.startswith(area) & ~table["municipal"]]
    points = here.geometry
    plain = pd.DataFrame(here.drop(columns="geometry"))
    return plain.assign(longitude=points.x, latitude=points.y).reset_index(drop=True)


def with_positions(asked: Asked, table: pd.DataFrame) -> pd.DataFrame:
    """Return rows with longitude and latitude: their own, else those of their village."""
    villages = asked.villages().drop_duplicates("village_code").set_index("village_code")
    places: dict[str, pd.Series] = {}
    for name in ("longitude", "latitude"):
        there = table["village_code"].map(villages[name]).astype("float64")
        places[name] = table[name].astype("float64") if name in table else there
        places[f"{name}_there"] = there
    stands = places["longitude"].notna() & places["latitude"].notna()
    return table.assign(
        longitude=places["longitude"].where(stands, places["longitude_there"]),
        latitude=places["latitude"].where(stands, places["latitude_there"]),
    )


def amphoe_of(codes: pd.Series, language: Language) -> list[str]:
    """Return the name of the amphoe of each code; a dash where there is none."""
    amphoe = parent_code(codes.astype("string"), Level.AMPHOE).fillna("")
    names = {
        code: page_words.area_name(str(code), language) if code else "–" for code in amphoe.unique()
    }
    return [names[code] for code in amphoe]


def village_names(asked: Asked, codes: pd.Series) -> list[str]:
    """Return the name of the village of each code; a dash where it is not listed."""
    known = asked.villages().set_index("village_code")["name_th"].to_dict()
    return [str(known.get(code) or "–") for code in codes.astype("object")]
