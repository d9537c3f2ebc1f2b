"""Where people decide otherwise than the system proposes: for a reason, at a price."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import pandas as pd

from phaenthi.apps.screens import page_words
from phaenthi.apps.screens import show as st
from phaenthi.apps.screens.decisions import drafts, waiting
from phaenthi.apps.screens.decisions.desk import Desk
from phaenthi.apps.screens.decisions.drafts import Change
from phaenthi.apps.screens.decisions.telling import telling
from phaenthi.apps.screens.page_words import tell
from phaenthi.geo.texts import markdown
from phaenthi.targeting.plan.explain import say_shortage
from phaenthi.targeting.plan.record import Override, Plan

Kind = Literal["in", "out", "swap", "withdrawn"]
# What may be decided about a unit, by its status, while nobody has decided yet.
OPEN_STEPS: dict[str, tuple[Kind, ...]] = {
    "chosen": ("swap", "out", "in"),
    "reserve": ("swap", "in", "out"),
    "eligible": ("swap", "in", "out"),
    "unknown": ("in",),
    "excluded": (),
}
ICONS = {
    "in": ":material/add_task:",
    "held": ":material/lock:",
    "out": ":material/block:",
    "swap": ":material/swap_horiz:",
    "withdrawn": ":material/undo:",
}
LONGEST_REASON = 300
MOST_PARTNERS = 400
# Tells the work on the price of a step from other work of the page.
PRICE = "decision"


def show_steps(desk: Desk, unit: pd.Series) -> None:
    """Show the buttons that decide about one unit, or withdraw what was decided."""
    code, status = str(unit["unit_code"]), str(unit["status"])
    if desk.plan.result(desk.province).shortage is not None:
        return
    steps: tuple[Kind, ...] = ("withdrawn",) if desk.decided(code) else OPEN_STEPS[status]
    if not steps:
        st.caption(tell("decision.not_open"))
        return
    with st.container(horizontal=True, gap="xsmall", key="decisions"):
        for step in steps:
            st.button(
                tell(f"planner.decision.{_words(step, status)}", unit=desk.noun),
                icon=ICONS["held" if step == "in" and status == "chosen" else step],
                key=f"decide_{step}",
                on_click=begin,
                args=(step, (code,)),
            )


def _words(step: Kind, status: str) -> str:
    """Name a button by what it does to a unit of a status."""
    if step == "swap":
        return "swap_out" if status == "chosen" else "swap_in"
    return "held" if step == "in" and status == "chosen" else step


def begin(kind: Kind, codes: Sequence[str]) -> None:
    """Begin to decide about units; the window opens with this run."""
    st.session_state["deciding"] = (kind, tuple(codes))


def _end() -> None:
    st.session_state.pop("deciding", None)
    waiting.drop(PRICE)


def show_question(desk: Desk) -> None:
    """Show the window that tells the price of a step and asks for the reason, if one was begun."""
    kind, codes = st.session_state.get("deciding", ("", ()))
    if not codes:
        return
    titles = desk.titles
    # The reader may have gone over to another plan meanwhile.
    codes = tuple(code for code in codes if code in titles)
    wanted = kind == "withdrawn"
    if not codes or any((desk.decided(code) is not None) != wanted for code in codes):
        _end()
        return
    title = tell(f"planner.decision.ask_{kind}", unit=desk.noun, count=len(codes))
    st.dialog(title, on_dismiss=_end)(_tell_question)(desk, kind, codes)


def _tell_question(desk: Desk, kind: Kind, codes: tuple[str, ...]) -> None:
    with telling():
        _show_question(desk, kind, codes)


def _show_question(desk: Desk, kind: Kind, codes: tuple[str, ...]) -> None:
    if "deciding" not in st.session_state:
        # The work was ended by its button.
        st.rerun()
    st.markdown(markdown.bold(desk.say_units(codes)))
    partner = ask_partner(desk, codes[0]) if kind == "swap" else None
    if kind == "swap" and partner is None:
        return
    asked = _overrides(desk, kind, codes, partner)
    # The price of another partner must not be read as the price of this one.
    with st.container(border=True, key="decision_price"):
        place = waiting.thinking()
        tried = desk.work_out(asked, PRICE)
        change = drafts.compare(desk.as_of_now(), tried, desk.province)
        with place.container(gap="small"):
            show_price(desk, change)
    if change.shortage is not None:
        return
    if kind == "withdrawn":
        if st.button(tell("decision.confirm_undo"), type="primary", key="decision_confirm"):
            _carry_out(desk, tried, kind, codes)
        return
    _ask_reason(desk, kind, codes, partner)


def _overrides(
    desk: Desk,
    kind: Kind,
    codes: Sequence[str],
    partner: str | None,
    reason: str = "-",
    decided_by: str = "-",
) -> tuple[Override, ...]:
    """Return all decisions as they would be after this one."""
    others = desk.without([*codes, *([partner] if partner else [])])
    if kind == "withdrawn":
        return others
    made = [
        Override(code, "in" if goes_in else "out", reason, decided_by)
        for code, goes_in in _sides(desk, kind, codes, partner)
    ]
    return (*others, *made)


def _sides(
    desk: Desk, kind: Kind, codes: Sequence[str], partner: str | None
) -> list[tuple[str, bool]]:
    """Return each unit decided about and whether it goes in."""
    if kind == "swap" and partner is not None:
        leaves = codes[0] in desk.plan.result(desk.province).chosen
        return [(codes[0], not leaves), (partner, leaves)]
    return [(code, kind == "in") for code in codes]


def ask_partner(desk: Desk, code: str) -> str | None:
    """Ask which unit takes the place of one that leaves, or makes room for one that comes."""
    unit = desk.unit(code)
    if unit is None:
        return None
    leaves = unit["status"] == "chosen"
    wanted = ("reserve", "eligible", "unknown") if leaves else ("chosen",)
    decided = {one.unit_code for one in desk.plan.overrides}
    found = desk.units[desk.units["status"].isin(wanted) & ~desk.units["unit_code"].isin(decided)]
    first = str(unit["replaces"]).split() if not pd.isna(unit["replaces"]) else []
    near = found["amphoe_code"] == unit["amphoe_code"]
    found = found.assign(first=found["unit_code"].isin(first), near=near)
    found = found.sort_values(
        ["first", "order", "near", "need"], ascending=[False, True, False, False]
    )
    found = found.head(MOST_PARTNERS)
    lines = {
        str(row["unit_code"]): tell(
            "planner.decision.partner_line",
            title=row["title"],
            where=row["where"],
            status=tell(f"status_short.{row['status']}"),
            need=f"{int(row['need']):,}",
        )
        for row in found.to_dict("records")
    }
    if not lines:
        st.info(tell("planner.decision.no_partner", unit=desk.noun))
        return None
    side = "out" if leaves else "in"
    return st.selectbox(
        tell(f"planner.decision.partner_{side}", unit=desk.noun),
        list(lines),
        format_func=lines.__getitem__,
        help=tell("planner.decision.partner_help"),
        key="swap_partner",
    )


def _ask_reason(desk: Desk, kind: Kind, codes: tuple[str, ...], partner: str | None) -> None:
    with st.form("decision", border=False):
        words, decided_by = ask_words("decision", tell("decision.reason_example"))
        sent = st.form_submit_button(tell("decision.save"), type="primary")
    if not sent:
        return
    if not words or not decided_by:
        st.error(tell("decision.incomplete"), icon=":material/error:")
        return
    st.session_state["decided_by"] = decided_by
    asked = _overrides(desk, kind, codes, partner, words, decided_by)
    made = desk.work_out(asked)
    told = (*codes, partner) if partner else codes
    _carry_out(desk, made, kind, told, words, decided_by)


def ask_words(key: str, example: str) -> tuple[str, str]:
    """Ask inside a form for the reason of a decision and for who decided; empty until given."""
    reason = st.text_area(
        tell("decision.reason"),
        placeholder=example,
        max_chars=LONGEST_REASON,
        key=f"{key}_reason",
    )
    decided_by = st.text_input(
        tell("decision.decided_by"),
        value=st.session_state.get("decided_by", ""),
        placeholder=tell("decision.decided_by_example"),
        help=tell("decision.decided_by_help"),
        key=f"{key}_decided_by",
    )
    return " ".join(reason.split()), " ".join(decided_by.split())


def _carry_out(
    desk: Desk,
    made: Plan,
    kind: Kind,
    codes: Sequence[str],
    reason: str = "",
    decided_by: str = "",
) -> None:
    drafts.keep(desk.workspace, made, kind, codes=codes, reason=reason, decided_by=decided_by)
    _end()
    st.session_state["told_next"] = tell("planner.decision.saved")
    st.rerun()


# -- the price -------------------------------------------------------------------------------------


def show_price(desk: Desk, change: Change) -> None:
    """Show what a step changes: total need, who comes in, who goes out."""
    if change.shortage is not None:
        st.error(
            f"{tell('decision.impossible')} {say_shortage(change.shortage, page_words.language())}",
            icon=":material/block:",
        )
        return
    st.markdown(markdown.bold(say_points(change)))
    if change.entering:
        villages = desk.say_units(change.entering)
        st.write(tell("decision.entering", villages=villages))
    if change.leaving:
        villages = desk.say_units(change.leaving)
        st.write(tell("decision.leaving", villages=villages))
    if not change.entering and not change.leaving:
        st.write(tell("planner.decision.same_units", unit=desk.noun))


def say_points(change: Change) -> str:
    """Say what a change does to the total need."""
    kind = "loss" if change.points < 0 else "gain" if change.points > 0 else "same"
    return tell(
        f"decision.{kind}",
        points=f"{abs(change.points):,}",
        before=f"{change.before:,}",
        after=f"{change.after:,}",
    )
