"""The exact choice of villages in one province: the best plan, and what any other would cost.

Total need is maximised; equal plans are told apart by more target households, then by the lower
village code. All three are written into **one whole number a village**, so that adding and
comparing plans is adding and comparing whole numbers, the best plan is unique, and its lowest
bits say which villages it holds:

    worth = (need · 2^h + target households) · 2^n + 2^(n − 1 − place of the code)

The recursion goes over the areas of the province (state: areas used × villages taken) and is
exact: within an area the best ``k`` villages are the first ``k`` by worth, because worths add.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import pandas as pd

from phaenthi.targeting.choice.demand import Demand
from phaenthi.targeting.limits.problem import AnyLimit

Binding = Literal["cap", "areas", "allotment", "limit", "tier"]


@dataclass(frozen=True)
class Shortage:
    """Why no plan exists: the rules that clash and what they ask against what there is.

    Attributes
    ----------
    rules
        Ids of the rule kinds that cannot hold together.
    wording
        Message id of the sentence; ``numbers`` fills it in.
    """

    rules: tuple[str, ...]
    wording: str
    numbers: Mapping[str, object]


@dataclass(frozen=True)
class Price:
    """What it would take to change the plan's mind about one village.

    Attributes
    ----------
    points
        For a village outside the plan: need points that it lacks to be chosen (one fewer does
        not do). For a chosen one: points of total need lost when it is left out; ``None`` when
        no plan exists without it.
    incoming, outgoing
        Villages that would enter and leave.
    binding
        For a village outside the plan: the rule that keeps it out; ``"limit"``: the one in
        ``limit``; ``"tier"``: an earlier tier comes first.
    tied
        Leaving it out (or taking it in) costs no need: the declared tie order decided.
    """

    points: int | None
    incoming: tuple[str, ...] = ()
    outgoing: tuple[str, ...] = ()
    binding: Binding | None = None
    tied: bool = False
    limit: AnyLimit | None = None


@dataclass(frozen=True)
class Choice:
    """The best plan of one province.

    Attributes
    ----------
    chosen
        Village codes, sorted.
    reserve
        Villages that take a place when a chosen one withdraws, cheapest first.
    need, target_households
        Sums over the chosen villages.
    tied_places
        Places that need alone did not decide.
    sort_and_take
        What the usual list (sort by need, take while the rules allow) would have chosen.
    sort_and_take_need
        Its total need, to set beside ``need``.
    prices
        A :class:`Price` for each candidate.
    """

    demand: Demand
    chosen: tuple[str, ...] = ()
    reserve: tuple[str, ...] = ()
    need: int = 0
    target_households: int = 0
    tied_places: int = 0
    sort_and_take: tuple[str, ...] = ()
    sort_and_take_need: int = 0
    prices: Mapping[str, Price] = field(default_factory=dict)
    shortage: Shortage | None = None


def choose(
    candidates: pd.DataFrame,
    demand: Demand,
    locked_in: Iterable[str] = (),
    locked_out: Iterable[str] = (),
) -> Choice:
    """Choose the best villages of one province exactly.

    Parameters
    ----------
    candidates
        Columns ``village_code`` (unique), ``amphoe_code``, ``need`` and ``target_households``
        (whole numbers ≥ 0), a row a village that may be chosen.
    demand
        Allotment, number of areas and cap.
    locked_in, locked_out
        Villages that a person has put in or taken out.

    Returns
    -------
    Choice
        With ``shortage`` set, and nothing chosen, when no plan satisfies the rules.
    """
    board = _Board.of(candidates, demand, frozenset(locked_in), frozenset(locked_out))
    shortage = _find_shortage(board)
    best = None if shortage else board.best()
    if best is None:
        return Choice(demand, shortage=shortage or _no_combination(board))
    chosen = board.codes_in(best)
    prices = dict(_prices(board, best))
    usual = sort_and_take(candidates[~candidates["village_code"].isin(board.locked_out)], demand)
    return Choice(
        demand=demand,
        chosen=chosen,
        reserve=_reserve(board, chosen, prices),
        need=board.need_of(best),
        target_households=board.households_of(best),
        tied_places=sum(prices[code].tied for code in chosen),
        sort_and_take=usual,
        sort_and_take_need=sum(board.need[code] for code in usual),
        prices=prices,
    )


def best(
    candidates: pd.DataFrame,
    demand: Demand,
    locked_in: Iterable[str] = (),
    locked_out: Iterable[str] = (),
) -> tuple[str, ...] | None:
    """Return the codes of the best plan alone, without prices; ``None`` where there is none.

    Parameters are those of :func:`choose`.
    """
    board = _Board.of(candidates, demand, frozenset(locked_in), frozenset(locked_out))
    found = None if _find_shortage(board) else board.best()
    return None if found is None else board.codes_in(found)


def sort_and_take(candidates: pd.DataFrame, demand: Demand) -> tuple[str, ...]:
    """Return the list that a careful spreadsheet gives: sort by need, take while the rules allow.

    A village is passed over when its area is full, when no further area may take part, or when
    the places left are needed for the areas still missing.

    Notes
    -----
    Kept beside the exact plan to show what exactness is worth; it may end with fewer villages
    than asked.
    """
    order = candidates.sort_values(
        ["need", "target_households", "village_code"], ascending=[False, False, True]
    )
    taken: dict[str, int] = {}
    codes: list[str] = []
    for code, area in zip(order["village_code"], order["amphoe_code"], strict=True):
        left = demand.units - len(codes)
        missing_areas = max((demand.areas or 0) - len(taken), 0)
        full = taken.get(area, 0) >= demand.most_in_an_area
        closed = demand.areas is not None and area not in taken and missing_areas == 0
        kept_for_others = area in taken and left <= missing_areas
        if left == 0:
            break
        if full or closed or kept_for_others:
            continue
        taken[area] = taken.get(area, 0) + 1
        codes.append(code)
    return tuple(sorted(codes))


@dataclass(frozen=True)
class _Area:
    """The villages of one area: those locked in, and the others from the best downwards."""

    code: str
    locked: tuple[int, ...]
    others: tuple[int, ...]

    def sums(self, most: int, *, without: int = 0, including: int = 0) -> list[int | None]:
        """Return the worth of the best 0, 1, … ``most`` villages; ``None`` where impossible."""
        extra = (including,) if including and including not in self.locked else ()
        must = self.locked + extra
        if without in must:
            return [None] * (most + 1)
        sums: list[int | None] = [None] * (most + 1)
        if len(must) > most:
            return sums
        total, count = sum(must), len(must)
        sums[count] = total
        for worth in self.others:
            if count == most:
                break
            if worth in (without, including):
                continue
            total, count = total + worth, count + 1
            sums[count] = total
        return sums


_Table = list[list[int | None]]


@dataclass(frozen=True)
class _Board:
    """One province laid out for the recursion."""

    demand: Demand
    areas: tuple[_Area, ...]
    area_of: Mapping[str, int]
    worth: Mapping[str, int]
    code_at: Sequence[str]
    need: Mapping[str, int]
    household_bits: int
    locked_in: frozenset[str]
    locked_out: frozenset[str]

    @classmethod
    def of(
        cls,
        candidates: pd.DataFrame,
        demand: Demand,
        locked_in: frozenset[str],
        locked_out: frozenset[str],
    ) -> _Board:
        open_ = candidates[~candidates["village_code"].isin(locked_out)]
        open_ = open_.sort_values("village_code")
        codes = open_["village_code"].tolist()
        needs = [int(n) for n in open_["need"]]
        households = [int(n) for n in open_["target_households"]]
        size, household_bits = len(codes), sum(households).bit_length()
        worth = {
            code: (((need << household_bits) + count) << size) + (1 << (size - 1 - place))
            for place, (code, need, count) in enumerate(zip(codes, needs, households, strict=True))
        }
        members: dict[str, list[str]] = {}
        for code, area in zip(codes, open_["amphoe_code"], strict=True):
            members.setdefault(area, []).append(code)
        areas = tuple(
            _Area(
                area,
                tuple(worth[c] for c in inside if c in locked_in),
                tuple(sorted((worth[c] for c in inside if c not in locked_in), reverse=True)),
            )
            for area, inside in sorted(members.items())
        )
        place_of_area = {area.code: place for place, area in enumerate(areas)}
        return cls(
            demand=demand,
            areas=areas,
            area_of={c: place_of_area[a] for a, inside in members.items() for c in inside},
            worth=worth,
            code_at=codes,
            need=dict(zip(codes, needs, strict=True)),
            household_bits=household_bits,
            locked_in=locked_in,
            locked_out=locked_out,
        )

    def need_of(self, worth: int) -> int:
        return worth >> (len(self.code_at) + self.household_bits)

    def households_of(self, worth: int) -> int:
        return (worth >> len(self.code_at)) & ((1 << self.household_bits) - 1)

    def codes_in(self, worth: int) -> tuple[str, ...]:
        """Read the villages of a plan off the lowest bits of its worth."""
        size = len(self.code_at)
        bits = format(worth & ((1 << size) - 1), f"0{size}b")
        return tuple(code for code, bit in zip(self.code_at, bits, strict=True) if bit == "1")

    @property
    def used_limit(self) -> int:
        """Areas counted by the recursion; 0 when their number does not matter."""
        return self.demand.areas or 0

    def step(self, table: _Table, sums: Sequence[int | None]) -> _Table:
        """Add one area to a table of best worths by areas used and villages taken."""
        counts_areas = self.demand.areas is not None
        grown: _Table = [[None] * (self.demand.units + 1) for _ in range(self.used_limit + 1)]
        for used, row in enumerate(table):
            for taken, worth in enumerate(row):
                if worth is None:
                    continue
                for count, gain in enumerate(sums[: self.demand.units - taken + 1]):
                    now_used = used + 1 if counts_areas and count else used
                    if gain is None or now_used > self.used_limit:
                        continue
                    there = grown[now_used][taken + count]
                    if there is None or worth + gain > there:
                        grown[now_used][taken + count] = worth + gain
        return grown

    def start(self) -> _Table:
        table: _Table = [[None] * (self.demand.units + 1) for _ in range(self.used_limit + 1)]
        table[0][0] = 0
        return table

    def best(self) -> int | None:
        table = self.start()
        for area in self.areas:
            table = self.step(table, area.sums(self.demand.most_in_an_area))
        return table[self.used_limit][self.demand.units]


def _tables_around(board: _Board) -> Iterator[tuple[_Table, _Table]]:
    """Yield, for each area, the tables of the areas before it and of those after it."""
    sums = [area.sums(board.demand.most_in_an_area) for area in board.areas]
    after = [board.start()]
    for area_sums in reversed(sums[1:]):
        after.append(board.step(after[-1], area_sums))
    before = board.start()
    for area_sums in sums:
        yield before, after.pop()
        before = board.step(before, area_sums)


def _rest(board: _Board, before: _Table, after: _Table) -> list[int | None]:
    """Return the best worth of the other areas for each number of villages left to this one.

    Entry ``k`` leaves room for ``k`` villages here and, where areas are counted, for this area
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


