"""The choice like P1 in a country several times as large; the folder's name ends in the times."""

from __future__ import annotations

from pathlib import Path

from benchmarks.country_problem import VILLAGES, country
from benchmarks.steps.choice_areas import compared, note, ours
from phaenthi.targeting.limits.problem import ChoiceProblem

__all__ = ["compared", "load", "note", "ours"]


def load(folder: Path, small: bool) -> ChoiceProblem:  # noqa: ARG001
    """Make the problem up."""
    return country(VILLAGES * int(folder.name.rpartition("-")[2]))
