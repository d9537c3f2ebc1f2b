"""A problem that a person can act on: what is wrong, where, and what to do."""

from __future__ import annotations

from pathlib import Path

from phaenthi.wording.catalogue import Language, has, say


class Problem(Exception):  # noqa: N818 - a problem of the user, not an error of the program
    """Something that the user must know of and can mend.

    Parameters
    ----------
    message_id
        Id under ``problems`` of the catalogue; ``problems.<id>.what`` says what is wrong and
        ``problems.<id>.do`` what to do.
    file, sheet, row, column
        Where it was found, as far as known. ``row`` is the number that the user sees in the
        file: in a table with one header line the first record is row 2.
    values
        What the sentences name in braces.

    Notes
    -----
    ``str()`` gives the English sentence for developers; ``sentence("th")`` the planner's.
    """

    def __init__(
        self,
        message_id: str,
        *,
        file: str | Path | None = None,
        sheet: str | None = None,
        row: int | None = None,
        column: str | None = None,
        **values: object,
    ) -> None:
        if not has(f"problems.{message_id}.what"):
            raise KeyError(f"problems.{message_id}.what is not in the wording files")
        self.message_id = message_id
        # The name alone: a folder of this machine says nothing to the reader of a report.
        self.file = Path(file).name if file is not None else None
        self.sheet, self.row, self.column = sheet, row, column
        self.values = values
        super().__init__(message_id)

    def __str__(self) -> str:
        """Return the English sentence."""
        return self.sentence("en")

    def where(self, language: Language) -> str:
        """Return file, sheet, row and column in words; empty where none is known."""
        parts = [
            say(f"problems.where.{name}", language, found=found)
            for name in ("file", "sheet", "row", "column")
            if (found := getattr(self, name)) is not None
        ]
        return " ".join(parts)

    def sentence(self, language: Language) -> str:
        """Return what is wrong, where, and what to do, in one language."""
        what = say(f"problems.{self.message_id}.what", language, **self.values)
        do = say(f"problems.{self.message_id}.do", language, **self.values)
        place = self.where(language)
        return f"{place}: {what} {do}" if place else f"{what} {do}"
