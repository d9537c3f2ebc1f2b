"""Names of the layers; loads nothing, so that a layer that is none is told at once."""

from __future__ import annotations

from phaenthi.wording import Problem

LAYERS = (
    "boundaries_province",
    "boundaries_amphoe",
    "boundaries_tambon",
    "villages",
    "households",
    "poverty",
    "history",
    "beneficiaries",
    "indicators",
    "area_counts",
    "village_points",
    "decisions",
    "possible_targets",
    "matched_places",
    "funds",
    "fund_levels",
    "groups",
    "otop",
    "cluster_members",
    "places",
    "plots",
    "plot_ponds",
    "plot_log",
    "tourism_communities",
    "tourism_programmes",
    "attractions",
)
"""In the order of the catalogue."""


def require_layer(name: str) -> None:
    """Raise ``layers.layer_unknown`` if no layer has this name."""
    if name not in LAYERS:
        raise Problem("layers.layer_unknown", found=name, layers=", ".join(LAYERS))
