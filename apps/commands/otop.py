"""``phaenthi otop``: clusters of producers and groups, hot spots, and candidates of a programme."""

from __future__ import annotations

import click

from phaenthi.apps.commands.spoken import SpokenGroup


@click.group(
    cls=SpokenGroup,
    help="cli.otop",
    lazy={
        "clusters": "phaenthi.apps.commands.otop_clusters:clusters",
        "hotspots": "phaenthi.apps.commands.otop_lists:hotspots",
        "candidates": "phaenthi.apps.commands.otop_lists:candidates",
    },
)
def otop() -> None:
    """Look at producers, their clusters and the candidates of a programme."""
