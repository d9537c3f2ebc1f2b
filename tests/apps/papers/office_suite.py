"""Word files and workbooks turned into PDF by LibreOffice, and where the words then stand."""

from __future__ import annotations

import shutil
import subprocess
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path
from unicodedata import normalize

import pytest

SOFFICE, BBOX = shutil.which("soffice"), shutil.which("pdftotext")
needs_libreoffice = pytest.mark.skipif(
    SOFFICE is None or BBOX is None, reason="LibreOffice or poppler-utils is not installed"
)
# Stands in for the typeface of government papers, which no package brings: drawn after it.
FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>/usr/share/fonts</dir><cachedir>{cache}</cachedir>
<alias binding="same"><family>TH Sarabun New</family>
<prefer><family>Laksaman</family></prefer></alias></fontconfig>"""


@dataclass(frozen=True)
class Word:
    text: str
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True)
class Page:
    width: float
    height: float
    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        return squeeze(" ".join(word.text for word in self.words))


def squeeze(text: str) -> str:
    """Take away what the way through PDF adds and loses: spaces, and the two forms of sara am."""
    return "".join(normalize("NFC", text).replace("\u0e4d\u0e32", "\u0e33").split())


def convert(path: Path, folder: Path) -> Path:
    settings = folder / "fonts.conf"
    settings.write_text(FONTS.format(cache=folder / "fontcache"), encoding="utf-8")
    assert SOFFICE
    subprocess.run(
        [
            SOFFICE,
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--headless",
            "--convert-to",
            "pdf",
            "--outdir",
            str(folder),
            str(path),
        ],
        check=True,
        capture_output=True,
        timeout=300,
        env={"FONTCONFIG_FILE": str(settings), "HOME": str(folder), "PATH": "/usr/bin:/bin"},
    )
    return folder / f"{path.stem}.pdf"


def read_pages(pdf: Path) -> list[Page]:
    assert BBOX
    out = subprocess.run([BBOX, "-bbox", str(pdf), "-"], check=True, capture_output=True)
    tree = ET.fromstring(out.stdout)
    space = "{http://www.w3.org/1999/xhtml}"
    return [
        Page(
            float(page.attrib["width"]),
            float(page.attrib["height"]),
            tuple(
                Word(
                    word.text or "",
                    *(float(word.attrib[name]) for name in ("xMin", "yMin", "xMax", "yMax")),
                )
                for word in page.iter(f"{space}word")
            ),
        )
        for page in tree.iter(f"{space}page")
    ]


def outside(page: Page, *, left: float, right: float, top: float, bottom: float) -> list[Word]:
    """Return the words that leave the margins, which are told in centimetres."""
    dots = 72 / 2.54
    # A letter's own overhang and the box of its tallest marks.
    slack = 3.0
    return [
        word
        for word in page.words
        if word.left < left * dots - slack
        or word.right > page.width - right * dots + slack
        or word.top < top * dots - slack
        or word.bottom > page.height - bottom * dots + slack
    ]
