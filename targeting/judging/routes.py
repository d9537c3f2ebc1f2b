"""Whether tourist routes keep to a programme: targets, linked places, programmes a community."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd
import polars as pl

from phaenthi.geo.places.codes import Level, parent_code
from phaenthi.geo.places.gazetteer import name_of
from phaenthi.layers.contracts.tourism import CITY_CLASSES
from phaenthi.layers.tourism.route_planning import Route, RouteStop
from phaenthi.targeting.judging.conditions import Earlier, columns_named, judge_tests
from phaenthi.targeting.judging.unit_table import read_units
from phaenthi.targeting.judging.verdict import (
    Verdict,
    all_of,
    all_of_columns,
    any_of_columns,
    at_least,
    opposite,
)
from phaenthi.targeting.programme.programme import Programme
from phaenthi.targeting.rules.rule import AtLeastRule, FlagRule, RequiresRule, Rule, ScopeRule
from phaenthi.wording import Language, Problem, say

LINKED, OFFERED = "linked_places", "operator_programmes"
_COLUMNS_OF_LAYER = {
    "class": "class_th",
    "potential": "has_potential",
    "ready_for_visitors": "ready_for_visitors",
    "ready_for_dhope": "ready_for_dhope",
    "developed_products": "developed_products",
    "visitors": "visitors",
}


@dataclass(frozen=True)
class RouteFinding:
    """What one rule says of a route, a community or a province.

    Attributes
    ----------
    rule
        Id of the rule in the pack.
    about
        ``route``, ``community``, ``province`` or ``programme``.
    subject
        Id of the route or community, code of the province, id of the pack.
    verdict
        Met, not met, or unknown.
    wording, values
        Id of the sentence under ``route_check`` and what it names.
    """

    rule: str
    about: str
    subject: str
    verdict: Verdict
    wording: str
    values: Mapping[str, object] = field(default_factory=dict)

    def sentence(self, programme: Programme, language: Language) -> str:
        """Say the finding in words, with the clause it rests on."""
        rule = programme.rule_by_id(self.rule)
        values = dict(self.values)
        if "province" in values:
            values["province"] = name_of(str(values["province"]), language)
        document = rule.clause.document
        heading = rule.clause.heading.say(language)
        clause = f"{document} · {heading} · {rule.clause.item}"
        words = rule.words.say(language)
        return say(f"route_check.{self.wording}", language, **values, rule=words, clause=clause)


@dataclass(frozen=True)
class RouteCheck:
    """The findings of a programme's rules on routes.

    Attributes
    ----------
    findings
        Routes first, then communities, then provinces, then the programme as a whole.
    communities
        One row a community: the columns that the pack asks of its units.
    """

    findings: tuple[RouteFinding, ...]
    communities: pd.DataFrame

    @property
    def verdict(self) -> Verdict:
        """Met where all are, not met where one is not, else unknown."""
        return all_of(finding.verdict for finding in self.findings)

    def of(self, about: str) -> tuple[RouteFinding, ...]:
        """Return the findings about routes, communities, provinces or the programme."""
        return tuple(finding for finding in self.findings if finding.about == about)


def check_routes(
    programme: Programme,
    routes: Sequence[Route],
    communities: pl.DataFrame,
    programmes: pl.DataFrame,
    *,
    targets: Collection[str] | None = None,
    provinces: Collection[str] = (),
) -> RouteCheck:
    """Check routes against the rules of a programme that asks for them.

    Parameters
    ----------
    programme
        With a rule ``at_least`` on linked places, such as ``south-tourism-2563``.
    routes
        Those made so far.
    communities, programmes
        Rows of the layers ``tourism_communities`` and ``tourism_programmes``.
    targets
        Ids of the target communities; unless given, a community that may be one by the pack's
        own conditions is possible, and none is certain.
    provinces
        Codes of the provinces to look at; all of the programme's unless given.

    Raises
    ------
    Problem
        ``targeting.pack_without_routes`` if the programme asks for no route;
        ``targeting.targets_unknown`` for a target that is in no register.
    """
    asked = route_rule(programme)
    units = community_units(programme, communities, programmes, routes)
    strange = sorted(set(targets or ()) - set(units["unit_code"]))
    if strange:
        raise Problem("targeting.targets_unknown", found=", ".join(strange))
    is_target = _targets(programme, units, targets)
    named = provinces or programme.provinces()
    findings = [
        *(one for route in routes for one in _of_route(programme, asked, route, is_target)),
        *_of_communities(programme, units, is_target, routes, named),
        *_of_provinces(asked, units, is_target, named),
        *(() if provinces else _of_programme(programme)),
    ]
    return RouteCheck(tuple(findings), units)


def route_rule(programme: Programme) -> AtLeastRule:
    """Return the rule that asks for routes.

    Raises
    ------
    Problem
        ``targeting.pack_without_routes`` if there is none.
    """
    for rule in programme.all_of(AtLeastRule):
        if LINKED in columns_named(rule.where):
            return rule
    raise Problem("targeting.pack_without_routes", pack=programme.id)


def community_units(
    programme: Programme,
    communities: pl.DataFrame,
    programmes: pl.DataFrame,
    routes: Sequence[Route],
) -> pd.DataFrame:
    """Return the communities with the columns that the pack asks of its units.

    Returns
    -------
    pandas.DataFrame
        As :func:`phaenthi.targeting.judging.unit_table.read_units` returns it. ``linked_places`` is
        the
        most
        that one route links with the community, missing where that rests on an attraction of
        which nobody says whether its city is a main or a secondary one;
        ``operator_programmes`` counts the register's.
    """
    counted = programmes.group_by("community_id").len().rows()
    offered = dict(counted)
    rows = communities.rename({"community_id": "unit_code"}).to_pandas()
    linked = {code: _linked_of(code, routes) for code in rows["unit_code"]}
    table = pd.DataFrame(
        {
            "unit_code": rows["unit_code"],
            "village_code": rows["village_code"],
            "name_th": rows["name_th"],
            LINKED: pd.Series([linked[code] for code in rows["unit_code"]], dtype="Int64"),
            OFFERED: pd.Series([offered.get(code, 0) for code in rows["unit_code"]], dtype="Int64"),
            **{
                name: rows[column]
                for name, column in _COLUMNS_OF_LAYER.items()
                if name in programme.pack.columns
            },
        }
    )
    for name in ("developed_products", "visitors"):
        if name in table:
            table[name] = table[name].astype("Int64")
    return read_units(programme, table)


def _linked_of(community: str, routes: Iterable[Route]) -> int | None:
    """Return the most places that a route links with a community; None if that is not known."""
    certain = possible = 0
    for route in routes:
        own = next((stop for stop in route.stops if stop.community_id == community), None)
        if own is not None:
            low, high = _linked(own, route.stops)
            certain, possible = max(certain, low), max(possible, high)
    return None if possible and not certain else certain


def _linked(own: RouteStop, stops: Iterable[RouteStop]) -> tuple[int, int]:
    """Return how many places a route links with a community: certainly, and possibly.

    Another community of the same province, or an attraction of a main or secondary city.
    """
    certain: set[str] = set()
    possible: set[str] = set()
    for stop in stops:
        key = f"{stop.kind} {stop.community_id or stop.id}"
        if stop.community_id is not None:
            if stop.community_id != own.community_id and _province(stop) == _province(own):
                certain.add(key)
        elif stop.city_class in CITY_CLASSES:
            certain.add(key)
        elif stop.city_class is None:
            possible.add(key)
    return len(certain), len(certain | possible)


def _province(stop: RouteStop) -> str | None:
    return parent_code(stop.area_code, Level.PROVINCE) if stop.area_code else None


def _targets(
    programme: Programme, units: pd.DataFrame, targets: Collection[str] | None
) -> dict[str, Verdict]:
    """Return for each community whether it is a target: by the list, else by what may be one."""
    codes = units["unit_code"].astype(str)
    if targets is not None:
        return {code: Verdict.MET if code in targets else Verdict.NOT_MET for code in codes}
    tests = [test for rule in programme.all_of(RequiresRule) for test in rule.all]
    verdicts = judge_tests(tests, units, Earlier.unknown())
    # Who keeps to the conditions may be a target; only the list says who is.
    barred = (verdicts == Verdict.NOT_MET).to_list()
    return {
        code: Verdict.NOT_MET if out else Verdict.UNKNOWN
        for code, out in zip(codes, barred, strict=True)
    }


def _of_route(
    programme: Programme, asked: AtLeastRule, route: Route, is_target: Mapping[str, Verdict]
) -> Iterator[RouteFinding]:
    """Yield whether a route has a target community and a place linked with it."""
    own: dict[str, RouteStop] = {}
    for stop in route.stops:
        if stop.community_id is not None:
            own.setdefault(stop.community_id, stop)
    verdicts = {code: is_target.get(code, Verdict.UNKNOWN) for code in own}
    certain = sum(one is Verdict.MET for one in verdicts.values())
    possible = sum(one is not Verdict.NOT_MET for one in verdicts.values())
    verdict = at_least(certain, possible, 1)
    values = {"route": route.id, "count": certain, "possible": possible}
    yield RouteFinding(asked.id, "route", route.id, verdict, f"targets_{verdict}", values)
    limit = _limit(asked)
    counted = {code: _linked(stop, route.stops) for code, stop in own.items()}
    of_targets = [counted[code] for code, one in verdicts.items() if one is not Verdict.NOT_MET]
    low = max((count for count, _ in of_targets), default=0)
    high = max((count for _, count in of_targets), default=0)
    verdict = at_least(low, high, limit)
    values = {"route": route.id, "count": low, "possible": high, "limit": limit}
    yield RouteFinding(asked.id, "route", route.id, verdict, f"linked_{verdict}", values)
    scope = next(iter(programme.all_of(ScopeRule)), None)
    outside = {_province(stop) for stop in own.values()} - set(programme.provinces()) - {None}
    if scope is not None:
        for province in sorted(str(one) for one in outside):
            verdict = Verdict.NOT_MET if scope.unnamed is None else Verdict.UNKNOWN
            values = {"route": route.id, "province": province}
            yield RouteFinding(scope.id, "route", route.id, verdict, "outside_scope", values)


def _limit(asked: AtLeastRule) -> int:
    limits = [test.at_least for test in asked.where if test.column == LINKED]
    return next((limit for limit in limits if limit is not None), 1)


def _of_communities(
    programme: Programme,
    units: pd.DataFrame,
    is_target: Mapping[str, Verdict],
    routes: Sequence[Route],
    provinces: Collection[str],
) -> Iterator[RouteFinding]:
    """Yield whether each community that matters offers enough programmes.

    Those that are targets; where nobody says who is, those that a route visits.
    """
    rule = _rule_on_offers(programme)
    if rule is None:
        return
    visited = {stop.community_id for route in routes for stop in route.stops}
    listed = {code for code, one in is_target.items() if one is Verdict.MET}
    wanted = listed or {
        code for code in visited if code is not None and is_target.get(code) is Verdict.UNKNOWN
    }
    those = units[units["unit_code"].isin(wanted) & units["province_code"].isin(list(provinces))]
    if those.empty:
        return
    nothing = Earlier.unknown()
    if isinstance(rule, FlagRule):
        raised = any_of_columns([judge_tests([one], those, nothing) for one in rule.any])
        verdicts = [opposite(Verdict(one)) for one in raised]
    else:
        verdicts = [Verdict(one) for one in judge_tests(rule.all, those, nothing)]
    for unit, judged in zip(those.to_dict("records"), verdicts, strict=True):
        verdict = judged
        code = str(unit["unit_code"])
        name = code if pd.isna(unit["name_th"]) else str(unit["name_th"])
        values = {"community": name, "count": int(unit[OFFERED])}
        wording = f"offers_{verdict}"
        if verdict is Verdict.NOT_MET and is_target[code] is Verdict.UNKNOWN:
            verdict, wording = Verdict.UNKNOWN, "offers_short_if_target"
        yield RouteFinding(rule.id, "community", code, verdict, wording, values)


def _rule_on_offers(programme: Programme) -> FlagRule | RequiresRule | None:
    rules: list[Rule] = list(programme.rules)
    for rule in rules:
        if isinstance(rule, FlagRule) and OFFERED in columns_named(rule.any):
            return rule
        if isinstance(rule, RequiresRule) and OFFERED in columns_named(rule.all):
            return rule
    return None


def _of_provinces(
    asked: AtLeastRule,
    units: pd.DataFrame,
    is_target: Mapping[str, Verdict],
    provinces: Collection[str],
) -> Iterator[RouteFinding]:
    """Yield whether each province has as many target communities on routes as are asked for."""
    on_route = judge_tests(asked.where, units, Earlier.unknown())
    target = pd.Series([is_target[code] for code in units["unit_code"]], dtype="string")
    target.index = units.index
    both = all_of_columns([target, on_route])
    for province in sorted(provinces):
        here = both[(units["province_code"] == province).fillna(value=False).astype(bool)]
        certain = int((here == Verdict.MET).sum())
        possible = int((here != Verdict.NOT_MET).sum())
        verdict = at_least(certain, possible, asked.at_least)
        values = {
            "province": province,
            "count": certain,
            "possible": possible,
            "limit": asked.at_least,
        }
        yield RouteFinding(asked.id, "province", province, verdict, f"province_{verdict}", values)


def _of_programme(programme: Programme) -> Iterator[RouteFinding]:
    """Yield what must be asked for before all provinces can be judged."""
    for scope in programme.all_of(ScopeRule):
        if scope.unnamed is not None:
            known = len(programme.provinces())
            values = {
                "printed": scope.unnamed.printed,
                "known": known,
                "missing": scope.unnamed.printed - known,
            }
            yield RouteFinding(
                scope.id, "programme", programme.id, Verdict.UNKNOWN, "provinces_missing", values
            )
