"""The record of a choice under limits of any kind, as a plan keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from phaenthi.targeting.clash.found import Clash
from phaenthi.targeting.clash.record import clash_from, record_of_clash
from phaenthi.targeting.limits import pose
from phaenthi.targeting.limits.problem import (
    AnyLimit,
    ChoiceProblem,
    Count,
    limit_from,
    record_of,
)
from phaenthi.targeting.proof.ceiling import LevelProof


@dataclass(frozen=True)
class Record:
    """What a plan keeps of one choice under limits of any kind, enough to check it anew.

    Attributes
    ----------
    provinces
        The provinces chosen together: one, or all that a rule ties to one another.
    baht
        Cost of a unit without a cost of its own.
    proved
        ``False`` when the solver gave up before it ruled out a better choice, or where no
        multipliers prove that there is none at all.
    levels
        The proof of each level of the objective, or that there is no choice.
    shortfalls
        What is missing where a group was to be filled and is not full: the limit and a number.
    clash
        Where there is no choice: why, and what would make one possible.
    plain
        The province is one of the recursion over amphoe; only its clash is kept here.
    """

    provinces: tuple[str, ...]
    limits: tuple[AnyLimit, ...]
    tiers_first: bool
    baht: int
    proved: bool
    levels: tuple[LevelProof, ...] = ()
    shortfalls: tuple[tuple[Count, int], ...] = ()
    clash: Clash | None = None
    plain: bool = False

    @property
    def ceiling(self) -> int | None:
        """The need that no choice can pass; ``None`` where there is no choice."""
        return next((one.ceiling for one in self.levels if one.level == "need"), None)

    def problem(self, units: pd.DataFrame) -> ChoiceProblem:
        """Return the problem over the units that may be chosen (from a plan's own table)."""
        return pose.problem_of(units, self.limits, tiers_first=self.tiers_first, baht=self.baht)


def to_record(record: Record) -> dict[str, Any]:
    """Return a record as plain data."""
    return {
        "provinces": list(record.provinces),
        "limits": [record_of(limit) for limit in record.limits],
        "tiers_first": record.tiers_first,
        "baht": record.baht,
        "proved": record.proved,
        "plain": record.plain,
        "levels": [
            {
                "level": one.level,
                "reached": one.reached,
                "ceiling": one.ceiling,
                "multipliers": [[row, str(number)] for row, number in one.multipliers.items()],
            }
            for one in record.levels
        ],
        "shortfalls": [[record_of(limit), number] for limit, number in record.shortfalls],
        "clash": None if record.clash is None else record_of_clash(record.clash),
    }


def from_record(data: Mapping[str, Any]) -> Record:
    """Read a record back from :func:`to_record`."""
    return Record(
        provinces=tuple(data["provinces"]),
        limits=tuple(limit_from(one) for one in data["limits"]),
        tiers_first=data["tiers_first"],
        baht=data["baht"],
        proved=data["proved"],
        plain=data["plain"],
        levels=tuple(
            LevelProof(
                one["level"],
                one["reached"],
                one["ceiling"],
                {row: int(number) for row, number in one["multipliers"]},
            )
            for one in data["levels"]
        ),
        shortfalls=tuple(
            (limit, number)
            for one, number in data["shortfalls"]
            if isinstance(limit := limit_from(one), Count)
        ),
        clash=None if data["clash"] is None else clash_from(data["clash"]),
    )
