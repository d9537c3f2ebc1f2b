"""A plan made ready for paper: its villages with small counts hidden, and what must be said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import geopandas as gpd
import pandas as pd

from phaenthi.apps.dates import told_date
from phaenthi.apps.planning.units import programme_of
from phaenthi.apps.publication.exported_fields import PLAN_FIELDS
from phaenthi.geo.places.codes import Level, moo
from phaenthi.geo.places.gazetteer import name_of
from phaenthi.layers.contracts.boundaries import LEVELS
from phaenthi.layers.people.disclosure import SMALLEST_SHOWN, hide_small_counts
from phaenthi.layers.villages import table as villages
from phaenthi.layers.villages.shown import shown_boundaries, shown_origins, shows_approximate
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.targeting.plan.certificate import Report, check
from phaenthi.targeting.plan.explain import say_shortage
from phaenthi.targeting.plan.numbers import read_as
from phaenthi.targeting.plan.record import Plan, ProvinceResult
from phaenthi.targeting.programme.programme import Programme
from phaenthi.wording import LANGUAGES, Language, say

_AREAS = ("village", "tambon")
Standing = Literal["proved", "best_found", "without_need"]


@dataclass(frozen=True)
class Publication:
    """A plan beside its programme and the workspace that it rests on."""

    plan: Plan
    programme: Programme
    workspace: Workspace

    @classmethod
    def of(cls, plan: Plan, workspace: Workspace) -> Publication:
        """Put a plan beside its programme, read as the plan read it."""
        return cls(plan, read_as(plan, programme_of(plan, workspace)), workspace)

    @property
    def made_up(self) -> bool:
        """Whether any of it is made-up data."""
        return self.plan.made_up or self.workspace.made_up

    @property
    def approximate(self) -> bool:
        """Whether the boundaries only show roughly where an area lies."""
        return shows_approximate(self.workspace)

    def boundaries(self, level: Level) -> gpd.GeoDataFrame:
        """Return the areas of the plan's provinces as maps show them; see `shown_boundaries`."""
        areas = shown_boundaries(self.workspace, level)
        return areas[areas["code"].str[: Level.PROVINCE.digits].isin(self.plan.provinces)]

    @property
    def boundary_credits(self) -> list[str]:
        """Whose the boundaries are that maps of the plan show."""
        origins = (one for level in LEVELS for one in shown_origins(self.workspace, level))
        return list(dict.fromkeys(origin.credit or origin.source for origin in origins))

    def title(self, language: Language) -> str:
        """Return the heading of the papers: programme and provinces."""
        places = ", ".join(name_of(code, language) for code in self.plan.provinces)
        name = self.programme.name(language)
        return say("export.title", language, programme=name, provinces=places)

    def dated(self, language: Language) -> str:
        """Return the line that names the plan and its day."""
        day = told_date(self.plan.decided_on, language)
        return say("export.dated", language, plan=self.plan.id, day=day)

    def warnings(self, language: Language) -> list[str]:
        """Return what must be said on every paper: made-up data, approximate boundaries."""
        found = (("made_up", self.made_up), ("approximate", self.approximate))
        return [say(f"export.{name}", language) for name, applies in found if applies]

    @cached_property
    def report(self) -> Report:
        """What the check of the plan finds, counted anew without what chose it."""
        return check(self.plan, self.programme)

    def standing(self, province: str) -> Standing:
        """Return how good the choice of a province is known to be."""
        if self.programme.need() is None:
            return "without_need"
        proofs = self.report.proofs if self.report.stands else ()
        settled = any(one.settled for one in proofs if province in one.provinces)
        return "proved" if settled else "best_found"

    def proofs(self, language: Language) -> list[str]:
        """Return for each province how good its choice is and how that is known."""
        return [say_proof(self, result, language) for result in self.plan.results]

    @cached_property
    def hidden_units(self) -> frozenset[str]:
        """Codes of the units whose counts of households, and points, must not be known."""
        units = self.plan.units
        told = counts_told(self.plan, self.programme)
        return frozenset(units.loc[counts_to_hide(units, self.programme.unit, told), "unit_code"])

    def told_total(self, points: int, codes: Sequence[str], language: Language) -> str:
        """Return a sum of points over units, hidden where it would give a hidden one away."""
        if self.hidden_units.intersection(codes):
            return say("documents.hidden", language)
        return f"{points:,}"

    @cached_property
    def villages(self) -> gpd.GeoDataFrame:
        """The villages of the plan as every paper shows them; see :func:`publish_villages`."""
        return publish_villages(self)


