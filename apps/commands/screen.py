"""What a command shows: calm tables whose columns line up in Thai, and work in progress."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table
from rich.text import Text

WIDTH_OF_A_PIPE = 120


def console(*, errors: bool = False) -> Console:
    """Return the console; a pipe or a file gets a fixed width, so that logs read alike."""
    found = Console(stderr=errors, highlight=False, soft_wrap=False)
    if not found.is_terminal:
        found.width = WIDTH_OF_A_PIPE
    return found


def show_lines(lines: Iterable[str]) -> None:
    """Print sentences; a long path stays on one line to be copied."""
    screen = console()
    for line in lines:
        screen.print(Text(line), soft_wrap=True)


def show_banner(sentence: str) -> None:
    """Print a sentence that must not be overlooked."""
    console().print(Text(sentence, style="bold yellow"), soft_wrap=True)


def show_table(
    heads: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    title: str = "",
    numbers: Sequence[int] = (),
) -> None:
    """Print a table.

    Parameters
    ----------
    heads
        Heading of each column.
    rows
        What stands in it; ``None`` shows as a dash, whole numbers with thousands commas.
    numbers
        Positions of the columns that are set flush right.
    """
    table = Table(title=Text(title, style="bold") if title else None, title_justify="left")
    table.box = SIMPLE_HEAD
    table.pad_edge = False
    for position, head in enumerate(heads):
        table.add_column(Text(head), justify="right" if position in numbers else "left")
    for row in rows:
        table.add_row(*(Text(_shown(value)) for value in row))
    console().print(table)


def _shown(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "✓" if value else "–"
    if isinstance(value, int):
        return f"{value:,}"
    return str(value)


def short_path(path: Path) -> str:
    """Return a path as the user would type it from here."""
    here, whole = Path.cwd(), path.absolute()
    return str(whole.relative_to(here)) if whole.is_relative_to(here) else str(whole)


def command_name() -> str:
    """Return the command as it can be typed here: with its folder unless that is searched."""
    if shutil.which("phaenthi"):
        return "phaenthi"
    return short_path(Path(sys.executable).parent / "phaenthi")


@contextmanager
def working(steps: int) -> Iterator[Callable[[str], None]]:
    """Show how far a piece of work of several steps is; yields ``begin(sentence)``.

    On a terminal a bar with the time that has passed; in a log one line a step. Both go to the
    error stream, so that the result can be piped.
    """
    screen = console(errors=True)
    if not screen.is_terminal:
        yield lambda sentence: screen.print(Text(sentence), soft_wrap=True)
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=20),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=screen, transient=True) as progress:
        task = progress.add_task("", total=steps)
        begun = 0

        def begin(sentence: str) -> None:
            nonlocal begun
            progress.update(task, description=sentence, completed=begun)
            begun += 1

        yield begin
