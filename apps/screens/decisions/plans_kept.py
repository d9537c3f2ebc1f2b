"""The plans that are kept, listed in words."""

from __future__ import annotations

from phaenthi.apps.dates import told_date
from phaenthi.apps.planning import plan_labels
from phaenthi.apps.planning.plan_labels import Label
from phaenthi.apps.screens import page_words
from phaenthi.apps.screens.decisions import drafts
from phaenthi.apps.screens.decisions.desk import Desk
from phaenthi.apps.screens.page_words import tell


def plans_listed(desk: Desk) -> list[tuple[str, Label | None]]:
    """Return the plans that one may go back to, those put away first."""
    saved = drafts.plans_of(desk.workspace, desk.programme, desk.province)
    listed = plan_labels.in_order(saved, desk.workspace)
    named = [pair for pair in listed if pair[1] is not None]
    rest = [pair for pair in listed if pair[1] is None][: drafts.PLANS_LISTED]
    if desk.plan.id not in {one for one, _ in (*named, *rest)}:
        rest.append((desk.plan.id, None))
    return [*named, *rest]


def say_plan(desk: Desk, plan_id: str, label: Label | None) -> str:
    """Name a plan in a line: by its name if it was put away, with its points and day."""
    plan = drafts.plan_here(desk.workspace, plan_id)
    line = tell(
        "targeting.plan_line",
        date=told_date(plan.decided_on, page_words.language()),
        need=f"{plan.result(desk.province).need:,}",
        decisions=len(plan.overrides),
        plan=plan_id.rsplit("-", 1)[-1],
    )
    return f"★ {label.name} · {line}" if label is not None else line
