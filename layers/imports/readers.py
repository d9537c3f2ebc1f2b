"""Which reader reads which layer, and what turns the words of its rows into what is kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol

from phaenthi.layers.contracts import plots as plot_contract
from phaenthi.layers.contracts.beneficiaries import BENEFICIARIES_CONTRACT
from phaenthi.layers.contracts.contract import Contract
from phaenthi.layers.contracts.fund_levels import FUND_LEVELS_CONTRACT
from phaenthi.layers.contracts.funds import FUNDS_CONTRACT
from phaenthi.layers.contracts.groups import GROUPS_CONTRACT
from phaenthi.layers.contracts.history import HISTORY_CONTRACT
from phaenthi.layers.contracts.households import HOUSEHOLDS_CONTRACT
from phaenthi.layers.contracts.otop import OTOP_CONTRACT
from phaenthi.layers.contracts.poverty import POVERTY_CONTRACT
from phaenthi.layers.contracts.spots import SPOTS_CONTRACT
from phaenthi.layers.contracts.tourism import ATTRACTIONS, COMMUNITIES, PROGRAMMES
from phaenthi.layers.contracts.villages import VILLAGES_CONTRACT
from phaenthi.layers.funds import level_file as fund_level_file
from phaenthi.layers.funds import reading as funds
from phaenthi.layers.groups import reading as groups
from phaenthi.layers.otop import reading as otop
from phaenthi.layers.plots import reading as plots
from phaenthi.layers.registers.incoming import IncomingRows, Reading
from phaenthi.layers.registers.long_files import read_by_parts
from phaenthi.layers.registers.programme_names import name_programmes
from phaenthi.layers.registers.reading import finish, read_rows
from phaenthi.layers.spots import reading as places
from phaenthi.layers.tourism import reading as tourism
from phaenthi.layers.villages import reading as villages
from phaenthi.layers.workspace.folder import Workspace

Understand = Callable[[IncomingRows], IncomingRows]
"""Turns the words of rows into what a layer keeps."""


class Reader(Protocol):
    """Reads a file for one layer of a workspace."""

    def __call__(
        self,
        path: Path,
        workspace: Workspace,
        *,
        sheet: str | None = None,
        constants: Mapping[str, str] | None = None,
    ) -> Reading:
        """Return the rows of a file in the columns of the layer."""
        ...


def _register(contract: Contract, understand: Understand = lambda incoming: incoming) -> Reader:
    """Return what reads a register, CSV or workbook, with Thai or English headers.

    It raises what ``phaenthi.layers.registers.reading.read_rows``, ``understand`` and
    ``phaenthi.layers.registers.reading.finish`` raise.
    """

    def read(
        path: Path,
        workspace: Workspace,
        *,
        sheet: str | None = None,
        constants: Mapping[str, str] | None = None,
    ) -> Reading:
        rows = read_rows(contract, path, workspace, sheet=sheet, constants=constants)
        return finish(understand(rows), workspace)

    return read


def _long_register(
    contract: Contract, understand: Understand = lambda incoming: incoming
) -> Reader:
    """Return what reads a register of millions of rows part by part; else as ``_register``."""

    def read(
        path: Path,
        workspace: Workspace,
        *,
        sheet: str | None = None,
        constants: Mapping[str, str] | None = None,
    ) -> Reading:
        return read_by_parts(
            contract, path, workspace, sheet=sheet, constants=constants, change=understand
        )

    return read


READERS: Mapping[str, Reader] = {
    VILLAGES_CONTRACT.name: villages.read,
    HOUSEHOLDS_CONTRACT.name: _long_register(HOUSEHOLDS_CONTRACT),
    POVERTY_CONTRACT.name: _long_register(POVERTY_CONTRACT),
    HISTORY_CONTRACT.name: _register(HISTORY_CONTRACT, name_programmes),
    BENEFICIARIES_CONTRACT.name: _long_register(BENEFICIARIES_CONTRACT, name_programmes),
    SPOTS_CONTRACT.name: places.read,
    plot_contract.CONTRACT.name: plots.read,
    plot_contract.PONDS.name: plots.read_ponds,
    FUNDS_CONTRACT.name: _register(FUNDS_CONTRACT, funds.understand),
    FUND_LEVELS_CONTRACT.name: fund_level_file.read,
    GROUPS_CONTRACT.name: _register(GROUPS_CONTRACT, groups.understand),
    OTOP_CONTRACT.name: _register(OTOP_CONTRACT, otop.understand),
    COMMUNITIES.name: tourism.read_communities,
    PROGRAMMES.name: tourism.read_programmes,
    ATTRACTIONS.name: tourism.read_attractions,
}
"""The reader of each layer that is read from a table; boundaries are read from map files."""

UNDERSTANDING: Mapping[str, Understand] = {
    FUNDS_CONTRACT.name: funds.understand,
    GROUPS_CONTRACT.name: groups.understand,
    OTOP_CONTRACT.name: otop.understand,
    COMMUNITIES.name: tourism.understand_communities,
    PROGRAMMES.name: tourism.understand_times,
}
"""What turns the words of a layer's rows into what it keeps, such as ids of kinds."""
