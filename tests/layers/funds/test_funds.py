"""The register of funds: kinds, levels the right way round, what failed, what is set aside."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phaenthi.layers.funds import types as fund_types
from phaenthi.layers.funds.remedies import (
    find_principle,
    principles,
    read_principles,
    remedies,
    remedy_counts,
)
from phaenthi.layers.funds.types import find_fund_type, read_level, read_order
from phaenthi.layers.imports.by_code import import_file
from phaenthi.layers.imports.by_place import import_matched
from phaenthi.wording import LANGUAGES, Problem
from tests.layers.funds_by_hand import funds
from tests.layers.office import open_office, write

HEAD = "รหัสหมู่บ้าน,ประเภทกองทุน,ปีที่ประเมิน,ระดับ"


def test_a_register_with_thai_headers_becomes_funds(tmp_path: Path) -> None:
    workspace = open_office(tmp_path)
    register = (
        "ที่,รหัสหมู่บ้าน,ชื่อกองทุน,ประเภทกองทุน,ปีงบประมาณ,ระดับธรรมาภิบาล,จำนวนสมาชิก,เงินสัจจะสะสม,"
        "ลูกหนี้เงินกู้,หนี้ค้างชำระ,ไม่ผ่านตัวชี้วัดบังคับ,หลักที่ไม่ผ่าน,ชื่อ-สกุล ประธาน,โทรศัพท์\n"
        '1,46010201,กลุ่มออมทรัพย์บ้านหนองไผ่,กลุ่มออมทรัพย์ฯ,๒๕๖๗,ระดับ ๑,85,"1,250,000",900000,45000,มี,'
        '"หลักนิติธรรม, ความโปร่งใส",ใครคนหนึ่ง,0800000000\n'
        "2,46010202,,กข.คจ.,2567,3 (ดี),,280000,,,ไม่มี,,,\n"
        "3,46010301,,กองทุนแม่ของแผ่นดิน,2567,B,40,,,,,,,\n"
    )
    report = import_file(workspace, "funds", write(tmp_path, "กองทุน.csv", register, "cp874"))
    table = workspace.table("funds")
    assert table["fund_type"].tolist() == ["savings", "poverty_fund", "mother_of_land"]
    assert table["governance_level"].tolist()[:2] == [1, 3]
    assert table["governance_level"].isna().tolist() == [False, False, True]
    assert table["grade"].fillna("").tolist() == ["", "", "B"]
    assert table["failed_principles"].fillna("").tolist() == ["rule_of_law; transparency", "", ""]
    assert table["failed_mandatory"].fillna(value=False).tolist() == [True, False, False]
    assert table["overdue_baht"].fillna(-1).tolist() == [45000, -1, -1]
    assert table["fund_id"].tolist()[0] == "46010201-savings-1"
    told = {note.message_id for note in report.notes}
    assert "layers.notes.personal_columns_left" in told
    assert "layers.notes.ids_made" in told
    assert not any("ใครคนหนึ่ง" in note.sentence("th") for note in report.notes)
    assert "ใครคนหนึ่ง" not in table.to_string()


@pytest.mark.parametrize(
    ("told", "figure", "word"),
    [
        ("1", 1, None),
        ("ระดับ ๓", 3, None),
        ("ระดับที่ 2", 2, None),
        ("ระดับ 3 (ดี)", 3, 3),
        ("ปานกลาง", None, 2),
        ("พอใช้/ปรับปรุง", None, 1),
        ("ต้องปรับปรุง", None, 1),
        ("ระดับ 1 (ดี)", 1, 3),
        ("4", None, None),
        ("ไม่ได้ประเมิน", None, None),
    ],
)
def test_a_level_is_read_in_figures_and_in_words(
    told: str, figure: int | None, word: int | None
) -> None:
    assert read_level(told) == (figure, word)


def test_figures_and_words_that_contradict_each_other_are_refused_with_their_row(
    tmp_path: Path,
) -> None:
    workspace = open_office(tmp_path)
    file = write(
        tmp_path,
        "f.csv",
        f"{HEAD}\n46010201,ออมทรัพย์,2567,2\n46010202,ออมทรัพย์,2567,ระดับ 1 (ดี)\n",
    )
    with pytest.raises(Problem) as caught:
        import_file(workspace, "funds", file)
    assert caught.value.message_id == "layers.level_and_words_differ"
    assert caught.value.row == 3
    assert "level_order=1_is_good" in caught.value.sentence("th")
    assert not workspace.has("funds")


def test_a_file_that_counts_the_other_way_is_turned_when_it_says_so(tmp_path: Path) -> None:
    workspace = open_office(tmp_path)
    file = write(
        tmp_path,
        "f.csv",
        f"{HEAD}\n46010201,ออมทรัพย์,2567,ระดับ 1 (ดี)\n46010202,ออมทรัพย์,2567,2\n"
        "46010301,ออมทรัพย์,2567,3\n",
    )
    import_file(workspace, "funds", file, constants={"level_order": "1_is_good"})
    assert workspace.table("funds")["governance_level"].tolist() == [3, 2, 1]


def test_words_mean_the_same_whichever_way_the_figures_run(tmp_path: Path) -> None:
    workspace = open_office(tmp_path)
    file = write(
        tmp_path, "f.csv", f"{HEAD}\n46010201,ออมทรัพย์,2567,ดี\n46010202,ออมทรัพย์,2567,ปรับปรุง\n"
    )
    import_file(workspace, "funds", file, constants={"level_order": "1_is_good"})
    assert workspace.table("funds")["governance_level"].tolist() == [3, 1]


def test_a_column_of_words_beside_the_figures_is_held_against_them(tmp_path: Path) -> None:
    workspace = open_office(tmp_path)
    rows = f"{HEAD},แปลผล\n46010201,ออมทรัพย์,2567,1,ดี\n"
    with pytest.raises(Problem) as caught:
        import_file(workspace, "funds", write(tmp_path, "f.csv", rows))
    assert caught.value.message_id == "layers.level_and_words_differ"


@pytest.mark.parametrize(
    ("row", "message", "constants"),
    [
        ("46010201,ออมทรัพย์,2567,5", "layers.level_unreadable", {}),
        ("46010201,กองทุนลับ,2567,1", "layers.fund_types_unknown", {}),
        ("46010201,ออมทรัพย์,2024,1", "layers.year_not_buddhist", {}),
        ("46010201,ออมทรัพย์,2567,1", "layers.level_order_unknown", {"level_order": "ทางไหนก็ได้"}),
    ],
)
def test_what_cannot_be_read_is_refused(
    tmp_path: Path, row: str, message: str, constants: dict[str, str]
) -> None:
    workspace = open_office(tmp_path)
    with pytest.raises(Problem) as caught:
        import_file(
            workspace, "funds", write(tmp_path, "f.csv", f"{HEAD}\n{row}\n"), constants=constants
        )
    assert caught.value.message_id == message


def test_unknown_kinds_unlisted_villages_and_repeats_are_set_aside_and_counted(
    tmp_path: Path,
) -> None:
    workspace = open_office(tmp_path)
    rows = (
        f"{HEAD},รหัสกองทุน\n46010201,ออมทรัพย์,2567,1,a\n46010201,กองทุนลับ,2567,1,b\n"
        "46010209,ออมทรัพย์,2567,1,c\n46010201,ออมทรัพย์,2567,1,a\nรวม,,,,\n"
    )
    report = import_file(workspace, "funds", write(tmp_path, "f.csv", rows))
    assert report.provenance.rows_kept == 1
    assert report.set_aside["row"].tolist() == [3, 4, 5, 6]
    assert [reason.rpartition(".")[2] for reason in report.set_aside["reason"]] == [
        "fund_type_unknown",
        "village_not_listed",
        "repeated_row",
        "total_row",
    ]


def test_a_register_with_names_of_villages_is_matched_like_any_other(tmp_path: Path) -> None:
    workspace = open_office(tmp_path)
    rows = (
        "จังหวัด,อำเภอ,ตำบล,หมู่ที่,หมู่บ้าน,ประเภทกองทุน,ปี,ระดับ\n"
        "กาฬสินธุ์,เมืองกาฬสินธุ์,เหนือ,1,บ้านหนองไผ่,กลุ่มออมทรัพย์เพื่อการผลิต,2567,ปานกลาง\n"
    )
    import_matched(workspace, "funds", write(tmp_path, "f.csv", rows))
    table = workspace.table("funds")
    assert table[["village_code", "fund_type"]].iloc[0].tolist() == ["46010201", "savings"]
    assert table["governance_level"].tolist() == [2]


def test_the_other_fund_of_a_village_gets_a_code_of_its_own(tmp_path: Path) -> None:
    workspace = open_office(tmp_path)
    rows = f"{HEAD}\n46010201,ออมทรัพย์,2567,1\n46010201,ออมทรัพย์,2567,2\n46010201,กขคจ,2567,3\n"
    import_file(workspace, "funds", write(tmp_path, "f.csv", rows))
    assert workspace.table("funds")["fund_id"].tolist() == [
        "46010201-poverty_fund-1",
        "46010201-savings-1",
        "46010201-savings-2",
    ]


def test_the_kinds_of_fund_are_what_the_guideline_says() -> None:
    kinds = {one.id: one for one in fund_types.fund_types()}
    assert kinds["savings"].indicators == 21
    assert kinds["poverty_fund"].indicators == 18
    assert kinds["poverty_fund"].capital_baht == 280_000
    assert kinds["mother_of_land"].levels == ("A", "B", "C")
    assert [one.id for one in kinds.values() if one.ranked] == ["savings", "poverty_fund"]


@pytest.mark.parametrize("kind", fund_types.fund_types(), ids=lambda kind: kind.id)
def test_every_name_of_a_kind_is_found_again(kind: fund_types.FundType) -> None:
    for name in (kind.id, kind.th, kind.en, *kind.words, f" {kind.th} "):
        assert find_fund_type(name) == kind.id


@given(st.text())
def test_no_text_breaks_the_readers(text: str) -> None:
    figure, word = read_level(text)
    assert figure in {None, 1, 2, 3}
    assert word in {None, 1, 2, 3}
    assert find_fund_type(text) is None or text.strip()
    assert read_order(text) in {None, "3_is_good", "1_is_good"}
    read_principles(text)


@given(st.lists(st.sampled_from([one.id for one in principles()]), unique=True), st.data())
def test_principles_are_found_in_any_order_and_by_any_of_their_names(
    ids: list[str], data: st.DataObject
) -> None:
    by_id = {one.id: one for one in principles()}
    names = [data.draw(st.sampled_from([by_id[one].th, *by_id[one].words])) for one in ids]
    found, unknown = read_principles(data.draw(st.sampled_from([", ", " / ", "\n"])).join(names))
    assert not unknown
    assert set(found) == set(ids)
    assert list(found) == [one.id for one in principles() if one.id in ids]


def test_each_principle_has_a_remedy_in_both_languages_and_its_source() -> None:
    assert [one.id for one in principles()] == [
        "rule_of_law",
        "virtue",
        "transparency",
        "participation",
        "accountability",
        "value_for_money",
    ]
    for one in principles():
        assert all(one.cure(language) for language in LANGUAGES)
        assert find_principle(one.th) == one.id


def test_the_remedy_belongs_to_the_principle_that_failed() -> None:
    table = funds(
        {"village_code": "42010101", "failed_principles": "rule_of_law; transparency"},
        {"village_code": "42010102", "failed_principles": "transparency"},
        {"village_code": "42020101"},
    ).to_pandas()
    told = remedies(table, "en")
    assert told["principle"].tolist() == ["rule_of_law", "transparency", "transparency"]
    assert "rules" in told["remedy"][0]
    assert "accounts" in told["remedy"][1]
    counts = remedy_counts(table).set_index("principle")
    assert counts["funds"].to_dict() == {
        "rule_of_law": 1,
        "virtue": 0,
        "transparency": 2,
        "participation": 0,
        "accountability": 0,
        "value_for_money": 0,
    }
    assert counts["amphoe"]["transparency"] == 1
    assert remedies(table.iloc[:0]).empty
    assert remedy_counts(table.iloc[:0])["funds"].sum() == 0
