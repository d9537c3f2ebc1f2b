"""The references inside a pack: from a rule to a document, source, column, tier or other rule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from phaenthi.targeting.rules.elements import PLACE_COLUMNS
from phaenthi.targeting.rules.rule import (
    AtLeastRule,
    BandsRule,
    BudgetRule,
    Condition,
    DefinitionRule,
    DistinctRule,
    FlagRule,
    JustifyRule,
    LockRule,
    MembersRule,
    NeedPart,
    NeedRule,
    NoOverlapRule,
    Pack,
    RequiresRule,
    Rule,
    ShareRule,
    TiersRule,
    UnitTest,
)

Path_ = tuple[str | int, ...]
Reference = tuple[Path_, str, Iterable[str]]


def loose_ends(pack: Pack) -> Iterator[tuple[Path_, str]]:
    """Yield every reference inside the pack that leads nowhere: the entry and what it names."""
    for place, rule in enumerate(pack.rules):
        at: Path_ = ("rules", place)
        references: list[Reference] = [
            ((*at, "clause", "document"), rule.clause.document, pack.documents),
            *_rule_references(pack, rule, at),
            *_column_references(pack, rule, at),
        ]
        for path, found, known in references:
            if found not in known:
                yield path, found


def _rule_references(pack: Pack, rule: Rule, at: Path_) -> Iterator[Reference]:
    if isinstance(rule, NoOverlapRule) and rule.unless is not None:
        counted = [one.id for one in pack.rules if isinstance(one, RequiresRule) and one.measure]
        yield (*at, "unless", "enough_for"), rule.unless.enough_for, counted
    if isinstance(rule, RequiresRule) and rule.measure is not None:
        # Without a members rule nobody would be counted, and every village would fail.
        yield (*at, "measure"), "members", [one.kind for one in pack.rules]
    if isinstance(rule, JustifyRule):
        tiers = [t.id for one in pack.rules if isinstance(one, TiersRule) for t in one.tiers]
        yield (*at, "taken"), rule.taken, tiers
        yield (*at, "while_remains"), rule.while_remains, tiers
    if isinstance(rule, BandsRule) and rule.required is not None:
        yield (*at, "required"), rule.required, [band.id for band in rule.bands]
    if isinstance(rule, DefinitionRule):
        # A definition is made of columns alone, so that none can lead back to itself.
        yield from _condition_references(pack, rule.all, (*at, "all"), ())
    if isinstance(rule, MembersRule):
        yield from _members_references(pack, rule, at)
    if isinstance(rule, NeedRule):
        for n, part in enumerate(rule.parts):
            yield from _part_references(pack, part, (*at, "parts", n))


def _members_references(pack: Pack, rule: MembersRule, at: Path_) -> Iterator[Reference]:
    for n, tier in enumerate(rule.tiers):
        here: Path_ = (*at, "tiers", n)
        yield (*here, "rank_by", "source"), tier.rank_by.source, pack.sources
        yield from _condition_references(pack, tier.all, (*here, "all"), _definitions(pack))


def _part_references(pack: Pack, part: NeedPart, at: Path_) -> Iterator[Reference]:
    match part.measure:
        case "households_in_tier":
            tiers = [t.id for one in pack.rules if isinstance(one, MembersRule) for t in one.tiers]
            yield (*at, "tier"), part.tier, tiers
        case "target_poor" | "share_of_target_poor":
            yield from _condition_references(pack, part.all, (*at, "all"), _definitions(pack))
        case "income_gap":
            yield (*at, "source"), part.source, pack.sources
        case "multidimensional_poverty":
            yield (*at, "source"), part.source, pack.sources
            for n, one in enumerate(part.indicators):
                here: Path_ = (*at, "indicators", n, "all")
                yield from _condition_references(pack, one.all, here, _definitions(pack))
        case _:
            yield (*at, "column"), part.column, pack.columns


def _definitions(pack: Pack) -> list[str]:
    return [one.id for one in pack.rules if isinstance(one, DefinitionRule)]


def _condition_references(
    pack: Pack, conditions: Iterable[Condition], at: Path_, definitions: Sequence[str]
) -> Iterator[Reference]:
    for n, condition in enumerate(conditions):
        here: Path_ = (*at, n)
        if condition.source is not None:
            yield (*here, "source"), condition.source, pack.sources
        if condition.definition is not None:
            yield (*here, "definition"), condition.definition, definitions
        for name, group in (("all", condition.all), ("any", condition.any)):
            yield from _condition_references(pack, group or (), (*here, name), definitions)


def _column_references(pack: Pack, rule: Rule, at: Path_) -> Iterator[Reference]:
    """Yield the columns of the units that a rule names."""
    for name, tests in _tests(rule):
        yield from _test_references(pack, tests, (*at, *name))
    fields: list[tuple[str, str | None]] = []
    if isinstance(rule, LockRule | DistinctRule | BandsRule):
        fields.append(("column", rule.column))
    if isinstance(rule, BandsRule):
        fields.append(("of", rule.of))
    if isinstance(rule, BudgetRule):
        fields.append(("cost_column", rule.cost_column))
    for field, column in fields:
        if column is not None:
            yield (*at, field), column, pack.columns


def _tests(rule: Rule) -> Iterator[tuple[Path_, Sequence[UnitTest]]]:
    match rule:
        case RequiresRule():
            yield ("all",), rule.all
            yield ("unless",), rule.unless
        case FlagRule():
            yield ("any",), rule.any
            yield ("settled",), rule.settled
        case AtLeastRule() | ShareRule():
            yield ("where",), rule.where
        case TiersRule():
            for n, tier in enumerate(rule.tiers):
                yield ("tiers", n, "all"), tier.all
        case _:
            return


def _test_references(pack: Pack, tests: Iterable[UnitTest], at: Path_) -> Iterator[Reference]:
    known = (*pack.columns, *PLACE_COLUMNS)
    for n, test in enumerate(tests):
        here: Path_ = (*at, n)
        for field in ("column", "times", "percent_of", "same_as", "differs_from"):
            column = getattr(test, field)
            if column is not None:
                yield (*here, field), column, known
        some = test.some.of if test.some else ()
        groups: tuple[tuple[Path_, Sequence[UnitTest]], ...] = (
            (("all",), test.all or ()),
            (("any",), test.any or ()),
            (("some", "of"), some),
        )
        for name, group in groups:
            yield from _test_references(pack, group, (*here, *name))
