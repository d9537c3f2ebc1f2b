"""What people take away says what the plan says, in every format, and nothing private."""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
import zipfile
from pathlib import Path

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
import shapefile

from phaenthi.apps.exports.plan_files import Exported, export_plan
from phaenthi.apps.publication.exported_fields import PLAN_FIELDS
from phaenthi.apps.publication.published_plan import Publication
from phaenthi.geo.files import write_folder
from phaenthi.targeting.plan import keeping
from tests.apps.demo_plan import demo_publication


@pytest.fixture(scope="module")
def publication() -> Publication:
    return demo_publication()


@pytest.fixture(scope="module")
def exported(publication: Publication, tmp_path_factory: pytest.TempPathFactory) -> Exported:
    return export_plan(publication, tmp_path_factory.mktemp("outputs"))


def second_reader(path: Path) -> pd.DataFrame:
    """Read the shapefile with pyshp."""
    with shapefile.Reader(str(path), encoding="utf-8") as reader:
        names = [field.name for field in reader.fields if field.name != "DeletionFlag"]
        rows = [list(record) for record in reader.records()]
        places = [shape.points[0] if shape.points else None for shape in reader.shapes()]
    return pd.DataFrame(rows, columns=names, dtype="object").assign(place_on_map=places)


def test_two_readers_see_the_same_thai_names_and_values_in_the_shapefile(exported):
    first = gpd.read_file(exported.files["shapefile"])
    second = second_reader(exported.files["shapefile"])
    assert list(first.columns.drop("geometry")) == [field.short_name for field in PLAN_FIELDS]
    assert list(second.columns.drop("place_on_map")) == [field.short_name for field in PLAN_FIELDS]
    for field in PLAN_FIELDS:
        ours = [None if pd.isna(v) else v for v in first[field.short_name]]
        theirs = [None if v in ("", None) else v for v in second[field.short_name]]
        assert ours == theirs, field.short_name
    points = [None if point is None else (point.x, point.y) for point in first.geometry]
    assert points == [None if place is None else tuple(place) for place in second["place_on_map"]]


def test_the_shapefile_says_what_the_plan_says(publication, exported):
    found = gpd.read_file(exported.files["shapefile"]).set_index("VILL_CODE")
    units = publication.plan.units.set_index("village_code")
    assert found.index.to_list() == units.index.to_list()
    assert found["NAME_TH"].to_list() == units["name_th"].to_list()
    assert found["STATUS"].to_list() == units["status"].to_list()
    chosen = found[found["STATUS"] == "chosen"]
    assert set(chosen.index) == set(publication.plan.result("42").chosen)
    assert set(chosen["STATUS_TH"]) == {"เป้าหมาย"}


def test_codes_are_text_and_keep_their_length(exported):
    found = gpd.read_file(exported.files["shapefile"])
    for name, digits in {"VILL_CODE": 8, "TAM_CODE": 6, "AMP_CODE": 4, "PROV_CODE": 2}.items():
        assert set(found[name].str.len()) == {digits}


def test_the_geopackage_holds_the_same_villages_with_whole_reasons(publication, exported):
    found = gpd.read_file(exported.files["geopackage"], layer="หมู่บ้านของแผน")
    wanted = publication.villages
    assert found["reason_th"].to_list() == wanted["reason_th"].to_list()
    assert found["village_code"].to_list() == wanted["village_code"].to_list()
    assert found.crs.to_epsg() == 4326


def test_short_names_are_ascii_of_ten_characters_and_each_its_own():
    names = [field.short_name for field in PLAN_FIELDS]
    assert all(name.isascii() and len(name) <= 10 for name in names)
    assert len({name.lower() for name in names}) == len(names)


def test_the_dictionary_tells_every_field_in_both_languages(exported):
    text = exported.files["dictionary"].read_bytes().decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert [row[0] for row in rows[1:]] == [field.short_name for field in PLAN_FIELDS]
    assert all(re.search("[ก-๙]", row[2]) for row in rows[1:])
    assert not any(re.search("[ก-๙]", row[3]) for row in rows[1:])
    with zipfile.ZipFile(exported.files["shapefile"]) as archive:
        assert "fields.csv" in archive.namelist()
        assert any(name.endswith(".cpg") for name in archive.namelist())


