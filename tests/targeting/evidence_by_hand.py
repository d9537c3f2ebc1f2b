"""Small evidence made by hand: villages, households and registers as a test's few lines say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import pandas as pd
import polars as pl

from phaenthi.geo.places.codes import Level, parent_code
from phaenthi.targeting.judging.evidence import LAYERS, REGISTER_COLUMNS, Evidence, village_list

SURVEY_YEAR = 2562
# What the rules on overlap ask of a province before they call a village clear.
REGISTERS = (
    ("sammachip", 2562),
    ("sammachip", 2563),
    ("sufficiency-village", 2562),
    ("sufficiency-village", 2563),
    ("ne-poverty", 2562),
)

_HOUSEHOLDS: dict[str, pl.DataType] = {
    "household_id": pl.String(),
    "village_code": pl.String(),
    "survey_year": pl.Int16(),
    "income_per_person": pl.Float64(),
    "members": pl.Int64(),
    "only_elderly_or_disabled": pl.Boolean(),
    "relief_only": pl.Boolean(),
    "moved_or_died": pl.Boolean(),
    "drug_treatment_completed": pl.Boolean(),
}
_POVERTY: dict[str, pl.DataType] = {
    "household_id": pl.String(),
    "village_code": pl.String(),
    "register_year": pl.Int16(),
    "income_per_person": pl.Float64(),
    "registered_for_welfare": pl.Boolean(),
}
_BENEFICIARIES: dict[str, pl.DataType] = {
    "household_id": pl.String(),
    "village_code": pl.String(),
    "programme": pl.String(),
    "fiscal_year": pl.Int16(),
}


@dataclass(frozen=True)
class Household:
    """A household as the survey has it, and its row in the poverty register if it has one."""

    village_code: str
    income: float | None = 200_000
    relief_only: bool | None = False
    only_elderly_or_disabled: bool | None = False
    moved_or_died: bool | None = False
    drug_treatment_completed: bool | None = False
    surveyed: bool = True
    in_tpmap: bool = False
    tpmap_income: float | None = None
    registered_for_welfare: bool | None = None
    helped_by: tuple[tuple[str, int], ...] = ()


def poor(village_code: str, **changes: object) -> Household:
    """Return a household of tier 2: below the line, developable, not in the poverty register."""
    return replace(Household(village_code, income=20_000), **changes)  # type: ignore[arg-type]


def registered(village_code: str, **changes: object) -> Household:
    """Return a household of tier 1: in the poverty register and registered for welfare."""
    household = Household(
        village_code, 20_000, in_tpmap=True, tpmap_income=20_000, registered_for_welfare=True
    )
    return replace(household, **changes)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Case:
    """What a test knows; :meth:`evidence` makes the registers of it.

    Attributes
    ----------
    villages
        Codes of the village list; the villages of the households unless given.
    history
        Village, programme, fiscal year.
    registers
        Programme and fiscal year of the registers that are here for every province.
    missing_layers
        Layers that were never imported: their rows are left out.
    tpmap_everywhere
        Whether the poverty register covers every amphoe: the first household of one that has no
        row there gets one that says neither poor nor registered.
    ids
        Ids of the households in their order; numbered unless given.
    """

    households: Sequence[Household] = ()
    villages: Sequence[str] = ()
    history: Sequence[tuple[str, str, int]] = ()
    registers: Sequence[tuple[str, int]] = REGISTERS
    missing_layers: frozenset[str] = frozenset()
    year: int = SURVEY_YEAR
    tpmap_everywhere: bool = True
    ids: Sequence[str] = ()

    def evidence(self) -> Evidence:
        """Return the evidence."""
        codes = sorted(set(self.villages) | {h.village_code for h in self.households})
        villages = village_list(
            pl.DataFrame(
                {"village_code": codes, "name_th": [f"บ้าน {code}" for code in codes]},
                schema={"village_code": pl.String, "name_th": pl.String},
            )
        )
        ids = self.ids or [f"{place:020x}" for place in range(len(self.households))]
        named = list(zip(ids, self.households, strict=True))
        provinces = sorted({parent_code(code, Level.PROVINCE) for code in codes})
        registers = [(p, y, code) for p, y in self.registers for code in provinces]
        history = pd.DataFrame(
            list(self.history), columns=["village_code", "programme", "fiscal_year"]
        ).astype({"village_code": "string", "programme": "string", "fiscal_year": "int64"})
        without_history = "history" in self.missing_layers
        return Evidence(
            villages=villages,
            households=self._layer("households", _HOUSEHOLDS, _survey_rows(named, self.year)),
            poverty=self._layer("poverty", _POVERTY, self._poverty_rows(named)),
            history=history.iloc[:0] if without_history else history,
            beneficiaries=self._layer("beneficiaries", _BENEFICIARIES, _beneficiary_rows(named)),
            registers=pd.DataFrame(
                [] if without_history else registers, columns=list(REGISTER_COLUMNS)
            ),
            missing_layers=self.missing_layers,
            digest={name: "" for name in LAYERS if name not in self.missing_layers},
        )

    def _layer(
        self, name: str, types: dict[str, pl.DataType], rows: Iterable[tuple[object, ...]]
    ) -> pl.LazyFrame:
        kept = [] if name in self.missing_layers else list(rows)
        return pl.DataFrame(kept, schema=types, orient="row").lazy()

    def _poverty_rows(self, named: list[tuple[str, Household]]) -> list[tuple[object, ...]]:
        rows: list[tuple[object, ...]] = []
        covered: set[str] = set()
        for id_, h in named:
            amphoe = parent_code(h.village_code, Level.AMPHOE)
            if h.in_tpmap:
                rows.append(
                    (id_, h.village_code, self.year, h.tpmap_income, h.registered_for_welfare)
                )
            elif self.tpmap_everywhere and amphoe not in covered:
                rows.append((id_, h.village_code, self.year, 200_000, False))
            covered.add(amphoe)
        return rows


def _survey_rows(named: list[tuple[str, Household]], year: int) -> list[tuple[object, ...]]:
    return [
        (
            id_,
            h.village_code,
            year,
            h.income,
            3,
            h.only_elderly_or_disabled,
            h.relief_only,
            h.moved_or_died,
            h.drug_treatment_completed,
        )
        for id_, h in named
        if h.surveyed
    ]


def _beneficiary_rows(named: list[tuple[str, Household]]) -> list[tuple[object, ...]]:
    return [
        (id_, h.village_code, programme, year)
        for id_, h in named
        for programme, year in h.helped_by
    ]
