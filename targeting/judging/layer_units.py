"""Units that the workspace holds in a layer: funds, occupational groups."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cache

import pandas as pd
import polars as pl
import yaml
from pydantic import BaseModel, ConfigDict

from phaenthi.data import shipped
from phaenthi.geo.places.codes import Level, parent_code_expr
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.targeting.judging.evidence import Evidence, gather
from phaenthi.targeting.judging.unit_table import with_units
from phaenthi.targeting.programme.programme import Programme

_FILE = shipped("phaenthi.targeting.judging", "unit_registers.yaml")


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Only(_Model):
    packs: str
    column: str
    one_of: tuple[str, ...]


class _Register(_Model):
    """Which layer holds the units of a kind, and how its columns are called in packs."""

    layer: str
    code: str
    name: str
    year: str | None = None
    columns: Mapping[str, str] = {}
    names_of_values: Mapping[str, Mapping[str, str]] = {}
    only: tuple[_Only, ...] = ()


@dataclass(frozen=True)
class LayerUnits:
    """The units of a programme as a layer of the workspace has them.

    Attributes
    ----------
    table
        unit_code, village_code, name_th and the columns that the pack asks and the layer has: a
        table for :func:`phaenthi.targeting.judging.unit_table.read_units`.
    layer
        Name of the layer.
    years
        Years of the register that the rows are of, each unit in its latest; empty for layers
        without years.
    not_held
        Columns that the pack asks and the layer does not have: unknown for every unit.
    made_up
        Whether the layer is made-up data.
    """

    table: pd.DataFrame = field(repr=False)
    layer: str
    years: tuple[int, ...]
    not_held: tuple[str, ...]
    made_up: bool


def units_in_layer(
    programme: Programme, workspace: Workspace, provinces: Iterable[str]
) -> LayerUnits | None:
    """Take the units of a programme from the layer that registers them.

    Parameters
    ----------
    provinces
        Province codes; units of other provinces are left out.

    Returns
    -------
    LayerUnits or None
        ``None`` where no layer holds such units or the workspace does not have it.
    """
    register = _registers().get(programme.unit)
    if register is None or not workspace.has(register.layer):
        return None
    rows = workspace.scan(register.layer).filter(
        parent_code_expr("village_code", Level.PROVINCE).is_in(sorted(provinces))
    )
    for only in register.only:
        if fnmatchcase(programme.id, only.packs):
            rows = rows.filter(pl.col(only.column).is_in(only.one_of))
    years: tuple[int, ...] = ()
    if register.year is not None:
        # A unit is judged by its latest assessment alone.
        rows = rows.sort(register.code, register.year).unique(register.code, keep="last")
    held = rows.sort(register.code).collect()
    if register.year is not None:
        years = tuple(sorted(held[register.year].drop_nulls().unique().to_list()))
    asked = {name: register.columns.get(name, name) for name in programme.pack.columns}
    columns = {name: column for name, column in asked.items() if column in held.columns}
    table = held.select(
        pl.col(register.code).alias("unit_code"),
        pl.col("village_code"),
        pl.col(register.name).alias("name_th"),
        *(
            pl.col(column)
            .cast(pl.String)
            .replace(dict(register.names_of_values.get(name, {})))
            .alias(name)
            for name, column in columns.items()
            if name not in ("unit_code", "village_code", "name_th")
        ),
    )
    provenance = workspace.provenance(register.layer)
    return LayerUnits(
        table=table.to_pandas().astype("string"),
        layer=register.layer,
        years=years,
        not_held=tuple(name for name in asked if name not in columns),
        made_up=provenance is not None and provenance.made_up,
    )


def gather_units(workspace: Workspace, programme: Programme, provinces: Iterable[str]) -> Evidence:
    """Gather what judging needs, with the units that a layer of the workspace holds.

    As :func:`phaenthi.targeting.judging.evidence.gather` where no layer holds such units.
    """
    wanted = list(provinces)
    evidence = gather(workspace, wanted)
    held = units_in_layer(programme, workspace, wanted)
    return evidence if held is None else with_units(evidence, programme, held.table)


@cache
def _registers() -> Mapping[str, _Register]:
    entries = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return {unit: _Register.model_validate(entry) for unit, entry in entries.items()}
