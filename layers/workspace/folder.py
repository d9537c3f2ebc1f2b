"""The folder that holds a province's or the country's layers, and where each came from.

A workspace is a folder with ``workspace.json`` (the manifest), ``layers/`` (Parquet files that
never change once written), ``household-salt`` (known to this machine only) and a folder for each
kind of document that ``phaenthi.layers.workspace.documents`` lists. An import first writes its
files to the disk and then swaps the manifest in one stroke; until that moment nothing that a
reader sees has changed, and after it everything has.
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

import geopandas
import pandas as pd
import polars as pl
from filelock import FileLock, Timeout

from phaenthi.geo.files import move_into_place, unfinished_mark
from phaenthi.geo.places.codes import Level
from phaenthi.layers.contracts.boundaries import layer_name
from phaenthi.layers.contracts.catalogue import CONTRACTS, contract_of
from phaenthi.layers.contracts.contract import Contract, check
from phaenthi.layers.contracts.provenance import ImportReport, Provenance, nothing_set_aside
from phaenthi.layers.tables.spool import SpooledRows
from phaenthi.layers.workspace.digest import RowsDigest
from phaenthi.layers.workspace.documents import DocumentKind, Documents
from phaenthi.layers.workspace.household_ids import hash_ids, read_salt, write_salt
from phaenthi.layers.workspace.manifest import (
    FORMAT,
    MANIFEST_FILE,
    Generation,
    Manifest,
    StoredLayer,
    read_manifest,
    write_manifest,
)
from phaenthi.layers.workspace.rehearsal import copy_beside, remove_copy, sweep_copies
from phaenthi.layers.workspace.storage import (
    as_rows,
    as_table,
    digest_of_file,
    read_set_aside,
    scan_rows,
    write_rows,
    write_set_aside,
)
from phaenthi.wording import Problem

_LAYERS_FOLDER = "layers"
_LOCK_FILE = ".workspace.lock"
_SECONDS_TO_WAIT = 20
_GENERATIONS_KEPT = 6


@dataclass(frozen=True)
class Part:
    """One layer of a change of several; see ``Workspace.put`` for the fields."""

    layer: str
    table: pd.DataFrame | pl.DataFrame | pl.LazyFrame | SpooledRows
    provenance: Provenance
    set_aside: pd.DataFrame | None = None


class Workspace:
    """The layers of a workspace as they were when it was opened, and the way to change them.

    Use ``Workspace.open`` or ``Workspace.create``. What another process imports meanwhile is
    seen after the next ``open``; one's own ``put`` and ``undo`` are seen at once.
    """

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self.folder = folder
        self._manifest = manifest
        self._lock = FileLock(folder / _LOCK_FILE, timeout=_SECONDS_TO_WAIT)

    @classmethod
    def create(
        cls, folder: str | Path, *, made_up: bool = False, salt: str | None = None
    ) -> Workspace:
        """Make an empty workspace.

        Parameters
        ----------
        folder
            Made if need be; may already hold other files.
        made_up
            True where everything in it will be made-up data.
        salt
            Secret that household ids are hashed with; a random one unless given. Give one
            only to build the same demo again, or to join a register with another office's.

        Raises
        ------
        Problem
            ``layers.workspace_exists`` if the folder is a workspace already.
        """
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        with _held(FileLock(folder / _LOCK_FILE, timeout=_SECONDS_TO_WAIT)):
            if (folder / MANIFEST_FILE).exists():
                raise Problem("layers.workspace_exists", folder=folder.name)
            write_salt(folder, salt or secrets.token_hex(32))
            (folder / _LAYERS_FOLDER).mkdir(exist_ok=True)
            now = datetime.now(UTC)
            manifest = Manifest(
                format=FORMAT,
                created_at=now,
                made_up=made_up,
                changes=0,
                generations=(Generation(at=now, change="", layers={}),),
            )
            write_manifest(folder, manifest)
        return cls.open(folder)

    @classmethod
    def open(cls, folder: str | Path) -> Workspace:
        """Open a workspace as it is now.

        Raises
        ------
        Problem
            ``layers.workspace_missing``, ``layers.workspace_unreadable`` or
            ``layers.workspace_too_new``.
        """
        folder = Path(folder)
        return cls(folder, read_manifest(folder))

    @staticmethod
    def is_at(folder: str | Path) -> bool:
        """Tell whether there is a workspace at an address."""
        return (Path(folder) / MANIFEST_FILE).is_file()

    @property
    def address(self) -> str:
        """What ``open`` takes to open this workspace again, in this process or another."""
        return str(self.folder)

    @property
    def generations(self) -> tuple[Generation, ...]:
        """The layers after each change that can be taken back, those in force last."""
        return self._manifest.generations

    def documents(self, kind: DocumentKind) -> Documents:
        """Return what the workspace keeps of a kind besides its layers."""
        return Documents(self.folder / kind)

    @contextmanager
    def rehearsal(self, name: str) -> Iterator[Workspace]:
        """Give a workspace that holds the same as this one; what is put there is only tried.

        Parameters
        ----------
        name
            Tells it from other rehearsals; ``end_rehearsal`` takes it away where the process
            that rehearses was ended.
        """
        with copy_beside(self.folder, name) as other:
            yield Workspace.open(other)

    def end_rehearsal(self, name: str) -> None:
        """Remove what is left of a rehearsal."""
        remove_copy(self.folder, name)

    def sweep_rehearsals(self) -> None:
        """Remove rehearsals that were left behind long ago."""
        sweep_copies(self.folder)

    @property
    def made_up(self) -> bool:
        """True where the workspace, or any layer of it, holds made-up data."""
        layers = self._manifest.current.layers.values()
        return self._manifest.made_up or any(layer.provenance.made_up for layer in layers)

    @property
    def generation(self) -> int:
        """Number of changes so far, undoing included; no two states have the same."""
        return self._manifest.changes

    @property
    def layers(self) -> tuple[str, ...]:
        """Names of the layers that are here, in the order of the catalogue."""
        return tuple(c.name for c in CONTRACTS if c.name in self._manifest.current.layers)

    def has(self, name: str) -> bool:
        """Tell whether a layer has been imported."""
        return contract_of(name).name in self._manifest.current.layers

    def table(self, name: str) -> pd.DataFrame:
        """Return a layer as a table, without rows where it has not been imported.

        Returns
        -------
        pandas.DataFrame
            The columns of the layer's contract, sorted by its key; a GeoDataFrame in
            EPSG:4326 where the layer has geometry. See
            ``phaenthi.layers.workspace.storage.as_table``.
        """
        return as_table(contract_of(name), self.scan(name).collect())

    def scan(self, name: str) -> pl.LazyFrame:
        """Return a layer lazily; geometry as well-known binary."""
        contract = contract_of(name)
        stored = self._manifest.current.layers.get(name)
        if stored is None:
            return pl.LazyFrame(schema=contract.stored_types)
        return scan_rows(contract, self.folder / stored.file)

    def set_aside(self, name: str) -> pd.DataFrame:
        """Return the rows of a layer's file that were set aside: row, column, found, reason."""
        stored = self._manifest.current.layers.get(contract_of(name).name)
        if stored is None or stored.set_aside_file is None:
            return nothing_set_aside()
        return read_set_aside(self.folder / stored.set_aside_file)

    def provenance(self, name: str) -> Provenance | None:
        """Return where a layer came from, or None where it has not been imported."""
        stored = self._manifest.current.layers.get(contract_of(name).name)
        return stored.provenance if stored else None

    def boundaries(self, level: Level) -> geopandas.GeoDataFrame:
        """Return the boundaries of a level, without rows where there are none.

        Returns
        -------
        geopandas.GeoDataFrame
            code, name_th, name_en, geometry, approximate (bool); EPSG:4326, sorted by code.
        """
        provenance = self.provenance(layer_name(level))
        return self.table(layer_name(level)).assign(
            approximate=provenance is not None and provenance.approximate
        )

    def digest(self, names: Iterable[str]) -> dict[str, str]:
        """Return the digest of the rows that layers hold now; absent layers are left out.

        The rows are read again, so a file that was changed by hand shows.
        See ``phaenthi.layers.workspace.digest`` for what a digest is.
        """
        here = self._manifest.current.layers
        wanted = [contract_of(name).name for name in names]
        return {
            name: _digest_of_file(name, *_identity(self.folder / here[name].file))
            for name in wanted
            if name in here
        }

    def status(self) -> pd.DataFrame:
        """Return one row a layer: layer, rows, source, sha256, imported_at, made_up, set_aside."""
        rows = []
        for name in self.layers:
            provenance = self._manifest.current.layers[name].provenance
            rows.append(
                {
                    "layer": name,
                    "rows": provenance.rows_kept,
                    "source": provenance.source,
                    "sha256": provenance.sha256,
                    "imported_at": provenance.imported_at,
                    "made_up": provenance.made_up,
                    "set_aside": provenance.rows_set_aside,
                }
            )
        columns = ["layer", "rows", "source", "sha256", "imported_at", "made_up", "set_aside"]
        return pd.DataFrame(rows, columns=columns)

    def household_ids(self, raw: pl.Series) -> pl.Series:
        """Turn the ids of a register into the ids of this workspace; the raw ones are not kept.

        Parameters
        ----------
        raw
            Ids as text; spaces, hyphens, Thai digits and the ``.0`` of a number do not matter.

        Returns
        -------
        polars.Series
            The first 20 hexadecimal letters of HMAC-SHA-256 under the workspace's salt; null
            where the id is missing. The same id gives the same letters in every register.

        Raises
        ------
        Problem
            ``layers.salt_missing`` if the workspace's salt file is gone.
        """
        return hash_ids(raw, read_salt(self.folder))

    def put(
        self,
        contract_name: str,
        table: pd.DataFrame | pl.DataFrame | pl.LazyFrame | SpooledRows,
        provenance: Provenance,
        set_aside: pd.DataFrame | None = None,
    ) -> ImportReport:
        """Put a layer in the place of the one that was there.

        Parameters
        ----------
        contract_name
            Name of the layer.
        table
            Its rows, by the contract; household ids already made by ``household_ids``.
        provenance
            Where they came from; ``rows_kept`` and ``rows_set_aside`` are counted here.
        set_aside
            row, column, found, reason of the rows that were not taken over.

        Raises
        ------
        Problem
            As ``phaenthi.layers.contracts.contract.check``; ``layers.workspace_busy`` if another
            import does not end; ``layers.written_differs`` if the disk does not give back what was
            written. The workspace is then as it was.
        """
        return self.put_together([Part(contract_name, table, provenance, set_aside)])[0]

    def put_together(self, parts: Sequence[Part]) -> tuple[ImportReport, ...]:
        """Put several layers in the place of those that were there, all of them or none.

        They are one change: ``undo`` takes them back together, under the name of the first.
        Raises what ``put`` raises.
        """
        with self.writing():
            self._sweep()
            layers = dict(self._manifest.current.layers)
            mark = unfinished_mark(_LAYERS_FOLDER)
            with TemporaryDirectory(prefix=mark, dir=self.folder / _LAYERS_FOLDER) as folder:
                reports = [self._written(part, Path(folder)) for part in parts]
                for report in reports:
                    written = Path(folder) / f"{report.layer}.parquet"
                    path = self._put_in_place(contract_of(report.layer), written, report.digest)
                    aside_path = self._write_set_aside(report.layer, report.set_aside)
                    layers[report.layer] = StoredLayer(
                        file=self._relative(path),
                        digest=report.digest,
                        set_aside_file=self._relative(aside_path) if aside_path else None,
                        provenance=report.provenance,
                    )
            self._swap(reports[0].layer, layers)
        return tuple(reports)

    def _written(self, part: Part, folder: Path) -> ImportReport:
        """Check the rows of a part, piece by piece, and write them into a folder."""
        contract = contract_of(part.layer)
        digest, kept = RowsDigest(contract), 0

        def checked() -> Iterator[pl.DataFrame]:
            nonlocal kept
            for piece in _pieces(contract, part.table):
                rows = check(contract, piece)
                digest.take(rows)
                kept += rows.height
                yield rows

        write_rows(contract, checked(), folder / f"{contract.name}.parquet")
        aside = nothing_set_aside() if part.set_aside is None else part.set_aside
        provenance = replace(
            part.provenance,
            rows_read=part.provenance.rows_read or kept + aside["row"].nunique(),
            rows_kept=kept,
            rows_set_aside=int(aside["row"].nunique()),
        )
        return ImportReport(contract.name, provenance, digest.said(), aside)

    def undo(self) -> str:
        """Take back the last import; the name of its layer is returned.

        Raises
        ------
        Problem
            ``layers.nothing_to_undo`` if no earlier state is kept.
        """
        with self.writing():
            *earlier, last = self._manifest.generations
            if not earlier:
                raise Problem("layers.nothing_to_undo", folder=self.folder.name)
            manifest = self._manifest.model_copy(
                update={"generations": tuple(earlier), "changes": self._manifest.changes + 1}
            )
            write_manifest(self.folder, manifest)
            self._manifest = manifest
            self._sweep()
        return last.change

    def tidy(self) -> None:
        """Remove what an import that was stopped in its midst left; nothing if one is under way.

        Raises
        ------
        Problem
            As ``open``.
        """
        with suppress(Timeout), self._lock.acquire(timeout=0):
            self._manifest = read_manifest(self.folder)
            self._sweep()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the workspace against other writers; what they did before is seen inside.

        Raises
        ------
        Problem
            ``layers.workspace_busy`` if another import does not end.
        """
        with _held(self._lock):
            self._manifest = read_manifest(self.folder)
            yield

    def _swap(self, change: str, layers: dict[str, StoredLayer]) -> None:
        kept = self._manifest.generations[-(_GENERATIONS_KEPT - 1) :]
        after = Generation(at=datetime.now(UTC), change=change, layers=layers)
        manifest = self._manifest.model_copy(
            update={"generations": (*kept, after), "changes": self._manifest.changes + 1}
        )
        write_manifest(self.folder, manifest)
        self._manifest = manifest

    def _put_in_place(self, contract: Contract, written: Path, digest: str) -> Path:
        """Name a file by its content; one that is there and sound is used again."""
        path = self.folder / _LAYERS_FOLDER / f"{contract.name}-{digest[:16]}.parquet"
        if self._relative(path) in self._manifest.files:
            if digest_of_file(contract, path) == digest:
                return path
            # Changed by hand: an earlier generation names it, so it is not written to.
            path = path.with_stem(f"{path.stem}-{self._manifest.changes + 1}")
        if digest_of_file(contract, written) != digest:
            raise Problem("layers.written_differs", file=path)
        move_into_place(written, path)
        return path

    def _write_set_aside(self, layer: str, aside: pd.DataFrame) -> Path | None:
        if aside.empty:
            return None
        name = f"{layer}-set-aside-{self._manifest.changes + 1}.parquet"
        path = self.folder / _LAYERS_FOLDER / name
        write_set_aside(aside, path)
        return path

    def _relative(self, path: Path) -> str:
        return path.relative_to(self.folder).as_posix()

    def _sweep(self) -> None:
        """Remove what an interrupted import left and what no kept generation needs."""
        needed = self._manifest.files
        for path in (self.folder / _LAYERS_FOLDER).iterdir():
            # Windows does not let go of a file that somebody reads: it goes the next time.
            with suppress(PermissionError):
                if path.is_dir():
                    shutil.rmtree(path)
                elif self._relative(path) not in needed:
                    path.unlink()
        for unfinished in self.folder.glob(f"{unfinished_mark(MANIFEST_FILE)}*"):
            shutil.rmtree(unfinished, ignore_errors=True)


def _pieces(
    contract: Contract, table: pd.DataFrame | pl.DataFrame | pl.LazyFrame | SpooledRows
) -> Iterator[pl.DataFrame]:
    if isinstance(table, SpooledRows):
        yield from table.pieces()
    else:
        yield as_rows(contract, table)


@contextmanager
def _held(lock: FileLock) -> Iterator[None]:
    try:
        lock.acquire()
    except Timeout:
        raise Problem("layers.workspace_busy", seconds=_SECONDS_TO_WAIT) from None
    try:
        yield
    finally:
        lock.release()


def _identity(path: Path) -> tuple[Path, int, int]:
    facts = path.stat()
    return path.resolve(), facts.st_mtime_ns, facts.st_size


@lru_cache(maxsize=64)
def _digest_of_file(name: str, path: Path, modified: int, size: int) -> str:  # noqa: ARG001
    """Digest a file once for as long as the disk says that it has not changed."""
    return digest_of_file(contract_of(name), path)
