"""The way to a plan: nothing on it is lost, and going back and forth comes home."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phaenthi.apps.kept import plan_lines
from phaenthi.apps.kept import plans as plan_shelf
from phaenthi.apps.kept.plan_lines import Line, Step
from phaenthi.apps.kept.plans import Label

WHEN = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


def step(plan: str, kind: plan_lines.StepKind = "in") -> Step:
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
    line, done, undone, steps = plan_lines.begin(step("p0", "chosen")), ["p0"], [], 1
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
    line = plan_lines.begin(step("p0", "chosen"))
    with pytest.raises(ValueError, match="before"):
        line.undo(WHEN)
    with pytest.raises(ValueError, match="after"):
        line.redo(WHEN)


def test_a_kept_line_comes_back_to_the_letter_and_never_changes(tmp_path: Path) -> None:
    line = plan_lines.begin(step("p0", "chosen")).go_on(step("p1"))
    name = plan_lines.keep(line, tmp_path)
    assert plan_lines.find(name, tmp_path) == line
    longer = plan_lines.keep(line.go_on(step("p2")), tmp_path)
    assert longer != name
    assert plan_lines.find(name, tmp_path) == line


@pytest.mark.parametrize("name", ["", "../plans/x", "0" * 12, "ไม่มี"])
def test_a_line_that_is_not_there_is_none(tmp_path: Path, name: str) -> None:
    assert plan_lines.find(name, tmp_path) is None


def test_a_damaged_line_is_none(tmp_path: Path) -> None:
    name = plan_lines.keep(plan_lines.begin(step("p0")), tmp_path)
    (tmp_path / plan_lines.FOLDER / f"{name}.json").write_text("{", encoding="utf-8")
    assert plan_lines.find(name, tmp_path) is None


def test_a_plan_is_put_away_with_its_way_and_stands_before_those_that_were_not(
    tmp_path: Path,
) -> None:
    for name in ("old", "new"):
        (tmp_path / "plans" / name).mkdir(parents=True)
    label = Label("ฉบับที่ 1", "สพจ.กาฬสินธุ์", "", WHEN.isoformat(), (step("old"),))
    plan_shelf.put_away("old", label, tmp_path)
    assert plan_shelf.label_of("old", tmp_path) == label
    assert plan_shelf.in_order(["new", "old"], tmp_path) == [("old", label), ("new", None)]
    assert plan_shelf.steps_of("old", tmp_path, None) == (step("old"),)
    line = plan_lines.begin(step("new"))
    assert plan_shelf.steps_of("new", tmp_path, plan_lines.keep(line, tmp_path)) == line.steps
    assert plan_shelf.steps_of("old", tmp_path, line.id) == (step("old"),)


def test_a_line_is_named_after_its_content() -> None:
    one = Line(("p0",), 0, (step("p0"),))
    assert one.id == Line(("p0",), 0, (step("p0"),)).id
    assert one.id != Line(("p1",), 0, (step("p1"),)).id
