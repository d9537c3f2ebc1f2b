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

from layers.contract import STORED_AS, Contract

_ROWS_AT_A_TIME = 262_144


def digest_rows(contract: Contract, rows: pl.DataFrame | pl.LazyFrame) -> str:
    """Return the digest of a table that has a contract's columns and types, in any row order.

    Lazy rows are read a column at a time: 13 million households need no memory of that size.
    """
    lazy = rows.lazy()
    order = lazy.select(pl.arg_sort_by(*contract.key)).collect().to_series()
    in_order = order.is_sorted()
    lines = []
    for column in sorted(contract.columns, key=lambda column: column.name):
        values = lazy.select(column.name).collect().to_series()
        if values.null_count() == values.len():
            continue
        values = values if in_order else values.gather(order)
        stored = STORED_AS[column.kind]
        lines.append(f"{column.name} {column.kind} {' '.join(_streams(values, stored))}\n")
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _streams(values: pl.Series, stored: pl.DataType) -> tuple[str, str, str]:
    presence, lengths, content = hashlib.sha256(), hashlib.sha256(), hashlib.sha256()
    for start in range(0, values.len(), _ROWS_AT_A_TIME):
        part = values.slice(start, _ROWS_AT_A_TIME)
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
    return presence.hexdigest(), lengths.hexdigest(), content.hexdigest()


def _integers(values: pl.Series) -> bytes:
    return values.cast(pl.Int64).to_numpy().astype(np.dtype("<i8")).tobytes()
