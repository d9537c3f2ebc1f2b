"""Commands told to a person so that they run when they are pasted: program, folder and quotes.

Nothing of the table libraries is imported here: a refused command needs it too.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from phaenthi.wording.catalogue import Language

LANGUAGE_VARIABLE = "PHAENTHI_LANGUAGE"
WORKSPACE_VARIABLE = "PHAENTHI_WORKSPACE"
DEFAULT_WORKSPACE = "workspaces/demo"

# What neither PowerShell nor the old command prompt reads as anything but a letter of a word.
_PLAIN_ON_WINDOWS = re.compile(r"[\w.:=/\\+-]+")
# What PowerShell would fill in between double quotes, and the old prompt everywhere.
_FILLED_IN = re.compile(r"[$`\"%“”„]")


def usual_workspace(environment: Mapping[str, str] | None = None) -> Path:
    """Return the folder that a command works on when none is named.

    Parameters
    ----------
    environment
        Variables of the shell; those of this process unless told otherwise.
    """
    variables = os.environ if environment is None else environment
    return Path(variables.get(WORKSPACE_VARIABLE) or DEFAULT_WORKSPACE)


def usual_language(environment: Mapping[str, str] | None = None) -> Language:
    """Return the language that a command speaks when none is asked for."""
    variables = os.environ if environment is None else environment
    return "en" if variables.get(LANGUAGE_VARIABLE) == "en" else "th"


def typed(
    *words: str,
    workspace: str | Path | None = None,
    language: Language | None = None,
    environment: Mapping[str, str] | None = None,
    windows: bool | None = None,
) -> str:
    """Return a command of this program as a person can paste it into the shell in use.

    Parameters
    ----------
    words
        The command and what is given to it, without quotes.
    workspace
        Where the workspace is that it must work on; named only where a command without
        ``--workspace`` would work on another one.
    language
        The language that it must speak; named in the same way.
    environment
        Variables of the shell that it will be pasted into; those of this process unless told.
    windows
        Whether that shell is PowerShell; by the system unless told.
    """
    if workspace is not None and not _same(Path(workspace), usual_workspace(environment)):
        words = (*words, "--workspace", short_path(Path(workspace)))
    if language is not None and language != usual_language(environment):
        words = (*words, "--language", language)
    on_windows = os.name == "nt" if windows is None else windows
    quote = quote_for_powershell if on_windows else shlex.quote
    program = quote(command_name())
    if on_windows and program != command_name():
        program = f"& {program}"  # PowerShell only calls a quoted path when it is told to.
    return " ".join([program, *map(quote, words)])


def quote_for_powershell(word: str) -> str:
    """Return a word so that PowerShell hands it over whole, and the command prompt if it can."""
    if _PLAIN_ON_WINDOWS.fullmatch(word):
        return word
    if _FILLED_IN.search(word):
        return "'" + re.sub("(['‘’‚‛])", r"\1\1", word) + "'"
    return f'"{word}"'


def short_path(path: Path) -> str:
    """Return a path as the user would type it from here."""
    here, whole = Path.cwd(), path.absolute()
    return str(whole.relative_to(here)) if whole.is_relative_to(here) else str(whole)


def command_name() -> str:
    """Return the program as it can be typed here: with its folder unless that is searched."""
    if shutil.which("phaenthi"):
        return "phaenthi"
    return short_path(Path(sys.executable).parent / "phaenthi")


def _same(one: Path, other: Path) -> bool:
    return one.resolve() == other.resolve()
