"""The exports page without a browser: what it makes, shows, says and takes back."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pandas as pd
import polars as pl
import pyogrio
import pytest
from streamlit.testing.v1 import AppTest

from phaenthi.apps.exports import export_choice as making
from phaenthi.apps.exports.export_choice import Choice, make
from phaenthi.apps.exports.first_rows import PREVIEW_ROWS, preview_table
from phaenthi.apps.exports.sealed_package import package_papers, write_package
from phaenthi.apps.exports.takeaway import Takeaway
from phaenthi.apps.long_work.export import asked_of
from phaenthi.apps.long_work.job import Job
from phaenthi.apps.papers.register import write_register
from phaenthi.apps.planning.plans import save_plan
from phaenthi.apps.planning.saved_routes import save_route
from phaenthi.apps.publication.published_plan import Publication
from phaenthi.apps.screens.exports.made_files import Shelf
from phaenthi.geo.vectors.formats import FORMATS
from phaenthi.layers.contracts.tourism import ATTRACTIONS
from phaenthi.layers.otop.clusters import ClusterRule, find_clusters
from phaenthi.layers.otop.summary import producers
from phaenthi.layers.tourism.route_planning import plan_route
from phaenthi.layers.tourism.route_request import Position, RouteRequest
from phaenthi.layers.workspace.documents import DocumentKind
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.targeting.judging.evidence import gather
from phaenthi.targeting.plan import keeping
from phaenthi.targeting.plan import making as plans
from phaenthi.targeting.programme import programme as programmes
from phaenthi.wording import LANGUAGES, say
from tests.demo_copies import copy_demo
from tests.layers.routes_by_hand import PLASTER, VILLAGE, WEAVING, communities
from tests.layers.routes_by_hand import programmes as programmes_of

PATIENCE = 180
PROVINCE = "42"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exports") / "demo"
    workspace = copy_demo(folder, provinces=(PROVINCE,))
    evidence = gather(workspace, [PROVINCE])
    programme = programmes.load("ne-poverty-2563")
    made = plans.make(programme, evidence, [PROVINCE], decided_on=date(2019, 12, 2))
    save_plan(made, Workspace.open(folder))
    return folder


@pytest.fixture(scope="module")
def publication(folder: Path) -> Publication:
    [saved] = [
        one for one in keeping.saved(folder / DocumentKind.PLANS) if one.startswith("ne-poverty")
    ][:1]
    return Publication.of(keeping.load(folder / DocumentKind.PLANS / saved), Workspace.open(folder))


def exports_page(**kept: str) -> AppTest:
    def page() -> None:
        from phaenthi.apps.screens import exports  # noqa: PLC0415 - AppTest runs this text alone

        exports.show()

    found = AppTest.from_function(page, default_timeout=PATIENCE)
    for name, value in kept.items():
        found.session_state[name] = value
    return found


def words_of(page: AppTest) -> str:
    said = [
        element.value
        for kind in ("markdown", "caption", "header", "info", "warning", "error", "success")
        for element in page.get(kind)
    ]
    said += [element.proto.body for element in page.get("html")]
    return re.sub(r"<[^>]+>", " ", " ".join(str(text) for text in said))


def downloads_of(page: AppTest) -> int:
    return len(page.get("download_button"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_map_file_is_made_on_demand_and_says_what_was_hidden(
    folder: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.setenv("PHAENTHI_WORKSPACE", str(folder))
    page = exports_page(language=language).run()
    assert not page.exception
    assert downloads_of(page) == 0
    page.button(key="exports_make").click().run()
    assert not page.exception
    assert downloads_of(page) == 1
    assert say("export.for_outsiders", language) in words_of(page)
    assert say("export.made_up", language) in words_of(page)
    [table] = [one.value for one in page.dataframe]
    assert len(table) == PREVIEW_ROWS


@pytest.mark.parametrize("kind", ["register", "letters", "package", "households"])
def test_each_kind_of_paper_is_offered_with_its_edition(
    folder: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setenv("PHAENTHI_WORKSPACE", str(folder))
    page = exports_page(kept_exports_kind=kind).run()
    if kind == "households":
        assert "exports_make" not in {button.key for button in page.button}
        page.checkbox(key="exports_for_office_th").check().run()
    page.button(key="exports_make").click().run()
    assert not page.exception
    assert not page.error
    assert downloads_of(page) >= 1
    for_office = say("app.exports.badge.office", "th") in words_of(page)
    assert for_office == (kind == "households")


def test_hidden_counts_are_named_in_the_preview_and_absent_from_the_file(
    publication: Publication, tmp_path: Path
) -> None:
    choice = Choice("plan", publication.plan.id, format="shapefile", encoding="cp874")
    made = make(choice, publication.workspace, publication, "th")
    (tmp_path / "villages.zip").write_bytes(made.pieces[0].content)
    found = pyogrio.read_dataframe(tmp_path / "villages.zip")
    assert len(found) == made.rows == len(publication.plan.units)
    part = making.plan_takeaway(publication)
    mask = part.table["counts_hidden"].to_numpy()
    assert mask.any()
    few = part.table[mask].assign(status="reserve")
    told = preview_table(Takeaway(part.name, part.title, few, part.fields, part.style), "th")
    assert (told == say("documents.hidden", "th")).to_numpy().any()


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_can_be_made_of_a_layer(publication: Publication, name: str) -> None:
    made = make(
        Choice("layer", "places", format=name, provinces=(PROVINCE,)),
        publication.workspace,
        None,
        "en",
    )
    assert made.pieces
    assert all(piece.content for piece in made.pieces)
    assert not list(Path.cwd().glob("places-*"))


@pytest.mark.parametrize("source", ["otop", "groups"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_clusters_are_taken_as_outlines_centres_and_members_of_one_file(
    folder: Path, monkeypatch: pytest.MonkeyPatch, source: str, language: str
) -> None:
    monkeypatch.setenv("PHAENTHI_WORKSPACE", str(folder))
    page = exports_page(
        kept_exports_part="clusters",
        kept_exports_cluster_source=source,
        kept_layers_cluster_within="10",
        language=language,
    ).run()
    page.button(key="exports_make").click().run()
    assert not page.exception
    assert not page.error
    assert downloads_of(page) == 1
    assert say("export.made_up", language) in words_of(page)


def test_a_file_of_clusters_says_who_is_in_which_and_who_in_none(
    publication: Publication, tmp_path: Path
) -> None:
    workspace = publication.workspace
    rule = ClusterRule(10_000, 3)
    choice = Choice("clusters", "otop", within_metres=rule.within_metres, at_least=rule.at_least)
    made = make(choice, workspace, None, "th")
    (tmp_path / "clusters.gpkg").write_bytes(made.pieces[0].content)
    names = [name for name, _ in pyogrio.list_layers(tmp_path / "clusters.gpkg")]
    outlines, centres, members = (
        pyogrio.read_dataframe(tmp_path / "clusters.gpkg", layer=name) for name in names[:3]
    )
    everybody = producers(pd.DataFrame(workspace.table("otop")))
    places = pd.DataFrame(workspace.table("villages"))
    register = find_clusters(everybody, rule, villages=places)
    assert sorted(members["member_id"]) == sorted(everybody["member_id"])
    together = members.dropna(subset="cluster").groupby("cluster")["member_id"].agg(frozenset)
    expected = register.members.groupby("cluster_id")["member_id"].agg(frozenset)
    assert set(together) == set(expected)
    assert len(outlines) == len(centres) == len(expected)
    assert outlines["cluster_name"].notna().all()
    assert (outlines.sort_values("cluster")["members"].diff().dropna() <= 0).all()


def test_no_cluster_at_all_is_said_in_a_sentence(
    publication: Publication, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PHAENTHI_WORKSPACE", str(publication.workspace.folder))
    choice = Choice("clusters", "groups", within_metres=1.0, at_least=50)
    with pytest.raises(making.Problem) as refused:
        make(choice, publication.workspace, None, "en")
    assert "no cluster" in refused.value.sentence("en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_route_is_taken_as_a_map_file_and_a_day_programme(
    folder: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    request = RouteRequest(
        province="51", start=Position(99.01, 18.58, "สพจ.ลำพูน"), days=1, most_stops=2
    )
    no_attractions = pl.DataFrame(schema=ATTRACTIONS.stored_types)
    route = plan_route(
        communities(VILLAGE), programmes_of(WEAVING, PLASTER), no_attractions, request, made_up=True
    )
    monkeypatch.setenv("PHAENTHI_WORKSPACE", str(folder))
    routes = Workspace.open(folder).documents(DocumentKind.ROUTES)
    save_route(Workspace.open(folder), route)
    try:
        page = exports_page(kept_exports_part="route", language=language).run()
        page.button(key="exports_make").click().run()
        assert not page.exception
        assert not page.error
        assert downloads_of(page) == 4
        words = words_of(page)
        assert say("app.exports.file.programme_docx", language) in words
        assert f"{route.id}.gpx" in words
        assert say("export.made_up", language) in words
    finally:
        routes.remove(f"{route.id}.json")


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_can_be_made_of_a_route(
    publication: Publication, tmp_path: Path, name: str
) -> None:
    request = RouteRequest(
        province="51", start=Position(99.01, 18.58, "สพจ.ลำพูน"), days=1, most_stops=2
    )
    no_attractions = pl.DataFrame(schema=ATTRACTIONS.stored_types)
    route = plan_route(communities(VILLAGE), programmes_of(WEAVING), no_attractions, request)
    workspace = Workspace.create(tmp_path / "office")
    save_route(workspace, route)
    made = make(Choice("route", route.id, format=name), workspace, None, "th")
    assert {piece.suffix for piece in made.pieces} >= {".docx", ".html"}
    assert len({piece.name for piece in made.pieces}) == len(made.pieces) >= 3
    assert all(piece.content and route.id in piece.name for piece in made.pieces)


def test_the_map_for_the_browser_makes_no_other_file(
    publication: Publication, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("another file was written")

    monkeypatch.setattr("phaenthi.apps.exports.plan_files.write_takeaway", refuse)
    monkeypatch.setattr("phaenthi.apps.papers.register.write_register", refuse)
    made = make(
        Choice("plan", publication.plan.id, "page"), publication.workspace, publication, "th"
    )
    assert [piece.suffix for piece in made.pieces] == [".html"]


def test_an_export_that_is_ended_stops_at_once_and_leaves_no_file(
    publication: Publication, tmp_path: Path
) -> None:
    choice = Choice("plan", publication.plan.id, "package")
    job = Job("make_export", **asked_of(choice, publication.workspace, "th", tmp_path))
    going = job._worker
    assert going is not None
    for _ in job.go_on():
        if job.step not in ("", say("app.exports.step.reading", "th")):
            break
    job.end()
    assert not going.alive
    assert not (tmp_path / "answer").exists()
    # All that it had laid on the disk lies in the folder that whoever asked throws away.
    assert [path.name for path in tmp_path.iterdir()] == ["work"]


def test_a_plan_without_one_paper_still_gives_the_others(
    publication: Publication, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = making.tasks_of

    def refuse(kind: str, *rest: object) -> object:
        if kind == "budget":
            raise making.Problem("papers.no_budget", plan=publication.plan.id)
        return real(kind, *rest)  # type: ignore[arg-type]  # handed on as it came

    monkeypatch.setattr(making, "tasks_of", refuse)
    made = make(
        Choice("plan", publication.plan.id, "forms"), publication.workspace, publication, "th"
    )
    assert [piece.suffix for piece in made.pieces] == [".docx"]
    assert publication.plan.id in " ".join(made.left_out)


def test_an_edited_register_asks_for_reasons_and_makes_a_new_plan(
    folder: Path, publication: Publication, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PHAENTHI_WORKSPACE", str(folder))
    path = tmp_path / "register.xlsx"
    write_register(publication, path, "th")
    book = openpyxl.load_workbook(path)
    sheet = book[say("documents.sheet.chosen", "th")]
    gone = publication.plan.result(PROVINCE).chosen[0]
    [row] = [row[0].row for row in sheet.iter_rows() if gone in {str(c.value) for c in row}]
    sheet.delete_rows(row)
    book.save(path)
    before = set(keeping.saved(folder / DocumentKind.PLANS))
    page = exports_page(kept_exports_part="register", kept_exports_plan=publication.plan.id).run()
    [box] = page.get("file_uploader")
    box.upload("register.xlsx", path.read_bytes()).run()
    assert not page.exception
    assert gone in " ".join(str(one.label) for one in page.text_input)
    make_it = next(one for one in page.button if one.label == say("app.exports.back.make", "th"))
    make_it.click().run()
    assert say("app.exports.back.who_missing", "th") in words_of(page)
    page.text_input[0].set_value("ศจพ.จ.")
    make_it = next(one for one in page.button if one.label == say("app.exports.back.make", "th"))
    make_it.click().run()
    assert [one.value for one in page.error]
    page.text_input(key=f"exports_reason_{gone}").set_value("ขอถอนตัว")
    make_it = next(one for one in page.button if one.label == say("app.exports.back.make", "th"))
    make_it.click().run()
    assert not page.exception
    [new] = set(keeping.saved(folder / DocumentKind.PLANS)) - before
    made = keeping.load(folder / DocumentKind.PLANS / new)
    assert [(one.unit_code, one.action, one.reason) for one in made.overrides] == [
        (gone, "out", "ขอถอนตัว")
    ]
    assert gone not in made.result(PROVINCE).chosen
    assert new in words_of(page)


def test_a_package_is_accepted_and_refused_after_one_byte(
    folder: Path, publication: Publication, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PHAENTHI_WORKSPACE", str(folder))
    papers = package_papers(publication, tmp_path / "papers")
    path = write_package(publication, papers, tmp_path / "whole.zip")
    page = exports_page(kept_exports_part="check").run()
    page.get("file_uploader")[0].upload("whole.zip", path.read_bytes()).run()
    assert not page.exception
    assert page.success
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    files["README.txt"] = files["README.txt"].replace(b"a", b"b", 1)
    changed = io.BytesIO()
    with zipfile.ZipFile(changed, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    page = exports_page(kept_exports_part="check").run()
    page.get("file_uploader")[0].upload("changed.zip", changed.getvalue()).run()
    assert not page.success
    assert "README.txt" in words_of(page)
    page = exports_page(kept_exports_part="check").run()
    page.get("file_uploader")[0].upload("other.zip", b"no zip at all").run()
    assert not page.exception
    assert "other.zip" in words_of(page)


def test_without_a_plan_the_page_says_where_to_make_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Workspace.create(tmp_path / "empty")
    monkeypatch.setenv("PHAENTHI_WORKSPACE", str(tmp_path / "empty"))
    for part in ("plan", "layer", "register", "check"):
        page = exports_page(kept_exports_part=part).run()
        assert not page.exception
    assert say("app.exports.no_plan", "th") in words_of(exports_page().run())


def test_the_shelf_keeps_what_was_used_last(monkeypatch: pytest.MonkeyPatch) -> None:
    from phaenthi.apps.screens.exports import made_files as module  # noqa: PLC0415 - its limit is changed

    monkeypatch.setattr(module, "MOST_BYTES", 25)
    held = Shelf()
    pieces = {name: making.Made((making.Piece(name, name, b"0" * 10),)) for name in "abc"}
    held.put("a", pieces["a"])
    held.put("b", pieces["b"])
    assert held.find("a")
    held.put("c", pieces["c"])
    assert held.find("b") is None
    assert held.find("a")
    assert held.find("c")
