"""Checks of what a document prints: sums, quotas that cannot be met, rows that are missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from phaenthi.geo.places import gazetteer
from phaenthi.geo.places.codes import Level
from phaenthi.targeting.programme.programme import Programme
from phaenthi.targeting.rules.rule import AllotmentRule, ExactlyAreasRule, ScopeRule, TableColumn
from phaenthi.wording import Language, say

Severity = Literal["fine", "note", "wrong"]


@dataclass(frozen=True)
class Check:
    """One thing that was checked.

    Attributes
    ----------
    severity
        ``fine``; ``note``: a person should know of it; ``wrong``: the pack cannot be right.
    wording
        Message id of the sentence; ``values`` fill it in, ``words`` those of the pack.
    """

    severity: Severity
    wording: str
    values: Mapping[str, object] = field(default_factory=dict)
    words: Mapping[Language, str] = field(default_factory=dict)

    def sentence(self, language: Language) -> str:
        """Say the check in words."""
        values = {
            name: f"{value:,}" if isinstance(value, int) else value
            for name, value in self.values.items()
        }
        if "area" in values:
            values["area"] = gazetteer.name_of(str(values["area"]), language)
        return say(self.wording, language, **values, words=self.words.get(language, ""))


def check_programme(programme: Programme) -> list[Check]:
    """Check the figures and tables of a pack.

    Returns
    -------
    list of Check
        In the order of the pack; the tables' own errors are already refused when it is loaded.
    """
    checks = [*_printed_figures(programme), *_scope(programme)]
    for rule in programme.all_of(AllotmentRule):
        checks += _allotment(programme, rule)
    checks += _quotas(programme)
    return checks


def _printed_figures(programme: Programme) -> Iterator[Check]:
    for figure in programme.pack.printed:
        adds_up = figure.printed == figure.comes_to
        values = {"printed": figure.printed, "found": figure.comes_to}
        words: dict[Language, str] = {"th": figure.words.th, "en": figure.words.en}
        if adds_up:
            yield Check("fine", "check.figure_adds_up", values, words)
        else:
            severity: Severity = "note" if figure.differs else "wrong"
            yield Check(severity, "check.figure_differs", values, words)
        if adds_up and figure.differs:
            yield Check("wrong", "check.figure_said_to_differ", values, words)


def _scope(programme: Programme) -> Iterator[Check]:
    for rule in programme.all_of(ScopeRule):
        found = len(programme.provinces())
        if rule.unnamed is not None:
            values = {
                "printed": rule.unnamed.printed,
                "found": found,
                "missing": rule.unnamed.printed - found,
            }
            yield Check("note", "check.provinces_missing", values)
        else:
            yield Check("fine", "check.provinces", {"found": found})


def _allotment(programme: Programme, rule: AllotmentRule) -> Iterator[Check]:
    if rule.units is not None:
        yield from _table(programme, rule, rule.units)
    elif rule.input is not None:
        given = rule.input.table in programme.tables
        wording = "check.input_given" if given else "check.input_missing"
        values = {"table": rule.input.table, "total": rule.total or "–"}
        yield Check("fine" if given else "note", wording, values)
    elif rule.each is not None:
        areas = sum(len(programme.area_allotments(one)) for one in programme.provinces())
        comes_to = areas * rule.each
        values = {"areas": areas, "each": rule.each, "found": comes_to, "total": rule.total or 0}
        if rule.total is None:
            yield Check("fine", "check.each_without_total", values)
        elif comes_to == rule.total:
            yield Check("fine", "check.each_adds_up", values)
        else:
            yield Check("note", "check.each_differs", values)


def _table(programme: Programme, rule: AllotmentRule, column: TableColumn) -> Iterator[Check]:
    rows = len(programme.tables[column.table])
    values = {"table": column.table, "rows": rows, "total": column.total}
    if column.sums_to is None:
        yield Check("fine", "check.table_adds_up", values)
    else:
        short = column.total - column.sums_to
        found = {**values, "found": column.sums_to, "short": short}
        yield Check("note", "check.table_differs", found)
    if column.areas is not None and column.areas != rows:
        missing = {**values, "areas": column.areas, "missing": column.areas - rows}
        yield Check("note", "check.rows_missing", missing)
    if rule.level == "province":
        listed = set(programme.tables[column.table][column.area_column].astype(str))
        for province in sorted(listed.symmetric_difference(programme.provinces())):
            wording = "check.row_outside_scope" if province in listed else "check.row_missing"
            yield Check("wrong", wording, {"table": column.table, "area": province})


def _has_rows(programme: Programme, province: str) -> bool:
    """Tell whether the tables have the province; that one is missing is told by itself."""
    columns = [rule.units for rule in programme.all_of(AllotmentRule) if rule.units is not None]
    columns += [rule.areas for rule in programme.all_of(ExactlyAreasRule)]
    return all(
        programme.tables[one.table][one.area_column].astype(str).str.startswith(province).any()
        for one in columns
    )


def _quotas(programme: Programme) -> Iterator[Check]:
    """Yield where an allotment cannot be met, or leaves no choice at all."""
    cap = programme.cap()
    areas_rule = next(iter(programme.all_of(ExactlyAreasRule)), None)
    if areas_rule is None:
        return
    level = Level(areas_rule.level)
    existing = gazetteer.areas(level)["parent_code"].value_counts().to_dict()
    for province in programme.provinces():
        if not _has_rows(programme, province):
            continue
        allotted = programme.allotment(province)
        areas, units = allotted.areas or 0, allotted.units
        values = {"area": province, "units": units, "areas": areas}
        if areas > existing.get(province, 0) and level is Level.AMPHOE:
            told = {**values, "existing": existing.get(province, 0)}
            yield Check("wrong", "check.more_areas_than_there_are", told)
        if units < areas * areas_rule.units_each_at_least:
            yield Check("wrong", "check.fewer_units_than_areas", values)
        if cap is None or cap.level is not level:
            continue
        capped = {**values, "cap": cap.at_most, "most": areas * cap.at_most}
        if units > areas * cap.at_most:
            yield Check("wrong", "check.quota_over_cap", capped)
        elif units == areas * cap.at_most and cap.reading == "each":
            yield Check("note", "check.no_slack", capped)
