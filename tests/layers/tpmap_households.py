"""Made-up households that add up to the real tambon counts of TPMAP 2561."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl

from phaenthi.geo.places.codes import Level, is_municipal, parent_code


def real_tambon_counts(real_data: Path, provinces: tuple[str, ...]) -> pd.DataFrame:
    """Return the real counts: tambon_code, households, members; one row a tambon."""
    table = pd.read_parquet(real_data / "tpmap_2561" / "tambol_common.parquet")
    counts = pd.DataFrame(
        {
            "tambon_code": table["tumbol_ID"].astype("string"),
            "households": table["household.CNT"],
            "members": table["HOUSEMEMBER_CNT"],
        }
    )
    wanted = parent_code(counts["tambon_code"], Level.PROVINCE).isin(provinces)
    return counts[wanted].sort_values("tambon_code", ignore_index=True)


def make_up_households(real_data: Path, provinces: tuple[str, ...], seed: int = 0) -> pl.DataFrame:
    """Spread each tambon's households over its villages and its members over the households.

    Returns
    -------
    polars.DataFrame
        With Thai headers, as an office would hold it; a municipal area, and a tambon without
        a listed village, gets all its households in moo 01.
    """
    counts = real_tambon_counts(real_data, provinces)
    listed = pd.read_parquet(real_data / "tables" / "village_names_8digit.parquet")
    listed = listed[~listed["obsolete"]]
    villages = listed.groupby("tambon_code")["village_code"].apply(list).to_dict()
    random = np.random.default_rng(seed)
    codes: list[np.ndarray] = []
    members: list[np.ndarray] = []
    for tambon, households, people in counts.itertuples(index=False):
        homes = [f"{tambon}01"] if is_municipal(tambon) else villages.get(tambon, [f"{tambon}01"])
        codes.append(random.choice(homes, households))
        share, left = divmod(people, households)
        members.append(np.where(np.arange(households) < left, share + 1, share))
    village_codes = np.concatenate(codes)
    number = np.arange(len(village_codes))
    income = random.integers(10_000, 200_000, len(number))
    return pl.DataFrame(
        {
            "รหัสครัวเรือน": pl.Series(number).cast(pl.String).str.zfill(11),
            "รหัสหมู่บ้าน": village_codes,
            "จำนวนสมาชิก": np.concatenate(members),
            "รายได้เฉลี่ยต่อคนต่อปี (บาท)": pl.Series(income).set(pl.Series(number % 50 == 0), None),
        }
    )
