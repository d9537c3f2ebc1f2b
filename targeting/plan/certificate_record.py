"""The certificate of a choice, as a plan keeps it: what proves it, or why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from phaenthi.targeting.clash.found import Clash
from phaenthi.targeting.clash.record import clash_from, record_of_clash
from phaenthi.targeting.limits.problem import Count, limit_from, record_of
from phaenthi.targeting.proof.ceiling import LevelProof


@dataclass(frozen=True)
class Certificate:
    """What a plan keeps of one choice besides the units: enough to check it anew.

    Attributes
    ----------
    provinces
        The provinces chosen together: one, or all that a rule ties to one another.
    levels
        The proof of each level of the objective, or that there is no choice.
    shortfalls
        What is missing where a group was to be filled and is not full: the limit and a number.
    clash
        Where there is no choice: why, and what would make one possible.
    """

    provinces: tuple[str, ...]
    levels: tuple[LevelProof, ...] = ()
    shortfalls: tuple[tuple[Count, int], ...] = ()
    clash: Clash | None = None

    @property
    def ceiling(self) -> int | None:
        """The need that no choice can pass; ``None`` where there is no choice."""
        return next((one.ceiling for one in self.levels if one.level == "need"), None)


def to_record(certificate: Certificate) -> dict[str, Any]:
    """Return a certificate as plain data."""
    clash = certificate.clash
    return {
        "provinces": list(certificate.provinces),
        "levels": [
            {
                "level": one.level,
                "reached": one.reached,
                "ceiling": one.ceiling,
                "multipliers": [[row, str(number)] for row, number in one.multipliers.items()],
            }
            for one in certificate.levels
        ],
        "shortfalls": [[record_of(limit), number] for limit, number in certificate.shortfalls],
        "clash": None if clash is None else record_of_clash(clash),
    }


def from_record(data: Mapping[str, Any]) -> Certificate:
    """Read a certificate back from :func:`to_record`."""
    return Certificate(
        provinces=tuple(data["provinces"]),
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
