"""75,000 villages as a shapefile: written, packed, read again and compared, beside a bare write.

Run from the project's folder: ``python -m benchmarks.shapefile``. Made-up villages with the 26
fields of a plan, reasons longer than a shapefile holds among them. The bare ``to_file`` of
geopandas writes the same columns unpacked and looks at nothing; it is given the short names and
texts of today. The other formats are written with dictionary, style and comparison as well. The
figures go into ``benchmarks/shapefile.md``.
"""

from __future__ import annotations

import platform
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from apps.fields import PLAN_COLUMNS, PLAN_FIELDS
from apps.map_styles import status_style
from geo.formats import FORMATS
from geo.vectorfile import write_vector

VILLAGES = 75_000
REPEATS = 3
SEED = 2563
GOAL = 3.0
PAGE = Path(__file__).with_name("shapefile.md")
TEXT = """# Map files of 75,000 villages

`python -m benchmarks.shapefile` writes this page. Made-up villages with the 26 fields of a plan;
medians of {repeats} runs, {machine}.

| what | seconds | times a bare write | megabytes |
|---|---:|---:|---:|
{table}

A shapefile with its dictionary, style and comparison should take at most {goal:g} times a bare
`to_file`; it takes {times:.2f} times. {cut:,} texts were longer than 254 bytes, were cut between
letters and reported; the bare write cuts them where the bytes end.
"""


def villages() -> gpd.GeoDataFrame:
    """Return made-up villages with every field of a plan."""
    rng = np.random.default_rng(SEED)
    number = np.arange(VILLAGES)
    name = pd.Series(rng.choice(["บ้านน้ำเกลี้ยง", "บ้านโคกสูง", "หนองบัวลำภู", "ท่าลี่"], VILLAGES))
    status = rng.choice(["chosen", "reserve", "eligible", "excluded", "unknown"], VILLAGES)
    reasons = np.array(["ไม่ผ่านเกณฑ์: " + "หมู่บ้านซ้ำกับโครงการที่ได้รับงบประมาณแล้ว " * n for n in range(4)])
    text = {
        "village_code": pd.Series(10_000_000 + number).astype("string"),
        "name_th": name + " " + pd.Series(number).astype("string"),
        "tambon_code": pd.Series(100_000 + number // 10).astype("string"),
        "amphoe_code": pd.Series(1_000 + number // 100).astype("string"),
        "province_code": pd.Series(10 + number // 1_000).astype("string"),
        "status": pd.Series(status, dtype="string"),
        "reason_th": pd.Series(rng.choice(reasons, VILLAGES), dtype="string"),
        "reason_en": pd.Series(
            rng.choice(["Chosen.", "Does not meet: " + "a rule " * 20], VILLAGES)
        ),
    }
    numbers = {"moo", "fiscal_year", "place", "need", "points", "target_households"}
    columns = {
        column: text.get(column, pd.Series(["กาฬสินธุ์"] * VILLAGES, dtype="string"))
        for column in PLAN_COLUMNS
    }
    for column in numbers:
        values = pd.Series(rng.integers(0, 3_000, VILLAGES), dtype="Int64")
        columns[column] = values.mask(rng.random(VILLAGES) < 0.1)
    for column in ("made_up", "counts_hidden"):
        columns[column] = pd.Series(rng.random(VILLAGES) < 0.5)
    places = np.array(shapely.points([98, 8] + rng.random((VILLAGES, 2)) * [7, 11]))
    places[rng.random(VILLAGES) < 0.01] = None
    return gpd.GeoDataFrame(columns, geometry=places, crs="EPSG:4326")


def timed(step: Callable[[], object]) -> float:
    """Return the median of the seconds that a step takes."""
    seconds = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        step()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


def main() -> None:
    """Measure, print, and write the page."""
    table, style = villages(), status_style("th")
    short = {field.column: field.short_name for field in PLAN_FIELDS}
    bare_table = table.rename(columns=short)
    rows: list[tuple[str, float, float]] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)

        def bare() -> None:
            bare_table.to_file(folder / "bare.shp", encoding="utf-8")

        size = 0.0
        rows.append(("bare `to_file`, shapefile", timed(bare), size))
        size = sum(part.stat().st_size for part in folder.iterdir()) / 1e6
        rows[0] = (rows[0][0], rows[0][1], size)
        cut = 0
        for kind in FORMATS.values():
            path = folder / f"villages{kind.suffix}"
            seconds = timed(
                lambda path=path, kind=kind: write_vector(  # type: ignore[misc]
                    table, path, PLAN_FIELDS, format=kind, style=style
                )
            )
            rows.append((kind.title, seconds, path.stat().st_size / 1e6))
            print(rows[-1], flush=True)
        cut = len(write_vector(table, folder / "a.zip", PLAN_FIELDS, format="shapefile").truncated)
    first = rows[0][1]
    lines = [f"| {what} | {s:.2f} | {s / first:.2f} | {mb:.0f} |" for what, s, mb in rows]
    PAGE.write_text(
        TEXT.format(
            repeats=REPEATS,
            machine=f"{platform.machine()}, Python {platform.python_version()}",
            table="\n".join(lines),
            goal=GOAL,
            times=rows[1][1] / first,
            cut=cut,
        ),
        encoding="utf-8",
    )


if __name__ == "__main__":
    main()
