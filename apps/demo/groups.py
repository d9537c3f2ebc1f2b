"""Occupational groups made up on the villages of the demo, and registers that P11 asks for."""

from __future__ import annotations

import numpy as np
import pandas as pd
import polars as pl
from numpy.typing import NDArray

from phaenthi.apps.demo.by_province import by_province, made_up
from phaenthi.geo.places.codes import Level, parent_code
from phaenthi.layers.groups.families import product_families
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.wording import say

# Products that are commoner in a province than elsewhere.
FAVOURITES = {
    "31": ("silk_weaving", "rice", "organic_rice", "riceberry", "compost", "cotton_weaving"),
    "42": ("cotton_weaving", "food_processing", "natural_dye", "chilli_paste", "fruit"),
    "46": ("silk_weaving", "rice", "organic_rice", "compost", "basketry"),
    "83": ("natural_dye", "food_processing", "jewellery", "herbs", "sweets"),
}
EVERYWHERE = (
    *("food_processing", "basketry", "herbs", "sweets", "chilli_paste", "cotton_weaving"),
    *("mushrooms", "vegetables", "reed_mats", "clothing", "poultry", "insects", "compost", "rice"),
)
SHARE_WITH_GROUP = 0.22
SHARE_THAI_NIYOM = 0.4
YEAR = 2561
# The province that the letter of 2561 allots groups to, and how many villages of each amphoe are
# targets of both programmes at least, so that there is something to choose.
ALLOTTED_PROVINCE = "31"
VILLAGES_IN_BOTH = 5
OUTLETS = ("centre", "shop", "market", "school", "hospital", "factory", "hotel")
METRES_A_DEGREE = 111_000
_STREAM = 11


def put_groups(workspace: Workspace, seed: int) -> None:
    """Put made-up groups for the villages of a workspace, and the targets that they belong to.

    The history gets the target villages of ไทยนิยม ยั่งยืน 2561 and, in Buri Ram, some more of
    sammachip 2561. A province's rows do not depend on which others there are.
    """
    history = workspace.scan("history").collect()
    groups, targets = [], []
    for province, own, rng in by_province(workspace, seed, _STREAM):
        more = make_targets(own, history, province, rng)
        targets.append(more)
        groups.append(make_groups(own, pl.concat([history, more]), province, rng))
    if groups:
        source = made_up(seed)
        workspace.put("history", pl.concat([history, *targets]).unique(), source)
        workspace.put("groups", pl.concat(groups), source)


def make_targets(
    villages: pd.DataFrame, history: pl.DataFrame, province: str, rng: np.random.Generator
) -> pl.DataFrame:
    """Make up the target villages of ไทยนิยม ยั่งยืน, and in Buri Ram more of sammachip.

    Returns
    -------
    polars.DataFrame
        village_code, programme, fiscal_year of rows that the history does not hold yet.
    """
    codes = villages["village_code"].astype("string").reset_index(drop=True)
    thai_niyom = rng.random(len(codes)) < SHARE_THAI_NIYOM
    sammachip = codes.isin(_targets(history, "sammachip")).to_numpy(dtype=bool)
    added = np.zeros(len(codes), dtype=bool)
    if province == ALLOTTED_PROVINCE:
        amphoe = parent_code(codes, Level.AMPHOE)
        for code in sorted(amphoe.unique()):
            here = np.flatnonzero((amphoe == code).to_numpy())
            # Villages of both programmes come first, then of one, then of none.
            order = here[np.argsort(-(2 * sammachip[here] + thai_niyom[here]), kind="stable")]
            thai_niyom[order[:VILLAGES_IN_BOTH]] = True
            added[order[:VILLAGES_IN_BOTH]] = True
    new = {"thai-niyom": thai_niyom, "sammachip": added & ~sammachip}
    rows = [
        pl.DataFrame(
            {
                "village_code": pl.Series(codes[chosen].to_list(), dtype=pl.String),
                "programme": pl.Series([programme] * int(chosen.sum()), dtype=pl.String),
                "fiscal_year": pl.Series([YEAR] * int(chosen.sum()), dtype=pl.Int16),
            }
        )
        for programme, chosen in new.items()
    ]
    return pl.concat(rows)


