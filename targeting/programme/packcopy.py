"""Next year's pack from this year's: the years raised, and what an officer must look at."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from phaenthi.geo.files import atomic_write
from phaenthi.targeting.programme.programme import Programme
from phaenthi.targeting.rules.rule import AllotmentRule, ExactlyAreasRule
from phaenthi.wording import Language, Problem, say

# Years พ.ศ. that stand alone; a file's name or a longer number holds none.
_YEAR = re.compile(
    r"(?<![\w.])(?<!\D\d,)(?<!\D\d\d,)(?<!\D\d\d\d,)(25[5-9][0-9])(?!\w|,[0-9]{3}(?![0-9])|\.[0-9])"
)
_DOCUMENTS = re.compile(r"^documents:")
_CLAUSE_OF_DOCUMENT = re.compile(r"^\s*(document|table|printed|total|line):")


@dataclass(frozen=True)
class Change:
    """A line of the pack in which years were raised."""

    row: int
    before: str
    after: str


@dataclass(frozen=True)
class Copied:
    """A pack written for another year.

    Attributes
    ----------
    changes
        Lines whose years were raised.
    review
        What to look at, as message ids and values.
    """

    path: Path
    changes: tuple[Change, ...]
    review: tuple[tuple[str, dict[str, object]], ...]

    def sentences(self, language: Language) -> list[str]:
        """Say what an officer must look at, in order."""
        told = []
        for wording, values in self.review:
            own = values.get(language)
            told.append(say(wording, language, **({"words": own} if own else values)))
        return told


def copy_for(programme: Programme, fiscal_year: int, folder: Path) -> Copied:
    """Write a pack for a later year into a folder.

    Parameters
    ----------
    programme
        This year's.
    fiscal_year
        The year พ.ศ. of the new one; every year in the pack rises by the difference, but those
        of the documents that it cites.
    folder
        Where the new file goes, named by the new id.

    Raises
    ------
    Problem
        ``targeting.pack_new_year`` for a year that is not later; ``targeting.pack_exists``.
    """
    rise = fiscal_year - programme.pack.fiscal_year
    if rise <= 0:
        year = programme.pack.fiscal_year
        raise Problem("targeting.pack_new_year", found=fiscal_year, year=year)
    text = programme.file.path.read_text(encoding="utf-8-sig")
    new_id = _new_id(programme, fiscal_year)
    raised = raise_years(text, rise)
    raised = re.sub(r"^id: .*$", f"id: {new_id}", raised, count=1, flags=re.MULTILINE)
    path = Path(folder) / f"{new_id}.yaml"
    if path.exists():
        raise Problem("targeting.pack_exists", found=path.name)
    path.parent.mkdir(parents=True, exist_ok=True)
    with atomic_write(path) as draft:
        draft.write_text(raised, encoding="utf-8")
    pairs = zip(text.splitlines(), raised.splitlines(), strict=True)
    changes = tuple(
        Change(row, before.strip(), after.strip())
        for row, (before, after) in enumerate(pairs, 1)
        if before != after
    )
    return Copied(path, changes, tuple(_review(programme)))


def raise_years(text: str, rise: int) -> str:
    """Raise every year พ.ศ. of a pack's text, but those of its documents and its figures."""
    lines, in_documents = [], False
    for line in text.splitlines(keepends=True):
        if line[:1] not in (" ", "#", "\n"):
            in_documents = bool(_DOCUMENTS.match(line))
        if in_documents or _CLAUSE_OF_DOCUMENT.match(line):
            lines.append(line)
        else:
            lines.append(_YEAR.sub(lambda found: str(int(found.group()) + rise), line))
    return "".join(lines)


def _new_id(programme: Programme, fiscal_year: int) -> str:
    year = str(programme.pack.fiscal_year)
    if year in programme.id:
        return programme.id.replace(year, str(fiscal_year))
    return f"{programme.id}-{fiscal_year}"


def _review(programme: Programme) -> Iterator[tuple[str, dict[str, object]]]:
    for words in programme.pack.review:
        yield "cli.pack.new.words", {"th": words.th, "en": words.en}
    yield "cli.pack.new.documents", {"names": ", ".join(programme.pack.documents)}
    tables = [one.units.table for one in programme.all_of(AllotmentRule) if one.units is not None]
    tables += [one.areas.table for one in programme.all_of(ExactlyAreasRule)]
    for table in sorted(set(tables)):
        yield "cli.pack.new.table", {"table": table}
    for rule in programme.all_of(AllotmentRule):
        if rule.input is not None:
            yield "cli.pack.new.input", {"table": rule.input.table}
    if programme.pack.printed:
        names = ", ".join(figure.id for figure in programme.pack.printed)
        yield "cli.pack.new.figures", {"names": names}
    assumed = [rule.id for rule in programme.rules if rule.origin == "assumed"]
    if assumed:
        yield "cli.pack.new.assumed", {"names": ", ".join(assumed)}
    read = [rule.id for rule in programme.rules if rule.readings]
    if read:
        yield "cli.pack.new.readings", {"names": ", ".join(read)}