def say_proof(publication: Publication, result: ProvinceResult, language: Language) -> str:
    """Say how good the choice of a province is, or why there is none.

    What people decided otherwise binds the choice like a rule, and is therefore named.
    """
    if result.shortage is not None:
        return say_shortage(result.shortage, language)
    standing = publication.standing(result.demand.province_code)
    proof = say(
        f"export.proof_{standing}",
        language,
        province=name_of(result.demand.province_code, language),
        need=publication.told_total(result.need, result.chosen, language),
        ceiling="–"
        if result.ceiling is None
        else publication.told_total(result.ceiling, result.chosen, language),
        by_sorting=_say_by_sorting(publication, result, language),
        unit=say(f"limits.unit.{publication.programme.unit}", language),
    )
    decided = len(publication.plan.overrides) + len(publication.plan.numbers)
    return f"{proof} {say('export.proof_decided', language, count=decided)}" if decided else proof


def _say_by_sorting(publication: Publication, result: ProvinceResult, language: Language) -> str:
    """Say what the list of a careful spreadsheet would reach, where it keeps the rules."""
    short = len(result.sort_and_take) < len(result.chosen)
    if short or result.sort_and_take_need > result.need:
        return say("export.sorting_fails", language)
    need, codes = result.sort_and_take_need, result.sort_and_take
    return say("export.sorting", language, need=publication.told_total(need, codes, language))


def counts_to_hide(units: pd.DataFrame, unit: str, told: tuple[pd.Series, pd.Series]) -> pd.Series:
    """Tell of which units of a plan the number of households must not be known.

    Parameters
    ----------
    units
        ``unit_code`` and, where the rules count households, ``target_households``.
    unit
        Kind of the units; villages and tambons are parts of areas whose totals may be known, so
        that more than the small counts is hidden.
    told
        Least and most households of each unit that the published verdicts give away.

    Returns
    -------
    pandas.Series
        bool, by the index of ``units``.
    """
    if "target_households" not in units.columns:
        return pd.Series(data=False, index=units.index)
    counts = units["target_households"].astype("Int64")
    if unit in _AREAS:
        codes = pd.DataFrame({"code": units["unit_code"], "count": counts})
        shown = hide_small_counts(codes.assign(at_least=told[0], at_most=told[1]))
        return shown["hidden"].astype(bool)
    return counts.between(1, SMALLEST_SHOWN - 1).fillna(value=False).astype(bool)


def counts_told(plan: Plan, programme: Programme) -> tuple[pd.Series, pd.Series]:
    """Return the least and most target households of each unit that its verdicts give away.

    Who reads that a village met the rule of twenty households knows that it has twenty.
    """
    asked = {
        rule.id: rule.at_least
        for rule in programme.requirements()
        if rule.measure == "target_households" and rule.at_least is not None
    }
    found = plan.findings[plan.findings["rule"].isin(asked)]
    limits = found["rule"].map(asked).astype("Int64")
    codes = plan.units["unit_code"]
    met, missed = found["verdict"] == "met", found["verdict"] == "not_met"
    least = limits[met].groupby(found.loc[met, "unit_code"]).max()
    most = (limits[missed] - 1).groupby(found.loc[missed, "unit_code"]).min()
    return codes.map(least).astype("Int64"), codes.map(most).astype("Int64")


def prices_to_hide(units: pd.DataFrame, hidden: pd.Series) -> pd.Series:
    """Tell where the price of a unit would give hidden points away.

    A price is the difference of the points of a unit and of those that it ``replaces``: it is
    told only where the points of all of them are.
    """
    codes = set(units.loc[hidden, "unit_code"])
    beside = units["replaces"].fillna("").map(lambda told: bool(codes.intersection(told.split())))
    return hidden | beside


