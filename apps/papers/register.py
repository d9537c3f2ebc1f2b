"""The register: target villages, reserve, every village with its reason, and what it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import pandas as pd

from phaenthi.apps.dates import told_date
from phaenthi.apps.papers.workbook import Sheet, Value, write_workbook
from phaenthi.apps.publication.published_plan import Publication, say_price, say_proof
from phaenthi.geo.places.gazetteer import name_of
from phaenthi.targeting.plan.number_words import say_number
from phaenthi.wording import Language, say

PLACE_COLUMNS = ("village_code", "name_th", "moo", "tambon_th", "amphoe_th", "province_th")
FIGURE_COLUMNS = ("need", "target_households", "overlap_th")
STATUSES = ("chosen", "reserve", "eligible", "unknown", "excluded")


def write_register(
    publication: Publication, path: Path, language: Language = "th", *, thai_digits: bool = False
) -> None:
    """Write the register of a plan as an Excel workbook.

    Sheets: target villages, reserve, every village with verdict and reason, summary by amphoe,
    what it rests on. No household id, income or small count is in it.

    Parameters
    ----------
    thai_digits
        Whether it shows Thai digits; numbers can still be added up.

    Raises
    ------
    Problem
        ``geo.export_differs`` with sheet and row if the file does not read back the same.
    """
    sheets = [
        _ranked(publication, "chosen", language),
        _ranked(publication, "reserve", language),
        _every_village(publication, language),
        _by_amphoe(publication, language),
        _about(publication, language),
    ]
    write_workbook(
        sheets,
        path,
        publication.title(language),
        language,
        thai_digits=thai_digits,
        made_on=publication.plan.decided_on,
    )


def _ranked(publication: Publication, status: str, language: Language) -> Sheet:
    """List the villages of one status by their places."""
    table = publication.villages
    rows = table[table["status"] == status].sort_values(["province_code", "place"])
    columns = ["place", *PLACE_COLUMNS, *FIGURE_COLUMNS, "reason"]
    return _village_sheet(publication, status, rows, columns, language)


def _every_village(publication: Publication, language: Language) -> Sheet:
    verdicts = publication.plan.units.set_index("village_code")["verdict"]
    told = verdicts.map(lambda verdict: say(f"verdict.{verdict}", language))
    table = publication.villages.assign(verdict=lambda t: t["village_code"].map(told))
    columns = [*PLACE_COLUMNS, "status_th", "verdict", *FIGURE_COLUMNS, "reason"]
    return _village_sheet(publication, "all", table, columns, language)


def _village_sheet(
    publication: Publication,
    name: str,
    table: pd.DataFrame,
    columns: Sequence[str],
    language: Language,
) -> Sheet:
    shown = table.assign(
        status_th=table["status"].map(lambda value: say(f"app.status.{value}", language)),
        overlap_th=table["overlap"].map(lambda value: say(f"overlap.{value}", language)),
        need=_or_hidden(table, "need", language),
        target_households=_or_hidden(table, "target_households", language),
        reason=_full_reasons(publication, table, language),
    )
    heads = [_head(column, language) for column in columns]
    rows = [[_plain(value) for value in row] for row in shown[list(columns)].to_numpy().tolist()]
    return _sheet(publication, name, heads, rows, language)


def _full_reasons(publication: Publication, table: pd.DataFrame, language: Language) -> list[str]:
    """Return the reasons with what it would take to change them; a cell has the room."""
    every = publication.villages
    names = dict(zip(every["village_code"], every["name_th"], strict=True))
    columns = ("status", "points", "replaces", f"reason_{language}")
    return [
        f"{reason} {say_price(status, points, replaces.split(), names, language)}".strip()
        for status, points, replaces, reason in zip(*(table[c] for c in columns), strict=True)
    ]


def _or_hidden(table: pd.DataFrame, column: str, language: Language) -> pd.Series:
    hidden = say("documents.hidden", language)
    return table[column].astype("object").mask(table["counts_hidden"], hidden)


def _plain(value: object) -> Value:
    if isinstance(value, str):
        return value
    return None if pd.isna(value) else int(str(value))  # type: ignore[call-overload]


def _by_amphoe(publication: Publication, language: Language) -> Sheet:
    """Summarise by amphoe in numbers of villages, which are nobody's secret."""
    table = publication.villages
    counts = pd.crosstab(table["amphoe_code"], table["status"])
    counts = counts.reindex(columns=STATUSES, fill_value=0)
    names = table.drop_duplicates("amphoe_code").set_index("amphoe_code")
    rows: list[list[Value]] = []
    for code, numbers in zip(counts.index, counts.to_numpy().tolist(), strict=True):
        place = names.loc[code]
        rows.append(
            [str(place["province_th"]), str(code), str(place["amphoe_th"]), sum(numbers), *numbers]
        )
    totals = counts.sum().to_list()
    rows.append([say("documents.total", language), None, None, sum(totals), *totals])
    heads = [
        *(_head(column, language) for column in ("province_th", "amphoe_code", "amphoe_th")),
        say("documents.villages", language),
        *(say(f"app.status.{status}", language) for status in STATUSES),
    ]
    return _sheet(publication, "amphoe", heads, rows, language)


