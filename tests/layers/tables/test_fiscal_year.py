"""Fiscal years are of the Buddhist era and begin in October."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phaenthi.layers.tables.fiscal_year import FiscalYear
from phaenthi.wording import Problem


def test_fiscal_year_2563_runs_from_october_2562_to_september_2563() -> None:
    year = FiscalYear(2563)
    assert year.starts == date(2019, 10, 1)
    assert year.ends == date(2020, 9, 30)


@given(st.dates(date(1960, 1, 1), date(2150, 1, 1)))
def test_every_day_lies_in_the_fiscal_year_that_is_told_of_it(day: date) -> None:
    year = FiscalYear.of(day)
    assert year.starts <= day <= year.ends
    assert FiscalYear.of(year.ends + timedelta(days=1)) > year


@pytest.mark.parametrize(
    "text", ["2563", 2563, "ปี ๒๕๖๓", "พ.ศ. 2563", "ปีงบประมาณ พ.ศ.2563", "2563.0", " FY2563 "]
)
def test_a_year_is_read_as_people_write_it(text: str | int) -> None:
    assert FiscalYear.parse(text) == FiscalYear(2563)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("2020", "layers.year_not_buddhist"),
        ("63", "layers.year_unreadable"),
        ("ปีหน้า", "layers.year_unreadable"),
        ("25630", "layers.year_unreadable"),
    ],
)
def test_a_christian_or_unclear_year_is_refused(text: str, message: str) -> None:
    with pytest.raises(Problem) as raised:
        FiscalYear.parse(text)
    assert raised.value.message_id == message


def test_the_year_that_is_meant_is_named() -> None:
    with pytest.raises(Problem, match="2563"):
        FiscalYear(2020)


@pytest.mark.parametrize(
    ("day", "quarter"),
    [
        (date(2019, 10, 1), 1),
        (date(2019, 12, 31), 1),
        (date(2020, 1, 1), 2),
        (date(2020, 6, 30), 3),
        (date(2020, 9, 30), 4),
    ],
)
def test_quarters_are_counted_from_october(day: date, quarter: int) -> None:
    assert FiscalYear(2563).quarter(day) == quarter


def test_a_day_of_another_year_has_no_quarter() -> None:
    with pytest.raises(ValueError, match="2563"):
        FiscalYear(2563).quarter(date(2020, 10, 1))
