"""The states of a plot: who decides what and when, and who comes in for one that drops out."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from phaenthi.geo.places.codes import Level
from phaenthi.layers.contracts.plots import CONTRACT, LOG
from phaenthi.layers.plots.states import (
    DECIDED_BY,
    MAY_BECOME,
    Decision,
    decide,
    replace_plot,
    replacement_for,
    status_of,
)
from phaenthi.layers.plots.words import ROLES, STATUSES
from phaenthi.wording import Problem

DAY = date(2025, 3, 19)


def plots(*rows):
    names = ("plot_id", "status", "tambon_code", "reserve_place")
    table = [dict(zip(names, row, strict=False)) for row in rows]
    return pl.DataFrame(
        table, schema={name: CONTRACT.stored_types[name] for name in names}
    ).with_columns(village_code=pl.lit(None, dtype=pl.String))


NOTHING = pl.DataFrame(schema=LOG.stored_types)
SELECTION = (
    ("amphoe_checked", "amphoe_office"),
    ("province_checked", "provincial_office"),
    ("selected", "committee"),
)


def test_a_plot_goes_through_both_checks_before_it_is_selected():
    table, log = plots(("A", "applied", "460102")), NOTHING
    for status, role in SELECTION:
        table, log = decide(table, log, [Decision("A", status, role, DAY)])
    assert status_of(table, "A") == "selected"
    assert log["step"].to_list() == [1, 2, 3]
    assert log["status"].to_list() == [status for status, _ in SELECTION]
    assert set(log.columns) == set(LOG.names)
    assert log["decided_by"].is_in(ROLES).all()


@pytest.mark.parametrize("now", STATUSES)
@pytest.mark.parametrize("wanted", STATUSES)
def test_only_the_steps_of_the_document_are_allowed(now, wanted):
    role = DECIDED_BY[wanted][-1]
    reason = "owner_withdrew" if wanted == "withdrawn" else None
    asked = [Decision("A", wanted, role, DAY, reason)]
    if wanted in MAY_BECOME[now]:
        table, _ = decide(plots(("A", now, "460102")), NOTHING, asked)
        assert status_of(table, "A") == wanted
        return
    with pytest.raises(Problem) as raised:
        decide(plots(("A", now, "460102")), NOTHING, asked)
    assert raised.value.message_id == "layers.plot_step_not_allowed"


@pytest.mark.parametrize(
    ("decision", "problem"),
    [
        (Decision("B", "amphoe_checked", "amphoe_office", DAY), "plot_unknown"),
        (Decision("A", "approved", "amphoe_office", DAY), "plot_status_unknown"),
        (Decision("A", "amphoe_checked", "นายสมชาย", DAY), "plot_role_unknown"),
        (Decision("A", "amphoe_checked", "committee", DAY), "plot_role_not_allowed"),
        (Decision("A", "withdrawn", "owner", DAY), "plot_reason_needed"),
        (Decision("A", "withdrawn", "owner", DAY, "he said so"), "plot_reason_unknown"),
    ],
)
def test_what_is_not_in_order_is_refused(decision, problem):
    with pytest.raises(Problem) as raised:
        decide(plots(("A", "applied", "460102")), NOTHING, [decision])
    assert raised.value.message_id == f"layers.{problem}"


def test_a_day_before_the_last_entry_is_refused_and_the_same_day_is_not():
    table, log = decide(
        plots(("A", "applied", "460102")),
        NOTHING,
        [Decision("A", "amphoe_checked", "amphoe_office", DAY)],
    )
    same = Decision("A", "province_checked", "provincial_office", DAY)
    assert decide(table, log, [same])[1].height == 2
    before = Decision("A", "province_checked", "provincial_office", date(2025, 3, 18))
    with pytest.raises(Problem) as raised:
        decide(table, log, [before])
    assert raised.value.message_id == "layers.plot_day_before"


def test_a_plot_without_a_state_has_applied():
    assert status_of(plots(("A", None, "460102")), "A") == "applied"


RESERVE = plots(
    ("gone", "selected", "460102"),
    ("late", "reserve", "460103", 2),
    ("next", "reserve", "460104", 1),
    ("unplaced", "reserve", None, 1),
    ("other amphoe", "reserve", "460201", 1),
    ("no place", "reserve", "460102"),
    ("not reserve", "province_checked", "460102", 1),
)


def test_the_next_reserve_of_the_same_amphoe_takes_the_place():
    found = replacement_for(RESERVE, "gone")
    assert (found.area_code, found.entering) == ("4601", "next")
    assert found.waiting == ("next", "late", "no place")


def test_a_reserve_that_is_not_ready_is_passed_over_and_told():
    found = replacement_for(RESERVE, "gone", not_ready={"next"})
    assert (found.entering, found.passed_over) == ("late", ("next",))


def test_another_level_asks_its_own_area():
    assert replacement_for(RESERVE, "gone", level=Level.TAMBON).entering == "no place"
    assert replacement_for(RESERVE, "gone", level=Level.PROVINCE).waiting[:2] == (
        "next",
        "other amphoe",
    )


def test_without_a_place_or_a_reserve_nobody_comes_in():
    assert replacement_for(plots(("A", "selected", None)), "A").area_code is None
    alone = replacement_for(plots(("A", "selected", "460102")), "A")
    assert (alone.entering, alone.waiting) == (None, ())


def test_both_changes_are_recorded_or_neither():
    found = replacement_for(RESERVE, "gone")
    table, log = replace_plot(RESERVE, NOTHING, found, decided_on=DAY, reason="owner_withdrew")
    states = dict(zip(table["plot_id"], table["status"], strict=True))
    assert (states["gone"], states["next"]) == ("withdrawn", "selected")
    entry = log.filter(pl.col("plot_id") == "next").row(0, named=True)
    assert (entry["replaces"], entry["reason"]) == ("gone", "replaces")
    with pytest.raises(Problem):
        replace_plot(table, log, found, decided_on=DAY, reason="owner_withdrew")
    assert log.height == 2


@pytest.mark.parametrize("now", [status for status in STATUSES if status != "selected"])
def test_a_plot_that_holds_no_place_needs_nobody_in_it(now):
    with pytest.raises(Problem) as raised:
        replacement_for(plots(("A", now, "460102"), ("R", "reserve", "460102", 1)), "A")
    assert raised.value.message_id == "layers.plot_not_selected"


@given(st.permutations(range(6)), st.integers(1, 6))
def test_reserves_come_in_by_their_order_whatever_the_order_of_rows(order, withdrawn):
    rows = [(f"S{at}", "selected", "460102", None) for at in range(withdrawn)]
    rows += [(f"R{at}", "reserve", "460102", at) for at in order]
    table, log = plots(*rows), NOTHING
    came = []
    for at in range(withdrawn):
        found = replacement_for(table, f"S{at}")
        came.append(found.entering)
        table, log = replace_plot(table, log, found, decided_on=DAY, reason="owner_withdrew")
    assert came == [f"R{at}" for at in range(withdrawn)]
    assert all(one < other for one, other in pairwise(came))
