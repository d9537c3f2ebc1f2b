"""What if a rule were read, or a number set, otherwise: who would come in and who would leave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from phaenthi.apps.planning.plan_steps import StepKind
from phaenthi.apps.screens import furniture, kept_choices, page_words
from phaenthi.apps.screens import show as st
from phaenthi.apps.screens.decisions import decisions, differences, drafts, waiting
from phaenthi.apps.screens.decisions.desk import Desk
from phaenthi.apps.screens.page_words import tell
from phaenthi.targeting.plan.numbers import merge
from phaenthi.targeting.plan.record import Kind, Number, Plan
from phaenthi.targeting.rules.rule import AllotmentRule, CapRule, NeedRule, RequiresRule, Rule
from phaenthi.wording import Language, Problem, say

MOST_NUMBER = 1_000_000
# Stands for the reason and the committee while a number is only tried.
UNSAID = "-"


def show(desk: Desk) -> None:
    """Ask for readings and numbers to try, show what follows, and make a plan of it when asked."""
    st.markdown(tell("planner.what_if.lead"))
    with st.form("what_if"):
        readings = ask_readings(desk)
        numbers = ask_numbers(desk)
        pressed = st.form_submit_button(
            tell("planner.what_if.see"), type="primary", icon=":material/science:"
        )
    if pressed:
        st.session_state["what_if_asked"] = (desk.plan.id, readings, numbers)
    asked = st.session_state.get("what_if_asked")
    if asked is None or asked[0] != desk.plan.id:
        return
    _, readings, numbers = asked
    if readings == dict(desk.plan.readings) and not numbers:
        st.info(tell("planner.what_if.nothing"), icon=":material/info:")
        return
    show_answer(desk, readings, numbers)


def ask_readings(desk: Desk) -> dict[str, str]:
    """Ask for the reading of every rule that the text leaves open."""
    language = page_words.language()
    found: dict[str, str] = {}
    rules = [rule for rule in desk.programme.rules if rule.readings]
    for rule, column in zip(rules, furniture.cells(2, gap="small"), strict=False):
        choices: list[str] = list(rule.readings)
        with column:
            found[rule.id] = _pick_reading(desk, rule, choices, language)
    return found


def _pick_reading(desk: Desk, rule: Rule, choices: list[str], language: Language) -> str:
    held = desk.plan.readings.get(rule.id, choices[0])
    picked = st.selectbox(
        rule.words.say(language),
        choices,
        index=choices.index(held),
        format_func=lambda name: rule.readings[name].say(language),
        key=f"what_if_reading_{rule.id}_{desk.plan.id}_{language}",
    )
    return picked or held


def ask_numbers(desk: Desk) -> list[Number]:
    """Ask for other numbers: caps, thresholds, weights and the allotment of the province.

    Returns
    -------
    list of Number
        Those that are not the plan's any more, without a reason yet.
    """
    language = page_words.language()
    found: list[Number] = []
    columns = furniture.cells(3, gap="small")

    def ask(words: str, now: int, kind: Kind, name: str, least: int, field: str = "") -> None:
        own = name if kind == "field" else f"{kind}_{name}"
        with next(columns):
            value = int(
                st.number_input(
                    words,
                    min_value=least,
                    max_value=max(MOST_NUMBER, now),
                    value=now,
                    key=f"what_if_number_{own}_{desk.plan.id}_{language}",
                )
            )
        if value != now:
            found.append(Number(kind, name, now, value, UNSAID, UNSAID, field))

    for rule in desk.programme.rules:
        if isinstance(rule, CapRule):
            area = say(f"numbers.level.{rule.level}", language)
            words = tell("planner.what_if.cap", area=area)
            ask(words, rule.at_most, "field", rule.id, 1, "at_most")
        elif isinstance(rule, RequiresRule) and rule.at_least is not None:
            words = tell("planner.what_if.at_least")
            ask(words, rule.at_least, "field", rule.id, 1, "at_least")
        elif isinstance(rule, NeedRule):
            for part in rule.parts:
                words = tell("planner.what_if.weight", part=part.words.say(language))
                ask(words, part.weight, "weight", part.id, 0)
        elif (
            isinstance(rule, AllotmentRule) and rule.units is not None and rule.level == "province"
        ):
            units = desk.programme.allotment(desk.province).units
            words = tell("planner.what_if.allotment", unit=desk.noun)
            ask(words, units, "allotment", desk.province, 1)
    return found


def show_answer(desk: Desk, readings: Mapping[str, str], numbers: Sequence[Number]) -> None:
    """Show the plan as it would be beside the one that is."""
    place = waiting.thinking()
    after = try_out(desk, readings, numbers)
    if after is None:
        place.empty()
        return
    names = (tell("planner.what_if.now"), tell("planner.what_if.then"))
    with place.container():
        differences.show(desk, desk.as_of_now(), after, "what_if_map", names)
        st.caption(tell("planner.what_if.not_saved"))
        if after.result(desk.province).shortage is None:
            ask_reason(desk, readings, numbers)


def try_out(desk: Desk, readings: Mapping[str, str], numbers: Sequence[Number]) -> Plan | None:
    """Return the plan as it would be; what stands in the way is told on the page."""
    try:
        return desk.work_out(
            desk.plan.overrides,
            "what_if",
            readings=readings,
            numbers=merge(desk.plan.numbers, numbers),
        )
    except Problem as problem:
        st.error(problem.sentence(page_words.language()), icon=":material/error:")
        return None


def ask_reason(desk: Desk, readings: Mapping[str, str], numbers: Sequence[Number]) -> None:
    """Ask whether it shall be a plan; numbers of people's own need a reason and who decided."""
    with st.form("what_if_make"):
        reason = decided_by = ""
        if numbers:
            st.caption(tell("planner.what_if.numbers_note"))
            example = tell("planner.what_if.reason_example")
            reason, decided_by = decisions.ask_words("what_if", example)
        pressed = st.form_submit_button(
            tell("planner.what_if.make"), icon=":material/add:", type="primary"
        )
    if not pressed:
        return
    if numbers and not (reason and decided_by):
        st.error(tell("decision.incomplete"), icon=":material/error:")
        return
    decided = [replace(one, reason=reason, decided_by=decided_by) for one in numbers]
    made = try_out(desk, readings, decided)
    if made is not None:
        before = desk.plan.id
        kind: StepKind = "numbers" if decided else "chosen_again"
        drafts.keep(desk.workspace, made, kind, reason=reason, decided_by=decided_by)
        # The two stand side by side at once; the one before is in the list of plans as ever.
        kept_choices.keep("other_plan", before)
        kept_choices.keep("review", "compare")
        st.session_state["told_next"] = tell("planner.what_if.made")
        st.rerun()


def set_back(desk: Desk, number: Number) -> None:
    """Make a plan with one number as the document says it."""
    rest = tuple(one for one in desk.plan.numbers if one.key != number.key)
    made = desk.work_out(desk.plan.overrides, "set_back", numbers=rest)
    drafts.keep(desk.workspace, made, "numbers_back")
    st.session_state["told_next"] = tell("planner.what_if.set_back_done")
    st.rerun()
