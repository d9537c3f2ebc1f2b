"""The fifth step: what is asked of the choice, the choice itself, and why there may be none."""

from __future__ import annotations

from collections.abc import Iterator

from markupsafe import Markup

from phaenthi.apps.screens import furniture, page_words
from phaenthi.apps.screens import show as st
from phaenthi.apps.screens.decisions import drafts
from phaenthi.apps.screens.page_words import tell
from phaenthi.apps.screens.targeting import judging, path, scope
from phaenthi.apps.screens.targeting.scope import Scope
from phaenthi.geo.places.gazetteer import name_of
from phaenthi.geo.texts import html, markdown
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.targeting.clash.found import Clash, Conflict, Relaxation
from phaenthi.targeting.clash.words import say_change, say_limit
from phaenthi.targeting.plan.explain import say_shortage
from phaenthi.targeting.plan.numbers import set_in
from phaenthi.targeting.plan.record import Plan
from phaenthi.targeting.programme.programme import Programme
from phaenthi.targeting.rules.rule import BudgetRule
from phaenthi.wording import Problem, say

MOST_LIMITS = 4
MOST_CHANGES = 5


def show(workspace: Workspace, asked: Scope, read: Programme, plan: Plan | None) -> None:
    """Show what is asked and the button that chooses.

    Parameters
    ----------
    read
        The programme in the readings of this session.
    plan
        The plan that is shown now, whose decisions stay decided.
    """
    show_summary(workspace, asked, read if plan is None else set_in(read, plan.numbers))
    stale = plan is not None and dict(plan.readings) != read.readings
    if plan is not None:
        words = "targeting.stale" if stale else "planner.choose.again"
        st.info(tell(words), icon=":material/sync:")
        if decided := len(plan.overrides) + len(plan.numbers):
            st.caption(tell("planner.choose.decisions", count=decided))
    ready = scope.is_ready(workspace, read) or read.unit in ("village", "tambon")
    if not ready:
        st.warning(tell("planner.choose.not_ready"), icon=":material/help:")
    pressed = st.button(
        tell("planner.choose.run" if plan is None else "targeting.run_again", unit=asked.noun),
        type="primary" if plan is None or stale else "secondary",
        icon=":material/checklist:",
        key="targeting_run",
        disabled=not ready,
    )
    if not pressed:
        if plan is not None and plan.result(asked.province).shortage is not None:
            show_clash(plan, asked)
        return
    overrides = plan.overrides if plan is not None else ()
    try:
        made = drafts.work_out(workspace, read, asked.province, overrides, before=plan)
    except Problem as problem:
        st.error(problem.sentence(page_words.language()), icon=":material/error:")
        return
    if made.result(asked.province).shortage is not None:
        # Kept all the same, so that the reasons last and can be sent to a colleague.
        drafts.keep(workspace, made, "chosen" if plan is None else "chosen_again")
        show_clash(made, asked)
        return
    drafts.keep(workspace, made, "chosen" if plan is None else "chosen_again")
    st.session_state["told_next"] = tell("planner.choose.done", count=len(made.results[0].chosen))
    path.go("review")
    st.rerun()


def show_summary(workspace: Workspace, asked: Scope, read: Programme) -> None:
    """Show in figures what the choice has to keep to."""
    figures = []
    try:
        allotted = read.allotment(asked.province)
        if allotted.units:
            place = name_of(asked.province, page_words.language())
            figures.append(
                (tell("planner.choose.units", unit=asked.noun), f"{allotted.units:,}", place)
            )
        if allotted.areas is not None:
            note = tell("planner.choose.areas_note")
            figures.append((tell("targeting.figure.areas"), f"{allotted.areas:,}", note))
    except Problem as problem:
        st.info(problem.sentence(page_words.language()), icon=":material/help:")
    cap = read.cap()
    if cap is not None:
        note = tell(f"planner.choose.cap_{cap.reading}")
        figures.append((tell("planner.choose.cap"), f"{cap.at_most:,}", note))
    budgets = [rule for rule in read.rules if isinstance(rule, BudgetRule) and rule.baht_per_unit]
    if budgets:
        each = sum(rule.baht_per_unit for rule in budgets)
        note = tell("planner.choose.baht_note", unit=asked.noun)
        figures.append((tell("planner.choose.baht"), f"{each:,}", note))
    looked = judging.look(workspace, read, asked.province)
    if looked.judgement is not None:
        verdicts = looked.judgement.units["verdict"].value_counts()
        note = tell("planner.choose.open_note", count=f"{int(verdicts.get('unknown', 0)):,}")
        met = f"{int(verdicts.get('met', 0)):,}"
        figures.append((tell("planner.data.verdict.met"), met, note))
    furniture.show_figures(figures)
    language = page_words.language()
    picked = [
        markdown.fill(
            "{}: **{}**", rule.words.say(language), rule.readings[rule.reading].say(language)
        )
        for rule in read.rules
        if rule.reading is not None
    ]
    if picked:
        with st.expander(
            tell("planner.choose.readings", count=len(picked)), icon=":material/gavel:"
        ):
            st.markdown(markdown.bullets(picked))