def _about(publication: Publication, language: Language) -> Sheet:
    """Tell what the plan rests on: guideline, proof, rules with clauses and readings, layers."""
    rows = [
        *_about_plan(publication, language),
        *_about_rules(publication, language),
        *_about_layers(publication, language),
    ]
    heads = [say(f"documents.about.{name}", language) for name in ("subject", "what", "detail")]
    return _sheet(publication, "about", heads, rows, language)


def _about_plan(publication: Publication, language: Language) -> Iterable[Sequence[Value]]:
    plan = publication.plan
    for name, words in publication.programme.document.items():
        yield _about_row("guideline", name, words.say(language), language)
    for result in plan.results:
        province = name_of(result.demand.province_code, language)
        yield _about_row("proof", province, say_proof(publication, result, language), language)
        if result.tied_places:
            ties = say("documents.about.ties", language, count=result.tied_places)
            yield _about_row("proof", province, ties, language)
    for one in plan.overrides:
        decision = say(f"documents.override.{one.action}", language, by=one.decided_by)
        yield _about_row("override", one.unit_code, f"{decision}: {one.reason}", language)
    for number in plan.numbers:
        told = say_number(publication.programme, number, language)
        decided = say("documents.override.number", language, by=number.decided_by)
        yield _about_row("override", told, f"{decided}: {number.reason}", language)
    yield _about_row("plan", say("documents.about.record", language), plan.id, language)
    digest = say("documents.about.rules_digest", language)
    yield _about_row("plan", digest, plan.programme_digest, language)
    hidden = int(publication.villages["counts_hidden"].sum())
    detail = say("documents.about.privacy_detail", language, count=hidden)
    yield _about_row("privacy", say("documents.about.privacy_what", language), detail, language)


def _about_rules(publication: Publication, language: Language) -> Iterable[Sequence[Value]]:
    for rule in publication.programme.rules:
        force = say(f"force.{rule.force}", language)
        origin = say(f"origin.{rule.origin}", language)
        heading = rule.clause.heading.say(language)
        clause = f"{rule.clause.document} · {heading} · {rule.clause.item}"
        told = f"{rule.words.say(language)} ({clause})"
        yield _about_row("rule", f"{force} · {origin}", told, language)
        if rule.reading is not None:
            reading = rule.readings[rule.reading].say(language)
            yield _about_row("reading", rule.reading, reading, language)


def _about_layers(publication: Publication, language: Language) -> Iterable[Sequence[Value]]:
    for layer in publication.workspace.layers:
        origin = publication.workspace.provenance(layer)
        if origin is None:
            continue
        told = say(
            "documents.about.layer_detail",
            language,
            source=origin.source,
            day=told_date(origin.imported_at, language),
            read=f"{origin.rows_read:,}",
            kept=f"{origin.rows_kept:,}",
            aside=f"{origin.rows_set_aside:,}",
        )
        parts = [told, origin.credit]
        if layer in publication.plan.inputs:
            digest = publication.plan.inputs[layer]
            parts.append(say("documents.about.digest", language, digest=digest))
        name = say(f"layers.names.{layer}", language)
        yield _about_row("layer", name, " · ".join(filter(None, parts)), language)


def _about_row(subject: str, what: str, detail: str, language: Language) -> list[Value]:
    return [say(f"documents.about.{subject}", language), what, detail]


def _sheet(
    publication: Publication,
    name: str,
    heads: Sequence[str],
    rows: Sequence[Sequence[Value]],
    language: Language,
) -> Sheet:
    """Give a table the heading and the warnings that every sheet of the register bears."""
    return Sheet(
        title=say(f"documents.sheet.{name}", language),
        heading=say(f"documents.heading.{name}", language),
        warnings=publication.warnings(language),
        sentences=[publication.title(language), publication.dated(language)],
        heads=heads,
        rows=rows,
    )


def _head(column: str, language: Language) -> str:
    return say(f"documents.column.{column}", language)
