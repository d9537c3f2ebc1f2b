"""A file is written whole or stays as it was."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from phaenthi.geo.files import atomic_write, sha256
from phaenthi.wording import Problem


def test_a_write_that_fails_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "ทะเบียน.csv"
    path.write_text("old")
    with pytest.raises(OSError, match="power"):
        _write_and_fail(path)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_write_that_ends_well_replaces_the_file(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "a.csv"
    with atomic_write(path) as temporary:
        assert temporary.suffix == ".csv"
        temporary.write_text("new")
        assert not path.exists()
    assert path.read_text() == "new"
    assert list(path.parent.iterdir()) == [path]


def test_the_fingerprint_is_the_sha256_of_the_bytes(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"abc")
    assert sha256(path) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def _write_and_fail(path: Path) -> None:
    with atomic_write(path) as temporary:
        temporary.write_text("half of the n")
        raise OSError("power cut")


def test_a_file_that_is_open_elsewhere_for_a_moment_is_replaced_after_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "register.xlsx"
    path.write_text("old")
    refusals = refuse(monkeypatch, times=3)
    with atomic_write(path) as temporary:
        temporary.write_text("new")
    assert path.read_text() == "new"
    assert refusals == [path] * 3


def test_a_file_that_stays_open_in_another_program_is_named_and_stays_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "register.xlsx"
    path.write_text("old")
    refuse(monkeypatch, times=99)
    with (
        pytest.raises(Problem, match=r"register\.xlsx: .* another program has it open"),
        atomic_write(path) as temporary,
    ):
        temporary.write_text("new")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_what_is_settled_on_the_disk_was_opened_for_writing_as_windows_wants_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def as_windows(handle: int) -> None:
        if stat.S_ISREG(os.fstat(handle).st_mode):
            os.write(handle, b"")

    monkeypatch.setattr(os, "fsync", as_windows)
    with atomic_write(tmp_path / "a") as temporary:
        temporary.write_text("whole")
    assert (tmp_path / "a").read_text() == "whole"


def refuse(monkeypatch: pytest.MonkeyPatch, times: int) -> list[Path]:
    """Refuse the first tries of taking a name, as Windows does while the file is open."""
    refusals: list[Path] = []
    replace = Path.replace

    def refusing(path: Path, target: Path) -> Path:
        if len(refusals) < times:
            refusals.append(target)
            raise PermissionError(13, "Access is denied")
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", refusing)
    monkeypatch.setattr("phaenthi.geo.files._PAUSES", (0.0,) * 5)
    return refusals
