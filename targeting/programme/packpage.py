"""A page a pack, Thai and English, made of the YAML alone.

``python -m phaenthi.targeting.programme.packpage docs/packs`` writes them all.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import yaml

from phaenthi.targeting.programme.programme import Programme, load, packs
from phaenthi.targeting.programme.table_checks import check_programme
from phaenthi.targeting.rules.rule import Rule, RuleModel
from phaenthi.wording import Language, say

LANGUAGES: tuple[Language, ...] = ("th", "en")
_COMMON = {*RuleModel.model_fields, "kind"}


def page(programme: Programme) -> str:
    """Return the page of a programme: its rules, readings, references and checks, in Markdown."""
    lines = [f"# {programme.name('th')}", "", programme.name("en"), ""]
    written_from = f"targeting/programme/packs/{programme.id}.yaml"
    lines += [say("packpage.generated", "en", file=written_from), ""]
    for language in LANGUAGES:
        lines += _part(programme, language)
    return "\n".join(lines).rstrip() + "\n"


def write_all(folder: Path) -> list[Path]:
    """Write the page of every pack of the project and return the files."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for entry in packs():
        path = folder / f"{entry.id}.md"
        path.write_text(page(load(entry.id)), encoding="utf-8")
        written.append(path)
    return written


def parameters(rule: Rule) -> str:
    """Return what a rule holds besides its words, as the YAML that an officer edits."""
    values = rule.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude=_COMMON)
    if not values:
        return ""
    text: str = yaml.safe_dump(values, allow_unicode=True, sort_keys=False, width=10_000)
    return text.rstrip()


def _part(programme: Programme, language: Language) -> Iterator[str]:
    yield f"## {say('packpage.title', language)}"
    yield ""
    facts = {
        "id": programme.id,
        "fiscal_year": programme.pack.fiscal_year,
        "unit_label": say(f"packpage.unit.{programme.unit}", language),
        "provinces": len(programme.provinces()),
    }
    for name, value in facts.items():
        yield f"- {say(f'packpage.{name}', language)}: {value}"
    for short, words in programme.document.items():
        yield f"- **{short}** = {words.say(language)}"
    yield ""
    yield from _columns(programme, language)
    for rule in programme.rules:
        yield from _rule(rule, language)
    yield f"### {say('packpage.checks', language)}"
    yield ""
    for check in check_programme(programme):
        mark = say(f"check.severity.{check.severity}", language)
        yield f"- {mark}: {check.sentence(language)}"
    yield ""


def _columns(programme: Programme, language: Language) -> Iterator[str]:
    if not programme.pack.columns:
        return
    yield f"### {say('packpage.columns', language)}"
    yield ""
    yield "| " + " | ".join(say(f"packpage.column.{n}", language) for n in _HEADS) + " |"
    yield "|---|---|---|---|"
    for name, column in programme.pack.columns.items():
        choices = ", ".join(f"{key} = {one.say(language)}" for key, one in column.choices.items())
        unit = say(f"finding.unit_of.{column.unit}", language) if column.unit else ""
        kind = say(f"packpage.kind.{column.kind}", language)
        yield f"| `{name}` | {column.words.say(language)} | {kind} | {choices or unit} |"
    yield ""


_HEADS = ("id", "words", "kind", "values")


def _rule(rule: Rule, language: Language) -> Iterator[str]:
    yield f"### {rule.id} ({rule.kind})"
    yield ""
    yield rule.words.say(language)
    yield ""
    clause = rule.clause
    yield (
        f"{say(f'force.{rule.force}', language)} · {say(f'origin.{rule.origin}', language)} · "
        f"{clause.document}: {clause.heading.say(language)} · {clause.item}"
    )
    yield ""
    for remark in rule.remarks:
        yield f"- {remark.say(language)}"
    if rule.remarks:
        yield ""
    for name, reading in rule.readings.items():
        chosen = f" **({say('packpage.chosen', language)})**" if name == rule.reading else ""
        yield f"- `{name}`: {reading.say(language)}{chosen}"
    if rule.readings:
        yield ""
    told = parameters(rule)
    if told and language == "th":
        yield from ("```yaml", told, "```", "")


if __name__ == "__main__":
    write_all(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/packs"))
