"""OTOP producers and products made up on the villages of the demo (ข้อมูลจำลอง)."""

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

# Families that a province is better known for than others, the first three of its OTOP register.
KNOWN_FOR = {
    "31": ("silk_weaving", "rice", "cotton_weaving"),
    "42": ("cotton_weaving", "food_processing", "chilli_paste"),
    "46": ("silk_weaving", "basketry", "herbs"),
    "83": ("natural_dye", "food_processing", "jewellery"),
}
SHARE_WITH_PRODUCER = 0.09
CENTRES = 3
REACH_OF_A_CENTRE_METRES = 15_000
SHARE_MORE_AT_A_CENTRE = 0.7
SHARE_WITHOUT_OWN_POINT = 0.15
KINDS = ("community", "single", "sme")
SHARES_OF_KINDS = (0.68, 0.25, 0.07)
SHARES_OF_STARS = (0.04, 0.08, 0.2, 0.25, 0.13, 0.3)  # 1 … 5, not assessed
SHARES_OF_QUADRANTS = (0.07, 0.18, 0.25, 0.4, 0.1)  # A … D, not grouped
YEARS = (2553, 2565)
METRES_A_DEGREE = 111_000
_STREAM = 17


def put_otop(workspace: Workspace, seed: int) -> None:
    """Put a made-up OTOP register for the villages of a workspace.

    A province's rows do not depend on which others there are.
    """
    tables = [
        make_otop(here, province, rng)
        for province, here, rng in by_province(workspace, seed, _STREAM)
    ]
    if tables:
        workspace.put("otop", pl.concat(tables), made_up(seed))


def make_otop(villages: pd.DataFrame, province: str, rng: np.random.Generator) -> pl.DataFrame:
    """Make up the OTOP register of one province.

    Tambons have products that they are known for, so that like producers lie near each other. A
    single owner has no name here: it would be a person's.

    Parameters
    ----------
    villages
        village_code, name_th, longitude and latitude where they are known.
    province
        Province code, 2 digits.
    rng
        Source of chance.

    Returns
    -------
    polars.DataFrame
        Rows of the layer ``otop``.
    """
    with_producer = rng.random(len(villages)) < _shares(villages, rng)
    counts = np.where(with_producer, 1 + rng.poisson(0.4, len(villages)), 0)
    makers = np.repeat(np.arange(len(villages)), counts)
    products = 1 + np.minimum(rng.poisson(0.9, makers.size), 4)
    maker = np.repeat(np.arange(makers.size), products)
    place = makers[maker]
    codes = villages["village_code"].astype("string").reset_index(drop=True)
    main = _families(parent_code(codes, Level.TAMBON), makers, province, rng)
    other = _families(parent_code(codes, Level.TAMBON), place, province, rng)
    # A producer keeps to its own family for the most part.
    family = np.where(rng.random(maker.size) < 0.9, main[maker], other)
    kind = rng.choice(len(KINDS), makers.size, p=SHARES_OF_KINDS)
    by_id = {one.id: one for one in product_families()}
    words = {name: [w for w in one.words if not w.isascii()] for name, one in by_id.items()}
    village = villages["name_th"].astype("string").fillna("").to_numpy(dtype=object)
    producer = np.array([f"{province}{number:05d}" for number in range(1, makers.size + 1)])
    names = [
        None
        if KINDS[one] == "single"
        else say(f"demo.producer.{KINDS[one]}", product=by_id[what].th, village=village[where])
        for one, what, where in zip(kind, main, makers, strict=True)
    ]
    number = pd.Series(maker).groupby(maker).cumcount().to_numpy() + 1
    stars = rng.choice(6, maker.size, p=SHARES_OF_STARS) + 1
    quadrant = rng.choice(5, maker.size, p=SHARES_OF_QUADRANTS)
    year = rng.integers(YEARS[0], YEARS[1] + 1, makers.size)
    longitude, latitude = _positions(villages, makers, rng)
    table = pl.DataFrame(
        {
            "producer_id": producer[maker].astype(str).tolist(),
            "product_id": [
                f"{producer[one]}-{nth}" for one, nth in zip(maker, number, strict=True)
            ],
            "village_code": codes.to_numpy()[place].astype(str).tolist(),
            "producer_th": [names[one] for one in maker],
            "product_th": [
                words[one][int(at * len(words[one]))]
                for one, at in zip(family, rng.random(maker.size), strict=True)
            ],
            "category": [by_id[one].category for one in family],
            "product_family": family.astype(str).tolist(),
            "stars": [int(one) if one <= 5 else None for one in stars],
            "quadrant": ["ABCD"[one] if one < 4 else None for one in quadrant],
            "producer_type": [KINDS[one] for one in kind[maker]],
            "registration_year": year[maker].tolist(),
            "longitude": longitude[maker],
            "latitude": latitude[maker],
        },
        schema={
            **dict.fromkeys(
                ("producer_id", "product_id", "village_code", "producer_th", "product_th"),
                pl.String(),
            ),
            **dict.fromkeys(("category", "product_family"), pl.String()),
            "stars": pl.Int64(),
            **dict.fromkeys(("quadrant", "producer_type"), pl.String()),
            "registration_year": pl.Int16(),
            "longitude": pl.Float64(),
            "latitude": pl.Float64(),
        },
        strict=False,
    )
    return table.with_columns(
        _answers(rng, maker.size, 0.6, 0.3).alias("has_potential"),
        _answers(rng, maker.size, 0.1, 0.05).alias("in_other_project"),
        pl.col("longitude", "latitude").fill_nan(None),
    )


