"""The numbers and lists by which plots are looked at: data with their sources, no code."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from phaenthi.data import shipped
from phaenthi.wording import Language

_PARAMETERS_FILE = shipped("phaenthi.layers.plots", "plot_parameters.yaml")
_TITLES_FILE = shipped("phaenthi.layers.plots", "land_titles.yaml")

Origin = Literal["stated", "inferred", "assumed"]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Words(_Model):
    """A name or sentence in both languages."""

    th: str
    en: str

    def say(self, language: Language) -> str:
        """Return it in a language."""
        return self.th if language == "th" else self.en


class Parameter(_Model):
    """A number and where it comes from."""

    value: float
    origin: Origin
    source: Words


class WaterParameters(_Model):
    """What a pond is held against: rain, evaporation and use.

    Attributes
    ----------
    rain_by_province
        Province code → millimetres a year; the country's rain for the others.
    """

    rain_millimetres_a_year: Parameter
    rain_by_province: dict[str, float] = {}
    runoff_share: Parameter
    evaporation_metres_a_day: Parameter
    dry_days: Parameter
    use_cubic_metres_a_rai: Parameter
    side_slope: Parameter


class SplitParameters(_Model):
    """Part of a plot → its share; the parts in the order in which they are laid out."""

    shares: dict[str, float]
    origin: Origin
    source: Words

    @model_validator(mode="after")
    def _whole(self) -> SplitParameters:
        if abs(sum(self.shares.values()) - 100) > 1e-9 or min(self.shares.values()) <= 0:
            raise ValueError("the shares of a plot are positive and make 100")
        return self


class ProvinceReadings(_Model):
    """Readings of the pack's rules by rule id."""

    readings: dict[str, str]
    origin: Origin
    source: Words


class Clause(_Model):
    """Where in a document a check comes from."""

    document: str
    heading: Words
    item: str


class CheckParameters(_Model):
    """What a check asks, how strictly, and what it is held against."""

    force: Literal["must", "should", "may"]
    origin: Origin
    words: Words
    clause: Clause
    limit: float | None = Field(default=None, ge=0)
    unit: str = ""


class PlotParameters(_Model):
    """Everything that ``plot_parameters.yaml`` says."""

    water: WaterParameters
    split: SplitParameters
    readings_by_province: dict[str, ProvinceReadings] = {}
    checks: dict[str, CheckParameters]

    def limit(self, check: str) -> float:
        """Return the limit of a check."""
        limit = self.checks[check].limit
        if limit is None:
            raise ValueError(f"check {check} has no limit")
        return limit


class LandTitle(_Model):
    """A type of land title.

    Attributes
    ----------
    permission
        True where another agency must permit the use of the land first.
    agency
        Which.
    """

    id: str
    words: Words
    permission: bool
    agency: Words | None = None
    aliases: tuple[str, ...] = ()


class LandTitles(_Model):
    """The types of title and the clause that lists those with another agency's permission."""

    reference: Clause
    titles: tuple[LandTitle, ...]


@cache
def plot_parameters() -> PlotParameters:
    """Return the parameters that came with the program."""
    return PlotParameters.model_validate(_read(_PARAMETERS_FILE))


@cache
def land_titles() -> LandTitles:
    """Return the types of land title that came with the program."""
    return LandTitles.model_validate(_read(_TITLES_FILE))


def _read(path: Path) -> object:
    return yaml.safe_load(path.read_text(encoding="utf-8"))
