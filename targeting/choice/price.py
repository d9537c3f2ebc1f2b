"""The price of a unit: what it would take to change the choice's mind about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from phaenthi.targeting.limits.problem import AnyLimit

Binding = Literal["limit", "tier"]


@dataclass(frozen=True)
class Price:
    """What it would take to change the choice's mind about one unit.

    Attributes
    ----------
    points
        For a unit outside the choice: need points that it lacks to be chosen (one fewer does
        not do). For a chosen one: points of total need lost when it is left out; ``None`` when
        no choice exists without it.
    incoming, outgoing
        Units that would enter and leave.
    binding
        For a unit outside the choice: ``"limit"``: the one in ``limit`` keeps it out;
        ``"tier"``: an earlier tier comes first.
    tied
        Leaving it out (or taking it in) costs no need: the declared tie order decided.
    """

    points: int | None
    incoming: tuple[str, ...] = ()
    outgoing: tuple[str, ...] = ()
    binding: Binding | None = None
    tied: bool = False
    limit: AnyLimit | None = None
