"""Steps that come one after another: whether dates keep their order, length and gaps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from phaenthi.targeting.rules.rule import OrderRule
from phaenthi.wording import Language, say

Fault = Literal["missing", "too_short", "too_early", "gap_too_short", "gap_too_long"]
Dates = tuple[date, date]


@dataclass(frozen=True)
class Misstep:
    """A step whose dates the rule does not allow.

    Attributes
    ----------
    found, limit
        Days; both 0 where the step has no dates or begins before the one before it ends.
    """

    step: str
    fault: Fault
    found: int = 0
    limit: int = 0

    def sentence(self, rule: OrderRule, language: Language) -> str:
        """Say what is wrong in words."""
        words = next(one.words.say(language) for one in rule.steps if one.id == self.step)
        fault = f"sequence.{self.fault}"
        return say(fault, language, step=words, found=self.found, limit=self.limit)


def check_dates(rule: OrderRule, dates: Mapping[str, Dates]) -> list[Misstep]:
    """Check the dates of steps against a rule on their order.

    Parameters
    ----------
    dates
        First and last day by the id of the step. A step without dates is not taken yet, which is
        a fault only when a later one is.

    Returns
    -------
    list of Misstep
        In the order of the steps. A gap is counted from the last day of the step before to the
        first day of this one.
    """
    missteps: list[Misstep] = []
    taken = [n for n, step in enumerate(rule.steps) if step.id in dates]
    last = taken[-1] if taken else -1
    ended: date | None = None
    for number, step in enumerate(rule.steps):
        if step.id not in dates:
            missteps += [Misstep(step.id, "missing")] if number < last else []
            continue
        begins, ends = dates[step.id]
        length = (ends - begins).days + 1
        if step.days is not None and length < step.days:
            missteps.append(Misstep(step.id, "too_short", length, step.days))
        if ended is not None:
            gap = (begins - ended).days
            if gap < 0:
                missteps.append(Misstep(step.id, "too_early"))
            elif step.gap_at_least is not None and gap < step.gap_at_least:
                missteps.append(Misstep(step.id, "gap_too_short", gap, step.gap_at_least))
            elif step.gap_at_most is not None and gap > step.gap_at_most:
                missteps.append(Misstep(step.id, "gap_too_long", gap, step.gap_at_most))
        ended = ends
    return missteps
