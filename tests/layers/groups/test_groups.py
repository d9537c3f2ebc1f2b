"""Occupational groups: register, 5ก, grades, checklist before OTOP, families of products."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from phaenthi.geo.places.codes import Level
from phaenthi.layers.contracts.groups import FIVE_K, GROUPS_CONTRACT
from phaenthi.layers.groups.families import (
    product_families,
    product_family,
    read_product_families,
    read_product_family,
)
from phaenthi.layers.groups.readiness import (
    checked_by_hand,
    checklist,
    five_k,
    grades,
    otop_readiness,
)
from phaenthi.layers.groups.register import FORM, group_register
from phaenthi.layers.groups.summary import summary_by_village
from phaenthi.layers.imports.by_code import import_file
from phaenthi.layers.villages.rollup import roll_up
from phaenthi.wording import LANGUAGES, Problem
from tests.layers.funds_by_hand import groups
from tests.layers.office import open_office, villages_table, write

THREE = st.sampled_from([True, False, None])


def test_a_register_with_thai_headers_becomes_groups(tmp_path: Path) -> None:
    workspace = open_office(tmp_path)
    register = (
        "ที่,รหัสหมู่บ้าน,ที่อยู่,ชื่อกลุ่ม,ผลิตภัณฑ์,จำนวนสมาชิก,สถานที่จำหน่าย,ขึ้นทะเบียน OTOP แล้ว,ยังไม่ขึ้นทะเบียน,"
        "การรวมกลุ่ม,กรรมการ,กติกา,กองทุน,กิจกรรม,ปีที่จัดตั้ง,ลองจิจูด,ละติจูด\n"
        "1,46010201,9 ม.1,กลุ่มทอผ้าไหม,ผ้าไหมแพรวา,12 คน,โรงแรม,✓,,มี,มี,มี,มี,มี,2558,103.5,16.4\n"
        "2,46010202,,กลุ่มข้าว,ข้าวไรซ์เบอร์รี่อินทรีย์,20,,,/,มี,มี,,ไม่มี,มี,๒๕๖๐,203.5,16.4\n"
        "3,46010301,,กลุ่มอื่น,ของลึกลับ,,,,,,,,,,,,\n"
    )
    report = import_file(workspace, "groups", write(tmp_path, "g.csv", register))
    table = workspace.table("groups")
    assert table["otop_registered"].tolist()[:2] == [True, False]
    assert pd.isna(table["otop_registered"][2])
    assert table["product_family"].fillna("").tolist() == ["silk_weaving", "riceberry", ""]
    assert table["founded_year"].fillna(0).tolist() == [2558, 2560, 0]
    assert table["longitude"].notna().tolist() == [True, False, False]
    assert table["group_id"].tolist() == ["46010201-1", "46010202-1", "46010301-1"]
    told = {note.message_id.rpartition(".")[2]: dict(note.values) for note in report.notes}
    assert told["families_unknown"] == {"count": 1, "example": "ของลึกลับ"}
    assert told["groups_outside_thailand"] == {"count": 1, "row": 3}
    assert "ที่อยู่" in str(told["personal_columns_left"]["columns"])


def test_the_form_of_the_letter_with_its_two_ticks_in_merged_cells_is_read(tmp_path: Path) -> None:
    workspace = open_office(tmp_path)
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(
        ["ที่", "รหัสหมู่บ้าน", "ชื่อกลุ่ม", "ผลิตภัณฑ์", "สมาชิก (คน)", "สถานที่จำหน่าย", "ลงทะเบียน OTOP", None]
    )
    sheet.append([*[None] * 6, "แล้ว", "ยังไม่"])
    sheet.append([1, 46010201, "กลุ่มทอเสื่อ", "เสื่อกก", 7, "ตลาดนัด", None, "✓"])
    for cells in ("A1:A2", "B1:B2", "C1:C2", "D1:D2", "E1:E2", "F1:F2", "G1:H1"):
        sheet.merge_cells(cells)
    book.save(tmp_path / "g.xlsx")
    from phaenthi.layers.imports.by_place import import_matched  # noqa: PLC0415 - the way by stacked headers

    import_matched(workspace, "groups", tmp_path / "g.xlsx")
    table = workspace.table("groups")
    assert table["otop_registered"].tolist() == [False]
    assert table["product_family"].tolist() == ["reed_mats"]
    assert table["members"].tolist() == [7]


def test_a_group_that_is_ticked_both_ways_is_refused_with_its_row(tmp_path: Path) -> None:
    workspace = open_office(tmp_path)
    rows = "รหัสหมู่บ้าน,ลงทะเบียน OTOP,ยังไม่ลงทะเบียน\n46010201,/,/\n"
    with pytest.raises(Problem) as caught:
        import_file(workspace, "groups", write(tmp_path, "g.csv", rows))
    assert (caught.value.message_id, caught.value.row) == ("layers.ticked_both_ways", 2)


@given(st.tuples(THREE, THREE, THREE, THREE, THREE), st.none() | st.sampled_from("ABC"))
def test_a_grade_is_given_only_where_what_is_unknown_would_not_change_it(
    answers: tuple[bool | None, ...], own: str | None
) -> None:
    table = groups(
        {"village_code": "31010101", "potential": own, **dict(zip(FIVE_K, answers, strict=True))}
    ).to_pandas()
    told = five_k(table).iloc[0]

    def grade(present: int) -> str:
        return next(one.id for one in grades() if present >= one.at_least)

    filled = [
        tuple(
            guess if answer is None else answer
            for answer, guess in zip(answers, guesses, strict=True)
        )
        for guesses in product([True, False], repeat=5)
    ]
    possible = {grade(sum(map(bool, one))) for one in filled}
    worked_out = possible.pop() if len(possible) == 1 else None
    assert (None if pd.isna(told["potential"]) else told["potential"]) == (own or worked_out)
    assert (told["present"], told["absent"], told["unknown"]) == (
        answers.count(True),
        answers.count(False),
        answers.count(None),
    )
    complete = {all(one) for one in filled}
    assert (None if pd.isna(told["complete"]) else bool(told["complete"])) == (
        complete.pop() if len(complete) == 1 else None
    )


def test_the_checklist_tells_what_is_still_to_do_and_what_to_find_out() -> None:
    table = groups(
        {
            "village_code": "31010101",
            **dict.fromkeys(FIVE_K, True),
            "members": 5,
            "product_family": "silk_weaving",
            "outlet": "โรงแรม",
        },
        {
            "village_code": "31010101",
            **dict.fromkeys(FIVE_K, True),
            "members": 4,
            "product_family": "cattle",
        },
        {"village_code": "31010101"},
    ).to_pandas()
    told = otop_readiness(table, "en")
    assert told["ready"].tolist()[:2] == [True, False]
    assert pd.isna(told["ready"][2])
    assert told["still_to_do"].tolist() == [
        "",
        "five members or more; makes something of the five OTOP kinds",
        "",
    ]
    assert told["to_find_out"][1] == "has a place of sale"
    assert told["met"].tolist() == [len(checklist()), 4, 0]
    assert all(checked_by_hand(language) for language in LANGUAGES)


def test_the_register_is_the_form_of_the_letter() -> None:
    table = groups(
        {"group_id": "b", "village_code": "31010102", "name_th": "กลุ่มข", "otop_registered": True},
        {"group_id": "a", "village_code": "31010101", "name_th": "กลุ่มก", "members": 12},
        {"group_id": "c", "village_code": "31010103"},
    ).to_pandas()
    villages = villages_table(("31010101", "31010102"))
    told = group_register(table, villages, ["a", "b", "nobody"])
    assert list(told.columns[: len(FORM)]) == list(FORM)
    assert told["number"].tolist() == [1, 2]
    assert told["address"][0] == "บ้าน 31010101 หมู่ที่ 1 ตำบลในเมือง อำเภอเมืองบุรีรัมย์"
    assert told["otop_yes"].tolist() == [False, True]
    # Nobody said, so neither is ticked.
    assert told["otop_not_yet"].tolist() == [False, False]
    assert group_register(table, villages)["address"][2].startswith("หมู่ที่ 3")


def test_groups_are_counted_by_village_with_what_is_not_known() -> None:
    table = groups(
        {
            "village_code": "31010101",
            "members": 5,
            "product_family": "rice",
            "otop_registered": True,
        },
        {"village_code": "31010101", "product_family": "rice", **dict.fromkeys(FIVE_K, True)},
        {"village_code": "31010102", "has_fund": False},
    )
    first, second = summary_by_village(table).rows(named=True)
    assert (first["groups"], first["members"], first["members_missing"]) == (2, 5, 1)
    assert (first["groups_otop"], first["groups_otop_unknown"]) == (1, 1)
    assert (first["groups_five_k"], first["groups_five_k_unknown"]) == (1, 1)
    assert first["groups_rice"] == 2
    assert (second["members"], second["groups_five_k_unknown"]) == (None, 0)
    above = roll_up(summary_by_village(table).to_pandas(), Level.AMPHOE, ["groups", "members"])
    assert above.iloc[0][["code", "groups", "members"]].tolist() == ["3101", 3, 5]
    assert above["members_missing"].tolist() == [1]


@pytest.mark.parametrize(
    ("text", "family"),
    [
        ("ผ้าไหมมัดหมี่", "silk_weaving"),
        ("ข้าวหอมมะลิอินทรีย์", "organic_rice"),
        ("ข้าวไรซ์เบอร์รี่อินทรีย์", "riceberry"),
        ("ข้าวหอมมะลิ 105", "rice"),
        ("ปุ๋ยหมักจุลินทรีย์", "compost"),
        ("ข้าวแต๋นน้ำแตงโม", "rice_snack"),
        ("กระเป๋าถักไหมพรม", "crochet"),
        ("Organic Rice", "organic_rice"),
        ("price list", None),
        ("", None),
    ],
)
def test_the_longest_word_tells_the_family(text: str, family: str | None) -> None:
    assert read_product_family(text) == family


@pytest.mark.parametrize("family", product_families(), ids=lambda family: family.id)
def test_every_word_of_a_family_is_read_as_that_family(family: object) -> None:
    one = product_family(str(getattr(family, "id")))  # noqa: B009 - typed by its file
    for word in (one.id, one.th, one.en, *one.words):
        assert read_product_family(word) == one.id, word


@given(st.lists(st.none() | st.text(max_size=20), max_size=8))
def test_a_column_is_read_as_its_texts_one_by_one(texts: list[str | None]) -> None:
    column = read_product_families(pl.Series("t", texts, dtype=pl.String))
    assert column.to_list() == [read_product_family(text) for text in texts]


@pytest.mark.parametrize("rows", [0, 1, 100_000])
@pytest.mark.parametrize("missing", [False, True])
def test_nothing_one_row_or_a_hundred_thousand_groups_are_worked_on(
    rows: int, missing: bool
) -> None:
    rng = np.random.default_rng(1)
    types = GROUPS_CONTRACT.stored_types
    codes = [
        f"3101{t:02}{m:02}"
        for t, m in zip(rng.integers(1, 5, rows), rng.integers(1, 20, rows), strict=True)
    ]
    answers = {name: rng.random(rows) < 0.6 for name in (*FIVE_K, "otop_registered")}
    known: dict[str, object] = {
        **answers,
        "members": rng.integers(1, 60, rows),
        "product_family": rng.choice(["rice", "compost"], rows).tolist(),
    }
    table = pl.DataFrame(
        {"group_id": [f"g{n}" for n in range(rows)], "village_code": codes},
        schema={name: types[name] for name in ("group_id", "village_code")},
    ).with_columns(
        (pl.lit(None) if missing or name not in known else pl.Series(name, known[name]))
        .cast(kind)
        .alias(name)
        for name, kind in types.items()
        if name not in ("group_id", "village_code")
    )
    pandas = table.to_pandas()
    assert summary_by_village(table)["groups"].sum() == rows
    assert len(five_k(pandas)) == rows
    assert len(otop_readiness(pandas)) == rows
    assert len(group_register(pandas, villages_table(("31010101",)))) == rows
