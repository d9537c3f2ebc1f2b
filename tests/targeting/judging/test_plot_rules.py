"""Plots on both sides of every limit; met, not met and unknown kept apart."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from shapely import affinity

from phaenthi.geo.shapes.crs import GEOGRAPHIC, UTM_48_NORTH
from phaenthi.layers.plots.checks import measure_plots
from phaenthi.targeting.judging.plot_units import in_target_area, plot_units
from phaenthi.targeting.judging.plots import (
    FINDING_COLUMNS,
    check_plots,
    check_words,
    checked_plots,
    clause_words,
    finding_sentence,
)
from phaenthi.targeting.judging.unit_table import read_units
from phaenthi.targeting.programme.programme import load
from tests.layers.plots.test_plots import made_rows, pond_in
from tests.layers.plots_by_hand import (
    SOUND,
    TAMBONS,
    VILLAGES,
    open_plot_office,
    parcel,
    plots_table,
    source,
)

TARGETS = ("460102", "420101", "830101")
LAND = parcel(103.43, 16.45, 100, 80)


def checked(*rows, ponds=None, targets=TARGETS, **settings):
    facts = measure_plots(plots_table(*rows), TAMBONS, VILLAGES, ponds)
    return check_plots(load("khok-nong-na-hlm"), facts, targets=targets, **settings)


def verdicts(checks, check):
    rows = checks.findings[checks.findings["check"] == check]
    return dict(zip(rows["plot_id"], rows["verdict"], strict=True))


def drawn(*ponds, zone="48"):
    """Return the layer of ponds from (id, plot, depth, shape)."""
    return gpd.GeoDataFrame(
        {
            "pond_id": [pond[0] for pond in ponds],
            "plot_id": [pond[1] for pond in ponds],
            "pond_depth_metres": pd.array([pond[2] for pond in ponds], dtype="Float64"),
            "pond_side_slope": pd.array([1.0] * len(ponds), dtype="Float64"),
        },
        geometry=[pond[3] for pond in ponds],
        crs=GEOGRAPHIC,
    )


def moved(metres_east, metres_north=0.0, shape=LAND):
    flat = gpd.GeoSeries([shape], crs=GEOGRAPHIC).to_crs(UTM_48_NORTH).iloc[0]
    there = affinity.translate(flat, metres_east, metres_north)
    return gpd.GeoSeries([there], crs=UTM_48_NORTH).to_crs(GEOGRAPHIC).iloc[0]


def test_a_sound_plot_meets_everything():
    checks = checked({"plot_id": "A", "geometry": LAND})
    row = checks.plots.iloc[0]
    assert (row["verdict"], row["not_met"], row["unknown"]) == ("met", "", "")
    assert row["to_look_at"] == ""
    assert set(checks.findings["verdict"]) == {"met"} | set(
        checks.findings.loc[checks.findings["check"] == "water", "verdict"]
    )


def test_a_plot_whose_owner_lives_elsewhere_counts_where_the_plot_is():
    checks = checked(
        {"plot_id": "inside", "geometry": LAND, "owner_tambon_code": "460103"},
        {
            "plot_id": "outside",
            "geometry": moved(10_000),
            "owner_tambon_code": "460102",
            "stated_village_code": None,
            "stated_tambon_code": None,
        },
    )
    assert verdicts(checks, "plot-in-target-area") == {"inside": "met", "outside": "not_met"}
    assert checks.plots["tambon_code"].tolist() == ["460102", "460103"]


# -- the pond, both sides of the limit -------------------------------------------------------


@pytest.mark.parametrize(
    ("depth", "setback", "certified", "verdict"),
    [
        (3.0, 0.0, False, "met"),
        (3.01, 6.01, False, "not_met"),
        (3.01, 6.03, False, "met"),
        (4.0, 7.9, False, "not_met"),
        (4.0, 8.0, False, "met"),
        (4.0, 8.1, False, "met"),
        (4.0, 1.0, True, "met"),
        (4.0, None, False, "unknown"),
        (None, 1.0, False, "unknown"),
        (4.0, 1.0, None, "unknown"),
    ],
)
def test_a_stated_setback_is_twice_the_depth_for_ponds_deeper_than_3_metres(
    depth, setback, certified, verdict
):
    row = {
        "plot_id": "A",
        "geometry": LAND,
        "pond_depth_metres": depth,
        "pond_setback_metres": setback,
        "engineer_certified": certified,
    }
    assert verdicts(checked(row), "pond") == {"A": verdict}


@pytest.mark.parametrize(("setback", "verdict"), [(7.9, "not_met"), (8.1, "met")])
@pytest.mark.parametrize(
    ("x", "y", "zone"),
    [(103.43, 16.45, "48"), (102.0005, 17.1, "48"), (101.99, 17.1, "47"), (98.35, 7.85, "47")],
)
def test_a_drawn_pond_is_measured_in_its_zone_also_at_102_degrees_and_on_islands(
    x, y, zone, setback, verdict
):
    land = parcel(x, y, 100, 80, zone)
    ponds = drawn(("S", "A", 4.0, pond_in(land, zone, setback, 30, 30)))
    # What the register states does not stand against what is measured.
    checks = checked({"plot_id": "A", "geometry": land, "pond_setback_metres": 99.0}, ponds=ponds)
    assert verdicts(checks, "pond") == {"A": verdict}


def test_the_worst_of_several_ponds_decides():
    ponds = drawn(
        ("S1", "A", 4.0, pond_in(LAND, "48", 10, 20, 20)),
        ("S2", "A", 5.0, pond_in(LAND, "48", 9.9, 10, 10)),
        ("S3", "B", 2.0, pond_in(moved(500), "48", 0, 10, 10)),
        ("S4", "B", None, pond_in(moved(500), "48", 1, 10, 10)),
    )
    rows = (
        {"plot_id": "A", "geometry": LAND},
        {"plot_id": "B", "geometry": moved(500), "pond_depth_metres": None},
    )
    assert verdicts(checked(*rows, ponds=ponds), "pond") == {"A": "not_met", "B": "unknown"}


@pytest.mark.parametrize(("width", "verdict"), [(9.0, "not_met"), (6.0, "not_met"), (12.0, "met")])
def test_sides_that_meet_too_soon_are_told(width, verdict):
    row = {
        "plot_id": "A",
        "geometry": LAND,
        "pond_depth_metres": 5.0,
        "pond_width_metres": width,
        "pond_setback_metres": 10.0,
    }
    assert verdicts(checked(row), "pond-shape") == {"A": verdict}


# -- size ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rai", "verdict"),
    [(2.99, "not_met"), (3.0, "met"), (15.0, "met"), (15.01, "not_met"), (None, "unknown")],
)
def test_a_plot_is_3_to_15_rai(rai, verdict):
    area = None if rai is None else rai * 1600
    row = {"plot_id": "A", "geometry": shapely.Point(103.43, 16.45), "area_square_metres": area}
    assert verdicts(checked(row), "size") == {"A": verdict}


@pytest.mark.parametrize(("rai", "verdict"), [(0.25, "met"), (1.0, "met"), (1.01, "not_met")])
def test_a_plot_of_phuket_is_at_most_1_rai_unless_the_planner_says_otherwise(rai, verdict):
    row = {
        "plot_id": "A",
        "geometry": shapely.Point(98.35, 7.85),
        "area_square_metres": rai * 1600,
        "stated_village_code": "83010101",
        "stated_tambon_code": "830101",
    }
    assert verdicts(checked(row), "size") == {"A": verdict}
    standard = checked(row, readings={"size": "standard"})
    assert verdicts(standard, "size") == {"A": "not_met"}


# -- place -----------------------------------------------------------------------------------


def test_a_plot_in_the_neighbours_tambon_is_told_and_one_on_the_edge_is_not_accused():
    checks = checked(
        {"plot_id": "own", "geometry": shapely.Point(103.43, 16.45)},
        {"plot_id": "neighbour", "geometry": shapely.Point(103.52, 16.45)},
        {
            "plot_id": "edge",
            "geometry": shapely.Point(103.5, 16.45),
            "stated_tambon_code": "460103",
            "stated_village_code": None,
        },
        {"plot_id": "sea", "geometry": shapely.Point(100.5, 12.5)},
        {"plot_id": "nowhere", "geometry": None},
    )
    assert verdicts(checks, "stated-tambon") == {
        "own": "met",
        "neighbour": "not_met",
        "edge": "unknown",
        "sea": "unknown",
        "nowhere": "unknown",
    }
    assert verdicts(checks, "located") == {
        "own": "met",
        "neighbour": "met",
        "edge": "met",
        "sea": "not_met",
        "nowhere": "unknown",
    }


def test_another_village_that_is_nearer_leaves_it_open():
    checks = checked(
        {"plot_id": "near", "geometry": shapely.Point(103.43, 16.45)},
        {"plot_id": "nearer to two", "geometry": shapely.Point(103.475, 16.45)},
        {"plot_id": "elsewhere", "geometry": shapely.Point(103.52, 16.45)},
        {
            "plot_id": "not said",
            "geometry": shapely.Point(103.43, 16.46),
            "stated_village_code": None,
        },
    )
    assert verdicts(checks, "stated-village") == {
        "near": "met",
        "nearer to two": "unknown",
        "elsewhere": "not_met",
        "not said": "unknown",
    }


@pytest.mark.parametrize(("metres_over", "verdict"), [(4.9, "met"), (5.1, "not_met")])
def test_at_least_95_percent_of_the_land_lies_in_one_tambon(metres_over, verdict):
    edge = gpd.GeoSeries([shapely.Point(103.5, 16.45)], crs=GEOGRAPHIC).to_crs(UTM_48_NORTH)[0]
    # The edge runs along a meridian; at 16.45° N it leans by less than 0.2 m over 20 m.
    flat = shapely.box(edge.x - 100 + metres_over, edge.y - 10, edge.x + metres_over, edge.y + 10)
    land = gpd.GeoSeries([flat], crs=UTM_48_NORTH).to_crs(GEOGRAPHIC).iloc[0]
    checks = checked({"plot_id": "A", "geometry": land})
    assert verdicts(checks, "whole-in-tambon") == {"A": verdict}
    assert checks.plots["tambon_code"].tolist() == ["460102"]


@pytest.mark.parametrize(
    ("stated", "verdict"),
    [
        (8000.0, "met"),
        (7640.0, "met"),
        (7590.0, "not_met"),
        (8400.0, "met"),
        (8440.0, "not_met"),
        (None, "unknown"),
    ],
)
def test_the_area_stated_and_the_area_measured_differ_by_at_most_5_percent(stated, verdict):
    checks = checked({"plot_id": "A", "geometry": LAND, "area_square_metres": stated})
    assert verdicts(checks, "area-agrees") == {"A": verdict}


# -- overlap and repetition ------------------------------------------------------------------


@pytest.mark.parametrize(("overlap", "verdict"), [(0.0, "met"), (0.95, "met"), (1.05, "not_met")])
def test_parcels_may_overlap_by_at_most_one_percent(overlap, verdict):
    # 100 metres wide: a metre to the east is a percent of the land.
    checks = checked(
        {"plot_id": "A", "geometry": LAND}, {"plot_id": "B", "geometry": moved(100 - overlap)}
    )
    assert verdicts(checks, "overlap") == {"A": verdict, "B": verdict}


@pytest.mark.parametrize(
    ("shift", "same", "overlaps"),
    [(4.9, "not_met", "met"), (5.1, "met", "not_met"), (0.0, "not_met", "met")],
)
def test_a_parcel_that_is_the_same_to_95_percent_is_one_plot_twice(shift, same, overlaps):
    checks = checked({"plot_id": "A", "geometry": LAND}, {"plot_id": "B", "geometry": moved(shift)})
    assert verdicts(checks, "same-plot") == {"A": same, "B": same}
    assert verdicts(checks, "overlap") == {"A": overlaps, "B": overlaps}


@pytest.mark.parametrize(
    ("metres", "same", "near"),
    [
        (0.0, "not_met", "met"),
        (0.9, "not_met", "met"),
        (1.1, "met", "not_met"),
        (19.9, "met", "not_met"),
        (20.1, "met", "met"),
    ],
)
def test_points_that_are_too_near_are_looked_at_and_equal_ones_are_one_plot(metres, same, near):
    point = shapely.Point(103.43, 16.45)
    checks = checked(
        {"plot_id": "A", "geometry": point},
        {"plot_id": "B", "geometry": moved(metres, shape=point)},
    )
    assert verdicts(checks, "same-plot") == {"A": same, "B": same}
    assert verdicts(checks, "near-points") == {"A": near, "B": near}
    assert verdicts(checks, "overlap") == {}  # a question about parcels alone


# -- papers and judgements -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "permission", "outcome"),
    [
        ("private", None, "clear"),
        ("land_reform", None, "raised"),
        ("land_reform", False, "raised"),
        ("land_reform", True, "settled"),
        (None, None, "unknown"),
    ],
)
def test_public_land_is_told_and_excludes_nobody(title, permission, outcome):
    row = {"plot_id": "A", "geometry": LAND, "title_type": title, "agency_permission": permission}
    checks = checked(row)
    found = checks.findings[checks.findings["check"] == "permission"].iloc[0]
    assert (found["outcome"], found["force"]) == (outcome, "should")
    assert checks.plots["verdict"].tolist() == ["met"]


@pytest.mark.parametrize(
    ("consent", "verdict"), [(True, "met"), (False, "not_met"), (None, "unknown")]
)
def test_without_the_owners_consent_there_is_no_plot(consent, verdict):
    checks = checked({"plot_id": "A", "geometry": LAND, "owner_consent": consent})
    assert checks.plots["verdict"].tolist() == [verdict]


@pytest.mark.parametrize(
    ("change", "outcome"),
    [
        ({}, "clear"),
        ({"steep": True}, "raised"),
        ({"remote": None}, "unknown"),
        ({"judged_by": None}, "unknown"),
        ({"judged_on": None}, "unknown"),
        ({"steep": True, "judged_on": None}, "unknown"),
    ],
)
def test_red_flags_are_judgements_of_a_role_on_a_day(change, outcome):
    checks = checked({"plot_id": "A", "geometry": LAND, **change})
    found = checks.findings[checks.findings["check"] == "red-flags"].iloc[0]
    assert found["outcome"] == outcome
    assert checks.plots["verdict"].tolist() == ["met"]


# -- the target area -------------------------------------------------------------------------


def test_without_a_list_of_targets_nobody_knows_and_with_one_the_place_decides():
    rows = (
        {"plot_id": "own village", "geometry": shapely.Point(103.43, 16.45)},
        {
            "plot_id": "only near",
            "geometry": shapely.Point(103.43, 16.46),
            "stated_village_code": None,
        },
        {
            "plot_id": "next tambon",
            "geometry": shapely.Point(103.55, 16.46),
            "stated_village_code": None,
        },
        {"plot_id": "nowhere", "geometry": None},
    )
    plots = measure_plots(plots_table(*rows), TAMBONS, VILLAGES).plots
    listed = VILLAGES["village_code"].astype("string")

    def told(targets):
        answer = in_target_area(plots, targets, listed)
        return ["?" if pd.isna(one) else "yes" if one else "no" for one in answer]

    assert told(None) == ["?", "?", "?", "?"]
    assert told([]) == ["no", "no", "no", "?"]
    assert told(["46010201"]) == ["yes", "?", "no", "?"]
    assert told(["46010202"]) == ["no", "?", "no", "?"]
    assert told(["46010201", "46010202", "46010203"]) == ["yes", "yes", "no", "?"]
    assert told(["4601"]) == ["yes", "yes", "yes", "?"]
    assert told(["460103"]) == ["no", "no", "yes", "?"]
    assert told(["83"]) == ["no", "no", "no", "?"]


# -- tables and words ------------------------------------------------------------------------


def test_every_finding_has_value_limit_and_clause_in_both_languages():
    checks = checked(
        {"plot_id": "A", "geometry": LAND, "steep": True, "pond_depth_metres": 4.0},
        {"plot_id": "B", "geometry": moved(50), "area_square_metres": None, "title_type": None},
        {"plot_id": "C", "geometry": None, "pond_depth_metres": None, "owner_consent": None},
    )
    assert tuple(checks.findings.columns) == FINDING_COLUMNS
    for language in ("th", "en"):
        for finding in checks.findings.to_dict("records"):
            sentence = finding_sentence(checks, finding, language)
            assert "{" not in sentence
            assert check_words(checks, finding["check"], language)[:20] in sentence
            assert clause_words(checks, finding["check"], language).startswith("PK68 · ")
    overlap = checks.findings[checks.findings["check"] == "overlap"].set_index("plot_id").loc["A"]
    assert (overlap["value"], overlap["limit"], overlap["others"]) == ("50", "≤ 1", "B")


def test_plots_are_units_that_the_pack_can_choose_among():
    facts = measure_plots(plots_table({"plot_id": "A", "geometry": LAND}), TAMBONS, VILLAGES)
    programme = load("khok-nong-na-hlm")
    units = read_units(programme, plot_units(facts, TARGETS))
    assert units[["unit_code", "amphoe_code"]].to_numpy().tolist() == [["A", "4601"]]
    assert bool(units["in_target_area"].iloc[0])
    assert set(programme.pack.columns) <= set(units.columns)


def test_a_workspace_gives_the_plots_of_one_province_with_their_learning_places(tmp_path):
    workspace = open_plot_office(tmp_path)
    rows = plots_table(
        {"plot_id": "A", "geometry": LAND},
        {
            "plot_id": "B",
            "geometry": shapely.Point(102.0, 17.1),
            "stated_village_code": "42010101",
            "stated_tambon_code": "420101",
        },
        {"plot_id": "C", "geometry": None},
    )
    workspace.put("plots", rows, source())
    places = pd.DataFrame(
        {
            "place_id": ["L"],
            "kind": ["learning_centre"],
            "tambon_code": ["460103"],
            "longitude": [103.55],
            "latitude": [16.45],
        }
    )
    workspace.put("places", places, source())
    kalasin = checked_plots(workspace, "46", targets=["460102"])
    assert kalasin.plots["plot_id"].tolist() == ["A", "C"]  # C by what the register states
    assert kalasin.plots["learning_place_id"].fillna("").tolist() == ["L", ""]
    assert kalasin.plots["learning_place_in_province"].tolist()[0]
    loei = checked_plots(workspace, "42")
    assert loei.plots["plot_id"].tolist() == ["B"]
    assert not loei.plots["learning_place_in_province"].iloc[0]
    assert len(checked_plots(workspace).plots) == 3


@pytest.mark.parametrize("rows", [0, 1, 25_000])
def test_checking_survives_any_number_of_rows(rows):
    facts = measure_plots(made_rows(rows), TAMBONS, VILLAGES)
    checks = check_plots(load("khok-nong-na-hlm"), facts, targets=TARGETS)
    assert checks.plots["plot_id"].tolist() == facts.plots["plot_id"].tolist()
    assert set(checks.plots["verdict"]) <= {"met", "not_met", "unknown"}
    assert not checks.findings.duplicated(["plot_id", "check"]).any()


def test_a_plot_of_which_nothing_is_known_is_unknown_throughout():
    table = plots_table({"plot_id": "A"})
    for name in SOUND:
        table[name] = pd.Series(pd.NA, index=table.index, dtype=table[name].dtype)
    facts = measure_plots(table, TAMBONS.iloc[:0], VILLAGES.iloc[:0])
    checks = check_plots(load("khok-nong-na-hlm"), facts)
    assert checks.plots["verdict"].tolist() == ["unknown"]
    assert set(checks.findings["verdict"]) == {"unknown"}


def test_the_order_of_rows_changes_no_verdict():
    table = made_rows(300)
    facts = measure_plots(table, TAMBONS, VILLAGES)
    shuffled = table.sample(frac=1, random_state=np.random.default_rng(5)).reset_index(drop=True)
    again = measure_plots(shuffled, TAMBONS, VILLAGES)
    programme = load("khok-nong-na-hlm")
    one, other = (check_plots(programme, each, targets=TARGETS).plots for each in (facts, again))
    told = ["verdict", "not_met", "unknown", "to_look_at"]
    ordered = other.set_index("plot_id").loc[one["plot_id"], told]
    assert ordered.to_numpy().tolist() == one[told].to_numpy().tolist()
