"""The layers that a workspace can hold."""

from __future__ import annotations

from phaenthi.layers import (
    area_contract,
    beneficiaries,
    boundaries,
    cluster_register,
    fund_levels,
    funds,
    groups,
    history,
    households,
    indicator_sets,
    match_contracts,
    otop,
    places,
    plot_contract,
    poverty,
    tourism,
    villages,
)
from phaenthi.layers.contract import Contract
from phaenthi.wording import Problem

CONTRACTS: tuple[Contract, ...] = (
    *boundaries.CONTRACTS,
    villages.CONTRACT,
    households.CONTRACT,
    poverty.CONTRACT,
    history.CONTRACT,
    beneficiaries.CONTRACT,
    indicator_sets.INDICATORS,
    area_contract.AREA_COUNTS,
    *match_contracts.CONTRACTS,
    funds.CONTRACT,
    fund_levels.CONTRACT,
    groups.CONTRACT,
    otop.CONTRACT,
    cluster_register.CONTRACT,
    places.CONTRACT,
    plot_contract.CONTRACT,
    plot_contract.PONDS,
    plot_contract.LOG,
    *tourism.CONTRACTS,
)
LAYERS = tuple(contract.name for contract in CONTRACTS)


def contract_of(layer: str) -> Contract:
    """Return the contract of a layer.

    Raises
    ------
    Problem
        ``layers.layer_unknown`` if no layer has this name.
    """
    for contract in CONTRACTS:
        if contract.name == layer:
            return contract
    raise Problem("layers.layer_unknown", found=layer, layers=", ".join(LAYERS))
