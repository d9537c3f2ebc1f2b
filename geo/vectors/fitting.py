"""What a format can hold of a table: the records as they will be in the file, and what it loses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from phaenthi.geo.notes import Note, counted_note
from phaenthi.geo.vectors.dbf import fit
from phaenthi.geo.vectors.formats import UTF_8, Format
from phaenthi.geo.vectors.records import Records
from phaenthi.wording import Problem

UNFIT_COLUMNS = ("row", "column", "letters")
TRUNCATED_COLUMNS = ("row", "column", "bytes")
# XML 1.0, production [2] Char: what is left out of it.
_NOT_IN_XML = r"\x{1}-\x{8}\x{B}\x{C}\x{E}-\x{1F}\x{FFFE}\x{FFFF}"
_NUL = r"\x{0}"
_SMALL_WHOLE = 1_000_000_000
"""A DBF has nine digits for a small whole number; others take eighteen."""


@dataclass(frozen=True)
class Fitted:
    """A table as a format can hold it.

    Attributes
    ----------
    records
        What the file must read back as.
    truncated
        row (record number from 1), column, bytes (of the whole text) of the texts that were cut.
    notes
        What the format does not keep, in so many words.
    """

    records: Records
    truncated: pd.DataFrame
    notes: tuple[Note, ...]


def fit_records(records: Records, kind: Format, encoding: str, path: Path) -> Fitted:
    """Return records as a format can hold them, and say what it does not keep.

    Parameters
    ----------
    records
        In the coordinate system of the file to be.
    kind, encoding
        The format and the encoding of its text.
    path
        The file, for the words of a problem.

    Raises
    ------
    Problem
        ``geo.text_not_in_encoding`` or ``geo.text_not_in_format`` with record, column and
        letters; ``geo.mixed_geometry``, ``geo.shapes_not_in_format``.
    """
    _check_shapes(records, kind, path)
    refuse_unfit_letters(records, kind, encoding, path)
    notes: list[Note] = []
    if kind.places_only:
        records, left_out = _with_places(records, kind, path)
        notes += left_out
    columns, as_told = _storable(records.columns, kind)
    notes += as_told
    columns, lost = _without_empties(columns, kind)
    notes += lost
    columns, truncated = _short_enough(columns, kind, encoding)
    if len(truncated):
        count = len(truncated)
        notes.append(Note("geo.loss.cut", {"count": count, "bytes": kind.text_bytes}))
    return Fitted(replace(records, columns=columns), truncated, tuple(notes))


def kinds_of_shapes(records: Records) -> set[str]:
    """Return the kinds of the shapes that are there: ``Point``, ``MultiPolygon`` …."""
    there = records.shapes[~(shapely.is_missing(records.shapes) | shapely.is_empty(records.shapes))]
    return {_SHAPE_NAMES[number] for number in np.unique(shapely.get_type_id(there)).tolist()}


_SHAPE_NAMES = {
    0: "Point",
    1: "LineString",
    2: "LinearRing",
    3: "Polygon",
    4: "MultiPoint",
    5: "MultiLineString",
    6: "MultiPolygon",
    7: "GeometryCollection",
}


def _check_shapes(records: Records, kind: Format, path: Path) -> None:
    kinds = kinds_of_shapes(records)
    single = {name.removeprefix("Multi") for name in kinds}
    if not kind.mixed and (len(single) > 1 or "GeometryCollection" in single):
        raise Problem("geo.mixed_geometry", file=path, kinds=", ".join(sorted(single)))
    if kind.shapes and not kinds <= set(kind.shapes):
        found = ", ".join(sorted(kinds - set(kind.shapes)))
        raise Problem("geo.shapes_not_in_format", file=path, format=kind.title, found=found)


# -- letters ---------------------------------------------------------------------------------------


def unfit_letters(records: Records, kind: Format, encoding: str) -> pd.DataFrame:
    """Return the texts with letters that a format or encoding cannot hold.

    Returns
    -------
    pandas.DataFrame
        row (record number from 1), column, letters (each once, in their order).
    """
    pattern = _unfit_pattern(kind.xml, encoding)
    found = []
    for name, texts in zip(records.names, records.columns.columns, strict=True):
        if not pa.types.is_string(texts.type):
            continue
        places = pc.indices_nonzero(pc.match_substring_regex(texts, f"[{pattern}]"))
        for place in places.to_pylist():
            letters = re.findall(_in_python(f"[{pattern}]"), texts[place].as_py())
            found.append((place + 1, name, "".join(dict.fromkeys(letters))))
    table = pd.DataFrame(found, columns=list(UNFIT_COLUMNS))
    return table.sort_values(["row", "column"], ignore_index=True)


def refuse_unfit_letters(records: Records, kind: Format, encoding: str, path: Path) -> None:
    """Refuse texts with letters that would have to be replaced; see ``unfit_letters``."""
    unfit = unfit_letters(records, kind, encoding)
    if unfit.empty:
        return
    row, column, letters = unfit.iloc[0]
    told = {"file": path, "row": int(row), "column": column, "count": len(unfit)}
    if encoding != UTF_8 and not _encodable(letters.replace("\0", ""), encoding):
        shown = _told(letters)
        raise Problem("geo.text_not_in_encoding", **told, encoding=encoding, letters=shown)
    raise Problem("geo.text_not_in_format", **told, format=kind.title, letters=_told(letters))


def _told(letters: str) -> str:
    """Return letters so that one can see and search them: ``“𝒙” U+1D499``."""
    shown = [
        f"“{one}” U+{ord(one):04X}" if one.isprintable() else f"U+{ord(one):04X}" for one in letters
    ]
    return ", ".join(shown[:5]) + " …" * (len(shown) > 5)


def _encodable(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


@cache
def _unfit_pattern(xml: bool, encoding: str) -> str:
    """Return the inside of a class of letters in the spelling of RE2."""
    if encoding == UTF_8:
        return _NUL + _NOT_IN_XML * xml
    letters = bytes(range(1, 256)).decode(encoding, errors="ignore")
    if xml:
        letters = re.sub(_in_python(f"[{_NOT_IN_XML}]"), "", letters)
    return "^" + "".join(rf"\x{{{ord(letter):X}}}" for letter in letters)


def _in_python(pattern: str) -> str:
    return re.sub(r"\\x\{([0-9A-F]+)\}", lambda found: rf"\U{int(found[1], 16):08x}", pattern)


# -- records and values ----------------------------------------------------------------------------


def _with_places(records: Records, kind: Format, path: Path) -> tuple[Records, list[Note]]:
    gone = shapely.is_missing(records.shapes) | shapely.is_empty(records.shapes)
    if gone.all():
        raise Problem("geo.nothing_with_a_place", file=path, format=kind.title)
    if not gone.any():
        return records, []
    note = counted_note("geo.loss.without_place", np.flatnonzero(gone))
    return records.take(np.flatnonzero(~gone)), [note]


def _storable(columns: pa.Table, kind: Format) -> tuple[pa.Table, list[Note]]:
    """Return columns in the types that a format has, and which columns changed theirs."""
    if kind.holds == "typed":
        return columns, []
    changed: dict[str, list[str]] = {}
    arrays: dict[str, pa.ChunkedArray] = {}
    for name, values in zip(columns.column_names, columns.columns, strict=True):
        told = _of_dbf(values)
        if told.type != values.type and not pa.types.is_integer(values.type):
            yes_no = pa.types.is_boolean(values.type)
            changed.setdefault("yes_no" if yes_no else "dates", []).append(name)
        arrays[name] = told.cast(pa.string()) if kind.holds == "text" else told
    losses = [Note(f"geo.loss.{what}", {"columns": ", ".join(n)}) for what, n in changed.items()]
    if kind.holds == "text":
        losses.append(Note("geo.loss.as_text"))
    return _table(arrays, columns), losses


def _of_dbf(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return a column as text, whole numbers or decimals."""
    if pa.types.is_boolean(values.type):
        return values.cast(pa.int8()).cast(pa.int32())
    if pa.types.is_integer(values.type):
        largest = pc.max(pc.abs(values)).as_py() or 0
        return values.cast(pa.int32()) if largest < _SMALL_WHOLE else values
    if pa.types.is_date(values.type):
        return pc.strftime(values, format="%Y-%m-%d")
    if pa.types.is_timestamp(values.type):
        return pc.strftime(values.cast(pa.timestamp("s"), safe=False), format="%Y-%m-%dT%H:%M:%S")
    return values


