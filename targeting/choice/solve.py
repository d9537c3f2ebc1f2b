"""The exact choice under any limits: each independent part by the simplest way that is exact."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

import pandas as pd

from phaenthi.targeting.choice import dominance
from phaenthi.targeting.choice import nested_groups as nested
from phaenthi.targeting.choice.by_area import ByArea, by_area
from phaenthi.targeting.choice.independent_parts import Key, Part, keys_of, take_apart
from phaenthi.targeting.choice.nested_groups import Tree
from phaenthi.targeting.choice.rows import Row, write_out
from phaenthi.targeting.limits import recount as recheck
from phaenthi.targeting.limits.problem import ChoiceProblem, Count

Way = Literal["nested", "recursion", "mixed"]


@dataclass(frozen=True)
class Answer:
    """The best choice of a problem.

    Attributes
    ----------
    possible
        ``False``: the limits allow no choice (see :mod:`phaenthi.targeting.clash.conflict`).
    chosen
        Unit codes, sorted.
    totals
        What the choice reaches on each level of the objective, by the level's name.
    shortfalls
        Groups that were to be filled and are not full, with what is missing.
    proved
        ``False`` when the solver gave up before it ruled out a better choice.
    ways
        How many parts were chosen in each way.
    """

    problem: ChoiceProblem
    possible: bool
    chosen: tuple[str, ...] = ()
    totals: Mapping[str, int] = field(default_factory=dict)
    shortfalls: Mapping[Count, int] = field(default_factory=dict)
    proved: bool = True
    ways: Mapping[Way, int] = field(default_factory=dict)

    @property
    def need(self) -> int:
        """Total need of the units chosen."""
        return self.totals.get("need", 0)

    @property
    def target_households(self) -> int:
        """Total target households of the units chosen."""
        return self.totals.get("target_households", 0)


@dataclass(frozen=True)
class Laid:
    """A part with the simplest exact way to choose it laid out.

    Attributes
    ----------
    tree
        The groups inside one another, where its limits count nothing else.
    asked
        What the recursion over areas is asked, where the part is of that kind.
    """

    part: Part
    tree: Tree | None = None
    asked: ByArea | None = None

    @property
    def way(self) -> Way:
        """The way in which the part is chosen."""
        if self.tree is not None:
            return "nested"
        return "mixed" if self.asked is None else "recursion"


@dataclass(frozen=True)
class Workings:
    """A problem laid out for choosing: its rows, its parts and the worth of its units."""

    problem: ChoiceProblem

    @cached_property
    def parts(self) -> tuple[Laid, ...] | None:
        """The independent parts; ``None`` when a row without units does not hold."""
        parts = take_apart(write_out(self.problem))
        return None if parts is None else tuple(self._lay_out(part) for part in parts)

    @cached_property
    def keys(self) -> list[Key]:
        """Each unit's worth for comparison: the levels, then the lower code."""
        return keys_of(self.problem.levels, len(self.problem.codes))

    @cached_property
    def need_level(self) -> int:
        """The place of need among the levels."""
        return [name for name, _ in self.problem.levels].index("need")

    def with_needs(self, needs: pd.Series) -> Workings:
        """Return the same limits over units of other needs, without laying them out anew."""
        problem = replace(self.problem, units=self.problem.units.assign(need=needs))
        other = Workings(problem)
        if self.parts is not None:
            vars(other)["parts"] = tuple(
                Laid(
                    laid.part,
                    None if laid.tree is None else replace(laid.tree, keys=other.keys),
                    None if laid.asked is None else by_area(problem, laid.part),
                )
                for laid in self.parts
            )
        return other

    def best(self, laid: Laid) -> tuple[frozenset[int], bool] | None:
        """Return the best choice of a part and whether it is proved; ``None``: there is none."""
        if laid.asked is not None:
            codes = laid.asked.best()
            return _sure(
                None if codes is None else frozenset(self.problem.place[code] for code in codes)
            )
        return self.best_with(laid.part, ()) if laid.tree is None else _sure(laid.tree.best())

    def best_with(self, part: Part, forced: tuple[Row, ...]) -> tuple[frozenset[int], bool] | None:
        """Return the best choice of a part under rows besides its own."""
        tree = nested.tree_of(Part(part.units, (*part.rows, *forced)), self.keys)
        if tree is not None:
            return _sure(tree.best())
        # The solver takes a moment to load and most programmes never need it.
        from phaenthi.targeting.choice import integer_programme as mixed  # noqa: PLC0415

        found = mixed.best(part, [n for _, n in self.problem.levels], self.keys, forced)
        return None if found is None else (found.chosen, found.proved)

    def _lay_out(self, part: Part) -> Laid:
        tree = nested.tree_of(part, self.keys)
        if tree is not None:
            return Laid(part, tree)
        return Laid(part, asked=by_area(self.problem, part))


def _sure(chosen: frozenset[int] | None) -> tuple[frozenset[int], bool] | None:
    return None if chosen is None else (chosen, True)


def solve(problem: ChoiceProblem) -> Answer:
    """Choose the best units exactly.

    Raises
    ------
    RuntimeError
        If the answer breaks a limit when it is counted again: a fault of the solver, never
        passed on as a plan.
    UnsettledError
        If the solver could not decide in the work allowed whether there is a choice.
    """
    # What no best choice can hold is not laid out, and the answer is that of the whole problem.
    return replace(solve_laid(Workings(dominance.reduce(problem))), problem=problem)


def solve_laid(workings: Workings) -> Answer:
    """Choose the best units of a problem that is laid out already (see :func:`solve`)."""
    problem = workings.problem
    places: set[int] = set()
    proved = True
    ways: dict[Way, int] = {}
    if workings.parts is None:
        return Answer(problem, possible=False)
    for laid in workings.parts:
        found = workings.best(laid)
        if found is None:
            return Answer(problem, possible=False)
        places |= found[0]
        proved = proved and found[1]
        ways[laid.way] = ways.get(laid.way, 0) + 1
    return answer_of(problem, places, proved=proved, ways=ways)


def is_possible(problem: ChoiceProblem) -> bool:
    """Tell whether any choice keeps every limit.

    Raises
    ------
    UnsettledError
        If the solver could not tell in the work allowed.
    """
    parts = take_apart(write_out(problem))
    if parts is None:
        return False
    keys = keys_of(problem.levels, len(problem.codes))
    for part in parts:
        tree = nested.tree_of(part, keys)
        if tree is not None:
            possible = tree.best() is not None
        else:
            from phaenthi.targeting.choice import integer_programme as mixed  # noqa: PLC0415 – see Workings.best_with

            possible = mixed.best(part, (), keys, any_will_do=True) is not None
        if not possible:
            return False
    return True


def answer_of(
    problem: ChoiceProblem, places: set[int], *, proved: bool, ways: Mapping[Way, int]
) -> Answer:
    """Return a choice as an answer, after counting every limit again."""
    chosen = tuple(problem.codes[place] for place in sorted(places))
    broken = recheck.breaches(problem, chosen)
    if broken:
        raise RuntimeError(f"the choice breaks {broken[0]}")
    names = [name for name, _ in problem.levels]
    return Answer(
        problem,
        possible=True,
        chosen=chosen,
        totals=dict(zip(names, recheck.totals(problem, chosen), strict=True)),
        shortfalls=recheck.shortfalls(problem, chosen),
        proved=proved,
        ways=ways,
    )
