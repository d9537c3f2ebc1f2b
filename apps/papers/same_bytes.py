"""Office files that are the same to the byte whenever their content is the same."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date
from pathlib import Path

# What a zip file can hold at the earliest.
_LONG_AGO = (1980, 1, 1, 0, 0, 0)
_CHANGED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")
_CREATED = re.compile(rb"(<dcterms:created[^>]*>)[^<]*(</dcterms:created>)")
_PROPERTIES = "docProps/core.xml"


def settle(path: Path, day: date) -> None:
    """Rewrite a Word file or workbook with one day for every time that it bears.

    Parameters
    ----------
    day
        Stands in the properties as the day when the file was made and changed.
    """
    stamp = f"{day.isoformat()}T00:00:00Z".encode()
    settled = io.BytesIO()
    with (
        zipfile.ZipFile(path) as given,
        zipfile.ZipFile(settled, "w", zipfile.ZIP_DEFLATED) as written,
    ):
        for entry in given.infolist():
            content = given.read(entry)
            if entry.filename == _PROPERTIES:
                for pattern in (_CHANGED, _CREATED):
                    content = pattern.sub(rb"\g<1>" + stamp + rb"\g<2>", content)
            plain = zipfile.ZipInfo(entry.filename, _LONG_AGO)
            plain.compress_type = zipfile.ZIP_DEFLATED
            written.writestr(plain, content)
    path.write_bytes(settled.getvalue())
