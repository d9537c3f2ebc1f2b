"""Rules on one unit: what it must have, what it may not repeat, its tier, its grade, its lock."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from phaenthi.targeting.rules.elements import (
    Model,
    PartId,
    Register,
    RuleId,
    RuleModel,
    UnitTest,
    Words,
    Year,
)


class RequiresRule(RuleModel):
    """A condition on the unit's own data: a count of its households, or tests on its columns.

    Attributes
    ----------
    measure, at_least
        So many households that the ``members`` rule may take.
    all
        Tests that must all hold.
    unless
        Tests any of which is a way out.
    """

    kind: Literal["requires"]
    measure: Literal["target_households"] | None = None
    at_least: int | None = Field(default=None, ge=1)
    all: tuple[UnitTest, ...] = ()
    unless: tuple[UnitTest, ...] = ()

    @model_validator(mode="after")
    def _one_condition(self) -> RequiresRule:
        counted = self.measure is not None
        if counted == bool(self.all) or (counted and self.unless):
            raise PydanticCustomError("targeting.pack_one_of", "", {"known": "measure, all"})
        if counted != (self.at_least is not None):
            raise PydanticCustomError("targeting.pack_one_of", "", {"known": "at_least"})
        return self


class FlagRule(RuleModel):
    """Something that people must look at; it never excludes a unit.

    Attributes
    ----------
    any
        Tests any of which raises the flag.
    settled
        Tests all of which settle it, such as a permission that was given.
    """

    kind: Literal["flag"]
    any: tuple[UnitTest, ...] = Field(min_length=1)
    settled: tuple[UnitTest, ...] = ()


class Unless(Model):
    """The way out of an overlap: the earlier beneficiary households are not taken again.

    Attributes
    ----------
    enough_for
        Id of the ``requires`` rule that the households which remain must still satisfy.
    """

    beneficiaries_not_reused: Literal[True]
    enough_for: RuleId


class NoOverlapRule(RuleModel):
    """Not a target of these programmes in these fiscal years.

    Attributes
    ----------
    without_register
        What to make of a programme and year of which the province has no row at all:
        ``unknown``, or ``clear`` when the planner takes what was imported as complete.
    """

    kind: Literal["no_overlap"]
    registers: tuple[Register, ...] = Field(min_length=1)
    unless: Unless | None = None
    without_register: Literal["unknown", "clear"] = "unknown"

    def pairs(self) -> tuple[tuple[str, int], ...]:
        """Return every (programme, fiscal year) that the rule names."""
        return tuple((one.programme, year) for one in self.registers for year in one.years)


class AllowedRegister(Model):
    """A programme whose target villages may be taken again, but for some fiscal years."""

    programme: RuleId
    except_years: tuple[Year, ...] = ()
    words: Words


class MayOverlapRule(RuleModel):
    """Named programmes whose target villages may be taken: told, never excluded."""

    kind: Literal["may_overlap"]
    registers: tuple[AllowedRegister, ...] = Field(min_length=1)


class UnitTier(Model):
    """One class of units; its place in the list is its number."""

    id: RuleId
    words: Words
    all: tuple[UnitTest, ...] = Field(min_length=1)


class TiersRule(RuleModel):
    """Ordered classes of units: fill the first before the next, up to the allotment.

    A unit belongs to the first tier that holds for it; one that none holds for is not eligible.
    """

    kind: Literal["tiers"]
    tiers: tuple[UnitTier, ...] = Field(min_length=1)


class JustifyRule(RuleModel):
    """A choice that is allowed but needs a written reason.

    Attributes
    ----------
    taken, while_remains
        Tiers: a unit of the first is taken although one of the second remains.
    reason_for
        Which units need the reason: those ``taken``, those ``passed_over``, or both.
    """

    kind: Literal["justify"]
    taken: RuleId
    while_remains: RuleId
    reason_for: tuple[Literal["taken", "passed_over"], ...] = Field(min_length=1)


class LockRule(RuleModel):
    """Not again for some years after an award or a grant.

    Attributes
    ----------
    column
        The fiscal year of the last one; ``never`` (0) where there was none.
    years
        How many years must have passed.
    """

    kind: Literal["lock"]
    column: PartId
    never: int = 0
    years: int = Field(ge=1)


class Band(Model):
    """One grade and the least value that earns it."""

    id: RuleId
    words: Words
    at_least: int


class BandsRule(RuleModel):
    """A grade by bands of a count, or of a share of two counts in percent.

    Attributes
    ----------
    column, of
        The value; with ``of`` the share ``column / of``, compared in whole numbers.
    bands
        From the highest to the lowest; below the last there is no grade.
    name
        Column of the judgement that holds the grade's id.
    required
        The lowest grade that the rules ask for; the grade is only told without it.
    """

    kind: Literal["bands"]
    name: PartId
    column: PartId
    of: PartId | None = None
    bands: tuple[Band, ...] = Field(min_length=1)
    required: RuleId | None = None

    @model_validator(mode="after")
    def _from_high_to_low(self) -> BandsRule:
        limits = [band.at_least for band in self.bands]
        if limits != sorted(set(limits), reverse=True):
            raise PydanticCustomError("targeting.pack_bands_order", "", {"rule": self.id})
        return self
