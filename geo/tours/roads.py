"""Roads from an OpenStreetMap extract that an office holds, and the quickest ways on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import scipy.sparse
from numpy.typing import NDArray
from scipy.sparse.csgraph import connected_components, dijkstra
from scipy.spatial import KDTree

from phaenthi.geo.extras import from_extra
from phaenthi.geo.notes import Note
from phaenthi.geo.shapes.sphere import sphere_metres, unit_vectors
from phaenthi.geo.tours.tour import NO_WAY
from phaenthi.geo.tours.travel import Travel
from phaenthi.wording import Problem

with from_extra("roads"):
    import osmium

KILOMETRES_PER_HOUR = {
    "motorway": 90,
    "trunk": 75,
    "primary": 65,
    "secondary": 55,
    "tertiary": 45,
    "unclassified": 35,
    "residential": 25,
    "living_street": 15,
    "service": 15,
    "road": 30,
    "track": 15,
}
"""Average speed on a class of road where no lower limit is tagged: assumed."""
FARTHEST_METRES = 2_000
"""A place farther from any road than this has no way."""
OFF_ROAD_KILOMETRES_PER_HOUR = 15.0
"""From a place to the nearest road, as the crow flies: assumed."""
_LINK = "_link"
_CLOSED = ("no", "private")
_BACKWARDS = ("-1", "reverse")
_SECONDS_A_MINUTE = 60


@dataclass(frozen=True)
class Roads:
    """The network of an extract.

    Attributes
    ----------
    longitude, latitude
        Of each crossing or bend, degrees.
    seconds, metres
        Of each stretch; sparse, from row to column.
    connected
        Whether a car can come from a node to the bulk of the network and back.
    name
        Of the file.
    """

    longitude: NDArray[np.float64]
    latitude: NDArray[np.float64]
    seconds: scipy.sparse.csr_array
    metres: scipy.sparse.csr_array
    connected: NDArray[np.bool_]
    name: str

    def travel(
        self,
        longitude: Sequence[float],
        latitude: Sequence[float],
        *,
        farthest_metres: float = FARTHEST_METRES,
    ) -> Travel:
        """Return travel between places on the quickest ways.

        Parameters
        ----------
        longitude, latitude
            Of each place in degrees.
        farthest_metres
            A place farther than this from a road of the network has no way to others.

        Returns
        -------
        Travel
            From each place to the nearest node of the network in a straight line, then by
            road; places at the same position have no travel between them.
        """
        x, y = np.asarray(longitude, dtype=float), np.asarray(latitude, dtype=float)
        nodes = np.flatnonzero(self.connected)
        tree = KDTree(unit_vectors(self.longitude[nodes], self.latitude[nodes]))
        nearest = nodes[tree.query(unit_vectors(x, y))[1]]
        aside = sphere_metres(x, y, self.longitude[nearest], self.latitude[nearest])
        own, place = np.unique(nearest, return_inverse=True)
        seconds, before = dijkstra(self.seconds, indices=own, return_predecessors=True)
        by_road = seconds[np.ix_(place, nearest)]
        metres = self._metres_along(own, before, by_road, place, nearest)
        walk = aside / (OFF_ROAD_KILOMETRES_PER_HOUR * 1000 / 3600)
        by_road = by_road + walk[:, None] + walk[None, :]
        metres = metres + aside[:, None] + aside[None, :]
        near = aside <= farthest_metres
        open_way = np.isfinite(by_road) & near[:, None] & near[None, :]
        same = (x[:, None] == x[None, :]) & (y[:, None] == y[None, :])
        minutes = np.ceil(np.where(open_way, by_road, 0) / _SECONDS_A_MINUTE)
        source = Note(
            "geo.travel.roads",
            {"file": self.name, "count": int((~near).sum()), "metres": f"{farthest_metres:,.0f}"},
        )
        return Travel(
            np.where(same, 0, np.where(open_way, minutes, NO_WAY)).astype(np.int64),
            np.where(
                same, 0, np.where(open_way, np.rint(np.where(open_way, metres, 0)), NO_WAY)
            ).astype(np.int64),
            source,
        )

    def _metres_along(
        self,
        own: NDArray[np.int64],
        before: NDArray[np.int32],
        seconds: NDArray[np.float64],
        place: NDArray[np.int64],
        nearest: NDArray[np.int64],
    ) -> NDArray[np.float64]:
        """Add the metres of the quickest ways up, from their ends back to their beginnings."""
        total = np.zeros_like(seconds)
        for row in range(len(place)):
            for column in range(len(place)):
                if not np.isfinite(seconds[row, column]):
                    continue
                here, start = int(nearest[column]), int(own[place[row]])
                while here != start:
                    previous = int(before[place[row], here])
                    total[row, column] += self.metres[previous, here]
                    here = previous
        return total


def read_roads(path: Path) -> Roads:
    """Read the roads of an OpenStreetMap file (.osm.pbf, .osm, .osm.bz2 …), offline.

    Roads closed to cars or private are left out; one-way roads, roundabouts and motorways lead
    one way; a tagged ``maxspeed`` below the speed of the class counts instead of it.

    Raises
    ------
    Problem
        ``geo.file_missing``; ``geo.roads_unreadable`` if the file is damaged or no extract;
        ``geo.roads_none`` if it holds no road for cars.
    """
    path = Path(path)
    if not path.is_file():
        raise Problem("geo.file_missing", file=path)
    nodes: dict[int, tuple[float, float]] = {}
    stretches: list[tuple[int, int, float]] = []
    ways = osmium.FileProcessor(str(path)).with_locations()
    try:
        for entity in ways.with_filter(osmium.filter.KeyFilter("highway")):
            if isinstance(entity, osmium.osm.Way):
                _take_way(entity, nodes, stretches)
    except (RuntimeError, osmium.InvalidLocationError) as error:
        raise Problem("geo.roads_unreadable", file=path) from error
    if not stretches:
        raise Problem("geo.roads_none", file=path)
    return _as_network(nodes, stretches, path.name)


def _take_way(
    way: osmium.osm.Way,
    nodes: dict[int, tuple[float, float]],
    stretches: list[tuple[int, int, float]],
) -> None:
    tags = {tag.k: tag.v for tag in way.tags}
    speed = KILOMETRES_PER_HOUR.get(tags["highway"].removesuffix(_LINK))
    if speed is None or _is_closed(tags):
        return
    limit = tags.get("maxspeed", "")
    if limit.isdigit() and 0 < int(limit) < speed:
        speed = int(limit)
    # An extract is cut at its edge: nodes beyond it have no position.
    known = [node for node in way.nodes if node.location.valid()]
    held = {node.ref for node in known}
    nodes.update({node.ref: (node.lon, node.lat) for node in known})
    refs = [node.ref for node in way.nodes]
    forth, back = _directions(tags)
    for one, other in pairwise(refs):
        if one not in held or other not in held or one == other:
            continue
        if forth:
            stretches.append((one, other, speed))
        if back:
            stretches.append((other, one, speed))


def _is_closed(tags: dict[str, str]) -> bool:
    for key in ("motorcar", "motor_vehicle", "vehicle", "access"):
        if key in tags:
            return tags[key] in _CLOSED
    return False


def _directions(tags: dict[str, str]) -> tuple[bool, bool]:
    """Return whether a way leads forth and back."""
    one_way = tags.get("oneway", "")
    if one_way in _BACKWARDS:
        return False, True
    circle = tags.get("junction") in ("roundabout", "circular")
    by_class = tags["highway"].removesuffix(_LINK) == "motorway"
    return True, not (one_way in ("yes", "true", "1") or (one_way != "no" and (circle or by_class)))


def _as_network(
    nodes: dict[int, tuple[float, float]], stretches: list[tuple[int, int, float]], name: str
) -> Roads:
    numbers = {ref: number for number, ref in enumerate(nodes)}
    places = np.array(list(nodes.values()))
    tails = np.array([numbers[tail] for tail, _, _ in stretches])
    heads = np.array([numbers[head] for _, head, _ in stretches])
    speeds = np.array([speed for _, _, speed in stretches], dtype=float)
    metres = sphere_metres(places[heads, 0], places[heads, 1], places[tails, 0], places[tails, 1])
    metres = np.maximum(metres, 0.01)  # nodes at one position: a stretch all the same
    seconds = metres / (speeds * 1000 / 3600)
    # Of two roads between the same nodes the quicker one counts.
    order = np.lexsort((seconds, heads, tails))
    first = np.ones(len(order), dtype=bool)
    first[1:] = (tails[order][1:] != tails[order][:-1]) | (heads[order][1:] != heads[order][:-1])
    kept = order[first]
    shape = (len(places), len(places))
    ends = (tails[kept], heads[kept])
    of_seconds = scipy.sparse.csr_array((seconds[kept], ends), shape=shape)
    of_metres = scipy.sparse.csr_array((metres[kept], ends), shape=shape)
    _, part = connected_components(of_seconds, directed=True, connection="strong")
    connected = part == np.bincount(part).argmax()
    return Roads(places[:, 0], places[:, 1], of_seconds, of_metres, connected, name)
