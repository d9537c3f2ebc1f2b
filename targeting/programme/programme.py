"""A programme: its rule pack, the readings chosen, and the official tables that it rests on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Literal, TypeVar

import pandas as pd

from phaenthi.data import ALLOTMENTS
from phaenthi.geo.places import gazetteer
from phaenthi.geo.places.codes import Level
from phaenthi.layers.tables.fiscal_year import FiscalYear
from phaenthi.targeting.programme import allotments, pack_files, packfile
from phaenthi.targeting.programme.allotments import Allotment, AreaAllotment
from phaenthi.targeting.programme.packfile import PackFile
from phaenthi.targeting.programme.packlinks import Path_
from phaenthi.targeting.programme.tables import read_input, read_table
from phaenthi.targeting.rules.of_need import (
    IncomeGap,
    MultidimensionalPoverty,
    ShareOfTargetPoor,
    TargetPoor,
)
from phaenthi.targeting.rules.rule import (
    AllotmentRule,
    CapRule,
    Condition,
    DefinitionRule,
    ExactlyAreasRule,
    MembersRule,
    NeedRule,
    NoOverlapRule,
    Pack,
    RequiresRule,
    Rule,
    RuleModel,
    ScopeRule,
    TableColumn,
    TiersRule,
    Words,
)
from phaenthi.wording import Language, Problem

VILLAGE, TAMBON, HOUSEHOLD, PLOT = "village", "tambon", "household", "plot"
"""Kinds of unit that rooms tell from the others; a pack may name any kind."""
PACK_FOLDER = pack_files.PACK_FOLDER
TABLE_FOLDER = ALLOTMENTS

AnyRule = TypeVar("AnyRule", bound=RuleModel)


@dataclass(frozen=True)
class Cap:
    """At most ``at_most`` units in an area of ``level``: in each, or on the average."""

    level: Level
    at_most: int
    reading: Literal["each", "average"]


@dataclass(frozen=True)
class PackEntry:
    """A pack that can be loaded, before it is."""

    id: str
    path: Path


@dataclass(frozen=True)
class Programme:
    """A programme of one fiscal year with its readings chosen; made by :func:`load`.

    Attributes
    ----------
    pack
        The content of the YAML file with the chosen readings in force.
    tables
        The official tables that the rules name, by file name; a row an area, all text.
    file
        The YAML file with its lines.
    chosen_readings
        Readings that the planner chose against the pack's own, by rule id.
    """

    pack: Pack
    tables: Mapping[str, pd.DataFrame] = field(repr=False, compare=False)
    file: PackFile = field(repr=False, compare=False)
    chosen_readings: Mapping[str, str] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The pack's id, such as ``ne-poverty-2563``."""
        return self.pack.id

    @property
    def unit(self) -> str:
        """What is chosen, such as ``village``, ``tambon`` or ``fund``."""
        return self.pack.unit

    @property
    def needs_unit_table(self) -> bool:
        """Whether judging asks for a table of units besides the layers."""
        return self.unit not in ("village", "tambon") or bool(self.pack.columns)

    @property
    def layers_suffice(self) -> bool:
        """Whether the layers are enough to choose: no table of units or numbers is missing."""
        inputs = [rule.input.table for rule in self._all(AllotmentRule) if rule.input is not None]
        return not self.needs_unit_table and all(table in self.tables for table in inputs)

    @property
    def fiscal_year(self) -> FiscalYear:
        """The fiscal year that the rules hold for."""
        return FiscalYear(self.pack.fiscal_year)

    @property
    def document(self) -> Mapping[str, Words]:
        """The guidelines behind the rules, by their short names."""
        return self.pack.documents

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules in the order of the pack."""
        return self.pack.rules

    @property
    def readings(self) -> dict[str, str]:
        """The reading in force of every rule that the text leaves open."""
        return {rule.id: rule.reading for rule in self.rules if rule.reading is not None}

    def name(self, language: Language) -> str:
        """Return the programme's name."""
        return self.pack.name.say(language)

    def rule(self, kind: str) -> Rule | None:
        """Return the only rule of a kind, or ``None`` where the pack has none.

        Raises
        ------
        ValueError
            If the pack has several; then ask :meth:`rules_of`.
        """
        found = self.rules_of(kind)
        if len(found) > 1:
            raise ValueError(f"pack {self.id} has {len(found)} rules of kind {kind}")
        return found[0] if found else None

    def rules_of(self, kind: str) -> tuple[Rule, ...]:
        """Return the rules of a kind in the order of the pack."""
        return tuple(rule for rule in self.rules if rule.kind == kind)

    def rule_by_id(self, rule_id: str) -> Rule:
        """Return a rule by its id.

        Raises
        ------
        Problem
            ``targeting.rule_unknown`` with the ids that there are.
        """
        for rule in self.rules:
            if rule.id == rule_id:
                return rule
        known = ", ".join(rule.id for rule in self.rules)
        raise Problem("targeting.rule_unknown", found=rule_id, known=known)

    def with_readings(self, readings: Mapping[str, str]) -> Programme:
        """Return the programme read otherwise.

        Parameters
        ----------
        readings
            Reading by rule id, such as ``{"cap": "average"}``; other rules stay as they are.

        Raises
        ------
        Problem
            ``targeting.rule_unknown`` or ``targeting.reading_unknown`` with what there is.
        """
        for rule_id, reading in readings.items():
            known = self.rule_by_id(rule_id).readings
            if reading not in known:
                raise Problem(
                    "targeting.reading_unknown",
                    rule=rule_id,
                    found=reading,
                    known=", ".join(known) or "–",
                )
        chosen = {**self.chosen_readings, **readings}
        pack = packfile.check(self.file, chosen)
        return Programme(pack, self.tables, self.file, chosen)

    def provinces(self) -> tuple[str, ...]:
        """Return the codes of the provinces that take part, sorted."""
        return tuple(
            sorted(
                {code for rule in self._all(ScopeRule) for code in allotments.provinces_of(rule)}
            )
        )

    def require_province(self, province: str) -> None:
        """Refuse a province that does not take part.

        Raises
        ------
        Problem
            ``targeting.province_not_in_scope``, or ``targeting.province_not_named`` where the
            document counts more provinces than it names.
        """
        if province in self.provinces():
            return
        named = ", ".join(_province_in_words(code) for code in self.provinces())
        for rule in self._all(ScopeRule):
            if rule.unnamed is not None:
                raise Problem(
                    "targeting.province_not_named",
                    found=province,
                    programme=self.id,
                    printed=rule.unnamed.printed,
                    named=len(self.provinces()),
                    provinces=named,
                )
        raise Problem(
            "targeting.province_not_in_scope",
            found=_province_in_words(province),
            programme=self.id,
            provinces=named,
        )

    def allotment(self, province: str) -> Allotment:
        """Return how many units and how many amphoe a province gets.

        Raises
        ------
        Problem
            ``targeting.province_not_in_scope``, ``targeting.allotment_missing`` where the
            table has no row for the province, or ``targeting.allotment_input_missing`` where
            the Department's table is still to be given.
        """
        areas = self._allotted_areas
        if areas is not None and province not in areas and province in self.provinces():
            raise Problem("targeting.allotment_missing", found=province, programme=self.id)
        allotted = self.area_allotments(province)
        return Allotment(
            sum(one.units for one in allotted), None if areas is None else areas[province]
        )

    def area_allotments(self, province: str) -> tuple[AreaAllotment, ...]:
        """Return what the province, or each of its amphoe, gets; empty without an allotment.

        Raises
        ------
        Problem
            As :meth:`allotment`.
        """
        self.require_province(province)
        return tuple(
            one
            for rule in self._all(AllotmentRule)
            for one in allotments.of_rule(rule, self.id, self.tables, province)
        )

    def cap(self) -> Cap | None:
        """Return the cap in force, or ``None`` where the pack has none."""
        found = self._all(CapRule)
        if not found:
            return None
        return Cap(Level(found[0].level), found[0].at_most, found[0].mode)

    def tiers(self) -> TiersRule | None:
        """Return the rule that puts units into ordered classes, if there is one."""
        return next(iter(self._all(TiersRule)), None)

    def all_of(self, kind: type[AnyRule]) -> tuple[AnyRule, ...]:
        """Return the rules of one model, such as ``LockRule``, in the order of the pack."""
        return self._all(kind)

    def members(self) -> MembersRule | None:
        """Return the rule on the households inside a village, if there is one."""
        return next(iter(self._all(MembersRule)), None)

    def need(self) -> NeedRule | None:
        """Return the rule that ranks villages, if there is one."""
        return next(iter(self._all(NeedRule)), None)

    def requirements(self) -> tuple[RequiresRule, ...]:
        """Return the conditions on a village's own data."""
        return self._all(RequiresRule)

    def overlap_rules(self) -> tuple[NoOverlapRule, ...]:
        """Return the rules on other programmes' target villages."""
        return self._all(NoOverlapRule)

    def definition(self, rule_id: str) -> DefinitionRule:
        """Return a definition by its id."""
        return next(rule for rule in self._all(DefinitionRule) if rule.id == rule_id)

    def sources_of_members(self) -> tuple[str, ...]:
        """Return the ids of the sources that the members' tiers ask, in the order of the pack."""
        rule = self.members()
        if rule is None:
            return ()
        asked = {source for tier in rule.tiers for source, _ in self.columns_asked(tier.all)}
        return tuple(name for name in self.pack.sources if name in asked)

    def household_columns(self) -> dict[str, set[str]]:
        """Return by source the columns that members and need ask of households."""
        members, need = self.members(), self.need()
        pairs: list[tuple[str, str]] = []
        for tier in members.tiers if members else ():
            pairs += [(tier.rank_by.source, tier.rank_by.column), *self.columns_asked(tier.all)]
        for part in need.parts if need else ():
            if isinstance(part, TargetPoor | ShareOfTargetPoor):
                pairs += self.columns_asked(part.all)
            elif isinstance(part, IncomeGap):
                pairs.append((part.source, "income_per_person"))
            elif isinstance(part, MultidimensionalPoverty):
                for one in part.indicators:
                    pairs += self.columns_asked(one.all)
        asked: dict[str, set[str]] = {}
        for source, column in pairs:
            asked.setdefault(source, set()).add(column)
        return asked

    def columns_asked(self, conditions: Iterable[Condition]) -> Iterator[tuple[str, str]]:
        """Yield (source, column) of every test in some conditions, definitions included."""
        for condition in conditions:
            if condition.source is not None and condition.column is not None:
                yield condition.source, condition.column
            if condition.definition is not None:
                yield from self.columns_asked(self.definition(condition.definition).all)
            yield from self.columns_asked((*(condition.all or ()), *(condition.any or ())))

    def digest(self) -> str:
        """Return the SHA-256 of the rules in force and of the official tables' cells."""
        content = {
            "pack": self.pack.model_dump(mode="json", by_alias=True),
            "tables": {
                name: [list(table.columns), *table.to_numpy().tolist()]
                for name, table in sorted(self.tables.items())
            },
        }
        text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode("utf-8")).hexdigest()

    def _all(self, kind: type[AnyRule]) -> tuple[AnyRule, ...]:
        return tuple(rule for rule in self.rules if isinstance(rule, kind))

    @cached_property
    def _allotted_areas(self) -> dict[str, int] | None:
        rules = self._all(ExactlyAreasRule)
        if not rules:
            return None
        wanted = rules[0].areas
        return allotments.by_area(self.tables, wanted.table, wanted.area_column, wanted.column)


