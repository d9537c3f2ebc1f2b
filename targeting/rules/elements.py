"""What rules are made of: words, clauses, readings, and tests on a household or on a unit."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from phaenthi.geo.places.codes import Level
from phaenthi.wording import Language

RuleId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*$")]
PartId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
ProvinceCode = Annotated[str, StringConstraints(pattern=rf"^[0-9]{{{Level.PROVINCE.digits}}}$")]
Year = Annotated[int, Field(ge=2500, le=2700)]
Force = Literal["must", "should", "may"]
Origin = Literal["stated", "inferred", "assumed"]
AreaLevel = Literal["province", "amphoe", "tambon"]

# Columns that every table of units has, so that a test may name them without declaring them.
PLACE_COLUMNS: tuple[str, ...] = ("village_code", "tambon_code", "amphoe_code", "province_code")


class Model(BaseModel):
    """A part of a pack: it cannot be changed, and a field that it does not know is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, populate_by_name=True)


class Words(Model):
    """The same sentence in Thai and in English."""

    th: Annotated[str, StringConstraints(min_length=1)]
    en: Annotated[str, StringConstraints(min_length=1)]

    def say(self, language: Language) -> str:
        """Return the sentence in one language."""
        return self.th if language == "th" else self.en


class Clause(Model):
    """Where a rule is written: document, heading, item."""

    document: str
    heading: Words
    item: str


class Reading(Words):
    """One meaning that the text allows; ``set`` holds the fields that it changes."""

    set: dict[str, Any] = Field(default_factory=dict)


class RuleModel(Model):
    """What every rule carries besides its own content."""

    id: RuleId
    clause: Clause
    force: Force
    origin: Origin
    words: Words
    remarks: tuple[Words, ...] = ()
    readings: dict[str, Reading] = Field(default_factory=dict)
    reading: str | None = None

    @model_validator(mode="after")
    def _reading_exists(self) -> RuleModel:
        if (self.reading is None) != (not self.readings) or (
            self.reading is not None and self.reading not in self.readings
        ):
            raise PydanticCustomError(
                "targeting.pack_reading_unknown",
                "reading not among the readings",
                {"rule": self.id, "found": self.reading or "–", "known": ", ".join(self.readings)},
            )
        return self


class Source(Model):
    """A register that rules ask about households, in one year.

    Attributes
    ----------
    absent
        What it means that a household has no row: ``not_met`` for a list of those who
        qualify, ``unknown`` for a survey of everyone.
    complete_per
        A village (or amphoe, or province) without a single row is one whose register is not
        here: what the register would say is then unknown.
    """

    words: Words
    layer: Literal["households", "poverty"]
    year: Year
    absent: Literal["not_met", "unknown"]
    complete_per: Literal["village", "amphoe", "province"]


class Condition(Model):
    """A test on a household: one column against one limit, a definition, or a group of these."""

    source: str | None = None
    column: str | None = None
    below: int | None = None
    at_most: int | None = None
    at_least: int | None = None
    is_: bool | None = Field(default=None, alias="is")
    definition: RuleId | None = None
    all: tuple[Condition, ...] | None = None
    any: tuple[Condition, ...] | None = None

    @model_validator(mode="after")
    def _one_test(self) -> Condition:
        tests = [self.below, self.at_most, self.at_least, self.is_]
        compared = sum(test is not None for test in tests)
        column = self.source is not None and self.column is not None
        shapes = [column, self.definition is not None, bool(self.all), bool(self.any)]
        half = (self.source is None) != (self.column is None)
        if sum(shapes) != 1 or half or compared != (1 if column else 0):
            raise PydanticCustomError("targeting.pack_condition_unclear", "not one test")
        return self


class UnitColumn(Model):
    """A column that the pack asks of each unit: the contract of the table that a planner gives.

    Attributes
    ----------
    kind
        ``count`` and ``amount`` are numbers ≥ 0, ``flag`` is true or false, ``text`` is one of
        ``choices`` where they are given, ``year`` a year พ.ศ., ``code`` a code kept as text.
    unit
        Of an amount: ``metres``, ``baht``, ``percent``, …
    """

    words: Words
    kind: Literal["count", "amount", "flag", "text", "year", "code"]
    choices: dict[str, Words] = Field(default_factory=dict)
    unit: str = ""


class TargetOf(Model):
    """Whether a unit is, or holds, a target village of a programme in one of some years."""

    programme: RuleId
    years: tuple[Year, ...] = Field(min_length=1)


class UnitTest(Model):
    """A test on a unit: one of its columns, an earlier target, or a group of tests.

    Attributes
    ----------
    times
        A column whose value multiplies the limit: ``at_least: 2, times: depth`` asks for at
        least twice the depth.
    percent_of
        A column that the value is a share of, in percent: ``at_least: 60, percent_of: sellers``.
    same_as, differs_from
        A column that must hold the same code, or another.
    target_of
        The unit's village (or any village of a tambon) was a target of a programme.
    some
        At least so many of several tests.
    """

    column: str | None = None
    below: int | None = None
    at_most: int | None = None
    at_least: int | None = None
    above: int | None = None
    times: str | None = None
    percent_of: str | None = None
    is_: bool | None = Field(default=None, alias="is")
    one_of: tuple[str, ...] | None = None
    none_of: tuple[str, ...] | None = None
    same_as: str | None = None
    differs_from: str | None = None
    target_of: TargetOf | None = None
    all: tuple[UnitTest, ...] | None = None
    any: tuple[UnitTest, ...] | None = None
    some: Some | None = None

    @model_validator(mode="after")
    def _one_test(self) -> UnitTest:
        limits = [self.below, self.at_most, self.at_least, self.above]
        others = [self.is_, self.one_of, self.none_of, self.same_as, self.differs_from]
        compared = sum(one is not None for one in (*limits, *others))
        shapes = [self.column, self.target_of, self.all or None, self.any or None, self.some]
        both = self.times is not None and self.percent_of is not None
        scaled = self.times is not None or self.percent_of is not None
        multiplied = both or (scaled and all_missing(limits))
        if (
            sum(shape is not None for shape in shapes) != 1
            or compared != (1 if self.column is not None else 0)
            or multiplied
        ):
            raise PydanticCustomError("targeting.pack_unit_test_unclear", "not one test")
        return self

    def inside(self) -> tuple[UnitTest, ...]:
        """Return the tests that this one is a group of."""
        return (*(self.all or ()), *(self.any or ()), *(self.some.of if self.some else ()))


class Some(Model):
    """At least so many of several tests."""

    at_least: int = Field(ge=1)
    of: tuple[UnitTest, ...] = Field(min_length=1)


UnitTest.model_rebuild()


def all_missing(values: list[int | None]) -> bool:
    """Tell whether no value is given."""
    return all(value is None for value in values)


class TableColumn(Model):
    """A column of an official table and what it must add up to.

    Attributes
    ----------
    level
        What the codes of ``area_column`` are of.
    total
        The total that the document prints.
    sums_to
        What the rows add up to when the document's own total is wrong and the pack says so;
        without it the rows must give ``total``.
    areas
        How many areas the document says that there are, where it says so.
    """

    table: str
    area_column: str
    name_column: str | None = None
    column: str
    total: int
    sums_to: int | None = None
    level: Literal["province", "amphoe"] = "province"
    areas: int | None = None

    @property
    def expected(self) -> int:
        """The sum that the rows must have."""
        return self.total if self.sums_to is None else self.sums_to


class Register(Model):
    """A programme's list of target villages in some fiscal years."""

    programme: RuleId
    years: tuple[Year, ...] = Field(min_length=1)
    words: Words
