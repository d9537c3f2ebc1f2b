"""Evidence is taken from a workspace as it stands, and what it lacks is counted."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

from phaenthi.layers.workspace.folder import Workspace
from phaenthi.targeting.judging.evidence import gather
from phaenthi.targeting.judging.judge import judge
from phaenthi.targeting.programme.programme import load

SOURCE = {"source": "by hand", "sha256": "", "imported_at": datetime(2020, 1, 1, tzinfo=UTC)}


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    from phaenthi.layers.contracts.provenance import Provenance  # noqa: PLC0415 - beside its only use

    workspace = Workspace.create(tmp_path / "workspace", made_up=True, salt="test")
    provenance = Provenance(**SOURCE)  # type: ignore[arg-type]
    codes = ["31010101", "46010101", "46010102"]
    workspace.put(
        "villages", pd.DataFrame({"village_code": codes, "name_th": ["ก", "ข", "ค"]}), provenance
    )
    history = pd.DataFrame(
        {
            "village_code": ["46010101", "46019999", "31010101"],
            "programme": ["sammachip", "sammachip", "ne-poverty"],
            "fiscal_year": [2562, 2563, 2562],
        }
    )
    workspace.put("history", history, provenance)
    return workspace


def test_only_the_provinces_asked_for_are_gathered(workspace: Workspace) -> None:
    evidence = gather(workspace, ["46"])
    assert evidence.villages["village_code"].tolist() == ["46010101", "46010102"]
    assert evidence.villages["amphoe_code"].tolist() == ["4601", "4601"]
    assert evidence.history["village_code"].tolist() == ["46010101"]
    assert evidence.made_up


def test_history_of_villages_that_are_not_listed_is_counted_and_still_shows_its_register(
    workspace: Workspace,
) -> None:
    evidence = gather(workspace, ["46"])
    assert evidence.unmatched_history == 1
    held = evidence.registers[["programme", "fiscal_year", "province_code"]]
    assert held.to_numpy().tolist() == [["sammachip", 2562, "46"], ["sammachip", 2563, "46"]]


def test_layers_that_were_never_imported_are_named_and_leave_villages_unknown(
    workspace: Workspace,
) -> None:
    evidence = gather(workspace, ["46"])
    assert evidence.missing_layers == {"households", "poverty", "beneficiaries"}
    assert set(evidence.digest) == {"villages", "history"}
    judgement = judge(load("ne-poverty-2563"), evidence, "46")
    assert judgement.units["verdict"].tolist() == ["unknown", "unknown"]
    assert judgement.units["overlap"].tolist() == ["list_needed", "register_needed"]
