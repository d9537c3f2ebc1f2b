"""The page of the data: what is here, what is missing where, import, undo."""

from __future__ import annotations

import io
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from apps import demo
from apps.screens import data
from layers.workspace import Workspace
from tests.apps.test_app import words_of
from wording import Problem

PATIENCE = 120


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "demo"
    demo.build(folder, provinces=("83",))
    monkeypatch.setenv("PHAENTHI_WORKSPACE", str(folder))
    return folder


def data_page() -> AppTest:
    def page() -> None:
        from apps.screens import data  # noqa: PLC0415 - AppTest runs this text alone

        data.show()

    return AppTest.from_function(page, default_timeout=PATIENCE)


def take_in(workspace: Workspace, layer: str, name: str, content: str) -> object:
    return data.take_in(
        workspace,
        layer,
        name,
        io.BytesIO(content.encode()),
        constants={},
        marks=(True, False),
        credit="",
    )


def test_the_page_tells_what_is_here_and_what_is_missing_by_amphoe(folder: Path) -> None:
    page = data_page().run()
    assert not page.exception
    layers, lacking = page.dataframe[0].value, page.dataframe[1].value
    assert len(layers) == len(data.IMPORTED)
    assert set(layers["state"]) == {"มีแล้ว"}
    assert len(lacking) == 3
    for indicator in data.LACKING:
        page.selectbox(key="data_indicator_th").set_value(indicator).run()
        assert not page.exception


def test_an_empty_workspace_asks_for_the_village_register_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Workspace.create(tmp_path / "empty")
    monkeypatch.setenv("PHAENTHI_WORKSPACE", str(tmp_path / "empty"))
    page = data_page().run()
    assert not page.exception
    assert set(page.dataframe[0].value["state"]) == {"ยังไม่มี"}
    said = words_of(page)
    assert "นำเข้าทะเบียนหมู่บ้านก่อน" in said
    assert "ยังไม่มีการนำเข้าที่ย้อนได้" in said


def test_what_is_not_known_is_counted_by_amphoe() -> None:
    table = pd.DataFrame(
        {
            "amphoe_code": ["8301", "8301", "8302"],
            "households": [100, None, 0],
            "households_income_known": [90, None, 0],
            "poor_households": [12, None, 3],
            "located": [True, False, True],
        }
    )
    found = data.count_lacking(table).set_index("code")
    assert found.loc["8301", list(data.LACKING)].tolist() == pytest.approx([1, 10.0, 1, 1])
    assert pd.isna(found.loc["8302", "income_unknown"])


def test_a_file_with_a_short_code_is_refused_in_a_sentence_and_changes_nothing(
    folder: Path,
) -> None:
    workspace = Workspace.open(folder)
    before = workspace.generation
    with pytest.raises(Problem) as refused:
        take_in(workspace, "villages", "หมู่บ้าน.csv", "village_code,name_th\n8301010,บ้านเหนือ\n")
    assert "หมู่บ้าน.csv" in refused.value.sentence("th")
    assert "แถวที่ 2" in refused.value.sentence("th")
    assert Workspace.open(folder).generation == before


def test_an_import_can_be_undone_on_the_page(folder: Path) -> None:
    workspace = Workspace.open(folder)
    rows = len(workspace.table("villages"))
    take_in(workspace, "villages", "one.csv", "village_code,name_th\n83010101,บ้านเหนือ\n")
    assert len(Workspace.open(folder).table("villages")) == 1
    page = data_page().run()
    assert "นำเข้าครั้งล่าสุด: ทะเบียนหมู่บ้าน" in words_of(page)
    page.button(key="data_undo").click().run()
    assert not page.exception
    assert len(Workspace.open(folder).table("villages")) == rows


def test_what_was_found_in_a_row_set_aside_is_not_shown(folder: Path) -> None:
    def page() -> None:
        import io  # noqa: PLC0415 - AppTest runs this text alone

        from apps.screens import data, parts  # noqa: PLC0415

        rows = "household_id,village_code,survey_year\n1839900123456,83010199,2562\n"
        workspace = parts.open_workspace()
        assert workspace is not None
        content = io.BytesIO(rows.encode())
        marks = (True, False)
        data.show_report(
            data.take_in(
                workspace, "households", "a.csv", content, constants={}, marks=marks, credit=""
            )
        )

    shown = AppTest.from_function(page, default_timeout=PATIENCE).run()
    assert not shown.exception
    assert shown.dataframe[0].value["จำนวนแถว"].tolist() == [1]
    said = words_of(shown) + shown.success[0].value + shown.dataframe[0].value.to_csv()
    assert "1839900123456" not in said
