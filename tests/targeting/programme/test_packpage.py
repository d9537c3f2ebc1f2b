"""The pages of the packs are made of the YAML and are up to date."""

from __future__ import annotations

from pathlib import Path

import pytest

from phaenthi.targeting.programme.packpage import page
from phaenthi.targeting.programme.programme import load, packs

DOCS = Path(__file__).parents[3] / "docs" / "packs"


@pytest.mark.parametrize("entry", packs(), ids=lambda entry: entry.id)
def test_the_page_of_a_pack_is_up_to_date(entry) -> None:
    written = (DOCS / f"{entry.id}.md").read_text("utf-8")
    assert written == page(load(entry.id)), (
        "run: python -m phaenthi.targeting.programme.packpage docs/packs"
    )


def test_no_page_is_left_of_a_pack_that_is_gone() -> None:
    pages = {path.stem for path in DOCS.glob("*.md")} - {"README"}
    assert pages == {entry.id for entry in packs()}


def test_a_page_shows_every_rule_in_both_languages_with_its_readings_and_reference() -> None:
    programme = load("tambon-plan-2563")
    text = page(programme)
    for rule in programme.rules:
        assert rule.words.th in text
        assert rule.words.en in text
        assert rule.clause.item in text
        for name in rule.readings:
            assert f"`{name}`" in text


def test_the_guide_for_officers_names_every_field_and_command() -> None:
    guide = (DOCS / "README.md").read_text("utf-8")
    for command in ("pack list", "pack show", "pack check", "pack new"):
        assert f"phaenthi {command}" in guide
    kinds = {rule.kind for entry in packs() for rule in load(entry.id).rules}
    for kind in kinds:
        assert f"`{kind}`" in guide
