"""Hot spots: tambons whose surroundings have more, or less, than chance would put together."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from math import ceil
from typing import Literal

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.stats import false_discovery_control

from phaenthi.geo.extras import from_extra
from phaenthi.geo.places.codes import Level, parent_code
from phaenthi.geo.shapes.crs import GEOGRAPHIC

PERMUTATIONS = 9_999
SEED = 2563
LEVEL_OF_SIGNIFICANCE = 0.05
TOUCHING_WITHIN_DEGREES = 0.0005
"""Areas are neighbours where their edges come this near (about 50 m): boundaries do not nest
exactly, and a sliver between two tambons must not part them."""

HOT, COLD, NONE = "hot", "cold", "none"
HIGH_HIGH, LOW_LOW, HIGH_LOW, LOW_HIGH = "high_high", "low_low", "high_low", "low_high"
NO_NEIGHBOURS, UNKNOWN = "no_neighbours", "unknown"

# Quadrants of Moran's scatter plot as esda numbers them.
_QUADRANTS = {1: HIGH_HIGH, 2: LOW_HIGH, 3: LOW_LOW, 4: HIGH_LOW}
_FEWEST = 3
_AT_ONCE = 1_000

Statistic = Literal["gi_star", "moran"]


@dataclass(frozen=True)
class HotSpots:
    """Local statistics of areas.

    Attributes
    ----------
    table
        A row an area of the boundaries, sorted by code: code, value, neighbours (of known
        value), statistic (the z-score of Gi*, or Moran's local I), p (two-sided, by
        permutation), p_adjusted (for the number of areas tested), kind, and kind_by_p (what kind
        it would be without the adjustment). Kinds of Gi*: ``hot``, ``cold``, ``none``; of
        Moran: ``high_high``, ``low_low``, ``high_low``, ``low_high``, ``none``; of both:
        ``no_neighbours`` and ``unknown`` (no value).
    counts
        Areas of each kind.
    without_boundary
        Codes that have a value and no boundary; they are not tested.
    statistic, permutations, seed, level
        What was asked; ``level`` is the false-discovery rate.
    permutations_needed
        So many permutations or more would let the areas be shown whose p is as small as this
        number of permutations can make it; missing where that holds nothing back.
    """

    table: pd.DataFrame = field(repr=False)
    counts: Mapping[str, int]
    without_boundary: tuple[str, ...]
    statistic: Statistic
    permutations: int
    seed: int
    level: float
    permutations_needed: int | None = None


def values_of_tambons(
    summary: pd.DataFrame, villages: pd.DataFrame, column: str, *, per_village: bool = False
) -> pd.DataFrame:
    """Return the value of each tambon that has listed villages.

    Parameters
    ----------
    summary
        village_code and the column, such as ``phaenthi.layers.otop.summary.summary_by_village``
        gives.
    villages
        village_code of the village list. A listed village without a row in the summary has none,
        if any village of its province has a row; else nobody has told, and it is left out.
    per_village
        Whether the sum is divided by the number of villages listed.

    Returns
    -------
    pandas.DataFrame
        code, value; sorted by code.
    """
    listed = villages[["village_code"]].astype("string").drop_duplicates()
    rows = summary[["village_code", column]].astype({"village_code": "string"})
    told = parent_code(rows["village_code"], Level.PROVINCE).unique()
    listed = listed[parent_code(listed["village_code"], Level.PROVINCE).isin(told)]
    joined = listed.merge(rows, on="village_code", how="left")
    number = joined[column].astype("Float64").fillna(0).to_numpy(dtype=float)
    by_tambon = pd.Series(number).groupby(
        parent_code(joined["village_code"], Level.TAMBON).to_numpy(dtype=object), sort=True
    )
    values = by_tambon.mean() if per_village else by_tambon.sum()
    return pd.DataFrame(
        {"code": pd.array(values.index.tolist(), dtype="string"), "value": values.array}
    )


def find_hot_spots(
    values: pd.DataFrame,
    boundaries: gpd.GeoDataFrame,
    *,
    statistic: Statistic = "gi_star",
    permutations: int = PERMUTATIONS,
    seed: int = SEED,
    level: float = LEVEL_OF_SIGNIFICANCE,
) -> HotSpots:
    """Test each area together with its neighbours against chance.

    Parameters
    ----------
    values
        code, value (a count or a rate, not negative; missing where unknown, which is not zero);
        each code once. An area without a row is unknown.
    boundaries
        code, geometry: the areas to be shown.
    statistic
        ``gi_star`` (Getis and Ord 1992, Ord and Getis 1995): is the sum over an area and its
        neighbours high or low; or ``moran`` (Anselin 1995): is an area like its neighbours.
    permutations, seed
        The values of all other areas are dealt out anew so many times; the same seed deals the
        same. The smallest p is 2 / (permutations + 1).
    level
        Share of the areas shown that may be there by chance.

    Notes
    -----
    Areas without a value are left out, and so are areas without a neighbour of known value
    (islands): they are counted apart and take no part in the mean. p is twice the smaller tail,
    equal deals counted in both. With many areas some would look hot by chance alone, so p is
    adjusted by Benjamini and Hochberg (1995), which holds the share of false ones among those
    shown at ``level``.
    ``esda`` computes the statistics, on weights of ``libpysal``.
    """
    areas = boundaries[["code", boundaries.geometry.name]].to_crs(GEOGRAPHIC)
    areas = areas.sort_values("code", ignore_index=True)
    codes = areas["code"].astype("string")
    given = values.set_index(values["code"].astype("string"))["value"].astype("float64")
    if given.index.has_duplicates or (given < 0).any():
        raise ValueError("each code once, and no value below zero")
    value = codes.map(given).astype("float64").to_numpy()
    one, other = _neighbours(areas.geometry.to_numpy(), ~np.isnan(value))
    neighbours = np.bincount(one, minlength=len(areas)).astype(np.int64)
    tested = np.flatnonzero(neighbours > 0)
    kinds = np.where(np.isnan(value), UNKNOWN, np.where(neighbours > 0, NONE, NO_NEIGHBOURS))
    table = pd.DataFrame(
        {
            "code": codes,
            "value": value,
            "neighbours": neighbours,
            "statistic": np.nan,
            "p": np.nan,
            "p_adjusted": np.nan,
            "kind": pd.array(kinds, dtype="string"),
            "kind_by_p": pd.array(kinds, dtype="string"),
        }
    )
    # Where all have the same there is nothing to tell apart.
    if tested.size >= _FEWEST and np.ptp(value[tested]) > 0:
        number = np.full(len(areas), -1)
        number[tested] = np.arange(tested.size)
        pairs = number[one], number[other]
        local = _gi_star if statistic == "gi_star" else _local_moran
        found, p, kind = local(value[tested], pairs, permutations, seed)
        adjusted = false_discovery_control(p, method="bh")
        table.loc[tested, "statistic"] = found
        table.loc[tested, "p"] = p
        table.loc[tested, "p_adjusted"] = adjusted
        table.loc[tested, "kind"] = np.where(adjusted <= level, kind, NONE)
        table.loc[tested, "kind_by_p"] = np.where(p <= level, kind, NONE)
    counted = table["kind"].value_counts().sort_index()
    return HotSpots(
        table=table,
        counts={str(kind): int(count) for kind, count in counted.items()},
        without_boundary=tuple(sorted(set(given.dropna().index) - set(codes))),
        statistic=statistic,
        permutations=permutations,
        seed=seed,
        level=level,
        permutations_needed=_permutations_needed(table["p"], permutations, level),
    )


def _permutations_needed(p: pd.Series, permutations: int, level: float) -> int | None:
    """Return how many permutations would show the areas that no permutation came up to."""
    tested, smallest = int(p.notna().sum()), 2 / (permutations + 1)
    lowest = int((p <= smallest * (1 + 1e-9)).sum())
    if not lowest or smallest * tested / lowest <= level:
        return None
    return ceil(2 * tested / (level * lowest))


_Pairs = tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]
_Numbers = npt.NDArray[np.float64]
_Found = tuple[_Numbers, _Numbers, npt.NDArray[np.str_]]


def _neighbours(shapes: npt.NDArray[np.object_], known: npt.NDArray[np.bool_]) -> _Pairs:
    """Return the pairs of areas of known value that touch, each way round."""
    rows = np.flatnonzero(known & ~(shapely.is_missing(shapes) | shapely.is_empty(shapes)))
    here = shapes[rows]
    shapely.prepare(here)
    tree = shapely.STRtree(here)
    one, other = tree.query(here, predicate="dwithin", distance=TOUCHING_WITHIN_DEGREES)
    apart = one != other
    order = np.lexsort((other[apart], one[apart]))
    return rows[one[apart][order]], rows[other[apart][order]]


def _gi_star(value: _Numbers, pairs: _Pairs, permutations: int, seed: int) -> _Found:
    # esda takes a second to load; only who asks for hot spots waits for it.
    with from_extra("hotspots"):
        from esda.getisord import G_Local  # noqa: PLC0415
        from libpysal.graph import Graph  # noqa: PLC0415

    own = np.arange(value.size)
    focal, near = np.concatenate([pairs[0], own]), np.concatenate([pairs[1], own])
    order = np.lexsort((near, focal))
    graph = Graph.from_arrays(focal[order], near[order], np.ones(focal.size))
    tails, z = _Tails(value.size), np.zeros(value.size)
    for count, dealt in _deals(permutations, seed):
        local = G_Local(
            value, graph, transform="B", star=True, permutations=count, n_jobs=1, seed=dealt
        )
        tails.add(np.asarray(local.Gs), np.asarray(local.rGs))
        z = np.asarray(local.Zs, dtype=np.float64)
    # Hot or cold is the side that few deals came up to, not that of the country's mean.
    return z, tails.p, np.where(tails.high, HOT, COLD)


def _local_moran(value: _Numbers, pairs: _Pairs, permutations: int, seed: int) -> _Found:
    with from_extra("hotspots"):
        from esda.moran import Moran_Local  # noqa: PLC0415 - as above
        from libpysal.graph import Graph  # noqa: PLC0415

    graph = Graph.from_arrays(*pairs, np.ones(pairs[0].size))
    tails, local = _Tails(value.size), None
    for count, dealt in _deals(permutations, seed):
        local = Moran_Local(
            value, graph, transformation="r", permutations=count, n_jobs=1, seed=dealt
        )
        tails.add(np.asarray(local.Is), np.asarray(local.rlisas))
    if local is None:
        raise ValueError("at least one permutation")
    kind = np.array([_QUADRANTS[int(one)] for one in local.q])
    return np.asarray(local.Is, dtype=np.float64), tails.p, kind


def _deals(permutations: int, seed: int) -> Iterator[tuple[int, int]]:
    """Give permutations and seed of each part: all at once would not fit into memory."""
    with warnings.catch_warnings():
        # Notices of esda on its later releases and on areas that lie at the mean.
        warnings.simplefilter("ignore")
        for nth, start in enumerate(range(0, permutations, _AT_ONCE)):
            yield min(_AT_ONCE, permutations - start), seed + nth


class _Tails:
    """How many deals came to as much as was found, and how many to as little.

    esda counts a deal that comes to the same as higher; among counts with many zeros that makes
    low ones look rare, so each tail is counted here with the equal ones.
    """

    def __init__(self, areas: int) -> None:
        self._as_high, self._as_low = np.zeros((2, areas), dtype=np.int64)
        self._deals = 0

    def add(self, found: _Numbers, dealt: _Numbers) -> None:
        """Count the deals of a part, a row an area."""
        same = 1e-9 * np.maximum(np.abs(found), 1e-12)[:, None]
        self._as_high += (dealt >= found[:, None] - same).sum(axis=1)
        self._as_low += (dealt <= found[:, None] + same).sum(axis=1)
        self._deals += dealt.shape[1]

    @property
    def p(self) -> _Numbers:
        """Twice the smaller tail, what was found itself counted as one of the deals."""
        smaller = np.minimum(self._as_high, self._as_low)
        return np.minimum(2 * (smaller + 1) / (self._deals + 1), 1.0)

    @property
    def high(self) -> npt.NDArray[np.bool_]:
        """Whether the tail of high values is the smaller one."""
        return self._as_high < self._as_low
