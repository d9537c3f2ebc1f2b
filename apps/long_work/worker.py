"""The process beside the app that does long work: a request a line in, its steps and answer out.

``python -m phaenthi.apps.long_work.worker`` is started by :mod:`phaenthi.apps.long_work.job`;
ending the process ends the work.
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from phaenthi.apps.dates import today
from phaenthi.apps.planning.plans import load_plan
from phaenthi.apps.planning.plans import make_plan as remake
from phaenthi.apps.planning.units import (
    KEPT,
    evidence_of,
    gather_with_units,
    keep_units,
    load_programme,
    programme_of,
)
from phaenthi.layers.workspace.documents import DocumentKind
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.targeting.choice.alternatives import how_often, in_order
from phaenthi.targeting.limits import pose
from phaenthi.targeting.limits.problem import ChoiceProblem
from phaenthi.targeting.plan import making as plans
from phaenthi.targeting.plan.fairness import measure
from phaenthi.targeting.plan.numbers import read_as, set_in
from phaenthi.targeting.plan.record import Override, Plan, from_records
from phaenthi.targeting.programme.programme import Programme
from phaenthi.wording import Problem

Begin = Callable[[str], None]
Answer = dict[str, Any]


def make_plan(request: Mapping[str, Any], begin: Begin) -> Answer:
    """Choose and lay the plan among those that were only tried.

    Parameters
    ----------
    request
        workspace, programme, readings, province, overrides (a list of the fields of
        :class:`phaenthi.targeting.plan.record.Override`), numbers (a list of the fields of
        :class:`phaenthi.targeting.plan.record.Number`) and units (the file of a table, or None).

    Returns
    -------
    dict
        plan: its id.
    """
    workspace = Workspace.open(request["workspace"])
    programme = read_programme(request, workspace)
    begin("gathering")
    units = Path(request["units"]) if request.get("units") else None
    evidence = gather_with_units(workspace, programme, [request["province"]], units)
    begin("choosing")
    overrides = [Override(**one) for one in request["overrides"]]
    plan = plans.make(
        programme,
        evidence,
        [request["province"]],
        decided_on=today(),
        overrides=overrides,
        numbers=from_records(request.get("numbers", ())),
    )
    begin("saving")
    tried = workspace.documents(DocumentKind.TRIED_PLANS)
    tried.write_together(plan.id, plan.files)
    if not tried.has(f"{plan.id}/{KEPT}"):
        keep_units(plan, evidence, tried)
    return {"plan": plan.id}


def read_programme(request: Mapping[str, Any], workspace: Workspace) -> Programme:
    """Return the programme of a request in its readings, with the numbers that people set."""
    own = load_programme(workspace, request["programme"])
    programme = own.with_readings(request["readings"])
    return set_in(programme, from_records(request.get("numbers", ())))


def find_alternatives(request: Mapping[str, Any], begin: Begin) -> Answer:
    """Find the best choices, the best first.

    Parameters
    ----------
    request
        workspace, plan (its id), province and most.

    Returns
    -------
    dict
        choices: a list of unit codes each, and their total need.
    """
    plan, problem = _posed(request)
    begin("finding")
    need = dict(zip(problem.codes, problem.numbers("need"), strict=True))
    found = [sorted(codes) for codes in islice(in_order(problem), int(request["most"]))]
    needs = [sum(int(need[code]) for code in codes) for codes in found]
    return {"plan": plan.id, "choices": found, "needs": needs}


def count_alternatives(request: Mapping[str, Any], begin: Begin) -> Answer:
    """Count how often each unit is in the choices close to the best.

    Parameters
    ----------
    request
        workspace, plan and province.

    Returns
    -------
    dict
        share by unit code, choices and exact; see
        :class:`phaenthi.targeting.choice.alternatives.Frequencies`.
    """
    plan, problem = _posed(request)
    begin("counting")
    often = how_often(problem)
    return {
        "plan": plan.id,
        "share": dict(often.share),
        "choices": often.choices,
        "exact": often.exact,
    }


def _posed(request: Mapping[str, Any]) -> tuple[Plan, ChoiceProblem]:
    workspace = Workspace.open(request["workspace"])
    plan = load_plan(workspace, request["plan"])
    read = read_as(plan, programme_of(plan, workspace))
    locks = {one.unit_code: one.action == "in" for one in plan.overrides}
    provinces = [request["province"]]
    if pose.crosses_provinces(read):
        provinces = list(plan.provinces)
    return plan, pose.pose(read, plan.units, provinces, locks)


def measure_fairness(request: Mapping[str, Any], begin: Begin) -> Answer:
    """Set a plan against the poverty register.

    Returns
    -------
    dict
        The fields of :class:`phaenthi.targeting.plan.fairness.Fairness`; by_amphoe as a list of
        rows.
    """
    workspace = Workspace.open(request["workspace"])
    plan = load_plan(workspace, request["plan"])
    begin("measuring")
    found = measure(plan, evidence_of(plan, workspace))
    rows = json.loads(found.by_amphoe.to_json(orient="records"))
    counts = ("target_poor", "in_chosen", "people", "people_not_poor", "poor_left_out")
    return {"by_amphoe": rows, **{name: getattr(found, name) for name in counts}}


def take_in(request: Mapping[str, Any], begin: Begin) -> Answer:
    """Lay a file into the workspace; see :func:`apps.long_work.file_import.do_handed_over`."""
    from phaenthi.apps.long_work.file_import import do_handed_over  # noqa: PLC0415 - brings the readers of all layers

    return do_handed_over(request, begin)


def make_export(request: Mapping[str, Any], begin: Begin) -> Answer:
    """Make what people take away; see :func:`phaenthi.apps.long_work.export.do_asked`."""
    from phaenthi.apps.long_work.export import do_asked  # noqa: PLC0415 - brings what writes papers and pictures

    return do_asked(request, begin)


def remake_plan(request: Mapping[str, Any], begin: Begin) -> Answer:
    """Choose again as a saved plan did, with other decisions, and save the new plan.

    Parameters
    ----------
    request
        workspace, plan (its id) and overrides (as of :func:`make_plan`).
    """
    workspace = Workspace.open(request["workspace"])
    plan = load_plan(workspace, request["plan"])
    made = remake(
        workspace,
        plan.programme_id,
        plan.provinces,
        readings=plan.readings,
        overrides=[Override(**one) for one in request["overrides"]],
        numbers=plan.numbers,
        begin=begin,
    )
    return {"plan": made.id}


TASKS: Mapping[str, Callable[[Mapping[str, Any], Begin], Answer]] = {
    "make_plan": make_plan,
    "find_alternatives": find_alternatives,
    "count_alternatives": count_alternatives,
    "measure_fairness": measure_fairness,
    "take_in": take_in,
    "make_export": make_export,
    "remake_plan": remake_plan,
}


def answer(request: Mapping[str, Any], begin: Begin) -> Answer:
    """Do the work of a request; a problem becomes part of the answer."""
    try:
        return {"done": TASKS[request["task"]](request, begin)}
    except Problem as problem:
        return {"problem": record_of(problem)}
    except Exception as error:
        logging.getLogger(__name__).exception("the work could not be done")
        return {"failed": f"{type(error).__name__}: {error}"}


def record_of(problem: Problem) -> Answer:
    """Return a problem as plain data; :func:`problem_from` reads it back."""
    return {
        "message_id": problem.message_id,
        "file": problem.file,
        "sheet": problem.sheet,
        "row": problem.row,
        "column": problem.column,
        "values": {name: _plain(value) for name, value in problem.values.items()},
    }


def problem_from(record: Mapping[str, Any]) -> Problem:
    """Return the problem that :func:`record_of` recorded."""
    where = {name: record[name] for name in ("file", "sheet", "row", "column")}
    return Problem(record["message_id"], **where, **record["values"])


def _plain(value: object) -> object:
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def main() -> None:
    """Answer requests until the app closes the line."""
    # Whatever a library prints must not come between the lines of the answers.
    out, sys.stdout = sys.stdout, sys.stderr

    def tell(message: Answer) -> None:
        out.write(json.dumps(message, ensure_ascii=True) + "\n")
        out.flush()

    tell({"ready": True})
    for line in sys.stdin:
        tell(answer(json.loads(line), lambda step: tell({"step": step})))


if __name__ == "__main__":
    main()
