"""Long files: read part by part, kept on the disk, and the same rows as if read at once."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from phaenthi.layers.imports.by_code import import_file
from phaenthi.layers.registers import long_files as by_parts
from phaenthi.layers.tables.spool import Spool, SpooledRows
from phaenthi.wording import Problem
from tests.layers.office import open_office, write

KEYS = st.lists(st.lists(st.text("abcกข0", max_size=3), max_size=8), min_size=1, max_size=6)
REGISTER = "รหัสครัวเรือน,รหัสหมู่บ้าน,ปีที่สำรวจ,รายได้เฉลี่ยต่อคนต่อปี\n" + "".join(
    f"460100{number:05d},4601020{1 + number % 3},2562,{20_000 + number}\n" for number in range(40)
)


def as_rows(keys: list[str], start: int) -> pl.DataFrame:
    return pl.DataFrame(
        {"key": keys, "number": range(start, start + len(keys))},
        schema={"key": pl.String, "number": pl.Int64},
    )


@given(KEYS)
def test_rows_laid_on_the_disk_come_back_in_the_order_of_their_key(parts: list[list[str]]) -> None:
    tables = [as_rows(keys, 100 * place) for place, keys in enumerate(parts)]
    spool = Spool(["key", "number"])
    for table in tables:
        spool.add(table)
    settled = spool.settle(lambda rows: rows)
    pieces = list(settled.pieces()) if isinstance(settled, SpooledRows) else [settled]
    whole = pl.concat([tables[0].clear(), *(piece for piece in pieces if piece is not None)])
    wanted = pl.concat(tables).sort("key", "number")
    assert whole.sort("key", "number").equals(wanted)
    if isinstance(settled, SpooledRows):
        assert whole.equals(wanted)
        borders = [piece["key"].unique().to_list() for piece in pieces if piece is not None]
        seen = [key for keys in borders for key in keys]
        assert len(seen) == len(set(seen)), "rows of one key must lie in one piece"


def test_a_register_read_in_parts_is_the_register_read_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = open_office(tmp_path)
    path = write(tmp_path, "h.csv", REGISTER + "x1,46019999,2562,1\nรวม,,,99\n")
    whole = import_file(workspace, "households", path)
    monkeypatch.setattr(by_parts, "_ROWS_AT_A_TIME", 7)
    parts = import_file(workspace, "households", path)
    assert parts.digest == whole.digest
    assert parts.provenance.rows_read == whole.provenance.rows_read
    assert parts.set_aside.equals(whole.set_aside)
    assert parts.notes == whole.notes


def test_a_household_twice_in_a_long_register_is_refused_and_the_old_layer_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = open_office(tmp_path)
    import_file(workspace, "households", write(tmp_path, "h.csv", REGISTER))
    before = workspace.digest(["households"])
    monkeypatch.setattr(by_parts, "_ROWS_AT_A_TIME", 7)
    again = write(tmp_path, "again.csv", REGISTER + "46010000003,46010201,2562,1\n")
    with pytest.raises(Problem) as raised:
        import_file(workspace, "households", again)
    assert raised.value.row == 42
    assert workspace.digest(["households"]) == before
