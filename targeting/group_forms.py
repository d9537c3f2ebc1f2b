"""The progress form of the programme of occupational groups: five steps, and the budget used."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from geo.gazetteer import name_of
from targeting.programme import Programme
from targeting.rules import BudgetRule, OrderRule
from wording import Language, say

UNDER_WAY, DONE = "under_way", "done"
STATUSES = (UNDER_WAY, DONE)
REPORT_COLUMNS = ("step", "status", "result", "problem", "remedy")


def progress_table(
    programme: Programme, reports: pd.DataFrame | None = None, language: Language = "th"
) -> pd.DataFrame:
    """Return form 2.2 of one amphoe: a row a step, ticked where it stands.

    Parameters
    ----------
    programme
        With a rule on the order of its steps.
    reports
        ``REPORT_COLUMNS``: step (its id), status (``under_way`` or ``done``), and in words result,
        problem and remedy. A step without a row, or without a status, is left blank to be filled
        in by hand.

    Returns
    -------
    pandas.DataFrame
        number, step, task, by, under_way and done (bool), result, problem, remedy (text, missing
        where nobody wrote any); in the order of the steps. Without rows where the programme has
        no steps.

    Raises
    ------
    ValueError
        If a report names a step or a status that there is not.
    """
    steps = [step for rule in programme.all_of(OrderRule) for step in rule.steps]
    told = pd.DataFrame(columns=list(REPORT_COLUMNS)) if reports is None else reports
    told = told.reindex(columns=list(REPORT_COLUMNS)).astype("string")
    strange = set(told["step"].dropna()) - {step.id for step in steps}
    strange |= set(told["status"].dropna()) - set(STATUSES)
    if strange:
        raise ValueError(f"not a step or status: {', '.join(sorted(strange))}")
    by_step = told.drop_duplicates("step", keep="last").set_index("step")
    by_step = by_step.reindex([step.id for step in steps]).reset_index(drop=True)
    words = {
        "number": list(range(1, len(steps) + 1)),
        "step": [step.id for step in steps],
        "task": [step.words.say(language) for step in steps],
        "by": [step.by.say(language) for step in steps],
    }
    status = by_step["status"]
    return pd.DataFrame(
        {
            **words,
            UNDER_WAY: (status == UNDER_WAY).fillna(value=False).astype(bool),
            DONE: (status == DONE).fillna(value=False).astype(bool),
            **{name: by_step[name] for name in ("result", "problem", "remedy")},
        }
    )


def project_status(table: pd.DataFrame) -> str | None:
    """Return form 2.1: ``done`` when every step is, ``under_way`` when any has begun, else None."""
    if len(table) and table[DONE].all():
        return DONE
    return UNDER_WAY if (table[UNDER_WAY] | table[DONE]).any() else None


def budget_table(
    programme: Programme,
    province: str,
    spent: Mapping[str, float] | None = None,
    language: Language = "th",
) -> pd.DataFrame:
    """Return form 2.3 of a province: what each amphoe received and has used.

    Parameters
    ----------
    programme
        With an allotment by area and a cost of each unit.
    province
        Province code.
    spent
        Baht used by code of the area; one that is not in it has not reported.

    Returns
    -------
    pandas.DataFrame
        area_code, name, units, received_baht (allotted: units times the cost of one), spent_baht,
        left_baht and percent (``Float64``; missing where nobody reported), over (bool: more than
        was received). The last row, with an empty code, is the sum; its spent_baht is of those that
        reported.

    Raises
    ------
    ValueError
        If money is reported for an area that was allotted none.
    """
    each = sum(rule.baht_per_unit for rule in programme.all_of(BudgetRule))
    areas = programme.area_allotments(province)
    known = dict(spent or {})
    strange = sorted(set(known) - {one.area_code for one in areas})
    if strange:
        raise ValueError(f"no allotment: {', '.join(strange)}")
    table = pd.DataFrame(
        {
            "area_code": pd.array([one.area_code for one in areas], dtype="string"),
            "name": pd.array([name_of(one.area_code, language) for one in areas], dtype="string"),
            "units": pd.array([one.units for one in areas], dtype="Int64"),
            "received_baht": pd.array([one.units * each for one in areas], dtype="Int64"),
            "spent_baht": pd.array([known.get(one.area_code) for one in areas], dtype="Float64"),
        }
    )
    whole = pd.DataFrame(
        {
            "area_code": [""],
            "name": [say("layers.funds.all_areas", language)],
            "units": [table["units"].sum()],
            "received_baht": [table["received_baht"].sum()],
            "spent_baht": [table["spent_baht"].sum(min_count=1)],
        }
    ).astype(table.dtypes.to_dict())
    both = pd.concat([table, whole], ignore_index=True)
    received = both["received_baht"].astype("Float64")
    return both.assign(
        left_baht=received - both["spent_baht"],
        percent=100 * both["spent_baht"] / received.mask(received == 0),
        over=(both["spent_baht"] > received).fillna(value=False).astype(bool),
    )
