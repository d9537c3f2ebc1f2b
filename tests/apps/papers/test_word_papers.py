"""Word papers: typeface of every script, repeated heads, whole rows, Thai digits, no secrets."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from docx import Document
from docx.oxml.ns import qn

from phaenthi.apps.papers.annex import write_annex
from phaenthi.apps.papers.budget import budget_by_amphoe, write_budget, write_budget_workbook
from phaenthi.apps.papers.facts import Facts
from phaenthi.apps.papers.letter import write_letter, write_memo
from phaenthi.apps.papers.progress_form import (
    CLUSTER_COLUMNS,
    GROUP_COLUMNS,
    STEP_COLUMNS,
    STEPS,
    Progress,
    as_groups,
    forms_of,
    write_progress,
)
from phaenthi.apps.papers.summary import write_summary
from phaenthi.apps.papers.workbook import FACE
from phaenthi.apps.publication.published_plan import Publication
from phaenthi.targeting.plan.record import Override
from phaenthi.wording import Problem
from tests.apps.demo_plan import demo_publication

WRITERS = {
    "memo": write_memo,
    "letter": write_letter,
    "annex": write_annex,
    "budget": write_budget,
    "summary": write_summary,
}
PROVINCE = "42"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("papers")
    for name, write in WRITERS.items():
        write(demo_publication(), folder / f"{name}.docx")
    return folder


def text_of(path: Path) -> str:
    document = Document(str(path))
    parts = [document.element.body]
    for section in document.sections:
        parts += [section.header._element, section.first_page_header._element]
    return "\n".join(
        "".join(t.text or "" for t in paragraph.iter(qn("w:t")))
        for part in parts
        for paragraph in part.iter(qn("w:p"))
    )


def facts() -> Facts:
    return Facts.of(demo_publication(), PROVINCE)


@pytest.mark.parametrize("name", WRITERS)
def test_every_run_names_the_typeface_for_latin_and_thai_alike(folder, name):
    body = Document(str(folder / f"{name}.docx")).element.body
    runs = [run for run in body.iter(qn("w:r")) if run.find(qn("w:t")) is not None]
    assert runs
    for run in runs:
        settings = run.find(qn("w:rPr"))
        faces = settings.find(qn("w:rFonts"))
        assert {faces.get(qn(f"w:{s}")) for s in ("ascii", "hAnsi", "cs")} == {FACE}
        size = settings.find(qn("w:sz")).get(qn("w:val"))
        assert settings.find(qn("w:szCs")).get(qn("w:val")) == size
        assert settings.find(qn("w:lang")).get(qn("w:bidi")) == "th-TH"
        assert (settings.find(qn("w:b")) is None) == (settings.find(qn("w:bCs")) is None)


@pytest.mark.parametrize("name", ["annex", "budget"])
def test_tables_repeat_their_heads_and_tear_no_row(folder, name):
    for table in Document(str(folder / f"{name}.docx")).tables:
        rows = table._tbl.findall(qn("w:tr"))
        settings = [row.find(qn("w:trPr")) for row in rows]
        assert [s.find(qn("w:tblHeader")) is not None for s in settings] == [
            True,
            *([False] * (len(rows) - 1)),
        ]
        assert all(s.find(qn("w:cantSplit")) is not None for s in settings)


@pytest.mark.parametrize("name", WRITERS)
def test_thai_papers_have_thai_digits_everywhere_but_in_names(folder, name):
    text = re.sub(r"[\w./@-]*[A-Za-z][\w./@-]*", "", text_of(folder / f"{name}.docx"), flags=re.A)
    assert not re.findall(r"[0-9]+", text)


@pytest.mark.parametrize("name", WRITERS)
def test_made_up_data_are_told_on_every_page(folder, name):
    section = Document(str(folder / f"{name}.docx")).sections[0]
    for head in (section.header, section.first_page_header):
        assert "ข้อมูลจำลอง" in "".join(p.text for p in head.paragraphs)


@pytest.mark.parametrize("name", WRITERS)
def test_the_same_plan_gives_the_same_bytes(folder, name, tmp_path):
    WRITERS[name](demo_publication(), tmp_path / "again.docx")
    assert (tmp_path / "again.docx").read_bytes() == (folder / f"{name}.docx").read_bytes()


@pytest.mark.parametrize("name", WRITERS)
def test_no_household_is_named(folder, name):
    with zipfile.ZipFile(folder / f"{name}.docx") as archive:
        everything = b"".join(archive.read(entry) for entry in archive.namelist()).decode(
            "utf-8", errors="ignore"
        )
    members = demo_publication().plan.members["household_id"].head(400)
    assert not [household for household in members if household in everything]


def test_the_memo_has_the_parts_of_its_form_in_their_order(folder):
    text = text_of(folder / "memo.docx")
    parts = ["ส่วนราชการ", "ที่", "วันที่", "เรื่อง", "เรียน", "๑. เรื่องเดิม", "๒. ข้อเท็จจริง"]
    parts += ["๓. ข้อพิจารณา", "๔. ข้อเสนอ", "จึงเรียนมาเพื่อโปรดพิจารณา", "ตำแหน่ง"]
    places = [text.index(part) for part in parts]
    assert places[:1] + places[3:] == sorted(places[:1] + places[3:])
    assert "ผู้ว่าราชการจังหวัดเลย" in text
    # A memo closes without the courtesy of a letter.
    assert "ขอแสดงความนับถือ" not in text


def test_the_letter_has_the_parts_of_its_form_in_their_order(folder):
    text = text_of(folder / "letter.docx")
    parts = ["เรื่อง", "เรียน", "อ้างถึง", "สิ่งที่ส่งมาด้วย", "ตามหนังสือที่อ้างถึง", " นั้น"]
    parts += ["จึงขอให้อำเภอดำเนินการ", "จึงเรียนมาเพื่อพิจารณาดำเนินการ", "ขอแสดงความนับถือ", "โทร."]
    places = [text.index(part) for part in parts]
    assert places == sorted(places)


def test_the_letters_tell_what_the_plan_holds(folder):
    told = facts()
    assert (len(told.chosen), told.baht) == (11, 11 * 125_400)
    for name in ("memo", "letter"):
        text = text_of(folder / f"{name}.docx")
        assert "จำนวน ๑๑ หมู่บ้าน" in text
        assert "๑,๓๗๙,๔๐๐ บาท (หนึ่งล้านสามแสนเจ็ดหมื่นเก้าพันสี่ร้อยบาทถ้วน)" in text


def test_the_annex_lists_every_target_and_reserve_village_once(folder):
    chosen, reserve, *_ = Document(str(folder / "annex.docx")).tables
    told = facts()
    arabic = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
    for table, wanted in ((chosen, told.chosen), (reserve, told.reserve)):
        codes = [row.cells[5].text.translate(arabic) for row in table.rows[1:]]
        assert [code for code in codes if code] == wanted["village_code"].tolist()
    assert "๑,๓๗๙,๔๐๐" in [cell.text for cell in chosen.rows[-1].cells]


def test_hidden_counts_stay_hidden_in_the_annex(tmp_path):
    publication = demo_publication()
    code = publication.plan.result(PROVINCE).chosen[0]
    # As if this village's count had to be hidden.
    shown = publication.villages.copy()
    here = shown["village_code"] == code
    shown.loc[here, "counts_hidden"] = True
    shown.loc[here, ["need", "target_households"]] = pd.NA
    hiding = Publication(publication.plan, publication.programme, publication.workspace)
    hiding.__dict__["villages"] = shown
    write_annex(hiding, tmp_path / "annex.docx")
    chosen = Document(str(tmp_path / "annex.docx")).tables[0]
    arabic = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
    row = next(r for r in chosen.rows if r.cells[5].text.translate(arabic) == code)
    assert [cell.text for cell in row.cells[6:8]] == ["ปกปิด", "ปกปิด"]


def test_a_decision_stands_in_the_annex_with_its_reason(tmp_path):
    left_out = demo_publication().plan.result(PROVINCE).chosen[0]
    publication = demo_publication(Override(left_out, "out", "หมู่บ้านขอถอนตัว", "ศจพ.อ.เมืองเลย"))
    write_annex(publication, tmp_path / "annex.docx")
    write_memo(publication, tmp_path / "memo.docx")
    text = text_of(tmp_path / "annex.docx")
    assert "หมู่บ้านขอถอนตัว" in text
    assert "เว้นตามมติของศจพ.อ.เมืองเลย" in text
    assert "จำนวน ๑ หมู่บ้าน พร้อมเหตุผลเป็นลายลักษณ์อักษร" in text_of(tmp_path / "memo.docx")


def test_papers_speak_english_with_arabic_digits_when_asked(tmp_path):
    for name, write in WRITERS.items():
        write(demo_publication(), tmp_path / f"{name}.docx", "en")
        text = text_of(tmp_path / f"{name}.docx")
        assert not re.search("[๐-๙]", text)
    assert "Memorandum" in text_of(tmp_path / "memo.docx")


def test_the_budget_adds_up_by_amphoe_and_item():
    told = facts()
    table = budget_by_amphoe(told)
    items = [item.id for item in told.items]
    assert table["villages"].sum() == 11
    assert table["baht"].sum() == demo_publication().plan.result(PROVINCE).baht
    assert (table[items].sum(axis=1) == table["baht"]).all()
    assert table["amphoe_code"].is_monotonic_increasing


def test_costs_that_differ_between_villages_are_told_in_one_column(tmp_path):
    publication = demo_publication()
    units = publication.plan.units.assign(cost_baht=pd.NA)
    one = publication.plan.result(PROVINCE).chosen[0]
    units["cost_baht"] = units["cost_baht"].astype("Int64")
    units.loc[units["village_code"] == one, "cost_baht"] = 1_000
    differing = Publication(
        replace(publication.plan, units=units), publication.programme, publication.workspace
    )
    told = Facts.of(differing, PROVINCE)
    assert told.items == ()
    assert told.baht_each is None
    assert budget_by_amphoe(told)["baht"].sum() == 10 * 125_400 + 1_000
    write_budget(differing, tmp_path / "budget.docx")
    write_memo(differing, tmp_path / "memo.docx")
    assert "งบประมาณรวมเป็นเงินทั้งสิ้น ๑,๒๕๕,๐๐๐ บาท" in text_of(tmp_path / "memo.docx")


def test_a_programme_without_a_budget_has_no_budget_paper(tmp_path):
    publication = demo_publication()
    rules = tuple(rule for rule in publication.programme.pack.rules if rule.kind != "budget")
    pack = publication.programme.pack.model_copy(update={"rules": rules})
    without = Publication(
        publication.plan, replace(publication.programme, pack=pack), publication.workspace
    )
    with pytest.raises(Problem) as refused:
        write_budget(without, tmp_path / "budget.docx")
    assert refused.value.message_id == "papers.no_budget"
    write_letter(without, tmp_path / "letter.docx")
    assert "งบประมาณหมู่บ้านละ" not in text_of(tmp_path / "letter.docx")


def test_a_province_without_a_choice_has_nothing_to_propose(tmp_path):
    publication = demo_publication()
    units = publication.plan.units.assign(status="eligible")
    empty = Publication(
        replace(publication.plan, units=units), publication.programme, publication.workspace
    )
    with pytest.raises(Problem) as refused:
        write_memo(empty, tmp_path / "memo.docx")
    assert refused.value.message_id == "papers.nothing_chosen"
    assert not (tmp_path / "memo.docx").exists()


def test_the_budget_is_also_a_workbook_that_reads_back(tmp_path):
    write_budget_workbook(demo_publication(), tmp_path / "budget.xlsx")
    table = pd.read_excel(tmp_path / "budget.xlsx", header=None, engine="calamine")
    assert 11 * 125_400 in table.iloc[-1].tolist()


# -- the progress form -----------------------------------------------------------------------------


def a_form(**changes: object) -> Progress:
    groups = pd.DataFrame(
        [
            ["บ้านโนนสูง หมู่ที่ 3 ต.นาอาน", "กลุ่มทอผ้า", "ผ้าฝ้าย", 12, "ตลาดนัด", True],
            ["บ้านหนองบัว หมู่ที่ 1 ต.นาอาน", "กลุ่มข้าว", "ข้าวฮาง", pd.NA, None, pd.NA],
        ],
        columns=list(GROUP_COLUMNS),
    )
    clusters = pd.DataFrame([["คลัสเตอร์ผ้า", "ผลิตภัณฑ์เดียวกัน", 2]], columns=list(CLUSTER_COLUMNS))
    steps = pd.DataFrame(
        [["survey", "finished", "สำรวจแล้ว", None, None], ["grading", "under_way", "", "", ""]],
        columns=list(STEP_COLUMNS),
    )
    given = {
        "amphoe_code": "4201",
        "project": "โครงการพัฒนาศักยภาพสัมมาชีพชุมชน",
        "fiscal_year": 2561,
        "quarter": 4,
        "groups": groups,
        "clusters": clusters,
        "steps": steps,
        "state": "under_way",
        "received_baht": 62_400,
        "spent_baht": 31_200,
    }
    return Progress(**(given | changes))  # type: ignore[arg-type]


def test_the_form_shows_groups_clusters_steps_and_money(tmp_path):
    write_progress([a_form()], tmp_path / "form.docx", demo_publication())
    document = Document(str(tmp_path / "form.docx"))
    groups, clusters, steps, money = document.tables
    assert [cell.text for cell in groups.rows[1].cells][2:] == [
        "กลุ่มทอผ้า",
        "ผ้าฝ้าย",
        "๑๒",
        "ตลาดนัด",
        "☑",
        "☐",
    ]
    # Not known is neither of the two.
    assert [cell.text for cell in groups.rows[2].cells][4:] == ["", "", "☐", "☐"]
    assert clusters.rows[1].cells[3].text == "๒"
    ticks = [(row.cells[1].text, row.cells[2].text) for row in steps.rows[1:]]
    assert len(ticks) == len(STEPS)
    assert ticks[0] == ("☐", "☑")
    assert ticks[3] == ("☑", "☐")
    assert [cell.text for cell in money.rows[1].cells] == ["๖๒,๔๐๐", "๓๑,๒๐๐", "๓๑,๒๐๐", "๕๐.๐๐"]
    assert "ไตรมาสที่ ๔" in text_of(tmp_path / "form.docx")


def test_every_amphoe_with_a_target_village_gets_a_form():
    forms = forms_of(demo_publication(), PROVINCE)
    assert [form.amphoe_code for form in forms] == sorted(set(facts().chosen["amphoe_code"]))
    assert all(form.percent_spent is None for form in forms)


def test_groups_that_a_register_knows_stand_in_the_form(tmp_path):
    columns = {"address": "บ้านโนนสูง", "name_th": "กลุ่มทอผ้า", "product_th": "ผ้า", "members": 9}
    ticks = [(True, False), (False, True), (False, False)]
    register = pd.DataFrame(
        [columns | {"outlet": "", "otop_yes": yes, "otop_not_yet": no} for yes, no in ticks]
    )
    groups = as_groups(register)
    assert groups["otop_registered"].tolist() == [True, False, pd.NA]
    write_progress([a_form(groups=groups)], tmp_path / "form.docx", demo_publication())
    rows = Document(str(tmp_path / "form.docx")).tables[0].rows[1:]
    shown = [(row.cells[6].text, row.cells[7].text) for row in rows]
    assert shown == [("☑", "☐"), ("☐", "☑"), ("☐", "☐")]


@pytest.mark.parametrize(
    ("changes", "message_id"),
    [
        ({"groups": pd.DataFrame({"name_th": ["ก"]})}, "papers.columns_missing"),
        (
            {"steps": pd.DataFrame([["dance", *[""] * 4]], columns=list(STEP_COLUMNS))},
            "papers.step_unknown",
        ),
        ({"spent_baht": -1}, "papers.baht_below_zero"),
    ],
)
def test_a_form_that_cannot_be_is_refused(changes, message_id):
    with pytest.raises(Problem) as refused:
        a_form(**changes)
    assert refused.value.message_id == message_id


def test_nothing_received_has_no_percentage():
    assert a_form(received_baht=0, spent_baht=0).percent_spent is None
    assert a_form(received_baht=None).percent_spent is None


def test_a_long_register_of_groups_is_written_whole(tmp_path):
    many = pd.concat([a_form().groups] * 60, ignore_index=True)
    write_progress([a_form(groups=many)], tmp_path / "form.docx", demo_publication())
    assert len(Document(str(tmp_path / "form.docx")).tables[0].rows) == 121