def _prices(board: _Board, best: int) -> Iterator[tuple[str, Price]]:
    """Yield the price of every candidate, from one pass over the areas instead of a solve each."""
    chosen = frozenset(board.codes_in(best))
    most = board.demand.most_in_an_area
    inside: dict[int, list[str]] = {}
    for code, place in board.area_of.items():
        inside.setdefault(place, []).append(code)
    for place, (before, after) in enumerate(_tables_around(board)):
        area, rest = board.areas[place], _rest(board, before, after)
        for code in inside[place]:
            worth = board.worth[code]
            held = code in chosen
            sums = area.sums(most, without=worth) if held else area.sums(most, including=worth)
            options = [a + b for a, b in zip(sums, rest, strict=True) if None not in (a, b)]  # type: ignore[operator]
            other = max(options, default=None)
            yield (
                code,
                _price_of_leaving(board, best, other)
                if held
                else _price_of_entering(board, best, other, code, chosen),
            )


def _price_of_leaving(board: _Board, best: int, other: int | None) -> Price:
    if other is None:
        return Price(points=None)
    chosen, instead = frozenset(board.codes_in(best)), frozenset(board.codes_in(other))
    points = board.need_of(best) - board.need_of(other)
    return Price(
        points=points,
        incoming=tuple(sorted(instead - chosen)),
        outgoing=tuple(sorted(chosen - instead)),
        tied=points == 0,
    )


