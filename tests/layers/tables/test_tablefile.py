"""Tables are read as offices keep them: any encoding and separator, every cell as text."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phaenthi.layers.tables.table_file import ROW, plain_header, read_table
from phaenthi.wording import Problem

HEADERS = ["รหัสหมู่บ้าน", "ชื่อหมู่บ้าน", "จำนวน"]
ROWS = [["46010201", "บ้านหนองไผ่", "5"], ["46010202", "บ้านน้ำเกลี้ยง", "1,200"]]


def write_csv(path: Path, rows: list[list[str]], separator: str, encoding: str) -> Path:
    def cell(text: str) -> str:
        return f'"{text}"' if any(mark in text for mark in ',;\t|"\n') else text

    text = "\r\n".join(separator.join(map(cell, row)) for row in rows) + "\r\n"
    path.write_bytes(text.encode(encoding))
    return path


def write_workbook(path: Path, sheets: dict[str, list[list[object]]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp874", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_a_csv_file_is_read_in_any_encoding_and_separator(
    tmp_path: Path, encoding: str, separator: str
) -> None:
    path = write_csv(tmp_path / "t.csv", [HEADERS, *ROWS], separator, encoding)
    table = read_table(path)
    assert table.headers == tuple(HEADERS)
    assert table.header_row == 1
    rows = table.frame.collect()
    assert rows[ROW].to_list() == [2, 3]
    assert [list(row) for row in rows.select(HEADERS).rows()] == ROWS


def test_the_row_number_is_the_one_that_one_sees_in_the_file(tmp_path: Path) -> None:
    rows = [["ทะเบียนหมู่บ้าน"], [], HEADERS, ROWS[0], ["", "", ""], [], ROWS[1]]
    sheet = write_workbook(tmp_path / "t.xlsx", {"ข้อมูล": rows})
    text = write_csv(tmp_path / "t.csv", rows, ",", "utf-8")
    for path in (sheet, text):
        table = read_table(path, known=HEADERS)
        assert table.header_row == 3
        assert table.frame.collect()[ROW].to_list() == [4, 7]


def test_a_line_break_inside_a_cell_is_not_a_row(tmp_path: Path) -> None:
    rows = [HEADERS, ["46010201", "บ้าน\nหนองไผ่", "1"], ROWS[1]]
    table = read_table(write_csv(tmp_path / "t.csv", rows, ",", "utf-8")).frame.collect()
    assert table[ROW].to_list() == [2, 3]


def test_cells_of_a_workbook_are_text_as_a_person_would_type_it(tmp_path: Path) -> None:
    cells: list[object] = [46010201, 46010201.0, 12.5, True, None, "  ๔๖ ", dt.date(2020, 1, 31)]
    headers: list[object] = [f"c{number}" for number in range(len(cells))]
    path = write_workbook(tmp_path / "t.xlsx", {"a": [headers, cells]})
    row = read_table(path).frame.drop(ROW).collect().row(0)
    assert row == ("46010201", "46010201", "12.5", "1", None, "๔๖", "2020-01-31")


def test_the_sheet_with_the_known_headers_is_read_and_the_others_are_named(tmp_path: Path) -> None:
    path = write_workbook(
        tmp_path / "t.xlsx", {"คำอธิบาย": [["อ่านก่อน", "ใช้"]], "ข้อมูล": [HEADERS, *ROWS], "ว่าง": []}
    )
    table = read_table(path, known=HEADERS)
    assert table.sheet == "ข้อมูล"
    assert table.other_sheets == ("คำอธิบาย", "ว่าง")
    assert read_table(path, "คำอธิบาย").sheet == "คำอธิบาย"
    with pytest.raises(Problem) as raised:
        read_table(path, "Sheet1")
    assert raised.value.message_id == "layers.sheet_missing"
    assert "คำอธิบาย" in str(raised.value)


def test_a_parquet_file_is_read_as_text_too(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    pl.DataFrame({"code": [46010201], "yes": [True], "share": [0.5], "lists": [[1]]}).write_parquet(
        path
    )
    table = read_table(path)
    assert table.headers == ("code", "yes", "share")
    assert table.frame.collect().row(0) == (1, "46010201", "1", "0.5")


def cut(path: Path, share: float) -> Path:
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    return path


@settings(max_examples=10)
@given(share=st.floats(0, 0.99))
def test_a_workbook_cut_short_is_told_so(
    tmp_path_factory: pytest.TempPathFactory, share: float
) -> None:
    path = tmp_path_factory.mktemp("cut") / "t.xlsx"
    with pytest.raises(Problem) as raised:
        read_table(cut(write_workbook(path, {"a": [HEADERS, *ROWS]}), share))
    assert raised.value.message_id == "layers.workbook_unreadable"
    assert raised.value.file == "t.xlsx"


def test_a_parquet_file_cut_short_is_told_so(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    pl.DataFrame({"code": ["46"]}).write_parquet(path)
    with pytest.raises(Problem) as raised:
        read_table(cut(path, 0.5))
    assert raised.value.message_id == "layers.parquet_unreadable"


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("t.csv", b"", "layers.table_empty"),
        ("t.csv", b"\n\n,,\n", "layers.table_empty"),
        ("t.csv", b"a,b\n1,\xff\xfc\n", "layers.encoding_unknown"),
        ("t.csv", b"a,a\n1,2\n", "layers.header_twice"),
        ("t.pdf", b"%PDF", "layers.file_kind_unknown"),
    ],
)
def test_a_file_that_is_no_table_is_told_so(
    tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(Problem) as raised:
        read_table(path)
    assert raised.value.message_id == message
    assert raised.value.file == name


def test_a_missing_file_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(Problem) as raised:
        read_table(tmp_path / "nowhere.csv")
    assert raised.value.message_id == "geo.file_missing"


@pytest.mark.parametrize(
    "text",
    [
        "รายได้เฉลี่ยต่อคนต่อปี",
        "รายได้เฉลี่ย ต่อคนต่อปี (บาท)",
        " รายได้เฉลี่ย_ต่อคน/ต่อปี",
        "รายได้เฉลี่ยต่อคนต่อปี\n[บาท/คน/ปี]",
    ],
)
def test_headers_are_compared_without_signs_spaces_and_brackets(text: str) -> None:
    assert plain_header(text) == "รายได้เฉลี่ยต่อคนต่อปี"


def test_a_split_sara_am_is_the_same_header() -> None:
    assert plain_header("จ\u0e4d\u0e32นวนสมาชิก") == plain_header("จำนวนสมาชิก")
