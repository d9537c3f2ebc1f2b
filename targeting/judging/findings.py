"""What each rule found of each unit: a row with the verdict, and the sentence that says it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from phaenthi.targeting.programme.programme import Programme
from phaenthi.targeting.rules.of_units import MayOverlapRule
from phaenthi.targeting.rules.rule import BandsRule, NoOverlapRule, Rule, TiersRule, Words
from phaenthi.wording import Language, say

NUMBERS = ("households", "households_possible", "helped_households", "at_least")
COLUMNS = (
    "unit_code",
    "village_code",
    "rule",
    "verdict",
    "outcome",
    "wording",
    "value",
    "limit",
    "households",
    "households_possible",
    "helped_households",
    "at_least",
    "repeats",
    "missing_lists",
    "missing_registers",
    "missing_sources",
    "missing_columns",
)
_TYPES = {name: "Int64" if name in NUMBERS else "string" for name in COLUMNS}
_TEXTS = ("value", "limit", "repeats", "missing_lists", "missing_registers", "missing_sources")


def of_rule(units: pd.DataFrame, rule: str, **columns: object) -> pd.DataFrame:
    """Return the findings of one rule: a row a unit, in the order of ``units``.

    Parameters
    ----------
    columns
        verdict, outcome, wording and whatever else of :data:`COLUMNS` the sentence names.
    """
    blank: dict[str, object] = {
        "at_least": pd.NA,
        **dict.fromkeys(_TEXTS, ""),
        "missing_columns": "",
    }
    table = pd.DataFrame(
        {
            "unit_code": units["unit_code"],
            "village_code": units["village_code"],
            "rule": rule,
            "households": units["target_households"],
            "households_possible": units["target_households_possible"],
            "helped_households": units["helped_households"],
            **blank,
            **columns,
        }
    )[list(COLUMNS)]
    return table.astype(_TYPES)


def nothing() -> pd.DataFrame:
    """Return a table of findings without rows."""
    return pd.DataFrame(columns=list(COLUMNS)).astype(_TYPES)


def sentence(
    programme: Programme, finding: Mapping[str, Any] | pd.Series, language: Language
) -> str:
    """Say a row of the findings in words.

    Parameters
    ----------
    finding
        A row of ``Judgement.findings``.
    """
    rule = programme.rule_by_id(str(finding["rule"]))
    names = _programmes(programme, language)
    values: dict[str, object] = {"rule": rule.words.say(language)}
    for column in NUMBERS:
        number = finding[column]
        values[column] = "–" if pd.isna(number) else f"{int(number):,}"
    for column in ("repeats", "missing_lists", "missing_registers"):
        told = [
            f"{names.get(name, name)} {year}"
            for name, _, year in (part.rpartition(" ") for part in _parts(finding[column]))
        ]
        values[column] = ", ".join(told)
    sources = {name: one.words for name, one in programme.pack.sources.items()}
    values["missing_sources"] = _named(_parts(finding["missing_sources"]), sources, language)
    columns = {name: one.words for name, one in programme.pack.columns.items()}
    missing = _named(_parts(finding["missing_columns"]), columns, language, names)
    values["missing_columns"] = missing
    values["value"] = _say_values(programme, rule, str(finding["value"] or ""), language)
    values["limit"] = str(finding["limit"] or "")
    return say(str(finding["wording"]), language, **values)


def _programmes(programme: Programme, language: Language) -> dict[str, str]:
    return {
        register.programme: register.words.say(language)
        for rule in programme.rules
        if isinstance(rule, NoOverlapRule | MayOverlapRule)
        for register in rule.registers
    }


def _parts(text: object) -> list[str]:
    return text.split("; ") if isinstance(text, str) and text else []


def _named(
    ids: Iterable[str],
    words: Mapping[str, Words],
    language: Language,
    others: Mapping[str, str] | None = None,
) -> str:
    told = []
    for one in ids:
        name, _, rest = one.partition(" ")
        known = words[one].say(language) if one in words else (others or {}).get(name)
        told.append(known if one in words or known is None else f"{known} {rest}".strip())
    return ", ".join(text or one for text, one in zip(told, ids, strict=True))


def _say_values(programme: Programme, rule: Rule, text: str, language: Language) -> str:
    """Say ``column=value; …`` in words, or the words of a tier or grade."""
    if isinstance(rule, TiersRule):
        return next((one.words.say(language) for one in rule.tiers if one.id == text), text)
    if isinstance(rule, BandsRule):
        grade, _, share = text.partition(" ")
        words = next((one.words.say(language) for one in rule.bands if one.id == grade), grade)
        return f"{words} ({share})" if share else words
    told = []
    for part in _parts(text):
        name, equals, value = part.partition("=")
        column = programme.pack.columns.get(name)
        if not equals or column is None:
            told.append(part)
            continue
        if column.kind == "flag":
            value = say(f"finding.flag_value.{value}", language)
        elif value in column.choices:
            value = column.choices[value].say(language)
        unit = say(f"finding.unit_of.{column.unit}", language) if column.unit else ""
        told.append(f"{column.words.say(language)} {value} {unit}".rstrip())
    return ", ".join(told)
