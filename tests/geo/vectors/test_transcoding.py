"""GeoJSON and KML of old programs keep their Thai, and damaged text is not guessed at."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from phaenthi.geo.vectors.files import list_layers, read
from phaenthi.wording import Problem

NAME = "บ้านน้ำเกลี้ยง ต.ลำปาว"
GEOJSON = json.dumps(
    {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"ชื่อ": NAME},
                "geometry": {"type": "Point", "coordinates": [103.5, 16.4]},
            }
        ],
    },
    ensure_ascii=False,
)
KML = (
    '<?xml version="1.0" encoding="{}"?>\n<kml xmlns="http://www.opengis.net/kml/2.2"><Document>'
    f"<Placemark><name>{NAME}</name><Point><coordinates>103.5,16.4</coordinates></Point>"
    "</Placemark></Document></kml>"
)


@pytest.mark.parametrize(
    ("encoding", "told"), [("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("cp874", "cp874")]
)
def test_a_geojson_is_read_in_the_encoding_that_it_has(
    tmp_path: Path, encoding: str, told: str
) -> None:
    path = tmp_path / "a.geojson"
    path.write_bytes(GEOJSON.encode(encoding))
    file = read(path)
    assert (file.encoding, file.table["ชื่อ"].to_list()) == (told, [NAME])
    assert len(file.notes) == (told == "cp874")
    assert len(list_layers(path)) == 1


def test_a_geojson_of_utf_16_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    path.write_bytes(GEOJSON.encode("utf-16"))
    assert read(path).table["ชื่อ"].to_list() == [NAME]


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ("UTF-8", "utf-8"),
        ("TIS-620", "cp874"),
        ("windows-874", "cp874"),
        ("UTF-8", "cp874"),
        ("TIS-620", "utf-8"),
        ("UTF-16", "utf-16"),
    ],
)
def test_a_kml_is_read_whatever_its_first_line_declares(
    tmp_path: Path, declared: str, encoding: str
) -> None:
    path = tmp_path / "a.kml"
    path.write_bytes(KML.format(declared).encode(encoding))
    assert read(path).table["Name"].to_list() == [NAME]


def test_the_user_may_name_the_encoding(tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    path.write_bytes(GEOJSON.replace(NAME, "Käse").replace("ชื่อ", "n").encode("latin-1"))
    assert read(path, encoding="latin-1").table["n"].to_list() == ["Käse"]
    with pytest.raises(Problem, match="neither sound UTF-8 nor Thai"):
        read(path, encoding="no such")
    with pytest.raises(Problem, match="neither sound UTF-8 nor Thai"):
        read(path)


def test_damaged_utf_8_is_not_taken_for_the_old_thai_encoding(tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    raw = GEOJSON.encode()
    at = raw.index("ล".encode())
    path.write_bytes(raw[: at + 1] + b"x" + raw[at + 2 :])
    with pytest.raises(Problem, match="neither sound UTF-8 nor Thai"):
        read(path)
