"""``phaenthi completion``: the script by which a shell completes the commands."""

from __future__ import annotations

from typing import cast

import click
from click.shell_completion import ShellComplete, get_completion_class

from phaenthi.apps.commands.spoken import SpokenCommand

SHELLS = ("bash", "zsh", "fish", "powershell")


@click.command(cls=SpokenCommand, help="cli.completion")
@click.argument("shell", type=click.Choice(SHELLS), help="cli.options.shell")
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print the script that click has for a shell."""
    top = context.find_root()
    name = str(top.info_name)
    maker = cast(type[ShellComplete], get_completion_class(shell))
    click.echo(maker(top.command, {}, name, f"_{name.upper()}_COMPLETE").source())
