"""The reason card of one unit: status, reason, its points, its amphoe's room, rule by rule."""

from __future__ import annotations

from collections.abc import Hashable, Mapping

import pandas as pd
from markupsafe import Markup

from phaenthi.apps.maps import legends
from phaenthi.apps.screens import page_words
from phaenthi.apps.screens import show as st
from phaenthi.apps.screens.decisions import decisions
from phaenthi.apps.screens.decisions.desk import Desk
from phaenthi.apps.screens.page_words import tell
from phaenthi.apps.screens.plan_review import capacity, filters
from phaenthi.geo.texts import html, markdown
from phaenthi.targeting.judging.judge import sentence
from phaenthi.wording import say

MARKS = {"met": "✓", "not_met": "✕", "unknown": "?"}


def show_empty(desk: Desk) -> None:
    """Show where the card will stand."""
    with st.container(border=True, key="reason_card_empty"):
        st.markdown(markdown.bold(tell("planner.card.title", unit=desk.noun)))
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
            html.fill(
                '<div class="ph-card"><h3>{}</h3><div class="ph-where">{} · '
                '{}</div><div class="ph-status"><span '
                'style="color:{}">{}</span>{}</div><div '
                'class="ph-why">{}</div>{}{}{}</div>',
                str(unit["title"]),
                str(unit["where"]),
                told,
                look.colour,
                look.symbol,
                _status_words(unit, decided=desk.decided(code) is not None),
                str(unit[f"reason_{language}"]),
                capacity.bar_of(desk, unit),
                _findings(code, desk),
                _need(unit, desk),
            )
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


def _findings(code: str, desk: Desk) -> Markup:
    """Return what each rule found, as HTML."""
    table = desk.plan.findings
    found = table[table["unit_code"] == code]
    rows = []
    for finding in found.to_dict("records"):
        rule = desk.programme.rule_by_id(str(finding["rule"]))
        told = sentence(desk.programme, _as_judged(finding), page_words.language())
        verdict = str(finding["verdict"])
        title = say(f"verdict.{verdict}", page_words.language())
        mark = html.fill('<td class="ph-mark ph-{}" title="{}">', verdict, title)
        rows.append(
            html.fill(
                '<tr>{}{}</td><td>{}<div class="ph-clause">{} {}</div></td></tr>',
                mark,
                MARKS[verdict],
                told,
                rule.clause.document,
                rule.clause.item,
            )
        )
    if not rows:
        return Markup()
    head = tell("targeting.card.findings")
    return html.fill('<table><tr><th colspan="2">{}</th></tr>{}</table>', head, html.join(rows))


def _as_judged(finding: Mapping[Hashable, object]) -> dict[str, object]:
    """Return a finding as it was before its empty texts were read back from a file as missing."""
    texts = ("value", "limit", "repeats", "missing_lists", "missing_registers")
    empty = (*texts, "missing_sources", "missing_columns")
    return {
        str(name): "" if name in empty and pd.isna(value) else value  # type: ignore[call-overload]
        for name, value in finding.items()
    }


def _need(unit: pd.Series, desk: Desk) -> Markup:
    """Return where the need points come from, as HTML."""
    rule = desk.programme.need()
    if rule is None:
        return Markup()
    rows = []
    for part in rule.parts:
        points = int(unit[f"need_{part.id}"])
        count = points // part.weight if part.weight else 0
        rows.append(
            html.fill(
                '<tr><td>{}</td><td class="ph-number">{:,} × {}</td><td '
                'class="ph-number">{:,}</td></tr>',
                part.words.say(page_words.language()),
                count,
                part.weight,
                points,
            )
        )
    head = tell("targeting.card.need")
    total = html.fill('<th class="ph-number">{:,}</th>', int(unit["need"]))
    return html.fill(
        '<table><tr><th colspan="2">{}</th>{}</tr>{}</table>', head, total, html.join(rows)
    )
