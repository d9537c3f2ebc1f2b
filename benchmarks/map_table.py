"""What the maps took, as a table with their goals."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.map_measures import BOTH, Measures

MOST_MEGABYTES = 4.0
MOST_SECONDS_OF_A_CLICK = 0.5
MOST_SECONDS_TO_A_MAP = 3.0
MOST_SECONDS_FROM_NOTHING = 5.0
LEAST_RATIO_OF_FIRST_MAP = 5.0
LEAST_RATIO_OF_SENT = 30.0


@dataclass(frozen=True)
class Row:
    """A line of the table."""

    step: str
    plain: float | None
    ours: float
    unit: str
    counts: tuple[int, int]
    goals: tuple[tuple[str, bool], ...]

    def say(self) -> str:
        """Return the line as Markdown."""
        plain = "–" if self.plain is None else f"{self.plain:.2f} {self.unit} ({self.counts[0]})"
        ratio = "–" if self.plain is None else f"{self.plain / self.ours:.1f} ×"
        reached = "–"
        if self.goals:
            missed = [goal for goal, holds in self.goals if not holds]
            reached = f"**missed**: {'; '.join(missed)}" if missed else "reached"
        goals = "; ".join(goal for goal, _ in self.goals) or "–"
        return (
            f"| {self.step} | {plain} | {self.ours:.2f} {self.unit} ({self.counts[1]}) "
            f"| {ratio} | {goals} | {reached} |"
        )


def tell(measures: Measures) -> str:
    """Return the section: table, then how it was measured."""
    rows = [*_rows(measures), _row_of_defaults(measures), _row_from_nothing(measures)]
    lines = "\n".join(row.say() for row in rows)
    return f"""| step | plain page | ours | ratio | goal | reached |
|---|---:|---:|---:|---|---|
{lines}

Medians; in brackets how often each was measured, after one visit that does not count. The two
pages took turns in one headless Chromium without a graphics card, at 1366 × 768, every visit in a
window that holds nothing yet. {measures.country}

*First map* runs from asking for the page until anything is painted on the map, the server being
warm; *drill-down*, *reason card* and *click* from the press of the button until the page shows the
areas inside, the card beside the map, or the outline of what was clicked. *Sent* is what reaches
the browser until the page is at rest, without Streamlit's own scripts and fonts (4 to 5 MB, the
same for both, kept by the browser). Of *{BOTH}* ours counts after zooming in, which
fetches the tambons below the villages. *From nothing* runs from the start of the process
`phaenthi app` on the demo until its first page has a map; the server answered after
{statistics.median(measures.answered):.1f} s.

The plain page is `benchmarks/plain_map_page.py`, as a careful analyst writes it: `st_folium` with
simplified GeoJSON on a canvas and a `FastMarkerCluster` where all villages show. *Folium as it
comes* is a `folium.GeoJson` of the same areas and a `folium.CircleMarker` with a tooltip for each
village (its size from a thousand of them; a browser was not asked to open it).

What holds these back: Streamlit's own start in a new window, which no page of ours can shorten
(`st_folium` with nothing on its map took 1.5 s here, measured by hand), so that a first map of the
country can hardly come under 2 s, nor be five times as fast as a plain page of 7 s; and from
nothing, Python's imports of Streamlit, pandas and folium beside it.
"""


def _rows(measures: Measures) -> list[Row]:
    rows = []
    for step in dict.fromkeys(name for name, _ in measures.figures):
        ours, plain = measures.figures[step, "ours"], measures.figures[step, "plain"]
        one, other = statistics.median(ours), statistics.median(plain)
        unit = "MB" if step.startswith("sent") else "s"
        goals = _goals(step, one, other / one)
        rows.append(Row(step, other, one, unit, (len(plain), len(ours)), tuple(goals)))
    return rows


def _goals(step: str, ours: float, ratio: float) -> Sequence[tuple[str, bool]]:
    if step.startswith("sent"):
        return [(f"≤ {MOST_MEGABYTES:g} MB", ours <= MOST_MEGABYTES)]
    if not step.startswith("first map"):
        return [(f"≤ {MOST_SECONDS_OF_A_CLICK:g} s", ours <= MOST_SECONDS_OF_A_CLICK)]
    goals = [(f"≤ {MOST_SECONDS_TO_A_MAP:g} s", ours <= MOST_SECONDS_TO_A_MAP)]
    if step.endswith(BOTH):
        least = LEAST_RATIO_OF_FIRST_MAP
        goals.append((f"≥ {least:g} × faster", ratio >= least))
    return goals


def _row_of_defaults(measures: Measures) -> Row:
    sent = measures.figures[f"sent, {BOTH}", "ours"]
    ours, plain = statistics.median(sent), measures.megabytes_as_it_comes
    least = LEAST_RATIO_OF_SENT
    goal = (f"≥ {least:g} × less", plain / ours >= least)
    step = f"sent, {BOTH}: folium as it comes"
    return Row(step, plain, ours, "MB", (1, len(sent)), (goal,))


def _row_from_nothing(measures: Measures) -> Row:
    ours = statistics.median(measures.from_nothing)
    most = MOST_SECONDS_FROM_NOTHING
    count = len(measures.from_nothing)
    step = "from nothing to the first map of the demo"
    return Row(step, None, ours, "s", (0, count), ((f"≤ {most:g} s", ours <= most),))
