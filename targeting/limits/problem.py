"""What is to be chosen: a table of units and the limits that every choice must keep, by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from typing import Any, Literal

import pandas as pd

Rounding = Literal["up", "down", "nearest"]

# A column that no table has: the units of an area that a rule's own column says yes to.
WHERE = "?"
COUNTRY = "country"
OVERRIDE = "override"
# The name under which units that cannot be decided yet are kept out.
UNSETTLED = "unsettled"
YES = "yes"

REQUIRED_COLUMNS = ("unit_code", "need", "target_households", "cost_baht", "unit_tier")


@dataclass(frozen=True)
class Group:
    """The units that have a value in a column, such as ``amphoe_code`` 4601; no column: all."""

    column: str = ""
    value: str = ""


ALL = Group()


@dataclass(frozen=True)
class Limit:
    """What every limit carries: the id of the rule that it comes from."""

    rule: str


@dataclass(frozen=True)
class Count(Limit):
    """At least and at most so many units of a group; exactly when both are the same.

    Attributes
    ----------
    most
        ``None``: no upper limit.
    fill
        The group is to be filled as far as possible; what is missing is reported.
    """

    group: Group
    least: int = 0
    most: int | None = None
    fill: bool = False

    @property
    def is_exact(self) -> bool:
        """Whether the number of units is settled by the limit alone."""
        return self.least == self.most


@dataclass(frozen=True)
class Areas(Limit):
    """Exactly ``areas`` areas of a group have units in the choice, each at least so many."""

    group: Group
    area_column: str
    areas: int
    each_at_least: int = 1


@dataclass(frozen=True)
class Average(Limit):
    """Over the areas of a group that have units in the choice, on average at most ``most``."""

    group: Group
    area_column: str
    most: int


@dataclass(frozen=True)
class Budget(Limit):
    """The units chosen in a group cost at most so many baht together."""

    group: Group
    baht: int


@dataclass(frozen=True)
class Distinct(Limit):
    """No two units chosen in the same area have the same value; a missing value repeats none."""

    area_column: str
    value_column: str


@dataclass(frozen=True)
class Share(Limit):
    """At least a fraction of the units chosen in a group belong to a part of it.

    Attributes
    ----------
    rounding
        How the fraction of a number of units becomes a whole number.
    """

    group: Group
    part: Group
    numerator: int
    denominator: int
    rounding: Rounding = "up"

    def asked(self, units: int) -> int:
        """Return how many of so many chosen units must belong to the part."""
        exact = self.numerator * units
        if self.rounding == "up":
            return -(-exact // self.denominator)
        if self.rounding == "down":
            return exact // self.denominator
        return (2 * exact + self.denominator) // (2 * self.denominator)


@dataclass(frozen=True)
class Lock(Limit):
    """One unit that is in, or out, whatever its points: a person's decision."""

    unit_code: str
    taken: bool


@dataclass(frozen=True)
class Barred(Limit):
    """Units that a rule of eligibility keeps out."""

    unit_codes: tuple[str, ...]


AnyLimit = Count | Areas | Average | Budget | Distinct | Share | Lock | Barred
_KINDS: Mapping[str, type[Limit]] = {
    kind.__name__.lower(): kind
    for kind in (Count, Areas, Average, Budget, Distinct, Share, Lock, Barred)
}


