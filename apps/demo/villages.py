"""Villages, households and registers made up on real tambon codes (ข้อมูลจำลอง)."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import polars as pl
import shapely
from numpy.typing import NDArray

from phaenthi.geo.places.codes import Level, village_code
from phaenthi.geo.places.gazetteer import areas
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.wording import Language, say

# The survey and the register that the programmes of fiscal year 2563 look at.
SURVEY_YEAR = 2562
POVERTY_LINE = 38_000.0
# Baht per person per year in the middle of a province: made up, so that provinces differ.
MIDDLE_INCOME = {"31": 78_000.0, "42": 84_000.0, "46": 72_000.0, "83": 110_000.0}
OTHER_MIDDLE_INCOME = 75_000.0
# How far the middles of amphoe, tambons and villages lie apart, as the deviation of the logarithm.
SPREAD_OF_INCOME = {Level.AMPHOE: 0.12, Level.TAMBON: 0.16, Level.VILLAGE: 0.12}
# programme, fiscal year, share of villages, share of those whose beneficiary list is held
PRIOR_TARGETS = (
    ("sammachip", 2560, 0.05, 0.5),
    ("sammachip", 2561, 0.05, 0.5),
    ("sammachip", 2562, 0.09, 0.6),
    ("sammachip", 2563, 0.04, 0.5),
    ("sufficiency-village", 2561, 0.02, 0.0),
    ("sufficiency-village", 2562, 0.03, 0.3),
    ("sufficiency-village", 2563, 0.03, 0.3),
    ("ne-poverty", 2562, 0.02, 0.8),
)
NORTH_EASTERN_PROGRAMME = "ne-poverty"
NORTH_EASTERN_FIRST_DIGITS = ("3", "4")
SHARE_WITHOUT_POINT = 0.015
SHARE_WITHOUT_SURVEY = 0.02
SHARE_THINLY_SURVEYED = 0.04
SHARE_WELL_OFF = 0.04
SHARE_POOR = 0.02


def make_layers(
    villages: pd.DataFrame,
    province: str,
    workspace: Workspace,
    rng: np.random.Generator,
    sizes: tuple[int, int] = (40, 160),
) -> dict[str, pl.DataFrame]:
    """Make up every layer of one province around its villages.

    Parameters
    ----------
    villages
        Rows of `make_villages`, with longitude and latitude if they are known.
    province
        Province code, 2 digits.
    workspace
        Hashes the household ids.
    rng
        Source of chance.
    sizes
        As in `make_households`.

    Returns
    -------
    dict
        Layer name → rows by the layer's contract.
    """
    surveyed = with_municipality(villages, province)
    households = make_households(surveyed, province, rng, sizes)
    households = households.with_columns(workspace.household_ids(households["household_id"]))
    history = make_history(villages, rng)
    return {
        "villages": pl.from_pandas(villages.drop(columns="tambon_code")),
        "households": households,
        "poverty": make_poverty(households, rng),
        "history": history.drop("list_held"),
        "beneficiaries": make_beneficiaries(history, households, rng),
    }


def make_villages(province: str, rng: np.random.Generator) -> pd.DataFrame:
    """Make up the villages of a province on its real tambon codes.

    Parameters
    ----------
    province
        Province code, 2 digits.
    rng
        Source of chance.

    Returns
    -------
    pandas.DataFrame
        village_code, name_th, name_en, tambon_code; 4–20 villages a tambon, sorted by code. The
        first tambon of the first amphoe, which is the inner city, has none.
    """
    tambons = areas(Level.TAMBON)
    tambons = tambons[tambons["code"].str.startswith(province)]
    tambons = tambons[tambons["code"] != f"{province}0101"]
    counts = np.clip(4 + rng.poisson(7.0, len(tambons)), 4, 20)
    return name_villages(tambons, pd.Series(counts, index=tambons.index))


def name_villages(tambons: pd.DataFrame, counts: pd.Series[int]) -> pd.DataFrame:
    """Make up codes and names of so many villages in each tambon.

    Parameters
    ----------
    tambons
        code, name_th, name_en.
    counts
        Villages of each tambon, by the same index.

    Returns
    -------
    pandas.DataFrame
        village_code, name_th, name_en, tambon_code, in the order of the tambons.
    """
    rows = tambons.loc[tambons.index.repeat(counts)].reset_index(drop=True)
    moo = rows.groupby("code").cumcount() + 1
    return pd.DataFrame(
        {
            "village_code": rows["code"] + moo.astype(str).str.zfill(2),
            "name_th": _village_names(moo, rows["name_th"], "th"),
            "name_en": _village_names(moo, rows["name_en"], "en"),
            "tambon_code": rows["code"],
        }
    )


def _village_names(moo: pd.Series[int], tambons: pd.Series[str], language: Language) -> list[str]:
    return [
        say("demo.village_name", language, moo=number, tambon=tambon)
        for number, tambon in zip(moo, tambons, strict=True)
    ]


def with_municipality(villages: pd.DataFrame, province: str) -> pd.DataFrame:
    """Add the inner city's municipal area, whose houses belong to no moo, to be surveyed too.

    Returns
    -------
    pandas.DataFrame
        village_code.
    """
    municipal = pd.DataFrame({"village_code": [village_code(f"{province}0151", 0)]})
    return pd.concat([villages[["village_code"]], municipal], ignore_index=True)


def scatter_points(
    villages: pd.DataFrame, tambons: gpd.GeoDataFrame, rng: np.random.Generator
) -> pd.DataFrame:
    """Place every village at random inside its tambon, and leave a few without a place.

    Parameters
    ----------
    villages
        tambon_code.
    tambons
        code, geometry (EPSG:4326); every tambon of the villages.
    rng
        Source of chance.

    Returns
    -------
    pandas.DataFrame
        longitude, latitude in degrees, 5 decimals; NaN for about 1.5 % of the villages. The
        index is that of the villages.
    """
    polygons = tambons.set_index("code").geometry.reindex(villages["tambon_code"]).to_numpy()
    shapely.prepare(polygons)
    bounds = shapely.bounds(polygons)
    places = np.full((len(villages), 2), np.nan)
    waiting = np.arange(len(villages))
    while waiting.size:
        corner, opposite = bounds[waiting, :2], bounds[waiting, 2:]
        tried = np.round(corner + rng.random((waiting.size, 2)) * (opposite - corner), 5)
        inside = shapely.contains_xy(polygons[waiting], tried[:, 0], tried[:, 1])
        places[waiting[inside]] = tried[inside]
        waiting = waiting[~inside]
    places[rng.random(len(villages)) < SHARE_WITHOUT_POINT] = np.nan
    return pd.DataFrame(places, columns=["longitude", "latitude"], index=villages.index)


def make_households(
    villages: pd.DataFrame,
    province: str,
    rng: np.random.Generator,
    sizes: tuple[int, int] = (40, 160),
) -> pl.DataFrame:
    """Make up the household survey of the villages of one province.

    Incomes are log-normal around a middle that differs by amphoe, tambon and village, rounded
    to 100 baht, so that some lie exactly on a line. A few villages are well off, a few very
    poor, a few were surveyed thinly (most incomes unknown), a few not at all.

    Parameters
    ----------
    villages
        village_code.
    province
        Province code, 2 digits.
    rng
        Source of chance.
    sizes
        Smallest and largest number of households of a village; small villages are the rule.

    Returns
    -------
    polars.DataFrame
        household_id (the village code and a number, not yet hashed), village_code,
        survey_year, income_per_person (baht per person per year, null unknown), members,
        only_elderly_or_disabled, relief_only, moved_or_died, drug_treatment_completed,
        released_from_prison, interested, willing (null unknown); the rows of a village stand
        together.
    """
    count = len(villages)
    smallest, largest = sizes
    households = np.rint(smallest + (largest - smallest) * rng.beta(2.0, 3.5, count)).astype(int)
    middle = np.full(count, np.log(MIDDLE_INCOME.get(province, OTHER_MIDDLE_INCOME)))
    for level, spread in SPREAD_OF_INCOME.items():
        area = pd.factorize(villages["village_code"].str[: level.digits])[0]
        middle += rng.normal(0, spread, area.max() + 1)[area]
    middle += np.log(2.6) * (rng.random(count) < SHARE_WELL_OFF)
    middle += np.log(0.6) * (rng.random(count) < SHARE_POOR)
    unknown = np.where(rng.random(count) < SHARE_THINLY_SURVEYED, 0.75, 0.03)
    households[rng.random(count) < SHARE_WITHOUT_SURVEY] = 0

    village = np.repeat(np.arange(count), households)
    rows = village.size
    income = np.round(np.exp(middle[village] + rng.normal(0, 0.5, rows)), -2)
    income[rng.random(rows) < unknown[village]] = np.nan
    members = np.clip(1 + rng.poisson(2.1, rows), 1, 12)
    codes = villages["village_code"].to_numpy()[village]
    # What village forums told came later: a chance of its own leaves the other answers as they are.
    forum = rng.spawn(1)[0]
    number = np.arange(rows) - np.repeat(np.cumsum(households) - households, households) + 1
    return pl.DataFrame(
        {
            "household_id": pl.Series(codes, dtype=pl.String)
            + "-"
            + pl.Series(number).cast(pl.String).str.zfill(4),
            "village_code": pl.Series(codes, dtype=pl.String),
            "survey_year": np.full(rows, SURVEY_YEAR),
            "income_per_person": pl.Series(income, nan_to_null=True),
            "members": members,
            "only_elderly_or_disabled": _answers(rng, np.where(members <= 2, 0.2, 0.04), 0.015),
            "relief_only": _answers(rng, np.full(rows, 0.04), 0.01),
            "moved_or_died": _answers(rng, np.full(rows, 0.02), 0.005),
            "drug_treatment_completed": _answers(rng, np.full(rows, 0.006), 0.02),
            "released_from_prison": _answers(forum, np.full(rows, 0.004), 0.03),
            "interested": _answers(forum, np.full(rows, 0.3), 0.1),
            "willing": _answers(forum, np.full(rows, 0.6), 0.08),
        }
    )


def _answers(
    rng: np.random.Generator, share_true: NDArray[np.float64], share_unknown: float
) -> pl.Series:
    """Return true, false or unknown for every row."""
    answered = pl.Series(rng.random(share_true.size) < share_true)
    unknown = pl.Series(rng.random(share_true.size) < share_unknown)
    return pl.select(pl.when(~unknown).then(answered)).to_series()


def make_poverty(households: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """Make up the poverty register: the surveyed households that are poor in some dimension.

    Parameters
    ----------
    households
        Rows of `make_households`.
    rng
        Source of chance.

    Returns
    -------
    polars.DataFrame
        household_id, village_code, register_year, income_per_person, registered_for_welfare,
        poor_income, poor_health, poor_living, poor_education, poor_access; one row for every
        household that is poor by income, and for some others.
    """
    rows = households.height
    poor_income = households["income_per_person"] < POVERTY_LINE
    # A household in want often carries a welfare card, poor by the survey or not.
    registered = np.where(poor_income.fill_null(value=False).to_numpy(), 0.62, 0.4)
    shares = {"health": 0.02, "living": 0.015, "education": 0.03, "access": 0.004}
    poor = [
        _answers(rng, np.full(rows, share), 0.0).alias(f"poor_{dimension}")
        for dimension, share in shares.items()
    ]
    register = households.select(
        "household_id", "village_code", "income_per_person", register_year="survey_year"
    ).with_columns(
        _answers(rng, registered, 0.02).alias("registered_for_welfare"),
        poor_income.alias("poor_income"),
        *poor,
    )
    return register.filter(
        pl.any_horizontal("poor_income", *(series.name for series in poor)).fill_null(value=False)
    )


def make_history(villages: pd.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """Make up which villages were targets of which programme and fiscal year.

    Every programme and year names at least one village of the province: a register without a
    row for a province would mean that nobody knows who was a target there.

    Returns
    -------
    polars.DataFrame
        village_code, programme, fiscal_year, list_held (bool: the beneficiaries are known).
    """
    codes = villages["village_code"]
    north_east = codes.str[0].isin(NORTH_EASTERN_FIRST_DIGITS)
    parts = []
    for programme, fiscal_year, share, share_listed in PRIOR_TARGETS:
        drawn = rng.random(len(villages)) < share
        drawn[rng.integers(len(villages))] = True
        if programme == NORTH_EASTERN_PROGRAMME:
            drawn &= north_east
        chosen = codes[drawn].to_numpy()
        parts.append(
            pl.DataFrame(
                {
                    "village_code": pl.Series(chosen, dtype=pl.String),
                    "programme": [programme] * chosen.size,
                    "fiscal_year": np.full(chosen.size, fiscal_year),
                    "list_held": rng.random(chosen.size) < share_listed,
                }
            )
        )
    return pl.concat(parts)


def make_beneficiaries(
    history: pl.DataFrame, households: pl.DataFrame, rng: np.random.Generator
) -> pl.DataFrame:
    """Make up the beneficiary households of the prior targets whose list is held.

    Most lists name 20 households; one in eight names nearly the whole village, so that too few
    are left for another programme.

    Returns
    -------
    polars.DataFrame
        household_id, village_code, programme, fiscal_year.
    """
    target = ["village_code", "programme", "fiscal_year"]
    lists = history.filter("list_held").select(target)
    share = pl.Series(np.where(rng.random(lists.height) < 0.125, 0.9, 0.0))
    named = lists.with_columns(share=share).join(
        households.select("household_id", "village_code"),
        on="village_code",
        maintain_order="left_right",
    )
    named = named.with_columns(place=pl.Series(rng.random(named.height)))
    enough = pl.max_horizontal(pl.lit(20.0), pl.col("share") * pl.len().over(target))
    return named.filter(pl.col("place").rank("ordinal").over(target) <= enough).select(
        "household_id", *target
    )
