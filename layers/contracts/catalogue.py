"""The layers that a workspace can hold."""

from __future__ import annotations

from phaenthi.layers.contracts import areas as area_contract
from phaenthi.layers.contracts import matches as match_contracts
from phaenthi.layers.contracts import names
from phaenthi.layers.contracts import plots as plot_contract
from phaenthi.layers.contracts.beneficiaries import BENEFICIARIES_CONTRACT
from phaenthi.layers.contracts.boundaries import BOUNDARY_CONTRACTS
from phaenthi.layers.contracts.contract import Contract
from phaenthi.layers.contracts.fund_levels import FUND_LEVELS_CONTRACT
from phaenthi.layers.contracts.funds import FUNDS_CONTRACT
from phaenthi.layers.contracts.groups import GROUPS_CONTRACT
from phaenthi.layers.contracts.history import HISTORY_CONTRACT
from phaenthi.layers.contracts.households import HOUSEHOLDS_CONTRACT
from phaenthi.layers.contracts.indicators import INDICATORS
from phaenthi.layers.contracts.otop import OTOP_CONTRACT
from phaenthi.layers.contracts.otop_clusters import OTOP_CLUSTERS_CONTRACT
from phaenthi.layers.contracts.poverty import POVERTY_CONTRACT
from phaenthi.layers.contracts.spots import SPOTS_CONTRACT
from phaenthi.layers.contracts.tourism import TOURISM_CONTRACTS
from phaenthi.layers.contracts.villages import VILLAGES_CONTRACT

CONTRACTS: tuple[Contract, ...] = (
    *BOUNDARY_CONTRACTS,
    VILLAGES_CONTRACT,
    HOUSEHOLDS_CONTRACT,
    POVERTY_CONTRACT,
    HISTORY_CONTRACT,
    BENEFICIARIES_CONTRACT,
    INDICATORS,
    area_contract.AREA_COUNTS,
    *match_contracts.CONTRACTS,
    FUNDS_CONTRACT,
    FUND_LEVELS_CONTRACT,
    GROUPS_CONTRACT,
    OTOP_CONTRACT,
    OTOP_CLUSTERS_CONTRACT,
    SPOTS_CONTRACT,
    plot_contract.CONTRACT,
    plot_contract.PONDS,
    plot_contract.LOG,
    *TOURISM_CONTRACTS,
)
LAYERS = names.LAYERS


def contract_of(layer: str) -> Contract:
    """Return the contract of a layer.

    Raises
    ------
    Problem
        ``layers.layer_unknown`` if no layer has this name.
    """
    names.require_layer(layer)
    return next(contract for contract in CONTRACTS if contract.name == layer)
