"""A plan in one file that anyone can check, and that shows any change."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner

from phaenthi.apps.cli import phaenthi
from phaenthi.apps.commands.exit_codes import ExitCode
from phaenthi.apps.exports.sealed_package import (
    MANIFEST,
    PUBLIC_RECORD,
    PUBLIC_VILLAGES,
    _zipped,
    check_package,
    package_papers,
    write_package,
)
from phaenthi.wording import Problem
from tests.apps.demo_plan import demo_publication

EDITIONS = ("office", "public")


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return package_papers(demo_publication(), tmp_path_factory.mktemp("papers"))


@pytest.fixture(scope="module", params=EDITIONS)
def package(
    request: pytest.FixtureRequest,
    papers: dict[str, Path],
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    path = tmp_path_factory.mktemp(request.param) / f"{request.param}.zip"
    return write_package(demo_publication(), papers, path, edition=request.param)


def contents(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def sealed_again(path: Path, target: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """Write a changed package whose list of files fits the change, as a careful forger would."""
    files = contents(path)
    change(files)
    manifest = json.loads(files[MANIFEST])
    manifest["files"] = {
        name: hashlib.sha256(content).hexdigest()
        for name, content in sorted(files.items())
        if name != MANIFEST
    }
    text = json.dumps(manifest, ensure_ascii=False, sort_keys=True, indent=1) + "\n"
    files[MANIFEST] = text.encode()
    target.write_bytes(_zipped(files))
    return target


def refused(path: Path) -> bool:
    try:
        return not check_package(path).stands
    except Problem:
        return True


def test_a_package_stands_and_only_the_office_can_prove_the_optimum(package: Path) -> None:
    found = check_package(package)
    assert found.stands
    assert found.made_up
    assert found.optimum_proved == (found.edition == "office")
    assert found.plan_id == demo_publication().plan.id


def test_any_changed_byte_is_refused(package: Path, tmp_path: Path) -> None:
    raw, chance = package.read_bytes(), Random(2563)
    # Ends of the file, and places all over it: heads, names, times, contents, the directory.
    places = [0, 5, len(raw) - 1, len(raw) - 20, *(chance.randrange(len(raw)) for _ in range(25))]
    for place in places:
        changed = bytearray(raw)
        changed[place] ^= 1 << chance.randrange(8)
        path = tmp_path / "changed.zip"
        path.write_bytes(changed)
        assert refused(path), place
    (tmp_path / "longer.zip").write_bytes(raw + b"\n")
    assert refused(tmp_path / "longer.zip")


def test_a_changed_village_is_refused_though_the_list_of_files_fits(
    package: Path, tmp_path: Path
) -> None:
    plan = demo_publication().plan
    units = plan.units
    out = units.loc[units["status"] == "chosen", "village_code"].iloc[0]
    into = units.loc[units["status"] == "reserve", "village_code"].iloc[0]

    def swap(files: dict[str, bytes]) -> None:
        for name, content in files.items():
            if name.startswith("plan/"):
                mark = b"\0" * 8
                text = content.replace(out.encode(), mark).replace(into.encode(), out.encode())
                files[name] = text.replace(mark, into.encode())

    assert refused(sealed_again(package, tmp_path / "swapped.zip", swap))


def test_a_changed_rule_is_refused_though_the_list_of_files_fits(
    package: Path, tmp_path: Path
) -> None:
    name = f"rules/{demo_publication().programme.id}.yaml"

    def loosen(files: dict[str, bytes]) -> None:
        text = files[name].decode()
        assert "at_most: 3" in text
        files[name] = text.replace("at_most: 3", "at_most: 4").encode()

    def allot_more(files: dict[str, bytes]) -> None:
        table = next(one for one in files if one.startswith("rules/") and one.endswith(".csv"))
        files[table] = files[table].replace(b"11", b"12")

    assert refused(sealed_again(package, tmp_path / "loose.zip", loosen))
    assert refused(sealed_again(package, tmp_path / "more.zip", allot_more))


def test_a_list_among_the_papers_that_tells_another_choice_is_refused(
    package: Path, tmp_path: Path
) -> None:
    def rewrite(files: dict[str, bytes]) -> None:
        name = next(n for n in files if n.startswith("papers/villages") and n.endswith(".csv"))
        files[name] = files[name].replace(b",chosen,", b",eligible,", 1)

    assert refused(sealed_again(package, tmp_path / "paper.zip", rewrite))


def test_a_file_added_or_left_out_is_refused(package: Path, tmp_path: Path) -> None:
    files = contents(package)
    more = tmp_path / "more.zip"
    more.write_bytes(_zipped({**files, "papers/letter.docx": b"x"}))
    less = tmp_path / "less.zip"
    less.write_bytes(_zipped({name: files[name] for name in sorted(files)[:-1]}))
    assert refused(more)
    assert refused(less)


def test_the_public_edition_of_more_villages_than_the_cap_is_refused(
    papers: dict[str, Path], tmp_path: Path
) -> None:
    path = write_package(demo_publication(), papers, tmp_path / "public.zip", edition="public")
    units = demo_publication().plan.units
    chosen = units[units["status"] == "chosen"]
    amphoe = chosen["amphoe_code"].iloc[0]
    more = units[(units["amphoe_code"] == amphoe) & (units["verdict"] == "met")].head(4)

    def crowd(files: dict[str, bytes]) -> None:
        record = json.loads(files[PUBLIC_RECORD])
        codes = sorted({*chosen["village_code"], *more["village_code"]})
        record["results"][0]["chosen"] = codes
        files[PUBLIC_RECORD] = json.dumps(record).encode()
        lines = files[PUBLIC_VILLAGES].decode().splitlines(keepends=True)
        wanted = set(more["village_code"])
        files[PUBLIC_VILLAGES] = "".join(
            line.replace("reserve", "chosen").replace("eligible", "chosen")
            if line.split(",")[0] in wanted
            else line
            for line in lines
        ).encode()

    assert refused(sealed_again(path, tmp_path / "crowded.zip", crowd))


def test_the_public_edition_holds_no_count_of_households(
    papers: dict[str, Path], tmp_path: Path
) -> None:
    path = write_package(demo_publication(), papers, tmp_path / "public.zip", edition="public")
    files = contents(path)
    head = files[PUBLIC_VILLAGES].decode().splitlines()[0]
    assert "household" not in head
    assert "need" not in head
    record = files[PUBLIC_RECORD].decode()
    assert '"need"' not in record
    assert not any(name.endswith("members.csv") for name in files)
    assert "เผยแพร่" in files["README.txt"].decode()


def test_the_same_plan_gives_the_same_bytes(papers: dict[str, Path], tmp_path: Path) -> None:
    one, two = (
        write_package(demo_publication(), papers, tmp_path / name, edition="office").read_bytes()
        for name in ("a.zip", "b.zip")
    )
    assert one == two


def test_what_is_no_package_is_told_so(tmp_path: Path) -> None:
    for name, content in (("a.zip", b""), ("b.zip", b"PK"), ("c.zip", _zipped({"x": b"y"}))):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(Problem, match="no package"):
            check_package(tmp_path / name)


def test_verify_needs_no_workspace(package: Path, tmp_path: Path) -> None:
    told = CliRunner().invoke(phaenthi, ["verify", str(package)])
    assert told.exit_code == 0, told.output
    assert "ข้อมูลจำลอง" in told.output
    changed = tmp_path / "changed.zip"
    changed.write_bytes(package.read_bytes() + b"x")
    refusal = CliRunner().invoke(phaenthi, ["verify", str(changed)])
    assert refusal.exit_code == ExitCode.FALLS
    assert changed.name in refusal.output


def test_a_zip_of_anything_is_opened_without_harm(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("../../outside.txt", "x")
        archive.writestr(MANIFEST, json.dumps({"format": 1, "edition": "public"}))
    path = tmp_path / "sly.zip"
    path.write_bytes(packed.getvalue())
    assert refused(path)
    assert not (tmp_path.parent / "outside.txt").exists()
