"""The way to a plan: nothing on it is lost, and going back and forth comes home."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phaenthi.apps.planning import plan_labels, plan_steps
from phaenthi.apps.planning.plan_labels import Label
from phaenthi.apps.planning.plan_steps import Line, Step
from phaenthi.layers.workspace.documents import DocumentKind
from phaenthi.layers.workspace.folder import Workspace

WHEN = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


@pytest.fixture
def office(tmp_path: Path) -> Workspace:
    return Workspace.create(tmp_path)


def step(plan: str, kind: plan_steps.StepKind = "in") -> Step:
    return Step(kind, plan, WHEN.isoformat(), ("46010101",), "ประชาคมมีมติ", "ศจพ.อ.")


ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("go_on"), st.integers(0, 6)),
        st.tuples(st.sampled_from(["undo", "redo"]), st.just(0)),
    ),
    max_size=25,
)


@given(ACTS)
def test_a_line_walks_like_a_pile_of_plans_and_forgets_no_step(acts: list[tuple[str, int]]) -> None:
    line, done, undone, steps = plan_steps.begin(step("p0", "chosen")), ["p0"], [], 1
    for act, number in acts:
        if act == "go_on":
            plan = f"p{number}"
            if plan != done[-1]:
                done, undone = [*done, plan], []
            line, steps = line.go_on(step(plan)), steps + 1
        elif act == "undo" and len(done) > 1:
            undone.append(done.pop())
            line, steps = line.undo(WHEN), steps + 1
        elif act == "redo" and undone:
            done.append(undone.pop())
            line, steps = line.redo(WHEN), steps + 1
        assert line.plan == done[-1]
        assert (line.can_undo, line.can_redo) == (len(done) > 1, bool(undone))
        assert len(line.steps) == steps
        assert list(line.plans) == [*done, *reversed(undone)]


def test_there_is_nothing_before_the_first_plan_or_after_the_last() -> None:
    line = plan_steps.begin(step("p0", "chosen"))
    with pytest.raises(ValueError, match="before"):
        line.undo(WHEN)
    with pytest.raises(ValueError, match="after"):
        line.redo(WHEN)


def test_a_kept_line_comes_back_to_the_letter_and_never_changes(office: Workspace) -> None:
    line = plan_steps.begin(step("p0", "chosen")).go_on(step("p1"))
    name = plan_steps.keep(line, office)
    assert plan_steps.find(name, office) == line
    longer = plan_steps.keep(line.go_on(step("p2")), office)
    assert longer != name
    assert plan_steps.find(name, office) == line


@pytest.mark.parametrize("name", ["", "../plans/x", "0" * 12, "ไม่มี"])
def test_a_line_that_is_not_there_is_none(office: Workspace, name: str) -> None:
    assert plan_steps.find(name, office) is None


def test_a_damaged_line_is_none(office: Workspace) -> None:
    name = plan_steps.keep(plan_steps.begin(step("p0")), office)
    office.documents(DocumentKind.PLAN_LINES).write(f"{name}.json", b"{")
    assert plan_steps.find(name, office) is None


def test_a_plan_is_put_away_with_its_way_and_stands_before_those_that_were_not(
    office: Workspace,
) -> None:
    label = Label("ฉบับที่ 1", "สพจ.กาฬสินธุ์", "", WHEN.isoformat(), (step("old"),))
    plan_labels.put_away("old", label, office)
    assert plan_labels.label_of("old", office) == label
    assert plan_labels.in_order(["new", "old"], office) == [("old", label), ("new", None)]
    assert plan_labels.steps_of("old", office, None) == (step("old"),)
    line = plan_steps.begin(step("new"))
    assert plan_labels.steps_of("new", office, plan_steps.keep(line, office)) == line.steps
    assert plan_labels.steps_of("old", office, line.id) == (step("old"),)


def test_a_line_is_named_after_its_content() -> None:
    one = Line(("p0",), 0, (step("p0"),))
    assert one.id == Line(("p0",), 0, (step("p0"),)).id
    assert one.id != Line(("p1",), 0, (step("p1"),)).id
