"""A plan on the demo's data, made once for every test that reads it."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from phaenthi.apps.publication.published_plan import Publication
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.targeting.judging.evidence import gather
from phaenthi.targeting.plan import making as plans
from phaenthi.targeting.plan.record import Override
from phaenthi.targeting.programme import programme as programmes
from tests.demo_copies import copy_demo

PROVINCE = "42"
_HOME = TemporaryDirectory(prefix="phaenthi-tests-")


@cache
def demo_workspace() -> Workspace:
    """Return a demo workspace of one province; tests only read it."""
    return copy_demo(Path(_HOME.name) / "demo", provinces=(PROVINCE,))


@cache
def demo_publication(*overrides: Override) -> Publication:
    """Return the P1 plan of that province, ready for paper."""
    workspace = demo_workspace()
    programme = programmes.load("ne-poverty-2563")
    evidence = gather(workspace, [PROVINCE])
    decided_on = date(2019, 12, 2)
    plan = plans.make(programme, evidence, [PROVINCE], decided_on=decided_on, overrides=overrides)
    return Publication.of(plan, workspace)
