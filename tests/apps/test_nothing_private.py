"""Names, citizen ids and incomes planted in the registers turn up in nothing that leaves them."""

from __future__ import annotations

import io
import logging
import os
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import polars as pl
import pyarrow as pa
import pytest
from click.testing import CliRunner
from streamlit.testing.v1 import AppTest

from phaenthi.apps.cli import phaenthi
from phaenthi.apps.exports.layers import export_layer
from phaenthi.apps.exports.plan_files import export_plan
from phaenthi.apps.exports.plan_map import export_plan_as
from phaenthi.apps.exports.sealed_package import package_papers, write_package
from phaenthi.apps.papers.household_list import write_household_list
from phaenthi.apps.papers.tasks import KINDS, tasks_of
from phaenthi.apps.planning.plans import save_plan
from phaenthi.apps.publication.published_plan import Publication
from phaenthi.geo.vectors.formats import FORMATS
from phaenthi.layers.imports.by_code import import_file
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.targeting.judging.evidence import gather
from phaenthi.targeting.plan import making as plans
from phaenthi.targeting.programme import programme as programmes
from phaenthi.wording import Problem
from tests.demo_copies import copy_demo

PROVINCE = "42"
APP = str(Path(__file__).parents[2] / "apps" / "streamlit_app.py")
PAGES = ("targeting", "overview", "data", "layers", "exports")
FAMILY_NAMES = ("ปลูกความลับ", "ซ่อนเร้นดี")
HOUSEHOLDS = 400


def citizen_id(number: int) -> str:
    return f"3{PROVINCE}99{70_000_000 + number * 7:08d}"


def income(number: int) -> str:
    """Return an income that nothing else could be taken for."""
    return f"{17_000 + number}.7391"


def planted_register(villages: list[str]) -> str:
    rows = [
        f"{citizen_id(n)},นาง{FAMILY_NAMES[n % 2]} คนที่{n},{villages[n % len(villages)]},2562,"
        f"{income(n)},4,99/{n} หมู่บ้านความลับ,0877{n:06d}"
        for n in range(HOUSEHOLDS)
    ]
    heads = "เลขประจำตัวประชาชนหัวหน้าครัวเรือน,ชื่อหัวหน้าครัวเรือน,รหัสหมู่บ้าน,ปีที่สำรวจ"
    return "\n".join([f"{heads},รายได้เฉลี่ยต่อคนต่อปี,จำนวนสมาชิก,ที่อยู่,โทรศัพท์", *rows]) + "\n"


def secrets() -> list[str]:
    secret = [*FAMILY_NAMES, "หมู่บ้านความลับ"]
    for number in range(0, HOUSEHOLDS, 13):
        secret += [citizen_id(number), income(number), f"0877{number:06d}"]
    return secret


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A demo workspace among whose households lie those of a register with names and ids."""
    folder = tmp_path_factory.mktemp("office")
    workspace = copy_demo(folder / "workspace", provinces=(PROVINCE,))
    before, origin = workspace.scan("households").collect(), workspace.provenance("households")
    villages = workspace.table("villages")["village_code"].head(40).to_list()
    register = folder / "register.csv"
    register.write_text(planted_register(villages), encoding="utf-8")
    report = import_file(workspace, "households", register, made_up=True)
    assert report.provenance.rows_kept == HOUSEHOLDS
    assert origin is not None
    both = pl.concat([before, workspace.scan("households").collect()])
    workspace.put("households", both, origin)
    return workspace


@pytest.fixture(scope="module")
def publication(office: Workspace) -> Publication:
    programme = programmes.load("ne-poverty-2563")
    evidence = gather(office, [PROVINCE])
    plan = plans.make(programme, evidence, [PROVINCE], decided_on=date(2019, 12, 2))
    save_plan(plan, office)
    return Publication.of(plan, office)


def readable(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield every text that a file holds, also inside archives, workbooks and pages."""
    yield name, content
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for inner in archive.namelist():
                yield from readable(f"{name}/{inner}", archive.read(inner))
    if name.endswith(".parquet"):
        table = pa.parquet.read_table(io.BytesIO(content))
        plain = [one.name for one in table.schema if not pa.types.is_binary(one.type)]
        rows = table.select([name for name in plain if name != "geometry"]).to_pylist()
        yield f"{name} rows", repr(rows).encode()
    if name.endswith(".pdf") and shutil.which("pdftotext"):
        told = subprocess.run(
            ["pdftotext", "-", "-"], input=content, capture_output=True, check=True
        )
        yield f"{name} text", told.stdout


def found_in(name: str, content: bytes) -> list[str]:
    wanted = [(text, spelt) for text in secrets() for spelt in spellings(text)]
    return [
        f"{text} in {where}"
        for where, inside in readable(name, content)
        for text, spelt in wanted
        if spelt in inside
    ]


