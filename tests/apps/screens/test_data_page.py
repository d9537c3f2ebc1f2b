"""The page of the data: what is here, import, what waits, what is missing, undo, first run."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from phaenthi.apps.cli import main
from phaenthi.apps.intake import kept_mappings
from phaenthi.apps.intake.importing import Outcome, Request, rehearse, take_in
from phaenthi.apps.intake.upload import IMPORTED, Upload, guess_layer, look
from phaenthi.apps.screens.data import lacking
from phaenthi.layers.imports.by_place import import_matched
from phaenthi.layers.imports.waiting_places import NONE_OF_THEM, gather_queue, keep
from phaenthi.layers.registers.mapping import ColumnMapping, save_mapping
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.wording import Problem
from tests.apps import registers_by_hand as by_hand
from tests.apps.test_app import words_of
from tests.demo_copies import copy_demo

PATIENCE = 120
VILLAGES = """รหัสหมู่บ้าน,ชื่อหมู่บ้าน
38010101,บ้านบึงกาฬเหนือ
38010102,บ้านท่าโพธิ์
38010201,บ้านโนนสมบูรณ์
38010202,บ้านโนนสวรรค์
38010203,บ้านหนองแสง
38010204,บ้านหนองแสง
46010201,บ้านหนองไผ่
"""
REGISTER = """ลำดับ,ชื่อหมู่บ้าน,ตำบล,อำเภอ,จังหวัด,โครงการ,ปีงบประมาณ
1,บ้านท่าโพธิ์,บึงกาฬ,เมืองบึงกาฬ,บึงกาฬ,สัมมาชีพชุมชน,2560
2,บ้านหนองแสง,โนนสมบูรณ์,เมืองบึงกาฬ,บึงกาฬ,สัมมาชีพชุมชน,2560
3,บ้านที่ไม่มี,บึงกาฬ,เมืองบึงกาฬ,บึงกาฬ,สัมมาชีพชุมชน,2560
"""


def sent(name: str, text: str, encoding: str = "utf-8") -> Upload:
    return Upload(name, text.encode(encoding))


def taken(workspace: Workspace, request: Request) -> Outcome:
    with request.upload.written() as path:
        return take_in(workspace, request, path)


def tried(workspace: Workspace, request: Request) -> Outcome:
    with request.upload.written() as path:
        return rehearse(workspace, request, path, ".trial-of-a-test")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "demo"
    copy_demo(folder, provinces=("83",))
    monkeypatch.setenv("PHAENTHI_WORKSPACE", str(folder))
    return folder


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    workspace = Workspace.create(tmp_path / "office", salt="for tests")
    monkeypatch.setenv("PHAENTHI_WORKSPACE", str(workspace.folder))
    taken(workspace, Request(sent("villages.csv", VILLAGES), "villages"))
    return workspace


def data_page(part: str = "here", upload: Upload | None = None, language: str = "th") -> AppTest:
    def page() -> None:
        from phaenthi.apps.screens import data  # noqa: PLC0415 - AppTest runs this text alone

        data.show()

    drawn = AppTest.from_function(page, default_timeout=PATIENCE)
    drawn.session_state["kept_data_part"] = part
    drawn.session_state["language"] = language
    if upload is not None:
        drawn.session_state["data_upload"] = upload
    drawn.run()
    assert not drawn.exception
    return drawn


def told(page: AppTest) -> str:
    said = [element.value for kind in ("success", "info", "warning") for element in page.get(kind)]
    return words_of(page) + " ".join(said)


# -- what is here ---------------------------------------------------------------------------------


def test_the_page_tells_of_each_layer_how_old_it_is_and_where_it_came_from(folder: Path) -> None:
    page = data_page()
    layers = page.dataframe[0].value.set_index("layer")
    assert layers.loc["ทะเบียนหมู่บ้าน", "state"] == "มีแล้ว"
    assert layers.loc["ทะเบียนหมู่บ้าน", "age"] == "วันนี้"
    assert layers.loc["ทะเบียนหมู่บ้าน", "made_up"] == "ใช่"
    assert layers["state"].isin(["มีแล้ว", "ยังไม่มี"]).all()
    assert len(layers) >= len(IMPORTED)


@pytest.mark.parametrize("language", ["th", "en"])
def test_every_part_is_drawn_in_both_languages(folder: Path, language: str) -> None:
    for part in ("here", "import", "queue", "lacking", "undo"):
        assert "app." not in words_of(data_page(part, language=language))


def test_the_boundaries_are_examined_on_request(folder: Path) -> None:
    page = data_page()
    page.selectbox(key="data_detail_th").set_value("boundaries_tambon").run()
    page.button(key="data_care").click().run()
    assert not page.exception
    assert "data_care" not in [one.key for one in page.button]


def test_rows_set_aside_are_listed_with_their_reason_and_without_what_people_wrote(
    folder: Path,
) -> None:
    rows = "household_id,village_code,survey_year\n1839900123456,83010199,2562\n"
    taken(Workspace.open(folder), Request(sent("a.csv", rows), "households"))
    page = data_page()
    page.selectbox(key="data_detail_th").set_value("households").run()
    aside = page.dataframe[1].value
    assert aside["เหตุที่แยกไว้"].tolist() == ["ไม่มีหมู่บ้านนี้ในทะเบียนหมู่บ้าน"]
    assert "1839900123456" not in told(page) + aside.to_csv()


# -- one more file --------------------------------------------------------------------------------


def test_an_empty_workspace_says_what_to_import_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Workspace.create(tmp_path / "empty")
    monkeypatch.setenv("PHAENTHI_WORKSPACE", str(tmp_path / "empty"))
    assert "เริ่มจากทะเบียนหมู่บ้าน" in told(data_page("import"))
    assert "นำเข้าทะเบียนหมู่บ้านก่อน" in told(data_page("lacking"))
    assert "ยังไม่มีการนำเข้าที่ย้อนได้" in told(data_page("undo"))


@pytest.mark.parametrize(
    ("headers", "layer"),
    [
        ("รหัสหมู่บ้าน,ชื่อหมู่บ้าน,ละติจูด,ลองจิจูด", "villages"),
        ("รหัสบ้าน,รหัสหมู่บ้าน,รายได้เฉลี่ยต่อคนต่อปี,จำนวนสมาชิก,ปีที่สำรวจ", "households"),
        ("ชื่อหมู่บ้าน,ตำบล,อำเภอ,โครงการ,ปีงบประมาณ", "history"),
        ("สิ่งนี้,สิ่งนั้น", ""),
    ],
)
def test_the_layer_of_a_file_is_guessed_by_its_headers(headers: str, layer: str) -> None:
    assert guess_layer(tuple(headers.split(","))) == layer


def test_a_file_in_the_old_thai_encoding_is_looked_at_and_read(office: Workspace) -> None:
    upload = sent("ทะเบียน.csv", REGISTER, "cp874")
    assert look(upload).layer == "history"
    assert look(upload).encoding == "cp874"
    assert tried(office, Request(upload, "history")).report.provenance.rows_read == 3


def test_a_file_of_no_known_encoding_is_refused_in_a_sentence(office: Workspace) -> None:
    page = data_page("import", Upload("x.csv", b"\xff\xdb\xfc,\x81\xfe\n\xdb\xdc\xfd\n"))
    assert len(page.error) == 1
    assert "x.csv" in page.error[0].value


def test_a_column_that_is_missing_is_asked_for_before_anything_is_read(office: Workspace) -> None:
    rows = "รหัสหมู่บ้าน,โครงการ\n38010101,สัมมาชีพชุมชน\n"
    page = data_page("import", sent("a.csv", rows))
    assert "ยังขาด: ปีงบประมาณ" in page.warning[0].value
    assert page.button(key="data_check").disabled
    page.text_input[0].set_value("2562").run()
    assert not page.warning
    page.button(key="data_check").click().run()
    assert "ยังไม่ได้นำเข้า" in told(page)
    assert not Workspace.open(office.folder).has("history")
    page.button(key="data_import").click().run()
    assert not page.exception
    assert Workspace.open(office.folder).table("history")["fiscal_year"].tolist() == [2562]


def test_a_negative_income_is_refused_with_its_row_and_changes_nothing(office: Workspace) -> None:
    rows = "รหัสบ้าน,รหัสหมู่บ้าน,รายได้เฉลี่ยต่อคนต่อปี,ปีที่สำรวจ\n1,38010101,-5,2562\n"
    before = office.generation
    page = data_page("import", sent("income.csv", rows))
    page.button(key="data_check").click().run()
    assert "แถวที่ 2" in page.error[0].value
    assert "Traceback" not in told(page)
    assert Workspace.open(office.folder).generation == before


def test_personal_columns_show_no_samples_and_are_left_out(office: Workspace) -> None:
    rows = (
        "รหัสบ้าน,ชื่อ-สกุล,เลขประจำตัวประชาชน,รหัสหมู่บ้าน,รายได้เฉลี่ยต่อคนต่อปี,ปีที่สำรวจ\n"
        "1,สมชาย ใจดี,1839900123456,38010101,45123,2562\n"
    )
    page = data_page("import", sent("people.csv", rows))
    page.button(key="data_check").click().run()
    page.button(key="data_import").click().run()
    assert not page.exception
    said = told(page)
    for secret in ("สมชาย", "1839900123456", "45123"):
        assert secret not in said
    assert "ไม่เก็บคอลัมน์ที่มีข้อมูลส่วนบุคคล" in said
    table = Workspace.open(office.folder).table("households")
    assert "สมชาย" not in table.to_csv()


def test_a_correction_of_the_columns_is_kept_for_the_next_file_of_that_shape(
    office: Workspace,
) -> None:
    rows = "key,who,when\n38010101,สัมมาชีพชุมชน,2562\n"
    upload = sent("odd.csv", rows)
    page = data_page("import", upload)
    page.selectbox[0].set_value("history").run()
    boxes = {one.label: one for one in page.selectbox}
    for header, column in (("key", "village_code"), ("who", "programme"), ("when", "fiscal_year")):
        next(one for one in page.selectbox if one.label == header).set_value(column).run()
    assert boxes
    page.button(key="data_check").click().run()
    page.button(key="data_import").click().run()
    assert not page.exception
    assert len(Workspace.open(office.folder).table("history")) == 1
    kept = kept_mappings.recall(office, "history", ("key", "who", "when"))
    assert kept is not None
    assert kept.columns["programme"] == "who"


def test_a_mapped_village_list_keeps_its_row_numbers_source_and_hash(office: Workspace) -> None:
    text = "ทะเบียน,\n,\nkey,called\n38010101,บ้านเหนือ\n,\n3801010,บ้านใต้\n"
    upload = sent("list.csv", text)
    mapping = ColumnMapping(
        source="villages",
        layer="villages",
        columns={"village_code": "key", "name_th": "called"},
    )
    with pytest.raises(Problem) as refused:
        taken(office, Request(upload, "villages", mapping=mapping))
    assert refused.value.row == 6
    assert refused.value.file == "list.csv"
    sound = sent("list.csv", text.replace("3801010,", "38010102,"))
    found = taken(office, Request(sound, "villages", mapping=mapping))
    assert found.report.provenance.source == "list.csv"
    assert found.report.provenance.sha256 == sound.sha256
    assert found.report.provenance.rows_kept == 2


def test_a_rehearsal_tells_what_the_import_then_does(office: Workspace) -> None:
    request = Request(sent("history.csv", REGISTER), "history")
    before = office.generation
    trial = tried(office, request)
    assert Workspace.open(office.folder).generation == before
    assert not list(office.folder.glob(".trial-*"))
    done = taken(office, request)
    assert trial.report.digest == done.report.digest
    assert trial.waiting == done.waiting == 2


def test_the_report_is_a_workbook_of_the_same_counts(office: Workspace) -> None:
    done = taken(office, Request(sent("history.csv", REGISTER), "history"))
    book = openpyxl.load_workbook(io.BytesIO(done.as_workbook("th")))
    summary = {row[0].value: row[1].value for row in book["สรุป"].iter_rows(max_col=2)}
    assert summary["แถวที่อ่าน"] == 3
    assert summary["แถวที่กันไว้"] == 2


@pytest.fixture
def kalasin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    workspace = Workspace.create(tmp_path / "kalasin", salt="for tests")
    monkeypatch.setenv("PHAENTHI_WORKSPACE", str(workspace.folder))
    villages = Upload("ทะเบียนหมู่บ้าน.csv", by_hand.VILLAGES.encode("cp874"))
    taken(workspace, Request(villages, "villages"))
    return workspace


@pytest.mark.parametrize("register", by_hand.REGISTERS, ids=lambda one: one.layer)
def test_a_register_as_offices_send_it_comes_in_by_the_page_alone(
    kalasin: Workspace, register: by_hand.Register
) -> None:
    upload = Upload("แฟ้มจากอำเภอ.csv", register.text.encode("cp874"))
    page = data_page("import", upload)
    assert page.selectbox[0].value == register.layer
    if register.year:
        page.text_input(key="data_year").set_value(register.year).run()
    assert not page.warning
    page.button(key="data_check").click().run()
    assert not page.error
    assert not Workspace.open(kalasin.folder).has(register.layer)
    page.button(key="data_import").click().run()
    assert not page.exception
    assert not page.error
    origin = Workspace.open(kalasin.folder).provenance(register.layer)
    assert origin is not None
    assert (origin.rows_kept, origin.rows_set_aside) == (register.kept, register.aside)
    assert origin.source == upload.name
    waits = "data_to_queue" in {one.key for one in page.button}
    assert waits == bool(register.waiting)
    for secret in ("คนหนึ่ง", "อีกคน", "0800000000"):
        assert secret not in told(page)


@pytest.mark.parametrize(
    ("register", "row", "words"),
    [
        (by_hand.PROGRAMMES, ",C1,ไม่มีรหัส,60,100,20,9:00,15:30", "แถวที่ 4"),
        (by_hand.ATTRACTIONS, "A2,วัดกลาง,460102,,30,,", "ซ้ำกับแถวที่ 3"),
        (by_hand.PLACES, "S9,โรงเรียน,โรงเรียนใต้,460102,103.5,16.4", "แถวที่ 5"),
        (by_hand.COUNTS, "46010x,1,1,1", "46010x"),
        (by_hand.FUNDS, "46010201,S9,กข.คจ.,2562,ดีมากมาก,1,1,1,", "ดีมากมาก"),
    ],
    ids=lambda one: getattr(one, "layer", None),
)
def test_a_file_that_cannot_be_trusted_is_refused_with_its_row_and_nothing_changes(
    kalasin: Workspace, register: by_hand.Register, row: str, words: str
) -> None:
    upload = Upload("แฟ้ม.csv", f"{register.text}{row}\n".encode("cp874"))
    page = data_page("import", upload)
    if register.year:
        page.text_input(key="data_year").set_value(register.year).run()
    page.button(key="data_check").click().run()
    assert not page.exception
    assert words in page.error[0].value
    assert "แฟ้ม.csv" in page.error[0].value
    assert not Workspace.open(kalasin.folder).has(register.layer)


def test_a_file_that_counts_levels_the_other_way_is_turned_round_by_the_page(
    kalasin: Workspace,
) -> None:
    rows = "รหัสหมู่บ้าน,ประเภทกองทุน,ปีที่ประเมิน,ระดับ,แปลผล\n46010201,กข.คจ.,2562,1,ดี\n"
    page = data_page("import", sent("funds.csv", rows, "cp874"))
    page.button(key="data_check").click().run()
    assert "ระดับของกองทุนในแฟ้มนี้" in page.error[0].value
    page.selectbox(key="data_level_order_th").set_value("1_is_good").run()
    page.button(key="data_check").click().run()
    page.button(key="data_import").click().run()
    assert not page.error
    assert Workspace.open(kalasin.folder).table("funds")["governance_level"].tolist() == [3]


def test_points_of_villages_wait_in_the_queue_of_the_page_and_give_their_position(
    kalasin: Workspace,
) -> None:
    page = data_page("import", Upload("จุด.csv", by_hand.POINTS.encode("cp874")))
    page.selectbox[0].set_value("village_points").run()
    page.button(key="data_check").click().run()
    assert "ขอบเขตตำบล" in page.error[0].value
    tambons = Upload("ตำบล.geojson", by_hand.TAMBONS.encode())
    taken(Workspace.open(kalasin.folder), Request(tambons, "boundaries_tambon"))
    page = data_page("import", Upload("จุด.csv", by_hand.POINTS.encode("cp874")))
    page.selectbox[0].set_value("village_points").run()
    page.button(key="data_check").click().run()
    assert not page.error
    page.button(key="data_import").click().run()
    page.button(key="data_to_queue").click().run()
    assert not page.exception
    page.text_input(key="data_by").set_value("พัฒนากร").run()
    first, second = page.radio
    assert [option.split()[0] for option in first.options][:2] == ["บ้านหนองแสง"] * 2
    first.set_value("46010203")
    second.set_value(NONE_OF_THEM)
    next(one for one in page.button if one.label == "บันทึกคำตัดสินในหน้านี้").click().run()
    assert [one.value for one in page.error] == []
    assert "ไม่มีสถานที่ที่รอตัดสิน" in told(page)
    page.button(key="data_apply_village_points").click().run()
    assert not page.exception
    after = Workspace.open(kalasin.folder).table("villages").set_index("village_code")
    assert after.loc["46010203", ["longitude", "latitude"]].tolist() == [103.535, 16.455]
    assert after.loc["46010101", ["longitude", "latitude"]].tolist() == [103.50, 16.43]
    assert after.loc["46010202", "longitude"] == 103.53
    assert gather_queue(Workspace.open(kalasin.folder)).places.empty


def test_columns_set_on_the_page_hold_for_the_command_line_and_the_other_way_round(
    kalasin: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    rows = "key,who,when\n46010102,สัมมาชีพชุมชน,2562\n"
    (tmp_path / "odd.csv").write_text(rows, encoding="utf-8")
    columns = {"village_code": "key", "programme": "who", "fiscal_year": "when"}
    given = ColumnMapping(source="history", layer="history", columns=columns)
    save_mapping(given, tmp_path / "m.yaml")
    to = ["--workspace", str(kalasin.folder)]
    asked = ["register", "import", "history", "odd.csv", *to]
    assert main([*asked, "--mapping", "m.yaml"]) == 0
    page = data_page("import", Upload("odd.csv", rows.encode()))
    page.selectbox[0].set_value("history").run()
    assert "ครั้งก่อน" in told(page) or "ที่กำหนดไว้" in told(page)
    page.button(key="data_check").click().run()
    assert not page.error
    (tmp_path / "odd.csv").write_text(rows.replace("46010102", "46010101"), encoding="utf-8")
    assert main(asked) == 0
    table = Workspace.open(kalasin.folder).table("history")
    assert table["village_code"].tolist() == ["46010101"]


# -- what waits -----------------------------------------------------------------------------------


def test_the_queue_shows_the_same_places_and_candidates_as_the_import(office: Workspace) -> None:
    path = office.folder / "history.csv"
    path.write_text(REGISTER, encoding="utf-8")
    matched = import_matched(office, "history", path)
    queue = gather_queue(Workspace.open(office.folder))
    assert queue.places["name"].tolist() == ["บ้านหนองแสง", "บ้านที่ไม่มี"]
    both = queue.candidates[queue.candidates["number"] == queue.places.index[0]]
    found = matched.matches.candidates
    waiting = matched.places.index[matched.places["name"] == "บ้านหนองแสง"][0]
    expected = found.loc[found["row"] == waiting, "village_code"].tolist()
    assert both["village_code"].tolist() == expected
    assert both["same_name"].all()
    assert queue.unknown > 0


def test_decisions_on_the_page_are_kept_with_the_role_and_used_on_the_file(
    office: Workspace,
) -> None:
    page = data_page("import", sent("history.csv", REGISTER))
    page.button(key="data_check").click().run()
    page.button(key="data_import").click().run()
    page.button(key="data_to_queue").click().run()
    assert not page.exception
    first, second = page.radio
    first.set_value("38010204")
    second.set_value(NONE_OF_THEM)
    saving = [one for one in page.button if one.label == "บันทึกคำตัดสินในหน้านี้"]
    saving[0].click().run()
    assert "กรอกผู้ตัดสินก่อน" in page.error[0].value
    page.text_input(key="data_by").set_value("พัฒนาการอำเภอเมืองบึงกาฬ").run()
    next(one for one in page.button if one.label == "บันทึกคำตัดสินในหน้านี้").click().run()
    assert not page.exception
    assert "ไม่มีสถานที่ที่รอตัดสิน" in told(page)
    decided = Workspace.open(office.folder).table("decisions")
    assert set(decided["decided_by"]) == {"พัฒนาการอำเภอเมืองบึงกาฬ"}
    assert page.dataframe[0].value["village"].tolist().count("ไม่ใช่หมู่บ้านใดในทะเบียน") == 1
    page.button(key="data_apply_history").click().run()
    assert not page.exception
    after = Workspace.open(office.folder)
    assert sorted(after.table("history")["village_code"]) == ["38010102", "38010204"]
    assert gather_queue(after).unknown == 0


def test_places_with_one_strong_candidate_are_accepted_together(office: Workspace) -> None:
    register = REGISTER.replace("บ้านท่าโพธิ์,บึงกาฬ", "บ้านท่าโพธ,โนนสมบูรณ์")
    taken(office, Request(sent("history.csv", register), "history"))
    queue = gather_queue(office)
    clear = queue.places["clear"].dropna()
    assert clear.isin(office.table("villages")["village_code"]).all()
    twins = queue.places.loc[queue.places["name"] == "บ้านหนองแสง", "clear"]
    assert twins.isna().all()


def test_a_decision_needs_someone_who_decided(office: Workspace) -> None:
    taken(office, Request(sent("history.csv", REGISTER), "history"))
    queue = gather_queue(office)
    with pytest.raises(Problem):
        keep(office, queue, {int(queue.places.index[0]): "38010203"}, by=" ")
    assert not office.has("decisions")


# -- what is missing, and one step back -----------------------------------------------------------


def test_what_is_missing_is_counted_by_amphoe_and_shown_by_each_figure(folder: Path) -> None:
    page = data_page("lacking")
    assert len(page.dataframe[0].value) == 3
    for indicator in lacking.LACKING:
        page.selectbox(key="data_indicator_th").set_value(indicator).run()
        assert not page.exception


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
    counted = ["without_survey", "income_unknown", "without_poverty", "without_point"]
    found = lacking.count_lacking(table).set_index("code")
    assert found.loc["8301", counted].tolist() == pytest.approx([1, 10.0, 1, 1])
    assert pd.isna(found.loc["8302", "income_unknown"])


def test_undo_tells_what_it_takes_back_before_and_then_does_it(folder: Path) -> None:
    workspace = Workspace.open(folder)
    rows = len(workspace.table("villages"))
    one = sent("one.csv", "village_code,name_th\n83010101,บ้านเหนือ\n")
    taken(workspace, Request(one, "villages"))
    assert len(Workspace.open(folder).table("villages")) == 1
    page = data_page("undo")
    said = told(page).replace("\\", "")
    assert "นำเข้าครั้งล่าสุด: ทะเบียนหมู่บ้าน" in said
    assert f"จาก 1 แถว กลับเป็น {rows:,} แถว" in said
    page.button(key="data_undo").click().run()
    assert not page.exception
    assert len(Workspace.open(folder).table("villages")) == rows


# -- a new workspace ------------------------------------------------------------------------------


def test_an_empty_workspace_or_the_demo_is_made_in_one_click(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for key, layers in (("first_empty", False), ("first_demo", True)):
        place = tmp_path / key / "workspace"
        monkeypatch.setenv("PHAENTHI_WORKSPACE", str(place))
        page = data_page()
        page.button(key=key).click().run()
        assert not page.exception
        assert bool(Workspace.open(place).layers) is layers
        assert [one.name for one in place.parent.iterdir()] == ["workspace"]
