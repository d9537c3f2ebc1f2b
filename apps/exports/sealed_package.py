"""A plan in one file that anyone can check: the record, the rules, the papers, and a seal.

The package is a zip file of stored members in the order of their names, so that the same
contents are the same bytes: whoever reads it makes it again and compares. The office's edition
holds the whole record of the plan; the one for others holds no count of a household, and can
therefore be checked for everything but the optimum.
"""

from __future__ import annotations

import hashlib
import io
import json
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import pandas as pd
import pyogrio

from phaenthi.apps.exports.plan_files import export_plan
from phaenthi.apps.exports.plan_map import plan_takeaway
from phaenthi.apps.exports.takeaway import write_takeaway
from phaenthi.apps.papers.annex import write_annex
from phaenthi.apps.papers.map_picture import write_map
from phaenthi.apps.publication.exported_fields import SHORT_NAMES
from phaenthi.apps.publication.published_plan import Publication
from phaenthi.geo.extras import is_installed
from phaenthi.geo.files import atomic_write
from phaenthi.geo.places.codes import Level, parent_code
from phaenthi.geo.places.gazetteer import name_of
from phaenthi.geo.texts.csv import csv_bytes, read_csv
from phaenthi.geo.vectors.formats import CSV
from phaenthi.targeting.plan import certificate, keeping
from phaenthi.targeting.plan.numbers import set_in
from phaenthi.targeting.plan.record import Plan, from_records
from phaenthi.targeting.programme import programme as programmes
from phaenthi.targeting.programme.programme import VILLAGE, Programme
from phaenthi.targeting.proof.verdict import Failure
from phaenthi.wording import Language, Problem, say

Edition = Literal["office", "public"]

FORMAT = 1
MANIFEST = "manifest.json"
READ_ME = "README.txt"
RECORD = "plan"
RULES = "rules"
PAPERS = "papers"
MAP_PICTURE = "map.png"
PUBLIC_RECORD = "plan/plan.json"
PUBLIC_VILLAGES = "plan/villages.csv"
# Columns of the plan that tell nothing of a household.
_PUBLIC_COLUMNS = (
    "village_code",
    "name_th",
    "amphoe_code",
    "province_code",
    "verdict",
    "status",
    "place",
    "overlap",
)
_LISTS = (".csv", ".gpkg", ".zip")
_EARLIEST = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Checked:
    """What the check of a package found.

    Attributes
    ----------
    plan_id, edition, made_up
        As the package says.
    failures
        Empty where the package stands.
    optimum_proved
        Whether the optimum was counted again; never from the edition for others, which leaves
        out the counts of households that it rests on.
    """

    plan_id: str
    edition: Edition
    made_up: bool
    failures: tuple[Failure, ...]
    optimum_proved: bool

    @property
    def stands(self) -> bool:
        """Whether nothing speaks against the package."""
        return not self.failures

    @property
    def optimum(self) -> Literal["proved", "open", "not_here"]:
        """Whether the optimum was counted again, is left open, or cannot be counted from this."""
        if self.optimum_proved:
            return "proved"
        return "open" if self.edition == "office" else "not_here"

    def problem(self, path: Path, language: Language) -> Problem:
        """Return what to tell of a package that does not stand."""
        told = " · ".join(say_failure(one, language) for one in self.failures)
        return Problem("package.does_not_stand", file=path, failures=told)


def say_failure(failure: Failure, language: Language) -> str:
    """Say one thing that does not hold in a package or the plan in it."""
    numbers = dict(failure.numbers)
    for level in ("province", "amphoe"):
        if f"{level}_code" in numbers:
            numbers[level] = name_of(str(numbers[f"{level}_code"]), language)
    if "layer" in numbers:
        layer = numbers["layer"]
        numbers["layer"] = say(
            "cli.units.table" if layer == "units" else f"layers.names.{layer}", language
        )
    return say(failure.wording, language, **numbers)