def make_groups(
    villages: pd.DataFrame, history: pl.DataFrame, province: str, rng: np.random.Generator
) -> pl.DataFrame:
    """Make up the groups of a province's villages.

    Every village that is a target of sammachip and of ไทยนิยม ยั่งยืน has one or two, other villages
    now and then. Tambons have products that they are known for, so that like products lie near
    each other.

    Parameters
    ----------
    villages
        village_code, name_th, longitude and latitude where they are known.
    history
        village_code, programme, fiscal_year.

    Returns
    -------
    polars.DataFrame
        Rows of the layer ``groups``.
    """
    codes = villages["village_code"].astype("string").reset_index(drop=True)
    both = codes.isin(_targets(history, "sammachip") & _targets(history, "thai-niyom"))
    counts = np.where(rng.random(len(codes)) < SHARE_WITH_GROUP, 1, 0)
    counts = np.where(both.to_numpy(dtype=bool), 1 + (rng.random(len(codes)) < 0.35), counts)
    place = np.repeat(np.arange(len(codes)), counts)
    count = place.size
    family = _families(parent_code(codes, Level.TAMBON), place, province, rng)
    words = {one.id: [w for w in one.words if not w.isascii()] for one in product_families()}
    names = {one.id: one.th for one in product_families()}
    product = [
        words[one][int(at * len(words[one]))]
        for one, at in zip(family, rng.random(count), strict=True)
    ]
    village = villages["name_th"].to_numpy()[place] if count else np.array([], dtype=object)
    number = pd.Series(place).groupby(place).cumcount().to_numpy() + 1
    keen = rng.random(count)
    table = pl.DataFrame(
        {
            "group_id": [
                f"{code}-{n}" for code, n in zip(codes.to_numpy()[place], number, strict=True)
            ],
            "village_code": codes.to_numpy()[place].astype(str).tolist(),
            "name_th": [
                say("demo.group_name", product=names[one], village=where)
                for one, where in zip(family, village, strict=True)
            ],
            "product_th": product,
            "product_family": family,
            "members": np.clip(rng.poisson(14, count), 3, None),
            "founded_year": 2562 - np.clip(rng.poisson(6, count), 1, 20),
            "outlet": [
                None if skip else say(f"demo.outlet.{OUTLETS[at]}")
                for at, skip in zip(
                    rng.integers(len(OUTLETS), size=count), rng.random(count) < 0.12, strict=True
                )
            ],
            **_positions(villages, place, rng),
        },
        schema={
            "group_id": pl.String,
            "village_code": pl.String,
            "name_th": pl.String,
            "product_th": pl.String,
            "product_family": pl.String,
            "members": pl.Int64,
            "founded_year": pl.Int16,
            "outlet": pl.String,
            "longitude": pl.Float64,
            "latitude": pl.Float64,
        },
        strict=False,
    )
    answers = {
        "otop_registered": (0.15 + 0.35 * keen, 0.02),
        "has_members": (np.full(count, 0.99), 0.01),
        "has_committee": (0.75 + 0.25 * keen, 0.02),
        "has_rules": (0.5 + 0.5 * keen, 0.04),
        "has_fund": (0.35 + 0.6 * keen, 0.05),
        "has_activities": (0.6 + 0.4 * keen, 0.03),
        "funded_by_others": (np.full(count, 0.08), 0.02),
        "durable_goods": (np.full(count, 0.03), 0.02),
    }
    return table.with_columns(
        _answers(rng, share, unknown).alias(name) for name, (share, unknown) in answers.items()
    ).with_columns(pl.col("longitude", "latitude").fill_nan(None))


def _targets(history: pl.DataFrame, programme: str) -> set[str]:
    rows = history.filter(pl.col("programme") == programme, pl.col("fiscal_year") == YEAR)
    return set(rows["village_code"].to_list())


def _families(
    tambons: pd.Series, place: NDArray[np.intp], province: str, rng: np.random.Generator
) -> list[str]:
    """Return the family of each group: mostly one of the two or three of its tambon."""
    choices = [*FAVOURITES.get(province, ()), *FAVOURITES.get(province, ()), *EVERYWHERE]
    which, names = pd.factorize(tambons)
    known_for = rng.integers(len(choices), size=(len(names), 3))
    own = known_for[which[place], rng.integers(3, size=place.size)]
    any_ = rng.integers(len(choices), size=place.size)
    drawn = np.where(rng.random(place.size) < 0.75, own, any_)
    return [choices[at] for at in drawn]


def _positions(
    villages: pd.DataFrame, place: NDArray[np.intp], rng: np.random.Generator
) -> dict[str, NDArray[np.float64]]:
    """Place each group within some 300 metres of its village; none where that has no place."""
    found = {}
    for name in ("longitude", "latitude"):
        own = villages[name].astype("Float64").to_numpy(dtype=float, na_value=np.nan)[place]
        found[name] = np.round(own + rng.uniform(-300, 300, place.size) / METRES_A_DEGREE, 5)
    return found


def _answers(
    rng: np.random.Generator, share_true: NDArray[np.float64], share_unknown: float
) -> pl.Series:
    """Return true, false or unknown for every row."""
    answered = pl.Series(rng.random(share_true.size) < share_true, dtype=pl.Boolean)
    unknown = pl.Series(rng.random(share_true.size) < share_unknown, dtype=pl.Boolean)
    return pl.select(pl.when(~unknown).then(answered)).to_series()
