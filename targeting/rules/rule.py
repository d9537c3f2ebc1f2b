"""What a rule can be: one model a kind, told apart by ``kind``.

A rule is data that an officer reads and edits; nothing here knows a threshold, a year or a
place. A kind that a later pack needs is one more model in :data:`Rule`.
"""

from __future__ import annotations

from math import prod
from typing import Annotated, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from phaenthi.targeting.rules.elements import (
    Clause,
    Condition,
    Model,
    Origin,
    PartId,
    Reading,
    Register,
    RuleId,
    RuleModel,
    Source,
    TableColumn,
    TargetOf,
    UnitColumn,
    UnitTest,
    Words,
    Year,
)
from phaenthi.targeting.rules.of_areas import (
    AllotmentInput,
    AllotmentRule,
    AtLeastRule,
    CapRule,
    DistinctRule,
    ExactlyAreasRule,
    ScopeRule,
    ShareRule,
)
from phaenthi.targeting.rules.of_households import DefinitionRule, FillUp, MembersRule, Tier
from phaenthi.targeting.rules.of_need import NeedPart, NeedRule
from phaenthi.targeting.rules.of_units import (
    BandsRule,
    FlagRule,
    JustifyRule,
    LockRule,
    MayOverlapRule,
    NoOverlapRule,
    RequiresRule,
    TiersRule,
    UnitTier,
    Unless,
)

__all__ = [
    "AllotmentInput",
    "AllotmentRule",
    "AtLeastRule",
    "BandsRule",
    "BudgetItem",
    "BudgetRule",
    "CapRule",
    "Clause",
    "Condition",
    "DefinitionRule",
    "DistinctRule",
    "ExactlyAreasRule",
    "FillUp",
    "FlagRule",
    "JustifyRule",
    "LockRule",
    "MayOverlapRule",
    "MembersRule",
    "NearRule",
    "NeedPart",
    "NeedRule",
    "NoOverlapRule",
    "OrderRule",
    "Pack",
    "PrintedFigure",
    "Reading",
    "Register",
    "RequiresRule",
    "Rule",
    "RuleModel",
    "ScopeRule",
    "ShareRule",
    "Source",
    "TableColumn",
    "TargetOf",
    "Tier",
    "TiersRule",
    "Unit",
    "UnitColumn",
    "UnitTest",
    "UnitTier",
    "Unless",
    "Words",
]

Unit = Literal[
    "village", "tambon", "community", "fund", "group", "product", "plot", "household", "site"
]


class BudgetItem(Model):
    """A cost of one unit, in baht."""

    id: RuleId
    words: Words
    baht_per_unit: int = Field(ge=0)
    origin: Origin


class BudgetRule(RuleModel):
    """What a unit costs and what the whole programme may cost, in baht.

    Attributes
    ----------
    total
        The total that the document prints.
    units
        The number of units that the printed total is for; with it the total must be the units
        times the items, or the pack says in ``comes_to`` what they come to.
    cost_column
        Column of the units with the cost of each, where they differ.
    at_most_per_unit, ceiling
        The most that a unit, and all chosen units of ``ceiling_level``, may cost.
    """

    kind: Literal["budget"]
    items: tuple[BudgetItem, ...] = ()
    total: int | None = None
    total_origin: Origin | None = None
    units: int | None = None
    comes_to: int | None = None
    cost_column: PartId | None = None
    at_most_per_unit: int | None = None
    ceiling: int | None = None
    ceiling_level: Literal["country", "province"] = "country"

    @property
    def baht_per_unit(self) -> int:
        """The sum of the items."""
        return sum(item.baht_per_unit for item in self.items)

    @model_validator(mode="after")
    def _total_adds_up(self) -> BudgetRule:
        if (self.total is None) != (self.total_origin is None):
            raise PydanticCustomError("targeting.pack_one_of", "", {"known": "total_origin"})
        if self.units is None or self.total is None:
            return self
        comes_to = self.units * self.baht_per_unit
        if comes_to != (self.total if self.comes_to is None else self.comes_to):
            raise PydanticCustomError(
                "targeting.pack_budget_differs",
                "",
                {"expected": f"{self.total:,}", "found": f"{comes_to:,}"},
            )
        return self


class NearRule(RuleModel):
    """Prefer the closest place; how near, the words of the rule say.

    Attributes
    ----------
    target_of
        The register that the places are in, where they are target villages of a programme.
    within
        The areas that a place may lie in, the nearest first; a place elsewhere is none.
    per_unit
        How many are taken for each unit, where the document says it.
    """

    kind: Literal["near"]
    places: tuple[Words, ...] = Field(min_length=1)
    target_of: TargetOf | None = None
    within: tuple[Literal["tambon", "amphoe", "province"], ...] = ()
    per_unit: int | None = None


class Step(Model):
    """One step and who takes it.

    Attributes
    ----------
    days
        How many days it takes at least.
    gap_at_least, gap_at_most
        Days between the end of the step before and the beginning of this one.
    """

    id: RuleId
    words: Words
    by: Words
    days: int | None = Field(default=None, ge=1)
    gap_at_least: int | None = Field(default=None, ge=0)
    gap_at_most: int | None = Field(default=None, ge=0)


class OrderRule(RuleModel):
    """Steps that come one after another."""

    kind: Literal["order"]
    steps: tuple[Step, ...] = Field(min_length=1)


Rule = Annotated[
    ScopeRule
    | AllotmentRule
    | ExactlyAreasRule
    | CapRule
    | AtLeastRule
    | ShareRule
    | DistinctRule
    | RequiresRule
    | FlagRule
    | NoOverlapRule
    | MayOverlapRule
    | TiersRule
    | JustifyRule
    | LockRule
    | BandsRule
    | DefinitionRule
    | MembersRule
    | NeedRule
    | BudgetRule
    | NearRule
    | OrderRule,
    Field(discriminator="kind"),
]


class PrintedFigure(Model):
    """A figure of the document that other figures of it should give.

    Attributes
    ----------
    printed
        What the document prints.
    product, sum
        Exactly one: the figures that should multiply, or add up, to it.
    differs
        That the document itself does not add up, which the pack knows and says.
    """

    id: RuleId
    words: Words
    printed: int
    product: tuple[int, ...] = ()
    sum: tuple[int, ...] = ()
    differs: bool = False

    @property
    def comes_to(self) -> int:
        """What the other figures give."""
        return prod(self.product) if self.product else sum(self.sum)

    @model_validator(mode="after")
    def _one_way(self) -> PrintedFigure:
        if bool(self.product) == bool(self.sum):
            raise PydanticCustomError("targeting.pack_one_of", "", {"known": "product, sum"})
        return self


class Pack(Model):
    """The content of one YAML file: one programme in one fiscal year.

    Attributes
    ----------
    unit
        What is chosen. A ``site`` is a place for an event, such as a market or a fair.
    columns
        What the table of units must hold besides codes and name.
    printed
        Figures of the document and what they come to, so that a wrong sum is seen.
    review
        What an officer looks at first when next year's pack is written from this one.
    """

    id: RuleId
    name: Words
    fiscal_year: Year
    unit: Unit
    documents: dict[str, Words]
    sources: dict[str, Source] = Field(default_factory=dict)
    columns: dict[PartId, UnitColumn] = Field(default_factory=dict)
    printed: tuple[PrintedFigure, ...] = ()
    review: tuple[Words, ...] = ()
    rules: tuple[Rule, ...] = Field(min_length=1)
