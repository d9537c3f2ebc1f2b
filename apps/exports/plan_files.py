"""What people take away from a plan: shapefile, GeoPackage, register, map – and nothing private."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pandas as pd

from phaenthi.apps.exports.plan_map import plan_takeaway
from phaenthi.apps.exports.takeaway import write_takeaway
from phaenthi.apps.maps import pages as map_pages
from phaenthi.apps.maps import view as map_view
from phaenthi.apps.papers import register as documents
from phaenthi.apps.publication.published_plan import Publication
from phaenthi.geo.files import atomic_write
from phaenthi.geo.vectors.formats import GEOPACKAGE, SHAPEFILE
from phaenthi.layers.contracts.boundaries import LEVELS
from phaenthi.targeting.programme.programme import VILLAGE
from phaenthi.wording import Language, say

REGISTER = "register.xlsx"
MAP = "map.html"
DICTIONARY = "fields.csv"


@dataclass(frozen=True)
class Exported:
    """What was written.

    Attributes
    ----------
    files
        Path by what it is: ``shapefile``, ``geopackage``, ``register``, ``map``,
        ``dictionary``; register and map of villages only.
    villages
        Villages, or units of another kind, in the files.
    placed
        Those that have a shape.
    hidden
        Those whose household counts are hidden.
    truncated
        Texts of the shapefile that were cut to 254 bytes.
    """

    files: Mapping[str, Path]
    villages: int
    placed: int
    hidden: int
    truncated: int


def export_plan(
    publication: Publication,
    folder: Path,
    language: Language = "th",
    begin: Callable[[str], None] = lambda _: None,
) -> Exported:
    """Write every paper of a plan into a folder; each is whole or not there.

    Parameters
    ----------
    folder
        Made if need be; files of an earlier export are replaced one by one.
    begin
        Told the sentence of each step.

    Raises
    ------
    Problem
        ``geo.export_differs`` if a file does not read back as it was written;
        ``export.units_are_people`` where the plan chooses households.
    """
    part = plan_takeaway(publication, language)
    table = part.table
    begin(say("export.step.shapefile", language))
    (shapefile,) = write_takeaway([part], folder, format=SHAPEFILE)
    begin(say("export.step.geopackage", language))
    (geopackage,) = write_takeaway([part], folder, format=GEOPACKAGE)
    files = {"shapefile": shapefile.path, "geopackage": geopackage.path}
    if publication.programme.unit == VILLAGE:
        files |= {"register": folder / REGISTER, "map": folder / MAP}
        begin(say("export.step.register", language))
        documents.write_register(publication, files["register"], language)
        begin(say("export.step.map", language))
        write_page(publication, files["map"], language)
    files["dictionary"] = folder / DICTIONARY
    _copy_dictionary(shapefile.path, files["dictionary"])
    return Exported(
        files=files,
        villages=len(table),
        placed=int(table.geometry.notna().sum()),
        hidden=int(table["counts_hidden"].sum()),
        truncated=len(shapefile.report.truncated),
    )


def _copy_dictionary(shapefile: Path, path: Path) -> None:
    with zipfile.ZipFile(shapefile) as archive, atomic_write(path) as temporary:
        temporary.write_bytes(archive.read(DICTIONARY))


def _with_english_names(publication: Publication, table: gpd.GeoDataFrame) -> pd.DataFrame:
    names = publication.workspace.table("villages").set_index("village_code")["name_en"]
    plain = pd.DataFrame(table.drop(columns="geometry"))
    return plain.assign(name_en=plain["village_code"].map(names))


def write_page(publication: Publication, path: Path, language: Language = "th") -> None:
    """Write the map of a plan of villages as one page that opens without a network."""
    table = publication.villages
    areas = {level.value: publication.boundaries(level) for level in LEVELS}
    page = map_pages.plan_page(
        map_view.with_titles(_with_english_names(publication, table), language),
        table.set_index("village_code").geometry,
        {level: shapes for level, shapes in areas.items() if len(shapes)},
        title=publication.title(language),
        notes=[
            *publication.warnings(language),
            publication.dated(language),
            *publication.proofs(language),
        ],
        language=language,
        credit=" · ".join(publication.boundary_credits),
    )
    with atomic_write(path) as temporary:
        temporary.write_text(page, encoding="utf-8")
