"""Numbers that people set otherwise, in the words of a planner."""

from __future__ import annotations

from phaenthi.geo.places.gazetteer import exists, name_of
from phaenthi.targeting.plan.record import Number
from phaenthi.targeting.programme.programme import Programme
from phaenthi.targeting.rules.rule import CapRule, NeedRule
from phaenthi.wording import Language, say


def say_number(programme: Programme, number: Number, language: Language) -> str:
    """Say which number was set, from what the document says to what people say."""
    change = {"before": f"{number.before:,}", "value": f"{number.value:,}"}
    if number.kind == "allotment":
        area = name_of(number.name, language) if exists(number.name) else number.name
        return say("numbers.allotment", language, area=area, **change)
    if number.kind == "weight":
        parts = [p for rule in programme.rules if isinstance(rule, NeedRule) for p in rule.parts]
        words = next((p.words.say(language) for p in parts if p.id == number.name), number.name)
        return say("numbers.weight", language, part=words, **change)
    rule = programme.rule_by_id(number.name)
    if isinstance(rule, CapRule) and number.field == "at_most":
        area = say(f"numbers.level.{rule.level}", language)
        return say("numbers.cap", language, area=area, **change)
    if number.field == "at_least":
        return say("numbers.at_least", language, rule=rule.words.say(language), **change)
    return say("numbers.other", language, rule=rule.words.say(language), **change)
