"""Registers of a real province as an office would hold them, for the walk on real data.

Boundaries, village codes, names and points are real; the households are made up so that each
tambon adds up to the real TPMAP counts of 2561. Their year is written as 2562, the year that the
programme's rules ask about. Nothing of this leaves the test's own folder.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import geopandas
import numpy as np
import pandas as pd
import polars as pl

from phaenthi.geo.places.codes import Level, is_municipal, parent_code

YEAR = 2562
POOR_INCOME, OTHER_INCOME = (6_000, 37_999), (38_000, 160_000)
FULL_BOUNDARIES = {"31": "31_buriram", "42": "42_loei", "83": "83_phuket"}


@dataclass(frozen=True)
class Registers:
    """The files of one province and the counts that its households add up to.

    Attributes
    ----------
    files
        Path by layer name.
    counts
        tambon_code, households, poor_households, target_poor_households: from TPMAP 2561.
    villages
        village_code and name_th of the real village list.
    """

    files: dict[str, Path]
    counts: pd.DataFrame
    villages: pd.DataFrame


def write_registers(real_data: Path, province: str, folder: Path) -> Registers:
    """Write the registers of a province into a folder."""
    villages = _villages(real_data, province)
    counts = _counts(real_data, province)
    households = _households(villages, counts, int(province))
    files = {
        "boundaries_tambon": _boundaries(real_data, province, folder),
        "villages": folder / "ทะเบียนหมู่บ้าน.csv",
        "households": folder / "จปฐ.csv",
        "poverty": folder / "TPMAP.csv",
        "history": folder / "หมู่บ้านเป้าหมาย.csv",
        "beneficiaries": folder / "ครัวเรือนเป้าหมาย.csv",
    }
    villages.to_csv(files["villages"], index=False, encoding="utf-8-sig")
    poor = households.filter(pl.col("poor"))
    households.select(
        รหัสบ้าน="household_id",
        รหัสหมู่บ้าน="village_code",
        ปีที่สำรวจ=pl.lit(YEAR),
        income_per_person="income",
        จำนวนสมาชิก=pl.lit(3),
        only_elderly_or_disabled=pl.lit("ไม่ใช่"),
        ต้องสงเคราะห์=pl.lit("ไม่ใช่"),
        ย้ายหรือเสียชีวิต=pl.lit("ไม่ใช่"),
        ผ่านการบำบัดยาเสพติด=pl.lit("ไม่ใช่"),
    ).write_csv(files["households"], include_bom=True)
    poor.select(
        รหัสบ้าน="household_id",
        รหัสหมู่บ้าน="village_code",
        ปีข้อมูล=pl.lit(YEAR),
        income_per_person="income",
        บัตรสวัสดิการแห่งรัฐ=pl.when("registered").then(pl.lit("ใช่")).otherwise(pl.lit("ไม่ใช่")),
        poor_income=pl.lit("ใช่"),
    ).write_csv(files["poverty"])
    _prior_programmes(villages, households, files)
    return Registers(files, counts, villages)


def _boundaries(real_data: Path, province: str, folder: Path) -> Path:
    if province in FULL_BOUNDARIES:
        return real_data / "provinces" / f"{FULL_BOUNDARIES[province]}_tambon_full.zip"
    country = geopandas.read_parquet(real_data / "country/tambon.parquet")
    inside = country[country["ADM1_PCODE"] == f"TH{province}"]
    path = folder / "tambon.gpkg"
    inside.to_file(path)
    return path


def _villages(real_data: Path, province: str) -> pd.DataFrame:
    names = pd.read_parquet(real_data / "tables/village_names_8digit.parquet")
    names = names[(names["province_code"] == province) & ~names["obsolete"]]
    points = geopandas.read_parquet(real_data / "country/village_points_2012.parquet")
    points = points[points["match"] == "exact"].set_index("village_code").geometry
    placed = names["village_code"].map(points)
    return pd.DataFrame(
        {
            "รหัสหมู่บ้าน": names["village_code"],
            "ชื่อหมู่บ้าน": names["name_th"],
            "ลองจิจูด": placed.map(lambda p: p.x, na_action="ignore"),
            "ละติจูด": placed.map(lambda p: p.y, na_action="ignore"),
        }
    )


def _counts(real_data: Path, province: str) -> pd.DataFrame:
    folder = real_data / "tpmap_2561"
    common = pd.read_parquet(folder / "tambol_common.parquet").set_index("tumbol_ID")
    poor = pd.read_parquet(folder / "tambol_11111.parquet").set_index("tumbol_ID")
    counts = pd.DataFrame(
        {
            "households": common["household.CNT"],
            "poor_households": poor["poor.household.CNT"],
            # Persons in the source: at most one household each, and never more than are poor.
            "target_poor_households": np.minimum(
                poor["poor.JPT.MOFval.CNT"], poor["poor.household.CNT"]
            ),
        }
    ).rename_axis("tambon_code")
    return counts[counts.index.str.startswith(province)].astype(int).reset_index()


def _households(villages: pd.DataFrame, counts: pd.DataFrame, seed: int) -> pl.DataFrame:
    """Deal each tambon's households out to its villages, the poor ones to the first half more."""
    rng = np.random.default_rng(seed)
    codes = villages["รหัสหมู่บ้าน"].astype("string")
    by_tambon = codes.groupby(parent_code(codes, Level.TAMBON)).agg(list)
    parts = []
    for tambon, total, poor, target in counts.itertuples(index=False):
        # A municipal area has no villages in the list: its households stay under its own code.
        inside = [f"{tambon}00"] if is_municipal(tambon) else by_tambon.get(tambon, [f"{tambon}00"])
        parts.append(
            pl.DataFrame(
                {
                    "village_code": rng.choice(inside, total),
                    "poor": np.arange(total) < poor,
                    "registered": np.arange(total) < target,
                }
            )
        )
    rows = pl.concat(parts)
    number = pl.int_range(pl.len()).cast(pl.String)
    low, high = (
        rng.integers(*bounds, rows.height, endpoint=True) for bounds in (POOR_INCOME, OTHER_INCOME)
    )
    return rows.with_columns(
        household_id=pl.concat_str(pl.lit(f"{seed}-"), number),
        income=pl.when("poor").then(pl.Series(low)).otherwise(pl.Series(high)),
    )


