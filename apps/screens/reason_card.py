"""The reason card of one village: status, reason, where its points come from, rule by rule."""

from __future__ import annotations

import html
from collections.abc import Hashable, Mapping

import pandas as pd
import streamlit as st

from apps import legends
from apps.screens import decisions, parts
from apps.screens.decisions import Desk
from apps.screens.parts import tell
from targeting.eligibility import sentence
from targeting.plan import Plan
from targeting.programme import Programme
from wording import say

MARKS = {"met": "✓", "not_met": "✕", "unknown": "?"}


def show_empty() -> None:
    """Show where the card will stand."""
    with st.container(border=True, key="reason_card_empty"):
        st.markdown(f"**{tell('targeting.card.title')}**")
        st.caption(f"{tell('targeting.card.empty')} · {tell('map.hint')}")


def show_card(village: pd.Series, desk: Desk) -> None:
    """Show why a village is what it is, and let people decide otherwise.

    Parameters
    ----------
    village
        A row of the plan's units with ``title`` and ``where``.
    desk
        The plan that lies on the table.
    """
    language = parts.language()
    code = str(village["village_code"])
    status = str(village["status"])
    look = legends.STATUS_LOOKS[status]
    with st.container(border=True, key="reason_card"):
        st.html(
            '<div class="ph-card">'
            f"<h3>{html.escape(str(village['title']))}</h3>"
            f'<div class="ph-where">{html.escape(str(village["where"]))} · '
            f"{html.escape(tell('village.code', code=code))}</div>"
            f'<div class="ph-status"><span style="color:{look.colour}">{look.symbol}</span>'
            f"{html.escape(_status_words(village, decided=desk.decided(code) is not None))}</div>"
            f'<div class="ph-why">{html.escape(str(village[f"reason_{language}"]))}</div>'
            f"{_findings(code, desk.plan, desk.programme)}{_need(village, desk.programme)}"
            "</div>"
        )
    decisions.show_steps(desk, village)
    if st.button(tell("targeting.card.clear"), icon=":material/close:", type="tertiary"):
        st.session_state["village"] = None
        st.session_state["village_by_map"] = None
        st.rerun()


def _status_words(village: pd.Series, *, decided: bool) -> str:
    status = str(village["status"])
    told = [tell(f"status.{status}")]
    if status in ("chosen", "reserve") and not pd.isna(village["place"]):
        told.append(tell(f"targeting.card.place_{status}", place=int(village["place"])))
    if decided:
        told.append(tell("decision.made"))
    return " · ".join(told)


def _findings(code: str, plan: Plan, programme: Programme) -> str:
    """Return what each rule found, as HTML."""
    found = plan.findings[plan.findings["village_code"] == code]
    rows = []
    for finding in found.to_dict("records"):
        rule = programme.rule_by_id(str(finding["rule"]))
        told = sentence(programme, _as_judged(finding), parts.language())
        verdict = str(finding["verdict"])
        title = html.escape(say(f"verdict.{verdict}", parts.language()))
        mark = f'<td class="ph-mark ph-{verdict}" title="{title}">'
        rows.append(
            f"<tr>{mark}{MARKS[verdict]}</td><td>{html.escape(told)}"
            f'<div class="ph-clause">{html.escape(rule.clause.document)} '
            f"{html.escape(rule.clause.item)}</div></td></tr>"
        )
    if not rows:
        return ""
    head = html.escape(tell("targeting.card.findings"))
    return f'<table><tr><th colspan="2">{head}</th></tr>{"".join(rows)}</table>'


def _as_judged(finding: Mapping[Hashable, object]) -> dict[str, object]:
    """Return a finding as it was before its empty texts were read back from a file as missing."""
    lists = ("repeats", "missing_lists", "missing_registers", "missing_sources")
    return {
        str(name): "" if name in lists and pd.isna(value) else value  # type: ignore[call-overload]
        for name, value in finding.items()
    }


def _need(village: pd.Series, programme: Programme) -> str:
    """Return where the need points come from, as HTML."""
    rule = programme.need()
    if rule is None:
        return ""
    rows = []
    for part in rule.parts:
        points = int(village[f"need_{part.id}"])
        count = points // part.weight if part.weight else 0
        rows.append(
            f"<tr><td>{html.escape(part.words.say(parts.language()))}</td>"
            f'<td class="ph-number">{count:,} × {part.weight}</td>'
            f'<td class="ph-number">{points:,}</td></tr>'
        )
    head = html.escape(tell("targeting.card.need"))
    total = f'<th class="ph-number">{int(village["need"]):,}</th>'
    return f'<table><tr><th colspan="2">{head}</th>{total}</tr>{"".join(rows)}</table>'
