"""A file is written whole or stays as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from phaenthi.geo.files import atomic_write, sha256


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
