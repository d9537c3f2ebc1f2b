"""The files that the documents name as an office's own: made up, under those very names."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pandas as pd

from phaenthi.geo.places.codes import Level, parent_code
from phaenthi.layers.workspace.folder import Workspace

PROVINCE = "46"

# Every file that a document takes for granted, and the layer that is in it.
FILES = {
    "ตำบล.zip": "boundaries_tambon",
    "ทะเบียนหมู่บ้าน.xlsx": "villages",
    "จปฐ2562.csv": "households",
    "tpmap2562.csv": "poverty",
    "เป้าหมายปีก่อน.xlsx": "history",
    "ครัวเรือนปีก่อน.xlsx": "beneficiaries",
    "กองทุน.xlsx": "funds",
    "tambon.zip": "boundaries_tambon",
    "villages.xlsx": "villages",
    "households2562.csv": "households",
    "targets.xlsx": "history",
    "beneficiaries.xlsx": "beneficiaries",
}


def write_office_files(workspace: Workspace, folder: Path) -> None:
    """Write the files of one province of the demo, as an office would hand them over."""
    for name, layer in FILES.items():
        table = workspace.table(layer)
        codes = table["village_code" if "village_code" in table else "code"].astype("string")
        here = table[parent_code(codes, Level.PROVINCE) == PROVINCE].copy()
        if "household_id" in here:
            # An id of digits and one e would be read as a number that a spreadsheet has rounded.
            here["household_id"] = "H" + here["household_id"].astype("string")
        _WRITERS[Path(name).suffix](here, folder / name)


def _write_map(table: pd.DataFrame, path: Path) -> None:
    areas = gpd.GeoDataFrame(table.rename(columns={"code": "TAM_CODE", "name_th": "TAM_NAMT"}))
    zipped = path.with_suffix(".shp.zip")  # GDAL zips a shapefile of such a name.
    areas[["TAM_CODE", "TAM_NAMT", "geometry"]].to_file(zipped, driver="ESRI Shapefile")
    zipped.rename(path)


def _write_book(table: pd.DataFrame, path: Path) -> None:
    pd.DataFrame(table.drop(columns="geometry", errors="ignore")).to_excel(path, index=False)


def _write_csv(table: pd.DataFrame, path: Path) -> None:
    table.to_csv(path, index=False, encoding="utf-8-sig")


_WRITERS: dict[str, Callable[[pd.DataFrame, Path], None]] = {
    ".zip": _write_map,
    ".xlsx": _write_book,
    ".csv": _write_csv,
}
