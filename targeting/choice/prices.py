"""What it would take to change the choice's mind about each unit, under any limits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from phaenthi.targeting.choice.alike_units import alike
from phaenthi.targeting.choice.area_prices import prices_by_area
from phaenthi.targeting.choice.independent_parts import Part
from phaenthi.targeting.choice.nested_groups import Exchanges, Tree
from phaenthi.targeting.choice.price import Price
from phaenthi.targeting.choice.rows import Row, System, write_out
from phaenthi.targeting.choice.solve import Answer, Workings
from phaenthi.targeting.limits.problem import AnyLimit

_Worth = tuple[int, ...]


def price_all(workings: Workings, answer: Answer) -> dict[str, Price]:
    """Return the price of every unit of a problem, by code.

    Parameters
    ----------
    answer
        The best choice of ``workings.problem``; a possible one.

    Notes
    -----
    A unit outside is forced in, a chosen one is locked out, and the rest is chosen anew: in
    closed form where one exchange does it, by the recursion's own tables, or by solving again,
    once for each number of units of a kind (or once a unit where costs differ).
    """
    codes = workings.problem.codes
    chosen = frozenset(workings.problem.place[code] for code in answer.chosen)
    found: dict[int, Price] = {}
    reader = _Reader(write_out(workings.problem), chosen)
    for laid in workings.parts or ():
        if laid.asked is not None:
            place = workings.problem.place
            found |= {place[code]: price for code, price in prices_by_area(laid.asked)}
        elif laid.tree is not None:
            found |= _by_exchange(workings, laid.tree, laid.part, chosen, reader)
        elif laid.part.units:
            held = chosen & frozenset(laid.part.units)
            found |= _by_solving(workings, laid.part, held, reader)
    return {codes[place]: found[place] for place in sorted(found)}


def _by_exchange(
    workings: Workings, tree: Tree, part: Part, chosen: frozenset[int], reader: _Reader
) -> Iterator[tuple[int, Price]]:
    exchanges = Exchanges(tree, chosen & frozenset(part.units))
    codes, limits = workings.problem.codes, workings.problem.limits
    for unit in part.units:
        exchange = exchanges.of(unit)
        place = exchange.limit
        if place is None and unit not in chosen:
            place = reader.broken_with(unit)
        limit = None if place is None else limits[place]
        other = () if exchange.other is None else (codes[exchange.other],)
        own = workings.keys[unit]
        theirs = workings.keys[exchange.other] if exchange.other is not None else None
        if unit in chosen:
            yield (
                unit,
                _leaving(
                    own,
                    theirs or (0,) * len(own),
                    workings,
                    other,
                    (codes[unit],),
                    exchange.possible,
                ),
            )
        elif not exchange.possible or theirs is None:
            yield unit, Price(None, binding="limit", limit=limit)
        else:
            yield unit, _entering(own, theirs, workings, (codes[unit],), other, limit)


def _leaving(
    lost: _Worth,
    gained: _Worth,
    workings: Workings,
    incoming: tuple[str, ...],
    outgoing: tuple[str, ...],
    possible: bool,
) -> Price:
    if not possible:
        return Price(points=None)
    need = workings.need_level
    return Price(
        points=lost[need] - gained[need],
        incoming=incoming,
        outgoing=outgoing,
        tied=lost[: need + 1] == gained[: need + 1],
    )


def _entering(
    gained: _Worth,
    lost: _Worth,
    workings: Workings,
    incoming: tuple[str, ...],
    outgoing: tuple[str, ...],
    limit: AnyLimit | None,
) -> Price:
    need = workings.need_level
    if gained[:need] < lost[:need]:
        return Price(None, incoming, outgoing, "tier", limit=limit)
    short = lost[need] - gained[need]
    # With the missing points added the choices are equal in need: the tie order then decides.
    points = short if gained[need + 1 :] > lost[need + 1 :] else short + 1
    return Price(points, incoming, outgoing, "limit", tied=short == 0, limit=limit)


def _by_solving(
    workings: Workings, part: Part, chosen: frozenset[int], reader: _Reader
) -> Iterator[tuple[int, Price]]:
    worth = _part_worth(workings, part)
    held = _sum(worth, chosen)
    codes, limits = workings.problem.codes, workings.problem.limits
    for unit, other in _others(workings, part, chosen, worth):
        place = None if unit in chosen else reader.broken_with(unit)
        limit = None if place is None else limits[place]
        if other is None:
            yield unit, Price(None, binding=None if unit in chosen else "limit", limit=limit)
            continue
        incoming = tuple(codes[one] for one in sorted(other - chosen))
        outgoing = tuple(codes[one] for one in sorted(chosen - other))
        reached = _sum(worth, other)
        if unit in chosen:
            yield unit, _leaving(held, reached, workings, incoming, outgoing, possible=True)
        else:
            yield unit, _entering(reached, held, workings, incoming, outgoing, limit)


def _others(
    workings: Workings, part: Part, chosen: frozenset[int], worth: Mapping[int, _Worth]
) -> Iterator[tuple[int, frozenset[int] | None]]:
    """Yield, for each unit, the best choice that has it the other way."""
    for kind in alike(part, workings.keys):
        if len(kind.units) <= kind.most + 1:
            for unit in kind.units:
                row = Row(None, ((unit, 1),), *((0, 0) if unit in chosen else (1, 1)))
                found = workings.best_with(part, (row,))
                yield unit, None if found is None else found[0]
            continue
        plans: list[frozenset[int]] = []
        for number in range(kind.most + 1):
            if number == len(chosen & frozenset(kind.units)):
                plans.append(chosen)
                continue
            row = Row(None, tuple((unit, 1) for unit in kind.units), number, number)
            found = workings.best_with(part, (row,))
            if found is not None:
                plans.append(found[0])
        for place, unit in enumerate(kind.units):
            options = [
                turned
                for plan in plans
                if (turned := _turn(plan, kind.units, place, put_in=unit not in chosen)) is not None
            ]
            yield unit, max(options, key=lambda plan: _sum(worth, plan), default=None)


def _turn(
    plan: frozenset[int], units: tuple[int, ...], place: int, *, put_in: bool
) -> frozenset[int] | None:
    """Return the best choice with as many units of the kind, and with this one in (or out)."""
    inside = plan & frozenset(units)
    unit = units[place]
    if (unit in inside) == put_in:
        return plan
    if put_in:
        weakest = max(inside, key=units.index, default=None)
        return None if weakest is None else plan - {weakest} | {unit}
    others = [other for other in units if other not in inside]
    return plan - {unit} | {others[0]} if others else None


@dataclass(frozen=True)
class _Reader:
    """Reads which limit a unit would break if it simply joined the choice."""

    system: System
    chosen: frozenset[int]

    @cached_property
    def _areas(self) -> dict[int, set[int]]:
        """The areas that each unit makes take part."""
        units = self.system.units
        found: dict[int, set[int]] = {}
        for row in self.system.rows:
            if len(row.terms) == 2 and row.limit is None:
                (unit, _), (area, _) = row.terms
                if unit < units <= area:
                    found.setdefault(unit, set()).add(area)
        return found

    @cached_property
    def _rows(self) -> dict[int, list[Row]]:
        found: dict[int, list[Row]] = {}
        for row in self.system.rows:
            for variable, _ in row.terms if row.limit is not None else ():
                found.setdefault(variable, []).append(row)
        return found

    @cached_property
    def _held(self) -> frozenset[int]:
        return self.chosen | {area for one in self.chosen for area in self._areas.get(one, ())}

    def broken_with(self, unit: int) -> int | None:
        """Return the place of the first limit that one more unit breaks."""
        held = self._held | {unit} | self._areas.get(unit, set())
        for variable in (unit, *sorted(self._areas.get(unit, ()))):
            for row in self._rows.get(variable, ()):
                total = sum(c for v, c in row.terms if v in held)
                over = row.most is not None and total > row.most
                if over or (row.least is not None and total < row.least):
                    return row.limit
        return None


def _part_worth(workings: Workings, part: Part) -> dict[int, _Worth]:
    last = len(part.units) - 1
    return {
        unit: (*workings.keys[unit][:-1], 1 << (last - place))
        for place, unit in enumerate(part.units)
    }


def _sum(worth: Mapping[int, _Worth], units: frozenset[int]) -> _Worth:
    size = len(next(iter(worth.values())))
    return tuple(sum(worth[unit][level] for unit in units) for level in range(size))
