"""The first page of a Word file as a picture, and no trace of the file afterwards."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import docx
import pytest
from PIL import Image

from phaenthi.apps.papers import page_picture
from phaenthi.apps.papers.page_picture import Drawing, office_suite

needs_libreoffice = pytest.mark.skipif(
    office_suite() is None, reason="LibreOffice is not installed"
)


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def letter() -> bytes:
    paper = docx.Document()
    paper.add_paragraph("เรื่อง หมู่บ้านเป้าหมาย")
    content = io.BytesIO()
    paper.save(content)
    return content.getvalue()


@needs_libreoffice
def test_the_first_page_is_drawn_upright_and_not_blank(scratch: Path) -> None:
    drawing = Drawing(letter())
    assert all(seconds >= 0 for seconds in drawing.go_on())
    assert drawing.picture is not None
    with Image.open(io.BytesIO(drawing.picture)) as picture:
        assert picture.height > picture.width > 500
        darkest, _ = picture.convert("L").getextrema()
    assert darkest < 100
    assert list(scratch.iterdir()) == []


@needs_libreoffice
def test_a_drawing_that_is_left_off_ends_the_suite_and_leaves_no_file(scratch: Path) -> None:
    drawing = Drawing(letter())
    steps = drawing.go_on()
    next(steps)
    steps.close()
    assert drawing.picture is None
    assert list(scratch.iterdir()) == []


def test_without_a_suite_there_is_no_picture_and_no_failure(
    scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_picture, "office_suite", lambda: None)
    drawing = Drawing(letter())
    assert list(drawing.go_on()) == []
    assert drawing.picture is None
    assert list(scratch.iterdir()) == []


def test_on_windows_the_suite_is_ended_with_the_program_that_it_started(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[list[str]] = []
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)

    def taskkill(command: list[str], **_: object) -> None:
        asked.append(command)
        process.kill()

    monkeypatch.delattr(os, "killpg")
    monkeypatch.setattr(subprocess, "run", taskkill)
    page_picture._end(process)
    assert asked == [["taskkill", "/T", "/F", "/PID", str(process.pid)]]
    assert process.poll() is not None
