"""Every choice in the declared order, the best first, part by part.

The worth of a choice is the sum of what its parts are worth, so the best choices of all parts
together come from merging the ordered choices of each: a part is only asked for its next choice
when that can be next of all.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count

from phaenthi.targeting.choice.by_area import ByArea
from phaenthi.targeting.choice.nested_groups import Exchanges, Tree
from phaenthi.targeting.choice.rows import Row
from phaenthi.targeting.choice.solve import Laid, Workings

Worth = tuple[int, ...]
Ranked = tuple[Worth, frozenset[int]]


def in_order(workings: Workings) -> Iterator[tuple[str, ...]]:
    """Yield every choice of a problem in the declared order, the best first."""
    if workings.parts is None:
        return
    worth = _worth_of_units(workings)
    lines = [_Line(_of_part(workings, laid, worth)) for laid in workings.parts]
    while len(lines) > 1:
        lines = [
            _Line(_together(lines[at], lines[at + 1])) if at + 1 < len(lines) else lines[at]
            for at in range(0, len(lines), 2)
        ]
    nothing: Ranked = (), frozenset()
    for _, chosen in lines[0].all() if lines else iter((nothing,)):
        yield tuple(workings.problem.codes[place] for place in sorted(chosen))


class _Line:
    """Choices in order, asked for one by one and remembered."""

    def __init__(self, source: Iterator[Ranked]) -> None:
        self._source = source
        self._known: list[Ranked] = []

    def get(self, place: int) -> Ranked | None:
        """Return the choice at a place; ``None`` when there are fewer."""
        while len(self._known) <= place:
            found = next(self._source, None)
            if found is None:
                return None
            self._known.append(found)
        return self._known[place]

    def all(self) -> Iterator[Ranked]:
        """Yield the choices from the best on."""
        for place in count():
            found = self.get(place)
            if found is None:
                return
            yield found


def _together(one: _Line, two: _Line) -> Iterator[Ranked]:
    """Merge the choices of two parts into choices of both, in order."""
    waiting: list[tuple[Worth, int, int, Ranked]] = []

    def offer(first: int, second: int) -> None:
        left, right = one.get(first), two.get(second)
        if left is not None and right is not None:
            worth = tuple(a + b for a, b in zip(left[0], right[0], strict=True))
            heapq.heappush(waiting, (_turned(worth), first, second, (worth, left[1] | right[1])))

    offer(0, 0)
    while waiting:
        _, first, second, found = heapq.heappop(waiting)
        yield found
        if second == 0:
            offer(first + 1, 0)
        offer(first, second + 1)


def _turned(worth: Worth) -> Worth:
    """Turn the order round, so that the best comes first in a heap."""
    return tuple(-number for number in worth)


def _worth_of_units(workings: Workings) -> list[Worth]:
    """Return what each unit adds to a choice: the levels, and a bit of its own for its code."""
    last = len(workings.problem.codes) - 1
    return [(*key[:-1], 1 << (last - place)) for place, key in enumerate(workings.keys)]


def _sum(worth: list[Worth], units: Iterable[int]) -> Worth:
    size = len(worth[0]) if worth else 0
    total = [0] * size
    for unit in units:
        for level, number in enumerate(worth[unit]):
            total[level] += number
    return tuple(total)


def _of_part(workings: Workings, laid: Laid, worth: list[Worth]) -> Iterator[Ranked]:
    if laid.tree is not None:
        return _of_tree(laid.tree, worth)
    if laid.asked is not None:
        return _by_splitting(laid, _recursion(workings, laid.asked), worth)
    return _by_splitting(laid, _solver(workings, laid), worth)


# -- groups inside one another: one exchange leads to the next best --------------------------------


@dataclass(frozen=True)
class _Cell:
    """Choices in which some units are settled, the best of them, and the one after it."""

    tree: Tree
    settled_in: frozenset[int]
    best: frozenset[int]

    def next_best(self, worth: list[Worth]) -> tuple[Ranked, int] | None:
        """Return the second best choice and a unit in which it differs from the best."""
        exchanges = Exchanges(self.tree, self.best - self.settled_in)
        held = _sum(worth, self.best)
        found: tuple[Worth, int, int | None] | None = None
        for unit in self.tree.owner:
            exchange = exchanges.of(unit)
            if not exchange.possible:
                continue
            moved = worth[unit] if unit not in self.best else _turned(worth[unit])
            if exchange.other is not None:
                back = worth[exchange.other]
                back = back if unit in self.best else _turned(back)
                moved = tuple(a + b for a, b in zip(moved, back, strict=True))
            if found is None or moved > found[0]:
                found = moved, unit, exchange.other
        if found is None:
            return None
        moved, unit, other = found
        other_way = self.best ^ (frozenset((unit,)) if other is None else {unit, other})
        reached = tuple(a + b for a, b in zip(held, moved, strict=True))
        return (reached, other_way), unit

    def settled(self, unit: int, best: frozenset[int]) -> _Cell:
        """Return the choices in which a unit is as in one of them, the best of those."""
        inside = self.settled_in | {unit} if unit in best else self.settled_in
        return _Cell(self.tree.without(unit, taken=unit in best), inside, best)


def _of_tree(tree: Tree, worth: list[Worth]) -> Iterator[Ranked]:
    """Yield the choices of a tree in order.

    Notes
    -----
    The second best choice is one exchange away from the best. The choices are then split by a
    unit in which the two differ; each half knows its best already and lacks only the one after
    it (H. Gabow, *SIAM Journal on Computing* 6, 1977, for spanning trees).
    """
    best = tree.best()
    if best is None:
        return
    yield _sum(worth, best), best
    waiting: list[tuple[Worth, int, Ranked, int, _Cell]] = []
    number = count()

    def look(cell: _Cell) -> None:
        found = cell.next_best(worth)
        if found is not None:
            after, unit = found
            heapq.heappush(waiting, (_turned(after[0]), next(number), after, unit, cell))

    look(_Cell(tree, frozenset(), best))
    while waiting:
        _, _, after, unit, cell = heapq.heappop(waiting)
        yield after
        look(cell.settled(unit, after[1]))
        look(cell.settled(unit, cell.best))


# -- other parts: split by the first unit that differs and solve anew ------------------------------

_Solve = Callable[[Mapping[int, bool]], frozenset[int] | None]


def _by_splitting(laid: Laid, solve: _Solve, worth: list[Worth]) -> Iterator[Ranked]:
    """Yield the choices of a part in order.

    Notes
    -----
    After each choice the rest is split by the first unit in which it differs (E. Lawler,
    *Management Science* 18, 1972): every choice belongs to one split, whose best is solved for.
    """
    units = laid.part.units
    fixed_number = any(
        row.least is not None
        and row.least == row.most
        and {v for v, _ in row.terms} == set(units)
        and all(c == 1 for _, c in row.terms)
        for row in laid.part.rows
    )
    waiting: list[tuple[Worth, int, Ranked, dict[int, bool]]] = []
    number = count()

    def look(settled: dict[int, bool]) -> None:
        found = solve(settled)
        if found is not None:
            total = _sum(worth, found)
            heapq.heappush(waiting, (_turned(total), next(number), (total, found), settled))

    look({})
    while waiting:
        _, _, after, settled = heapq.heappop(waiting)
        yield after
        held = after[1]
        branch = dict(settled)
        # Where the number of units is fixed, another choice lacks one of these.
        for unit in sorted(held) if fixed_number else units:
            if unit in branch:
                continue
            look({**branch, unit: unit not in held})
            branch[unit] = unit in held


def _recursion(workings: Workings, asked: ByArea) -> _Solve:
    codes, place = workings.problem.codes, workings.problem.place

    def solve(settled: Mapping[int, bool]) -> frozenset[int] | None:
        put_in = [codes[unit] for unit, held in settled.items() if held]
        out = [codes[unit] for unit, held in settled.items() if not held]
        found = asked.best(put_in, out)
        return None if found is None else frozenset(place[code] for code in found)

    return solve


def _solver(workings: Workings, laid: Laid) -> _Solve:
    def solve(settled: Mapping[int, bool]) -> frozenset[int] | None:
        rows = tuple(
            Row(None, ((unit, 1),), int(held), int(held)) for unit, held in settled.items()
        )
        found = workings.best_with(laid.part, rows)
        return None if found is None else found[0]

    return solve
