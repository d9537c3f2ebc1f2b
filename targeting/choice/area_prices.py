"""What any other choice of the recursion over areas would cost: the price of every unit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from phaenthi.targeting.choice.area_recursion import Board, Table
from phaenthi.targeting.choice.by_area import ByArea
from phaenthi.targeting.choice.price import Price
from phaenthi.targeting.limits.problem import AnyLimit


def prices_by_area(asked: ByArea) -> Iterator[tuple[str, Price]]:
    """Yield the price of every unit that nobody decided, from one pass over the areas.

    Parameters
    ----------
    asked
        A part of which there is a choice.
    """
    board = asked.board
    best = board.best
    if best is None:
        return
    chosen = frozenset(board.codes_in(best))
    beside = Counter(board.area_of[code] for code in chosen)
    most = board.demand.most_in_an_area
    inside: dict[int, list[str]] = {}
    for code, place in board.area_of.items():
        inside.setdefault(place, []).append(code)
    for place, (before, after) in enumerate(_tables_around(board)):
        area, rest = board.areas[place], _rest(board, before, after)
        limit = asked.limit_on(area.code, beside[place])
        for code in inside[place]:
            if code in asked.locked_in:
                continue
            worth = board.worth[code]
            held = code in chosen
            sums = area.sums(most, without=worth) if held else area.sums(most, including=worth)
            options = [a + b for a, b in zip(sums, rest, strict=True) if None not in (a, b)]  # type: ignore[operator]
            other = max(options, default=None)
            yield (
                code,
                _price_of_leaving(board, best, other)
                if held
                else _price_of_entering(board, best, other, limit),
            )


def _tables_around(board: Board) -> Iterator[tuple[Table, Table]]:
    """Yield, for each area, the tables of the areas before it and of those after it."""
    sums = [area.sums(board.demand.most_in_an_area) for area in board.areas]
    after = [board.start()]
    for area_sums in reversed(sums[1:]):
        after.append(board.step(after[-1], area_sums))
    before = board.start()
    for area_sums in sums:
        yield before, after.pop()
        before = board.step(before, area_sums)


def _rest(board: Board, before: Table, after: Table) -> list[int | None]:
    """Return the best worth of the other areas for each number of units left to this one.

    Entry ``k`` leaves room for ``k`` units here and, where areas are counted, for this area
    itself when ``k`` > 0.
    """
    best: list[int | None] = []
    for here in range(board.demand.most_in_an_area + 1):
        used_elsewhere = board.used_limit - (1 if board.demand.areas is not None and here else 0)
        taken_elsewhere = board.demand.units - here
        sums = [
            a + b
            for used in range(used_elsewhere + 1)
            for a, b in zip(
                before[used][: taken_elsewhere + 1],
                reversed(after[used_elsewhere - used][: taken_elsewhere + 1]),
                strict=True,
            )
            if a is not None and b is not None
        ]
        best.append(max(sums, default=None))
    return best


def _price_of_leaving(board: Board, best: int, other: int | None) -> Price:
    if other is None:
        return Price(points=None)
    incoming, outgoing = _exchange(board, best, other)
    points = board.need_of(best) - board.need_of(other)
    return Price(points, incoming, outgoing, tied=points == 0)


def _price_of_entering(board: Board, best: int, other: int | None, limit: AnyLimit) -> Price:
    if other is None:
        return Price(points=None, binding="limit", limit=limit)
    short = board.need_of(best) - board.need_of(other)
    unit = 1 << (len(board.code_at) + board.household_bits)
    # With the missing points added the choices are equal in need: the tie order then decides.
    points = short if other + short * unit > best else short + 1
    incoming, outgoing = _exchange(board, best, other)
    return Price(points, incoming, outgoing, "limit", tied=short == 0, limit=limit)


def _exchange(board: Board, best: int, other: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the units that enter and those that leave between two choices."""
    chosen, instead = frozenset(board.codes_in(best)), frozenset(board.codes_in(other))
    return tuple(sorted(instead - chosen)), tuple(sorted(chosen - instead))
