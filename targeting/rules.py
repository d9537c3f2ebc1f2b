"""What a rule can be: one model a kind, told apart by ``kind``.

A rule is data that an officer reads and edits; nothing here knows a threshold, a year or a
place. A kind that a later pack needs is one more model in :data:`Rule`.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from geo.codes import Level
from wording import Language

RuleId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*$")]
PartId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
ProvinceCode = Annotated[str, StringConstraints(pattern=rf"^[0-9]{{{Level.PROVINCE.digits}}}$")]
Year = Annotated[int, Field(ge=2500, le=2700)]
Force = Literal["must", "should", "may"]
Origin = Literal["stated", "inferred", "assumed"]


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


class ScopeRule(RuleModel):
    """Which provinces take part."""

    kind: Literal["scope"]
    provinces: tuple[ProvinceCode, ...]


class TableColumn(Model):
    """A column of an official table and what it must add up to.

    Attributes
    ----------
    total
        The total that the document prints.
    sums_to
        What the rows add up to when the document's own total is wrong and the pack says so;
        without it the rows must give ``total``.
    """

    table: str
    area_column: str
    name_column: str | None = None
    column: str
    total: int
    sums_to: int | None = None

    @property
    def expected(self) -> int:
        """The sum that the rows must have."""
        return self.total if self.sums_to is None else self.sums_to


class AllotmentRule(RuleModel):
    """How many units each area gets, from an official table."""

    kind: Literal["allotment"]
    level: Literal["province"]
    units: TableColumn


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


class RequiresRule(RuleModel):
    """A condition on the unit's own data."""

    kind: Literal["requires"]
    measure: Literal["target_households"]
    at_least: int = Field(ge=1)


class Register(Model):
    """A programme's list of target villages in some fiscal years."""

    programme: RuleId
    years: tuple[Year, ...] = Field(min_length=1)
    words: Words


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


class DefinitionRule(RuleModel):
    """What a word of the guideline means, as conditions that must all hold."""

    kind: Literal["definition"]
    all: tuple[Condition, ...] = Field(min_length=1)


class RankBy(Model):
    """The column that orders households inside a tier: lower first."""

    source: str
    column: str


class Tier(Model):
    """One class of the people to choose; its place in the list is its number."""

    id: RuleId
    words: Words
    all: tuple[Condition, ...] = Field(min_length=1)
    rank_by: RankBy


class MembersRule(RuleModel):
    """The households inside a chosen unit: how many, and by which tiers."""

    kind: Literal["members"]
    per_unit: int = Field(ge=1)
    tiers: tuple[Tier, ...] = Field(min_length=1)
    order_within: Words


class NeedPart(Model):
    """A named part of the score that ranks: a count times a weight."""

    id: PartId
    words: Words
    measure: Literal["households_in_tier"]
    tier: RuleId
    weight: int = Field(ge=0)


class NeedRule(RuleModel):
    """The score that ranks units."""

    kind: Literal["need"]
    parts: tuple[NeedPart, ...] = Field(min_length=1)


class BudgetItem(Model):
    """A cost of one unit, in baht."""

    id: RuleId
    words: Words
    baht_per_unit: int = Field(ge=0)
    origin: Origin


class BudgetRule(RuleModel):
    """What a unit costs and what the whole programme may cost, in baht."""

    kind: Literal["budget"]
    items: tuple[BudgetItem, ...]
    total: int
    total_origin: Origin

    @property
    def baht_per_unit(self) -> int:
        """The sum of the items."""
        return sum(item.baht_per_unit for item in self.items)


class NearRule(RuleModel):
    """Prefer the closest place, in the province first."""

    kind: Literal["near"]
    places: tuple[Words, ...] = Field(min_length=1)
    same_province_first: bool


class Step(Model):
    """One step and who takes it."""

    id: RuleId
    words: Words
    by: Words


class OrderRule(RuleModel):
    """Steps that come one after another."""

    kind: Literal["order"]
    steps: tuple[Step, ...] = Field(min_length=1)


Rule = Annotated[
    ScopeRule
    | AllotmentRule
    | ExactlyAreasRule
    | CapRule
    | RequiresRule
    | NoOverlapRule
    | DefinitionRule
    | MembersRule
    | NeedRule
    | BudgetRule
    | NearRule
    | OrderRule,
    Field(discriminator="kind"),
]


class Pack(Model):
    """The content of one YAML file: one programme in one fiscal year."""

    id: RuleId
    name: Words
    fiscal_year: Year
    unit: Literal["village"]
    documents: dict[str, Words]
    sources: dict[str, Source] = Field(default_factory=dict)
    rules: tuple[Rule, ...] = Field(min_length=1)
