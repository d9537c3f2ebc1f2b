"""The choice under limits of any kind: an integer programme on a reduced table.

*Reduction.* Units that no limit can tell apart, but for their cost, are ranked by worth; one that
has as many better and no dearer neighbours as the limits allow to be chosen together can never
be in the best choice; of many units, what :mod:`phaenthi.targeting.choice.reduced_cost_fixing`
settles is put in or out. *Order.* All levels of the objective and the codes are written into as few
whole numbers as 52 bits hold; each is maximised in turn and then held, so that the best choice is
unique. The solver (OR-Tools CP-SAT) works in whole numbers; its answer is still recounted by
:mod:`phaenthi.targeting.limits.recount`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from phaenthi.geo.extras import from_extra
from phaenthi.targeting.choice import reduced_cost_fixing as core
from phaenthi.targeting.choice.alike_units import Kind, kinds_of
from phaenthi.targeting.choice.independent_parts import Key, Part
from phaenthi.targeting.choice.rows import Row

with from_extra("solver"):
    from ortools.sat.python import cp_model

# CP-SAT adds in 64 bits; room is left for the sums that it makes on the way.
_BITS = 52
# A deterministic measure of work, not seconds: the same question always gives the same answer.
MOST_WORK = 120.0
# Fewer units are given to the solver as they are.
MANY_UNITS = 600


@dataclass(frozen=True)
class Best:
    """The best choice of a part.

    Attributes
    ----------
    proved
        ``False`` when the solver ran out of work before it could rule out a better one.
    """

    chosen: frozenset[int]
    proved: bool = True


class UnsettledError(Exception):
    """The solver ran out of work before it found any choice or showed that there is none."""


def best(
    part: Part,
    levels: Sequence[tuple[int, ...]],
    keys: Sequence[Key],
    forced: Iterable[Row] = (),
    *,
    any_will_do: bool = False,
) -> Best | None:
    """Return the best choice of a part, or ``None`` when its rows allow none.

    Parameters
    ----------
    levels
        What is maximised, the first before the next: a number for each unit.
    keys
        The same, with the code, for comparing two units.
    forced
        Rows besides those of the part, such as one that holds a unit in.
    any_will_do
        Return any choice that keeps the rows, the best or not.

    Raises
    ------
    UnsettledError
        If the solver could not decide whether there is a choice at all.
    """
    asked = (*part.rows, *forced)
    kinds = kinds_of(Part(part.units, asked), keys)
    kept = sorted(unit for kind in kinds for unit in kind.worth_keeping())
    rows = core.fill_in(asked, dict.fromkeys(set(part.units) - set(kept), False))
    if rows is None:
        return None
    settled: frozenset[int] = frozenset()
    many = len(kept) > MANY_UNITS
    if many and not any_will_do:
        sure = core.settle(rows, next(_levels_alone(levels, kept)))
        rows = core.fill_in(rows, sure)
        if rows is None:
            raise RuntimeError("what is settled breaks a limit")
        settled = frozenset(unit for unit in kept if sure.get(unit))
        kept = [unit for unit in kept if unit not in sure]
    model, variables = _model(rows, kept, kinds)
    chosen: frozenset[int] = frozenset()
    proved = True
    for weights in ({},) if any_will_do else _whole_numbers(levels, kept, apart=many):
        objective = sum(weight * variables[unit] for unit, weight in weights.items())
        model.maximize(objective)
        solver = _solver(many=many)
        status = solver.solve(model)
        if status == cp_model.INFEASIBLE:
            return None
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            raise UnsettledError
        chosen = frozenset(unit for unit in kept if solver.boolean_value(variables[unit]))
        proved = proved and status == cp_model.OPTIMAL
        model.add(objective >= sum(weights.get(unit, 0) for unit in chosen))
        model.clear_hints()  # type: ignore[no-untyped-call]
        for unit in kept:
            model.add_hint(variables[unit], unit in chosen)
    return Best(settled | chosen, proved)


def _solver(*, many: bool) -> cp_model.CpSolver:
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 0
    solver.parameters.max_deterministic_time = MOST_WORK
    if many:
        # Money ties them all together: cuts over the whole relaxed choice decide, not search.
        solver.parameters.linearization_level = 2
    return solver


def _model(
    rows: Iterable[Row], kept: Sequence[int], kinds: Sequence[Kind]
) -> tuple[cp_model.CpModel, dict[int, cp_model.IntVar]]:
    """Write the rows down for the solver, and that of units alike the better comes first."""
    model = cp_model.CpModel()
    variables = {unit: model.new_bool_var(f"unit {unit}") for unit in kept}
    for row in rows:
        for variable, _ in row.terms:
            if variable not in variables:
                variables[variable] = model.new_bool_var(f"area {variable}")
        total = sum(c * variables[v] for v, c in row.terms)
        if row.least is not None and row.least == row.most:
            model.add(total == row.least)
            continue
        if row.least is not None:
            model.add(total >= row.least)
        if row.most is not None:
            model.add(total <= row.most)
    for kind in kinds:
        if kind.one_cost:
            held = [unit for unit in kind.units[: kind.most] if unit in variables]
            for better, worse in pairwise(held):
                model.add_implication(variables[worse], variables[better])
    return model, variables


def _whole_numbers(
    levels: Sequence[tuple[int, ...]], kept: Sequence[int], *, apart: bool
) -> Iterator[dict[int, int]]:
    """Yield weights that, maximised one after another, give the declared order.

    Each level, and each unit's place in the order of codes, gets as many bits as its sum can
    need; what fits into one whole number is maximised at once, or each level ``apart``.
    """
    columns = [{unit: numbers[unit] for unit in kept if numbers[unit]} for numbers in levels]
    codes = [{unit: 1} for unit in kept]
    if apart:
        yield from (column for column in columns if column)
        yield from _packed(codes)
    else:
        yield from _packed([*columns, *codes])


def _levels_alone(
    levels: Sequence[tuple[int, ...]], kept: Sequence[int]
) -> Iterator[dict[int, int]]:
    """Yield the weights of the levels alone, without the order of codes."""
    yield from _packed([{u: numbers[u] for u in kept if numbers[u]} for numbers in levels])


def _packed(columns: Iterable[dict[int, int]]) -> Iterator[dict[int, int]]:
    together: list[dict[int, int]] = []
    bits = 0
    for column in (column for column in columns if column):
        width = sum(column.values()).bit_length()
        if together and bits + width > _BITS:
            yield _joined(together)
            together, bits = [], 0
        together.append(column)
        bits += width
    yield _joined(together) if together else {}


def _joined(columns: Sequence[dict[int, int]]) -> dict[int, int]:
    weights: dict[int, int] = {}
    shift = 0
    for column in reversed(columns):
        for unit, number in column.items():
            weights[unit] = weights.get(unit, 0) + (number << shift)
        shift += sum(column.values()).bit_length()
    return weights