def _province_in_words(code: str) -> str:
    """Return a province's name and code, the code alone where there is no such province."""
    return f"{gazetteer.name_of(code)} ({code})" if gazetteer.exists(code) else code


def packs(folders: Iterable[Path] = ()) -> list[PackEntry]:
    """Return the packs that can be loaded, sorted by id; a user's own come before the project's.

    Parameters
    ----------
    folders
        The user's own folders, searched first.
    """
    return [PackEntry(name, path) for name, path in pack_files.pack_files(folders).items()]


def load(id_or_path: str | Path, folders: Iterable[Path] = ()) -> Programme:
    """Load a programme with the readings written in its pack.

    Parameters
    ----------
    id_or_path
        Id of a pack (the file's name without ``.yaml``) or the path of a YAML file.
    folders
        The user's own folders of packs and tables, searched before the project's; beside a
        path, its own folder too.

    Raises
    ------
    Problem
        ``targeting.pack_missing``; an error of the pack with file, line and field; or an error
        of an official table (missing, a cell that is no count, a name that is not the code's,
        a sum that is not the printed total).
    """
    folders = tuple(folders)
    path = pack_files.find_pack(id_or_path, folders)
    file, pack = _read_checked(path, _stamp(path))
    if pack.id != file.path.stem:
        raise file.problem("targeting.pack_id_not_file", ("id",), found=pack.id)
    table_folders = (*map(Path, folders), file.path.parent, TABLE_FOLDER)
    tables: dict[str, pd.DataFrame] = {}
    for at, wanted in _table_columns(pack):
        tables[wanted.table] = read_table(file, at, wanted, table_folders)
    for rule in pack.rules:
        if isinstance(rule, AllotmentRule) and rule.input is not None:
            given = read_input(rule.input, Level(rule.level), table_folders)
            tables |= {} if given is None else {rule.input.table: given}
    return Programme(pack, tables, file)


def _stamp(path: Path) -> tuple[int, int] | None:
    """Return what tells that a file is still the same: when it was changed, and its size."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size


@lru_cache(maxsize=64)
def _read_checked(path: Path, _stamp: tuple[int, int] | None) -> tuple[PackFile, Pack]:
    # A list of packs reads them all each time that it is drawn.
    file = packfile.read(path)
    return file, packfile.check(file, {})


def _table_columns(pack: Pack) -> list[tuple[Path_, TableColumn]]:
    found: list[tuple[Path_, TableColumn]] = []
    for place, rule in enumerate(pack.rules):
        if isinstance(rule, AllotmentRule) and rule.units is not None:
            found.append((("rules", place, "units"), rule.units))
        if isinstance(rule, ExactlyAreasRule):
            found.append((("rules", place, "areas"), rule.areas))
    return found
