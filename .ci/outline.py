"""Write apps/commands/outline.yaml from the commands themselves: ``make outline``."""

from __future__ import annotations

import click
import yaml

from phaenthi.apps.cli import phaenthi
from phaenthi.apps.commands.outline import OUTLINE, outline_of


def drawn_up() -> str:
    """Return what the file has to say."""
    context = click.Context(phaenthi)
    told = {name: outline_of(phaenthi.load(name), context) for name in phaenthi.lazy}
    head = "# What each command takes, told by the commands themselves; written by make outline.\n"
    return head + yaml.safe_dump(
        told, allow_unicode=True, sort_keys=False, default_flow_style=None, width=1000
    )


if __name__ == "__main__":
    OUTLINE.write_text(drawn_up(), encoding="utf-8")
