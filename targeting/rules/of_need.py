"""The parts of the score that ranks: one model a measure, each with its weight."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from phaenthi.targeting.rules.elements import Condition, Model, PartId, RuleId, RuleModel, Words

# Shares and depths are whole numbers of ten-thousandths, rounded down, before they are weighted.
SCALE = 10_000


class Part(Model):
    """What every part has: its id, its words and the points that one of its units gives."""

    id: PartId
    words: Words
    weight: int = Field(ge=0)


class HouseholdsInTier(Part):
    """How many households of one tier of the ``members`` rule there are."""

    measure: Literal["households_in_tier"]
    tier: RuleId


class TargetPoor(Part):
    """How many households certainly meet the conditions."""

    measure: Literal["target_poor"]
    all: tuple[Condition, ...] = Field(min_length=1)


class ShareOfTargetPoor(Part):
    """The share of the unit's households that certainly meet the conditions (scaled)."""

    measure: Literal["share_of_target_poor"]
    all: tuple[Condition, ...] = Field(min_length=1)


class IncomeGap(Part):
    """How far incomes fall short of a line, on the average of all households (scaled).

    The poverty gap P₁ of Foster, Greer & Thorbecke, *Econometrica* 52(3), 1984.
    """

    measure: Literal["income_gap"]
    source: str
    line: int = Field(gt=0)


class Indicator(Model):
    """One deprivation: it holds when all its conditions do."""

    id: PartId
    words: Words
    all: tuple[Condition, ...] = Field(min_length=1)
    weight: int = Field(ge=1)


class MultidimensionalPoverty(Part):
    """The adjusted headcount M₀ of the year's indicators (scaled).

    Attributes
    ----------
    poor_from
        The cutoff k: a household is poor when the weights of its deprivations reach this sum.

    Notes
    -----
    S. Alkire & J. Foster, "Counting and multidimensional poverty measurement", *Journal of
    Public Economics* 95(7–8), 2011.
    """

    measure: Literal["multidimensional_poverty"]
    source: str
    indicators: tuple[Indicator, ...] = Field(min_length=1)
    poor_from: int = Field(ge=1)

    @model_validator(mode="after")
    def _reachable(self) -> MultidimensionalPoverty:
        if self.poor_from > sum(one.weight for one in self.indicators):
            raise PydanticCustomError("targeting.pack_cutoff_too_high", "", {"rule": self.id})
        return self


class ColumnPoints(Part):
    """Points by the text or number in a column: a development level, the level of a fund.

    Attributes
    ----------
    points
        By the value of the column; a value that is not named gives none.
    """

    measure: Literal["village_level", "fund_level", "class"]
    column: PartId
    points: dict[str, int] = Field(min_length=1)


class ColumnAmount(Part):
    """The value of a column, in whole steps: a distance, a count of visitors.

    Attributes
    ----------
    per
        The size of a step: 5 with kilometres gives a point (times the weight) every 5 km.
    at_most
        Steps above this count no more.
    """

    measure: Literal["remoteness", "amount"]
    column: PartId
    per: int = Field(default=1, ge=1)
    at_most: int | None = None


NeedPart = Annotated[
    HouseholdsInTier
    | TargetPoor
    | ShareOfTargetPoor
    | IncomeGap
    | MultidimensionalPoverty
    | ColumnPoints
    | ColumnAmount,
    Field(discriminator="measure"),
]


class NeedRule(RuleModel):
    """The score that ranks units."""

    kind: Literal["need"]
    parts: tuple[NeedPart, ...] = Field(min_length=1)
