"""What is found out about rules that clash: conflicts, and relaxations with their changes."""

from __future__ import annotations

from dataclasses import dataclass

from phaenthi.targeting.limits.problem import AnyLimit


@dataclass(frozen=True)
class Change:
    """By how much one limit gives way: more than allowed (``above``) or less than asked.

    Attributes
    ----------
    amount
        In what the limit counts: units, areas, baht; 1 for a decision that is withdrawn.
    place
        Area and value of a repeat, unit code of a unit that is let in; else empty.
    """

    limit: AnyLimit
    above: bool
    amount: int
    place: str = ""


@dataclass(frozen=True)
class Relaxation:
    """A smallest set of changes.

    Attributes
    ----------
    amounts
        How much each rule gives way in all, by rule id.
    changes
        Where, in the best choice that the amounts allow.
    chosen, need
        That choice and its total need (of equal ones any).
    """

    amounts: tuple[tuple[str, int], ...]
    changes: tuple[Change, ...]
    chosen: tuple[str, ...]
    need: int


@dataclass(frozen=True)
class Conflict:
    """Rules that cannot hold together, and where.

    Attributes
    ----------
    rules
        Names of the rules (see :func:`name_of`), sorted.
    limits
        A smallest set of their limits that already clashes: it names the areas.
    """

    rules: tuple[str, ...]
    limits: tuple[AnyLimit, ...]


@dataclass(frozen=True)
class Clash:
    """Why there is no choice and what would make one possible.

    Attributes
    ----------
    all_conflicts, all_relaxations
        Whether every one is listed.
    no_help
        Rules of the conflicts that make no choice possible however much they alone give way.
    """

    conflicts: tuple[Conflict, ...]
    relaxations: tuple[Relaxation, ...]
    no_help: tuple[str, ...]
    all_conflicts: bool = True
    all_relaxations: bool = True
