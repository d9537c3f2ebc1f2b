"""Which reader reads which layer, and what turns the words of its rows into what is kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol

from phaenthi.layers.contracts import plots as plot_contract
from phaenthi.layers.contracts.beneficiaries import BENEFICIARIES_CONTRACT
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
from phaenthi.layers.people import beneficiaries, history, households, poverty
from phaenthi.layers.plots import reading as plots
from phaenthi.layers.registers.draft import Draft, Reading
from phaenthi.layers.spots import reading as places
from phaenthi.layers.tourism import reading as tourism
from phaenthi.layers.villages import reading as villages
from phaenthi.layers.workspace.folder import Workspace


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


READERS: Mapping[str, Reader] = {
    VILLAGES_CONTRACT.name: villages.read,
    HOUSEHOLDS_CONTRACT.name: households.read,
    POVERTY_CONTRACT.name: poverty.read,
    HISTORY_CONTRACT.name: history.read,
    BENEFICIARIES_CONTRACT.name: beneficiaries.read,
    SPOTS_CONTRACT.name: places.read,
    plot_contract.CONTRACT.name: plots.read,
    plot_contract.PONDS.name: plots.read_ponds,
    FUNDS_CONTRACT.name: funds.read,
    FUND_LEVELS_CONTRACT.name: fund_level_file.read,
    GROUPS_CONTRACT.name: groups.read,
    OTOP_CONTRACT.name: otop.read,
    COMMUNITIES.name: tourism.read_communities,
    PROGRAMMES.name: tourism.read_programmes,
    ATTRACTIONS.name: tourism.read_attractions,
}
"""The reader of each layer that is read from a table; boundaries are read from map files."""

UNDERSTANDING: Mapping[str, Callable[[Draft], Draft]] = {
    FUNDS_CONTRACT.name: funds.understand,
    GROUPS_CONTRACT.name: groups.understand,
    OTOP_CONTRACT.name: otop.understand,
    COMMUNITIES.name: tourism.understand_communities,
    PROGRAMMES.name: tourism.understand_times,
}
"""What turns the words of a layer's rows into what it keeps, such as ids of kinds."""
