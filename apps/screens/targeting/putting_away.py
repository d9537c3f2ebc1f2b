"""The last step, and the plans made so far: a plan put away under a name, and a link to send."""

from __future__ import annotations

from phaenthi.apps.dates import BANGKOK, told_date
from phaenthi.apps.planning import plan_labels
from phaenthi.apps.planning.plan_labels import Label
from phaenthi.apps.screens import kept_choices, page_words
from phaenthi.apps.screens import show as st
from phaenthi.apps.screens.decisions import drafts, justifying
from phaenthi.apps.screens.decisions.desk import Desk
from phaenthi.apps.screens.decisions.plan_checks import checked, units_to_justify
from phaenthi.apps.screens.decisions.plans_kept import plans_listed, say_plan
from phaenthi.apps.screens.page_words import tell
from phaenthi.geo.texts import html, markdown

LONGEST_NAME = 80
FORM_WIDTH = 720


def show(desk: Desk) -> None:
    """Show what was checked, ask for a name, and put the plan away."""
    label = plan_labels.label_of(desk.plan.id, desk.workspace)
    missing = units_to_justify(desk)
    show_checks(desk, missing)
    if missing:
        justifying.show(desk, missing)
    if label is not None:
        show_label(desk, label)
    ask_name(desk, label, closed=bool(missing))
    show_plans(desk)


def show_checks(desk: Desk, missing: list[str]) -> None:
    """Show what a plan has to stand before it goes to the committee."""
    plan = desk.plan
    report = checked(desk)
    chosen = len(plan.result(desk.province).chosen)
    checks = [
        (report.stands, tell("planner.save.check.proof", count=f"{chosen:,}", unit=desk.noun)),
        (True, _say_decided(len(plan.overrides))),
        (not desk.changed_layers(), tell("planner.save.check.data")),
    ]
    if missing:
        checks.append((False, tell("planner.save.check.justify", count=len(missing))))
    cells = html.join(
        html.fill(
            '<li class="{}"><b>{}</b> {}</li>',
            "ph-ok" if fine else "ph-open",
            "✓" if fine else "!",
            words,
        )
        for fine, words in checks
    )
    st.html(html.fill('<ul class="ph-checklist">{}</ul>', cells))


def _say_decided(count: int) -> str:
    name = "reasons" if count else "as_proposed"
    return tell(f"planner.save.check.{name}", count=count)


def show_label(desk: Desk, label: Label) -> None:
    """Show under which name the plan lies, and the link that opens it."""
    moment = label.moment.astimezone(BANGKOK)
    when = tell(
        "planner.moment", date=told_date(moment, page_words.language()), time=f"{moment:%H:%M}"
    )
    with st.container(border=True, key="put_away"):
        st.markdown(markdown.fill("#### ★ {}", label.name))
        st.write(tell("planner.save.by", who=label.kept_by, when=when))
        if label.note:
            st.write(label.note)
        st.caption(tell("planner.save.id", plan=desk.plan.id))
        st.caption(tell("planner.save.link"))
        st.code(link_of(desk), language=None, wrap_lines=True)


def link_of(desk: Desk) -> str:
    """Return the address that opens this plan for a colleague."""
    base = str(st.context.url or "").partition("?")[0]
    line = st.session_state.get("line_id")
    way = f"&line={line}" if line else ""
    return (
        f"{base}?lang={page_words.language()}&programme={desk.programme.id}&province={desk.province}"
        f"&plan={desk.plan.id}{way}&step=review"
    )


def ask_name(desk: Desk, label: Label | None, *, closed: bool) -> None:
    """Ask for a name and who keeps the plan, and put it away."""
    suggested = tell("planner.save.suggested", count=_named(desk) + 1)
    with st.container(width=FORM_WIDTH), st.form("put_away_form"):
        name = st.text_input(
            tell("planner.save.name"),
            value=label.name if label else suggested,
            max_chars=LONGEST_NAME,
            key="save_name",
        )
        kept_by = st.text_input(
            tell("planner.save.kept_by"),
            value=label.kept_by if label else st.session_state.get("decided_by", ""),
            placeholder=tell("decision.decided_by_example"),
            help=tell("decision.decided_by_help"),
            key="save_kept_by",
        )
        note = st.text_area(
            tell("planner.save.note"), value=label.note if label else "", key="save_note", height=80
        )
        sent = st.form_submit_button(
            tell("planner.save.again" if label else "planner.save.button"),
            type="primary",
            icon=":material/save:",
            disabled=closed,
        )
    if not sent:
        return
    if not name.strip() or not kept_by.strip():
        st.error(tell("planner.save.incomplete"), icon=":material/error:")
        return
    line = drafts.line_of(desk.workspace)
    steps = plan_labels.steps_of(desk.plan.id, desk.workspace, line.id if line else None)
    when = drafts.now().isoformat(timespec="seconds")
    made = Label(" ".join(name.split()), " ".join(kept_by.split()), note.strip(), when, steps)
    plan_labels.put_away(desk.plan.id, made, desk.workspace)
    st.session_state["told_next"] = tell("planner.save.done", name=made.name)
    st.rerun()


def _named(desk: Desk) -> int:
    return sum(label is not None for _, label in plans_listed(desk))


# -- the plans made so far -------------------------------------------------------------------------


def show_plans(desk: Desk) -> None:
    """Show the plans made so far, so that one can go back to an earlier one."""
    listed = dict(plans_listed(desk))
    if len(listed) < 2:
        return
    key = kept_choices.widget_key("saved_plan")
    st.session_state[key] = desk.plan.id

    def take() -> None:
        plan = drafts.plan_here(desk.workspace, st.session_state[key])
        drafts.keep(desk.workspace, plan, "gone_back")

    st.selectbox(
        tell("targeting.saved_plans"),
        list(listed),
        format_func=lambda one: say_plan(desk, one, listed[one]),
        key=key,
        help=tell("targeting.saved_plans_help"),
        on_change=take,
    )
