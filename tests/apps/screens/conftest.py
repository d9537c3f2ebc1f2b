"""The demo of two provinces, and a plan of one of them, for the pages that are not given others."""

from __future__ import annotations

from pathlib import Path

import pytest

from phaenthi.apps.dates import today
from phaenthi.apps.planning.plans import save_plan
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.targeting.judging.evidence import gather
from phaenthi.targeting.plan import making as plans
from phaenthi.targeting.plan.record import Plan
from phaenthi.targeting.programme import programme
from tests.demo_copies import copy_demo


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("planner") / "demo"
    copy_demo(folder, provinces=("46", "83"))
    return folder


@pytest.fixture
def planned(folder: Path) -> Plan:
    """Choose freely, so that the newest plan holds no decision."""
    workspace = Workspace.open(folder)
    pack = programme.load("ne-poverty-2563")
    made = plans.make(pack, gather(workspace, ["46"]), ["46"], decided_on=today())
    save_plan(made, Workspace.open(folder))
    return made
