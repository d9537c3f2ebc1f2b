"""One look at a folder tells of every file, maps and tables alike, what it is."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from phaenthi.layers.imports.folder_survey import inspect_files
from tests.layers.office import VILLAGE_LIST, write


def test_tables_are_read_with_their_rows_and_headers_and_junk_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "ทะเบียน.csv", VILLAGE_LIST, "cp874")
    book = openpyxl.Workbook()
    book.active.append(["รหัสหมู่บ้าน", "ชื่อหมู่บ้าน"])
    book.active.append(["46010201", "บ้านหนองไผ่"])
    book.save(tmp_path / "หมู่บ้าน.xlsx")
    (tmp_path / "เสีย.xlsx").write_bytes(b"PK\x03\x04 cut short")
    found = inspect_files(tmp_path).set_index("file")
    assert found["outcome"].to_dict() == {
        "ทะเบียน.csv": "table",
        "หมู่บ้าน.xlsx": "table",
        "เสีย.xlsx": "refused",
    }
    assert found.loc["ทะเบียน.csv", "rows"] == 3
    assert found.loc["ทะเบียน.csv", "encoding"] == "cp874"
    assert "รหัสหมู่บ้าน" in str(found.loc["หมู่บ้าน.xlsx", "notes"])
    assert pd.notna(found.loc["เสีย.xlsx", "refusal"])


@pytest.mark.real_data
def test_every_original_is_read_or_refused_with_a_sentence(real_data: Path) -> None:
    found = inspect_files(real_data / "originals")
    assert set(found["outcome"]) <= {"read", "table", "refused"}
    assert found.loc[found["outcome"] == "refused", "refusal"].notna().all()
    workbook = found.set_index("file").loc["46_kalasin_tambon.xlsx"]
    assert (workbook["outcome"], workbook["rows"]) == ("table", 135)
    # Nothing of the wild is given up: each of the twelve originals can be used.
    assert (found["outcome"] != "refused").all()