def _prior_programmes(
    villages: pd.DataFrame, households: pl.DataFrame, files: dict[str, Path]
) -> None:
    """Make every register of earlier programmes exist, each with a few villages."""
    programmes = [
        ("สัมมาชีพชุมชน", 2562),
        ("สัมมาชีพชุมชน", 2563),
        ("หมู่บ้านเศรษฐกิจพอเพียง", 2562),
        ("หมู่บ้านเศรษฐกิจพอเพียง", 2563),
        ("ne-poverty", 2562),
    ]
    codes = villages["รหัสหมู่บ้าน"].tolist()
    history = pd.DataFrame(
        [
            {"รหัสหมู่บ้าน": code, "โครงการ": name, "ปีงบประมาณ": year}
            for place, (name, year) in enumerate(programmes)
            for code in codes[place :: 7 * len(programmes)]
        ]
    )
    history.to_csv(files["history"], index=False, encoding="cp874")
    # Half of the sammachip 2562 villages have their list of households.
    listed = history[(history["โครงการ"] == "สัมมาชีพชุมชน") & (history["ปีงบประมาณ"] == 2562)]
    listed = listed["รหัสหมู่บ้าน"].tolist()[::2]
    helped = households.filter(pl.col("village_code").is_in(listed)).group_by(
        "village_code", maintain_order=True
    )
    helped.head(20).select(
        รหัสบ้าน="household_id",
        รหัสหมู่บ้าน="village_code",
        โครงการ=pl.lit("สัมมาชีพชุมชน"),
        ปีงบประมาณ=pl.lit(2562),
    ).write_csv(files["beneficiaries"])
