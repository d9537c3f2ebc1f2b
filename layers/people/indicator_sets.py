"""The indicators that the household survey จปฐ. asked for in a year: data, not code."""

from __future__ import annotations

from functools import cache

import polars as pl
import yaml
from pydantic import BaseModel, ConfigDict

from phaenthi.data import shipped
from phaenthi.layers.contracts.contract import Column, Kind
from phaenthi.layers.contracts.indicators import _HEADERS
from phaenthi.wording import Problem

_FOLDER = shipped("phaenthi.layers.people", "indicator_tables")


class Indicator(BaseModel):
    """One indicator: its number in the year's set, group, wording and headers in files."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: int
    group: str = ""
    th: str = ""
    aliases: tuple[str, ...] = ()

    @property
    def column(self) -> Column:
        """The column that files hold it in: yes passed, no failed, empty not assessed."""
        named = tuple(header.format(self.number) for header in _HEADERS)
        spelled = (self.th,) if self.th else ()
        return Column(
            f"indicator_{self.number:02d}",
            Kind.YES_NO,
            personal=True,
            aliases=(*self.aliases, *named, *spelled),
        )


class IndicatorSet(BaseModel):
    """The indicators of some years; ``groups`` gives each group its Thai name."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    years: tuple[int, ...]
    groups: dict[str, str]
    indicators: tuple[Indicator, ...]

    @property
    def columns(self) -> tuple[Column, ...]:
        """The column of each indicator."""
        return tuple(indicator.column for indicator in self.indicators)

    def numbers_of(self, group: str) -> tuple[int, ...]:
        """Return the numbers of the indicators of a group."""
        return tuple(one.number for one in self.indicators if one.group == group)


@cache
def indicator_sets() -> tuple[IndicatorSet, ...]:
    """Return every set, one file of ``layers/indicator_sets`` each, the earliest first."""
    files = sorted(_FOLDER.glob("*.yaml"))
    return tuple(
        IndicatorSet.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
        for file in files
    )


def indicators_of(year: int) -> IndicatorSet:
    """Return the set that a year's survey asked for.

    Raises
    ------
    Problem
        ``layers.indicator_set_unknown``.
    """
    for one in indicator_sets():
        if year in one.years:
            return one
    known = ", ".join(str(year) for one in indicator_sets() for year in one.years)
    raise Problem("layers.indicator_set_unknown", found=year, known=known)


def bits(columns: tuple[Column, ...], present: list[str], *, value: bool) -> pl.Expr:
    """Return the sum of the bits of the indicators that have a value."""
    terms = [
        (pl.col(column.name) == value).fill_null(value=False).cast(pl.Int64) * (1 << place)
        for place, column in enumerate(columns)
        if column.name in present
    ]
    return pl.sum_horizontal(terms) if terms else pl.lit(0, dtype=pl.Int64)


def passed(number: int) -> pl.Expr:
    """Return whether households passed an indicator; null where nobody knows."""
    bit = 1 << (number - 1)
    good, bad = (pl.col(name).and_(pl.lit(bit)) != 0 for name in ("passed", "failed"))
    return pl.when(good).then(statement=True).when(bad).then(statement=False)


def failed_numbers(rows: pl.LazyFrame) -> list[int]:
    """Return the numbers of the indicators that any household of the layer failed."""
    failed = rows.select(pl.col("failed").unique()).collect()["failed"].to_list()
    union = 0
    for mask in failed:
        union |= int(mask)
    return [number for number in range(1, 64) if union >> (number - 1) & 1]
