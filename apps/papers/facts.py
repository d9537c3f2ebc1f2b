"""What the papers of a province say of a plan: counts of villages, money, readings, decisions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from phaenthi.apps.publication.published_plan import Publication, Standing
from phaenthi.geo.places.gazetteer import name_of
from phaenthi.targeting.plan.record import Override, ProvinceResult
from phaenthi.targeting.rules.rule import BudgetItem, BudgetRule
from phaenthi.wording import Language, Problem, say

_NO_PROJECT = ("โครงการ", "กิจกรรม", "การ")


@dataclass(frozen=True)
class Facts:
    """One province of a plan as its papers tell it; counts of villages and money alone.

    Attributes
    ----------
    villages
        The province's rows of
        :attr:`phaenthi.apps.publication.published_plan.Publication.villages`.
    chosen, reserve
        Those rows by amphoe, then place; with ``baht``, missing without a budget rule.
    verdicts
        Villages by verdict: ``met``, ``not_met``, ``unknown``.
    items
        What one village costs, item by item; empty where the costs differ between villages.
    people
        People or households that the rules choose in each village; ``None`` where they do not.
    readings
        Of the rules that can be read in several ways: the words of the rule and of the reading.
    """

    publication: Publication
    province: str
    result: ProvinceResult
    villages: pd.DataFrame
    chosen: pd.DataFrame
    reserve: pd.DataFrame
    verdicts: Mapping[str, int]
    items: tuple[BudgetItem, ...]
    people: int | None
    overrides: tuple[Override, ...]

    @classmethod
    def of(cls, publication: Publication, province: str) -> Facts:
        """Gather what is told of one province.

        Raises
        ------
        Problem
            ``papers.villages_only`` for a programme whose units are no villages;
            ``papers.nothing_chosen`` when the province has no target village.
        """
        plan, programme = publication.plan, publication.programme
        if programme.unit != "village":
            raise Problem("papers.villages_only", plan=plan.id)
        result = plan.result(province)
        table = pd.DataFrame(publication.villages.drop(columns="geometry"))
        table = table[table["province_code"] == province]
        units = plan.units[plan.units["province_code"] == province].set_index("village_code")
        table = table.assign(baht=table["village_code"].map(_costs(publication, units)))
        if not (table["status"] == "chosen").any():
            raise Problem("papers.nothing_chosen", province=name_of(province))
        verdicts = units["verdict"].value_counts()
        budget = programme.all_of(BudgetRule)
        members = programme.members()
        one_price = "cost_baht" not in units
        codes = set(table["village_code"])
        return cls(
            publication=publication,
            province=province,
            result=result,
            villages=table,
            chosen=_of_status(table, "chosen"),
            reserve=_of_status(table, "reserve"),
            verdicts={name: int(verdicts.get(name, 0)) for name in ("met", "not_met", "unknown")},
            items=tuple(item for rule in budget for item in rule.items) if one_price else (),
            people=None if members is None else members.per_unit,
            overrides=tuple(one for one in plan.overrides if one.unit_code in codes),
        )

    @property
    def amphoe(self) -> int:
        """Amphoe with a target village."""
        return int(self.chosen["amphoe_code"].nunique())

    @property
    def baht(self) -> int | None:
        """What all target villages cost; ``None`` without a budget rule."""
        return None if self.chosen["baht"].isna().any() else int(self.chosen["baht"].sum())

    @property
    def baht_each(self) -> int | None:
        """What each target village costs; ``None`` without a budget rule or where they differ."""
        costs = set(self.chosen["baht"].dropna())
        return int(next(iter(costs))) if self.baht is not None and len(costs) == 1 else None

    @property
    def standing(self) -> Standing:
        """How good the choice is known to be."""
        return self.publication.standing(self.province)

    def province_name(self, language: Language) -> str:
        """Return the name of the province."""
        return name_of(self.province, language)

    def project(self, language: Language) -> str:
        """Return the programme's name as a letter calls it."""
        name = self.publication.programme.name(language)
        if language == "th" and name.startswith(_NO_PROJECT):
            return name
        return say("papers.project", language, name=name)

    def guideline(self, language: Language) -> str:
        """Return the documents that the rules come from."""
        documents = self.publication.programme.document.values()
        return " ".join(words.say(language) for words in documents)

    def readings(self, language: Language) -> list[tuple[str, str]]:
        """Return rule and chosen reading, in words, of every rule that has several."""
        return [
            (rule.words.say(language), rule.readings[rule.reading].say(language))
            for rule in self.publication.programme.rules
            if rule.reading is not None
        ]

    def missing_layers(self, language: Language) -> str:
        """Return the layers that the rules asked for in vain; empty when none is missing."""
        names = self.publication.plan.missing_layers
        return ", ".join(say(f"layers.names.{name}", language) for name in names)

    def by_status(self) -> pd.DataFrame:
        """Count the villages of each amphoe by status.

        Returns
        -------
        pandas.DataFrame
            Index ``amphoe_code``; ``amphoe_th`` and a column a status.
        """
        counts = pd.crosstab(self.villages["amphoe_code"], self.villages["status"])
        names = self.villages.drop_duplicates("amphoe_code").set_index("amphoe_code")["amphoe_th"]
        return counts.assign(amphoe_th=names)


def _of_status(table: pd.DataFrame, status: str) -> pd.DataFrame:
    return table[table["status"] == status].sort_values(["amphoe_code", "place"], ignore_index=True)


def _costs(publication: Publication, units: pd.DataFrame) -> pd.Series:
    """Return what each village costs, as the plan adds it up."""
    rules = publication.programme.all_of(BudgetRule)
    each = sum(rule.baht_per_unit for rule in rules) if rules else pd.NA
    flat = pd.Series(each, index=units.index, dtype="Int64")
    if not rules or "cost_baht" not in units:
        return flat
    return units["cost_baht"].astype("Int64").fillna(flat)
