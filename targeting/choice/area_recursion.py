"""The exact choice of units area by area: the best choice of one part.

Total need is maximised; equal choices are told apart by more target households, then by the lower
unit code. All three are written into **one whole number a unit**, so that adding and comparing
choices is adding and comparing whole numbers, the best choice is unique, and its lowest bits say
which units it holds:

    worth = (need · 2^h + target households) · 2^n + 2^(n − 1 − place of the code)

The recursion goes over the areas (state: areas used × units taken) and is exact: within an area
the best ``k`` units are the first ``k`` by worth, because worths add.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from phaenthi.targeting.limits.demand import CapReading


@dataclass(frozen=True)
class AreaDemand:
    """What is asked of the units of one group of areas.

    Attributes
    ----------
    group
        Code of what the areas lie in, such as a province.
    units
        Units to choose, exactly.
    areas
        Areas that take part, exactly, each with at least one unit; ``None``: left open.
    cap
        At most this many units in an area.
    cap_reading
        ``"each"``: in every area; ``"average"``: over the areas that take part.
    """

    group: str
    units: int
    areas: int | None = None
    cap: int | None = None
    cap_reading: CapReading = "each"

    def __post_init__(self) -> None:
        """Refuse an average over a number of areas that nobody gave."""
        if self.cap is not None and self.cap_reading == "average" and self.areas is None:
            raise ValueError("a cap read as an average needs the number of areas that take part")

    @property
    def most_in_an_area(self) -> int:
        """The largest number of units that one area may hold."""
        if self.cap is not None and self.cap_reading == "each":
            return min(self.cap, self.units)
        return self.units

    @property
    def over_average(self) -> bool:
        """Whether the average cap cannot hold, whichever units are chosen."""
        averaged = self.cap is not None and self.cap_reading == "average"
        return averaged and self.units > (self.cap or 0) * (self.areas or 0)


@dataclass(frozen=True)
class Area:
    """The units of one area: those locked in, and the others from the best downwards."""

    code: str
    locked: tuple[int, ...]
    others: tuple[int, ...]

    def sums(self, most: int, *, without: int = 0, including: int = 0) -> list[int | None]:
        """Return the worth of the best 0, 1, … ``most`` units; ``None`` where impossible."""
        extra = (including,) if including and including not in self.locked else ()
        must = self.locked + extra
        if without in must:
            return [None] * (most + 1)
        sums: list[int | None] = [None] * (most + 1)
        if len(must) > most:
            return sums
        total, count = sum(must), len(must)
        sums[count] = total
        for worth in self.others:
            if count == most:
                break
            if worth in (without, including):
                continue
            total, count = total + worth, count + 1
            sums[count] = total
        return sums


Table = list[list[int | None]]


@dataclass(frozen=True)
class Board:
    """One province laid out for the recursion."""

    demand: AreaDemand
    areas: tuple[Area, ...]
    area_of: Mapping[str, int]
    worth: Mapping[str, int]
    code_at: Sequence[str]
    need: Mapping[str, int]
    household_bits: int
    locked_in: frozenset[str]
    locked_out: frozenset[str]

    @classmethod
    def of(
        cls,
        candidates: pd.DataFrame,
        demand: AreaDemand,
        locked_in: frozenset[str],
        locked_out: frozenset[str],
    ) -> Board:
        """Lay candidates out (see :class:`phaenthi.targeting.choice.by_area.ByArea`)."""
        open_ = candidates[~candidates["unit_code"].isin(locked_out)]
        open_ = open_.sort_values("unit_code")
        codes = open_["unit_code"].tolist()
        needs = [int(n) for n in open_["need"]]
        households = [int(n) for n in open_["target_households"]]
        size, household_bits = len(codes), sum(households).bit_length()
        worth = {
            code: (((need << household_bits) + count) << size) + (1 << (size - 1 - place))
            for place, (code, need, count) in enumerate(zip(codes, needs, households, strict=True))
        }
        members: dict[str, list[str]] = {}
        for code, area in zip(codes, open_["area_code"], strict=True):
            members.setdefault(area, []).append(code)
        areas = tuple(
            Area(
                area,
                tuple(worth[c] for c in inside if c in locked_in),
                tuple(sorted((worth[c] for c in inside if c not in locked_in), reverse=True)),
            )
            for area, inside in sorted(members.items())
        )
        place_of_area = {area.code: place for place, area in enumerate(areas)}
        return cls(
            demand=demand,
            areas=areas,
            area_of={c: place_of_area[a] for a, inside in members.items() for c in inside},
            worth=worth,
            code_at=codes,
            need=dict(zip(codes, needs, strict=True)),
            household_bits=household_bits,
            locked_in=locked_in,
            locked_out=locked_out,
        )

    def need_of(self, worth: int) -> int:
        """Return the total need in a worth."""
        return worth >> (len(self.code_at) + self.household_bits)

    def codes_in(self, worth: int) -> tuple[str, ...]:
        """Read the units of a plan off the lowest bits of its worth."""
        size = len(self.code_at)
        bits = format(worth & ((1 << size) - 1), f"0{size}b")
        return tuple(code for code, bit in zip(self.code_at, bits, strict=True) if bit == "1")

    @property
    def used_limit(self) -> int:
        """Areas counted by the recursion; 0 when their number does not matter."""
        return self.demand.areas or 0

    def step(self, table: Table, sums: Sequence[int | None]) -> Table:
        """Add one area to a table of best worths by areas used and units taken."""
        counts_areas = self.demand.areas is not None
        grown: Table = [[None] * (self.demand.units + 1) for _ in range(self.used_limit + 1)]
        for used, row in enumerate(table):
            for taken, worth in enumerate(row):
                if worth is None:
                    continue
                for count, gain in enumerate(sums[: self.demand.units - taken + 1]):
                    now_used = used + 1 if counts_areas and count else used
                    if gain is None or now_used > self.used_limit:
                        continue
                    there = grown[now_used][taken + count]
                    if there is None or worth + gain > there:
                        grown[now_used][taken + count] = worth + gain
        return grown

    def start(self) -> Table:
        """Return the table before any area: nothing used, nothing taken, worth nothing."""
        table: Table = [[None] * (self.demand.units + 1) for _ in range(self.used_limit + 1)]
        table[0][0] = 0
        return table

    @cached_property
    def best(self) -> int | None:
        """The worth of the best choice; ``None`` where there is none."""
        missing = self.locked_in - self.worth.keys()
        if self.demand.over_average or missing:
            return None
        table = self.start()
        for area in self.areas:
            table = self.step(table, area.sums(self.demand.most_in_an_area))
        return table[self.used_limit][self.demand.units]

    @property
    def best_codes(self) -> tuple[str, ...] | None:
        """The units of the best choice, sorted; ``None`` where there is none."""
        return None if self.best is None else self.codes_in(self.best)
