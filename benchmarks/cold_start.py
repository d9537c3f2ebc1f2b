"""The app from nothing: from the start of its process to the first map that Chromium paints."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.request
from datetime import date
from pathlib import Path

from playwright.sync_api import Browser

from benchmarks.map_visits import PATIENCE_SECONDS, new_visit
from phaenthi.apps.demo import build as demo
from phaenthi.apps.planning.plans import save_plan
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.targeting.judging.evidence import gather
from phaenthi.targeting.plan import making as plans
from phaenthi.targeting.programme import programme
from tests.apps.app_server import ROOT, free_port

PROVINCE = "46"


def demo_with_plan(folder: Path) -> Workspace:
    """Return the demo with the plan that it comes with, made the first time."""
    if (folder / "workspace.json").is_file():
        return Workspace.open(folder)
    workspace = demo.build(folder)
    pack = programme.load("ne-poverty-2563")
    made = plans.make(pack, gather(workspace, [PROVINCE]), [PROVINCE], decided_on=date(2019, 11, 1))
    save_plan(made, Workspace.open(folder))
    return workspace


def start_and_paint(browser: Browser, workspace: Path) -> tuple[float, float]:
    """Start ``phaenthi app`` and open it.

    Returns
    -------
    tuple of float
        Seconds from the start of the process until the server answers, and until a map is painted.
    """
    port = free_port()
    address = f"http://localhost:{port}"
    asked = ["app", "--workspace", str(workspace), "--port", str(port)]
    command = [sys.executable, "-m", "phaenthi.apps.cli", *asked]
    environment = os.environ | {"STREAMLIT_SERVER_HEADLESS": "true"}
    began = time.perf_counter()
    process = subprocess.Popen(  # noqa: S603
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait(f"{address}/_stcore/health", process)
        answered = time.perf_counter() - began
        with new_visit(browser) as visit:
            visit.open(address)
            return answered, time.perf_counter() - began
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait(address: str, process: subprocess.Popen[bytes]) -> None:
    patience = time.perf_counter() + PATIENCE_SECONDS
    while time.perf_counter() < patience and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=2) as answer:  # noqa: S310 - this machine
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.02)
    raise RuntimeError("the app did not start")
