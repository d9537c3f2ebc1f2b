"""How fair a plan is: who of the poor it reaches, whom it misses, and where the money goes."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import pandas as pd
import polars as pl

from phaenthi.layers.contracts.poverty import DIMENSIONS
from phaenthi.targeting.judging.evidence import Evidence
from phaenthi.targeting.plan.record import Plan


@dataclass(frozen=True)
class Fairness:
    """A plan against the poverty register.

    Attributes
    ----------
    by_amphoe
        A row an amphoe of the plan's provinces: province_code, amphoe_code, target_poor (poor and
        registered households by the register), in_chosen (those that live in chosen units'
        villages), coverage (in_chosen / target_poor, missing without any), units_chosen, baht,
        share_of_poor and share_of_budget (of the whole plan; missing where that is 0).
    target_poor, in_chosen
        Sums over the amphoe.
    people
        Households that the plan proposes inside chosen units.
    people_not_poor
        Those of them that are not target poor by the register (inclusion error).
    poor_left_out
        Target poor households of the provinces that the plan does not propose (exclusion error).

    Notes
    -----
    Counts of 1–4 identify people: hide them (``phaenthi.layers.people.disclosure``) before an
    executive sees the table.
    """

    by_amphoe: pd.DataFrame
    target_poor: int
    in_chosen: int
    people: int
    people_not_poor: int
    poor_left_out: int

    @property
    def coverage(self) -> Fraction | None:
        """Share of the target poor who live in chosen units' villages."""
        return Fraction(self.in_chosen, self.target_poor) if self.target_poor else None

    @property
    def inclusion_error(self) -> Fraction | None:
        """Share of the people proposed who are not target poor by the register."""
        return Fraction(self.people_not_poor, self.people) if self.people else None

    @property
    def exclusion_error(self) -> Fraction | None:
        """Share of the target poor who are not among the people proposed."""
        return Fraction(self.poor_left_out, self.target_poor) if self.target_poor else None


def measure(plan: Plan, evidence: Evidence, register_year: int | None = None) -> Fairness:
    """Set a plan against the poverty register.

    Parameters
    ----------
    register_year
        Year (พ.ศ.) of the register; the latest one without it.

    Notes
    -----
    Target poor: registered for state welfare and poor in at least one dimension that the register
    tells; where it tells none, every registered household that is in it.
    """
    poor = target_poor(evidence, register_year)
    units = plan.units
    villages = units.drop_duplicates("village_code")[
        ["village_code", "province_code", "amphoe_code"]
    ]
    here = poor.merge(villages.dropna(subset=["village_code"]), on="village_code")
    chosen = units[units["status"] == "chosen"]
    inside = here["village_code"].isin(chosen["village_code"])
    people = set(plan.members["household_id"].astype(str))
    registered = set(here["household_id"])
    table = _by_amphoe(plan, here, here[inside], chosen)
    return Fairness(
        by_amphoe=table,
        target_poor=len(here),
        in_chosen=int(inside.sum()),
        people=len(people),
        people_not_poor=len(people - registered),
        poor_left_out=len(registered - people),
    )


def target_poor(evidence: Evidence, register_year: int | None = None) -> pd.DataFrame:
    """Return the target poor households of one year's register: household_id, village_code."""
    columns = evidence.poverty.collect_schema().names()
    told = [name for name in DIMENSIONS if name in columns]
    rows = evidence.poverty.filter(pl.col("registered_for_welfare").fill_null(value=False))
    if told:
        unknown = pl.all_horizontal(pl.col(name).is_null() for name in told)
        rows = rows.filter(
            pl.any_horizontal(pl.col(n).fill_null(value=False) for n in told) | unknown
        )
    year = pl.lit(register_year) if register_year is not None else pl.col("register_year").max()
    found = (
        rows.filter(pl.col("register_year") == year)
        .select("household_id", "village_code")
        .unique()
        .collect(engine="streaming")
    )
    return found.to_pandas().astype("string")


def _by_amphoe(
    plan: Plan, here: pd.DataFrame, inside: pd.DataFrame, chosen: pd.DataFrame
) -> pd.DataFrame:
    areas = plan.units[["province_code", "amphoe_code"]].dropna().drop_duplicates()
    table = areas.sort_values("amphoe_code", ignore_index=True)

    def count(rows: pd.DataFrame) -> pd.Series:
        numbers = rows.groupby("amphoe_code").size()
        return table["amphoe_code"].map(numbers).fillna(0).astype("int64")

    table = table.assign(
        target_poor=count(here), in_chosen=count(inside), units_chosen=count(chosen)
    )
    table["coverage"] = _share(table["in_chosen"], table["target_poor"])
    table["baht"] = _baht(plan, chosen, table)
    table["share_of_poor"] = _share(table["target_poor"], int(table["target_poor"].sum()))
    table["share_of_budget"] = _share(table["baht"], int(table["baht"].sum()))
    return table


def _baht(plan: Plan, chosen: pd.DataFrame, table: pd.DataFrame) -> pd.Series:
    """Return what the chosen units of each amphoe cost: each its own cost, else an equal part."""
    cost = pd.Series(0.0, index=chosen.index)
    if "cost_baht" in chosen:
        cost = chosen["cost_baht"].astype("Float64").fillna(0.0)
    else:
        for result in plan.results:
            mine = chosen["province_code"] == result.demand.province_code
            cost = cost.mask(mine, (result.baht or 0) / max(len(result.chosen), 1))
    spent = cost.groupby(chosen["amphoe_code"]).sum().round()
    return table["amphoe_code"].map(spent).fillna(0).astype("int64")


def _share(part: pd.Series, whole: pd.Series | int) -> pd.Series:
    below = pd.Series(whole, index=part.index).astype("Float64")
    return part.astype("Float64") / below.mask(below == 0)
