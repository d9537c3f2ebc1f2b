"""Registers of tourism as offices keep them: read, joined, counted."""

from __future__ import annotations

from datetime import time
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from openpyxl import Workbook

from phaenthi.layers.contracts.tourism import ATTRACTIONS, COMMUNITIES, PROGRAMMES
from phaenthi.layers.imports.by_code import import_file
from phaenthi.layers.tourism.summary import join_programmes, summary_by_village
from phaenthi.wording import Problem
from tests.layers.office import open_office, write
from tests.layers.routes_by_hand import (
    PLASTER,
    VILLAGE,
    WEAVING,
    communities,
    programmes,
    rows_of,
)

REGISTER = """\
รหัสชุมชน,รหัสหมู่บ้าน,ชื่อชุมชน,ประเภทชุมชน,จำนวนนักท่องเที่ยว,จำนวนผลิตภัณฑ์,พร้อมรองรับนักท่องเที่ยว,\
ละติจูด,ลองจิจูด,ผู้ประสานงาน,โทรศัพท์
C1,46010201,ชุมชนหนองไผ่,ประเภท B,"1,200",6,ใช่,16.43,103.50,สมชาย ใจดี,0812345678
C2,46010202,ชุมชนโนนสูง,เอ,,,,,,,
"""
CARDS = """\
รหัสโปรแกรม,รหัสชุมชน,ชื่อโปรแกรม,ระยะเวลา,เวลา,ราคาต่อคน,จำนวนผู้เข้าร่วมที่สามารถรับได้,วันที่ให้บริการ,\
เจ้าของ
P1,C1,ทอผ้า,3 ชั่วโมง,09.00 น.,250,35 คน,ทุกวัน (แจ้งล่วงหน้า),สมหญิง
P2,C1,ปั้นปูน,๒ ชม.,13.00-15.00 น.,๑๕๙ บาท,35,เสาร์-อาทิตย์,
P3,C9,จักสาน,90 นาที,"09.00-12.00, 13.00-16.00",,,,
"""


@pytest.fixture
def office(tmp_path):
    return open_office(tmp_path)


def held(workspace, name):
    return workspace.scan(name).collect()


def test_a_register_of_communities_is_read_without_anybodys_name(office, tmp_path):
    report = import_file(office, "tourism_communities", write(tmp_path, "c.csv", REGISTER))
    rows = held(office, "tourism_communities").to_dicts()
    assert [row["class_th"] for row in rows] == ["B", "A"]
    assert (rows[0]["visitors"], rows[0]["developed_products"]) == (1200, 6)
    assert rows[0]["ready_for_visitors"] is True
    assert rows[1]["visitors"] is None
    assert rows[1]["longitude"] is None
    told = " ".join(note.sentence("th") for note in report.notes)
    assert "โทรศัพท์" in told
    assert "สมชาย" not in str(rows)


def test_programme_cards_are_read_as_they_are_printed(office, tmp_path):
    import_file(office, "tourism_communities", write(tmp_path, "c.csv", REGISTER))
    report = import_file(office, "tourism_programmes", write(tmp_path, "p.csv", CARDS))
    rows = {row["programme_id"]: row for row in held(office, "tourism_programmes").to_dicts()}
    one, two, three = rows["P1"], rows["P2"], rows["P3"]
    assert (one["minutes"], one["opens"], one["closes"]) == (180, "09:00", None)
    assert (one["price_baht"], one["capacity"], one["days"]) == (250.0, 35, "1234567")
    assert (two["minutes"], two["opens"], two["closes"]) == (120, "13:00", "15:00")
    assert (two["price_baht"], two["days"]) == (159.0, "67")
    assert (three["opens"], three["closes"], three["price_baht"]) == (
        "09:00;13:00",
        "12:00;16:00",
        None,
    )
    told = " ".join(note.sentence("th") for note in report.notes)
    assert "1 โปรแกรมเป็นของชุมชนที่ไม่มีในทะเบียน" in told
    assert "สมหญิง" not in str(rows)


def test_a_workbook_with_times_of_a_spreadsheet_is_read(office, tmp_path):
    book = Workbook()
    sheet = book.active
    sheet.append(["รหัสแหล่งท่องเที่ยว", "ชื่อ", "เมือง", "เวลาเปิด", "เวลาปิด", "นาที", "lat", "lon"])
    sheet.append(["A1", "น้ำตก", "เมืองรอง", time(8, 30), time(16, 30), 60, 16.43, 103.5])
    path = tmp_path / "a.xlsx"
    book.save(path)
    import_file(office, "attractions", path)
    row = held(office, "attractions").to_dicts()[0]
    assert (row["opens"], row["closes"], row["city_class"]) == ("08:30", "16:30", "secondary")
    assert (row["minutes"], row["longitude"]) == (60, 103.5)


