"""Rules on areas and numbers: scope, allotments, caps, minima, shares and what must differ."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from phaenthi.targeting.rules.elements import (
    AreaLevel,
    Model,
    PartId,
    ProvinceCode,
    RuleModel,
    TableColumn,
    UnitTest,
    Words,
)


class Unnamed(Model):
    """Provinces that a document counts and does not name.

    Attributes
    ----------
    printed
        How many provinces the document says take part.
    """

    printed: int
    words: Words


class ScopeRule(RuleModel):
    """Which provinces take part: those named, or all of the country but some.

    Attributes
    ----------
    unnamed
        Where the document counts more provinces than it names: the others are asked for, never
        guessed.
    """

    kind: Literal["scope"]
    provinces: tuple[ProvinceCode, ...] = ()
    all_except: tuple[ProvinceCode, ...] | None = None
    unnamed: Unnamed | None = None

    @model_validator(mode="after")
    def _one_list(self) -> ScopeRule:
        if bool(self.provinces) == (self.all_except is not None):
            raise PydanticCustomError(
                "targeting.pack_one_of", "", {"known": "provinces, all_except"}
            )
        return self


class AllotmentInput(Model):
    """A table of the numbers per area that the Department sends and the document does not print.

    Attributes
    ----------
    table
        Name of the file that the planner puts beside the pack or into an own folder.
    total
        What the rows of all areas add up to by the document; ``None`` where it gives none.
    """

    table: str
    area_column: str
    column: str
    total: int | None = None
    words: Words


class AllotmentRule(RuleModel):
    """How many units each area gets: by an official table, the same in each, or by an input.

    Attributes
    ----------
    units, each, input
        Exactly one: an official table, one number for every area, or a table still to be given.
    mode
        Whether the number is to be reached exactly or is the most that there may be.
    shortfall
        What to do where an area has too few units that meet the rules: ``refuse`` the plan, or
        fill what there is and ``report`` the rest, never filled from elsewhere.
    total
        The number for the whole country that the document prints.
    """

    kind: Literal["allotment"]
    level: AreaLevel
    units: TableColumn | None = None
    each: int | None = Field(default=None, ge=0)
    input: AllotmentInput | None = None
    mode: Literal["exactly", "at_most"] = "exactly"
    shortfall: Literal["refuse", "report"] = "refuse"
    total: int | None = None

    @model_validator(mode="after")
    def _one_number(self) -> AllotmentRule:
        if sum(one is not None for one in (self.units, self.each, self.input)) != 1:
            raise PydanticCustomError("targeting.pack_one_of", "", {"known": "units, each, input"})
        if self.units is not None and self.units.level != self.level:
            raise PydanticCustomError("targeting.pack_level_differs", "", {"found": self.level})
        return self


class ExactlyAreasRule(RuleModel):
    """How many areas inside each province take part, exactly, from an official table."""

    kind: Literal["exactly_areas"]
    level: Literal["amphoe", "tambon"]
    areas: TableColumn
    units_each_at_least: int = Field(ge=1)


class CapRule(RuleModel):
    """At most so many units in an area: in each one, or on the average of a province."""

    kind: Literal["cap"]
    level: Literal["amphoe", "tambon"]
    at_most: int = Field(ge=1)
    mode: Literal["each", "average"]


class AtLeastRule(RuleModel):
    """At least so many chosen units in each area.

    Attributes
    ----------
    name
        Column of the judgement that tells, true or false, which units count.
    where
        The tests that a unit must meet to count; every unit counts without them.
    """

    kind: Literal["at_least"]
    level: AreaLevel
    at_least: int = Field(ge=1)
    name: PartId
    where: tuple[UnitTest, ...] = ()


class ShareRule(RuleModel):
    """At least, or exactly, a share of a set of units, with the rounding stated.

    Attributes
    ----------
    of
        The set that the share is taken of: the units ``chosen``, or those ``eligible``.
    counts
        ``name`` of the column of the judgement that tells which units count towards the share
        of those chosen; of those eligible, the units chosen count.
    level
        Where the share is taken: in the whole plan (``country``) or in each area.
    mode
        ``exactly``: of those eligible the plan takes just so many.
    """

    kind: Literal["share"]
    of: Literal["chosen", "eligible"]
    percent: int = Field(ge=0, le=100)
    rounding: Literal["up", "down", "nearest"]
    level: Literal["country", "province", "amphoe"]
    name: PartId
    where: tuple[UnitTest, ...] = ()
    mode: Literal["at_least", "exactly"] = "at_least"

    @model_validator(mode="after")
    def _exactly_of_eligible(self) -> ShareRule:
        if self.mode == "exactly" and self.of != "eligible":
            raise PydanticCustomError(
                "targeting.pack_one_of", "", {"known": "of: chosen, mode: exactly"}
            )
        return self

    def number(self, size: int) -> int:
        """Return how many units the share of a set of ``size`` is, in whole numbers.

        A half is rounded up when the rounding is ``nearest``.
        """
        hundredths = size * self.percent
        extra = {"up": 99, "down": 0, "nearest": 50}[self.rounding]
        return (hundredths + extra) // 100


class DistinctRule(RuleModel):
    """No two chosen units of an area share the value of a column."""

    kind: Literal["distinct"]
    column: PartId
    within: Literal["country", "province", "amphoe", "tambon"]
