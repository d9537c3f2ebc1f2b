"""The file that a reader sent: what it seems to be, its sheets, and where it lies while read."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import python_calamine

from phaenthi.geo.boundaries.inspection import inspect_folder
from phaenthi.geo.places.codes import Level
from phaenthi.geo.vectors.kinds import is_named_as_map
from phaenthi.layers.contracts import areas as area_contract
from phaenthi.layers.contracts import matches as match_contracts
from phaenthi.layers.contracts.boundaries import BOUNDARY_CONTRACTS, LEVELS, layer_name
from phaenthi.layers.contracts.catalogue import CONTRACTS, contract_of
from phaenthi.layers.contracts.contract import Contract
from phaenthi.layers.contracts.households import HOUSEHOLDS_CONTRACT
from phaenthi.layers.contracts.poverty import POVERTY_CONTRACT
from phaenthi.layers.contracts.villages import VILLAGES_CONTRACT
from phaenthi.layers.people.area_counts import MEASURES
from phaenthi.layers.registers.mapping import known_shape
from phaenthi.layers.registers.place_columns import PLACES, columns_wanted
from phaenthi.layers.registers.reading import find_headers
from phaenthi.layers.tables.table_file import TABLE_SUFFIXES, open_table, plain_header
from phaenthi.wording import Problem

# In the order in which an office lays them; the rest of the catalogue comes of the work itself.
IMPORTED = (
    *(contract.name for contract in BOUNDARY_CONTRACTS),
    VILLAGES_CONTRACT.name,
    match_contracts.VILLAGE_POINTS.name,
    HOUSEHOLDS_CONTRACT.name,
    POVERTY_CONTRACT.name,
    "history",
    "beneficiaries",
    area_contract.AREA_COUNTS.name,
    "funds",
    "fund_levels",
    "groups",
    "otop",
    "tourism_communities",
    "tourism_programmes",
    "attractions",
    "places",
    "plots",
    "plot_ponds",
)
_WORKBOOKS = {".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"}
_LAYERS_OF_LEVEL = {level.value: layer_name(level) for level in LEVELS}
_LEAST_LIKENESS = 2


@dataclass(frozen=True)
class Upload:
    """A file as it was sent; it lives in the memory of the session, and nowhere else."""

    name: str
    content: bytes = field(repr=False)

    @property
    def sha256(self) -> str:
        """Of the file's bytes."""
        return hashlib.sha256(self.content).hexdigest()

    @property
    def is_table(self) -> bool:
        """Whether it is a table and not a map."""
        return Path(self.name).suffix.lower() in TABLE_SUFFIXES

    @contextmanager
    def written(self) -> Iterator[Path]:
        """Lay the file in a folder of its own for as long as it is read."""
        with tempfile.TemporaryDirectory(prefix="phaenthi-") as folder:
            path = Path(folder) / Path(self.name).name
            path.write_bytes(self.content)
            yield path


@dataclass(frozen=True)
class Looked:
    """What a first look at a file tells.

    Parameters
    ----------
    layer
        Name of the layer that it seems to be of; empty if nothing fits.
    headers
        Of the sheet that was read; empty for a map.
    sheet, sheets
        The sheet with most headers that are known, and all of them.
    encoding, header_row
        See ``phaenthi.layers.tables.table_file.TableFile``.
    """

    layer: str
    headers: tuple[str, ...] = ()
    sheet: str | None = None
    sheets: tuple[str, ...] = ()
    encoding: str | None = None
    header_row: int = 0


def look(upload: Upload, sheet: str | None = None) -> Looked:
    """Look at a file for the first time.

    Raises
    ------
    Problem
        As ``phaenthi.layers.tables.table_file.open_table``; ``layers.file_kind_unknown``.
    """
    with upload.written() as path:
        if not upload.is_table:
            if not is_named_as_map(path):
                raise Problem("layers.file_kind_unknown", file=path, found=path.suffix)
            return Looked(_layer_of_map(path))
        known = [a for c in CONTRACTS for column in columns_wanted(c) for a in column.aliases]
        with open_table(path, sheet, known=[*known, *MEASURES]) as table:
            return Looked(
                guess_layer(table.headers, f"{upload.name} {table.sheet or ''}"),
                table.headers,
                table.sheet,
                _sheets(path),
                table.encoding,
                table.header_row,
            )


def _sheets(path: Path) -> tuple[str, ...]:
    if path.suffix.lower() not in _WORKBOOKS:
        return ()
    return tuple(python_calamine.load_workbook(path).sheet_names)


def _layer_of_map(path: Path) -> str:
    found = inspect_folder(path.parent)
    levels = found["level"].dropna()
    if levels.empty:
        return ""
    level = str(levels.iloc[0])
    return _LAYERS_OF_LEVEL.get(level, "villages" if level == Level.VILLAGE.value else "")


def guess_layer(headers: tuple[str, ...], name: str = "") -> str:
    """Return the layer whose columns the headers are most like, empty if none is.

    Columns that say only where a row belongs tell nothing; a column that every row must have
    tells twice as much as another. What the layer is called in the file's name decides between
    layers that fit equally well.
    """
    if sum(header in MEASURES for header in headers) >= _LEAST_LIKENESS:
        return area_contract.AREA_COUNTS.name
    best, most = "", 0.0
    for layer in IMPORTED:
        contract = contract_of(layer)
        if contract.geometry and layer.startswith("boundaries_"):
            continue
        likeness = _likeness(contract, headers, name)
        if likeness > most:
            best, most = layer, likeness
    return best if most >= _LEAST_LIKENESS else ""


def _likeness(contract: Contract, headers: tuple[str, ...], name: str) -> float:
    places = {column.name for column in PLACES}
    found = find_headers(contract.columns, headers)
    own = [column for column in contract.columns if column.name in found]
    told = sum(2.0 if column.required else 1.0 for column in own if column.name not in places)
    absent = [
        column
        for column in contract.columns
        if column.required and column.name not in found and column.name not in places
    ]
    years = sum(column.name.endswith("year") for column in absent)
    shaped = 1.0 if known_shape(headers, contract.name)[0] else 0.0
    called = 1.5 if plain_header(contract.label("th")) in plain_header(name) else 0.0
    if contract.name == VILLAGES_CONTRACT.name and "village_code" not in found:
        # Names with positions and no codes are points of villages.
        return 0.0
    if contract.name == VILLAGES_CONTRACT.name and told:
        told += 1.0
    return told + shaped + called - 2.0 * (len(absent) - years)
