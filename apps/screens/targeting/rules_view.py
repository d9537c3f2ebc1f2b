"""The rules of a programme as cards: words, clause, force, who says so, and readings to pick."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

from phaenthi.apps.screens import furniture, kept_choices, page_words
from phaenthi.apps.screens import show as st
from phaenthi.apps.screens.page_words import tell
from phaenthi.geo.texts import html, markdown
from phaenthi.targeting.plan.record import Plan
from phaenthi.targeting.programme.programme import Programme
from phaenthi.targeting.rules.rule import MembersRule, NeedRule, OrderRule, Rule
from phaenthi.wording import say

# The order in which a planner asks: where and how many, which, who inside, which first, how then.
GROUPS: Mapping[str, tuple[str, ...]] = {
    "where": ("scope", "allotment", "exactly_areas", "cap", "at_least", "share", "distinct"),
    "which": (
        *("requires", "no_overlap", "may_overlap", "tiers", "justify", "lock", "bands", "flag"),
    ),
    "who": ("definition", "members"),
    "first": ("need",),
    "then": ("budget", "near", "order"),
}
OPEN_ONLY = "kept_open_rules_only"


def readings_of(programme: Programme, plan: Plan | None) -> dict[str, str]:
    """Return the readings of this session: those picked, else the plan's, else the pack's own."""
    known = {rule.id: rule.readings for rule in programme.rules if rule.readings}
    held = programme.readings | (dict(plan.readings) if plan is not None else {})
    picked = st.session_state.get("kept_readings")
    if picked is not None:
        pairs = (part.partition("=") for part in str(picked).split(","))
        held = programme.readings | {rule: reading for rule, _, reading in pairs}
    return {rule: held[rule] for rule in known if held.get(rule) in known[rule]} | {
        rule: programme.readings[rule] for rule in known if held.get(rule) not in known[rule]
    }


def _keep(programme: Programme, readings: Mapping[str, str]) -> None:
    """Keep the readings that are not the pack's own, as the address shows them."""
    own = programme.readings
    changed = {rule: one for rule, one in readings.items() if one != own[rule]}
    st.session_state["kept_readings"] = ",".join(f"{rule}={one}" for rule, one in changed.items())


def show_rules(programme: Programme, readings: Mapping[str, str]) -> dict[str, str]:
    """Show every rule and return the readings that the planner picked.

    Parameters
    ----------
    programme
        With the readings of its pack.
    readings
        Those of this session.

    Returns
    -------
    dict of str to str
        Reading by rule id, for the rules that the text leaves open.
    """
    open_rules = [rule for rule in programme.rules if rule.readings]
    only = bool(open_rules) and st.toggle(
        tell("planner.rules.open_only", count=len(open_rules)),
        value=bool(st.session_state.get(OPEN_ONLY)),
        key=kept_choices.widget_key("open_rules_only"),
    )
    st.session_state[OPEN_ONLY] = only
    for short, words in programme.document.items():
        st.caption(markdown.fill("**{}** = {}", short, words.say(page_words.language())))
    picked = dict(readings)
    numbers = {rule.id: number for number, rule in enumerate(programme.rules, start=1)}
    for group, kinds in GROUPS.items():
        rules = [r for r in programme.rules if r.kind in kinds and (r.readings or not only)]
        if not rules:
            continue
        st.markdown(markdown.fill("##### {}", tell(f"planner.rules.group.{group}")))
        for rule, column in zip(rules, furniture.cells(2, gap="small"), strict=False):
            with column, st.container(border=True, gap="small"):
                show_rule(rule, numbers[rule.id])
                if rule.readings:
                    picked[rule.id] = ask_reading(programme, rule, picked)
    return picked


def show_rule(rule: Rule, number: int) -> None:
    """Show one rule."""
    language = page_words.language()
    tags = [
        (f"ph-tag-{rule.force}", f"force.{rule.force}", f"glossary.force_{rule.force}"),
        (f"ph-tag-{rule.origin}", f"origin.{rule.origin}", f"glossary.origin_{rule.origin}"),
    ]
    shown = html.join(
        html.fill(
            '<span class="ph-tag {}" title="{}">{}</span>',
            kind,
            say(meaning, language),
            say(words, language),
        )
        for kind, words, meaning in tags
    )
    clause = rule.clause
    reference = f"{clause.document} · {clause.heading.say(language)} · {clause.item}"
    source = tell("targeting.clause")
    inner = [
        html.fill('<div class="ph-rule"><b>{}. {}</b></div>', number, rule.words.say(language)),
        html.fill('<div class="ph-tags">{}</div>', shown),
        _details(rule),
        *(
            html.fill('<div class="ph-clause">{}</div>', remark.say(language))
            for remark in rule.remarks
        ),
        html.fill('<div class="ph-clause">{}</div>', f"{source}: {reference}"),
    ]
    st.html(html.join(inner))


def _details(rule: Rule) -> Markup:
    """Return the numbered content of a rule that has any, as HTML."""
    language = page_words.language()
    besides: list[str] = []
    match rule:
        case MembersRule():
            lines = [tier.words.say(language) for tier in rule.tiers]
            besides = [rule.order_within.say(language), *_team(rule)]
        case NeedRule():
            lines = [f"{part.words.say(language)} × {part.weight}" for part in rule.parts]
        case OrderRule():
            lines = [f"{s.words.say(language)} – {s.by.say(language)}" for s in rule.steps]
        case _:
            return Markup()
    items = html.join(html.fill("<li>{}</li>", line) for line in lines)
    told = html.join(html.fill('<div class="ph-clause">{}</div>', line) for line in besides)
    return html.fill('<ol class="ph-list">{}</ol>{}', items, told)


def _team(rule: MembersRule) -> list[str]:
    """Say whom people name besides the households that are chosen."""
    return [
        tell("planner.rules.team", people=one.words.say(page_words.language()), count=one.per_unit)
        for one in rule.team
    ]


def ask_reading(programme: Programme, rule: Rule, picked: Mapping[str, str]) -> str:
    """Ask which of the meanings that the text allows is to hold."""
    choices = list(rule.readings)
    key = kept_choices.widget_key(f"reading_{rule.id}")
    st.session_state[key] = picked[rule.id]

    def take() -> None:
        _keep(programme, {**picked, rule.id: st.session_state[key]})

    found = st.radio(
        tell("targeting.readings"),
        choices,
        format_func=lambda name: rule.readings[name].say(page_words.language()),
        help=tell("targeting.reading_help"),
        key=key,
        on_change=take,
    )
    return found or picked[rule.id]
