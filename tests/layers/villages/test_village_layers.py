"""Every layer joined into the village table, in one way."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from phaenthi.layers.contracts.funds import FUNDS_CONTRACT
from phaenthi.layers.contracts.groups import GROUPS_CONTRACT
from phaenthi.layers.contracts.provenance import Provenance
from phaenthi.layers.contracts.villages import VILLAGES_CONTRACT
from phaenthi.layers.villages import table as villages
from phaenthi.layers.villages.summaries import LAYERS_UNKNOWN
from phaenthi.layers.workspace.folder import Workspace

HERE, ALSO, ELSEWHERE = "31010201", "31010202", "46010101"


def rows(types: dict[str, pl.DataType], *given: dict[str, object]) -> pl.DataFrame:
    return pl.DataFrame([dict.fromkeys(types) | one for one in given], schema=types)


def workspace(folder: Path) -> Workspace:
    made = Workspace.create(folder)
    origin = Provenance(source="-", sha256="", imported_at=datetime.now(UTC))
    listed = [{"village_code": code, "name_th": code} for code in (HERE, ALSO, ELSEWHERE)]
    made.put("villages", rows(VILLAGES_CONTRACT.stored_types, *listed), origin)
    fund = {"fund_id": "a", "village_code": HERE, "fund_type": "savings", "year": 2567}
    types = FUNDS_CONTRACT.stored_types
    made.put("funds", rows(types, fund | {"governance_level": 3}), origin)
    group = {"group_id": "g", "village_code": ELSEWHERE}
    made.put("groups", rows(GROUPS_CONTRACT.stored_types, group), origin)
    return made


def test_each_layer_gives_its_columns_and_a_village_stays_one_row(tmp_path: Path) -> None:
    table = villages.build(workspace(tmp_path)).set_index("village_code")
    assert list(table.index) == [HERE, ALSO, ELSEWHERE]
    assert table.loc[HERE, ["funds", "funds_level_3"]].tolist() == [1, 1]
    assert table.loc[ELSEWHERE, "groups"] == 1
    assert not any(name.startswith(("otop", "plots")) for name in table)


def test_a_village_without_a_row_counts_nothing_only_where_the_layer_knows_its_province(
    tmp_path: Path,
) -> None:
    table = villages.build(workspace(tmp_path)).set_index("village_code")
    assert table.loc[ALSO, "funds"] == 0
    assert table["funds"].isna().tolist() == [False, False, True]
    assert table["groups"].isna().tolist() == [True, True, False]
    assert table[LAYERS_UNKNOWN].tolist() == [1, 1, 1]


def test_what_a_fund_does_not_state_stays_missing_beside_a_count_of_it(tmp_path: Path) -> None:
    table = villages.build(workspace(tmp_path)).set_index("village_code")
    assert table["funds_members"].isna()[HERE]
    assert table.loc[HERE, "funds_members_missing"] == 1
    assert table["funds_capital_baht"].isna().all()
    # The people of a village and the members of its funds are two things.
    assert "members" in table
    assert table["members"].isna().all()
