"""What of a plan is shown on the map and in the table: by status, amphoe, rule; and one by name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pandas as pd

from phaenthi.apps.maps.legends import STATUS_LOOKS
from phaenthi.apps.screens import kept_choices, page_words
from phaenthi.apps.screens import show as st
from phaenthi.apps.screens.decisions.desk import Desk
from phaenthi.apps.screens.page_words import tell
from phaenthi.geo.places.gazetteer import exists, name_of
from phaenthi.geo.texts import markdown

EVERYWHERE = ""
EVERY_RULE = ""
# Names of Streamlit's colours, which the theme sets to those of the map.
STATUS_COLOURS = {
    "chosen": "blue",
    "reserve": "orange",
    "eligible": "green",
    "unknown": "violet",
    "excluded": "gray",
}


@dataclass(frozen=True)
class Filtered:
    """What passes the filters.

    Attributes
    ----------
    amphoe
        Code of the amphoe chosen, or ``EVERYWHERE``.
    """

    units: pd.DataFrame
    amphoe: str


def ask(desk: Desk) -> Filtered:
    """Show the filters, of which the statuses are also the legend."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="filters"):
        statuses = _ask_statuses(desk.units)
        amphoe = _ask_amphoe(desk.units)
        rule = _ask_rule(desk)
    shown = desk.units[desk.units["status"].isin(statuses)]
    if amphoe:
        shown = shown[shown["amphoe_code"] == amphoe]
    if rule:
        findings = desk.plan.findings
        open_ = findings[(findings["rule"] == rule) & (findings["verdict"] != "met")]
        shown = shown[shown["unit_code"].isin(open_["unit_code"])]
    return Filtered(shown, amphoe)


def _ask_statuses(units: pd.DataFrame) -> list[str]:
    counts = units["status"].value_counts()
    statuses = [status for status in STATUS_LOOKS if counts.get(status, 0)]
    key = kept_choices.widget_key("statuses")
    kept = st.session_state.get("kept_statuses", statuses)
    st.session_state[key] = [status for status in statuses if status in kept]

    def take() -> None:
        hidden = [status for status in STATUS_LOOKS if status not in st.session_state[key]]
        st.session_state["kept_statuses"] = [one for one in STATUS_LOOKS if one not in hidden]

    wanted = st.pills(
        tell("targeting.filter.status"),
        statuses,
        selection_mode="multi",
        format_func=lambda status: markdown.fill(
            f":{STATUS_COLOURS[status]}[{STATUS_LOOKS[status].symbol}] {{}} {{}}",
            tell(f"status_short.{status}"),
            f"{counts[status]:,}",
        ),
        wrap=True,
        key=key,
        on_change=take,
        label_visibility="collapsed",
    )
    return list(wanted)


def _ask_amphoe(units: pd.DataFrame) -> str:
    codes = [EVERYWHERE, *sorted(str(code) for code in units["amphoe_code"].dropna().unique())]

    def say_amphoe(code: str) -> str:
        if not code:
            return tell("targeting.filter.all_amphoe")
        return name_of(code, page_words.language()) if exists(code) else code

    return pick_one(tell("targeting.filter.amphoe"), codes, "amphoe", say_amphoe, 160)


def _ask_rule(desk: Desk) -> str:
    """Ask for one rule, to see only the units that it keeps out or leaves open."""
    findings = desk.plan.findings
    counts = findings[findings["verdict"] != "met"].groupby("rule").size()
    rules = [rule for rule in desk.programme.rules if counts.get(rule.id, 0)]
    if not rules:
        return EVERY_RULE
    numbers = {rule.id: n for n, rule in enumerate(desk.programme.rules, start=1)}
    words = {rule.id: rule.words.say(page_words.language()) for rule in rules}

    def say_rule(rule: str) -> str:
        if not rule:
            return tell("planner.filter.every_rule")
        count = f"{int(counts[rule]):,}"
        return tell("planner.filter.rule", number=numbers[rule], count=count, words=words[rule])

    options = [EVERY_RULE, *words]
    return pick_one(tell("planner.filter.rule_label"), options, "rule", say_rule, 230)


def pick_one(
    label: str, options: Sequence[str], name: str, say_option: Callable[[str], str], width: int
) -> str:
    """Show a small box of options; what is kept under a name rules, whoever kept it."""
    _, key, take = kept_choices.remembered(name, options)
    found = st.selectbox(
        label,
        options,
        format_func=say_option,
        key=key,
        width=width,
        label_visibility="collapsed",
        on_change=take,
    )
    return found or options[0]


def ask_unit(desk: Desk) -> None:
    """Show the box that finds a unit by its name or code, whatever the filters."""
    units = desk.units
    lines = {
        str(code): f"{title} {where} {code}"
        for code, title, where in zip(
            units["unit_code"], units["title"], units["where"], strict=True
        )
    }
    key = kept_choices.widget_key("find")
    chosen = st.session_state.get("village")
    st.session_state[key] = chosen if chosen in lines else None

    def take() -> None:
        select(st.session_state[key])

    st.selectbox(
        tell("targeting.filter.find"),
        sorted(lines),
        index=None,
        format_func=lines.__getitem__,
        placeholder=tell("planner.filter.find_example", unit=desk.noun),
        key=key,
        label_visibility="collapsed",
        on_change=take,
    )


def select(code: str | None) -> None:
    """Make a unit the one that the page shows, from anywhere but the table."""
    st.session_state["village"] = code
    st.session_state["village_by_map"] = code
