"""How much room each area still has: units chosen of those allowed, and who else could come in."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass

import pandas as pd
from markupsafe import Markup

from phaenthi.apps.screens import kept_choices, page_words
from phaenthi.apps.screens import show as st
from phaenthi.apps.screens.decisions.desk import Desk
from phaenthi.apps.screens.page_words import tell
from phaenthi.apps.screens.plan_review import filters
from phaenthi.geo.places.codes import Level
from phaenthi.geo.places.gazetteer import exists, name_of
from phaenthi.geo.texts import html
from phaenthi.targeting.limits import pose
from phaenthi.targeting.limits.problem import Count
from phaenthi.wording import say


@dataclass(frozen=True)
class Room:
    """The room of one area.

    Attributes
    ----------
    most
        How many units may be chosen; None where no rule says so.
    least
        How many have to be, where the area takes part.
    eligible, unknown
        Units that could come in, and those of which it is not known yet.
    decided
        Units about which people decided.
    """

    code: str
    chosen: int
    most: int | None
    least: int
    eligible: int
    unknown: int
    decided: int


def rooms_of(desk: Desk) -> list[Room]:
    """Return the room of every amphoe of the province, by code."""
    return _rooms(desk.plan.id, desk.workspace.address, desk.province, desk)


@st.cache_data(show_spinner=False, max_entries=24)
def _rooms(plan_id: str, folder: str, province: str, _desk: Desk) -> list[Room]:
    del plan_id, folder, province
    desk = _desk
    most, least = _limits(desk)
    units = desk.units.assign(amphoe_code=desk.units["amphoe_code"].astype("string").fillna(""))
    counts = pd.crosstab(units["amphoe_code"], units["status"])
    decided = {one.unit_code for one in desk.plan.overrides}
    by_people = units[units["unit_code"].isin(decided)].groupby("amphoe_code").size()

    def count(row: Mapping[Hashable, int], *statuses: str) -> int:
        return sum(int(row.get(status, 0)) for status in statuses)

    return [
        Room(
            str(code),
            count(row, "chosen"),
            most.get(str(code)),
            least.get(str(code), 0),
            count(row, "reserve", "eligible"),
            count(row, "unknown"),
            int(by_people.get(code, 0)),
        )
        for code, row in counts.to_dict("index").items()
    ]


def _limits(desk: Desk) -> tuple[dict[str, int], dict[str, int]]:
    """Return the most and the least that the rules allow in each amphoe."""
    programme = desk.programme
    problem = pose.pose(programme, desk.plan.units, [desk.province])
    most: dict[str, int] = {}
    least: dict[str, int] = {}
    for limit in problem.limits:
        if not isinstance(limit, Count) or limit.group.column != Level.AMPHOE.column:
            continue
        code = limit.group.value
        if limit.most is not None:
            most[code] = min(most.get(code, limit.most), limit.most)
        least[code] = max(least.get(code, 0), limit.least)
    return most, least


def bar_of(desk: Desk, unit: pd.Series) -> Markup:
    """Return the room of a unit's amphoe as a bar in HTML; empty where no rule limits it."""
    code = unit["amphoe_code"]
    room = next((one for one in rooms_of(desk) if one.code == code), None)
    if room is None or room.most is None:
        return Markup()
    told = tell(
        "planner.room.line",
        amphoe=_name(room.code),
        chosen=room.chosen,
        most=room.most,
        eligible=f"{room.eligible:,}",
    )
    return html.fill('<div class="ph-room">{}<span>{}</span></div>', _bar(room), told)


def _bar(room: Room) -> Markup:
    most = room.most or max(room.chosen, 1)
    share = min(100, round(100 * room.chosen / most)) if most else 100
    full = " ph-full" if room.most is not None and room.chosen >= room.most else ""
    label = f"{room.chosen}/{room.most if room.most is not None else '–'}"
    return html.fill(
        '<span class="ph-bar{}" role="img" aria-label="{}"><i style="width:{}%"></i></span>',
        full,
        label,
        share,
    )


def _name(code: str) -> str:
    return name_of(code, page_words.language()) if exists(code) else (code or "–")


def show(desk: Desk) -> None:
    """Show every amphoe with its bar; one can be looked at on the map."""
    rooms = rooms_of(desk)
    full = sum(room.most is not None and room.chosen >= room.most for room in rooms)
    used = sum(room.chosen > 0 for room in rooms)
    st.markdown(tell("planner.room.lead", count=len(rooms), used=used, full=full, unit=desk.noun))
    heads = html.join(
        html.fill('<th title="{}">{}</th>', title, words)
        for words, title in (
            (tell("targeting.table.amphoe"), ""),
            (tell("planner.room.used"), say("glossary.cap", page_words.language())),
            (tell("planner.room.eligible"), ""),
            (tell("planner.room.unknown"), ""),
            (tell("planner.room.decided"), ""),
        )
    )
    rows = html.join(_row(room) for room in rooms)
    st.html(html.fill('<table class="ph-rooms"><tr>{}</tr>{}</table>', heads, rows))
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        picked = st.selectbox(
            tell("planner.room.look"),
            [room.code for room in rooms],
            index=None,
            format_func=_name,
            placeholder=tell("planner.room.look_example"),
            key=kept_choices.widget_key("room_amphoe"),
            width=260,
        )
        st.button(
            tell("planner.room.on_map"),
            icon=":material/map:",
            key="room_on_map",
            disabled=picked is None,
            on_click=_look,
            args=(picked or filters.EVERYWHERE,),
        )


def _look(code: str) -> None:
    kept_choices.keep("amphoe", code)
    kept_choices.keep("review", "map")


def _row(room: Room) -> Markup:
    most = "–" if room.most is None else f"{room.most:,}"
    state = Markup()
    if room.most is not None and room.chosen >= room.most:
        state = html.fill(' <span class="ph-tag">{}</span>', tell("planner.room.full"))
    elif room.chosen < room.least:
        state = html.fill(' <span class="ph-tag">{}</span>', tell("planner.room.short"))
    used = html.fill("{}<span>{:,} / {}</span>{}", _bar(room), room.chosen, most, state)
    return html.fill(
        '<tr><td>{}</td><td><div class="ph-room">{}</div></td><td '
        'class="ph-number">{:,}</td><td class="ph-number">{:,}</td><td '
        'class="ph-number">{}</td></tr>',
        _name(room.code),
        used,
        room.eligible,
        room.unknown,
        room.decided or "–",
    )
