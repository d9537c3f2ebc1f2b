"""A second plan beside the one on the table."""

from __future__ import annotations

from phaenthi.apps.screens import kept_choices
from phaenthi.apps.screens import show as st
from phaenthi.apps.screens.decisions import differences, drafts
from phaenthi.apps.screens.decisions.desk import Desk
from phaenthi.apps.screens.decisions.plans_kept import plans_listed, say_plan
from phaenthi.apps.screens.page_words import tell


def show(desk: Desk) -> None:
    """Ask for the second plan and show what is different."""
    listed = {one: label for one, label in plans_listed(desk) if one != desk.plan.id}
    if not listed:
        st.info(tell("planner.compare.only_one"), icon=":material/info:")
        return
    _, key, take = kept_choices.remembered("other_plan", list(listed))
    other = st.selectbox(
        tell("planner.compare.other"),
        list(listed),
        format_func=lambda one: say_plan(desk, one, listed[one]),
        key=key,
        on_change=take,
    )
    st.caption(tell("planner.compare.lead"))
    before = drafts.plan_here(desk.workspace, other)
    names = (other.rsplit("-", 1)[-1], desk.plan.id.rsplit("-", 1)[-1])
    differences.show(desk, before, desk.plan, "compare_map", names)
