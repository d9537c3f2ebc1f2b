"""A map file is found in whatever parcel it comes in, and several are told by name."""

from __future__ import annotations

import gzip
import json
import zipfile
from pathlib import Path

import geopandas as gpd
import pytest
from shapely.geometry import Point

from phaenthi.geo.vectors import unpacking
from phaenthi.geo.vectors.files import list_layers, read
from phaenthi.wording import Problem

NAME = "บ้านน้ำเกลี้ยง"
TOPOLOGY = {
    "type": "Topology",
    "transform": {"scale": [0.001, 0.001], "translate": [103.0, 16.0]},
    "objects": {
        "amphoe": {
            "type": "GeometryCollection",
            "geometries": [
                {"type": "Polygon", "arcs": [[0, 1]], "properties": {"ADM2_PCODE": "TH4601"}},
                {"type": "Polygon", "arcs": [[-1, 2]], "properties": {"ADM2_PCODE": "TH4602"}},
            ],
        }
    },
    "arcs": [
        [[100, 0], [0, 100]],
        [[100, 100], [-100, 0], [0, -100], [100, 0]],
        [[100, 0], [100, 0], [0, 100], [-100, 0]],
    ],
}


def points(name: str = NAME) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame({"NAME_TH": [name]}, geometry=[Point(103, 16)], crs=4326)


def written(path: Path, name: str = NAME) -> Path:
    points(name).to_file(path, driver="KML" if path.suffix == ".kml" else None)
    return path


