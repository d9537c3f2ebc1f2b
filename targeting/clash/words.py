"""Limits, conflicts and relaxations in the words of a planner."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from phaenthi.geo.places.gazetteer import exists, name_of
from phaenthi.targeting.clash.found import Change, Clash
from phaenthi.targeting.limits.problem import (
    COUNTRY,
    UNSETTLED,
    WHERE,
    AnyLimit,
    Areas,
    Average,
    Barred,
    Budget,
    Count,
    Distinct,
    Group,
    Lock,
    Share,
)
from phaenthi.wording import Language, say

# A sentence names a few limits and counts the rest.
NAMED_LIMITS = 6
_LEVELS = {"province_code": "province", "amphoe_code": "amphoe", "tambon_code": "tambon"}


def say_group(group: Group, language: Language) -> str:
    """Return the words for the units of a group."""
    if not group.column:
        return say("limits.everywhere", language)
    area, _, name = group.column.partition(WHERE)
    if area == COUNTRY or (name and not area):
        return say("limits.country", language)
    place = _say_area(area, group.value, language)
    return say("limits.where", language, place=place) if name else place


def say_limit(limit: AnyLimit, unit: str, language: Language) -> str:
    """Say what a limit asks.

    Parameters
    ----------
    unit
        What is chosen, such as ``village`` (see
        :attr:`phaenthi.targeting.programme.programme.Programme.unit`).
    """
    kind, values = _ask(limit, language)
    return say(f"limits.asks.{kind}", language, unit=say(f"limits.unit.{unit}", language), **values)


def say_full(limit: AnyLimit | None, unit: str, language: Language, *, area: str = "") -> str:
    """Say why a limit leaves no room for one more unit.

    Parameters
    ----------
    area
        Code of the unit's own area, of which a limit on the number of areas speaks.
    """
    noun = say(f"limits.unit.{unit}", language)
    if limit is None:
        return say("limits.full.none", language)
    kind = type(limit).__name__.lower()
    if isinstance(limit, Count) and limit.most is None:
        kind = "none"
    _, values = _ask(limit, language)
    if isinstance(limit, Areas):
        values["area"] = _say_area(limit.area_column, area, language)
        level = _LEVELS.get(limit.area_column)
        values["level"] = say(f"numbers.level.{level}" if level else "limits.area", language)
    told = say(f"limits.full.{kind}", language, unit=noun, **values)
    return told[:1].upper() + told[1:]


def say_clash(clash: Clash, unit: str, language: Language) -> list[str]:
    """Say which rules clash and what the smallest changes are, a sentence a line."""
    lines = [say("clash.title", language)]
    for conflict in clash.conflicts:
        told = [say_limit(limit, unit, language) for limit in conflict.limits]
        rules = ", ".join(conflict.rules)
        lines.append(say("clash.conflict", language, rules=rules, limits=_listed(told, language)))
    if not clash.all_conflicts:
        lines.append(say("clash.more_conflicts", language))
    if clash.no_help:
        lines.append(say("clash.no_help", language, rules=", ".join(clash.no_help)))
    if clash.relaxations:
        lines.append(say("clash.relaxations", language))
    for one in clash.relaxations:
        changes = [say_change(change, unit, language) for change in one.changes]
        lines.append(
            say(
                "clash.relaxation",
                language,
                changes=_listed(changes, language),
                units=len(one.chosen),
                unit=say(f"limits.unit.{unit}", language),
                need=f"{one.need:,}",
            )
        )
    if not clash.all_relaxations:
        lines.append(say("clash.more_relaxations", language))
    return lines


def say_change(change: Change, unit: str, language: Language) -> str:
    """Say by how much a limit gives way."""
    limit = change.limit
    kind = "raise" if change.above else "lower"
    place, rule, code = "", limit.rule, change.place
    if isinstance(limit, Distinct):
        kind = "distinct"
    elif isinstance(limit, Barred):
        kind = "settle" if limit.rule == UNSETTLED else "accept"
    elif isinstance(limit, Lock):
        kind, code = "withdraw", limit.unit_code
    else:
        place = say_group(limit.group, language)
        if isinstance(limit, Areas):
            kind = "more_areas" if change.above else "fewer_areas"
            if change.place:
                kind = "area_with_fewer"
                place = _say_area(limit.area_column, change.place, language)
        elif not isinstance(limit, Count):
            kind = type(limit).__name__.lower()
    return say(
        f"clash.change.{kind}",
        language,
        place=place,
        amount=f"{change.amount:,}",
        unit=say(f"limits.unit.{unit}", language),
        code=code,
        rule=rule,
        at=change.place,
    )


def _listed(told: Sequence[str], language: Language) -> str:
    listed = "; ".join(told[:NAMED_LIMITS])
    rest = len(told) - NAMED_LIMITS
    return say("clash.and_more", language, listed=listed, rest=rest) if rest > 0 else listed


def _ask(limit: AnyLimit, language: Language) -> tuple[str, dict[str, object]]:
    """Return the kind of what a limit asks and the values of its sentence."""
    values: dict[str, object] = {"rule": limit.rule}
    if isinstance(limit, Count | Areas | Average | Budget | Share):
        values["place"] = say_group(limit.group, language)
    kind = type(limit).__name__.lower()
    if isinstance(limit, Count):
        kind = _kind_of_count(limit)
        values |= {"number": limit.least if limit.most is None else limit.most}
        values |= {"least": limit.least}
    elif isinstance(limit, Areas):
        values |= {"number": limit.areas, "least": limit.each_at_least}
    elif isinstance(limit, Average):
        values |= {"number": limit.most}
    elif isinstance(limit, Budget):
        values |= {"number": f"{limit.baht:,}"}
    elif isinstance(limit, Share):
        part = say_group(limit.part, language)
        values |= {"number": limit.numerator, "of": limit.denominator, "part": part}
    elif isinstance(limit, Lock):
        kind = "taken" if limit.taken else "left_out"
        values |= {"code": limit.unit_code}
    elif isinstance(limit, Barred):
        kind = UNSETTLED if limit.rule == UNSETTLED else "barred"
        values |= {"number": len(limit.unit_codes)}
    return kind, values


def _kind_of_count(limit: Count) -> str:
    if limit.most is None:
        return "at_least"
    if limit.is_exact:
        return "exactly"
    return "between" if limit.least else "at_most"


def _say_area(column: str, value: str, language: Language) -> str:
    level = _LEVELS.get(column)
    if level is None or not exists(value):
        return say("limits.value", language, name=value)
    return say(f"limits.{level}", language, name=name_of(value, language))


def say_shortfalls(
    shortfalls: Sequence[tuple[Count, int]], unit: str, language: Language
) -> Iterator[str]:
    """Say what is missing in each group that was to be filled."""
    for limit, missing in shortfalls:
        yield say(
            "limits.short",
            language,
            place=say_group(limit.group, language),
            number=limit.most,
            found=(limit.most or 0) - missing,
            missing=missing,
            unit=say(f"limits.unit.{unit}", language),
        )
