"""The reason card of one unit: status, reason, its points, its amphoe's room, rule by rule."""

from __future__ import annotations

import html
from collections.abc import Hashable, Mapping

import pandas as pd
import streamlit as st

from phaenthi.apps.maps import legends
from phaenthi.apps.screens import page_words
from phaenthi.apps.screens.decisions import decisions
from phaenthi.apps.screens.decisions.desk import Desk
from phaenthi.apps.screens.page_words import tell
from phaenthi.apps.screens.plan_review import capacity, filters
from phaenthi.targeting.judging.judge import sentence
from phaenthi.wording import say

MARKS = {"met": "✓", "not_met": "✕", "unknown": "?"}


def show_empty(desk: Desk) -> None:
    """Show where the card will stand."""
    with st.container(border=True, key="reason_card_empty"):
        st.markdown(f"**{tell('planner.card.title', unit=desk.noun)}**")
        st.caption(tell("planner.card.empty", unit=desk.noun))
        st.caption(tell("planner.card.lasso", unit=desk.noun))


def show_card(unit: pd.Series, desk: Desk) -> None:
    """Show why a unit is what it is, and let people decide otherwise.

    Parameters
    ----------
    unit
        A row of ``desk.units``.
    """
    language = page_words.language()
    code = str(unit["unit_code"])
    status = str(unit["status"])
    look = legends.STATUS_LOOKS[status]
    told = tell("planner.card.code", unit=desk.noun, code=code)
    with st.container(border=True, key="reason_card"):
        st.html(
            '<div class="ph-card">'
            f"<h3>{html.escape(str(unit['title']))}</h3>"
            f'<div class="ph-where">{html.escape(str(unit["where"]))} · {html.escape(told)}</div>'
            f'<div class="ph-status"><span style="color:{look.colour}">{look.symbol}</span>'
            f"{html.escape(_status_words(unit, decided=desk.decided(code) is not None))}</div>"
            f'<div class="ph-why">{html.escape(str(unit[f"reason_{language}"]))}</div>'
            f"{capacity.bar_of(desk, unit)}"
            f"{_findings(code, desk)}{_need(unit, desk)}"
            "</div>"
        )
    decisions.show_steps(desk, unit)
    st.button(
        tell("targeting.card.clear"),
        icon=":material/close:",
        type="tertiary",
        key="card_clear",
        on_click=filters.select,
        args=(None,),
    )


def _status_words(unit: pd.Series, *, decided: bool) -> str:
    status = str(unit["status"])
    told = [tell(f"status.{status}")]
    if status in ("chosen", "reserve") and not pd.isna(unit["place"]):
        told.append(tell(f"targeting.card.place_{status}", place=int(unit["place"])))
    if decided:
        told.append(tell("decision.made"))
    return " · ".join(told)


def _findings(code: str, desk: Desk) -> str:
    """Return what each rule found, as HTML."""
    table = desk.plan.findings
    found = table[table["unit_code"] == code]
    rows = []
    for finding in found.to_dict("records"):
        rule = desk.programme.rule_by_id(str(finding["rule"]))
        told = sentence(desk.programme, _as_judged(finding), page_words.language())
        verdict = str(finding["verdict"])
        title = html.escape(say(f"verdict.{verdict}", page_words.language()))
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
    texts = ("value", "limit", "repeats", "missing_lists", "missing_registers")
    empty = (*texts, "missing_sources", "missing_columns")
    return {
        str(name): "" if name in empty and pd.isna(value) else value  # type: ignore[call-overload]
        for name, value in finding.items()
    }


def _need(unit: pd.Series, desk: Desk) -> str:
    """Return where the need points come from, as HTML."""
    rule = desk.programme.need()
    if rule is None:
        return ""
    rows = []
    for part in rule.parts:
        points = int(unit[f"need_{part.id}"])
        count = points // part.weight if part.weight else 0
        rows.append(
            f"<tr><td>{html.escape(part.words.say(page_words.language()))}</td>"
            f'<td class="ph-number">{count:,} × {part.weight}</td>'
            f'<td class="ph-number">{points:,}</td></tr>'
        )
    head = html.escape(tell("targeting.card.need"))
    total = f'<th class="ph-number">{int(unit["need"]):,}</th>'
    return f'<table><tr><th colspan="2">{head}</th>{total}</tr>{"".join(rows)}</table>'
