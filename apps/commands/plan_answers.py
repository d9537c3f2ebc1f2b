"""What ``choose`` and ``explain`` answer to a script: codes as text, hidden counts as null.

An answer is made to be carried on, and therefore tells what a published paper tells: the
sentences that count households stay on the screen of the office.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from phaenthi.apps.commands.layer_screen import plain_rows
from phaenthi.apps.commands.plan_words import chosen_units, clash_lines, unit_row
from phaenthi.apps.publication.published_plan import Publication
from phaenthi.layers.workspace.documents import DocumentKind
from phaenthi.targeting.judging.justify import reasons_missing, reasons_needed
from phaenthi.targeting.programme.programme import HOUSEHOLD, VILLAGE
from phaenthi.targeting.rules.rule import Rule
from phaenthi.wording import Language

_COUNTS = ("allotted", "chosen", "areas_allotted", "areas_used")
_STATUSES = ("reserve", "eligible", "unknown", "excluded")
_PLACE = ("unit_code", "name_th", "tambon_code", "amphoe_code", "province_code", "status", "place")
_FIGURES = ("need", "target_households", "points", "counts_hidden", "replaces")


def choice_answer(
    publication: Publication, language: Language, notes: Iterable[str] = ()
) -> dict[str, Any]:
    """Return what was chosen.

    Parameters
    ----------
    notes
        Sentences to tell before those about rules that clash.
    """
    plan, unit = publication.plan, publication.programme.unit
    return {
        **_about(publication),
        "fiscal_year": plan.fiscal_year,
        "decided_on": plan.decided_on,
        "folder": str(Path(publication.workspace.address) / DocumentKind.PLANS / plan.id),
        "readings": dict(plan.readings),
        "provinces": [_province(publication, row) for row in plan.summary.to_dict("records")],
        "chosen": None if unit == HOUSEHOLD else _units(publication, chosen_units(plan)),
        "reasons_to_write": [
            {"rule": rule, "side": side, "unit_codes": None if unit == HOUSEHOLD else codes}
            for rule, side, codes in reasons_to_write(publication)
        ],
        "notes": [*notes, *clash_lines(plan, unit, language)],
    }


def unit_answer(publication: Publication, code: str, language: Language) -> dict[str, Any]:
    """Return why a unit is or is not in the plan, rule by rule."""
    plan, programme = publication.plan, publication.programme
    unit = unit_row(plan, code)
    found = plan.findings[plan.findings["unit_code"] == code]
    province = str(unit["province_code"])
    return {
        **_about(publication),
        **_units(publication, [code])[0],
        "verdict": str(unit["verdict"]),
        "reason": _reason(publication, code, language),
        "findings": [
            {"verdict": verdict, **_rule(programme.rule_by_id(str(rule)), language)}
            for rule, verdict in found[["rule", "verdict"]].itertuples(index=False)
        ],
        "notes": list(clash_lines(plan, programme.unit, language, province)),
    }


def reasons_to_write(publication: Publication) -> list[tuple[str, str, list[str]]]:
    """Return rule, side and units for which a written reason is asked that nobody has given."""
    plan = publication.plan
    needed = reasons_needed(publication.programme, plan.units, chosen_units(plan))
    written = {one.unit_code: one.reason for one in plan.overrides}
    missing = set(reasons_missing(needed, written))
    open_ = needed[needed["unit_code"].isin(missing)]
    return [
        (str(rule), str(side), [str(code) for code in rows["unit_code"]])
        for (rule, side), rows in open_.groupby(["rule", "side"])
    ]


def _about(publication: Publication) -> dict[str, Any]:
    return {
        "plan": publication.plan.id,
        "programme": publication.plan.programme_id,
        "unit": publication.programme.unit,
        "made_up": publication.made_up,
        "approximate": publication.approximate,
    }


def _rule(rule: Rule, language: Language) -> dict[str, str]:
    return {
        "rule": rule.id,
        "says": rule.words.say(language),
        "document": rule.clause.document,
        "item": rule.clause.item,
    }


def _province(publication: Publication, row: dict[Any, Any]) -> dict[str, Any]:
    code = str(row["province_code"])
    result = publication.plan.result(code)
    whole = {name: _whole(row[name]) for name in (*_COUNTS, *_STATUSES)}
    points = {
        name: _told(publication, _whole(row[name]), result.chosen)
        for name in ("need", "ceiling", "gap")
    }
    by_sorting = _told(publication, result.sort_and_take_need, result.sort_and_take)
    return {
        "province_code": code,
        **whole,
        **points,
        "sort_and_take_need": by_sorting,
        "possible": result.shortage is None,
    }


def _told(publication: Publication, points: int | None, codes: Sequence[str]) -> int | None:
    return None if publication.hidden_units.intersection(codes) else points


def _whole(value: Any) -> int | None:
    return None if pd.isna(value) else int(value)


def _units(publication: Publication, codes: Sequence[str]) -> list[dict[str, Any]]:
    """Return units by their codes; the figures of villages as papers tell them, of others none."""
    units = publication.plan.units.set_index("unit_code", drop=False)
    found = _rows(units.loc[list(codes)], _PLACE)
    if publication.programme.unit == HOUSEHOLD:
        found = [one | {"name_th": None} for one in found]
    if publication.programme.unit != VILLAGE:
        return [one | dict.fromkeys(_FIGURES) for one in found]
    villages = publication.villages.set_index("village_code")
    told = _rows(villages.loc[list(codes)], _FIGURES)
    replaced = [str(one["replaces"] or "").split() for one in told]
    return [
        one | figures | {"replaces": others}
        for one, figures, others in zip(found, told, replaced, strict=True)
    ]


def _rows(table: pd.DataFrame, names: Sequence[str]) -> list[dict[str, Any]]:
    return [dict(zip(names, row, strict=True)) for row in plain_rows(table[list(names)])]


def _reason(publication: Publication, code: str, language: Language) -> str | None:
    if publication.programme.unit != VILLAGE:
        return None
    villages = publication.villages.set_index("village_code")
    return str(villages[f"reason_{language}"][code])
