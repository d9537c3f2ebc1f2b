"""The overview for executives: figures with last year's, years, coverage, what is missing."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from urllib.parse import parse_qs, urlparse

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from scipy.optimize import Bounds, LinearConstraint, milp
from streamlit.testing.v1 import AppTest

from phaenthi.apps.maps.legends import HIDDEN_COLOUR
from phaenthi.apps.papers.area_picture import AreaPicture, write_area_picture
from phaenthi.apps.planning import plan_labels
from phaenthi.apps.planning.plan_labels import Label
from phaenthi.apps.planning.plans import save_plan
from phaenthi.apps.publication import counts_by_area
from phaenthi.apps.publication.counts_by_area import Yearly, count_everything
from phaenthi.apps.screens import overview
from phaenthi.apps.screens.overview import cards, coverage, headline, lacking, multiples
from phaenthi.apps.screens.overview.asked import View
from phaenthi.apps.screens.overview.counted import counts_of
from phaenthi.geo.places.codes import Level
from phaenthi.layers.contracts.provenance import Provenance
from phaenthi.layers.villages.by_year import poor_by_year
from phaenthi.layers.workspace.folder import Workspace
from tests.apps.demo_plan import demo_publication
from tests.demo_copies import copy_demo

PATIENCE = 120


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the demo of two provinces, with a register of the year before for one of them."""
    folder = tmp_path_factory.mktemp("overview") / "demo"
    workspace = copy_demo(folder, provinces=("42", "83"))
    register = workspace.scan("poverty").collect()
    before = register.filter(pl.col("village_code").str.starts_with("83")).with_columns(
        pl.lit(2561, dtype=pl.Int16).alias("register_year")
    )
    both = pl.concat([register, before.head(before.height - 100)])
    workspace.put("poverty", both, Provenance("ทดสอบ", "", datetime.now(UTC), made_up=True))
    return folder


def overview_page(folder: Path, monkeypatch: pytest.MonkeyPatch, **held: str) -> AppTest:
    def page() -> None:
        from phaenthi.apps.screens import overview  # noqa: PLC0415 - AppTest runs this text alone

        overview.show()

    monkeypatch.setenv("PHAENTHI_WORKSPACE", str(folder))
    made = AppTest.from_function(page, default_timeout=PATIENCE)
    for key, value in held.items():
        made.session_state[key] = value
    return made.run()


def words_of(page: AppTest) -> str:
    """Return all that a page says, markup taken away."""
    said = [
        element.value
        for kind in ("markdown", "caption", "header", "subheader", "info", "error")
        for element in page.get(kind)
    ]
    said += [element.proto.body for element in page.get("html")]
    said += [element.label for kind in ("button", "expander") for element in page.get(kind)]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", " ".join(str(text) for text in said)))


def html_of(page: AppTest) -> str:
    return " ".join(element.proto.body for element in page.get("html"))


def view_of(folder: Path, area: str = "", level: Level = Level.PROVINCE) -> View:
    workspace = Workspace.open(folder)
    return View(str(folder), workspace.generation, area, level, "poor_households", None)


# -- the page in every kind of workspace -----------------------------------------------------------


def test_the_page_of_a_workspace_without_layers_says_what_to_import_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Workspace.create(tmp_path / "empty")
    page = overview_page(tmp_path / "empty", monkeypatch)
    assert not page.exception
    assert "ยังไม่มีทะเบียนหมู่บ้าน" in words_of(page)


@pytest.mark.parametrize("language", ["th", "en"])
def test_the_page_of_a_village_list_alone_says_that_all_else_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    workspace = Workspace.create(tmp_path / "list")
    villages = pl.DataFrame(
        {
            "village_code": ["46010101", "46010102"],
            "name_th": ["บ้านหนึ่ง", "บ้านสอง"],
            "name_en": [None, None],
            "longitude": [103.5, 103.6],
            "latitude": [16.4, None],
        },
        schema_overrides={"name_en": pl.String},
    )
    workspace.put("villages", villages, Provenance("list.csv", "", datetime.now(UTC)))
    page = overview_page(workspace.folder, monkeypatch, language=language)
    assert not page.exception
    said = words_of(page)
    missing = {
        "th": ("ยังไม่มีชั้นข้อมูล", "TPMAP", "ขอบเขตโดยประมาณ", "1 หมู่บ้านไม่มีพิกัด"),
        "en": (
            "Layers not held",
            "TPMAP",
            "Approximate boundaries",
            "1 villages without a position",
        ),
    }[language]
    for words in missing:
        assert words in said
    printed = overview_page(workspace.folder, monkeypatch, overview_print="1", language=language)
    assert not printed.exception
    assert missing[0] in words_of(printed)