# -- no plan ---------------------------------------------------------------------------------------


def show_clash(plan: Plan, asked: Scope) -> None:
    """Show which rules cannot hold together, and the smallest changes that make a plan possible."""
    result = plan.result(asked.province)
    if result.shortage is None:
        return
    language = page_words.language()
    with st.container(border=True, key="clash"):
        st.markdown(markdown.fill("#### {}", tell("planner.clash.title")))
        st.write(say_shortage(result.shortage, language))
        for certificate in plan.certificates:
            if certificate.clash is None or asked.province not in certificate.provinces:
                continue
            st.html(html.join(_conflicts(certificate.clash, asked)))
            if certificate.clash.relaxations:
                st.markdown(markdown.bold(tell("planner.clash.ways")))
                st.html(html.join(_ways(certificate.clash, asked)))
            if not certificate.clash.all_relaxations:
                st.caption(say("clash.more_relaxations", language))
        st.caption(tell("planner.clash.what_now"))
        with st.container(horizontal=True):
            for step in ("rules", "data"):
                st.button(
                    tell(f"planner.clash.to_{step}"),
                    icon=":material/arrow_back:",
                    key=f"clash_to_{step}",
                    on_click=path.go,
                    args=(step,),
                )


def _conflicts(clash: Clash, asked: Scope) -> Iterator[Markup]:
    for place, conflict in enumerate(clash.conflicts, start=1):
        told = html.join(
            html.fill("<li>{}</li>", words) for words in _say_rules(conflict, asked.programme)
        )
        limits = [
            say_limit(one, asked.programme.unit, page_words.language()) for one in conflict.limits
        ]
        rest = len(limits) - MOST_LIMITS
        if rest > 0:
            limits = [*limits[:MOST_LIMITS], tell("planner.clash.more_limits", count=rest)]
        head = tell("planner.clash.conflict", number=place)
        where = " · ".join(limits)
        yield html.fill(
            '<div class="ph-clash"><b>{}</b><ul>{}</ul><div>{}</div></div>', head, told, where
        )


def _say_rules(conflict: Conflict, programme: Programme) -> Iterator[str]:
    numbers = {rule.id: number for number, rule in enumerate(programme.rules, start=1)}
    for name in conflict.rules:
        rule_id, _, code = name.partition(" ")
        if rule_id in numbers:
            words = programme.rule_by_id(rule_id).words.say(page_words.language())
            yield tell("planner.clash.rule", number=numbers[rule_id], words=words)
        elif code:
            yield tell("planner.clash.decision", code=code)
        else:
            yield tell("planner.clash.unsettled")


def _ways(clash: Clash, asked: Scope) -> Iterator[Markup]:
    for place, way in enumerate(clash.relaxations, start=1):
        told = [say_change(one, asked.programme.unit, page_words.language()) for one in way.changes]
        rest = len(told) - MOST_CHANGES
        if rest > 0:
            told = [*told[:MOST_CHANGES], tell("planner.clash.more_changes", count=f"{rest:,}")]
        changes = html.join(html.fill("<li>{}</li>", change) for change in told)
        comes_to = _say_gain(way, asked)
        head = tell("planner.clash.way", number=place)
        yield html.fill(
            '<div class="ph-way"><b>{}</b><ul>{}</ul><div>{}</div></div>', head, changes, comes_to
        )


def _say_gain(way: Relaxation, asked: Scope) -> str:
    count = len(way.chosen)
    return tell("planner.clash.gain", count=f"{count:,}", unit=asked.noun, need=f"{way.need:,}")
