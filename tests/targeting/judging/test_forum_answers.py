"""What village forums tell of households: the tiers that ask for it can be judged."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from phaenthi.layers.contracts.contract import Kind
from phaenthi.layers.contracts.households import HOUSEHOLDS_CONTRACT
from phaenthi.layers.imports.by_code import import_file
from phaenthi.targeting.judging import members
from phaenthi.targeting.judging.evidence import gather
from phaenthi.targeting.programme import programme
from tests.layers.office import open_office, write

HEAD = (
    "รหัสครัวเรือน,รหัสหมู่บ้าน,ปี,รายได้เฉลี่ยต่อคนต่อปี,มีแต่ผู้สูงอายุหรือผู้พิการ,ครัวเรือนสงเคราะห์,"
    "ย้ายหรือเสียชีวิต,มีผู้พ้นโทษ,สนใจฝึกอาชีพ,สมัครใจเข้าร่วม\n"
)


def tiers(folder: Path, pack: str, income: int, answers: list[str]) -> list[int | None]:
    """Return the tier of each household by its three answers; None where it is not decided.

    A poverty register is here that names none of the households.
    """
    workspace = open_office(folder)
    loaded = programme.load(pack)
    sources = loaded.pack.sources
    rows = [
        f"4601000{place:04},46010201,{sources['bmn'].year},{income},ไม่,ไม่,ไม่,{told}\n"
        for place, told in enumerate(answers)
    ]
    import_file(workspace, "households", write(folder, "จปฐ.csv", HEAD + "".join(rows)))
    if "tpmap" in sources:
        register = f"รหัสครัวเรือน,รหัสหมู่บ้าน,ปี\n99999999999,46010201,{sources['tpmap'].year}\n"
        import_file(workspace, "poverty", write(folder, "tpmap.csv", register))
    classified = members.classify(loaded, gather(workspace, ["46"])).collect()
    ids = workspace.household_ids(
        pl.Series([f"4601000{place:04}" for place in range(len(answers))], dtype=pl.String)
    )
    by_id = dict(classified.select("household_id", "tier").iter_rows())
    return [by_id[one] for one in ids.to_list()]


def test_the_third_and_fourth_tier_of_kalasin_are_decided(tmp_path: Path) -> None:
    answers = ["มี,ไม่,", "ไม่มี,ใช่,", "ไม่มี,ไม่ใช่,", "มี,ใช่,", ",,"]
    found = tiers(tmp_path, "sammachip-2565-kalasin", 50_000, answers)
    assert found == [3, 4, 0, 3, None]


def test_the_willing_of_low_income_come_first_and_nobody_is_taken_for_willing(
    tmp_path: Path,
) -> None:
    answers = [",,ใช่", ",,ไม่ใช่", ",,"]
    assert tiers(tmp_path, "sammachip-2563", 37_999, answers) == [1, 0, None]


@pytest.mark.parametrize("name", ["released_from_prison", "interested", "willing"])
def test_the_answers_are_personal_and_may_be_unknown(name: str) -> None:
    column = HOUSEHOLDS_CONTRACT.column(name)
    assert column.personal
    assert not column.required
    assert column.kind is Kind.YES_NO


def test_a_survey_that_was_stored_before_the_answers_were_asked_is_still_read(
    tmp_path: Path,
) -> None:
    workspace = open_office(tmp_path)
    import_file(
        workspace,
        "households",
        write(tmp_path, "h.csv", "รหัสครัวเรือน,รหัสหมู่บ้าน,ปี\n46010000001,46010201,2562\n"),
    )
    before = workspace.digest(["households"])
    (stored,) = (workspace.folder / "layers").glob("households-*.parquet")
    kept = pl.read_parquet(stored).drop("released_from_prison", "interested", "willing")
    kept.write_parquet(stored)
    assert workspace.scan("households").collect()["willing"].to_list() == [None]
    assert workspace.digest(["households"]) == before
