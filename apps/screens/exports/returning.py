"""An edited register comes back: what it changes, why, who decided, and the plan made anew."""

from __future__ import annotations

import tempfile
from dataclasses import asdict
from pathlib import Path

from phaenthi.apps.intake.returned_register import Departure, Returned, as_overrides, read_back
from phaenthi.apps.long_work.job import Job
from phaenthi.apps.publication.published_plan import Publication
from phaenthi.apps.screens import kept_choices, page_words, working
from phaenthi.apps.screens import show as st
from phaenthi.apps.screens.exports import which_plan
from phaenthi.apps.screens.exports.page_links import targeting_address
from phaenthi.apps.screens.page_words import tell
from phaenthi.geo.texts import markdown
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.targeting.plan.record import Plan
from phaenthi.targeting.programme.programme import VILLAGE
from phaenthi.wording import Problem, say

LONGEST_REASON = 300


def show(workspace: Workspace) -> None:
    """Ask for the register of a plan and take it back."""
    made = st.session_state.pop("exports_made_anew", None)
    if made is not None:
        show_made(workspace, *made)
    left, right = st.columns((1, 1.75), gap="large")
    with left:
        publication = which_plan.ask_plan(workspace)
        if publication is None:
            return
        if publication.programme.unit != VILLAGE:
            st.info(tell("exports.villages_only"))
            return
        sent = st.file_uploader(
            tell("exports.back.file"), type="xlsx", key=kept_choices.widget_key("exports_back")
        )
        st.caption(tell("exports.back.hint"))
    with right:
        if sent is None:
            st.markdown(tell("exports.back.intro"))
            return
        found = _read(publication, sent.getvalue(), sent.name)
        if found is None:
            return
        if not found.departures:
            told = say(
                "returned.same",
                page_words.language(),
                plan=publication.plan.id,
                villages=found.listed,
            )
            st.success(told, icon=":material/check_circle:")
            return
        ask_reasons(workspace, publication, found)


def _read(publication: Publication, content: bytes, name: str) -> Returned | None:
    with tempfile.TemporaryDirectory(prefix="phaenthi-") as folder:
        # Its own name, so that a problem names the file that the reader sent.
        path = Path(folder) / Path(name).name
        path.write_bytes(content)
        try:
            return read_back(publication, path)
        except Problem as problem:
            st.error(problem.sentence(page_words.language()), icon=":material/error:")
            return None


def ask_reasons(workspace: Workspace, publication: Publication, found: Returned) -> None:
    """Show each departure, ask why and by whom, and make the plan anew."""
    added = sum(one.action == "in" for one in found.departures)
    gone = len(found.departures) - added
    st.markdown(markdown.bold(tell("exports.back.differs", added=added, gone=gone)))
    forbidden = [one for one in found.departures if one.forbidden_by]
    if forbidden:
        st.error(tell("exports.back.forbidden", count=len(forbidden)), icon=":material/block:")
        for one in forbidden:
            rules = "; ".join(
                publication.programme.rule_by_id(rule).words.say(page_words.language())
                for rule in one.forbidden_by
            )
            st.markdown(markdown.bullets([f"{_name(one)}: {rules}"]))
        return
    with st.form("exports_back_form"):
        decided_by = st.text_input(tell("exports.back.decided_by"), max_chars=120)
        common = st.text_input(
            tell("exports.back.common"),
            max_chars=LONGEST_REASON,
            help=tell("exports.back.common_help"),
        )
        reasons = {
            one.village_code: st.text_input(
                tell(f"exports.back.{one.action}", village=_name(one)),
                max_chars=LONGEST_REASON,
                placeholder=tell("exports.back.reason"),
                key=f"exports_reason_{one.village_code}",
            )
            for one in found.departures
        }
        sent = st.form_submit_button(
            tell("exports.back.make"), type="primary", icon=":material/save:"
        )
    if not sent:
        return
    if not decided_by.strip():
        st.warning(tell("exports.back.who_missing"), icon=":material/person:")
        return
    filled = {code: text.strip() or common.strip() for code, text in reasons.items()}
    try:
        overrides = as_overrides(publication, found, filled, decided_by.strip())
        job = Job(
            "remake_plan",
            workspace=workspace.address,
            plan=publication.plan.id,
            overrides=[asdict(one) for one in overrides],
        )
        made = working.finish(job, "exports_back", _say_step)["plan"]
    except Problem as problem:
        st.error(problem.sentence(page_words.language()), icon=":material/error:")
        return
    st.session_state["exports_made_anew"] = (made, publication.plan.id)
    st.session_state["kept_exports_plan"] = made
    for language in ("th", "en"):
        st.session_state.pop(f"exports_plan_{language}", None)
        st.session_state.pop(f"exports_back_{language}", None)
    st.rerun()


def _say_step(step: str) -> str:
    return tell(f"planner.working.{step or 'starting'}")


def _name(one: Departure) -> str:
    return f"{one.name_th} ({one.village_code})"


def show_made(workspace: Workspace, plan_id: str, earlier: str) -> None:
    """Tell of the plan that was made anew, and how its points differ."""
    folder, generation = workspace.address, workspace.generation
    made = which_plan.publication_of(folder, generation, plan_id).plan
    before = which_plan.publication_of(folder, generation, earlier).plan
    st.success(
        tell(
            "exports.back.made",
            plan=plan_id,
            decisions=len(made.overrides),
            need=f"{_need(made):,}",
            change=f"{_need(made) - _need(before):+,}",
        ),
        icon=":material/check_circle:",
    )
    which_plan.link(targeting_address(made), tell("exports.back.look"))


def _need(plan: Plan) -> int:
    return sum(result.need for result in plan.results)
