"""Travel from positions, from an office's table, and from the roads of an extract."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import osmium
import pytest
from hypothesis import given
from hypothesis import strategies as st

from phaenthi.geo.shapes.crs import ELLIPSOID
from phaenthi.geo.tours.roads import read_roads
from phaenthi.geo.tours.tour import NO_WAY
from phaenthi.geo.tours.travel import travel_by_great_circle, travel_by_table
from phaenthi.wording import LANGUAGES, Problem

PLACES = ("วัด", "ตลาด", "ชุมชน")
SQUARE = "ที่,วัด,ตลาด,ชุมชน\nวัด,0,10,๒๐\nตลาด,12,0,5\nชุมชน,20,5,0\n"


def write(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "travel.csv"
    path.write_bytes(text.encode(encoding))
    return path


def test_the_estimate_is_the_great_circle_times_the_detour():
    travel = travel_by_great_circle(
        [103.5, 103.6], [16.4, 16.5], detour=1.5, kilometres_per_hour=30
    )
    geodesic = ELLIPSOID.inv(103.5, 16.4, 103.6, 16.5)[2]
    assert travel.metres[0, 1] == pytest.approx(geodesic * 1.5, rel=0.006)
    assert travel.minutes[0, 1] == np.ceil(travel.metres[0, 1] / 500)
    assert travel.minutes[0, 0] == travel.metres[1, 1] == 0
    assert "1.5" in travel.source.sentence("th")


def test_whole_minutes_are_not_rounded_up():
    # 40 km/h are 666.67 metres a minute; a distance that takes 3 minutes takes 3, not 4.
    degrees = np.degrees(2000 / 6_371_008.8)
    travel = travel_by_great_circle(
        [100, 100], [15, 15 + degrees], detour=1, kilometres_per_hour=40
    )
    assert travel.minutes[0, 1] == 3


@given(st.lists(st.tuples(st.floats(97.4, 105.6), st.floats(5.6, 20.5)), max_size=6))
def test_there_and_back_are_alike_and_nothing_is_negative(places):
    travel = travel_by_great_circle([x for x, _ in places], [y for _, y in places])
    assert (travel.minutes == travel.minutes.T).all()
    assert (travel.minutes >= 0).all()
    assert len(travel.table()) == len(places)


@pytest.mark.parametrize(("detour", "speed"), [(0.9, 40), (float("nan"), 40), (1.4, 0), (1.4, 300)])
def test_settings_that_make_no_sense_are_refused(detour, speed):
    with pytest.raises(Problem) as refused:
        travel_by_great_circle([100], [15], detour=detour, kilometres_per_hour=speed)
    assert refused.value.message_id == "geo.travel_setting"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp874"])
def test_a_square_is_read_in_the_order_asked_for(tmp_path, encoding):
    travel = travel_by_table(write(tmp_path, SQUARE, encoding), ("ชุมชน", "วัด"))
    assert travel.table() == ((0, 20), (20, 0))
    assert travel.metres[0, 1] == NO_WAY


def test_kilometres_of_a_square_become_minutes_by_the_speed(tmp_path):
    path = write(tmp_path, SQUARE)
    travel = travel_by_table(path, PLACES, unit="kilometres", kilometres_per_hour=60)
    assert travel.minutes[0].tolist() == [0, 10, 20]
    assert travel.metres[1].tolist() == [12_000, 0, 5_000]


def test_a_list_of_pairs_may_tell_one_direction_for_both(tmp_path):
    path = write(tmp_path, "จาก;ถึง;นาที;กม.\nวัด;ตลาด;10;7.5\nวัด;ชุมชน;ไม่มีทาง;\nตลาด;ชุมชน;4.2;3\n")
    travel = travel_by_table(path, PLACES, both_ways=True)
    assert travel.table() == ((0, 10, NO_WAY), (10, 0, 5), (NO_WAY, 5, 0))
    assert travel.metres.tolist() == [[0, 7500, NO_WAY], [7500, 0, 3000], [NO_WAY, 3000, 0]]
    with pytest.raises(Problem) as refused:
        travel_by_table(path, PLACES)
    assert refused.value.message_id == "geo.travel_pair_missing"
    assert "ตลาด" in refused.value.sentence("th")


@pytest.mark.parametrize(
    ("text", "problem", "row", "column"),
    [
        (SQUARE.replace("12", "สิบ"), "geo.travel_unreadable", 3, "วัด"),
        (SQUARE.replace("12", "-3"), "geo.travel_unreadable", 3, "วัด"),
        (SQUARE.replace("12", ""), "geo.travel_pair_missing", None, None),
        (SQUARE.replace("ชุมชน", "สวน"), "geo.travel_place_missing", None, None),
        (SQUARE + "วัด,0,1,1\n", "geo.travel_pair_twice", None, None),
        ("", "geo.travel_table_shape", None, None),
        ("จาก,ถึง\nวัด,ตลาด\n", "geo.travel_table_shape", None, None),
        ("from,to,minutes\nวัด,ตลาด,1\nวัด,ตลาด,2\n", "geo.travel_pair_twice", 3, "minutes"),
    ],
)
def test_a_table_that_cannot_be_trusted_says_where(tmp_path, text, problem, row, column):
    with pytest.raises(Problem) as refused:
        travel_by_table(write(tmp_path, text), PLACES)
    assert (refused.value.message_id, refused.value.row, refused.value.column) == (
        problem,
        row,
        column,
    )
    for language in LANGUAGES:
        assert refused.value.sentence(language)


# -- roads ------------------------------------------------------------------------------------

# A square of villages: 1–2–3–4 by road, 4 lies on an island without any; 2→5→3 is a one-way
# motorway; a private drive would be a short cut from 1 to 3.
NODES = {1: (100.0, 15.0), 2: (100.1, 15.0), 3: (100.1, 15.1), 4: (100.5, 15.5), 5: (100.15, 15.05)}
NODES |= {6: (100.51, 15.5)}
WAYS = [
    (10, [1, 2], {"highway": "primary"}),
    (11, [2, 3], {"highway": "residential", "maxspeed": "20"}),
    (12, [2, 5, 3], {"highway": "motorway"}),
    (13, [1, 3], {"highway": "service", "access": "private"}),
    (14, [4, 6], {"highway": "primary"}),
    (15, [1, 4], {"waterway": "river"}),
]


@pytest.fixture(params=["roads.osm.pbf", "roads.osm"])
def extract(request, tmp_path):
    path = tmp_path / request.param
    writer = osmium.SimpleWriter(str(path))
    for number, place in NODES.items():
        writer.add_node(osmium.osm.mutable.Node(id=number, location=place, version=1))
    for number, nodes, tags in WAYS:
        writer.add_way(osmium.osm.mutable.Way(id=number, nodes=nodes, tags=tags, version=1))
    writer.close()
    return path


def test_roads_lead_the_quickest_way_and_one_way_only(extract):
    roads = read_roads(extract)
    ids = [1, 3]
    travel = roads.travel([NODES[n][0] for n in ids], [NODES[n][1] for n in ids])

    def metres(one: int, other: int) -> float:
        return ELLIPSOID.inv(*NODES[one], *NODES[other])[2]

    there = metres(1, 2) + metres(2, 5) + metres(5, 3)
    back = metres(3, 2) + metres(2, 1)
    assert travel.metres[0, 1] == pytest.approx(there, rel=0.006)
    assert travel.metres[1, 0] == pytest.approx(back, rel=0.006)
    quick = metres(1, 2) / (65 / 3.6) + (metres(2, 5) + metres(5, 3)) / (90 / 3.6)
    slow = metres(3, 2) / (20 / 3.6) + metres(2, 1) / (65 / 3.6)
    assert travel.minutes[0, 1] == pytest.approx(quick / 60, abs=1.01)
    assert travel.minutes[1, 0] == pytest.approx(slow / 60, abs=1.5)


def test_a_place_far_from_any_road_has_no_way_and_is_counted(extract):
    travel = read_roads(extract).travel([100.0, 100.5, 100.001], [15.0, 15.5, 15.0])
    assert travel.minutes[0, 1] == travel.minutes[1, 2] == travel.metres[1, 0] == NO_WAY
    assert 0 < travel.minutes[0, 2] < 3
    assert travel.minutes[1, 1] == 0
    assert travel.source.values["count"] == 1


def test_an_extract_that_is_none_is_refused(tmp_path, extract):
    cut = tmp_path / f"cut{''.join(extract.suffixes)}"
    cut.write_bytes(extract.read_bytes()[:40])
    empty = tmp_path / "empty.osm"
    empty.write_text('<osm version="0.6"></osm>', encoding="utf-8")
    for path, problem in (
        (tmp_path / "absent.osm.pbf", "geo.file_missing"),
        (cut, "geo.roads_unreadable"),
        (empty, "geo.roads_none"),
    ):
        with pytest.raises(Problem) as refused:
            read_roads(path)
        assert refused.value.message_id == problem