def spellings(text: str) -> set[bytes]:
    thai = "".join(f"&#{ord(letter)};" if ord(letter) > 127 else letter for letter in text)
    written = {text.encode(), text.encode("utf-16-le"), thai.encode()}
    if not text.isascii():
        written |= {text.encode("cp874"), text.encode("unicode_escape")}
    return written


def scan(folder: Path) -> list[str]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert files, "there must be something to scan"
    return [one for path in files for one in found_in(path.name, path.read_bytes())]


def test_the_scan_itself_finds_what_is_planted(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("inside.txt", f"{citizen_id(13)} {FAMILY_NAMES[0]}")
    (tmp_path / "leak.docx").write_bytes(packed.getvalue())
    (tmp_path / "leak.dbf").write_bytes(FAMILY_NAMES[1].encode("cp874"))
    assert len(scan(tmp_path)) >= 3


def test_nothing_planted_is_in_the_files_of_the_workspace(
    office: Workspace, publication: Publication
) -> None:
    stored = [
        path
        for path in office.folder.rglob("*")
        # Incomes are what the office works with: they stay, keyed by hashed ids.
        if path.is_file() and "households" not in path.name
    ]
    assert not [one for path in stored for one in found_in(path.name, path.read_bytes())]
    ids = office.scan("households").select("household_id").collect().to_series()
    assert not ids.is_in([citizen_id(number) for number in range(HOUSEHOLDS)]).any()


def test_nothing_planted_is_in_any_export_of_the_plan(
    publication: Publication, tmp_path: Path
) -> None:
    for language in ("th", "en"):
        export_plan(publication, tmp_path / language, language)
        for name in FORMATS:
            export_plan_as(publication, tmp_path / language / name, format=name, language=language)
    assert scan(tmp_path) == []


def test_nothing_planted_is_in_any_paper_or_package(
    publication: Publication, tmp_path: Path
) -> None:
    for kind in KINDS:
        for task in tasks_of(kind, publication, tmp_path, "th"):
            task.write(task.path)
    write_household_list(publication, tmp_path / "households.xlsx", "th", for_office=True)
    papers = package_papers(publication, tmp_path / "papers")
    write_package(publication, papers, tmp_path / "office.zip", edition="office")
    write_package(publication, papers, tmp_path / "public.zip", edition="public")
    assert scan(tmp_path) == []


def test_nothing_planted_is_in_any_layer_taken_away(office: Workspace, tmp_path: Path) -> None:
    for layer in office.layers:
        for name in ("gpkg", "csv", "geojson"):
            export_layer(office, layer, [PROVINCE], folder=tmp_path / name, format=name)
    assert scan(tmp_path) == []


def test_a_personal_column_that_is_asked_for_is_refused(office: Workspace, tmp_path: Path) -> None:
    for column in ("income_per_person", "household_id"):
        with pytest.raises(Problem) as raised:
            export_layer(office, "households", [PROVINCE], folder=tmp_path, columns=[column])
        assert raised.value.message_id == "export.personal_column"


def test_nothing_planted_is_said_or_logged_on_the_command_line(
    office: Workspace, publication: Publication, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    caplog.set_level(logging.DEBUG)
    at = ["--workspace", str(office.folder)]
    village = str(publication.plan.units["village_code"].iloc[0])
    broken = tmp_path / "broken.csv"
    broken.write_text(
        planted_register(["42010101"])
        + f"{citizen_id(0)},นาง{FAMILY_NAMES[0]},42010101,2562,-5,1,,\n",
        encoding="utf-8",
    )
    runs = (
        ["explain", publication.plan.id, village, *at],
        ["verify", publication.plan.id, *at],
        ["workspace", "status", *at],
        ["workspace", "import", "households", str(broken), *at],
        ["register", "inspect", str(broken)],
    )
    for language in ("th", "en"):
        for arguments in runs:
            told = CliRunner().invoke(phaenthi, ["--language", language, *arguments])
            said = f"{told.output} {told.exception}"
            assert said.strip()
            assert not found_in(" ".join(arguments), said.encode())
    assert not found_in("log", caplog.text.encode())


@pytest.mark.parametrize("page", PAGES)
def test_nothing_planted_is_on_any_page(
    office: Workspace, publication: Publication, page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PHAENTHI_WORKSPACE", os.fspath(office.folder))
    shown = AppTest.from_file(APP, default_timeout=120)
    shown.query_params["page"] = page
    shown.query_params["plan"] = publication.plan.id
    shown.run()
    assert not shown.exception
    # Everything that is sent to the browser is in the tree of the page.
    assert not found_in(page, repr(shown._tree).encode())
