"""Tables of a page that stand in the code already: layers with their columns, and formats."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from phaenthi.geo.vectors.formats import FORMATS, Format
from phaenthi.layers.contracts.boundaries import BOUNDARY_CONTRACTS
from phaenthi.layers.contracts.catalogue import CONTRACTS
from phaenthi.layers.contracts.contract import Column, Contract
from phaenthi.layers.imports.readers import READERS
from phaenthi.wording import Language, say

_MARK = re.compile(r"^<!-- (\w+) -->$", re.MULTILINE)
_HEADS = {
    "th": ("คอลัมน์", "ความหมาย", "ต้องมี", "หัวคอลัมน์ที่อ่านออก"),
    "en": ("column", "what it is", "needed", "headers understood"),
}
_FORMAT_HEADS = {
    "th": ("ชนิด", "ชื่อในคำสั่ง", "แฟ้ม", "พิกัด", "ข้อความ"),
    "en": ("kind", "name in commands", "file", "coordinates", "text"),
}


def filled(text: str, language: Language) -> str:
    """Return a page with the tables that it asks for by ``<!-- layers -->`` and the like."""
    tables: Mapping[str, Callable[[Language], str]] = {"layers": layers, "formats": formats}
    return _MARK.sub(lambda mark: tables[mark.group(1)](language), text)


def layers(language: Language) -> str:
    """Return a section for each layer that a file can be imported as."""
    imported = [one for one in CONTRACTS if one.name in READERS or one in BOUNDARY_CONTRACTS]
    return "\n\n".join(part for contract in imported for part in _layer(contract, language))


def _layer(contract: Contract, language: Language) -> Iterator[str]:
    yield f"### {contract.label(language)} (`{contract.name}`)"
    rows = [_column_row(column, language) for column in contract.columns]
    yield table(_HEADS[language], rows)


def _column_row(column: Column, language: Language) -> tuple[str, ...]:
    unit = f" ({say(f'layers.units.{column.unit}', language)})" if column.unit else ""
    return (
        f"`{column.name}`",
        column.label(language) + unit,
        "✓" if column.required else "",
        ", ".join(column.aliases),
    )


def formats(language: Language) -> str:
    """Return the vector formats that are written."""
    return table(_FORMAT_HEADS[language], [_format_row(one) for one in FORMATS.values()])


def _format_row(one: Format) -> tuple[str, ...]:
    return (
        one.title,
        f"`{one.name}`",
        f"`{one.suffix}`",
        "WGS 84" if one.geographic else "WGS 84, UTM, Indian 1975",
        ", ".join(one.encodings),
    )


def table(heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """Return a table in Markdown."""
    lines = (heads, ("---",) * len(heads), *rows)
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
