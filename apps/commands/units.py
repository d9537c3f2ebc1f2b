"""The table of units that a planner gives: read with its rows, and kept beside the plan."""

from __future__ import annotations

from collections.abc import Sequence

from phaenthi.apps.commands.spoken import Session
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.targeting.judging.layer_units import units_in_layer
from phaenthi.targeting.programme.programme import Programme
from phaenthi.wording import say


def unit_banners(
    workspace: Workspace, programme: Programme, provinces: Sequence[str], session: Session
) -> list[str]:
    """Say where units without a table of the planner's come from, and what is not known of them."""
    columns = tuple(programme.pack.columns)
    held = units_in_layer(programme, workspace, provinces)
    banners = []
    if held is not None:
        columns = held.not_held
        layer = say(f"layers.names.{held.layer}", session.language)
        years = ", ".join(str(year) for year in held.years) or "–"
        values = {"count": f"{len(held.table):,}", "layer": layer, "years": years}
        banners.append(session.say("cli.units.from_layer", **values))
    if columns:
        banners.append(session.say("cli.units.without_table", columns=", ".join(columns)))
    return banners
