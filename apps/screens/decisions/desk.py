"""The plan that lies on the table, and all that a decision about it needs."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from phaenthi.apps.maps import view as map_view
from phaenthi.apps.maps.legends import STATUS_LOOKS
from phaenthi.apps.screens import page_words, workspace_tables
from phaenthi.apps.screens import show as st
from phaenthi.apps.screens.decisions import drafts
from phaenthi.geo.places.codes import Level
from phaenthi.geo.places.gazetteer import exists, name_of
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.targeting.plan.numbers import read_as
from phaenthi.targeting.plan.record import Number, Override, Plan
from phaenthi.targeting.programme.programme import Programme
from phaenthi.wording import Language, say

LONGEST_NAMED = 6


@dataclass(frozen=True)
class Desk:
    """A plan and what belongs to it.

    Attributes
    ----------
    programme
        With the readings and numbers of the plan.
    units
        The plan's units of the province with ``title``, ``where``, ``tambon_th``, ``amphoe_th``,
        in the order in which they are told.
    points
        Point (EPSG:4326) by unit code, of the units that have one.
    """

    workspace: Workspace
    plan: Plan
    programme: Programme
    province: str
    units: pd.DataFrame
    points: gpd.GeoSeries

    @classmethod
    def of(cls, workspace: Workspace, plan: Plan, programme: Programme, province: str) -> Desk:
        """Lay a plan out."""
        place = (workspace.address, workspace.generation)
        units, points = _laid_out(plan.id, *place, programme.unit, province, page_words.language())
        read = read_as(plan, programme)
        return cls(workspace, plan, read, province, units, points)

    @property
    def noun(self) -> str:
        """What is chosen, in the language of this session."""
        return say(f"limits.unit.{self.programme.unit}", page_words.language())

    @property
    def of_people(self) -> bool:
        """Whether the units are households, of which nothing is shown one by one."""
        return self.programme.unit == "household"

    @property
    def titles(self) -> Mapping[str, str]:
        """Name of each unit by its code."""
        return dict(zip(self.units["unit_code"], self.units["title"], strict=True))

    def unit(self, code: object) -> pd.Series | None:
        """Return the row of a unit; None where there is none of that code."""
        found = self.units[self.units["unit_code"] == code]
        return None if found.empty else found.iloc[0]

    def decided(self, code: str) -> Override | None:
        """Return what was decided about a unit."""
        return next((one for one in self.plan.overrides if one.unit_code == code), None)

    def without(self, codes: Sequence[str]) -> tuple[Override, ...]:
        """Return the decisions about all other units."""
        return tuple(one for one in self.plan.overrides if one.unit_code not in codes)

    def work_out(
        self,
        overrides: Sequence[Override],
        key: str = "decision",
        *,
        readings: Mapping[str, str] | None = None,
        numbers: Sequence[Number] | None = None,
    ) -> Plan:
        """Return the plan that follows from some decisions; what is not given stays."""
        programme = self.programme if readings is None else self.programme.with_readings(readings)
        return drafts.work_out(
            self.workspace, programme, self.province, overrides, key, numbers, self.plan
        )

    def changed_layers(self) -> list[str]:
        """Return the layers that hold something else than when the plan was made."""
        asked = [name for name in self.plan.inputs if name != "units"]
        now = self.workspace.digest(asked)
        return [name for name in asked if now.get(name) != self.plan.inputs[name]]

    def as_of_now(self) -> Plan:
        """Return the plan by the data of now: itself, unless the data have changed since."""
        if not self.changed_layers():
            return self.plan
        return self.work_out(self.plan.overrides, "now")

    def say_units(self, codes: Sequence[str]) -> str:
        """Return the names of units with their codes; many are counted."""
        titles = self.titles
        told = [f"{titles.get(code, '')} ({code})".strip() for code in codes[:LONGEST_NAMED]]
        rest = len(codes) - LONGEST_NAMED
        if rest > 0:
            told.append(page_words.tell("planner.and_more", count=f"{rest:,}", unit=self.noun))
        return ", ".join(told)


@st.cache_resource(show_spinner=False, max_entries=24)
def _laid_out(
    plan_id: str,
    folder: str,
    generation: int,
    unit: str,
    province: str,
    language: Language,
) -> tuple[pd.DataFrame, gpd.GeoSeries]:
    plan = drafts.saved_plan(folder, plan_id)
    table = workspace_tables.village_table(folder, generation)
    units = plan.units[plan.units["province_code"] == province]
    units = units.assign(
        tambon_th=_names(units[Level.TAMBON.column], language),
        amphoe_th=_names(units[Level.AMPHOE.column], language),
    )
    if unit == "village":
        titled = _titled_villages(units, folder, generation, language)
    else:
        names = units["name_th"].astype("string").fillna(units["unit_code"])
        if unit == "tambon":
            names = units["tambon_th"].where(units["tambon_th"] != "", names)
        where = [
            say("app.village.place", language, tambon=tambon or "–", amphoe=amphoe or "–")
            for tambon, amphoe in zip(units["tambon_th"], units["amphoe_th"], strict=True)
        ]
        titled = units.assign(title=names, where=where)
    order = {status: place for place, status in enumerate(STATUS_LOOKS)}
    titled = titled.assign(order=titled["status"].map(order))
    titled = titled.sort_values(
        ["order", "place", "need", "unit_code"],
        ascending=[True, True, False, True],
        ignore_index=True,
    )
    return titled, _points(titled, table, folder, generation, unit)


def _titled_villages(
    units: pd.DataFrame, folder: str, generation: int, language: Language
) -> pd.DataFrame:
    """Name villages, in English by the register's English names, also where a reason names them."""
    if language != "en":
        return map_view.with_titles(units, language)
    english = workspace_tables.village_names_in_english(folder, generation)
    titled = map_view.with_titles(
        units.assign(name_en=units["village_code"].map(english)), language
    )
    thai = dict(zip(units["unit_code"], units["name_th"].fillna(""), strict=True))
    titles = dict(zip(titled["unit_code"], titled["title"], strict=True))

    def translated(reason: str) -> str:
        for code in re.findall(r"\((\d{8})\)", reason):
            if thai.get(code):
                reason = reason.replace(f"{thai[code]} ({code})", f"{titles[code]} ({code})")
        return reason

    return titled.assign(
        reason_en=[translated(one) for one in titled["reason_en"].astype("string").fillna("")]
    )


def _names(codes: pd.Series, language: Language) -> list[str]:
    known = {
        code: name_of(code, language) if exists(code) else str(code)
        for code in codes.dropna().unique()
    }
    return ["" if pd.isna(code) else known[code] for code in codes]


def _points(
    units: pd.DataFrame, table: gpd.GeoDataFrame, folder: str, generation: int, unit: str
) -> gpd.GeoSeries:
    """Return where units lie: of a tambon inside its area, else the point of their village."""
    if unit == "tambon":
        areas = workspace_tables.boundaries(folder, generation, Level.TAMBON)
        inside = areas.set_index("code").geometry.representative_point()
        places = inside.reindex(units["unit_code"].astype(str))
    else:
        by_village = table.set_index("village_code").geometry
        places = by_village.reindex(units["village_code"].astype("object"))
    found = gpd.GeoSeries(list(places), index=list(units["unit_code"]), crs="EPSG:4326")
    return found[found.notna() & ~found.is_empty]
