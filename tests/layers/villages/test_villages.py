"""The village table joins every layer, a row a village, and counts what is not known."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from phaenthi.geo.places.codes import Level
from phaenthi.layers.contracts.poverty import DIMENSIONS
from phaenthi.layers.imports.by_code import import_file
from phaenthi.layers.villages import table as villages
from phaenthi.layers.villages.rollup import households_by_village, poor_by_village, roll_up
from phaenthi.layers.workspace.folder import Workspace
from tests.layers.office import HOUSEHOLDS, made_up_source, open_office, villages_table, write

REGISTER = """รหัสครัวเรือน,รหัสหมู่บ้าน,ปีข้อมูล,ด้านสุขภาพ,ด้านรายได้,บัตรสวัสดิการแห่งรัฐ
1,46010201,2562,1,0,1
2,46010201,2562,1,0,
3,46010201,2562,0,,1
4,46010201,2561,1,1,1
5,46010202,2562,0,0,1
"""
HISTORY = """รหัสหมู่บ้าน,โครงการ,ปีงบประมาณ
46010201,หมู่บ้านเศรษฐกิจพอเพียง,2563
46010201,สัมมาชีพชุมชน,2562
46010202,พัฒนาอาชีพและรายได้ของคนยากจน,2562
"""


@pytest.fixture
def full_office(tmp_path: Path) -> Workspace:
    workspace = open_office(tmp_path)
    texts = {"households": HOUSEHOLDS, "poverty": REGISTER, "history": HISTORY}
    for layer, text in texts.items():
        import_file(workspace, layer, write(tmp_path, f"{layer}.csv", text))
    return workspace


def test_each_village_is_one_row_with_the_names_of_the_areas_around_it(
    full_office: Workspace,
) -> None:
    table = villages.build(full_office)
    assert table["village_code"].tolist() == ["46010201", "46010202", "46010301"]
    first = table.iloc[0]
    assert (first["tambon_code"], first["amphoe_code"], first["province_code"]) == (
        "460102",
        "4601",
        "46",
    )
    assert (first["amphoe_th"], first["province_th"]) == ("เมืองกาฬสินธุ์", "กาฬสินธุ์")
    assert first["tambon_th"]
    assert table.crs.to_epsg() == 4326
    assert table["located"].tolist() == [True, True, False]
    assert table.geometry.isna().tolist() == [False, False, True]


def test_households_are_counted_and_unknown_incomes_shown(full_office: Workspace) -> None:
    table = villages.build(full_office)
    assert [*table["households"].astype(object)] == [2, 1, pd.NA]
    assert [*table["members"].astype(object)] == [7, 2, pd.NA]
    assert [*table["households_income_known"].astype(object)] == [2, 0, pd.NA]


def test_poverty_is_of_the_latest_year_and_leaves_open_what_is_open(
    full_office: Workspace,
) -> None:
    first = villages.build(full_office).iloc[0]
    # Household 3 may be poor in income; household 2 may be registered; 4 is of the year before.
    assert (first["poor_households"], first["poor_households_unknown"]) == (2, 1)
    assert (first["target_poor_households"], first["target_poor_households_unknown"]) == (1, 2)


def test_missing_values_are_counted(full_office: Workspace) -> None:
    assert villages.build(full_office)["missing"].tolist() == [0, 0, 5]


def test_prior_targets_name_programme_and_year(full_office: Workspace) -> None:
    assert villages.build(full_office)["prior_targets"].tolist() == [
        "sammachip 2562; sufficiency-village 2563",
        "ne-poverty 2562",
        "",
    ]


def test_without_layers_nothing_is_taken_for_zero(tmp_path: Path) -> None:
    table = villages.build(open_office(tmp_path))
    for column in ("households", "poor_households", "target_poor_households", "prior_targets"):
        assert table[column].isna().all(), column
    assert table["missing"].tolist() == [4, 4, 5]


def test_an_empty_workspace_gives_an_empty_table(tmp_path: Path) -> None:
    table = villages.build(Workspace.create(tmp_path))
    assert tuple(table.columns) == villages.COLUMNS
    assert table.empty


def test_one_province_is_cut_out_of_the_country(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path)
    workspace.put("villages", villages_table(("42010201", "46010201")), made_up_source())
    assert villages.build(workspace, "46")["village_code"].tolist() == ["46010201"]


def test_municipal_households_are_kept_and_counted_under_their_amphoe(
    full_office: Workspace, tmp_path: Path
) -> None:
    text = HOUSEHOLDS + "9,46015101,2562,1000,5\n8,46015100,2562,,1\n"
    report = import_file(full_office, "households", write(tmp_path, "h.csv", text))
    assert report.provenance.rows_set_aside == 0
    assert "460151" not in set(villages.build(full_office)["tambon_code"])
    towns = villages.municipal_areas(full_office)
    assert towns["tambon_code"].tolist() == ["460151"]
    assert towns["amphoe_code"].tolist() == ["4601"]
    assert towns["households"].tolist() == [2]
    assert towns["members"].tolist() == [6]
    assert villages.municipal_areas(full_office, "42").empty


def test_a_village_surveyed_last_in_an_earlier_year_is_counted_then() -> None:
    rows = pl.LazyFrame(
        {
            "village_code": ["46010201", "46010201", "46010202"],
            "survey_year": [2561, 2562, 2561],
            "members": [1, 2, None],
            "income_per_person": [1.0, None, 1.0],
        },
        schema_overrides={"members": pl.Int64},
    )
    counts = households_by_village(rows).sort("village_code").collect()
    assert counts["survey_year"].to_list() == [2562, 2561]
    assert counts["households"].to_list() == [1, 1]
    assert counts["members"].to_list() == [2, None]
    assert counts["households_income_known"].to_list() == [0, 1]


answers = st.sampled_from([True, False, None])


@given(st.lists(st.tuples(*[answers] * 6), min_size=1, max_size=12))
def test_poor_counts_bound_what_any_answer_to_the_open_questions_would_give(
    rows: list[tuple[bool | None, ...]],
) -> None:
    names = [*DIMENSIONS, "registered_for_welfare"]
    table = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.Boolean), orient="row")
    table = table.with_columns(village_code=pl.lit("46010201"), register_year=pl.lit(2562))
    found = poor_by_village(table.lazy(), DIMENSIONS).collect().row(0, named=True)

    def poor(row: tuple[bool, ...]) -> bool:
        return any(row[:5])

    for name, rule in {
        "poor_households": poor,
        "target_poor_households": lambda row: poor(row) and row[5],
    }.items():
        worst = sum(rule(tuple(bool(answer) for answer in row)) for row in rows)
        best = sum(rule(tuple(answer is not False for answer in row)) for row in rows)
        assert found[name] == worst
        assert found[name] + found[f"{name}_unknown"] == best


def test_adding_up_counts_what_is_missing_and_never_invents_zero() -> None:
    table = pd.DataFrame(
        {
            "village_code": ["46010201", "46010202", "46010301", "46020101"],
            "households": pd.array([10, None, 5, None], dtype="Int64"),
        }
    )
    amphoe = roll_up(table, Level.AMPHOE, ["households"])
    assert amphoe["code"].tolist() == ["4601", "4602"]
    assert amphoe["areas"].tolist() == [3, 1]
    assert [*amphoe["households"].astype(object)] == [15, pd.NA]
    assert amphoe["households_missing"].tolist() == [1, 1]


@given(
    st.dictionaries(
        st.integers(0, 9999).map(lambda n: f"46{n:04d}01"), st.integers(0, 50), min_size=1
    )
)
def test_adding_up_in_one_step_or_in_three_is_the_same(counts: dict[str, int]) -> None:
    table = pd.DataFrame({"village_code": [*counts], "households": [*counts.values()]})
    steps = table
    for level in (Level.TAMBON, Level.AMPHOE, Level.PROVINCE):
        steps = roll_up(steps, level, ["households"])[["code", "households"]]
    at_once = roll_up(table, Level.PROVINCE, ["households"])
    assert at_once["households"].tolist() == steps["households"].tolist() == [sum(counts.values())]
