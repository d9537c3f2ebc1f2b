"""The letters that carry a plan: a memo to the governor, and a letter from the hall to the amphoe.

Their parts and places follow the rules of the Office of the Prime Minister on correspondence
(ระเบียบสำนักนายกรัฐมนตรี ว่าด้วยงานสารบรรณ พ.ศ. 2526 และที่แก้ไขเพิ่มเติม) and its notes on
typing letters by computer: 3 cm at the left, 2 cm at the right, 16 points, paragraphs 2.5 cm in.
What only the office can know – number, day, signer – is a dotted line.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from docx.table import _Cell

from phaenthi.apps.papers.digits import baht_in_words
from phaenthi.apps.papers.facts import Facts
from phaenthi.apps.papers.office import Office, read_office
from phaenthi.apps.papers.word import Margins, Style, WordWriter
from phaenthi.apps.publication.published_plan import Publication
from phaenthi.geo.places.codes import Level
from phaenthi.geo.places.gazetteer import areas
from phaenthi.wording import Language, say

BODY = Style(align="justify", first_line=2.5, before=6)
ITEM = Style(align="justify", first_line=3.2, before=3)
HEADING = Style(bold=True, first_line=2.5, before=6)
# "อ้างถึง" and "เรื่อง" hang by less than "สิ่งที่ส่งมาด้วย".
SHORT_HANG, LONG_HANG = 1.7, 3.4
MIDDLE = 8.0
LABEL_SIZE = 20
MEMO_EMBLEM, LETTER_EMBLEM = 1.5, 3.0


def write_memo(
    publication: Publication, path: Path, language: Language = "th", *, province: str | None = None
) -> None:
    """Write the memo (บันทึกข้อความ) that lays a province's target villages before the governor.

    Parameters
    ----------
    path
        A Word file (``.docx``).
    province
        Code of one of the plan's provinces; the first without it.

    Raises
    ------
    Problem
        As :meth:`phaenthi.apps.papers.facts.Facts.of` and
        :func:`phaenthi.apps.papers.office.read_office`.
    """
    facts = Facts.of(publication, province or publication.plan.provinces[0])
    office = read_office(publication.workspace)
    writer = _begin(publication, "memo", language)
    _memo_head(writer, facts, office)
    for style, text in _memo_body(facts, office, language):
        writer.line(text, style)
    writer.signature(office.memo_signer.name, office.memo_signer.position, indent=MIDDLE)
    writer.save(path, publication.plan.decided_on)


def write_letter(
    publication: Publication, path: Path, language: Language = "th", *, province: str | None = None
) -> None:
    """Write the letter (หนังสือภายนอก) by which the province tells its amphoe of their villages.

    Parameters, errors
        As :func:`write_memo`.
    """
    facts = Facts.of(publication, province or publication.plan.provinces[0])
    office = read_office(publication.workspace)
    writer = _begin(publication, "letter", language)
    _letter_head(writer, facts, office)
    for style, text in _letter_body(facts, language):
        writer.line(text, style)
    writer.line(say("papers.letter.closing", language), Style(left=MIDDLE, before=12))
    writer.signature(office.letter_signer.name, office.letter_signer.position, indent=MIDDLE)
    writer.line("")
    for line in _in_charge(facts, office, language):
        writer.line(line)
    writer.save(path, publication.plan.decided_on)


def _begin(publication: Publication, kind: str, language: Language) -> WordWriter:
    made_up = [say("export.made_up", language)] if publication.made_up else []
    title = f"{say(f'papers.{kind}.title', language)} {publication.title(language)}"
    return WordWriter(title, language, notices=made_up, margins=Margins(top=1.9))


# -- the memo --------------------------------------------------------------------------------------


def _memo_head(writer: WordWriter, facts: Facts, office: Office) -> None:
    language = writer.language
    emblem, title, _ = writer.columns([2.5, 11.0, 2.5])
    _put_emblem(writer, emblem, office, MEMO_EMBLEM)
    heading = Style(size=29, bold=True, align="center", exactly=35)
    writer.in_cell(title, [say("papers.memo.title", language)], heading)
    telephone = say("papers.letter.telephone", language, number=office.telephone)
    owner = f"{_office_name(facts, office, language)} {office.division}".strip()
    writer.dotted(
        [(say("papers.memo.from", language), f"{owner} {telephone}")],
        label_size=LABEL_SIZE,
        bold=True,
    )
    writer.dotted(
        [
            (say("papers.letter.number", language), _number(office)),
            (f" {say('papers.letter.day', language)}", ""),
        ],
        label_size=LABEL_SIZE,
        bold=True,
    )
    subject = say("papers.memo.subject", language, project=facts.project(language))
    writer.labelled(
        say("papers.letter.subject", language),
        subject,
        hang=SHORT_HANG,
        label_size=LABEL_SIZE,
        bold=True,
    )
    to = say("papers.memo.to", language, province=facts.province_name(language))
    writer.labelled(say("papers.letter.to", language), to, hang=SHORT_HANG)


def _memo_body(facts: Facts, office: Office, language: Language) -> Iterator[tuple[Style, str]]:
    names = {
        "province": facts.province_name(language),
        "project": facts.project(language),
        "office": _office_name(facts, office, language),
    }
    yield HEADING, say("papers.memo.background_heading", language)
    yield (
        BODY,
        say("papers.memo.background", language, guideline=facts.guideline(language), **names)
        + _allotted(facts, language),
    )
    yield HEADING, say("papers.memo.findings_heading", language)
    yield BODY, say("papers.memo.findings", language, villages=f"{len(facts.villages):,}", **names)
    for number, text in enumerate(_memo_findings(facts, language), 1):
        yield ITEM, f"2.{number} {text}"
    yield HEADING, say("papers.memo.opinion_heading", language)
    yield BODY, _opinion(facts, names, language)
    yield HEADING, say("papers.memo.proposal_heading", language)
    yield (
        BODY,
        say(
            "papers.memo.proposal",
            language,
            villages=f"{len(facts.chosen):,}",
            reserve=f"{len(facts.reserve):,}",
            **names,
        ),
    )
    yield BODY, say("papers.memo.closing", language)


def _memo_findings(facts: Facts, language: Language) -> Iterator[str]:
    counts = {name: f"{count:,}" for name, count in facts.verdicts.items()}
    yield say("papers.memo.judged", language, **counts)
    people = "" if facts.people is None else say("papers.memo.people", language, each=facts.people)
    yield say(
        "papers.memo.chosen",
        language,
        villages=f"{len(facts.chosen):,}",
        amphoe=f"{facts.amphoe:,}",
        reserve=f"{len(facts.reserve):,}",
        people=f"{people} ".lstrip(),
    )
    if facts.baht is not None:
        yield _say_budget(facts, facts.baht, language)
    if facts.overrides:
        yield say("papers.memo.overrides", language, count=len(facts.overrides))
    if missing := facts.missing_layers(language):
        yield say("papers.memo.missing", language, layers=missing)


def _say_budget(facts: Facts, baht: int, language: Language) -> str:
    total = {"baht": f"{baht:,}", "words": _in_words(baht, language)}
    if facts.baht_each is None:
        return say("papers.memo.budget", language, **total)
    return say("papers.memo.budget_each", language, each=f"{facts.baht_each:,}", **total)


def _in_words(baht: int, language: Language) -> str:
    return f" ({baht_in_words(baht)})" if language == "th" else ""


def _opinion(facts: Facts, names: dict[str, str], language: Language) -> str:
    result = facts.result
    proof = say(
        f"papers.memo.{facts.standing}",
        language,
        need=facts.publication.told_total(result.need, result.chosen, language),
        ceiling="–"
        if result.ceiling is None
        else facts.publication.told_total(result.ceiling, result.chosen, language),
    )
    opinion = f"{say('papers.memo.opinion', language, **names)} {proof}"
    if readings := facts.readings(language):
        opinion += " " + say("papers.memo.readings", language, count=len(readings))
    return opinion


# -- the letter ------------------------------------------------------------------------------------


def _letter_head(writer: WordWriter, facts: Facts, office: Office) -> None:
    language = writer.language
    province = facts.province_name(language)
    number, emblem, hall = writer.columns([6.0, 4.0, 6.0])
    label = say("papers.letter.number", language)
    writer.in_cell(number, [f"{label} {_number(office)}{say('papers.short_blank', language)}"])
    _put_emblem(writer, emblem, office, LETTER_EMBLEM)
    writer.in_cell(hall, [office.hall or say("papers.letter.hall", language, province=province)])
    address = Style(left=10.0)
    for line in (office.address or say("papers.blank", language)).splitlines():
        writer.line(line, address)
    writer.line(say("papers.letter.blank_day", language), Style(left=MIDDLE, before=6))
    subject = say("papers.letter.subject_told", language, project=facts.project(language))
    every = facts.amphoe == len(_amphoe_of(facts.province))
    to = say(f"papers.letter.to_{'all' if every else 'some'}_amphoe", language)
    for label, text in (
        ("subject", subject),
        ("to", to),
        ("refers", say("papers.letter.refers_to", language)),
    ):
        writer.labelled(say(f"papers.letter.{label}", language), text, hang=SHORT_HANG)
    enclosed = say("papers.letter.enclosed", language)
    for number_of_it, text in enumerate(_enclosures(facts, language), 1):
        shown = enclosed if number_of_it == 1 else ""
        writer.labelled(shown, f"{number_of_it}. {text}", hang=LONG_HANG)


def _enclosures(facts: Facts, language: Language) -> Iterator[str]:
    yield say("papers.letter.enclosure_list", language)
    if facts.baht is not None:
        yield say("papers.letter.enclosure_budget", language)
    yield say("papers.letter.enclosure_progress", language)


def _letter_body(facts: Facts, language: Language) -> Iterator[tuple[Style, str]]:
    names = {"province": facts.province_name(language), "project": facts.project(language)}
    told = say("papers.letter.cause", language, **names) + _allotted(facts, language)
    yield BODY, f"{told} {say('papers.letter.cause_end', language)}".strip()
    counts = {
        "villages": f"{len(facts.chosen):,}",
        "amphoe": f"{facts.amphoe:,}",
        "reserve": f"{len(facts.reserve):,}",
    }
    purpose = say("papers.letter.purpose", language, **counts, **names)
    if facts.baht is not None:
        purpose += " " + _say_budget(facts, facts.baht, language)
    yield BODY, f"{purpose} {say('papers.letter.asked', language)}"
    for number in range(1, 4):
        yield ITEM, f"{number}. {say(f'papers.letter.ask_{number}', language)}"
    yield BODY, say("papers.letter.conclusion", language)


def _in_charge(facts: Facts, office: Office, language: Language) -> Iterator[str]:
    blank = say("papers.blank", language)
    yield _office_name(facts, office, language)
    yield office.division or say("papers.letter.division", language, blank=blank)
    yield say("papers.letter.telephone", language, number=office.telephone or blank)
    yield say("papers.letter.email", language, address=office.email or blank)


# -- parts of both ---------------------------------------------------------------------------------


def _put_emblem(writer: WordWriter, cell: _Cell, office: Office, height: float) -> None:
    """Put the office's picture of the Garuda, or keep its place."""
    if office.emblem is not None:
        writer.picture_in_cell(cell, office.emblem, height=height)
        return
    place = say("papers.letter.emblem_place", writer.language)
    kept = Style(size=12, align="center", exactly=height * 72 / 2.54, colour="808080")
    writer.in_cell(cell, [place], kept)


def _number(office: Office) -> str:
    return f"{office.number_prefix}/" if office.number_prefix else ""


def _office_name(facts: Facts, office: Office, language: Language) -> str:
    province = facts.province_name(language)
    return office.name or say("papers.letter.office", language, province=province)


def _allotted(facts: Facts, language: Language) -> str:
    """Say how many villages the guideline gives the province, and in how many amphoe."""
    demand = facts.result.demand
    told = say("papers.letter.allotted", language, villages=f"{demand.units:,}")
    if demand.areas is None:
        return f" {told}"
    return f" {told} {say('papers.letter.allotted_areas', language, amphoe=demand.areas)}"


def _amphoe_of(province: str) -> set[str]:
    codes = areas(Level.AMPHOE)["code"]
    return set(codes[codes.str.startswith(province)])
