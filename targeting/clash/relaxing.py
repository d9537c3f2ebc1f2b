"""The smallest changes of the rules that make a choice possible, each with what it brings."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from itertools import pairwise

from phaenthi.geo.extras import from_extra
from phaenthi.targeting.choice.alike_units import alike
from phaenthi.targeting.choice.independent_parts import Part, keys_of
from phaenthi.targeting.choice.rows import Row, System, write_out
from phaenthi.targeting.clash.found import Change, Relaxation
from phaenthi.targeting.limits import recount as recheck
from phaenthi.targeting.limits.problem import AnyLimit, ChoiceProblem, Share

with from_extra("solver"):
    from ortools.sat.python import cp_model

# A deterministic measure of work, not seconds; a search that needs more says that it stopped.
MOST_WORK = 2.0


def relaxations(problem: ChoiceProblem, most: int) -> tuple[tuple[Relaxation, ...], bool]:
    """Return the smallest relaxations, and whether these are all.

    Those of the fewest rules come first, then the smallest.

    Parameters
    ----------
    most
        How many to look for.

    Notes
    -----
    Amounts of one rule are added over its limits. Each found is blocked together with every
    relaxation that asks at least as much of every rule, so the next is again a smallest one.
    """
    loose = _Loose(problem)
    found: list[Relaxation] = []
    alone = [one for rule in loose.rules if (one := loose.smallest((rule,)))]
    for amounts in sorted(alone, key=lambda one: sum(one.values())):
        found.append(loose.best_within(amounts))
        loose.block(amounts)
    while len(found) < most and (smallest := loose.smallest()) is not None:
        found.append(loose.best_within(smallest))
        loose.block(smallest)
        if not smallest:
            break
    return tuple(found), loose.complete and len(found) < most


class _Loose:
    """The problem with room in every limit, and the room of each rule added up.

    Units that no limit tells apart are counted and not named, so the model stays small.
    """

    def __init__(self, problem: ChoiceProblem) -> None:
        self.problem = problem
        self.system: System = write_out(problem)
        self.rules = sorted({limit.rule for limit in problem.limits})
        self.blocked: list[dict[str, int]] = []
        self.complete = True
        keys = keys_of(problem.levels, len(problem.codes))
        part = Part(tuple(range(len(problem.codes))), self.system.rows)
        self.kinds = [kind.units for kind in alike(part, keys)]
        self.kind_of = {unit: kind for kind, units in enumerate(self.kinds) for unit in units}

    def smallest(self, only: tuple[str, ...] | None = None) -> dict[str, int] | None:
        """Return the amounts of the smallest relaxation (of some rules) that is not blocked."""
        model, _, amounts = self._model()
        for rule in self.rules:
            if only is not None and rule not in only:
                model.add(amounts[rule] == 0)
        for one in self.blocked:
            less = []
            for rule, amount in one.items():
                smaller = model.new_bool_var("")
                model.add(amounts[rule] <= amount - 1).only_enforce_if(smaller)
                less.append(smaller)
            model.add_bool_or(*less)
        used = {rule: model.new_bool_var(f"used {rule}") for rule in self.rules}
        for rule in self.rules:
            model.add(amounts[rule] == 0).only_enforce_if(used[rule].negated())
        found: dict[str, int] = {}
        for objective in (sum(used.values()), sum(amounts.values())):
            model.minimize(objective)
            solver = _solver()
            status = solver.solve(model)
            if status != cp_model.OPTIMAL:
                self.complete = self.complete and status == cp_model.INFEASIBLE
                return None
            model.add(objective <= round(solver.objective_value))
            found = {rule: solver.value(amounts[rule]) for rule in self.rules}
        return {rule: amount for rule, amount in found.items() if amount}

    def block(self, amounts: dict[str, int]) -> None:
        """Leave out every relaxation that asks at least as much of every rule."""
        self.blocked.append(amounts)

    def best_within(self, within: dict[str, int]) -> Relaxation:
        """Return the best choice that gives each rule no more room than ``within``."""
        model, counts, amounts = self._model()
        for rule in self.rules:
            model.add(amounts[rule] <= within.get(rule, 0))
        units: dict[int, cp_model.IntVar] = {}
        for kind, members in enumerate(self.kinds):
            # Of a kind the best are taken first, so only as many as can be taken are named.
            named = members[: self._most_of(kind, within)]
            for unit in named:
                units[unit] = model.new_bool_var(str(unit))
            model.add(counts[kind] == sum(units[unit] for unit in named))
            for better, worse in pairwise(named):
                model.add_implication(units[worse], units[better])
        chosen: list[int] = []
        for _, numbers in self.problem.levels:
            objective = sum(numbers[unit] * held for unit, held in units.items() if numbers[unit])
            model.maximize(objective)
            solver = _solver()
            solver.solve(model)
            chosen = sorted(unit for unit, held in units.items() if solver.boolean_value(held))
            model.add(objective >= sum(numbers[unit] for unit in chosen))
        codes = tuple(self.problem.codes[unit] for unit in chosen)
        needs = self.problem.numbers("need")
        changes = tuple(
            Change(one.limit, one.found > one.asked, abs(one.found - one.asked), one.place)
            for one in recheck.breaches(self.problem, codes)
        )
        return Relaxation(
            tuple(sorted(within.items())), changes, codes, sum(needs[unit] for unit in chosen)
        )

    def _most_of(self, kind: int, within: dict[str, int]) -> int:
        """Return how many units of a kind there can be in a choice with that much room."""
        members = self.kinds[kind]
        limits = [len(members)]
        for row in self._rows_of[members[0]]:
            limit = None if row.limit is None else self.problem.limits[row.limit]
            if limit is None or row.most is None or any(c < 0 for _, c in row.terms):
                continue
            each = len(members) if len(row.terms) == 1 else 1
            coefficient = dict(row.terms)[members[0]]
            if coefficient == 1:
                limits.append(row.most * each + within.get(limit.rule, 0))
        return max(min(limits), 0)

    @cached_property
    def _rows_of(self) -> dict[int, list[Row]]:
        first = {members[0] for members in self.kinds}
        found: dict[int, list[Row]] = {unit: [] for unit in first}
        for row in self.system.rows:
            for variable, _ in row.terms:
                if variable in first:
                    found[variable].append(row)
        return found

    def _counted(self) -> Iterator[tuple[AnyLimit | None, dict[int, int], int | None, int | None]]:
        """Yield the rows over kinds (their numbers) and areas (after the kinds)."""
        units, shift = self.system.units, len(self.kinds) - self.system.units
        told: set[tuple[object, ...]] = set()
        for row in self.system.rows:
            limit = None if row.limit is None else self.problem.limits[row.limit]
            first = row.terms[0][0] if row.terms else units
            size = len(self.kinds[self.kind_of[first]]) if first < units else 1
            alone = limit is not None and len(row.terms) == 1 and first < units
            means = limit is None and len(row.terms) == 2 and row.most == 0 and first < units
            if alone or means:
                # One row a unit, the same for all of its kind: said once for all of them.
                key = (row.limit, self.kind_of[first], row.terms[1:], row.least, row.most)
                if key in told:
                    continue
                told.add(key)
                terms = {self.kind_of[first]: row.terms[0][1]}
                terms |= {variable + shift: size * c for variable, c in row.terms[1:]}
                least = None if row.least is None else row.least * size
                yield limit, terms, least, None if row.most is None else row.most * size
                continue
            terms = {
                self.kind_of[variable] if variable < units else variable + shift: c
                for variable, c in row.terms
            }
            yield limit, terms, row.least, row.most

    def _model(
        self,
    ) -> tuple[cp_model.CpModel, list[cp_model.IntVar], dict[str, cp_model.IntVar]]:
        model = cp_model.CpModel()
        counts = [model.new_int_var(0, len(units), "") for units in self.kinds]
        areas = [model.new_bool_var("") for _ in range(self.system.variables - self.system.units)]
        variables = [*counts, *areas]
        ranges = [*(len(units) for units in self.kinds), *(1 for _ in areas)]
        rooms: dict[str, list[cp_model.IntVar]] = {rule: [] for rule in self.rules}
        widest = dict.fromkeys(self.rules, 0)
        for limit, terms, least, most in self._counted():
            total = sum(c * variables[v] for v, c in terms.items())
            for bound, sign in ((least, 1), (most, -1)):
                if bound is None:
                    continue
                if limit is None:
                    model.add(sign * total >= sign * bound)
                    continue
                lowest = sum(min(sign * c, 0) * ranges[v] for v, c in terms.items())
                wide = max(sign * bound - lowest, 0)
                room = model.new_int_var(0, wide, "")
                model.add(sign * total + _step(limit) * room >= sign * bound)
                rooms[limit.rule].append(room)
                widest[limit.rule] += wide
        amounts: dict[str, cp_model.IntVar] = {}
        for rule, all_room in rooms.items():
            amounts[rule] = model.new_int_var(0, widest[rule], rule)
            model.add(amounts[rule] == sum(all_room))
        return model, counts, amounts


def _step(limit: AnyLimit) -> int:
    """Return what one unit of room is worth in the limit's row."""
    if isinstance(limit, Share):
        return limit.denominator * (2 if limit.rounding == "nearest" else 1)
    return 1


def _solver() -> cp_model.CpSolver:
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 0
    solver.parameters.max_deterministic_time = MOST_WORK
    return solver