def zip_of(path: Path, **parts: Path) -> Path:
    """Pack files under the names given, of a shapefile with all that belongs to it."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, source in parts.items():
            beside = source.parent.glob(f"{source.stem}.*") if source.suffix == ".shp" else [source]
            for part in beside:
                archive.write(part, f"{name.replace('__', '/')}{part.suffix}")
    return path


def test_a_topojson_is_unquantised_and_its_neighbours_share_their_edge(tmp_path: Path) -> None:
    path = tmp_path / "amphoe.json.gz"
    path.write_bytes(gzip.compress(json.dumps(TOPOLOGY).encode()))
    file = read(path)
    assert (file.driver, file.table["ADM2_PCODE"].to_list()) == ("TopoJSON", ["TH4601", "TH4602"])
    west, east = file.table.geometry
    assert west.bounds == pytest.approx((103.0, 16.0, 103.1, 16.1))
    assert west.intersection(east).length == pytest.approx(0.1)


@pytest.mark.parametrize("suffix", [".geojson", ".kml", ".fgb", ".gpkg"])
def test_a_gzipped_file_is_read_as_the_file(tmp_path: Path, suffix: str) -> None:
    plain = written(tmp_path / f"a{suffix}")
    packed = tmp_path / f"b{suffix}.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    assert read(packed).table["NAME_TH"].to_list() == [NAME]


def test_a_kmz_with_pictures_is_read(tmp_path: Path) -> None:
    picture = tmp_path / "icon.png"
    picture.write_bytes(b"\x89PNG")
    path = zip_of(tmp_path / "a.kmz", doc=written(tmp_path / "a.kml"), files__icon=picture)
    file = read(path)
    assert (file.driver, file.notes) == ("KML", ())
    assert file.table["NAME_TH"].to_list() == [NAME]


def test_a_shapefile_in_a_zip_in_a_folder_of_a_zip_is_read(tmp_path: Path) -> None:
    inner = zip_of(tmp_path / "inner.zip", villages=written(tmp_path / "a.shp"))
    outer = zip_of(tmp_path / "outer.zip", ส่งมอบ__2563__villages=inner)
    assert read(outer).table["NAME_TH"].to_list() == [NAME]


def test_parcels_in_parcels_end_somewhere(tmp_path: Path) -> None:
    inside = written(tmp_path / "a.geojson")
    for depth in range(6):
        inside = zip_of(tmp_path / f"{depth}.zip", a=inside)
    with pytest.raises(Problem, match="no map file"):
        read(inside)


def test_the_layers_of_a_geopackage_are_listed_and_one_must_be_chosen(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    points("ตำบล").to_file(path, layer="ตำบล")
    points("อำเภอ").to_file(path, layer="อำเภอ")
    assert list_layers(path) == ("ตำบล", "อำเภอ")
    with pytest.raises(Problem, match="ตำบล, อำเภอ"):
        read(path)
    assert read(path, layer="อำเภอ").table["NAME_TH"].to_list() == ["อำเภอ"]
    with pytest.raises(Problem, match="Say which layer"):
        read(path, layer="จังหวัด")


def test_layers_of_files_of_a_zip_are_told_apart(tmp_path: Path) -> None:
    several = tmp_path / "b.gpkg"
    points("1").to_file(several, layer="one")
    points("2").to_file(several, layer="two")
    old = written(tmp_path / "c.shp", "เก่า")
    new = written(tmp_path / "d.shp", "ใหม่")
    path = zip_of(tmp_path / "a.zip", b=several, old__areas=old, new__areas=new)
    assert list_layers(path) == ("b/one", "b/two", "old/areas", "new/areas")
    names = [read(path, layer=layer).table["NAME_TH"][0] for layer in list_layers(path)]
    assert names == ["1", "2", "เก่า", "ใหม่"]


def test_a_json_of_settings_beside_the_map_is_no_second_map(tmp_path: Path) -> None:
    settings = tmp_path / "settings.json"
    settings.write_text('{"theme": "dark"}')
    path = zip_of(tmp_path / "a.zip", areas=written(tmp_path / "b.shp"), settings=settings)
    assert list_layers(path) == ("areas",)
    assert len(read(path).table) == 1


def test_a_thai_name_packed_by_windows_is_readable(tmp_path: Path) -> None:
    path = zip_of(
        tmp_path / "a.zip", one=written(tmp_path / "a.geojson"), two=tmp_path / "a.geojson"
    )
    raw = path.read_bytes().replace(b"one.geojson", "กบค.geojson".encode("cp874"))
    path.write_bytes(raw)
    assert list_layers(path) == ("กบค", "two")


def test_a_file_under_a_wrong_name_is_read_as_what_it_is(tmp_path: Path) -> None:
    kmz = zip_of(tmp_path / "a.kmz", doc=written(tmp_path / "a.kml"))
    file = read(kmz.rename(tmp_path / "b.kml"))
    assert file.table["NAME_TH"].to_list() == [NAME]
    assert "“.kml” แต่เนื้อแฟ้มเป็น zip" in file.notes[0].sentence("th").replace(".kml", "“.kml”")
    assert read(written(tmp_path / "c.fgb").rename(tmp_path / "d.shp")).driver == "FlatGeobuf"


def test_a_file_that_points_at_other_files_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.kml"
    path.write_text("<OGRVRTDataSource><OGRVRTLayer name='a'><kml></kml></OGRVRTLayer>")
    with pytest.raises(Problem, match="no map file of any kind"):
        read(path)


def test_an_empty_file_and_a_locked_zip_are_refused(tmp_path: Path) -> None:
    empty = tmp_path / "a.geojson"
    empty.touch()
    with pytest.raises(Problem, match="0 bytes"):
        read(empty)
    path = zip_of(tmp_path / "a.zip", a=written(tmp_path / "b.geojson"))
    locked = path.read_bytes().replace(
        b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01"
    )
    path.write_bytes(locked)
    with pytest.raises(Problem, match="password"):
        read(path)


def test_a_parcel_that_would_fill_the_disk_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unpacking, "LARGEST_BYTES", 100)
    plain = written(tmp_path / "a.geojson")
    packed = tmp_path / "a.geojson.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    for path in (zip_of(tmp_path / "a.zip", a=plain), packed):
        with pytest.raises(Problem, match="too large"):
            read(path)
