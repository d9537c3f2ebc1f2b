"""Pictures: Thai is shaped, scale and north are true, warnings are there, bytes are the same."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from math import hypot
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyproj
import pytest
import shapely
import typst
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from phaenthi.apps.papers import fonts
from phaenthi.apps.papers.charts import write_chart, write_small_multiples
from phaenthi.apps.papers.labels import place_labels
from phaenthi.apps.papers.map_frame import fit, rings, round_scale
from phaenthi.apps.papers.map_picture import draw_map, write_map
from phaenthi.apps.papers.summary import write_summary_pdf
from phaenthi.apps.papers.typesetting import page_source, quote, typeset
from phaenthi.apps.publication.published_plan import Publication
from phaenthi.geo.shapes.crs import ELLIPSOID, GEOGRAPHIC
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.wording import Problem
from tests.apps.demo_plan import demo_publication

DAY = demo_publication().plan.decided_on


def small_page(text: str, family: str | None = None) -> str:
    chosen = f"#set text(font: {quote(family)})\n" if family else ""
    body = f"{chosen}#text(size: 40pt, {quote(text)})"
    return page_source(body, width=160, height=30, margin=4, size=40, language="th")


# -- typefaces -------------------------------------------------------------------------------------


def test_the_office_typeface_is_taken_before_others():
    given_ = ["Tahoma", "th sarabun new", "DejaVu Sans", "Laksaman"]
    assert fonts.pick_families(given_) == ("th sarabun new", "Laksaman", "Tahoma")


def test_a_machine_without_a_thai_typeface_is_told_what_to_install():
    with pytest.raises(Problem) as refused:
        fonts.pick_families(["DejaVu Sans", "Liberation Serif"])
    assert refused.value.message_id == "papers.no_thai_font"
    assert "fonts-thai-tlwg" in refused.value.sentence("th")


def ink_rows(text: str, tmp_path: Path) -> np.ndarray:
    path = tmp_path / "ink.png"
    typeset(small_page(text), path, DAY)
    ink = np.asarray(Image.open(path).convert("L")) < 128
    return np.flatnonzero(ink.any(axis=1))


def test_a_tone_mark_over_a_vowel_stands_higher_than_one_without(tmp_path):
    # Unshaped, both marks stand at one height: the tone collides with the vowel or floats.
    bare, stacked = ink_rows("กา", tmp_path), ink_rows("กี่", tmp_path)
    single = ink_rows("ก่า", tmp_path)
    assert stacked[0] < single[0] < bare[0]


def test_vowel_and_tone_do_not_run_into_each_other(tmp_path):
    path = tmp_path / "ink.png"
    typeset(small_page("ที่"), path, DAY)
    ink = np.asarray(Image.open(path).convert("L")) < 128
    columns = np.flatnonzero(ink.any(axis=0))
    rows = ink[:, columns[0] : columns[-1] + 1].any(axis=1)
    # Going down: tone, a gap or the vowel, and the letter; more than one run of ink.
    runs = np.flatnonzero(np.diff(np.concatenate([[0], rows.astype(int), [0]])) == 1)
    assert len(runs) >= 2


def test_yo_ying_loses_its_foot_over_a_vowel_below(tmp_path):
    alone, with_vowel = ink_rows("ญ", tmp_path), ink_rows("ญู", tmp_path)
    feet_and_vowel = ink_rows("ฎู", tmp_path)
    assert with_vowel[-1] > alone[-1]
    assert feet_and_vowel[-1] > with_vowel[-1] - 40


def test_no_text_is_run_as_a_program(tmp_path):
    evil = '#panic("x") $a$ *b* "c" \\ \n @d <e> ก'
    body = f"#text({quote(evil)})"
    source = page_source(body, width=160, height=60, margin=4, size=9, language="th")
    typeset(source, tmp_path / "a.pdf", DAY)


@given(st.text(max_size=30))
@settings(max_examples=60, deadline=None)
def test_any_text_can_be_set(text):
    shown = text.replace("\x00", "")
    source = f"#let t = {quote(shown)}\n#metadata(t) <t>"
    found = typst.query(source.encode("utf-8", errors="ignore"), "<t>", field="value", one=True)
    assert json.loads(found) == shown.encode("utf-8", errors="ignore").decode("utf-8")


def test_another_kind_of_picture_is_refused(tmp_path):
    with pytest.raises(Problem) as refused:
        typeset(small_page("ก"), tmp_path / "a.gif", DAY)
    assert refused.value.message_id == "papers.picture_format"


def test_what_needs_two_pages_is_refused(tmp_path):
    source = page_source("ก #pagebreak() ข", width=50, height=50, margin=5, size=10, language="th")
    for ending in (".png", ".svg", ".pdf"):
        with pytest.raises(Problem) as refused:
            typeset(source, tmp_path / f"a{ending}", DAY)
        assert refused.value.message_id == "papers.not_on_one_page"
        assert not (tmp_path / f"a{ending}").exists()


# -- frame, scale, north ---------------------------------------------------------------------------


def square(west: float, south: float, size: float) -> gpd.GeoDataFrame:
    shape = shapely.box(west, south, west + size, south + size)
    return gpd.GeoDataFrame({"code": ["x"]}, geometry=[shape], crs=GEOGRAPHIC)


places = st.tuples(st.floats(97.5, 105), st.floats(6, 20), st.floats(0.02, 1.5), st.floats(80, 380))


@given(places)
@settings(max_examples=60, deadline=None)
def test_everything_lies_inside_the_frame_at_a_round_scale(place):
    west, south, size, width = place
    areas = square(west, south, size)
    frame = fit(areas, width, width * 0.7)
    (lines,) = rings(areas, frame)
    points = np.vstack(lines)
    assert (points > 0).all()
    assert (points < [width, width * 0.7]).all()
    assert round_scale(frame.denominator) == frame.denominator


@given(places)
@settings(max_examples=60, deadline=None)
def test_the_scale_bar_is_as_long_as_the_ground_it_names(place):
    west, south, size, width = place
    frame = fit(square(west, south, size), width, width * 0.7)
    kilometres, length = frame.bar(50)
    assert 0 < length <= 50
    middle = frame.height / 2
    ends = [(frame.width / 2 + side * length / 2, middle) for side in (-1, 1)]
    metres = frame.metres_a_millimetre
    back = pyproj.Transformer.from_crs(frame.crs, GEOGRAPHIC, always_xy=True)
    (lon1, lat1), (lon2, lat2) = (
        back.transform(frame.west + x * metres, frame.north - y * metres) for x, y in ends
    )
    ground = ELLIPSOID.inv(lon1, lat1, lon2, lat2)[2]
    assert ground == pytest.approx(kilometres * 1000, rel=2e-4)


@given(places)
@settings(max_examples=60, deadline=None)
def test_the_arrow_points_to_true_north(place):
    west, south, size, width = place
    frame = fit(square(west, south, size), width, width * 0.7)
    metres = frame.metres_a_millimetre
    x = frame.west + frame.width / 2 * metres
    y = frame.north - frame.height / 2 * metres
    back = pyproj.Transformer.from_crs(frame.crs, GEOGRAPHIC, always_xy=True)
    forth = pyproj.Transformer.from_crs(GEOGRAPHIC, frame.crs, always_xy=True)
    longitude, latitude = back.transform(x, y)
    north_x, north_y = forth.transform(longitude, latitude + 0.001)
    clockwise = np.degrees(np.arctan2(north_x - x, north_y - y))
    assert frame.north_turn == pytest.approx(clockwise, abs=0.01)


@given(st.floats(1, 1e8))
def test_a_scale_is_never_larger_than_fits(denominator):
    shown = round_scale(denominator)
    assert denominator - 0.51 <= shown <= denominator * 1.26 + 1


def test_neighbours_keep_their_common_edge_on_paper():
    left, right = square(102, 15, 0.5), square(102.5, 15, 0.5)
    both = gpd.GeoDataFrame({"code": ["a", "b"]}, geometry=[*left.geometry, *right.geometry])
    both = both.set_crs(GEOGRAPHIC)
    frame = fit(both, 150, 100)
    first, second = (np.round(np.vstack(lines), 6).tolist() for lines in rings(both, frame))
    assert len({tuple(p) for p in first} & {tuple(p) for p in second}) == 2


# -- names -----------------------------------------------------------------------------------------


@given(st.lists(st.tuples(st.floats(20, 180), st.floats(20, 120)), min_size=1, max_size=12))
@settings(max_examples=50, deadline=None)
def test_names_do_not_lie_on_each_other(wanted):
    names = ["บ้านใหม่ไชยพจน์"] * len(wanted)
    labels = place_labels(names, np.array(wanted), np.empty((0, 2)), points=8, page=(200, 140))
    for number, one in enumerate(labels):
        assert hypot(one.x - wanted[number][0], one.y - wanted[number][1]) < 40
        for other in labels[:number]:
            assert abs(one.y - other.y) > 2.5 or abs(one.x - other.x) > 15


def test_a_name_moves_away_from_the_symbols_it_would_hide():
    symbols = np.array([[50.0, 50.0]])
    (label,) = place_labels(["เลย"], symbols, symbols, points=8, page=(100, 100))
    assert hypot(label.x - 50, label.y - 50) > 2


# -- maps, charts, summary -------------------------------------------------------------------------


@pytest.mark.parametrize(("paper", "longest"), [("A4", 3508), ("A3", 4961)])
def test_a_map_prints_at_its_size(tmp_path, paper, longest):
    write_map(demo_publication(), tmp_path / "map.png", paper=paper)
    picture = Image.open(tmp_path / "map.png")
    assert max(picture.size) == longest
    assert picture.info["dpi"] == pytest.approx((300, 300), abs=0.1)
    picture.load()


def test_every_village_with_a_point_is_on_the_map():
    publication = demo_publication()
    part = draw_map(publication, (150, 150), "th")
    placed = publication.villages.geometry.notna().sum()
    assert part.source.count("-of(") == placed
    assert part.unplaced == len(publication.villages) - placed
    assert sum(part.counts.values()) == len(publication.villages)


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler-utils is not installed")
def test_a_map_tells_title_legend_scale_sources_and_warnings(tmp_path):
    write_map(demo_publication(), tmp_path / "map.pdf")
    out = subprocess.run(
        ["pdftotext", str(tmp_path / "map.pdf"), "-"], check=True, capture_output=True
    )
    told = re.sub(r"\s", "", out.stdout.decode("utf-8"))
    for part in ("Natural", "1:", "UTM", "47N", "WGS84", "2562", "GeoThai"):
        assert part in told


@pytest.mark.parametrize("write", [write_map, write_chart, write_small_multiples])
@pytest.mark.parametrize("ending", [".png", ".svg", ".pdf"])
def test_the_same_plan_gives_the_same_picture(tmp_path, write, ending):
    for name in ("a", "b"):
        write(demo_publication(), tmp_path / f"{name}{ending}", "th")
    assert (tmp_path / f"a{ending}").read_bytes() == (tmp_path / f"b{ending}").read_bytes()


def test_letters_in_an_svg_are_outlines_that_need_no_typeface(tmp_path):
    write_chart(demo_publication(), tmp_path / "chart.svg")
    drawn = (tmp_path / "chart.svg").read_text(encoding="utf-8")
    assert "<text" not in drawn
    assert "http" not in re.sub(r'xmlns(:\w+)?="[^"]*"', "", drawn)


def test_the_summary_is_one_page_and_the_same_each_time(tmp_path):
    for name in ("a", "b"):
        write_summary_pdf(demo_publication(), tmp_path / f"{name}.pdf")
    first = (tmp_path / "a.pdf").read_bytes()
    assert first == (tmp_path / "b.pdf").read_bytes()
    assert len(re.findall(rb"/Type\s*/Page\b", first)) == 1


def test_pictures_speak_english_when_asked(tmp_path):
    for write in (write_map, write_chart, write_small_multiples, write_summary_pdf):
        write(demo_publication(), tmp_path / "a.pdf", "en")


def test_a_workspace_without_boundaries_has_no_map(tmp_path):
    publication = demo_publication()
    bare = Workspace.create(tmp_path / "bare", made_up=True)
    empty = Publication(publication.plan, publication.programme, bare)
    empty.__dict__["villages"] = publication.villages
    with pytest.raises(Problem) as refused:
        write_map(empty, tmp_path / "map.png")
    assert refused.value.message_id == "papers.no_boundaries"
