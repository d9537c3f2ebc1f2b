"""Where the commands about rule packs look for the packs of an office."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click

from phaenthi.apps.commands.spoken import Decorator, workspace_option
from phaenthi.layers.workspace.documents import DocumentKind


def packs_option() -> Decorator:
    """Return the options that name the office's packs; the command gets them as ``own_folder``.

    Without ``--packs`` they are those of the workspace, as for every other command.
    """

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(command)
        def with_folder(*words: Any, packs: str | None, workspace_folder: str, **more: Any) -> Any:
            return command(*words, own_folder=packs_folder(packs, workspace_folder), **more)

        option = click.option(
            "--packs",
            metavar="DIR",
            envvar="PHAENTHI_PACKS",
            default=None,
            help="cli.options.packs",
        )
        return workspace_option()(option(with_folder))

    return decorate


def packs_folder(packs: str | None, workspace_folder: str) -> Path:
    """Return the folder that is named, or the one of the workspace."""
    return Path(packs) if packs else Path(workspace_folder) / DocumentKind.PACKS