def _without_empties(columns: pa.Table, kind: Format) -> tuple[pa.Table, list[Note]]:
    """Return texts without spaces at their ends and empty ones as missing, and how many."""
    if not kind.empty_is_missing:
        return columns, []
    arrays: dict[str, pa.ChunkedArray] = {}
    counts = {"ends": 0, "empty": 0}
    for name, values in zip(columns.column_names, columns.columns, strict=True):
        arrays[name] = values
        if not pa.types.is_string(values.type):
            continue
        told = values
        if kind.holds == "dbf":
            told = pc.utf8_trim_whitespace(values)
            trimmed = pc.and_(pc.not_equal(told, values), pc.not_equal(told, ""))
            counts["ends"] += pc.sum(trimmed).as_py() or 0
        counts["empty"] += pc.sum(pc.equal(told, "")).as_py() or 0
        arrays[name] = pc.if_else(pc.equal(told, ""), pa.scalar(None, pa.string()), told)
    lost = [Note(f"geo.loss.{what}", {"count": n}) for what, n in counts.items() if n]
    return _table(arrays, columns), lost


def _short_enough(columns: pa.Table, kind: Format, encoding: str) -> tuple[pa.Table, pd.DataFrame]:
    """Return columns with texts that are short enough, and which were cut."""
    arrays, cut = {}, []
    for name, values in zip(columns.column_names, columns.columns, strict=True):
        arrays[name] = values
        if not kind.text_bytes or not pa.types.is_string(values.type):
            continue
        sizes = byte_lengths(values, encoding)
        long = pc.greater(sizes, kind.text_bytes)
        rows = pc.indices_nonzero(long).to_numpy()
        if not len(rows):
            continue
        # Where a text is cut there may be a space, which the format does not keep at an end.
        texts = [
            fit(text, encoding, kind.text_bytes).rstrip() or None
            for text in values.take(rows).to_pylist()
        ]
        arrays[name] = pa.chunked_array(
            [pc.replace_with_mask(_one(values), _one(long), pa.array(texts, pa.string()))]
        )
        told = {
            "row": rows.astype("int64") + 1,
            "column": name,
            "bytes": sizes.take(rows).to_numpy(),
        }
        cut.append(pd.DataFrame(told))
    nothing = pd.DataFrame(columns=list(TRUNCATED_COLUMNS))
    return _table(arrays, columns), pd.concat(cut, ignore_index=True) if cut else nothing


def byte_lengths(texts: pa.ChunkedArray, encoding: str) -> pa.ChunkedArray:
    """Return how many bytes each text takes; every other encoding than UTF-8 takes one a letter."""
    count = pc.binary_length if encoding == UTF_8 else pc.utf8_length
    return count(texts).cast(pa.int64())


def _one(values: pa.ChunkedArray) -> pa.Array:
    return values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values


def _table(arrays: Mapping[str, pa.ChunkedArray], columns: pa.Table) -> pa.Table:
    return pa.table(dict(arrays)) if arrays else columns
