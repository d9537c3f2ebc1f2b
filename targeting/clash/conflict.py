"""Which rules clash when no choice keeps them all, and the smallest changes that make one possible.

A *conflict* is a set of named rules that cannot hold together although any fewer of them can. A
*relaxation* says by how much each rule would have to give way; it is smallest when no rule in it
could give way less. Conflicts are enumerated as in M. Liffiton et al., *Fast, flexible MUS
enumeration* (Constraints, 2016): a map remembers which sets of rules are known to hold or clash.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from phaenthi.geo.extras import from_extra
from phaenthi.targeting.choice import solve as choice
from phaenthi.targeting.clash.found import Clash, Conflict
from phaenthi.targeting.clash.relaxing import relaxations
from phaenthi.targeting.limits.problem import AnyLimit, ChoiceProblem, Lock

with from_extra("solver"):
    from ortools.sat.python import cp_model

# A planner reads a handful; more than these are counted and not listed.
MOST_CONFLICTS = 20
MOST_RELAXATIONS = 12


def name_of(limit: AnyLimit) -> str:
    """Return the name under which a limit can clash: its rule; each person's decision by itself."""
    return f"{limit.rule} {limit.unit_code}" if isinstance(limit, Lock) else limit.rule


def examine(problem: ChoiceProblem) -> Clash | None:
    """Find every conflict and every smallest relaxation; ``None`` when a choice exists."""
    if choice.is_possible(problem):
        return None
    conflicts, all_conflicts = find_conflicts(problem)
    found, all_found = relaxations(problem, MOST_RELAXATIONS + 1)
    alone = {one.amounts[0][0] for one in found if len(one.amounts) == 1}
    involved = {limit.rule for one in conflicts for limit in one.limits}
    return Clash(
        conflicts,
        found[:MOST_RELAXATIONS],
        tuple(sorted(involved - alone)) if all_found else (),
        all_conflicts,
        all_found,
    )


def find_conflicts(problem: ChoiceProblem) -> tuple[tuple[Conflict, ...], bool]:
    """Return the minimal conflicts of a problem's named rules, and whether these are all."""
    names = sorted({name_of(limit) for limit in problem.limits})
    found: list[Conflict] = []
    map_ = _Map(names)
    while (seed := map_.unexplored()) is not None:
        if choice.is_possible(_only(problem, seed)):
            map_.holds(_grow(problem, seed, names))
            continue
        if len(found) == MOST_CONFLICTS:
            return _sorted(found), False
        rules = _shrink(problem, sorted(seed))
        map_.clash(rules)
        found.append(Conflict(tuple(rules), _narrow(_only(problem, rules))))
    return _sorted(found), True


def _sorted(found: Iterable[Conflict]) -> tuple[Conflict, ...]:
    return tuple(sorted(found, key=lambda one: (len(one.rules), one.rules)))


def _only(problem: ChoiceProblem, names: Iterable[str]) -> ChoiceProblem:
    kept = set(names)
    return replace(
        problem, limits=tuple(limit for limit in problem.limits if name_of(limit) in kept)
    )


def _grow(problem: ChoiceProblem, seed: Iterable[str], names: Sequence[str]) -> set[str]:
    """Add rules while a choice remains."""
    held = set(seed)
    for name in names:
        if name not in held and choice.is_possible(_only(problem, held | {name})):
            held.add(name)
    return held


def _shrink(problem: ChoiceProblem, names: Sequence[str]) -> list[str]:
    """Drop rules while none is left to spare (deletion filter)."""
    kept = list(names)
    for name in names:
        fewer = [one for one in kept if one != name]
        if not choice.is_possible(_only(problem, fewer)):
            kept = fewer
    return kept


def _narrow(problem: ChoiceProblem) -> tuple[AnyLimit, ...]:
    """Drop limits of a conflict, by halves and then one by one, while it stays one."""
    kept = list(problem.limits)
    step = max(len(kept) // 2, 1)
    while True:
        place = 0
        while place < len(kept):
            fewer = kept[:place] + kept[place + step :]
            if choice.is_possible(replace(problem, limits=tuple(fewer))):
                place += step
            else:
                kept = fewer
        if step == 1:
            return tuple(kept)
        step //= 2


class _Map:
    """Remembers which sets of rules are known to hold together or to clash."""

    def __init__(self, names: Sequence[str]) -> None:
        self._model = cp_model.CpModel()
        self._kept = {name: self._model.new_bool_var(name) for name in names}
        self._model.maximize(sum(self._kept.values()))

    def unexplored(self) -> list[str] | None:
        """Return a largest set of rules of which nothing is known; ``None``: all is known."""
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        if solver.solve(self._model) != cp_model.OPTIMAL:
            return None
        return [name for name, kept in self._kept.items() if solver.boolean_value(kept)]

    def holds(self, names: Iterable[str]) -> None:
        """Note that some rules hold together, and so do any fewer."""
        held = set(names)
        self._model.add_bool_or(*self._others(held))

    def clash(self, names: Iterable[str]) -> None:
        """Note that some rules clash, and so do any more."""
        self._model.add_bool_or(*(self._kept[name].negated() for name in names))

    def _others(self, held: set[str]) -> Iterator[cp_model.IntVar]:
        return (kept for name, kept in self._kept.items() if name not in held)