def publish_villages(publication: Publication) -> gpd.GeoDataFrame:
    """Return the villages of a plan with small counts hidden, as every paper shows them.

    Returns
    -------
    geopandas.GeoDataFrame
        The columns of :data:`phaenthi.apps.publication.exported_fields.PLAN_FIELDS`, one
        row a village sorted by code, with points in EPSG:4326. ``need`` and
        ``target_households`` are missing where ``counts_hidden``, ``points`` also where they
        would give such a ``need`` away.
        Household ids, counts by tier and the reasons that name them stay in the workspace: the
        reasons here are told without counts.
    """
    plan = publication.plan
    placed = [villages.build(publication.workspace, province) for province in plan.provinces]
    names = ["village_code", "tambon_th", "amphoe_th", "province_th", "geometry"]
    places = pd.concat(placed)[names]
    table = plan.units.merge(places, on="village_code", how="left", validate="1:1")
    table = table.sort_values("village_code", ignore_index=True)
    hidden = table["unit_code"].isin(publication.hidden_units)
    unpriced = prices_to_hide(table, hidden)
    table = table.assign(
        moo=moo(table["village_code"]),
        programme=plan.programme_id,
        fiscal_year=plan.fiscal_year,
        plan=plan.id,
        points=table["points"].astype("Int64").mask(unpriced),
        replaces=table["replaces"].fillna("").mask(unpriced, ""),
        status_th=_in_words(table["status"], "app.status"),
        overlap_th=_in_words(table["overlap"], "overlap"),
        need=table["need"].astype("Int64").mask(hidden),
        target_households=table["target_households"].astype("Int64").mask(hidden),
        counts_hidden=hidden,
        made_up=publication.made_up,
    )
    broken = _broken_rules(publication.plan, table["village_code"])
    table = table.assign(
        rules=["; ".join(rules) for rules in broken], **_reasons(publication, table, broken)
    )
    columns = [field.column for field in PLAN_FIELDS]
    return gpd.GeoDataFrame(table[columns], geometry=list(table["geometry"]), crs="EPSG:4326")


def _in_words(values: pd.Series, section: str) -> pd.Series:
    return values.map(lambda value: say(f"{section}.{value}", "th"), na_action="ignore")


def _broken_rules(plan: Plan, village_codes: pd.Series) -> list[list[str]]:
    """Return the ids of the rules that each village does not meet, or may not meet."""
    broken: dict[str, list[str]] = {code: [] for code in village_codes}
    unsettled = plan.findings[plan.findings["verdict"] != "met"]
    for code, rule in zip(unsettled["village_code"], unsettled["rule"], strict=True):
        broken[code].append(rule)
    return list(broken.values())


def _reasons(
    publication: Publication, table: pd.DataFrame, broken: list[list[str]]
) -> dict[str, list[str]]:
    """Return reason_th and reason_en of every village, without a count of households."""
    columns = ["status", "province_code", "place"]
    rows = table[columns].astype("object").where(table[columns].notna(), None).to_numpy().tolist()
    return {
        f"reason_{language}": [
            " ".join(
                [
                    *_say_status(publication, status, province, place, language),
                    *_say_rules(publication, rules, language),
                ]
            )
            for (status, province, place), rules in zip(rows, broken, strict=True)
        ]
        for language in LANGUAGES
    }


def _say_status(
    publication: Publication, status: str, province: str, place: int | None, language: Language
) -> Iterator[str]:
    units = publication.plan.result(province).demand.units
    name = name_of(province, language)
    yield say(f"export.reason.{status}", language, place=place, units=units, province=name)


def _say_rules(publication: Publication, rules: Sequence[str], language: Language) -> Iterator[str]:
    for rule_id in rules:
        yield publication.programme.rule_by_id(rule_id).words.say(language)


def say_price(
    status: str,
    points: int | None,
    replaces: Sequence[str],
    names: Mapping[str, str],
    language: Language,
) -> str:
    """Say who would come in a village's place, or whose place it lacks how many points for.

    Parameters
    ----------
    replaces
        Codes of the villages that would enter (for a chosen one) or leave.
    names
        Name of a village by code.
    """
    if points is None or not replaces:
        return ""
    villages = ", ".join(f"{names.get(code) or ''} ({code})".strip() for code in replaces)
    side = "chosen" if status == "chosen" else "outside"
    return say(f"export.reason.price_{side}", language, points=f"{points:,}", villages=villages)
