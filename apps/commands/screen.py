"""What a command shows: calm tables whose columns line up in Thai, and work in progress.

The answer goes to standard output and nothing else does: what warns, what can be done next and
what is being worked on go to the error stream, so that an answer can be piped.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date

import click
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

from phaenthi.apps.commands.spoken import session_of

# A row of a table stays one line, however long: a pipe has no edge.
WIDTH_OF_A_PIPE = 100_000
_LOUD = "bold yellow"


def console(*, errors: bool = False) -> Console:
    """Return the console of a stream: styled on a terminal unless ``NO_COLOR`` says otherwise.

    A pipe or a file gets the same text wherever it is written: no styles, no lines drawn, and
    no wrapping by the width of somebody's window.
    """
    found = Console(
        stderr=errors,
        highlight=False,
        soft_wrap=False,
        color_system=None if os.environ.get("NO_COLOR") else "auto",
    )
    if not found.is_terminal:
        found.width = WIDTH_OF_A_PIPE
    return found


def show_json(answer: Mapping[str, object]) -> None:
    """Write an answer for a script: one JSON object in UTF-8.

    What is not known, or hidden, is null; a day or a moment is written as in ISO 8601.
    """
    click.echo(json.dumps(answer, ensure_ascii=False, indent=2, default=_as_json, allow_nan=False))


def _as_json(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"no JSON for {value!r}")


def show_lines(lines: Iterable[str], *, errors: bool = False, loud: bool = False) -> None:
    """Print sentences; a long path stays on one line to be copied."""
    screen = console(errors=errors)
    for line in lines:
        screen.print(Text(line, style=_LOUD if loud else ""), soft_wrap=True)


def show_hints(lines: Iterable[str]) -> None:
    """Print what can be done next; it is no part of the answer."""
    show_lines(lines, errors=True)


def show_banner(sentence: str) -> None:
    """Print a sentence that must not be overlooked, also where the answer is piped."""
    show_lines([sentence], errors=True, loud=True)


def show_table(
    heads: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    title: str = "",
    numbers: Sequence[int] = (),
) -> None:
    """Print a table; where there is no terminal without lines, a row of it on a line.

    Parameters
    ----------
    heads
        Heading of each column.
    rows
        What stands in it; ``None`` shows as a dash, whole numbers with thousands commas.
    numbers
        Positions of the columns that are set flush right.
    """
    screen = console()
    table = Table(title=Text(title, style="bold") if title else None, title_justify="left")
    table.box = SIMPLE_HEAD if screen.is_terminal else None
    table.pad_edge = False
    for position, head in enumerate(heads):
        table.add_column(Text(head), justify="right" if position in numbers else "left")
    for row in rows:
        table.add_row(*(Text(_shown(value)) for value in row))
    screen.print(table)


def _shown(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "✓" if value else "–"
    if isinstance(value, int):
        return f"{value:,}"
    return str(value)


@contextmanager
def working(steps: int) -> Iterator[Callable[[str], None]]:
    """Show how far a piece of work of several steps is; yields ``begin(sentence)``.

    On a terminal a bar with the time that has passed; in a log one line a step, and nothing where
    the answer is for a script, to which the error stream speaks of problems alone.
    """
    screen = console(errors=True)
    if _for_a_script():
        yield lambda _: None
        return
    if not screen.is_terminal or screen.is_dumb_terminal or screen.color_system is None:
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


def _for_a_script() -> bool:
    context = click.get_current_context(silent=True)
    return context is not None and session_of(context).as_json
