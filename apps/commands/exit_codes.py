"""How a command ends, for whoever calls it from a script."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """The exit codes; the documentation for scripts says what to do at each."""

    DONE = 0
    UNFORESEEN = 1
    """Nobody foresaw this."""
    TO_MEND = 2
    """The user has something to mend: a command, a file, rules, data."""
    OPEN = 3
    """``verify``: it keeps the rules, and a better plan may exist within the gap that is told."""
    FALLS = 4
    """``verify``: the plan or package is not what it says it is."""
    INTERRUPTED = 130
    """Stopped from the keyboard, as shells count it."""
