"""What is known when villages are judged: the registers, and which of them are not here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pandas as pd
import polars as pl

from phaenthi.geo.places.codes import Level, parent_code, parent_code_expr
from phaenthi.layers.workspace.folder import Workspace

# The layers that judging asks; their content is what a plan's digest vouches for.
LAYERS: tuple[str, ...] = ("villages", "households", "poverty", "history", "beneficiaries")
# Rows of registers that wait for a person to say which village they mean; absent when none do.
POSSIBLE = "possible_targets"
POSSIBLE_COLUMNS: tuple[str, ...] = ("village_code", "programme", "fiscal_year", "layer", "row")
VILLAGE_COLUMNS: tuple[str, ...] = (
    "village_code",
    "name_th",
    "tambon_code",
    "amphoe_code",
    "province_code",
)
REGISTER_COLUMNS: tuple[str, ...] = ("programme", "fiscal_year", "province_code")


@dataclass(frozen=True)
class Evidence:
    """The registers of the provinces that are judged.

    Attributes
    ----------
    villages
        village_code, name_th, tambon_code, amphoe_code, province_code (text); a row a village,
        sorted by code.
    households
        The household survey (layer ``households``), lazily.
    poverty
        The poverty register (layer ``poverty``), lazily.
    history
        village_code, programme, fiscal_year: target villages of other programmes and years.
    beneficiaries
        household_id, village_code, programme, fiscal_year, lazily; of every province, since a
        household may have moved.
    registers
        programme, fiscal_year, province_code: the registers of target villages that are here.
        A programme and year that is not listed for a province is unknown there, not absent.
    missing_layers
        Names of layers that were never imported.
    digest
        SHA-256 of each layer's content, by name.
    unmatched_history
        Rows of the history whose village is not in the village list, or not settled yet.
    possible
        village_code, programme, fiscal_year, layer, row: villages that a row of the history or
        of the beneficiaries may mean, until a person settles which.
    made_up
        Whether anything here is made-up data.
    units
        The table of units that a planner gives for programmes that do not choose villages, or
        that ask villages for columns of their own: unit_code, place codes and the pack's
        columns, as :func:`phaenthi.targeting.judging.unit_table.read_units` returns it; ``None``
        without one.
    """

    villages: pd.DataFrame
    households: pl.LazyFrame
    poverty: pl.LazyFrame
    history: pd.DataFrame
    beneficiaries: pl.LazyFrame
    registers: pd.DataFrame
    missing_layers: frozenset[str] = frozenset()
    digest: Mapping[str, str] = field(default_factory=dict)
    unmatched_history: int = 0
    made_up: bool = False
    units: pd.DataFrame | None = None
    possible: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(columns=list(POSSIBLE_COLUMNS), dtype="string")
    )

    def layer(self, name: str) -> pl.LazyFrame:
        """Return a layer of households by its name."""
        return {"households": self.households, "poverty": self.poverty}[name]


def gather(workspace: Workspace, provinces: Iterable[str]) -> Evidence:
    """Take from a workspace what judging needs, for some provinces.

    Parameters
    ----------
    workspace
        The workspace; it is only read.
    provinces
        Province codes; villages, households and history of other provinces are left out.

    Notes
    -----
    Rows are told to lie in a province by their village code. A row of the history stays where
    its village is not in the list: it is counted in ``unmatched_history``, as are the rows that
    its import set aside, and it still shows that the register of its province is here.
    """
    wanted = sorted(provinces)
    villages = village_list(_in_provinces(workspace.scan("villages"), wanted).collect())
    history = _in_provinces(workspace.scan("history"), wanted).collect().to_pandas()
    known = history["village_code"].isin(villages["village_code"])
    aside = workspace.set_aside("history")["row"].nunique()
    possible = _in_provinces(workspace.scan(POSSIBLE), wanted).collect().to_pandas()
    waiting = possible.loc[possible["layer"] == "history", "row"].nunique()
    vouched = (*LAYERS, POSSIBLE) if workspace.has(POSSIBLE) else LAYERS
    return Evidence(
        villages=villages,
        households=_in_provinces(workspace.scan("households"), wanted),
        poverty=_in_provinces(workspace.scan("poverty"), wanted),
        history=history[known].reset_index(drop=True),
        beneficiaries=workspace.scan("beneficiaries"),
        registers=registers_of(history),
        missing_layers=frozenset(name for name in LAYERS if not workspace.has(name)),
        digest=workspace.digest(vouched),
        # A row that waits was also set aside by its import.
        unmatched_history=int((~known).sum()) + max(int(aside), int(waiting)),
        made_up=workspace.made_up,
        possible=possible[list(POSSIBLE_COLUMNS)],
    )


def village_list(villages: pl.DataFrame) -> pd.DataFrame:
    """Return the villages with the codes of the areas around them, sorted by code.

    Parameters
    ----------
    villages
        At least village_code and name_th.
    """
    table = villages.select("village_code", "name_th").sort("village_code").to_pandas()
    codes = table["village_code"].astype("string")
    table = table.assign(
        village_code=codes,
        name_th=table["name_th"].astype("string"),
        **{
            level.column: parent_code(codes, level)
            for level in (Level.TAMBON, Level.AMPHOE, Level.PROVINCE)
        },
    )
    return table[list(VILLAGE_COLUMNS)]


def registers_of(history: pd.DataFrame) -> pd.DataFrame:
    """Return the registers that a history holds rows of: programme, fiscal_year, province_code."""
    codes = parent_code(history["village_code"].astype("string"), Level.PROVINCE)
    held = history.assign(province_code=codes)[list(REGISTER_COLUMNS)]
    return held.drop_duplicates().sort_values(list(REGISTER_COLUMNS), ignore_index=True)


def _in_provinces(rows: pl.LazyFrame, provinces: list[str]) -> pl.LazyFrame:
    province = parent_code_expr("village_code", Level.PROVINCE)
    return rows.filter(province.is_in(provinces))