@dataclass(frozen=True, eq=False)
class ChoiceProblem:
    """The units that may be chosen and the limits on the choice.

    Attributes
    ----------
    units
        A row a unit: unit_code (text, unique), need, target_households, cost_baht (whole
        numbers ≥ 0), unit_tier (1 is filled first) and every column that a limit names (text,
        missing where a unit belongs to no group). Sorted by unit_code.
    limits
        What every choice must keep.
    tiers_first
        Whether the first tier is filled before the next; without it ``unit_tier`` plays no part.

    Notes
    -----
    Of two choices the better has more units of the first tier, then of the next … (only with
    ``tiers_first``, or where groups are to be filled; then the units of those groups count),
    then more need, then more target households, then the lower unit codes.
    """

    units: pd.DataFrame = field(repr=False, compare=False)
    limits: tuple[AnyLimit, ...] = ()
    tiers_first: bool = False

    def __post_init__(self) -> None:
        """Refuse a table without the columns, or with a code twice or out of order."""
        missing = [name for name in REQUIRED_COLUMNS if name not in self.units]
        if missing:
            raise ValueError(f"no column {', '.join(missing)} among the units")
        codes = self.units["unit_code"]
        if not codes.is_unique or not codes.is_monotonic_increasing:
            raise ValueError("unit codes must be unique and sorted")

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """The unit codes, sorted."""
        return tuple(map(str, self.units["unit_code"].tolist()))

    @cached_property
    def place(self) -> Mapping[str, int]:
        """The place of each unit code."""
        return {code: place for place, code in enumerate(self.codes)}

    def numbers(self, column: str) -> list[int]:
        """Return a column as whole numbers."""
        if column not in self._numbers:
            self._numbers[column] = self.units[column].astype("int64").tolist()
        return self._numbers[column]

    def values(self, column: str) -> Sequence[str | None]:
        """Return a column as text, ``None`` where missing."""
        if column not in self._values:
            cells = self.units[column]
            told = zip(cells.tolist(), cells.isna().tolist(), strict=True)
            self._values[column] = [None if missing else str(cell) for cell, missing in told]
        return self._values[column]

    def members(self, group: Group) -> tuple[int, ...]:
        """Return the places of a group's units."""
        if not group.column:
            return tuple(range(len(self.codes)))
        return self._members(group.column).get(group.value, ())

    def areas(self, column: str, group: Group = ALL) -> dict[str, tuple[int, ...]]:
        """Return the places of the units of each area inside a group, sorted by area."""
        if not group.column:
            return self._members(column)
        found: dict[str, list[int]] = {}
        values = self.values(column)
        for place in self.members(group):
            value = values[place]
            if value is not None:
                found.setdefault(value, []).append(place)
        return {value: tuple(places) for value, places in sorted(found.items())}

    @cached_property
    def counts_first(self) -> bool:
        """Whether the number of units, tier by tier, comes before their need."""
        filled = any(isinstance(limit, Count) and limit.fill for limit in self.limits)
        return filled or self.tiers_first

    @cached_property
    def levels(self) -> tuple[tuple[str, tuple[int, ...]], ...]:
        """What is maximised, the first before the next: a name and a number for each unit."""
        tiers = self.numbers("unit_tier") if self.tiers_first else [1] * len(self.codes)
        filled = [one for one in self.limits if isinstance(one, Count) and one.fill]
        counted = {unit for one in filled for unit in self.members(one.group)}
        if not filled:
            counted = set(range(len(self.codes)))
        by_tier = tuple(
            (f"tier {tier}", tuple(int(t == tier and u in counted) for u, t in enumerate(tiers)))
            for tier in (sorted(set(tiers)) if self.counts_first else ())
        )
        return (
            *by_tier,
            ("need", tuple(self.numbers("need"))),
            ("target_households", tuple(self.numbers("target_households"))),
        )

    def without(self, codes: Iterable[str]) -> ChoiceProblem:
        """Return the problem without some units."""
        gone = set(codes)
        kept = self.units[~self.units["unit_code"].isin(gone)].reset_index(drop=True)
        return replace(self, units=kept)

    @cached_property
    def _values(self) -> dict[str, list[str | None]]:
        return {}

    @cached_property
    def _numbers(self) -> dict[str, list[int]]:
        return {}

    @cached_property
    def _by_column(self) -> dict[str, dict[str, tuple[int, ...]]]:
        return {}

    def _members(self, column: str) -> dict[str, tuple[int, ...]]:
        if column not in self._by_column:
            found: dict[str, list[int]] = {}
            for place, value in enumerate(self.values(column)):
                if value is not None:
                    found.setdefault(value, []).append(place)
            self._by_column[column] = {v: tuple(found[v]) for v in sorted(found)}
        return self._by_column[column]


def record_of(limit: AnyLimit) -> dict[str, Any]:
    """Return a limit as plain data for a plan's record."""
    return {"kind": type(limit).__name__.lower(), **asdict(limit)}


def limit_from(record: Mapping[str, Any]) -> AnyLimit:
    """Read a limit back from :func:`record_of`.

    Raises
    ------
    KeyError, TypeError
        If the record is not of a limit.
    """
    values = {name: value for name, value in record.items() if name != "kind"}
    for name in ("group", "part"):
        if name in values:
            values[name] = Group(**values[name])
    if "unit_codes" in values:
        values["unit_codes"] = tuple(values["unit_codes"])
    return _KINDS[record["kind"]](**values)  # type: ignore[return-value]
