"""Files of a made-up country on real codes, made once for all steps (ข้อมูลจำลอง).

77 provinces, 928 amphoe, 7,436 tambons, 75,000 villages; 13 million households as CSV and
Parquet; ten programmes and years of history; 100,000 producers, 25,000 plots, 9,000 funds. The
same seed gives the same rows.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import polars as pl
import shapely

from benchmarks.made_up_country import make_boundaries
from benchmarks.national_workspace import build_national, share_villages
from phaenthi.geo.places.codes import Level, village_code
from phaenthi.geo.shapes.crs import GEOGRAPHIC
from phaenthi.layers.contracts.catalogue import contract_of
from phaenthi.layers.contracts.provenance import Provenance
from phaenthi.layers.workspace.folder import Workspace

SEED = 2563
HEADERS = {
    "household_id": "รหัสครัวเรือน",
    "village_code": "รหัสหมู่บ้าน",
    "survey_year": "ปีที่สำรวจ",
    "income_per_person": "รายได้เฉลี่ยต่อคนต่อปี",
    "members": "จำนวนสมาชิก",
    "only_elderly_or_disabled": "มีเฉพาะผู้สูงอายุหรือคนพิการ",
    "relief_only": "ต้องสงเคราะห์",
}
_ROWS_AT_A_TIME = 500_000
YEAR = 2562
PROGRAMMES = ("sammachip", "sufficiency-village", "ne-poverty")


@dataclass(frozen=True)
class Size:
    """How large a country is."""

    villages: int
    households: int
    producers: int
    plots: int
    funds: int


WHOLE = Size(75_000, 13_000_000, 100_000, 25_000, 9_000)
SMALL = Size(15_000, 40_000, 2_000, 500, 300)


def size_of(*, small: bool) -> Size:
    """Return the size of the country, or of the small one."""
    return SMALL if small else WHOLE


def villages(count: int, seed: int = SEED) -> list[str]:
    """Return the codes of so many villages on the tambons of today, sorted."""
    shared = share_villages(count, seed)
    return [
        village_code(code, moo)
        for code, number in zip(shared["code"], shared["villages"], strict=True)
        for moo in range(1, number + 1)
    ]


def write_households(
    folder: Path, rows: int, codes: list[str], name: str = "households", *, csv: bool = True
) -> None:
    """Write a household survey as CSV with Thai headers and as Parquet, part by part.

    One household in thirty does not tell its income, and one in a hundred its members.
    """
    import pyarrow.parquet as pq  # noqa: PLC0415 - only who makes files waits for it

    where = np.array(codes)
    file = (folder / f"{name}.csv").open("wb") if csv else None
    writer = None
    for start in range(0, rows, _ROWS_AT_A_TIME):
        rng = np.random.default_rng([SEED, start])
        number = np.arange(start, min(rows, start + _ROWS_AT_A_TIME))
        size = number.size
        part = pl.DataFrame(
            {
                "household_id": 10_000_000_000 + 7 * number,
                "village_code": where[number * len(codes) // rows],
                "survey_year": np.full(size, YEAR, dtype=np.int16),
                "income_per_person": rng.integers(100, 2_000, size) * 100,
                "members": rng.integers(1, 9, size, dtype=np.int16),
                "only_elderly_or_disabled": rng.integers(0, 2, size, dtype=np.int8),
                "relief_only": rng.integers(0, 2, size, dtype=np.int8),
            }
        ).with_columns(
            pl.col("household_id").cast(pl.String),
            pl.when(pl.Series(rng.random(size) > 1 / 30)).then("income_per_person"),
            pl.when(pl.Series(rng.random(size) > 0.01)).then("members"),
        )
        if file is not None:
            part.rename(HEADERS).write_csv(file, include_header=start == 0)
        table = part.to_arrow()
        if writer is None:
            writer = pq.ParquetWriter(folder / f"{name}.parquet", table.schema, compression="zstd")
        writer.write_table(table)
    if writer is not None:
        writer.close()
    if file is not None:
        file.close()


def write_inputs(folder: Path, *, small: bool) -> None:
    """Write every file that the steps read; what is there already stays."""
    folder.mkdir(parents=True, exist_ok=True)
    size = size_of(small=small)
    codes = villages(size.villages)
    if not (folder / "tambons.parquet").exists():
        boundaries = make_boundaries()
        boundaries[Level.TAMBON].to_parquet(folder / "tambons.parquet")
    if not (folder / "households.parquet").exists():
        write_households(folder, size.households, codes)
    if not (folder / "villages.parquet").exists():
        tambons = gpd.read_parquet(folder / "tambons.parquet").set_index("code").geometry
        _write_registers(folder, size, codes, tambons)


def _write_registers(folder: Path, size: Size, codes: list[str], tambons: gpd.GeoSeries) -> None:
    rng = np.random.default_rng([SEED, 1])
    code = pd.Series(codes, dtype="string")
    tambon = code.str[: Level.TAMBON.digits]
    inside = shapely.get_coordinates(shapely.point_on_surface(tambons.to_numpy()))
    middle = pd.DataFrame(inside, index=tambons.index).reindex(tambon).to_numpy()
    point = np.round(middle + rng.normal(0, 0.01, middle.shape), 5)
    table = pd.DataFrame({"village_code": code, "name_th": "บ้าน " + code})
    table["longitude"], table["latitude"] = point.T
    table.to_parquet(folder / "villages.parquet")

    history = pd.DataFrame(
        [(c, p, y) for y in range(2553, 2563) for p in PROGRAMMES for c in _some(rng, codes, 0.03)],
        columns=["village_code", "programme", "fiscal_year"],
    )
    history.to_parquet(folder / "history.parquet")

    at = rng.integers(0, len(codes), size.producers)
    producers = pd.DataFrame({"producer_id": [f"p{n}" for n in range(size.producers)]})
    producers["village_code"] = code.to_numpy()[at]
    producers["longitude"], producers["latitude"] = (
        point[at] + rng.normal(0, 0.01, (size.producers, 2))
    ).T
    producers["stars"] = rng.integers(1, 6, size.producers)
    producers.to_parquet(folder / "producers.parquet")

    at = rng.integers(0, len(codes), size.plots)
    plots = pd.DataFrame({"plot_id": [f"l{n}" for n in range(size.plots)]})
    plots["village_code"] = code.to_numpy()[at]
    plots["area_square_metres"] = rng.integers(1_600, 24_000, size.plots).astype(float)
    plots.to_parquet(folder / "plots.parquet")

    at = rng.integers(0, len(codes), size.funds)
    funds = pd.DataFrame({"fund_id": [f"f{n}" for n in range(size.funds)]})
    funds["village_code"] = code.to_numpy()[at]
    funds["governance_level"] = rng.integers(1, 4, size.funds)
    funds["capital_baht"] = rng.integers(1, 300, size.funds) * 10_000.0
    funds.to_parquet(folder / "funds.parquet")


def _some(rng: np.random.Generator, codes: list[str], share: float) -> list[str]:
    return [codes[n] for n in np.flatnonzero(rng.random(len(codes)) < share)]


def points_of(folder: Path) -> gpd.GeoSeries:
    """Return the points of the villages."""
    table = pd.read_parquet(folder / "villages.parquet")
    points = gpd.points_from_xy(table["longitude"], table["latitude"])
    return gpd.GeoSeries(points, index=table["village_code"], crs=GEOGRAPHIC)


def workspace_of(folder: Path, *, small: bool) -> Workspace:
    """Return the workspace of the country, built the first time."""
    at = folder / "workspace"
    if (at / "done").exists():
        return Workspace.open(at)
    size = size_of(small=small)
    workspace = build_national(
        at, households=size.households // 4, villages=size.villages, rugged=True
    )
    tables = {
        name: pl.read_parquet(folder / f"{name}.parquet")
        for name in ("producers", "plots", "funds")
    }
    point = shapely.to_wkb(shapely.points(101.0, 15.0))
    layers = {
        "otop": tables["producers"].with_columns(product_id="producer_id", product_th=pl.lit("ผ้า")),
        "plots": tables["plots"].with_columns(geometry=pl.lit(point)),
        "funds": tables["funds"].with_columns(fund_type=pl.lit("savings"), year=pl.lit(YEAR)),
    }
    source = Provenance(
        source=f"ข้อมูลจำลองทั้งประเทศ (seed {SEED})",
        sha256="",
        imported_at=datetime.now(UTC),
        made_up=True,
    )
    for name, table in layers.items():
        kept = [column for column in contract_of(name).names if column in table.columns]
        workspace.put(name, table.select(kept), source)
    (at / "done").touch()
    return workspace


def main() -> None:
    """Make the files and the workspace that the command line names."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("folder", type=Path)
    reader.add_argument("--small", action="store_true")
    asked = reader.parse_args()
    write_inputs(asked.folder, small=asked.small)
    workspace_of(asked.folder, small=asked.small)


if __name__ == "__main__":
    main()
