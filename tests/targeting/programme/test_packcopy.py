"""Next year's pack: every year raised by the same, documents left, and a list of what to review."""

from __future__ import annotations

from pathlib import Path

import pytest

from phaenthi.targeting.programme.packcopy import copy_for, raise_years
from phaenthi.targeting.programme.programme import load, packs
from phaenthi.wording import LANGUAGES, Problem


def test_the_years_of_registers_and_surveys_rise_and_thresholds_stay(tmp_path: Path) -> None:
    copied = copy_for(load("ne-poverty-2563"), 2564, tmp_path)
    new = load(copied.path)
    assert new.id == "ne-poverty-2564"
    assert new.fiscal_year.buddhist == 2564
    assert [rule.pairs() for rule in new.overlap_rules()] == [
        (("sammachip", 2563), ("sammachip", 2564)),
        (("sufficiency-village", 2563), ("sufficiency-village", 2564)),
        (("ne-poverty", 2563),),
    ]
    assert {name: one.year for name, one in new.pack.sources.items()} == {
        "tpmap": 2563,
        "bmn": 2563,
    }
    old_rule, new_rule = (load(one).rule("members") for one in ("ne-poverty-2563", copied.path))
    assert old_rule is not None
    assert new_rule is not None
    assert old_rule.model_dump()["tiers"][0]["all"] == new_rule.model_dump()["tiers"][0]["all"]


def test_the_documents_that_a_pack_cites_keep_their_years(tmp_path: Path) -> None:
    copied = copy_for(load("ne-poverty-2563"), 2564, tmp_path)
    assert load(copied.path).document == load("ne-poverty-2563").document


@pytest.mark.parametrize("entry", packs(), ids=lambda entry: entry.id)
def test_every_pack_can_be_carried_into_another_year(entry, tmp_path: Path) -> None:
    programme = load(entry.id)
    copied = copy_for(programme, programme.pack.fiscal_year + 2, tmp_path)
    assert load(copied.path).pack.fiscal_year == programme.pack.fiscal_year + 2
    assert copied.changes
    for language in LANGUAGES:
        assert copied.sentences(language)


def test_a_pack_is_not_carried_backwards_nor_over_a_file(tmp_path: Path) -> None:
    programme = load("ne-poverty-2563")
    with pytest.raises(Problem, match="2563"):
        copy_for(programme, 2563, tmp_path)
    copy_for(programme, 2564, tmp_path)
    with pytest.raises(Problem, match=r"ne-poverty-2564\.yaml"):
        copy_for(programme, 2564, tmp_path)


@pytest.mark.parametrize(
    ("text", "raised"),
    [
        ("years: [2562, 2563]", "years: [2563, 2564]"),
        ("years: [2562,2563]", "years: [2563,2564]"),
        ("2562–2563", "2563–2564"),
        ("at_least: 2557", "at_least: 2558"),
        ("table: ne_poverty_2563.csv", "table: ne_poverty_2563.csv"),
        ("below: 2,562 baht", "below: 2,562 baht"),
        ("baht: 25620", "baht: 25620"),
        ("12562", "12562"),
        ("printed: 2563", "printed: 2563"),
    ],
)
def test_only_what_is_a_year_is_raised(text: str, raised: str) -> None:
    assert raise_years(text, 1) == raised
