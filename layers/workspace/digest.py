"""The fingerprint of a layer's rows, the same for the same rows on any day and any library.

Version 1. The rows are taken in the order of the layer's key (text by its UTF-8 bytes, numbers
by size), and each column that is not empty throughout is fed to SHA-256 as three streams:

- one byte a row, 1 where there is a value and 0 where there is none;
- for text and geometry, the length of each value in bytes as little-endian 64-bit integer (0
  where there is none); for numbers nothing;
- the values one after the other: UTF-8, well-known binary, little-endian 64-bit integer or
  float, one byte for yes (1) and no (0); a missing number is 0.

The layer's digest is the SHA-256 of a line for each of these columns in the order of their
names: ``name kind sha256(presence) sha256(lengths) sha256(values)``. Neither the Parquet
encoding nor the size of the batches matters, and an empty column that a later version of a
layer adds changes nothing. One changed cell changes it.
"""

from __future__ import annotations

import hashlib

import numpy as np
import polars as pl

from phaenthi.layers.contracts.contract import STORED_AS, Contract

_ROWS_AT_A_TIME = 262_144


def digest_rows(contract: Contract, rows: pl.DataFrame | pl.LazyFrame) -> str:
    """Return the digest of a table that has a contract's columns and types, in any row order.

    Lazy rows that lie in the order of their key, as the files of a workspace do, are read part
    by part: 13 million households need no memory of that size.
    """
    if isinstance(rows, pl.LazyFrame):
        told = _digest_in_order(contract, rows)
        if told is not None:
            return told
        rows = rows.collect()
    in_order = rows if _in_order(rows.select(contract.key)) else rows.sort(contract.key)
    return RowsDigest(contract).take(in_order).said()


def _digest_in_order(contract: Contract, rows: pl.LazyFrame) -> str | None:
    """Return the digest of rows that lie in the order of their key; None where they do not."""
    digest, last = RowsDigest(contract), None
    for part in rows.collect_batches(chunk_size=_ROWS_AT_A_TIME, engine="streaming"):
        keys = part.select(contract.key)
        if not _in_order(keys if last is None else pl.concat([last, keys])):
            return None
        digest.take(part)
        last = keys.tail(1)
    return digest.said()


def _in_order(keys: pl.DataFrame) -> bool:
    """Tell whether no row comes before the one above it; a missing key is in no order."""
    in_order = pl.lit(value=True)
    for name in reversed(keys.columns):
        this, above = pl.col(name), pl.col(name).shift(1)
        in_order = (above < this) | ((above == this) & in_order)
    return bool(keys.select(in_order.slice(1).fill_null(value=False).all()).item())


class RowsDigest:
    """The digest of rows that come part after part in the order of their key."""

    def __init__(self, contract: Contract) -> None:
        self._columns = {
            column: (hashlib.sha256(), hashlib.sha256(), hashlib.sha256())
            for column in sorted(contract.columns, key=lambda column: column.name)
        }
        self._filled: set[str] = set()

    def take(self, rows: pl.DataFrame) -> RowsDigest:
        """Take the next rows: the columns and types of the contract."""
        for start in range(0, rows.height, _ROWS_AT_A_TIME):
            part = rows.slice(start, _ROWS_AT_A_TIME)
            for column, streams in self._columns.items():
                values = part[column.name]
                if values.null_count() < values.len():
                    self._filled.add(column.name)
                _feed(values, STORED_AS[column.kind], *streams)
        return self

    def said(self) -> str:
        """Return the digest of all rows taken."""
        lines = (
            f"{column.name} {column.kind} {' '.join(one.hexdigest() for one in streams)}\n"
            for column, streams in self._columns.items()
            if column.name in self._filled
        )
        return hashlib.sha256("".join(lines).encode()).hexdigest()


def _feed(
    part: pl.Series,
    stored: pl.DataType,
    presence: hashlib._Hash,
    lengths: hashlib._Hash,
    content: hashlib._Hash,
) -> None:
    presence.update(part.is_not_null().cast(pl.UInt8).to_numpy().tobytes())
    if stored == pl.String:
        text = part.fill_null("")
        lengths.update(_integers(text.str.len_bytes()))
        content.update(text.str.join("").item().encode())
    elif stored == pl.Binary:
        lengths.update(_integers(part.bin.size().fill_null(0)))
        content.update(b"".join(part.drop_nulls().to_list()))
    elif stored == pl.Boolean:
        content.update(part.fill_null(value=False).cast(pl.UInt8).to_numpy().tobytes())
    elif stored.is_float():
        content.update(part.fill_null(0.0).to_numpy().astype(np.dtype("<f8")).tobytes())
    else:
        content.update(_integers(part.fill_null(0)))


def _integers(values: pl.Series) -> bytes:
    return values.cast(pl.Int64).to_numpy().astype(np.dtype("<i8")).tobytes()
