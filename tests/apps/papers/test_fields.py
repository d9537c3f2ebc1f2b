"""Every field of every layer has a name that a shapefile keeps, and words in both languages."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phaenthi.apps.exports.plan_map import UNIT_COLUMNS
from phaenthi.apps.publication.exported_fields import (
    PLAN_FIELDS,
    SHORT_NAMES,
    fields_of,
    fields_of_layer,
    short_name,
    short_names,
)
from phaenthi.layers.contracts.catalogue import CONTRACTS
from phaenthi.layers.contracts.contract import Contract, Kind
from phaenthi.layers.people.counts import HIDDEN

DBF_NAME = re.compile(r"[A-Z][A-Z0-9_]{0,9}")
EVERY_COLUMN = sorted(
    {c.name for contract in CONTRACTS for c in contract.columns if c.kind is not Kind.GEOMETRY}
)


def test_the_short_names_of_the_whole_catalogue_are_each_their_own() -> None:
    names = short_names([*EVERY_COLUMN, *SHORT_NAMES])
    assert len({name.upper() for name in names.values()}) == len(names)
    assert all(DBF_NAME.fullmatch(name) for name in names.values())


def test_a_column_has_the_same_short_name_whatever_stands_beside_it() -> None:
    together = short_names(EVERY_COLUMN)
    for contract in CONTRACTS:
        alone = short_names([c.name for c in contract.columns if c.kind is not Kind.GEOMETRY])
        assert alone.items() <= together.items()


def test_names_that_were_given_away_stay() -> None:
    """People's maps and joins rest on these."""
    given_away = {
        "village_code": "VILL_CODE",
        "name_th": "NAME_TH",
        "status": "STATUS",
        "need": "NEED",
        "target_households": "TARGET_HH",
        "reason_th": "REASON_TH",
        "made_up": "MADE_UP",
        "poor_households": "POOR_HH",
    }
    assert given_away.items() <= SHORT_NAMES.items()
    assert short_name("some_column_of_later") == "SCOL_ZLX"
    assert [field.short_name for field in PLAN_FIELDS][:3] == ["VILL_CODE", "MOO", "NAME_TH"]


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda one: one.name)
def test_every_field_of_a_layer_is_told_in_both_languages(contract: Contract) -> None:
    columns = [c.name for c in contract.columns if c.kind is not Kind.GEOMETRY]
    for field in fields_of_layer(contract, [*columns, "made_up", HIDDEN]):
        assert re.search("[ก-๙]", field.th), field.column
        assert field.en
        assert not re.search("[ก-๙]", field.en), field.column


def test_the_fields_of_units_and_counts_are_told_too() -> None:
    for field in fields_of([*UNIT_COLUMNS, "failed_07", "assessed_12", "target_poor_failed_03"]):
        assert re.search("[ก-๙]", field.th), field.column
    (field,) = fields_of(["failed_07"])
    assert "7" in field.th


columns = st.text(
    st.sampled_from("abcxyz_019ABก้ -") | st.characters(exclude_categories=["Cs"]),
    min_size=1,
    max_size=25,
)


@given(st.lists(columns, unique=True, max_size=60))
def test_any_columns_get_names_that_a_shapefile_keeps(found: list[str]) -> None:
    names = short_names(found)
    assert set(names) == set(found)
    assert all(DBF_NAME.fullmatch(name) for name in names.values())
    assert len(set(names.values())) == len(found)
    assert names == short_names(reversed(found))


def test_two_columns_of_one_rule_get_two_names() -> None:
    assert (
        len(set(short_names(["TARGET_HH", "target_hh", "Target_hh", "moo", "MOO"]).values())) == 5
    )
