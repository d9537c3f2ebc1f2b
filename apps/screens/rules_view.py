"""The rules of a programme as cards: words, clause, force, who says so, and readings to pick."""

from __future__ import annotations

import html

import streamlit as st

from apps.screens import parts
from apps.screens.parts import tell
from targeting.plan import Plan
from targeting.programme import Programme
from targeting.rules import MembersRule, NeedRule, OrderRule, Rule
from wording import say


def show_rules(programme: Programme, plan: Plan | None) -> dict[str, str]:
    """Show every rule and return the readings that the planner picked.

    Parameters
    ----------
    programme
        With the readings of its pack.
    plan
        The plan on the page, whose readings are where one goes on from; with one the rules
        fold away, because the planner has seen them.

    Returns
    -------
    dict of str to str
        Reading by rule id, for the rules that the text leaves open.
    """
    title = tell("targeting.rules_title", count=len(programme.rules))
    before = dict(programme.readings) | (dict(plan.readings) if plan is not None else {})
    readings: dict[str, str] = {}
    st.html('<div id="rules"></div>')
    with st.expander(title, expanded=plan is None, icon=":material/gavel:"):
        st.write(tell("targeting.rules_lead"))
        for short, words in programme.document.items():
            st.caption(f"**{short}** = {words.say(parts.language())}")
        for number, rule in enumerate(programme.rules, start=1):
            with st.container(border=True, gap="small"):
                show_rule(rule, number)
                if rule.reading is not None:
                    readings[rule.id] = ask_reading(rule, before[rule.id])
    return readings


def show_rule(rule: Rule, number: int) -> None:
    """Show one rule."""
    language = parts.language()
    tags = [
        (f"ph-tag-{rule.force}", say(f"force.{rule.force}", language)),
        (f"ph-tag-{rule.origin}", say(f"origin.{rule.origin}", language)),
    ]
    shown = "".join(
        f'<span class="ph-tag {kind}">{html.escape(word)}</span>' for kind, word in tags
    )
    clause = rule.clause
    reference = f"{clause.document} · {clause.heading.say(language)} · {clause.item}"
    source = tell("targeting.clause")
    inner = [
        f'<div class="ph-rule"><b>{number}. {html.escape(rule.words.say(language))}</b></div>',
        f'<div class="ph-tags">{shown}</div>',
        _details(rule),
        *(
            f'<div class="ph-clause">{html.escape(remark.say(language))}</div>'
            for remark in rule.remarks
        ),
        f'<div class="ph-clause">{html.escape(f"{source}: {reference}")}</div>',
    ]
    st.html("".join(inner))


def _details(rule: Rule) -> str:
    """Return the numbered content of a rule that has any, as HTML."""
    language = parts.language()
    match rule:
        case MembersRule():
            lines = [tier.words.say(language) for tier in rule.tiers]
        case NeedRule():
            lines = [f"{part.words.say(language)} × {part.weight}" for part in rule.parts]
        case OrderRule():
            lines = [f"{s.words.say(language)} – {s.by.say(language)}" for s in rule.steps]
        case _:
            return ""
    items = "".join(f"<li>{html.escape(line)}</li>" for line in lines)
    return f'<ol class="ph-list">{items}</ol>'


def ask_reading(rule: Rule, before: str) -> str:
    """Ask which of the meanings that the text allows is to hold."""
    choices = list(rule.readings)
    picked = st.radio(
        tell("targeting.readings"),
        choices,
        index=choices.index(parts.recall(f"reading_{rule.id}", choices, before)),
        format_func=lambda name: rule.readings[name].say(parts.language()),
        help=tell("targeting.reading_help"),
        key=parts.widget_key(f"reading_{rule.id}"),
    )
    return parts.keep(f"reading_{rule.id}", picked or before)
