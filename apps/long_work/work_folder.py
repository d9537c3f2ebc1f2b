"""A folder in which a process beside the app does all its work, and leaves what it made."""

from __future__ import annotations

import pickle
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

Made = TypeVar("Made")

_WORK, _ANSWER = "work", "answer"


@contextmanager
def all_work_in(folder: Path) -> Iterator[None]:
    """Lay every temporary file of this process in a folder: whoever asked for the work clears it.

    A process that is ended clears nothing, and a file that was sent must not stay behind.
    """
    work = folder / _WORK
    work.mkdir(exist_ok=True)
    usual, tempfile.tempdir = tempfile.tempdir, str(work)
    try:
        yield
    finally:
        tempfile.tempdir = usual


def leave(made: object, folder: Path) -> None:
    """Leave in the folder what was made."""
    (folder / _ANSWER).write_bytes(pickle.dumps(made))


def fetch(kind: type[Made], folder: Path) -> Made:
    """Return what :func:`leave` left.

    Raises
    ------
    TypeError
        If it is something else.
    """
    made = pickle.loads((folder / _ANSWER).read_bytes())  # noqa: S301 - of our own process, in a folder of ours
    if not isinstance(made, kind):
        raise TypeError(f"the worker left a {type(made).__name__}, not a {kind.__name__}")
    return made
