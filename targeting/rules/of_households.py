"""Rules on the households inside a unit: what a word means, who is chosen, who fills up."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from phaenthi.targeting.rules.elements import Condition, Model, RuleId, RuleModel, TargetOf, Words


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


class FillUp(Model):
    """Where the households come from when a unit has too few: near target villages.

    Attributes
    ----------
    target_of
        The villages that they may come from.
    within
        The areas to look in, the nearest first.
    """

    words: Words
    target_of: TargetOf
    within: tuple[Literal["tambon", "amphoe", "province"], ...] = Field(min_length=1)


class Team(Model):
    """People besides the households that a unit names, such as its sages."""

    id: RuleId
    words: Words
    per_unit: int = Field(ge=1)


class MembersRule(RuleModel):
    """The households inside a chosen unit: how many, and by which tiers.

    Attributes
    ----------
    fill_up
        The way out where a unit has too few.
    team
        People whom people name; they are counted and not chosen here.
    """

    kind: Literal["members"]
    per_unit: int = Field(ge=1)
    tiers: tuple[Tier, ...] = Field(min_length=1)
    order_within: Words
    fill_up: FillUp | None = None
    team: tuple[Team, ...] = ()