def _price_of_entering(
    board: _Board, best: int, other: int | None, code: str, chosen: frozenset[str]
) -> Price:
    binding = _binding(board, code, chosen)
    if other is None:
        return Price(points=None, binding=binding)
    short = board.need_of(best) - board.need_of(other)
    unit = 1 << (len(board.code_at) + board.household_bits)
    tied = short == 0
    # With the missing points added the plans are equal in need: the tie order then decides.
    points = short if other + short * unit > best else short + 1
    instead = frozenset(board.codes_in(other))
    return Price(
        points=points,
        incoming=tuple(sorted(instead - chosen)),
        outgoing=tuple(sorted(chosen - instead)),
        binding=binding,
        tied=tied,
    )


def _binding(board: _Board, code: str, chosen: frozenset[str]) -> Binding:
    place = board.area_of[code]
    beside = sum(board.area_of[c] == place for c in chosen)
    if beside == 0 and board.demand.areas is not None:
        return "areas"
    if board.demand.cap_reading == "each" and beside == board.demand.cap:
        return "cap"
    return "allotment"


def _reserve(board: _Board, chosen: Sequence[str], prices: Mapping[str, Price]) -> tuple[str, ...]:
    """Order the villages that would take a withdrawn one's place: cheapest to take in first."""
    entering = {code for c in chosen for code in prices[c].incoming}

    def order(code: str) -> tuple[int, int]:
        points = prices[code].points
        return (points if points is not None else 1 << 62, -board.worth[code])

    return tuple(sorted(entering, key=order))