def test_the_map_opens_without_any_other_file_or_address(exported):
    page = exported.files["map"].read_text(encoding="utf-8")
    loaded = re.findall(
        r"""<(?:script|link|img|iframe)\b[^>]*(?:src|href)\s*=\s*["']([^"']+)""", page
    )
    assert [address for address in loaded if not address.startswith("data:")] == []
    assert "url(http" not in page
    assert "@import" not in page
    assert json.dumps("ข้อมูลจำลอง")[1:-1] in page


def test_made_up_data_say_so_in_every_file(exported):
    shapes = gpd.read_file(exported.files["shapefile"])
    assert set(shapes["MADE_UP"]) == {1}
    assert gpd.read_file(exported.files["geopackage"], layer="หมู่บ้านของแผน")["made_up"].all()
    book = openpyxl.load_workbook(exported.files["register"], read_only=True)
    for page in book:
        told = [str(row[0]) for row in page.iter_rows(max_row=4, max_col=1, values_only=True)]
        assert any("ข้อมูลจำลอง" in line for line in told), page.title


def everything_in(exported: Exported) -> dict[str, str]:
    """Return all that can be read in each file as one text."""
    texts = {
        "shapefile": gpd.read_file(exported.files["shapefile"]).to_csv(),
        "dictionary": exported.files["dictionary"].read_text(encoding="utf-8-sig"),
        "map": exported.files["map"].read_text(encoding="utf-8"),
    }
    with sqlite3.connect(exported.files["geopackage"]) as base:
        texts["geopackage"] = "\n".join(base.iterdump())
    book = openpyxl.load_workbook(exported.files["register"], read_only=True)
    texts["register"] = "\n".join(
        str(value) for page in book for row in page.iter_rows(values_only=True) for value in row
    )
    return texts


def test_no_household_id_is_in_any_file(publication, exported):
    planted = set(publication.plan.members["household_id"])
    assert len(planted) > 100
    for name, text in everything_in(exported).items():
        written = set(re.findall(r"(?<![0-9a-f])[0-9a-f]{20}(?![0-9a-f])", text))
        assert not planted & written, name


def test_no_count_of_one_to_four_households_is_in_any_table(publication, exported):
    units = publication.plan.units.set_index("village_code")["target_households"]
    small = units.index[units.between(1, 4)]
    assert len(small) > 0
    shapes = gpd.read_file(exported.files["shapefile"]).set_index("VILL_CODE")
    assert shapes.loc[small, ["TARGET_HH", "NEED"]].isna().all(axis=None)
    assert (shapes.loc[small, "HH_HIDDEN"] == 1).all()
    assert not shapes["TARGET_HH"].between(1, 4).any()
    book = openpyxl.load_workbook(exported.files["register"], read_only=True)
    rows = list(book["ทุกหมู่บ้าน"].iter_rows(values_only=True))
    head = next(number for number, row in enumerate(rows) if row[0] == "รหัสหมู่บ้าน")
    place = rows[head].index("ครัวเรือนเป้าหมาย")
    shown = {row[0]: row[place] for row in rows[head + 1 :]}
    assert {shown[code] for code in small} == {"ปกปิด"}


def test_no_reason_names_a_number_of_households(publication):
    for language in ("th", "en"):
        for reason in publication.villages[f"reason_{language}"]:
            told = re.sub(r"25\d\d", "", reason)
            assert not re.search(r"\d+ (ครัวเรือน|household)", told)
            assert "×" not in told


def test_an_export_replaces_the_one_before_as_a_whole(publication, exported):
    folder = exported.files["map"].parent
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    export_plan(publication, folder)
    after = {path.name for path in folder.iterdir()}
    assert after == set(before)
    assert (folder / "villages.zip").read_bytes() == before["villages.zip"]


def test_a_plan_that_was_saved_and_loaded_is_exported_to_the_same_shapefile(
    publication, exported, tmp_path
):
    folder = write_folder(tmp_path / "plans" / publication.plan.id, publication.plan.files)
    again = Publication.of(keeping.load(folder), publication.workspace)
    anew = export_plan(again, tmp_path / "outputs")
    assert anew.files["shapefile"].read_bytes() == exported.files["shapefile"].read_bytes()
