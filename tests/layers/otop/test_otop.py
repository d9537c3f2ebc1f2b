"""The OTOP register: real headers read, words understood, nothing kept of persons."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pandas as pd
import polars as pl
import pytest

from phaenthi.geo.places.codes import Level
from phaenthi.layers.contracts.contract import check
from phaenthi.layers.contracts.otop import OTOP_CONTRACT
from phaenthi.layers.imports.by_code import import_file
from phaenthi.layers.otop.summary import producers, summary_by_village
from phaenthi.layers.otop.words import read_word
from phaenthi.layers.villages.rollup import roll_up
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.wording import Problem
from tests.layers.office import open_office, write

REGISTER = """เลขทะเบียน OTOP,ชื่อผู้ผลิต/ผู้ประกอบการ,รหัสหมู่บ้าน,ชื่อผลิตภัณฑ์,ประเภทผลิตภัณฑ์,ระดับดาว,กลุ่มผลิตภัณฑ์,ประเภทผู้ผลิต,ปีที่ลงทะเบียน,ละติจูด,ลองจิจูด
460100001,กลุ่มทอผ้าไหมแพรวา,46010201,ผ้าไหมแพรวา,ผ้า เครื่องแต่งกาย,๕ ดาว,กลุ่ม A ดาวเด่นสู่สากล,กลุ่มผู้ผลิตชุมชน,2557,16.43,103.50
460100001,กลุ่มทอผ้าไหมแพรวา,46010201,ผ้าขาวม้า,3. ผ้า เครื่องแต่งกาย,3,D,กลุ่มผู้ผลิตชุมชน,2557,16.43,103.50
460100002,นางสมศรี ใจดี,46010202,ปลาร้าบอง,อาหาร,ไม่ได้ส่งคัดสรร,กลุ่ม D,ผู้ผลิตชุมชนที่เป็นเจ้าของรายเดียว,2562,,
460100003,วิสาหกิจชุมชนของดี,46010301,ของที่ไม่มีใครรู้จัก,ของวิเศษ,7 ดาว,E,SME,2565,1.0,1.0
460100004,กลุ่มจักสาน,46010299,กระติบข้าว,ของใช้,2,C,กลุ่ม,2560,16.43,103.50
"""  # noqa: E501 - a register's line is as long as it is


@pytest.fixture
def office(tmp_path: Path) -> Workspace:
    return open_office(tmp_path)


def test_the_headers_and_words_of_the_register_are_understood(
    office: Workspace, tmp_path: Path
) -> None:
    report = import_file(office, "otop", write(tmp_path, "otop.csv", REGISTER))
    layer = office.table("otop")
    assert len(producers(layer)) == 4
    assert summary_by_village(layer)["otop_products"].sum() == 4
    rows = layer.set_index("product_id")
    assert report.provenance.rows_kept == 4
    assert rows["stars"].fillna(0).to_dict() == {
        "ของที่ไม่มีใครรู้จัก": 0,
        "ปลาร้าบอง": 0,
        "ผ้าขาวม้า": 3,
        "ผ้าไหมแพรวา": 5,
    }
    silk, fish, odd = (rows.loc[name] for name in ("ผ้าไหมแพรวา", "ปลาร้าบอง", "ของที่ไม่มีใครรู้จัก"))
    assert (silk["category"], silk["quadrant"], silk["producer_type"]) == (
        "cloth",
        "A",
        "community",
    )
    assert (silk["product_family"], silk["registration_year"]) == ("silk_weaving", 2557)
    assert (fish["product_family"], fish["producer_type"]) == ("food_processing", "single")
    # A single owner's name is a person's; a position outside Thailand is none.
    assert pd.isna(fish["producer_th"])
    assert silk["producer_th"] == "กลุ่มทอผ้าไหมแพรวา"
    assert pd.isna(odd["longitude"])
    assert pd.isna(odd["category"])
    assert pd.isna(odd["quadrant"])
    told = {note.message_id.removeprefix("layers.notes.") for note in report.notes}
    assert told >= {
        "otop_words_unknown",
        "otop_families_unknown",
        "otop_ids_made",
        "otop_outside_thailand",
        "names_of_persons_left",
    }


def test_a_producer_of_an_unlisted_village_is_set_aside_with_its_row(
    office: Workspace, tmp_path: Path
) -> None:
    report = import_file(office, "otop", write(tmp_path, "otop.csv", REGISTER))
    aside = report.set_aside.iloc[0]
    assert (aside["row"], aside["found"]) == (6, "46010299")


def test_products_numbered_anew_by_each_producer_get_ids_of_their_own(
    office: Workspace, tmp_path: Path
) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["รหัสผู้ผลิต", "รหัสผลิตภัณฑ์", "รหัสหมู่บ้าน", "ผลิตภัณฑ์", "ดาว"])
    sheet.append(["P1", "1", 46010201, "ผ้าไหม", 4])
    sheet.append(["P2", "1", 46010202, "ข้าวแต๋น", "3 ดาว"])
    sheet.append(["P2", "2", 46010202, "กล้วยฉาบ", None])
    path = tmp_path / "otop.xlsx"
    book.save(path)
    import_file(office, "otop", path)
    rows = office.table("otop").set_index("product_id")
    assert sorted(rows.index) == ["2", "P1-1", "P2-1"]
    assert (rows.loc["P1-1", "stars"], rows.loc["P2-1", "stars"]) == (4, 3)


def test_swapped_coordinates_are_refused_with_their_row(office: Workspace, tmp_path: Path) -> None:
    swapped = REGISTER.replace("16.43,103.50", "103.50,16.43")
    with pytest.raises(Problem) as refused:
        import_file(office, "otop", write(tmp_path, "otop.csv", swapped))
    assert refused.value.message_id == "layers.coordinates_swapped"
    assert refused.value.row == 2
    assert not office.has("otop")


def test_a_row_that_names_no_product_is_set_aside(office: Workspace, tmp_path: Path) -> None:
    text = "รหัสผู้ผลิต,รหัสหมู่บ้าน,ผลิตภัณฑ์\nP1,46010201,\nP2,46010201,สบู่\n"
    report = import_file(office, "otop", write(tmp_path, "otop.csv", text))
    assert report.set_aside["reason"].tolist() == ["layers.set_aside.product_missing"]
    assert office.table("otop")["product_family"].tolist() == ["herbs"]


@pytest.mark.parametrize(
    ("column", "text", "meant"),
    [
        ("category", "1. อาหาร", "food"),
        ("category", "ประเภทเครื่องดื่ม", "drink"),
        ("category", "ของใช้/ของตกแต่ง/ของที่ระลึก", "household"),
        ("category", "สมุนไพรที่ไม่ใช่อาหาร", "herb"),
        ("category", "บริการ", None),
        ("quadrant", "Quadrant B (เอกลักษณ์สร้างคุณค่า)", "B"),
        ("quadrant", "c", "C"),
        ("quadrant", "Abc", None),
        ("quadrant", "กลุ่ม", None),
        ("producer_type", "ผู้ผลิตชุมชนเจ้าของรายเดียว", "single"),
        ("producer_type", "วิสาหกิจขนาดกลางและขนาดย่อม (SME)", "sme"),
        ("producer_type", "บริษัท", None),
    ],
)
def test_words_are_read_as_the_register_writes_them(
    column: str, text: str, meant: str | None
) -> None:
    assert read_word(column, text) == meant


def rows(count: int) -> pl.DataFrame:
    made = pl.DataFrame(
        {
            "producer_id": [f"P{number // 2:06d}" for number in range(count)],
            "product_id": [f"X{number:06d}" for number in range(count)],
            "village_code": [f"4601{number % 20 + 1:02d}01" for number in range(count)],
            "stars": [number % 6 or None for number in range(count)],
            "quadrant": ["ABCD"[number % 4] for number in range(count)],
            "product_family": ["silk_weaving" for _ in range(count)],
        },
        schema_overrides={"stars": pl.Int64},
    )
    return check(OTOP_CONTRACT, made)


@pytest.mark.parametrize("count", [0, 1, 100_000])
def test_villages_are_summed_up_and_rolled_up_for_any_number_of_rows(count: int) -> None:
    summary = summary_by_village(rows(count))
    assert summary["otop_products"].sum() == count
    assert summary.select(
        pl.sum_horizontal("otop_stars_1_3", "otop_stars_4_5", "otop_stars_unknown").sum()
    ).item() in (count, 0)
    table = summary.to_pandas().astype({"village_code": "string"})
    whole = roll_up(table, Level.PROVINCE, ["otop_products", "otop_producers"])
    assert whole["otop_products"].sum() == count


def test_villages_of_which_nothing_is_known_are_counted_as_unknown() -> None:
    blank = check(
        OTOP_CONTRACT,
        pl.DataFrame({"producer_id": ["P1"], "product_id": ["X"], "village_code": ["46010201"]}),
    )
    summary = summary_by_village(blank).row(0, named=True)
    assert summary["otop_stars_unknown"] == summary["otop_quadrant_unknown"] == 1
    assert summary["otop_community"] == 0


def test_a_producer_of_two_families_is_a_member_of_each() -> None:
    table = rows(4).with_columns(
        pl.Series("product_family", ["silk_weaving", "basketry", "herbs", "herbs"]),
        pl.Series("product_th", ["ผ้าไหม", "ตะกร้า", "สบู่", "ยาหม่อง"]),
    )
    found = producers(table)
    assert found["member_id"].tolist() == [
        "P000000/basketry",
        "P000000/silk_weaving",
        "P000001/herbs",
    ]
    assert found["product_th"].tolist()[2] == "สบู่, ยาหม่อง"
    assert found["products"].tolist() == [1, 1, 2]