def write_package(
    publication: Publication, papers: Mapping[str, Path], path: Path, *, edition: Edition = "public"
) -> Path:
    """Write the package of a plan and check it before it takes its place.

    Parameters
    ----------
    papers
        Files to lay beside the record, by the name that they are to have: registers, maps,
        letters. They must be those of the edition.
    path
        Zip file to write, whole or not at all.
    edition
        ``office``: with the whole record, for use inside the office. ``public``: without any
        count of households, for everybody else.

    Raises
    ------
    Problem
        ``package.does_not_stand`` if the package does not pass its own check.
    """
    plan, programme = publication.plan, publication.programme
    files = {
        READ_ME: _read_me(publication, edition).encode("utf-8"),
        **_rules(programme),
        **(_office_record(plan) if edition == "office" else _public_record(plan)),
        **{f"{PAPERS}/{name}": file.read_bytes() for name, file in papers.items()},
    }
    manifest = {
        "format": FORMAT,
        "edition": edition,
        "plan": plan.id,
        "programme": plan.programme_id,
        "made_up": publication.made_up,
        "files": {name: _sha256(content) for name, content in sorted(files.items())},
    }
    text = json.dumps(manifest, ensure_ascii=False, sort_keys=True, indent=1) + "\n"
    files[MANIFEST] = text.encode("utf-8")
    with atomic_write(path) as temporary:
        temporary.write_bytes(_zipped(files))
        found = check_package(temporary)
        if not found.stands:
            raise found.problem(path, "th")
    return path


def check_package(path: Path) -> Checked:
    """Check a package by itself: no workspace, no solver, nothing but the file.

    Every byte of the file is compared with what its contents make; the rules with the digest in
    the plan's record; the choice with the rules, and in the office's edition its optimum; the
    lists among the papers with the choice.

    Raises
    ------
    Problem
        ``package.unreadable`` for a file that is no package of this program; ``targeting.…``
        where the record or the rules in it contradict themselves.
    """
    raw = path.read_bytes() if path.is_file() else b""
    try:
        files = _members(raw)
        manifest = json.loads(files[MANIFEST])
        edition: Edition = "office" if manifest["edition"] == "office" else "public"
        plan_id, told = str(manifest["plan"]), dict(manifest["files"])
        made_up = bool(manifest["made_up"])
        known = manifest["format"] == FORMAT
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, NotImplementedError) as error:
        raise Problem("package.unreadable", file=path) from error
    if not known:
        raise Problem("package.unreadable", file=path)
    failures = [*_byte_failures(raw, files), *_file_failures(files, told)]
    proved = False
    if not failures:
        with tempfile.TemporaryDirectory(prefix="phaenthi-") as folder:
            _unpack(files, Path(folder))
            check = _check_office if edition == "office" else _check_public
            more, proved = check(Path(folder), plan_id, str(manifest["programme"]))
            failures += more
            failures += _paper_failures(Path(folder), files)
    return Checked(plan_id, edition, made_up, tuple(failures), proved and not failures)


def package_papers(
    publication: Publication,
    folder: Path,
    language: Language = "th",
    begin: Callable[[str], None] = lambda _: None,
) -> dict[str, Path]:
    """Write what people take away from a plan into a folder, and return it by name.

    Both editions hold the same papers: none of them shows a count that could tell who is meant.
    Where the extra ``pictures`` is not installed, the picture of the map is left out.

    Raises
    ------
    Problem
        Those of ``phaenthi.apps.exports.plan_files.export_plan`` and
        ``phaenthi.apps.papers.map_picture.write_map``.
    """
    papers = list(export_plan(publication, folder, language, begin).files.values())
    (listed,) = write_takeaway([plan_takeaway(publication, language)], folder, format=CSV)
    papers.append(listed.path)
    if publication.programme.unit == VILLAGE:
        begin(say("package.drawing", language))
        if is_installed("pictures"):
            write_map(publication, folder / MAP_PICTURE, language)
            papers.append(folder / MAP_PICTURE)
        for province in publication.plan.provinces:
            if publication.plan.result(province).shortage is None:
                annex = folder / f"annex-{province}.docx"
                write_annex(publication, annex, language, province=province)
                papers.append(annex)
    return {path.name: path for path in papers}


# -- writing ---------------------------------------------------------------------------------------


