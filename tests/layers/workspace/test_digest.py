"""The digest of rows: the same for the same rows, another for any changed cell."""

from __future__ import annotations

import hashlib
import struct
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from phaenthi.layers.contracts.contract import check
from phaenthi.layers.contracts.history import HISTORY_CONTRACT
from phaenthi.layers.contracts.households import HOUSEHOLDS_CONTRACT
from phaenthi.layers.workspace import digest as digests
from phaenthi.layers.workspace.digest import digest_rows
from phaenthi.layers.workspace.storage import digest_of_file, write_rows

CONTRACT = HOUSEHOLDS_CONTRACT
TABLE = pl.DataFrame(
    {
        "household_id": [f"{number:020x}" for number in range(5)],
        "village_code": ["46010201", "46010201", "46010202", "46010202", "46010301"],
        "survey_year": [2562, 2562, 2562, 2561, 2562],
        "income_per_person": [37999.0, None, 0.0, 1e6, 0.1],
        "members": [4, None, 1, 2, 3],
        "relief_only": [True, False, None, None, False],
    }
)


def digest(table: pl.DataFrame) -> str:
    return digest_rows(CONTRACT, check(CONTRACT, table))


def test_the_digest_is_pinned_so_that_no_library_changes_it() -> None:
    assert digest(TABLE) == "a4883e52a2ea0f89927397cbcc1f44b7ed388d47ae46bdb7c774e3cdeea3315f"


def test_the_digest_is_what_its_description_says() -> None:
    """Made once more from the description, with nothing but the standard library."""
    rows = sorted(TABLE.to_dicts(), key=lambda row: (row["household_id"], row["survey_year"]))
    packed = {
        "household_id": lambda text: text.encode(),
        "village_code": lambda text: text.encode(),
        "survey_year": lambda year: struct.pack("<q", year),
        "income_per_person": lambda baht: struct.pack("<d", baht or 0.0),
        "members": lambda count: struct.pack("<q", count or 0),
        "relief_only": lambda yes: bytes([bool(yes)]),
    }
    lines = ""
    for column in sorted(CONTRACT.columns, key=lambda column: column.name):
        if column.name not in TABLE.columns:
            continue
        cells = [row[column.name] for row in rows]
        content = [packed[column.name](cell) for cell in cells]
        lengths = [struct.pack("<q", len(cell)) for cell in content]
        streams = [
            bytes(cell is not None for cell in cells),
            b"".join(lengths) if isinstance(cells[0], str) else b"",
            b"".join(content),
        ]
        hashes = " ".join(hashlib.sha256(stream).hexdigest() for stream in streams)
        lines += f"{column.name} {column.kind.value} {hashes}\n"
    assert digest(TABLE) == hashlib.sha256(lines.encode()).hexdigest()


@given(st.permutations(range(5)))
def test_the_order_of_rows_and_columns_does_not_matter(order: list[int]) -> None:
    assert digest(TABLE[order].select(reversed(TABLE.columns))) == digest(TABLE)


@given(st.data())
def test_one_changed_cell_changes_the_digest(data: st.DataObject) -> None:
    row = data.draw(st.integers(0, 4))
    name = data.draw(st.sampled_from(TABLE.columns))
    other = {
        "household_id": st.just("f" * 20),
        "village_code": st.sampled_from(["46010203", "46020201"]),
        "survey_year": st.just(2563),
        "income_per_person": st.sampled_from([None, 1.0, 37999.01]),
        "members": st.sampled_from([None, 0, 7]),
        "relief_only": st.sampled_from([None, True, False]),
    }[name]
    value = data.draw(other)
    cells = TABLE[name].to_list()
    if cells[row] == value and type(cells[row]) is type(value):
        return
    cells[row] = value
    changed = TABLE.with_columns(pl.Series(name, cells, dtype=TABLE.schema[name]))
    assert digest(changed) != digest(TABLE)


def test_unknown_differs_from_zero_and_from_no() -> None:
    assert digest(TABLE.with_columns(pl.col("members").fill_null(0))) != digest(TABLE)
    assert digest(TABLE.with_columns(pl.col("relief_only").fill_null(value=False))) != digest(TABLE)


def test_a_letter_moved_from_one_cell_to_the_next_changes_the_digest() -> None:
    village = pl.Series("programme", ["ab", "c"])
    moved = pl.Series("programme", ["a", "bc"])

    def of(names: pl.Series) -> str:
        rows = pl.DataFrame(
            {"village_code": ["46010201", "46010202"], "programme": names, "fiscal_year": 2562}
        )
        return digest_rows(HISTORY_CONTRACT, check(HISTORY_CONTRACT, rows))

    assert of(village) != of(moved)


def test_a_column_that_says_nothing_counts_as_absent() -> None:
    silent = TABLE.with_columns(pl.lit(None, dtype=pl.Boolean).alias("moved_or_died"))
    assert digest(silent) == digest(TABLE)


def test_the_size_of_the_batches_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = digest(TABLE)
    monkeypatch.setattr(digests, "_ROWS_AT_A_TIME", 2)
    assert digest(TABLE) == whole


def test_the_way_of_storing_does_not_matter(tmp_path: Path) -> None:
    rows = check(CONTRACT, TABLE)
    write_rows(CONTRACT, [rows], tmp_path / "a.parquet")
    rows.reverse().write_parquet(tmp_path / "b.parquet", compression="gzip", row_group_size=2)
    assert digest_of_file(CONTRACT, tmp_path / "a.parquet") == digest(TABLE)
    assert digest_of_file(CONTRACT, tmp_path / "b.parquet") == digest(TABLE)
