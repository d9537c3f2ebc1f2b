"""What the exports page hands over, made in a folder of its own that is gone afterwards."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from phaenthi.apps.exports.cluster_sets import cluster_set
from phaenthi.apps.exports.clusters_and_routes import export_parts
from phaenthi.apps.exports.first_rows import preview_table
from phaenthi.apps.exports.layers import layer_takeaway
from phaenthi.apps.exports.plan_files import write_page
from phaenthi.apps.exports.plan_map import plan_takeaway
from phaenthi.apps.exports.routes import PAGE, WORD, write_route
from phaenthi.apps.exports.routes import statement as route_statement
from phaenthi.apps.exports.sealed_package import (
    Checked,
    Edition,
    check_package,
    package_papers,
    write_package,
)
from phaenthi.apps.exports.takeaway import Takeaway, Written, write_takeaway
from phaenthi.apps.papers.household_list import write_household_list
from phaenthi.apps.papers.register import write_register
from phaenthi.apps.papers.summary import write_summary_pdf
from phaenthi.apps.papers.tasks import tasks_of
from phaenthi.apps.planning.saved_routes import load_route
from phaenthi.apps.publication.published_plan import Publication
from phaenthi.geo.vectors.formats import FORMATS, Format
from phaenthi.layers.otop.clusters import AT_LEAST, ClusterRule
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.targeting.programme.programme import HOUSEHOLD, VILLAGE
from phaenthi.wording import Language, Problem, say

Begin = Callable[[str], None]

KINDS = (
    "vector",
    "register",
    "letters",
    "summary",
    "pictures",
    "forms",
    "page",
    "package",
    "households",
)
OFFICE_KINDS = ("households",)
_TASKS = {"letters": ("letter", "annex"), "pictures": ("map", "chart")}
_FORMS = ("progress", "budget")
_PREVIEW_NAME = "summary.png"
_SIZES = ("A3", "A4")
_PROGRAMS = {"docx": "Word", "xlsx": "Excel"}


@dataclass(frozen=True)
class Choice:
    """What a reader asks for; the same choice of the same data gives the same files.

    Attributes
    ----------
    what
        ``plan``, ``layer``, ``clusters`` or ``route``.
    of
        Id of the plan, name of the layer (also of that whose members are clustered), id of the
        route.
    kind
        One of :data:`KINDS` for a plan.
    edition
        Of a package.
    within_metres, at_least
        See :class:`phaenthi.layers.otop.clusters.ClusterRule`.
    """

    what: str
    of: str
    kind: str = "vector"
    format: str = "gpkg"
    crs: str = ""
    encoding: str = ""
    edition: Edition = "public"
    provinces: tuple[str, ...] = ()
    within_metres: float | None = None
    at_least: int = AT_LEAST

    @property
    def for_office(self) -> bool:
        """Whether what is made must stay in the office."""
        return self.kind in OFFICE_KINDS or (self.kind == "package" and self.edition == "office")


@dataclass(frozen=True)
class Piece:
    """One file to take away."""

    name: str
    title: str
    content: bytes

    @property
    def suffix(self) -> str:
        """Ending of its name with the dot, in small letters."""
        return Path(self.name).suffix.lower()


@dataclass(frozen=True)
class Made:
    """Files that were made, and what a reader must know of them.

    Attributes
    ----------
    table
        First rows of a map file as people read them, or None.
    rows, columns
        How much is in the map file; 0 where there is none.
    checked
        What the check of a package found, or None.
    left_out
        Sentences on papers that could not be made.
    """

    pieces: tuple[Piece, ...]
    lines: tuple[str, ...] = ()
    table: pd.DataFrame | None = None
    rows: int = 0
    columns: int = 0
    checked: Checked | None = None
    left_out: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        """Bytes of all files together."""
        return sum(len(piece.content) for piece in self.pieces)


def kinds_of(publication: Publication) -> tuple[str, ...]:
    """Return what can be taken from a plan: letters and pictures speak of villages only."""
    plan, unit = publication.plan, publication.programme.unit
    lists = () if plan.members.empty else OFFICE_KINDS
    if unit == HOUSEHOLD:
        return lists
    if unit != VILLAGE:
        return ("vector", "package", *lists)
    return tuple(kind for kind in KINDS if kind not in OFFICE_KINDS or kind in lists)


def make(
    choice: Choice,
    workspace: Workspace,
    publication: Publication | None,
    language: Language,
    begin: Begin = lambda _: None,
) -> Made:
    """Make the files of a choice.

    Parameters
    ----------
    publication
        Of the plan; needed for a plan alone.
    begin
        Told the sentence of each step.

    Raises
    ------
    Problem
        Those of what writes the files.
    """
    with tempfile.TemporaryDirectory(prefix="phaenthi-") as scratch:
        folder = Path(scratch)
        if choice.what == "layer":
            begin(say("app.exports.step.layer", language))
            part = layer_takeaway(workspace, choice.of, choice.provinces, language)
            return _map_file(part, choice, folder, language, begin)
        if choice.what == "clusters":
            begin(say("app.exports.step.clusters", language))
            rule = ClusterRule(choice.within_metres, choice.at_least)
            sets = cluster_set(workspace, choice.of, choice.provinces, rule, language)
            return _cluster_files(sets, choice, folder, language, begin)
        if choice.what == "route":
            return _route(workspace, choice, folder, language, begin)
        if publication is None:
            raise Problem("export.layer_absent", layer=choice.of)
        if choice.kind == "vector":
            begin(say("app.exports.step.judging", language))
            part = plan_takeaway(publication, language)
            return _map_file(part, choice, folder, language, begin)
        if choice.kind == "package":
            return _package(publication, choice.edition, folder, language, begin)
        return _papers(publication, choice.kind, folder, language, begin)


def _map_file(
    part: Takeaway, choice: Choice, folder: Path, language: Language, begin: Begin
) -> Made:
    kind = FORMATS[choice.format]
    begin(say("app.exports.step.writing", language, format=kind.title))
    written = write_takeaway(
        [part],
        folder,
        format=kind,
        crs=choice.crs or None,
        encoding=choice.encoding or None,
        name=_file_stem(part.name, choice),
    )
    pieces, lines = _pieces_of(written, [part.title] * len(written), kind, language)
    return Made(pieces, lines, preview_table(part, language), len(part.table), len(part.fields))


def _cluster_files(
    parts: Sequence[Takeaway], choice: Choice, folder: Path, language: Language, begin: Begin
) -> Made:
    """Write outlines, centres and members: one file where the format holds several layers."""
    kind = FORMATS[choice.format]
    begin(say("app.exports.step.writing", language, format=kind.title))
    name = _file_stem(f"clusters-{choice.of}", choice)
    crs, encoding = choice.crs or None, choice.encoding or None
    written = export_parts(parts, folder, name, format=kind, crs=crs, encoding=encoding)
    titles = {part.name: part.title for part in parts}
    together = say("app.exports.file.clusters", language)
    told = [titles.get(one.path.name.partition(".")[0], together) for one in written]
    pieces, lines = _pieces_of(written, told, kind, language)
    shown = parts[0]
    return Made(pieces, lines, preview_table(shown, language), len(shown.table), len(shown.fields))


def _pieces_of(
    written: Sequence[Written], titles: Sequence[str], kind: Format, language: Language
) -> tuple[tuple[Piece, ...], tuple[str, ...]]:
    """Return files and those beside them, and everything that is to be said of them, once."""
    pieces: list[Piece] = []
    lines: list[str] = []
    for one, what in zip(written, titles, strict=True):
        title = say("app.exports.file.map", language, what=what, format=kind.title)
        pieces.append(Piece(one.path.name, title, one.path.read_bytes()))
        for path in one.report.beside:
            title = say(f"app.exports.file.{_beside(path)}", language)
            pieces.append(Piece(path.name, title, path.read_bytes()))
        lines += one.lines(language)
    return tuple(pieces), tuple(dict.fromkeys(lines))


def _beside(path: Path) -> str:
    return {".csv": "dictionary", ".qml": "style", ".sld": "style"}.get(path.suffix, "remarks")


def _file_stem(name: str, choice: Choice) -> str:
    if choice.what == "plan":
        return f"{name}-{choice.of}"
    return "-".join([name, *choice.provinces]) if len(choice.provinces) < 6 else name


def _papers(
    publication: Publication, kind: str, folder: Path, language: Language, begin: Begin
) -> Made:
    plan = publication.plan
    lines = [*publication.warnings(language), publication.dated(language)]
    if kind not in OFFICE_KINDS:
        lines += _hidden_lines(publication, language)
    pieces: list[Piece] = []
    left_out: list[str] = []

    def add(title: str, path: Path, write: Callable[[Path], object]) -> None:
        begin(say("cli.papers.working", language, what=title))
        written = write(path)
        made = written if isinstance(written, Path) else path
        pieces.append(_piece(made, title, plan.id))

    match kind:
        case "register":
            title = say("app.exports.file.register", language)
            add(title, folder / "register.xlsx", lambda p: write_register(publication, p, language))
            for task in tasks_of("register", publication, folder, language):
                add(say(f"cli.papers.{task.name}", language), task.path, task.write)
        case "page":
            title = say("app.exports.file.page", language)
            add(title, folder / "map.html", lambda p: write_page(publication, p, language))
        case "households":
            title = say("cli.papers.households", language)
            path = folder / "households.xlsx"
            add(
                title,
                path,
                lambda p: write_household_list(publication, p, language, for_office=True),
            )
        case _:
            wanted = ("summary",) if kind == "summary" else _TASKS.get(kind, _FORMS)
            for one in wanted:
                try:
                    for task in tasks_of(one, publication, folder, language):
                        told = say(f"cli.papers.{task.name}", language)
                        paper = next((f" {size}" for size in _SIZES if size in task.path.name), "")
                        add(_titled(told + paper, task.path), task.path, task.write)
                except Problem as problem:
                    # The other papers are no worse for a plan without a budget.
                    left_out.append(problem.sentence(language))
            if kind == "summary" and pieces:
                add(
                    _titled(say("cli.papers.summary", language), Path(_PREVIEW_NAME)),
                    folder / _PREVIEW_NAME,
                    lambda p: write_summary_pdf(publication, p, language),
                )
    if not pieces and left_out:
        lines = []
    return Made(tuple(pieces), tuple(dict.fromkeys(lines)), left_out=tuple(left_out))


def _titled(title: str, path: Path) -> str:
    ending = path.suffix.removeprefix(".")
    return f"{title} · {_PROGRAMS.get(ending, ending.upper())}"


def _plan_name(name: str, plan_id: str) -> str:
    stem, dot, ending = name.rpartition(".")
    return name if plan_id in name else f"{stem}-{plan_id}{dot}{ending}"


def _piece(path: Path, title: str, plan_id: str) -> Piece:
    # A sentence of the command line begins small in English.
    told = title[:1].upper() + title[1:]
    return Piece(_plan_name(path.name, plan_id), told, path.read_bytes())


def _hidden_lines(publication: Publication, language: Language) -> list[str]:
    count = len(publication.hidden_units)
    lines = [say("export.for_outsiders", language)]
    if count:
        lines.append(say("export.hidden_cells", language, count=f"{count:,}"))
    return lines


def _package(
    publication: Publication, edition: Edition, folder: Path, language: Language, begin: Begin
) -> Made:
    papers = package_papers(publication, folder / "papers", language, begin)
    begin(say("package.step", language))
    name = f"{publication.plan.id}-{edition}.zip"
    path = write_package(publication, papers, folder / name, edition=edition)
    checked = check_package(path)
    piece = Piece(name, say(f"app.exports.file.package_{edition}", language), path.read_bytes())
    lines = [say(f"package.edition.{edition}", language), *publication.warnings(language)]
    return Made((piece,), tuple(lines), checked=checked)


def _route(
    workspace: Workspace, choice: Choice, folder: Path, language: Language, begin: Begin
) -> Made:
    begin(say("app.exports.step.writing", language, format=FORMATS[choice.format].title))
    route = load_route(workspace, choice.of)
    written: Sequence[Path] = write_route(route, folder, language, formats=(choice.format,))
    pieces = [
        Piece(_route_name(path, route.id), _route_title(path, language), path.read_bytes())
        for path in written
    ]
    warning = [say("export.made_up", language)] if route.made_up else []
    return Made(tuple(pieces), (*warning, *route_statement(route, language)))


def _route_name(path: Path, route: str) -> str:
    if path.name.startswith("route."):
        return f"{route}{path.name.removeprefix('route')}"
    return f"{route}-{path.name.removeprefix('route_')}"


def _route_title(path: Path, language: Language) -> str:
    if path.name in (PAGE, WORD):
        return say(f"app.exports.file.programme_{path.suffix.removeprefix('.')}", language)
    kind = next(kind for kind in FORMATS.values() if path.name.endswith(kind.suffix))
    what = say("app.exports.file.route", language)
    return say("app.exports.file.map", language, what=what, format=kind.title)
