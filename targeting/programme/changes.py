"""A programme with some of its numbers changed: caps, thresholds, weights, allotments."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd
from pydantic import TypeAdapter

from phaenthi.targeting.programme.programme import Programme
from phaenthi.targeting.rules.rule import AllotmentRule, NeedRule, Rule

_RULE: TypeAdapter[Rule] = TypeAdapter(Rule)


def change(
    programme: Programme,
    *,
    fields: Mapping[str, Mapping[str, Any]] | None = None,
    weights: Mapping[str, int] | None = None,
    allotments: Mapping[str, int] | None = None,
) -> Programme:
    """Return the programme with some of its numbers changed.

    Parameters
    ----------
    fields
        Rule id → field → value, such as ``{"cap": {"at_most": 4}}`` for a cap or
        ``{"target-households": {"at_least": 10}}`` for a threshold.
    weights
        Part of the need → weight.
    allotments
        Area code → number of units, in place of what the official table says.

    Raises
    ------
    Problem
        ``targeting.rule_unknown``.
    pydantic.ValidationError
        If a field is not one of the rule's or its value is not allowed.
    KeyError
        If no part of the need, or no row of a table, is of that name.
    """
    wanted = {rule: dict(values) for rule, values in (fields or {}).items()}
    for rule_id in wanted:
        programme.rule_by_id(rule_id)
    rules = tuple(
        _changed(rule, wanted.get(rule.id, {}), weights or {}) for rule in programme.rules
    )
    known = {part.id for rule in rules if isinstance(rule, NeedRule) for part in rule.parts}
    unknown = set(weights or {}) - known
    if unknown:
        raise KeyError(", ".join(sorted(unknown)))
    pack = programme.pack.model_copy(update={"rules": rules})
    tables = _with_allotments(programme, allotments or {})
    return replace(programme, pack=pack, tables=tables)


def _changed(rule: Rule, fields: Mapping[str, Any], weights: Mapping[str, int]) -> Rule:
    before = rule.model_dump(mode="json", by_alias=True)
    content = {**before, **fields}
    if isinstance(rule, NeedRule):
        content["parts"] = [
            {**part, "weight": weights.get(part["id"], part["weight"])} for part in content["parts"]
        ]
    # Through JSON, as a pack is read: a list may become a tuple but no number becomes text.
    return rule if content == before else _RULE.validate_json(json.dumps(content))


def _with_allotments(
    programme: Programme, allotments: Mapping[str, int]
) -> Mapping[str, pd.DataFrame]:
    tables = dict(programme.tables)
    left = dict(allotments)
    for rule in programme.rules:
        source = (rule.units or rule.input) if isinstance(rule, AllotmentRule) else None
        if source is None or source.table not in tables:
            continue
        table = tables[source.table].copy()
        for code in list(left):
            row = table[source.area_column].astype("string") == code
            if row.any():
                table.loc[row, source.column] = str(left.pop(code))
        tables[source.table] = table
    if left:
        raise KeyError(", ".join(sorted(left)))
    return tables