@pytest.mark.parametrize(
    ("layer", "text", "problem", "row"),
    [
        ("tourism_communities", REGISTER.replace("เอ", "ดีมาก"), "class_unreadable", 3),
        (
            "tourism_communities",
            REGISTER.replace("16.43,103.50", "103.50,16.43"),
            "coordinates_swapped",
            2,
        ),
        ("tourism_programmes", CARDS.replace("09.00 น.", "เช้า"), "time_unreadable", 2),
        ("tourism_programmes", CARDS.replace("๒ ชม.", "นาน"), "length_unreadable", 3),
        ("tourism_programmes", CARDS.replace("เสาร์-อาทิตย์", "วันพระ"), "days_unreadable", 3),
        (
            "tourism_programmes",
            CARDS.replace("13.00-15.00", "15.00-13.00"),
            "closes_before_opens",
            3,
        ),
        ("tourism_programmes", CARDS.replace("P2", "P1"), "key_twice", 3),
        ("attractions", "รหัสแหล่งท่องเที่ยว,รหัสตำบล\nA1,46\nA2,9x\n", "area_code_unreadable", 3),
        ("attractions", "รหัสแหล่งท่องเที่ยว,เมือง\nA1,เมืองเก่า\n", "city_class_unreadable", 2),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_row(office, tmp_path, layer, text, problem, row):
    with pytest.raises(Problem) as refused:
        import_file(office, layer, write(tmp_path, "bad.csv", text))
    assert (refused.value.message_id, refused.value.row) == (f"layers.{problem}", row)
    assert not office.has(layer)


def test_codes_of_attractions_may_be_of_any_level(office, tmp_path):
    text = "รหัสแหล่งท่องเที่ยว,รหัสพื้นที่\nA1,TH460102\nA2,๔๖๐๑\nA3,46\nA4,\n"
    import_file(office, "attractions", write(tmp_path, "a.csv", text))
    codes = held(office, "attractions").sort("attraction_id")["area_code"].to_list()
    assert codes == ["460102", "4601", "46", None]


def test_programmes_are_joined_and_those_of_no_community_counted():
    lost = {**WEAVING, "programme_id": "P9", "community_id": "C9"}
    bare = {"community_id": "C2", "village_code": "51010903"}
    of_bare = {**WEAVING, "programme_id": "P5", "community_id": "C2"}
    joined = join_programmes(
        programmes(WEAVING, PLASTER, lost, of_bare), communities(VILLAGE, bare)
    )
    assert joined.table["programme_id"].to_list() == ["P1", "P2", "P5"]
    assert (joined.unmatched, joined.unplaced) == (1, 1)
    assert joined.table["class_th"].to_list() == ["B", "B", None]


def test_villages_and_areas_add_up_and_what_is_unknown_stays_unknown():
    other = {"community_id": "C2", "village_code": "51010903", "visitors": 100}
    third = {"community_id": "C3", "village_code": "51020101"}
    register = communities({**VILLAGE, "visitors": 50}, other, third)
    free = {**PLASTER, "price_baht": None, "capacity": None}
    summary = summary_by_village(register, programmes(WEAVING, free))
    first, second = summary.to_dicts()
    assert (first["communities"], first["class_b"], first["class_unknown"]) == (2, 1, 1)
    assert (first["visitors"], first["visitors_known"]) == (150, 2)
    assert (first["programmes"], first["programmes_priced"], first["capacity"]) == (2, 1, 35)
    assert (first["lowest_price_baht"], second["programmes"]) == (250.0, 0)
    assert (second["visitors"], second["visitors_known"]) == (None, 0)


@pytest.mark.parametrize("rows", [0, 1, 100_000])
def test_summaries_survive_no_row_one_row_and_very_many(rows):
    numbers = np.arange(rows)
    codes = [f"4601{n % 90 + 10:02d}{n % 20 + 1:02d}" for n in numbers]
    ids = [f"C{n}" for n in numbers]
    register = rows_of(COMMUNITIES)
    if rows:
        facts = pl.DataFrame({"community_id": ids, "village_code": codes})
        register = pl.concat([register, facts], how="diagonal")
    offered = rows_of(PROGRAMMES)
    if rows:
        facts = pl.DataFrame({"programme_id": ids, "community_id": ids})
        offered = pl.concat([offered, facts], how="diagonal")
    summary = summary_by_village(register, offered)
    assert summary["communities"].sum() == rows
    assert (summary["programmes"].sum() or 0) == rows
    assert summary["visitors"].null_count() == summary.height
    assert summary_by_village(register)["programmes"].null_count() == summary.height


@pytest.mark.parametrize("contract", [COMMUNITIES, PROGRAMMES, ATTRACTIONS])
def test_every_column_has_a_name_in_both_languages(contract):
    for column in (*contract.columns, *contract.markers):
        assert column.label("th") != column.label("en")
    assert contract.label("th")


def test_a_table_of_a_hundred_thousand_cards_is_read(office, tmp_path):
    lines = ["รหัสโปรแกรม,รหัสชุมชน,ระยะเวลา,เวลา,วันที่ให้บริการ"]
    lines += [
        f"P{n},C{n % 500},{n % 3 + 1} ชั่วโมง,{n % 9 + 8:02d}.00 น.,ทุกวัน" for n in range(100_000)
    ]
    path = Path(write(tmp_path, "many.csv", "\n".join(lines)))
    assert import_file(office, "tourism_programmes", path).provenance.rows_kept == 100_000
