"""How clusters are formed, as the reader sets it on the pages of layers and of exports."""

from __future__ import annotations

from phaenthi.apps.screens import kept_choices
from phaenthi.apps.screens import show as st
from phaenthi.apps.screens.page_words import tell
from phaenthi.layers.otop.clusters import ClusterRule

NATURAL = "natural"
DISTANCES = ("2", "5", "10", "20", "30", NATURAL)
SMALLEST = ("2", "3", "5", "10")
_WITHIN, _AT_LEAST = ("layers_cluster_within", "5"), ("layers_cluster_smallest", "2")


def recall_rule() -> ClusterRule:
    """Return the rule that the reader set last."""
    within = kept_choices.recall(_WITHIN[0], DISTANCES, _WITHIN[1])
    smallest = kept_choices.recall(_AT_LEAST[0], SMALLEST, _AT_LEAST[1])
    return ClusterRule(None if within == NATURAL else float(within) * 1000, int(smallest))


def ask_rule() -> ClusterRule:
    """Show the boxes of distance and number side by side, and return the rule."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kept_choices.choose_one(
            tell("layers.otop.cluster.within"),
            DISTANCES,
            _WITHIN[0],
            {one: _say_distance(one) for one in DISTANCES}.__getitem__,
            default=_WITHIN[1],
            width=220,
        )
        kept_choices.choose_one(
            tell("layers.otop.cluster.smallest"),
            SMALLEST,
            _AT_LEAST[0],
            {one: tell("layers.otop.cluster.members", count=one) for one in SMALLEST}.__getitem__,
            width=200,
        )
    return recall_rule()


def _say_distance(one: str) -> str:
    if one == NATURAL:
        return tell("layers.otop.cluster.natural")
    return tell("layers.otop.cluster.km", km=one)
