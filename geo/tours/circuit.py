"""The tour as circuits with times, one a day: for tasks too large to go through their days."""

from __future__ import annotations

from time import monotonic

from phaenthi.geo.extras import from_extra
from phaenthi.geo.tours.days import usable_windows
from phaenthi.geo.tours.tour import AIMS, NO_WAY, Aim, Step, TourTask

with from_extra("solver"):
    from ortools.sat.python import cp_model

WORKERS = 2
_HOME = 0  # node of a day's circuit; stop n is node n + 1


def choose_orders(task: TourTask, until: float) -> tuple[tuple[Step, ...], list[list[int]]] | None:
    """Choose the stops of each day and their order, one aim after the other.

    Parameters
    ----------
    until
        ``time.monotonic()`` at which to stop.

    Returns
    -------
    steps and numbers of the stops of each day, or None
        None where the time was over before anything was found. Equally good tours are not
        told apart.

    Raises
    ------
    LookupError
        If required stops cannot all be visited.
    """
    circuit = _Circuit(task)
    steps: list[Step] = []
    orders: list[list[int]] = []
    for aim in AIMS:
        taken = circuit.take(aim, until)
        if taken is None:
            break
        step, orders = taken
        steps.append(step)
        if not step.proved:
            break
    return (tuple(steps), orders) if steps else None


class _Circuit:
    """The variables of the task; aims are taken one by one and then held."""

    def __init__(self, task: TourTask) -> None:
        self.task = task
        self.model = cp_model.CpModel()
        self.arcs: list[dict[tuple[int, int], cp_model.IntVar]] = []
        self.left_out: list[list[cp_model.IntVar]] = []
        self.spans: list[tuple[cp_model.IntVar, cp_model.IntVar]] = []
        for day in range(len(task.days)):
            self._add_day(day)
        for number, stop in enumerate(task.stops):
            away = [day[number] for day in self.left_out]
            if stop.required:
                self.model.add(sum(away) == len(task.days) - 1)
            else:
                self.model.add(sum(away) >= len(task.days) - 1)
        if task.most_price is not None:
            self.model.add(self._counted("price") <= task.most_price)

    def _add_day(self, day: int) -> None:
        task, model, limits = self.task, self.model, self.task.days[day]
        sets_out = model.new_int_var(limits.earliest, limits.latest, "")
        ends = model.new_int_var(limits.earliest, limits.latest, "")
        model.add(ends >= sets_out)
        model.add(ends - sets_out <= limits.most_minutes)
        idle = model.new_bool_var("")
        model.add(ends == sets_out).only_enforce_if(idle)
        arcs: dict[tuple[int, int], cp_model.IntVar] = {(_HOME, _HOME): idle}
        begins = []
        for number in range(len(task.stops)):
            windows = usable_windows(task, number, day)
            away = model.new_bool_var("")
            if not windows:
                model.add(away == 1)
            domain = cp_model.Domain.from_intervals(windows or [(limits.earliest,) * 2])
            begins.append(model.new_int_var_from_domain(domain, ""))
            arcs[number + 1, number + 1] = away
        self.left_out.append([arcs[n + 1, n + 1] for n in range(len(task.stops))])
        for one in (None, *range(len(task.stops))):
            for other in (None, *range(len(task.stops))):
                leg = task.leg(one, other, day)
                if one == other or leg == NO_WAY:
                    continue
                arc = model.new_bool_var("")
                arcs[_node(one), _node(other)] = arc
                left = sets_out if one is None else begins[one] + task.stops[one].minutes
                comes = ends if other is None else begins[other]
                model.add(comes >= left + leg).only_enforce_if(arc)
        model.add_circuit([(tail, head, arc) for (tail, head), arc in arcs.items()])
        visits = [1 - away for away in self.left_out[day]]
        if limits.most_stops is not None:
            model.add(sum(visits) <= limits.most_stops)
        # Visits and legs take their time whatever the order: this tightens the bound.
        busy = cp_model.LinearExpr.weighted_sum(visits, [stop.minutes for stop in task.stops])
        self.arcs.append(arcs)
        self.spans.append((sets_out, ends))
        model.add(busy + self._travel_of(day) <= ends - sets_out)

    def _travel_of(self, day: int) -> cp_model.LinearExpr:
        ways = [way for way in self.arcs[day] if way[0] != way[1]]
        legs = [self.task.leg(_stop(tail), _stop(head), day) for tail, head in ways]
        return cp_model.LinearExpr.weighted_sum([self.arcs[day][way] for way in ways], legs)

    def _counted(self, aim: Aim) -> cp_model.LinearExprT:
        if aim == "travel":
            return sum(self._travel_of(day) for day in range(len(self.arcs)))
        if aim == "minutes":
            return sum(ends - sets_out for sets_out, ends in self.spans)
        return sum(
            (1 - away) * int(getattr(stop, aim))
            for day in self.left_out
            for away, stop in zip(day, self.task.stops, strict=True)
        )

    def take(self, aim: Aim, until: float) -> tuple[Step, list[list[int]]] | None:
        """Bring an aim as far as it goes, then hold it."""
        counted = self._counted(aim)
        (self.model.maximize if aim == "score" else self.model.minimize)(counted)
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = WORKERS
        solver.parameters.max_time_in_seconds = max(until - monotonic(), 0.05)
        status = solver.solve(self.model)
        if status == cp_model.INFEASIBLE:
            raise LookupError("no tour keeps to the task")
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return None
        value, bound = round(solver.objective_value), round(solver.best_objective_bound)
        self.model.clear_objective()  # type: ignore[no-untyped-call]
        self.model.add(counted >= value if aim == "score" else counted <= value)
        self.model.clear_hints()  # type: ignore[no-untyped-call]
        for arcs in self.arcs:
            for arc in arcs.values():
                self.model.add_hint(arc, solver.boolean_value(arc))
        return Step(aim, value, bound), [self._order(arcs, solver) for arcs in self.arcs]

    def _order(
        self, arcs: dict[tuple[int, int], cp_model.IntVar], solver: cp_model.CpSolver
    ) -> list[int]:
        after = {
            tail: head
            for (tail, head), arc in arcs.items()
            if tail != head and solver.boolean_value(arc)
        }
        order, node = [], after.get(_HOME, _HOME)
        while node != _HOME:
            order.append(node - 1)
            node = after[node]
        return order


def _node(stop: int | None) -> int:
    return _HOME if stop is None else stop + 1


def _stop(node: int) -> int | None:
    return None if node == _HOME else node - 1
