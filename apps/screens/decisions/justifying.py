"""Reasons that a rule asks for although nobody decided otherwise than proposed."""

from __future__ import annotations

from phaenthi.apps.planning.plan_steps import StepKind
from phaenthi.apps.screens import show as st
from phaenthi.apps.screens.decisions import drafts
from phaenthi.apps.screens.decisions.decisions import LONGEST_REASON
from phaenthi.apps.screens.decisions.desk import Desk
from phaenthi.apps.screens.page_words import tell
from phaenthi.geo.texts import markdown
from phaenthi.targeting.judging.justify import reasons_needed
from phaenthi.targeting.plan.record import Override


def show(desk: Desk, missing: list[str]) -> None:
    """Ask for the written reason of units that a rule names, one reason for several at once."""
    chosen = set(desk.plan.result(desk.province).chosen)
    needed = reasons_needed(desk.programme, desk.units, chosen)
    lines = {code: f"{desk.titles.get(code, '')} ({code})" for code in missing}
    with st.form("justify"):
        st.markdown(
            markdown.bold(tell("planner.justify.title", count=len(missing), unit=desk.noun))
        )
        picked = st.multiselect(
            tell("planner.justify.units", unit=desk.noun),
            list(lines),
            default=missing,
            format_func=lines.__getitem__,
            key=f"justify_units_{desk.plan.id}",
        )
        reason = st.text_area(
            tell("decision.reason"), max_chars=LONGEST_REASON, key="justify_reason"
        )
        decided_by = st.text_input(
            tell("decision.decided_by"),
            value=st.session_state.get("decided_by", ""),
            placeholder=tell("decision.decided_by_example"),
            key="justify_decided_by",
        )
        sent = st.form_submit_button(tell("planner.justify.save"), type="primary")
    if not sent:
        return
    if not picked or not reason.strip() or not decided_by.strip():
        st.error(tell("decision.incomplete"), icon=":material/error:")
        return
    words, who = " ".join(reason.split()), decided_by.strip()
    st.session_state["decided_by"] = who
    taken = set(needed.loc[needed["side"] == "taken", "unit_code"])
    made = [Override(code, "in" if code in taken else "out", words, who) for code in picked]
    plan = desk.work_out((*desk.without(picked), *made), "justify")
    kept: StepKind = "in" if all(code in taken for code in picked) else "out"
    drafts.keep(desk.workspace, plan, kept, codes=picked, reason=words, decided_by=who)
    st.rerun()