def _find_shortage(board: _Board) -> Shortage | None:
    """Count first: most clashes show in the numbers of one province."""
    demand = board.demand
    most = demand.most_in_an_area
    room = sorted((min(most, len(a.locked) + len(a.others)) for a in board.areas), reverse=True)
    areas = demand.areas if demand.areas is not None else len(room)
    capacity = sum(room[:areas])
    crowded = [area for area in board.areas if len(area.locked) > most]
    locked_areas = sum(bool(area.locked) for area in board.areas)
    numbers: dict[str, object] = {
        "province_code": demand.province_code,
        "units": demand.units,
        "areas": areas,
        "cap": demand.cap,
        "usable": len(board.code_at),
        "usable_areas": len(room),
        "capacity": capacity,
        "missing": demand.units - capacity,
        "locked": len(board.locked_in),
        "locked_areas": locked_areas,
        "area_code": crowded[0].code if crowded else None,
        "locked_here": len(crowded[0].locked) if crowded else 0,
    }
    limit = demand.cap * areas if demand.cap is not None else demand.units
    counts: tuple[tuple[bool, tuple[str, ...], str], ...] = (
        (bool(crowded), ("lock", "cap"), "locked_over_cap"),
        (len(board.locked_in) > demand.units, ("lock", "allotment"), "locked_over_allotment"),
        (locked_areas > areas, ("lock", "exactly_areas"), "locked_over_areas"),
        (len(room) < areas, ("exactly_areas", "requires"), "too_few_areas"),
        (
            demand.areas is not None and demand.units < areas,
            ("allotment", "exactly_areas"),
            "fewer_units_than_areas",
        ),
        (demand.units > limit, ("allotment", "cap"), "allotment_over_cap"),
        (capacity < demand.units, ("allotment", "cap", "requires"), "too_few_villages"),
    )
    for clashes, rules, wording in counts:
        if clashes:
            return Shortage(rules, f"shortage.{wording}", numbers)
    return None


def _no_combination(board: _Board) -> Shortage:
    """Name what is left when every count taken alone would do: the locks together."""
    return Shortage(
        ("lock", "allotment", "exactly_areas", "cap"),
        "shortage.no_combination",
        {"province_code": board.demand.province_code, "units": board.demand.units},
    )
