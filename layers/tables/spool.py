"""Rows too many to hold at once: kept on the disk and given back in the order of their key."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

_BUCKETS = 48


@dataclass(frozen=True)
class SpooledRows:
    """Rows on the disk, one file a stretch of keys; they go when nobody holds them any more.

    Parameters
    ----------
    files
        In the order of the key, as are the rows in each; rows of one key lie in one file.
    names
        Columns to give.
    folder
        Of the files.
    """

    files: tuple[Path, ...]
    names: tuple[str, ...]
    folder: tempfile.TemporaryDirectory[str]

    def select(self, names: Sequence[str]) -> SpooledRows:
        """Return the same rows with some of their columns."""
        return replace(self, names=tuple(names))

    def pieces(self) -> Iterator[pl.DataFrame]:
        """Yield the rows piece by piece, so that no more than a piece is in memory."""
        for file in self.files:
            yield pl.read_parquet(file, columns=list(self.names), memory_map=False)


class Spool:
    """Takes rows part by part; a single part stays in memory.

    Parameters
    ----------
    key
        Columns that tell one row from another. The first part shows how the first of them is
        spread, as hashed ids are from the beginning; where a file is sorted by it, the pieces
        differ in size, and nothing else.
    """

    def __init__(self, key: Sequence[str]) -> None:
        self._key = list(key)
        self._held: pl.DataFrame | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._borders = pl.Series(dtype=pl.String)
        self._parts = 0

    def add(self, rows: pl.DataFrame) -> None:
        """Take the next part."""
        if self._folder is None and (self._held is None or self._held.is_empty()):
            self._held = rows
            return
        if self._held is not None:
            held, self._held = self._held, None
            self._folder = tempfile.TemporaryDirectory(prefix="phaenthi-")
            self._borders = _borders(held[self._key[0]])
            self._spill(held)
        self._spill(rows)

    def _spill(self, rows: pl.DataFrame) -> None:
        """Lay each row into the file of its bucket and part."""
        buckets = self._borders.search_sorted(rows[self._key[0]], side="right")
        for bucket, part in (
            rows.with_columns(buckets.alias(""))
            .partition_by("", as_dict=True, include_key=False)
            .items()
        ):
            part.write_parquet(self._path(f"{bucket[0]:03d}-{self._parts:06d}"), compression="lz4")
        self._parts += 1

    def _path(self, stem: str) -> Path:
        if self._folder is None:
            raise ValueError("nothing was laid on the disk yet")
        return Path(self._folder.name) / f"{stem}.parquet"

    def settle(
        self, tidy: Callable[[pl.DataFrame], pl.DataFrame]
    ) -> pl.DataFrame | SpooledRows | None:
        """Return all rows, or None where no part was added.

        Parameters
        ----------
        tidy
            Checks the rows of a stretch of keys against each other; what it returns stays.
        """
        if self._held is not None:
            return tidy(self._held)
        if self._folder is None:
            return None
        settled: list[Path] = []
        names: tuple[str, ...] = ()
        for bucket in range(self._borders.len() + 1):
            spilt = sorted(Path(self._folder.name).glob(f"{bucket:03d}-*.parquet"))
            if not spilt:
                continue
            rows = tidy(pl.concat(pl.read_parquet(file, memory_map=False) for file in spilt))
            for file in spilt:
                file.unlink()
            names = tuple(rows.columns)
            settled.append(self._path(f"settled-{bucket:03d}"))
            rows.sort(self._key).write_parquet(settled[-1], compression="lz4")
        return SpooledRows(tuple(settled), names, self._folder)


def _borders(keys: pl.Series) -> pl.Series:
    """Return the keys that part a sample into buckets of one size."""
    ordered = keys.sort()
    places = [ordered.len() * number // _BUCKETS for number in range(1, _BUCKETS)]
    return ordered.gather(places).unique().sort()