def test_a_province_shows_every_part_and_what_is_missing_without_being_asked(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = overview_page(folder, monkeypatch, kept_overview_province="42")
    assert not page.exception
    said = words_of(page)
    for part in (
        "ยังขาดอะไร",
        "คนในครัวเรือนยากจน",
        "หมู่บ้านเป้าหมายปี 2563",
        "กองทุน แปลง OTOP และท่องเที่ยว",
        "จำนวนหมู่บ้านเป้าหมายรายโครงการ รายปี",
        "เทียบรายปีบนแผนที่",
    ):
        assert part in said
    # The line of what is missing comes before any figure.
    assert said.index("ยังขาดอะไร") < said.index("ครัวเรือนในทะเบียน จปฐ.")


def test_the_links_of_the_cards_lead_to_the_same_area(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = overview_page(folder, monkeypatch, kept_overview_province="42", overview_inside="420201")
    links = re.findall(r'href="(layers[^"]*)"', html_of(page).replace("&amp;", "&"))
    asked = [parse_qs(urlparse(link).query) for link in links]
    assert [one["section"] for one in asked] == [["funds"], ["plots"], ["otop"], ["tourism"]]
    assert {one["at"][0] for one in asked} == {"4202"}


def test_a_village_that_is_chosen_shows_its_own_card(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = "42020101"
    page = overview_page(
        folder,
        monkeypatch,
        kept_overview_province="42",
        overview_inside="420201",
        overview_chosen=code,
    )
    assert not page.exception
    assert f"รหัส {code}" in words_of(page)


@pytest.mark.parametrize("indicator", overview.INDICATORS)
def test_every_indicator_can_be_printed(
    folder: Path, monkeypatch: pytest.MonkeyPatch, indicator: str
) -> None:
    page = overview_page(
        folder,
        monkeypatch,
        kept_overview_province="83",
        kept_overview_indicator=indicator,
        kept_overview_level="tambon",
        overview_print="1",
    )
    assert not page.exception
    said = words_of(page)
    assert "ข้อมูลจำลอง – สร้างขึ้นเพื่อสาธิต" in said
    assert "จัดทำเมื่อวันที่" in said
    assert "ที่มา:" in said
    assert 'class="ph-inset"' in html_of(page)


# -- last year -------------------------------------------------------------------------------------


def test_last_years_figure_stands_beside_this_years_with_the_change(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    register = poor_by_year(Workspace.open(folder))
    here = register[register["village_code"].str.startswith("83")]
    now, before = (
        int(here.loc[here["year"] == year, "poor_households"].sum()) for year in (2562, 2561)
    )
    said = words_of(overview_page(folder, monkeypatch, kept_overview_province="83"))
    assert now > before
    assert f"ปี 2561: {before:,} (▲ {100 * (now - before) / before:.1f} %)" in said


def test_a_year_that_is_not_held_is_a_dash_and_a_sentence(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = words_of(overview_page(folder, monkeypatch, kept_overview_province="42"))
    assert "ปี 2561: –" in said
    assert "ปี 2561: พื้นที่ทำงานนี้ยังไม่มีข้อมูล จึงเว้นไว้ ไม่ประมาณ" in said


def test_a_year_of_one_province_is_not_compared_with_the_sum_of_two(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = words_of(overview_page(folder, monkeypatch, kept_overview_province="all"))
    assert "ปี 2561: มีข้อมูลเพียงบางส่วนของพื้นที่" in said
    by_year = counts_of(*view_of(folder).place).by_year
    assert headline.of_year(by_year, "", "poor_households", 2561).state == "part"
    assert headline.of_year(by_year, "", "poor_households", 2560).state == "not_held"


def test_people_of_poor_households_are_counted_by_the_survey_of_the_same_year_only(
    folder: Path,
) -> None:
    by_year = counts_of(*view_of(folder).place).by_year
    assert headline.of_year(by_year, "83", "poor_persons", 2562).state == "held"
    assert headline.of_year(by_year, "83", "poor_persons", 2561).state == "not_held"


def test_the_country_is_told_even_where_a_province_is_hidden() -> None:
    rows = {("46010101", 2562): 3, ("42010101", 2562): 4, ("83010101", 2562): 60}
    whole = counted(rows, [code for code, _ in rows]).now.set_index("code")
    assert pd.isna(whole.loc["46", "poor_households"])
    assert whole.loc["", "poor_households"] == 67


# -- years and what is hidden ----------------------------------------------------------------------


def villages_of(poor: dict[str, int | None]) -> pd.DataFrame:
    codes = list(poor)
    counts = pd.array(list(poor.values()), dtype="Int64")
    return pd.DataFrame(
        {
            "village_code": codes,
            "province_code": [code[:2] for code in codes],
            "amphoe_code": [code[:4] for code in codes],
            "tambon_code": [code[:6] for code in codes],
            "households": [200] * len(codes),
            "households_income_known": [200] * len(codes),
            "poor_households": counts,
            "target_poor_households": counts,
            "prior_targets": [""] * len(codes),
        }
    )


def register_of(rows: dict[tuple[str, int], int]) -> pd.DataFrame:
    keys = sorted(rows)
    counts = pd.array([rows[key] for key in keys], dtype="Int64")
    return pd.DataFrame(
        {
            "village_code": pd.array([code for code, _ in keys], dtype="string"),
            "year": pd.array([year for _, year in keys], dtype="Int64"),
            "poor_households": counts,
            "target_poor_households": counts,
            "poor_persons": counts * 3,
            "persons_unknown": pd.array([0] * len(keys), dtype="Int64"),
        }
    )


def counted(rows: dict[tuple[str, int], int], codes: list[str]) -> counts_by_area.Counts:
    """Count a country whose villages count now what they counted in their latest year."""
    latest = {code: max((year for c, year in rows if c == code), default=0) for code in codes}
    now = {code: rows.get((code, latest[code])) for code in codes}
    empty = pd.DataFrame({"village_code": pd.array([], dtype="string"), "year": []})
    none = empty.astype({"year": "Int64"})
    return count_everything(
        villages_of(now),
        villages_of({}),
        Yearly(
            register_of(rows),
            none.assign(households=pd.array([], dtype="Int64")),
            none.assign(programme=pd.array([], dtype="string")),
        ),
    )


def test_an_older_year_does_not_give_back_what_the_map_hides() -> None:
    # Only the first village was left out of the new register: now less the new year is its count.
    rows = {("46010101", 2561): 3}
    rows |= {(f"460101{n:02d}", year): 30 + n for n in range(2, 6) for year in (2561, 2562)}
    codes = sorted({code for code, _ in rows})
    made = counted(rows, codes)
    now = made.now.set_index("code")["poor_households"]
    new = made.by_year[made.by_year["year"] == 2562].set_index("code")["poor_households"]
    for area in ("460101", "4601", "46"):
        assert pd.isna(now[area]) or pd.isna(new[area]) or area == ""


def test_a_village_last_registered_before_the_years_that_are_shown_is_protected_too() -> None:
    years = range(2560, 2560 + counts_by_area.MOST_YEARS + 1)
    rows = {(f"4601010{n}", year): 30 + n for n in (2, 3) for year in years}
    rows["46010101", years[0]] = 2
    made = counted(rows, sorted({code for code, _ in rows}))
    assert min(made.by_year["year"]) == years[1]
    now = made.now.set_index("code")["poor_households"]
    last = made.by_year[made.by_year["year"] == years[-1]].set_index("code")["poor_households"]
    assert pd.isna(now["46010101"])
    for area in ("460101", "4601", "46"):
        assert pd.isna(now[area]) or pd.isna(last[area])


@dataclass
class Attacker:
    """Somebody who has every table: the unknowns are the counts of villages and years."""

    place: dict[tuple[str, int], int]
    rows: list[np.ndarray]
    told: list[float]

    def know(self, atoms: list[tuple[str, int]], total: float) -> None:
        row = np.zeros(len(self.place))
        for atom in atoms:
            row[self.place[atom]] += 1
        self.rows.append(row)
        self.told.append(total)

    def ends(self, atom: tuple[str, int]) -> tuple[float, float]:
        """Return the least and most that a count can be by all that is told."""
        found = []
        for way in (1, -1):
            aim = np.zeros(len(self.place))
            aim[self.place[atom]] = way
            limits = (
                LinearConstraint(np.array(self.rows), self.told, self.told) if self.rows else None
            )
            solved = milp(
                aim,
                constraints=limits,
                bounds=Bounds(1, 500),
                integrality=np.ones(len(self.place)),
            )
            found.append(way * float(solved.fun))
        return found[0], found[1]


CODES = [f"4601{tambon:02d}{number:02d}" for tambon in (1, 2) for number in (1, 2, 3)]


@st.composite
def registers(draw: st.DrawFn) -> dict[tuple[str, int], int]:
    rows: dict[tuple[str, int], int] = {}
    for code, year in itertools.product(CODES, (2560, 2561, 2562)):
        count = draw(st.one_of(st.none(), st.integers(1, 4), st.integers(5, 60)))
        if count is not None:
            rows[code, year] = count
    return rows


@settings(max_examples=12, deadline=None)
@given(registers())
def test_who_has_the_tables_of_now_and_of_every_year_still_learns_no_small_count(
    rows: dict[tuple[str, int], int],
) -> None:
    if not rows:
        return
    with pytest.MonkeyPatch.context() as patched:
        # The page has no table of the earliest year, but what there is now still counts it.
        patched.setattr(counts_by_area, "MOST_YEARS", 2)
        made = counted(rows, CODES)
    attacker = Attacker({atom: number for number, atom in enumerate(rows)}, [], [])
    latest = {code: max((y for c, y in rows if c == code), default=0) for code in CODES}
    for row in made.now.dropna(subset="poor_households").itertuples():
        atoms = [(c, y) for c, y in rows if c.startswith(row.code) and latest[c] == y]
        attacker.know(atoms, float(row.poor_households))
    for row in made.by_year.dropna(subset="poor_households").itertuples():
        atoms = [(c, y) for c, y in rows if c.startswith(row.code) and y == row.year]
        attacker.know(atoms, float(row.poor_households))
    for atom, count in rows.items():
        if 1 <= count < 5:
            least, most = attacker.ends(atom)
            assert most - least >= 3


def test_small_maps_share_classes_and_hide_what_the_map_hides() -> None:
    rows = {("46010101", 2561): 3, ("46010101", 2562): 40}
    rows |= {(f"4601{t:02d}01", year): 30 + t for t in range(2, 6) for year in (2561, 2562)}
    made = counted(rows, sorted({code for code, _ in rows}))
    told = multiples.years_of(made.by_year, Level.TAMBON, "46", "poor_households")
    codes = sorted(set(told["code"]))
    provinces = made.by_year[made.by_year["level"] == Level.PROVINCE]
    whole = multiples.filled_years(told, codes, "poor_households", provinces)
    panels, classes = multiples.panels_of(whole, ",.0f", "ครัวเรือน")
    assert [panel.year for panel in panels] == [2561, 2562]
    hidden = {code for code in codes if panels[0].colours[code] == HIDDEN_COLOUR}
    assert "460101" in hidden
    # Hidden in one year, hidden in every year: a count alone in a year tells nothing of another.
    assert {code for code in codes if panels[1].colours[code] == HIDDEN_COLOUR} == hidden
    assert set(classes.colours) >= {
        colour for panel in panels for colour in panel.colours.values()
    } - {HIDDEN_COLOUR}


def test_a_year_without_a_survey_has_no_map_of_shares() -> None:
    rows = {("46010101", 2561): 3, ("46010201", 2561): 9, ("46010301", 2561): 40}
    made = counted(rows, sorted({code for code, _ in rows}))
    assert not multiples.years_of(made.by_year, Level.TAMBON, "46", "poor_households").empty
    assert multiples.years_of(made.by_year, Level.TAMBON, "46", "poor_share").empty


def test_an_area_that_no_programme_reached_counts_none_where_the_register_speaks() -> None:
    told = pd.DataFrame({"code": ["4601"], "year": [2562], "value": [7], "hidden": [False]}).astype(
        {"value": "Float64"}
    )
    provinces = pd.DataFrame({"code": ["46"], "year": [2562]})
    whole = multiples.filled_years(told, ["4601", "4602", "4201"], "prior_villages", provinces)
    by_code = whole.set_index("code")["value"]
    assert (by_code["4601"], by_code["4602"]) == (7, 0)
    assert pd.isna(by_code["4201"])


# -- programmes ------------------------------------------------------------------------------------


def test_coverage_counts_each_village_once_a_programme_and_year() -> None:
    rows = pd.DataFrame(
        {
            "village_code": ["46010101", "46010101", "46010102", "42010101"],
            "year": [2561, 2562, 2562, 2562],
            "programme": ["sammachip", "sammachip", "sammachip", "thai-niyom"],
        }
    )
    table = coverage.count_coverage(rows, "46")
    assert table.loc["sammachip"].to_dict() == {2561: 1, 2562: 2}
    assert list(table.index) == ["sammachip"]


def test_of_plans_only_the_newest_put_away_counts_and_says_that_it_is_a_plan(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publication = demo_publication()
    workspace = copy_demo(tmp_path / "plans", provinces=("42",))
    save_plan(publication.plan, workspace)
    folder = str(workspace.folder)
    assert coverage.planned(folder, "").empty
    label = Label("แผนจังหวัด", "สพจ.", "", datetime(2026, 1, 5, tzinfo=UTC).isoformat())
    plan_labels.put_away(publication.plan.id, label, workspace)
    found = coverage.planned(folder, "42").to_dict("records")
    chosen = len(publication.plan.result("42").chosen)
    assert found == [{"programme": "ne-poverty-2563", "year": 2563, "villages": chosen}]
    assert coverage.planned(folder, "46").empty
    said = words_of(overview_page(workspace.folder, monkeypatch))
    assert "แผนที่บันทึกไว้ ยังไม่ใช่ผลดำเนินงาน" in said


def test_plans_of_packs_with_one_name_keep_a_row_each(folder: Path) -> None:
    plan = {"programme": "ne-poverty-2563", "villages": 18}
    plans_of = pd.DataFrame([{**plan, "year": 2563}, {**plan, "year": 2564, "villages": 5}])
    none = pd.DataFrame(columns=pd.Index([], dtype="int64"))
    told = coverage.told_table(none, plans_of, str(folder))
    assert told.to_numpy().tolist() == [[18, 0], [0, 5]]
    assert told.index[0] == told.index[1]


# -- cards and what is missing ---------------------------------------------------------------------


def test_a_card_tells_the_years_that_its_register_holds_and_no_others(folder: Path) -> None:
    made, why = cards.cards(view_of(folder, "42"))
    by_label = {card.figure.label: card.figure for card in made}
    funds = Workspace.open(folder).scan("funds").collect()
    here = funds.filter(pl.col("village_code").str.starts_with("42"))["fund_id"].n_unique()
    assert by_label["กองทุนชุมชน"].value == f"{here:,}"
    assert by_label["กองทุนชุมชน"].beside == f"ปี 2567: {here:,} · ปี 2566: –"
    assert "ทะเบียนแปลงไม่มีปี" in by_label["แปลงโคก หนอง นา"].beside
    assert any("กองทุนชุมชนปี 2566" in sentence for sentence in why)


def test_what_is_missing_is_told_of_the_area_that_is_shown(folder: Path) -> None:
    view = view_of(folder, "42", Level.AMPHOE)
    counts = counts_of(*view.place)
    inside = counts.now[counts.now["code"].str.startswith("42")]
    found = lacking.find_lacking(view, inside, counts.by_year)
    villages = Workspace.open(folder).table("villages")
    here = villages[villages["village_code"].str.startswith("42")]
    assert f"{here['longitude'].isna().sum():,} หมู่บ้านไม่มีพิกัด" in found
    assert any("ปี 2561" in sentence for sentence in found)


# -- the picture -----------------------------------------------------------------------------------


@pytest.fixture
def picture(folder: Path) -> AreaPicture:
    areas = Workspace.open(folder).boundaries(Level.AMPHOE)
    areas = areas[areas["code"].str.startswith("83")]
    return AreaPicture(
        areas=areas,
        colours=dict.fromkeys(areas["code"], "#2c7fb8"),
        legend={"#2c7fb8": "5 – 20"},
        legend_title="ครัวเรือนยากจน (ครัวเรือน)",
        title="ครัวเรือนยากจน รายอำเภอ",
        subtitle="ภูเก็ต",
        notes=["ที่มา: ทะเบียน"],
        warnings=["ข้อมูลจำลอง"],
        day=date(2026, 1, 5),
    )


def test_the_sheet_is_a4_at_300_dots_an_inch_and_holds_its_colours(
    picture: AreaPicture, tmp_path: Path
) -> None:
    write_area_picture(picture, tmp_path / "map.png")
    drawn = Image.open(BytesIO((tmp_path / "map.png").read_bytes())).convert("RGB")
    assert sorted(drawn.size) == [2480, 3508]
    colours = {colour: count for count, colour in drawn.getcolors(1 << 20) or []}
    assert colours[(0x2C, 0x7F, 0xB8)] > 50_000
    write_area_picture(picture, tmp_path / "again.png")
    assert (tmp_path / "again.png").read_bytes() == (tmp_path / "map.png").read_bytes()
