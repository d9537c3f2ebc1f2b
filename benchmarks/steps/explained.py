"""Every village of the country explained in Thai and English: judged, priced, put in words."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from benchmarks.steps import eligibility
from phaenthi.targeting.choice.solve import solve
from phaenthi.targeting.judging.judge import Judgement
from phaenthi.targeting.limits.pose import problem_of
from phaenthi.targeting.limits.problem import Count, Group
from phaenthi.targeting.plan.choosing import Choice, explored
from phaenthi.targeting.plan.explain import explain
from phaenthi.targeting.programme.programme import Programme

TITLE = "every village explained, Thai and English"
BASELINE = ""
REPEATS = {"ours": 1}
MOST_SECONDS = 60.0
LIMIT = "one core of Python: filling in sentences"
UNITS, CAP = 20, 3


@dataclass(frozen=True)
class Inputs:
    """Villages that were judged."""

    programme: Programme
    judgement: Judgement


def load(folder: Path, small: bool) -> Inputs:
    """Judge every village."""
    inputs = eligibility.load(folder, small)
    return Inputs(inputs.programme, eligibility.ours(inputs))


def ours(inputs: Inputs) -> pd.DataFrame:
    """Choose in every province with the price of every village, and tell each why."""
    units = inputs.judgement.units
    choices: dict[str, Choice] = {}
    for province, here in units.groupby("province_code"):
        open_ = here[here["verdict"] == "met"]
        number = max(1, min(UNITS, len(open_)))
        limits = [Count("allotment", Group("province_code", str(province)), number, number)]
        amphoe = sorted(map(str, open_["amphoe_code"].dropna().unique()))
        limits += [Count("cap", Group("amphoe_code", code), 0, CAP) for code in amphoe]
        problem = problem_of(open_, limits, tiers_first=False)
        choices |= explored(problem, solve(problem), [str(province)])
    return explain(inputs.programme, inputs.judgement, choices, ())


def compared(answer: pd.DataFrame) -> int:
    """Return how many villages have both reasons."""
    told = answer["reason_th"].str.len().gt(0) & answer["reason_en"].str.len().gt(0)
    return int(told.sum())


def note(side: str, answer: pd.DataFrame, inputs: Inputs) -> str:  # noqa: ARG001
    """Say how many were explained."""
    return f"{compared(answer):,} of {len(answer):,} villages"
