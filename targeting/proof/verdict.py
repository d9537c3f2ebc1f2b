"""What a check found: a proof, and what does not hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Failure:
    """One thing that does not hold: the id of its sentence and what fills it."""

    wording: str
    numbers: Mapping[str, object]


@dataclass(frozen=True)
class Proof:
    """What the check of one choice found.

    Attributes
    ----------
    provinces
        Codes of the provinces that are chosen together.
    need
        Total need of the choice, counted by the check.
    ceiling
        No choice that the rules allow has more need than this, worked out by the check; ``None``
        where there is no choice.
    settled
        Whether nothing is left open: that no choice has more need (nor more units of an earlier
        tier), or that there is no choice at all, is proved.
    failures
        Empty when the choice stands.
    """

    provinces: tuple[str, ...]
    need: int
    ceiling: int | None
    settled: bool
    failures: tuple[Failure, ...] = ()

    @property
    def gap(self) -> int | None:
        """Points that the ceiling alone leaves open; ``None`` where there is no choice."""
        return None if self.ceiling is None else self.ceiling - self.need