def _zipped(files: Mapping[str, bytes]) -> bytes:
    """Return a zip file of stored members: the same contents give the same bytes anywhere."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _EARLIEST)
            # Else the operating system that wrote it would show.
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, files[name])
    return packed.getvalue()


def _rules(programme: Programme) -> dict[str, bytes]:
    """Return the rule pack and the official tables that it names, as they were read."""
    pack = programme.file.path
    files = {f"{RULES}/{pack.name}": pack.read_bytes()}
    for name, table in programme.tables.items():
        files[f"{RULES}/{name}"] = csv_bytes(table, encoding="utf-8")
    return files


def _office_record(plan: Plan) -> dict[str, bytes]:
    return {f"{RECORD}/{plan.id}/{name}": content for name, content in plan.files.items()}


def _public_record(plan: Plan) -> dict[str, bytes]:
    """Return what was decided, without the counts of households that it rests on."""
    units = plan.units
    villages = units[[name for name in _PUBLIC_COLUMNS if name in units]]
    if "unit_code" in units and not units["unit_code"].equals(units["village_code"]):
        villages = villages.assign(unit_code=units["unit_code"])
    record = {
        "plan": plan.id,
        "record_sha256": _sha256(plan.files["plan.json"]),
        "programme": plan.programme_id,
        "programme_digest": plan.programme_digest,
        "readings": dict(plan.readings),
        "numbers": [asdict(one) for one in plan.numbers],
        "provinces": list(plan.provinces),
        "decided_on": plan.decided_on.isoformat(),
        "inputs": dict(plan.inputs),
        "made_up": plan.made_up,
        "decisions": [{"unit_code": one.unit_code, "action": one.action} for one in plan.overrides],
        "results": [
            {
                "province_code": result.demand.province_code,
                "units": result.demand.units,
                "areas": result.demand.areas,
                "chosen": list(result.chosen),
                "reserve": list(result.reserve),
            }
            for result in plan.results
        ],
    }
    text = json.dumps(record, ensure_ascii=False, sort_keys=True, indent=1) + "\n"
    return {
        PUBLIC_RECORD: text.encode("utf-8"),
        PUBLIC_VILLAGES: csv_bytes(villages, encoding="utf-8"),
    }


def _read_me(publication: Publication, edition: Edition) -> str:
    parts = []
    for language in ("th", "en"):
        lines = [
            publication.title(language),
            publication.dated(language),
            say(f"package.edition.{edition}", language),
            *publication.warnings(language),
            "",
            say("package.contents", language, record=RECORD, rules=RULES, papers=PAPERS),
            say(f"package.how_to_check.{edition}", language, command="phaenthi verify"),
        ]
        parts.append("\n".join(lines))
    return "\n\n".join(parts) + "\n"


# -- checking --------------------------------------------------------------------------------------


def _members(raw: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        return {entry.filename: archive.read(entry) for entry in archive.infolist()}


def _byte_failures(raw: bytes, files: Mapping[str, bytes]) -> Iterator[Failure]:
    if _zipped(files) != raw:
        yield Failure("package.failure.bytes", {})


def _file_failures(files: Mapping[str, bytes], told: Mapping[str, str]) -> Iterator[Failure]:
    here = {name for name in files if name != MANIFEST}
    for name in sorted(here | set(told)):
        if name not in here:
            yield Failure("package.failure.missing", {"file": name})
        elif name not in told:
            yield Failure("package.failure.added", {"file": name})
        elif _sha256(files[name]) != told[name]:
            yield Failure("package.failure.changed", {"file": name})


def _unpack(files: Mapping[str, bytes], folder: Path) -> None:
    for name, content in files.items():
        path = (folder / name).resolve()
        if not path.is_relative_to(folder.resolve()):
            raise Problem("package.unreadable", file=name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _load_rules(folder: Path, programme_id: str) -> Programme:
    return programmes.load(folder / RULES / f"{programme_id}.yaml", (folder / RULES,))


def _check_office(folder: Path, plan_id: str, programme_id: str) -> tuple[list[Failure], bool]:
    plan = keeping.load(folder / RECORD / plan_id)
    programme = _load_rules(folder, programme_id)
    report = certificate.check(plan, programme)
    return list(report.failures), report.outcome == "stands"


def _check_public(folder: Path, plan_id: str, programme_id: str) -> tuple[list[Failure], bool]:
    """Check what can be checked without counts: rules, allotments, caps, and who was chosen."""
    record: dict[str, Any] = json.loads((folder / PUBLIC_RECORD).read_bytes())
    villages = read_csv((folder / PUBLIC_VILLAGES).read_bytes(), dtype="string")
    numbers = from_records(record.get("numbers", ()))
    programme = set_in(_load_rules(folder, programme_id).with_readings(record["readings"]), numbers)
    failures = []
    if record["plan"] != plan_id or record["programme"] != programme_id:
        failures.append(Failure("package.failure.changed", {"file": PUBLIC_RECORD}))
    if programme.digest() != record["programme_digest"]:
        failures.append(Failure("certificate.rules_changed", {"programme": programme_id}))
    failures += _choice_failures(record, villages, programme)
    return failures, False


def _choice_failures(
    record: Mapping[str, Any], villages: pd.DataFrame, programme: Programme
) -> Iterator[Failure]:
    codes = "unit_code" if "unit_code" in villages else "village_code"
    decided = {one["unit_code"] for one in record["decisions"] if one["action"] == "in"}
    cap = programme.cap()
    for result in record["results"]:
        province = str(result["province_code"])
        here = villages[villages["province_code"] == province]
        listed = here[here["status"] == "chosen"]
        if sorted(listed[codes]) != sorted(result["chosen"]):
            yield Failure("certificate.record", {"province_code": province})
        allowed = (listed["verdict"] == "met") | listed[codes].isin(decided)
        for code in listed.loc[~allowed, codes].head(certificate.NAMED_FAILURES):
            yield Failure("package.failure.not_allowed", {"village_code": code})
        if result["chosen"]:
            yield from _allotment_failures(programme, province, listed["village_code"])
        if cap is None or cap.reading != "each":
            continue
        areas = parent_code(listed["village_code"].astype("string"), Level(cap.level))
        for area, count in areas.value_counts().items():
            if count > cap.at_most:
                yield Failure(
                    "package.failure.over_cap",
                    {"area": str(area), "count": int(count), "cap": cap.at_most},
                )


def _allotment_failures(
    programme: Programme, province: str, chosen: pd.Series
) -> Iterator[Failure]:
    """Find where another number of units or amphoe is chosen than is allotted.

    Parameters
    ----------
    chosen
        Village codes of the units chosen in the province.
    """
    wrong = Failure("certificate.demand", {"province_code": province})
    for asked in programme.area_allotments(province):
        inside = parent_code(chosen.astype("string"), asked.level) == asked.area_code
        number = int(inside.sum())
        fewer = asked.mode == "at_most" or asked.shortfall == "report"
        if number > asked.units or (number < asked.units and not fewer):
            yield wrong
    areas = programme.allotment(province).areas
    if areas not in (None, parent_code(chosen.astype("string"), Level.AMPHOE).nunique()):
        yield wrong


def _paper_failures(folder: Path, files: Mapping[str, bytes]) -> Iterator[Failure]:
    """Find lists of villages among the papers that tell another choice than the record."""
    chosen = _chosen(folder, files)
    for name in sorted(files):
        if not (name.startswith(f"{PAPERS}/") and name.endswith(_LISTS)):
            continue
        table = pyogrio.read_dataframe(folder / name, layer=0, read_geometry=False).rename(
            columns={short: column for column, short in SHORT_NAMES.items()}
        )
        if {"village_code", "status"} <= set(table):
            told = set(table.loc[table["status"] == "chosen", "village_code"].astype("string"))
            if told != chosen:
                yield Failure("package.failure.other_choice", {"file": name})


def _chosen(folder: Path, files: Mapping[str, bytes]) -> set[str]:
    if PUBLIC_VILLAGES in files:
        table = read_csv((folder / PUBLIC_VILLAGES).read_bytes(), dtype="string")
    else:
        path = next(folder.glob(f"{RECORD}/*/units.csv"))
        table = read_csv(path.read_bytes(), dtype="string")
    return set(table.loc[table["status"] == "chosen", "village_code"].dropna())


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
