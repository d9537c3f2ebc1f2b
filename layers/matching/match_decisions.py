"""What a person decided about rows that no rule could place: kept, and applied to the next file."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd
import polars as pl

from phaenthi.geo.files import atomic_write, sha256
from phaenthi.geo.notes import Note
from phaenthi.geo.places.codes import Level, read_codes
from phaenthi.geo.texts.csv import as_meant, csv_bytes
from phaenthi.layers.contracts.matches import DECISIONS
from phaenthi.layers.contracts.provenance import ImportReport, Provenance
from phaenthi.layers.matching.villages import CANDIDATES_SHOWN, Matches
from phaenthi.layers.tables.table_file import ROW, TableFile, plain_header, read_table
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.wording import Language, Problem, say
from phaenthi.wording.digits import plain_digits

PLACE_COLUMNS = (
    *("village_code", "name", "moo", "tambon", "tambon_code", "amphoe", "amphoe_code"),
    *("province", "province_code", "longitude", "latitude"),
)
DECIDED, DECIDED_NONE = "decided", "decided_none"
_ABSENT = ("ไม่มี", "none", "-", "0")
_HEADERS = ("source", "row", "rows", "place", "why", "decision", "decided_by", "reason")
_PARTS = " | "
_DEGREE_DECIMALS = 5


def places_of(rows: pd.DataFrame) -> pd.Series:
    """Return what each row says of its place in one text, by which a decision is found again.

    Parameters
    ----------
    rows
        Any of ``PLACE_COLUMNS``.
    """
    parts = pd.DataFrame(index=rows.index)
    for name in (name for name in PLACE_COLUMNS if name in rows):
        values = rows[name]
        if name in ("longitude", "latitude"):
            values = pd.to_numeric(values, errors="coerce").round(_DEGREE_DECIMALS)
        texts = values.astype("string").fillna("").str.split().str.join(" ")
        parts[name] = (f"{name}=" + texts).where(texts != "", "")
    return pd.Series(
        [_PARTS.join(filter(None, row)) for row in parts.itertuples(index=False)],
        index=rows.index,
        dtype="string",
    )


def write_queue(
    path: Path, rows: pd.DataFrame, matches: Matches, source: str, *, language: Language = "th"
) -> int:
    """Write the rows that wait for a person as a CSV file to be filled in.

    Parameters
    ----------
    path
        CSV, UTF-8 with byte order mark so that Excel shows the Thai; put there whole or not
        at all.
    rows
        What the register says of each place, as ``places_of`` takes it; ``row`` (first row
        number in the file) and ``rows`` (how many rows name the place) where there are any.
    matches
        What ``match_villages`` found for them.
    source
        Name under which decisions are kept.
    language
        Of the headers and of the reasons.

    Returns
    -------
    int
        Places that wait. A place is one line: who decides, decides for all its rows.
    """
    waiting = matches.table[matches.table["village_code"].isna()]
    waiting = waiting[waiting["how"] != DECIDED_NONE]
    those = rows.loc[waiting.index]
    first = those["row"] if "row" in those else pd.Series(waiting.index, index=waiting.index)
    queue = pd.DataFrame(
        {
            "source": source,
            "row": first,
            "rows": those.get("rows", 1),
            "place": places_of(those),
            "why": [say(f"layers.how.{how}", language) for how in waiting["how"]],
        },
        index=waiting.index,
    )
    shown = matches.candidates
    told = zip(shown["village_code"], shown["name_th"].fillna(""), shown["score"], strict=True)
    texts = [f"{code} {name} ({score:.0f})" for code, name, score in told]
    shown = shown.assign(text=pd.Series(texts, index=shown.index, dtype="object"))
    wide = shown.pivot_table(index="row", columns="place", values="text", aggfunc="first")
    for place in range(1, CANDIDATES_SHOWN + 1):
        queue[f"candidate {place}"] = wide[place].reindex(queue.index) if place in wide else None
    queue["decision"] = queue["decided_by"] = queue["reason"] = ""
    queue = queue.drop_duplicates("place").sort_values("row")
    heads = {name: say(f"layers.queue.{name}", language) for name in _HEADERS}
    candidate = say("layers.queue.candidate", language)
    numbered = {f"candidate {n}": f"{candidate} {n}" for n in range(1, CANDIDATES_SHOWN + 1)}
    with atomic_write(path) as temporary:
        temporary.write_bytes(csv_bytes(queue.rename(columns=heads | numbered)))
    return len(queue)


def read_decisions(table: TableFile, workspace: Workspace, *, decided_on: date) -> pd.DataFrame:
    """Read a queue that a person filled in.

    A decision is the number of a candidate, a village code, or ไม่มี (none) for a place that
    is no village of the list; an empty cell leaves the place waiting.

    Returns
    -------
    pandas.DataFrame
        The columns of ``phaenthi.layers.contracts.matches.DECISIONS``.

    Raises
    ------
    Problem
        ``layers.queue_unreadable`` if a column is missing, ``layers.decision_unreadable``,
        ``layers.decision_unknown_village``, ``layers.decision_without_name``, each with row.
    """
    path = table.path
    headers = {name: _header(table.headers, f"layers.queue.{name}") for name in _HEADERS}
    absent = [name for name, header in headers.items() if not header]
    if absent:
        expected = ", ".join(say(f"layers.queue.{name}", "th") for name in absent)
        raise Problem("layers.queue_unreadable", file=path, expected=expected)
    numbered = [
        _header(table.headers, "layers.queue.candidate", f" {number}")
        for number in range(1, CANDIDATES_SHOWN + 1)
    ]
    listed = set(workspace.table("villages")["village_code"])
    decisions = []
    for line in table.frame.collect().to_dicts():
        said = line[headers["decision"]]
        if said is None:
            continue
        candidates = [line.get(header) for header in numbered]
        code = _decided_code(said, candidates)
        source, place, by, reason = (
            as_meant(line[headers[name]] or "") or None
            for name in ("source", "place", "decided_by", "reason")
        )
        fault = _fault(code, listed, by)
        if fault:
            column = headers[
                "decided_by" if fault == "layers.decision_without_name" else "decision"
            ]
            raise Problem(fault, file=path, row=line[ROW], column=column, found=said)
        decisions.append(
            {
                "source": source,
                "place": place,
                "village_code": code,
                "decided_by": by,
                "decided_on": decided_on.isoformat(),
                "reason": reason,
            }
        )
    return pd.DataFrame(decisions, columns=list(DECISIONS.names)).astype("string")


def _header(headers: tuple[str, ...], words: str, after: str = "") -> str:
    """Return the header of a queue, which may be in either language; "" if it is not there."""
    languages: tuple[Language, Language] = ("th", "en")
    spelled = {plain_header(say(words, language) + after) for language in languages}
    return next((header for header in headers if plain_header(header) in spelled), "")


def _decided_code(said: str, candidates: list[str | None]) -> str | None:
    """Return the village code that a decision means, None for no village, "" if unreadable."""
    if said.strip().casefold() in _ABSENT:
        return None
    bare = plain_digits(said).strip()
    if bare.isdigit() and 1 <= int(bare) <= len(candidates) and candidates[int(bare) - 1]:
        said = str(candidates[int(bare) - 1])
    # What is copied from a candidate begins with the code.
    code = read_codes(pd.Series([said.split()[0]]), Level.VILLAGE).iloc[0]
    return "" if pd.isna(code) else str(code)


def _fault(code: str | None, listed: set[str], by: str | None) -> str | None:
    if code == "":
        return "layers.decision_unreadable"
    if code is not None and code not in listed:
        return "layers.decision_unknown_village"
    return None if by else "layers.decision_without_name"


def keep_decisions(
    workspace: Workspace, path: Path, *, decided_on: date | None = None
) -> ImportReport:
    """Read a filled-in queue and keep its decisions beside those of before.

    A later decision on the same place of the same source replaces the earlier one. Raises what
    ``read_decisions`` and ``Workspace.put`` raise; the workspace is then as it was.
    """
    path = Path(path)
    today = decided_on or datetime.now(UTC).astimezone().date()
    with workspace.writing():
        table = read_table(path)
        new = read_decisions(table, workspace, decided_on=today)
        if new.empty:
            raise Problem("layers.no_decision", file=path)
        both = pd.concat([workspace.table(DECISIONS.name), new], ignore_index=True)
        kept = both.drop_duplicates(list(DECISIONS.key), keep="last")
        provenance = Provenance(
            source=path.name,
            sha256=sha256(path),
            imported_at=datetime.now(UTC),
            rows_read=len(kept),
            made_up=workspace.made_up,
        )
        rows = pl.from_pandas(kept.reset_index(drop=True))
        report = workspace.put(DECISIONS.name, rows, provenance)
    letters = {"letters": f"{table.stray:,}"}
    notes = (Note("layers.notes.stray_characters", letters),) if table.stray else ()
    return replace(report, notes=notes)


def apply_decisions(
    matches: Matches, places: pd.Series, decisions: pd.DataFrame, villages: pd.DataFrame
) -> Matches:
    """Put what persons decided in the place of what was found.

    Parameters
    ----------
    matches
        What ``match_villages`` found.
    places
        Of the same rows; see ``places_of``.
    decisions
        place, village_code of one source.
    villages
        village_code: of a village that is listed no more the decision holds no more.

    Returns
    -------
    Matches
        how is ``decided`` (confidence 1) or ``decided_none`` (no village of the list, no
        candidates) where a person decided.
    """
    known = decisions.set_index("place")["village_code"]
    decided = places[places.isin(known.index)]
    codes = decided.map(known).astype("string")
    standing = codes.isna() | codes.isin(villages["village_code"])
    codes = codes[standing]
    table = matches.table.copy()
    table.loc[codes.index, "village_code"] = codes
    table.loc[codes.index, "how"] = codes.isna().map({True: DECIDED_NONE, False: DECIDED})
    table.loc[codes.index, "confidence"] = 1.0
    candidates = matches.candidates[~matches.candidates["row"].isin(codes.index)]
    return replace(matches, table=table, candidates=candidates.reset_index(drop=True))