def _shares(villages: pd.DataFrame, rng: np.random.Generator) -> NDArray[np.float64]:
    """Return the share of villages with a producer: higher around two centres of a province."""
    x, y = (
        villages[name].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
        for name in ("longitude", "latitude")
    )
    share = np.full(len(villages), SHARE_WITH_PRODUCER)
    for centre in rng.integers(max(len(villages), 1), size=CENTRES):
        if len(villages) and not np.isnan(x[centre]):
            metres = np.hypot(x - x[centre], y - y[centre]) * METRES_A_DEGREE
            near = np.exp(-((metres / REACH_OF_A_CENTRE_METRES) ** 2))
            share += SHARE_MORE_AT_A_CENTRE * np.nan_to_num(near)
    return share


def _families(
    tambons: pd.Series, place: NDArray[np.intp], province: str, rng: np.random.Generator
) -> NDArray[np.object_]:
    """Return a family for each row: mostly one of the two of its tambon."""
    registered = [one.id for one in product_families() if one.category != "none"]
    choices = np.array([*KNOWN_FOR.get(province, ()) * 4, *registered], dtype=object)
    which, names = pd.factorize(tambons)
    known_for = rng.integers(len(choices), size=(len(names), 2))
    own = known_for[which[place], rng.integers(2, size=place.size)]
    any_ = rng.integers(len(choices), size=place.size)
    drawn: NDArray[np.object_] = choices[np.where(rng.random(place.size) < 0.7, own, any_)]
    return drawn


def _positions(
    villages: pd.DataFrame, place: NDArray[np.intp], rng: np.random.Generator
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Place each producer within some 400 metres of its village, and leave some without a place."""
    without = rng.random(place.size) < SHARE_WITHOUT_OWN_POINT
    found = []
    for name in ("longitude", "latitude"):
        own = villages[name].astype("Float64").to_numpy(dtype=float, na_value=np.nan)[place]
        near = np.round(own + rng.uniform(-400, 400, place.size) / METRES_A_DEGREE, 5)
        found.append(np.where(without, np.nan, near))
    return found[0], found[1]


def _answers(
    rng: np.random.Generator, count: int, share_true: float, share_unknown: float
) -> pl.Series:
    """Return true, false or unknown for every row."""
    answered = pl.Series(rng.random(count) < share_true, dtype=pl.Boolean)
    unknown = pl.Series(rng.random(count) < share_unknown, dtype=pl.Boolean)
    return pl.select(pl.when(~unknown).then(answered)).to_series()
