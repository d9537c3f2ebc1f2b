"""How fair a plan is between amphoe: where the target poor live, and where the places go."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from phaenthi.apps.publication.plan_counts import hide_counts
from phaenthi.apps.screens import furniture, page_words
from phaenthi.apps.screens import show as st
from phaenthi.apps.screens.decisions.desk import Desk
from phaenthi.apps.screens.page_words import tell
from phaenthi.apps.screens.plan_review import alternatives
from phaenthi.geo.places.gazetteer import exists, name_of
from phaenthi.layers.people.disclosure import SMALLEST_SHOWN
from phaenthi.wording import say


def show(desk: Desk) -> None:
    """Set the plan against the poverty register, amphoe by amphoe; small counts stay hidden."""
    st.markdown(tell("planner.fairness.lead", unit=desk.noun))
    found = alternatives.ask(desk, "measure_fairness")
    if found is None:
        return
    if not found["target_poor"]:
        st.info(tell("planner.fairness.no_register"), icon=":material/info:")
        return
    furniture.show_figures(list(_totals(found)))
    table = pd.DataFrame(found["by_amphoe"])
    for column in ("coverage", "share_of_poor", "share_of_budget"):
        table[column] = pd.to_numeric(table[column])
    table = hide_counts(table)
    shares = 100 * table[["coverage", "share_of_poor", "share_of_budget"]].astype("Float64")
    percent, number = st.column_config.ProgressColumn, st.column_config.NumberColumn
    most = float(shares[["share_of_poor", "share_of_budget"]].max().max())

    def share(words: str) -> Any:
        return percent(words, min_value=0, max_value=most, format="%.1f%%")

    st.dataframe(
        pd.DataFrame(
            {
                "amphoe": [
                    name_of(code, page_words.language()) if exists(code) else code
                    for code in table["amphoe_code"].astype(str)
                ],
                "units": table["units_chosen"],
                "poor": table["target_poor"],
                "reached": table["in_chosen"],
                "coverage": shares["coverage"].round(1),
                "of_poor": shares["share_of_poor"].round(1),
                "of_budget": shares["share_of_budget"].round(1),
            }
        ),
        hide_index=True,
        height="auto",
        placeholder="–",
        column_config={
            "amphoe": tell("targeting.table.amphoe"),
            "units": number(tell("planner.fairness.units", unit=desk.noun), width="small"),
            "poor": number(
                tell("planner.fairness.poor"),
                help=say("glossary.target_poor", page_words.language()),
                format="localized",
            ),
            "reached": number(tell("planner.fairness.reached", unit=desk.noun), format="localized"),
            "coverage": number(tell("planner.fairness.coverage"), format="%.1f%%"),
            "of_poor": share(tell("planner.fairness.of_poor")),
            "of_budget": share(tell("planner.fairness.of_budget")),
        },
    )
    if table["hidden"].any():
        st.caption(tell("overview.hidden_note"))


def _totals(found: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield the three shares; each is left out where it would tell of fewer than five people."""
    for name, part, whole in (
        ("coverage", found["in_chosen"], found["target_poor"]),
        ("inclusion", found["people_not_poor"], found["people"]),
        ("exclusion", found["poor_left_out"], found["target_poor"]),
    ):
        few = any(0 < number < SMALLEST_SHOWN for number in (part, whole - part))
        told = "–" if not whole or few else f"{100 * part / whole:.0f}%"
        words = tell(f"planner.fairness.total.{name}")
        yield words, told, tell(f"planner.fairness.total_note.{name}")
