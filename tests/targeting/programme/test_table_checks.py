"""What a document prints is checked: sums, rows that are missing, quotas that cannot be met."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from phaenthi.targeting.programme.programme import PACK_FOLDER, TABLE_FOLDER, load, packs
from phaenthi.targeting.programme.table_checks import check_programme
from phaenthi.wording import LANGUAGES


def said(pack: str | Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for check in check_programme(load(pack)):
        found.setdefault(f"{check.severity} {check.wording}", []).append(check.sentence("en"))
    return found


@pytest.mark.parametrize("entry", packs(), ids=lambda entry: entry.id)
def test_every_pack_of_the_project_can_be_used_and_says_its_checks(entry) -> None:
    for check in check_programme(load(entry.id)):
        assert check.severity != "wrong", check.sentence("en")
        for language in LANGUAGES:
            assert check.sentence(language)


@pytest.mark.parametrize(
    ("pack", "printed", "comes_to"),
    [
        ("sammachip-2565-kalasin", "480,000", "1,488,000"),
        ("occupational-groups-2561-buriram", "61,857,700", "62,836,800"),
        ("south-tourism-2563", "9,000,000", "9,036,000"),
        ("community-funds-2563-access", "158,000", "180,000"),
    ],
)
def test_a_printed_total_that_does_not_add_up_is_flagged(
    pack: str, printed: str, comes_to: str
) -> None:
    [sentence] = said(pack)["note check.figure_differs"]
    assert printed in sentence
    assert comes_to in sentence


def test_the_eleventh_province_of_the_south_is_missing_and_not_guessed() -> None:
    found = said("south-tourism-2563")
    assert "11" in found["note check.provinces_missing"][0]
    assert "10 rows that add up to 18, but 20" in found["note check.table_differs"][0]
    assert "do not guess" in found["note check.rows_missing"][0]


def test_26_sites_in_25_provinces_leave_one_to_ask_for() -> None:
    assert "come to 25, but 26" in said("border-fairs-2563")["note check.each_differs"][0]


def test_the_provinces_of_the_border_fairs_are_those_of_the_official_list() -> None:
    listed = (TABLE_FOLDER / "border_fair_2563_provinces.csv").read_text("utf-8").splitlines()[1:]
    assert sorted(row.split(",")[0] for row in listed) == list(
        load("border-fairs-2563").provinces()
    )


def test_one_market_an_amphoe_is_878() -> None:
    assert "878" in said("markets-2563")["fine check.each_adds_up"][0]


def test_two_provinces_of_the_north_east_have_no_slack() -> None:
    tight = said("ne-poverty-2563")["note check.no_slack"]
    assert [sentence.split(" gets")[0] for sentence in tight] == ["Buri Ram", "Bueng Kan"]


def own_pack(folder: Path, old: str, new: str, table_old: str = "", table_new: str = "") -> Path:
    path = folder / "ne-poverty-2563.yaml"
    shutil.copy(PACK_FOLDER / path.name, path)
    table = folder / "ne_poverty_2563_allotment.csv"
    table.write_text(
        (TABLE_FOLDER / table.name).read_text("utf-8").replace(table_old, table_new), "utf-8"
    )
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    return path


@pytest.mark.parametrize(
    ("row", "changed", "totals", "wording"),
    [
        ("46,กาฬสินธุ์,14,18", "46,กาฬสินธุ์,19,18", (279, 500), "more_areas_than_there_are"),
        ("46,กาฬสินธุ์,14,18", "46,กาฬสินธุ์,14,13", (274, 495), "fewer_units_than_areas"),
        ("46,กาฬสินธุ์,14,18", "46,กาฬสินธุ์,14,43", (274, 525), "quota_over_cap"),
    ],
)
def test_a_quota_that_cannot_be_met_is_wrong(
    tmp_path: Path, row: str, changed: str, totals: tuple[int, int], wording: str
) -> None:
    path = own_pack(tmp_path, "total: 500", f"total: {totals[1]}", row, changed)
    path.write_text(path.read_text("utf-8").replace("total: 274", f"total: {totals[0]}"), "utf-8")
    assert "Kalasin" in said(path)[f"wrong check.{wording}"][0]


def test_a_province_of_the_scope_without_a_row_is_wrong(tmp_path: Path) -> None:
    path = own_pack(tmp_path, "total: 500", "total: 482", "46,กาฬสินธุ์,14,18\n", "")
    path.write_text(path.read_text("utf-8").replace("total: 274", "total: 260"), "utf-8")
    checks = [one.wording for one in check_programme(load(path)) if one.severity == "wrong"]
    assert checks == ["check.row_missing"]


def test_a_figure_that_the_pack_calls_wrong_and_is_right_is_told(tmp_path: Path) -> None:
    path = tmp_path / "sammachip-2565-kalasin.yaml"
    text = (PACK_FOLDER / path.name).read_text("utf-8")
    path.write_text(text.replace("printed: 480000", "printed: 1488000"), "utf-8")
    assert "wrong check.figure_said_to_differ" in said(path)
