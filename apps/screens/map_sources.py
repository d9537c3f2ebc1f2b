"""Areas and villages that the maps of the pages fetch from this machine."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pandas as pd

from phaenthi.apps.maps import offline
from phaenthi.apps.maps import view as map_view
from phaenthi.apps.maps.files import as_bytes, pack_villages
from phaenthi.apps.maps.shapes import drawn_areas
from phaenthi.apps.screens import show as st
from phaenthi.apps.screens.page_words import area_name
from phaenthi.apps.screens.workspace_tables import village_names_in_english, village_table
from phaenthi.geo.places.codes import Level
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.wording import LANGUAGES, Language


@dataclass(frozen=True)
class AreaSource:
    """Areas that the browser fetches from this machine.

    Parameters
    ----------
    address
        Where the areas are served; the same content has the same address.
    codes
        The areas, in the order of the file.
    bounds
        West, south, east, north in degrees.
    names
        Places of the names, by language, as :func:`phaenthi.apps.maps.view.name_layer` takes them.
    """

    address: str
    codes: tuple[str, ...]
    bounds: tuple[float, float, float, float]
    names: dict[Language, dict[str, object]]


# Once a day a source in use is published anew, so that nobody sweeps it away as a leftover.
@st.cache_resource(show_spinner=False, max_entries=256, ttl=timedelta(days=1))
def area_source(folder: str, generation: int, level: Level, prefix: str) -> AreaSource | None:
    """Return the areas of a level whose codes begin so; None where there are none.

    Of villages approximate areas around their points; one without a point of its own has none.
    """
    table = village_table(folder, generation) if level is Level.VILLAGE else None
    drawn = drawn_areas(Workspace.open(folder), level, prefix, table)
    if drawn is None:
        return None
    address = offline.publish(drawn.content, ".json")
    names = {language: map_view.names_in(address, language) for language in LANGUAGES}
    return AreaSource(address, drawn.codes, drawn.bounds, names)


@dataclass(frozen=True)
class VillageSource:
    """Villages that the browser fetches from this machine.

    Parameters
    ----------
    address
        Where they are served.
    codes
        The villages that have a point, in the order of the file.
    bounds
        West, south, east, north in degrees.
    """

    address: str
    codes: tuple[str, ...]
    bounds: tuple[float, float, float, float]


@st.cache_resource(show_spinner=False, max_entries=16, ttl=timedelta(days=1))
def village_source(
    folder: str, generation: int, prefix: str, language: Language
) -> VillageSource | None:
    """Return the villages whose codes begin so, with their names; None where none has a point."""
    table = village_table(folder, generation)
    here = table[table["located"] & table["village_code"].str.startswith(prefix)]
    if here.empty:
        return None
    if language == "en":
        here = here.assign(
            tambon_th=_in_english(here["tambon_code"]),
            amphoe_th=_in_english(here["amphoe_code"]),
            name_en=here["village_code"].map(village_names_in_english(folder, generation)),
        )
    titled = map_view.with_titles(here.assign(name_th=here["name_th"].fillna("")), language)
    codes = here["village_code"].tolist()
    packed = pack_villages(
        codes, here.geometry.to_numpy(), titled["title"].tolist(), titled["where"].tolist()
    )
    packed["words"] = {"at": offline.publish(as_bytes(packed["words"]), ".json")}
    west, south, east, north = (float(value) for value in here.total_bounds)
    address = offline.publish(as_bytes(packed), ".json")
    return VillageSource(address, tuple(codes), (west, south, east, north))


def _in_english(codes: pd.Series) -> pd.Series:
    return codes.map({code: area_name(code, "en") for code in codes.unique()})
