"""What if a rule were read, or a number set, otherwise: who would come in and who would leave."""

from __future__ import annotations

from typing import Any

import streamlit as st
from pydantic import ValidationError

from apps.screens import parts
from apps.screens.parts import tell
from apps.screens.targeting import differences, drafts
from apps.screens.targeting.desk import Desk
from targeting.rules import AllotmentRule, CapRule, NeedRule, RequiresRule, Rule
from wording import Language, Problem

MOST_NUMBER = 1_000_000


def show(desk: Desk) -> None:
    """Ask for readings and numbers to try, and show what follows; nothing is saved."""
    st.markdown(tell("planner.what_if.lead"))
    with st.form("what_if"):
        readings = ask_readings(desk)
        changes = ask_numbers(desk)
        pressed = st.form_submit_button(
            tell("planner.what_if.see"), type="primary", icon=":material/science:"
        )
    if pressed:
        st.session_state["what_if_asked"] = (desk.plan.id, readings, changes)
    asked = st.session_state.get("what_if_asked")
    if asked is None or asked[0] != desk.plan.id:
        return
    _, readings, changes = asked
    if readings == dict(desk.plan.readings) and not any(changes.values()):
        st.info(tell("planner.what_if.nothing"), icon=":material/info:")
        return
    show_answer(desk, readings, changes)


def ask_readings(desk: Desk) -> dict[str, str]:
    """Ask for the reading of every rule that the text leaves open."""
    language = parts.language()
    found: dict[str, str] = {}
    rules = [rule for rule in desk.programme.rules if rule.readings]
    columns = st.columns(2, gap="medium")
    for place, rule in enumerate(rules):
        choices: list[str] = list(rule.readings)
        with columns[place % 2]:
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


def ask_numbers(desk: Desk) -> dict[str, dict[str, Any]]:
    """Ask for other numbers: caps, thresholds, weights and the allotment of the province."""
    language = parts.language()
    fields: dict[str, dict[str, int]] = {}
    weights: dict[str, int] = {}
    allotments: dict[str, int] = {}
    columns = st.columns(3, gap="medium")
    place = 0

    def ask(words: str, value: int, name: str, least: int) -> int:
        nonlocal place
        place += 1
        with columns[(place - 1) % 3]:
            return int(
                st.number_input(
                    words,
                    min_value=least,
                    max_value=max(MOST_NUMBER, value),
                    value=value,
                    key=f"what_if_number_{name}_{desk.plan.id}_{language}",
                )
            )

    for rule in desk.programme.rules:
        if isinstance(rule, CapRule):
            words = tell("planner.what_if.cap")
            number = ask(words, rule.at_most, rule.id, 1)
            if number != rule.at_most:
                fields[rule.id] = {"at_most": number}
        elif isinstance(rule, RequiresRule) and rule.at_least is not None:
            number = ask(tell("planner.what_if.at_least"), rule.at_least, rule.id, 1)
            if number != rule.at_least:
                fields[rule.id] = {"at_least": number}
        elif isinstance(rule, NeedRule):
            for part in rule.parts:
                words = tell("planner.what_if.weight", part=part.words.say(language))
                number = ask(words, part.weight, f"weight_{part.id}", 0)
                if number != part.weight:
                    weights[part.id] = number
        elif (
            isinstance(rule, AllotmentRule) and rule.units is not None and rule.level == "province"
        ):
            units = desk.programme.allotment(desk.province).units
            number = ask(tell("planner.what_if.allotment", unit=desk.noun), units, rule.id, 1)
            if number != units:
                allotments[desk.province] = number
    return {"fields": fields, "weights": weights, "allotments": allotments}


def show_answer(desk: Desk, readings: dict[str, str], changes: dict[str, Any]) -> None:
    """Show the plan as it would be beside the one that is."""
    read = desk.programme.with_readings(readings)
    try:
        after = drafts.work_out(
            desk.workspace,
            read,
            desk.province,
            desk.plan.overrides,
            "what_if",
            changes=changes,
            before=desk.plan,
        )
    except (Problem, ValidationError) as problem:
        words = problem.sentence(parts.language()) if isinstance(problem, Problem) else str(problem)
        st.error(words, icon=":material/error:")
        return
    names = (tell("planner.what_if.now"), tell("planner.what_if.then"))
    differences.show(desk, desk.as_of_now(), after, "what_if_map", names)
    st.caption(tell("planner.what_if.not_saved"))
    if any(changes.values()):
        st.caption(tell("planner.what_if.numbers_note"))
        return
    if after.result(desk.province).shortage is None and st.button(
        tell("planner.what_if.use"), icon=":material/check:", key="what_if_use"
    ):
        drafts.keep(desk.workspace, after, "chosen_again")
        st.session_state["told_next"] = tell("planner.what_if.used")
        st.rerun()
