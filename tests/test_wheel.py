"""The wheel works where no checkout is: commands, app and help, from its own files alone."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import expect

from phaenthi.apps.commands.app import find_script
from tests.apps.app_server import free_port, wait_for
from tests.apps.in_browser import LAPTOP, PATIENCE, chromium, opened, rest

ROOT = Path(__file__).parents[1]
NOT_SHIPPED = (".git", ".venv", "build", "outputs", "workspaces", "*.egg-info", ".*_cache")


@dataclass(frozen=True)
class Installed:
    """An environment that holds the wheel, and an empty folder to work in."""

    command: Path
    folder: Path
    workspace: Path

    def run(self, *words: str) -> str:
        done = subprocess.run(
            [str(self.command), *words],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"
        return done.stdout

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if "PYTHON" not in name}
        return kept | {"PHAENTHI_LANGUAGE": "en", "PYTHONNOUSERSITE": "1"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    shutil.copytree(ROOT, source, ignore=shutil.ignore_patterns(*NOT_SHIPPED))
    # The pinned setuptools is here already: nothing is fetched.
    words = ["wheel", "-q", "--no-deps", "--no-build-isolation", "-w", str(folder), str(source)]
    subprocess.run([sys.executable, "-m", "pip", *words], check=True)
    [made] = folder.glob("phaenthi-*.whl")
    return made


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """Install the wheel beside the packages that it needs, with no checkout in sight."""
    home = tmp_path_factory.mktemp("installed")
    environment, folder = home / "environment", home / "an empty folder"
    folder.mkdir()
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(environment)], check=True)
    binaries = environment / ("Scripts" if os.name == "nt" else "bin")
    python = binaries / "python"
    asked = [str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    site = Path(subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip())
    # A path alone: the hooks of what is installed there as editable are not taken over.
    lent = [path for path in sys.path if Path(path).name == "site-packages"]
    (site / "lent.pth").write_text("\n".join(lent) + "\n", encoding="utf-8")
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "-q"]
    subprocess.run([*pip, "--no-deps", "--no-index", "--ignore-installed", str(wheel)], check=True)
    return Installed(binaries / "phaenthi", folder, folder / "workspaces" / "demo")


@pytest.fixture(scope="module")
def demo(installed: Installed) -> str:
    return installed.run("demo")


def test_the_wheel_takes_one_name_at_the_top(wheel: Path):
    with zipfile.ZipFile(wheel) as archive:
        top = {name.split("/")[0] for name in archive.namelist()}
    assert {name for name in top if not name.endswith(".dist-info")} == {"phaenthi"}


def test_all_that_ships_beside_the_code_is_in_the_wheel(wheel: Path):
    with zipfile.ZipFile(wheel) as archive:
        shipped = set(archive.namelist())
    floors = ("apps", "data", "geo", "layers", "targeting", "wording")
    endings = {".py", ".yaml", ".csv", ".parquet", ".svg", ".css", ".js", ".j2", ".webp", ".toml"}
    wanted = {
        f"phaenthi/{path.relative_to(ROOT).as_posix()}"
        for floor in floors
        for path in (ROOT / floor).rglob("*")
        if path.suffix in endings
        and "static" not in path.parts
        and path.name != "build_boundaries.py"
    }
    assert wanted - shipped == set()


def test_it_is_the_installed_one_that_runs(installed: Installed):
    python = installed.command.with_name("python")
    asked = "import phaenthi.apps as apps; print(apps.__file__)"
    done = subprocess.run(
        [str(python), "-c", asked],
        cwd=installed.folder,
        env=installed.environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert str(ROOT) not in done.stdout


def test_the_demo_chooses_and_writes_its_files(installed: Installed, demo: str):
    written = {path.name for path in installed.folder.rglob("*") if path.is_file()}
    assert {"villages.zip", "villages.gpkg", "register.xlsx", "map.html"} <= written
    assert demo


def test_a_plan_is_chosen_explained_verified_and_exported(installed: Installed, demo: str):
    here = ("--workspace", "workspaces/demo")
    installed.run("choose", "ne-poverty-2563", "--province", "เลย", *here)
    [plan] = [
        path.name
        for path in (installed.workspace / "plans").iterdir()
        if '"42"' in (path / "plan.json").read_text("utf-8")
    ]
    units = (installed.workspace / "plans" / plan / "units.csv").read_text("utf-8")
    village = next(line for line in units.splitlines() if '"chosen"' in line).split('"')[1]
    installed.run("explain", plan, village, *here)
    installed.run("verify", plan, *here)
    installed.run("export", plan, "--to", "taken", *here)
    assert (installed.folder / "taken" / "map.html").stat().st_size > 10_000


def test_the_app_opens_with_its_map_and_its_help_pictures(installed: Installed, demo: str):
    port = free_port()
    log = installed.folder / "app.log"
    words = ["app", "--port", str(port), "--workspace", "workspaces/demo"]
    environment = installed.environment | {"STREAMLIT_SERVER_HEADLESS": "true"}
    with log.open("wb") as output:
        app = subprocess.Popen(
            [str(installed.command), *words],
            cwd=installed.folder,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            address = f"http://localhost:{port}"
            wait_for(f"{address}/_stcore/health", app, log)
            with chromium() as browser, opened(browser, LAPTOP) as page:
                page.goto(f"{address}/overview?lang=en")
                rest(page)
                expect(
                    page.frame_locator("iframe").first.locator(".leaflet-container")
                ).to_be_visible(timeout=PATIENCE)
                page.goto(f"{address}/help?lang=en")
                rest(page)
                picture = page.locator("figure.ph-picture img")
                expect(picture).to_be_visible(timeout=PATIENCE)
                assert picture.evaluate("image => image.naturalWidth") > 300
        finally:
            app.terminate()
            app.wait(timeout=20)


def test_where_users_may_not_write_the_program_the_app_serves_from_their_own_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("phaenthi.apps.commands.app.os.access", lambda *_: False)
    monkeypatch.setenv("PHAENTHI_STATIC", "")
    script = find_script(tmp_path)
    assert script.is_relative_to(tmp_path)
    assert (script.parent / "static").is_dir()
    assert "enableStaticServing" in (script.parent / ".streamlit" / "config.toml").read_text(
        "utf-8"
    )
    assert os.environ["PHAENTHI_STATIC"] == str(script.parent / "static")
