"""Why this unit and not that one, in Thai and in English, for every unit of the scope."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from phaenthi.geo.places.gazetteer import name_of
from phaenthi.targeting.choice.price import Price
from phaenthi.targeting.clash.words import say_full
from phaenthi.targeting.judging.judge import Judgement, sentence
from phaenthi.targeting.limits.demand import Shortage
from phaenthi.targeting.limits.problem import Areas
from phaenthi.targeting.plan.choosing import Choice
from phaenthi.targeting.plan.record import Override
from phaenthi.targeting.programme.programme import Programme
from phaenthi.wording import LANGUAGES, Language, say

# A sentence names a few units and counts the rest.
NAMED_UNITS = 3


@dataclass(frozen=True)
class _Case:
    """All that is to be said of one unit.

    Attributes
    ----------
    area
        Code of its area, where a number of areas keeps it out.
    """

    code: str
    area: str
    need: int
    parts: Mapping[str, int]
    status: str
    place: int | None
    price: Price
    choice: Choice
    override: Override | None
    findings: Sequence[Mapping[str, object]]


def explain(
    programme: Programme,
    judgement: Judgement,
    choices: Mapping[str, Choice],
    overrides: Sequence[Override],
) -> pd.DataFrame:
    """Give every unit its status, its place and its reasons.

    Parameters
    ----------
    choices
        The choice of each province, by province code.

    Returns
    -------
    pandas.DataFrame
        ``judgement.units`` with ``status``, ``place``, ``points``, ``replaces``, ``reason_th``
        and ``reason_en`` (see :class:`phaenthi.targeting.plan.record.Plan`).
    """
    names = dict(
        zip(judgement.units["unit_code"], judgement.units["name_th"].fillna(""), strict=True)
    )
    cases = list(_cases(judgement, choices, overrides))
    told = {
        language: [" ".join(_sentences(case, names, programme, language)) for case in cases]
        for language in LANGUAGES
    }
    return judgement.units.assign(
        status=pd.array([case.status for case in cases], dtype="string"),
        place=pd.array([case.place for case in cases], dtype="Int64"),
        points=pd.array([case.price.points for case in cases], dtype="Int64"),
        replaces=pd.array(
            [
                " ".join(case.price.incoming if case.status == "chosen" else case.price.outgoing)
                for case in cases
            ],
            dtype="string",
        ),
        reason_th=pd.array(told["th"], dtype="string"),
        reason_en=pd.array(told["en"], dtype="string"),
    )


def say_shortage(shortage: Shortage, language: Language) -> str:
    """Say why no plan exists in a province, and what would make one possible."""
    numbers = dict(shortage.numbers)
    area = numbers.pop("area_code", None)
    province = str(numbers.pop("province_code"))
    return say(
        shortage.wording,
        language,
        province=name_of(province, language),
        amphoe=name_of(str(area), language) if area else "",
        **numbers,
    )


def _cases(
    judgement: Judgement, choices: Mapping[str, Choice], overrides: Sequence[Override]
) -> Iterator[_Case]:
    units = judgement.units
    part_columns = [name for name in units.columns if name.startswith("need_")]
    need = dict(zip(units["unit_code"], units["need"].astype(int), strict=True))
    places = _places(choices.values(), need)
    decided = {one.unit_code: one for one in overrides}
    findings: dict[str, list[Mapping[str, object]]] = {}
    unsettled = judgement.findings[judgement.findings["verdict"] != "met"]
    for finding in unsettled.to_dict("records"):
        told = {str(name): value for name, value in finding.items()}
        findings.setdefault(str(finding["unit_code"]), []).append(told)
    for row in units.to_dict("records"):
        code, choice = str(row["unit_code"]), choices[str(row["province_code"])]
        price = choice.prices.get(code, Price(points=None))
        yield _Case(
            code=code,
            area=str(row.get(price.limit.area_column, ""))
            if isinstance(price.limit, Areas)
            else "",
            need=int(row["need"]),
            parts={name.removeprefix("need_"): int(row[name]) for name in part_columns},
            status=_status(code, str(row["verdict"]), choice, decided.get(code)),
            place=places.get(code),
            price=price,
            choice=choice,
            override=decided.get(code),
            findings=findings.get(code, []),
        )


def _places(choices: Iterable[Choice], need: Mapping[str, int]) -> dict[str, int]:
    """Give chosen units of each province a place by need, and the reserve by its order."""
    places: dict[str, int] = {}
    for choice in choices:
        by_need = sorted(choice.chosen, key=lambda code: (-need[code], code))
        for order in (by_need, choice.reserve):
            places.update({code: place for place, code in enumerate(order, 1)})
    return places


def _status(code: str, verdict: str, choice: Choice, override: Override | None) -> str:
    if code in choice.chosen:
        return "chosen"
    if verdict != "met":
        return "unknown" if verdict == "unknown" else "excluded"
    return "reserve" if code in choice.reserve and override is None else "eligible"


def _sentences(
    case: _Case, names: Mapping[str, str], programme: Programme, language: Language
) -> Iterator[str]:
    """Yield the sentences about one unit, the verdict first."""
    if case.status in ("excluded", "unknown"):
        yield say(f"explain.{case.status}", language)
        yield from (sentence(programme, finding, language) for finding in case.findings)
    else:
        yield say(
            f"explain.{case.status}",
            language,
            place=case.place,
            units=case.choice.demand.units,
            province=name_of(case.choice.demand.province_code, language),
            unit=say(f"limits.unit.{programme.unit}", language),
        )
        if programme.need() is not None:
            parts = _say_parts(case, programme, language) or "–"
            yield say("explain.need", language, need=case.need, parts=parts)
    if case.override is not None:
        yield say(
            f"explain.put_{case.override.action}",
            language,
            reason=case.override.reason,
            decided_by=case.override.decided_by,
        )
    if case.choice.shortage is not None:
        if case.status == "eligible":
            yield say("explain.no_plan", language)
    elif case.status == "chosen":
        yield from _say_leaving(case, names, language)
    elif case.code in case.choice.prices:
        yield from _say_entering(case, names, programme.unit, language)


def _say_parts(case: _Case, programme: Programme, language: Language) -> str:
    rule = programme.need()
    parts = rule.parts if rule else ()
    return ", ".join(
        say(
            "explain.part",
            language,
            words=part.words.say(language),
            weight=part.weight,
            count=case.parts[part.id] // part.weight,
            points=case.parts[part.id],
        )
        for part in parts
        if part.weight and case.parts[part.id]
    )


def _say_leaving(case: _Case, names: Mapping[str, str], language: Language) -> Iterator[str]:
    price = case.price
    if case.override is not None:
        return
    if price.points is None:
        yield say("explain.no_other", language)
        return
    others = tuple(code for code in price.outgoing if code != case.code)
    incoming, leaving = (
        _say_units(price.incoming, names, language),
        _say_units(others, names, language),
    )
    together = say("explain.together_with", language, villages=leaving) if others else ""
    how = "if_left_out_tied" if price.tied else "if_left_out"
    if price.points < 0:
        how = "if_left_out_tier"
    elif not price.incoming:
        how = "if_left_out_alone"
    yield say(
        f"explain.{how}",
        language,
        incoming=incoming,
        together=together,
        points=abs(price.points),
    )


def _say_entering(
    case: _Case, names: Mapping[str, str], unit: str, language: Language
) -> Iterator[str]:
    price = case.price
    if price.binding == "tier":
        yield say("explain.tier_first", language)
        return
    yield say_full(price.limit, unit, language, area=case.area)
    if price.points is None:
        yield say("explain.never", language)
        return
    outgoing = _say_units(price.outgoing, names, language)
    others = tuple(code for code in price.incoming if code != case.code)
    leaving = _say_units(others, names, language)
    together = say("explain.together_with", language, villages=leaving) if others else ""
    yield say(
        "explain.tied" if price.points == 0 or price.tied else "explain.short",
        language,
        points=price.points,
        outgoing=outgoing,
        together=together,
    )


def _say_units(codes: Sequence[str], names: Mapping[str, str], language: Language) -> str:
    named = ", ".join(
        say("explain.village", language, name=names.get(code, ""), code=code)
        for code in codes[:NAMED_UNITS]
    )
    rest = len(codes) - NAMED_UNITS
    return say("explain.and_more", language, named=named, rest=rest) if rest > 0 else named
