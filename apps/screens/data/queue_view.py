"""The places that wait: candidates side by side, who decided, and what it makes unknown."""

from __future__ import annotations

from datetime import date

import pandas as pd

from phaenthi.apps.dates import told_date
from phaenthi.apps.screens import furniture, kept_choices, page_words
from phaenthi.apps.screens import show as st
from phaenthi.apps.screens.data import importing, kept_upload
from phaenthi.apps.screens.data.paging import choose_page
from phaenthi.apps.screens.page_words import tell
from phaenthi.geo.places.codes import Level, moo
from phaenthi.geo.texts import markdown
from phaenthi.layers.contracts.matches import DECISIONS
from phaenthi.layers.imports.waiting_places import NONE_OF_THEM, Queue, gather_queue, keep
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.wording import Problem, say

PLACES_A_PAGE = 10
ALL, LATER = "*", ""


@st.cache_resource(show_spinner=False, max_entries=4)
def queue_of(folder: str, generation: int) -> Queue:
    """Return what waits in a workspace. Do not change it."""
    del generation
    return gather_queue(Workspace.open(folder))


def show(workspace: Workspace) -> None:
    """Draw this part."""
    queue = queue_of(workspace.address, workspace.generation)
    _show_figures(queue)
    _show_apply(workspace, queue)
    if queue.places.empty:
        st.success(tell("data.queue.empty"), icon=":material/task_alt:")
    else:
        by, reason = _ask_who()
        _show_bulk(workspace, queue, by, reason)
        _show_places(workspace, queue, _filtered(queue.places), by, reason)
    _show_decisions(workspace)


def _show_figures(queue: Queue) -> None:
    rows = int(queue.places["rows"].sum()) if len(queue.places) else 0
    clear = int(queue.places["clear"].notna().sum())
    furniture.show_figures(
        [
            (
                tell("data.queue.places"),
                f"{len(queue.places):,}",
                tell("data.queue.rows", count=f"{rows:,}"),
            ),
            (tell("data.queue.clear"), f"{clear:,}", tell("data.queue.clear_note")),
            (tell("data.queue.unknown"), f"{queue.unknown:,}", tell("data.queue.unknown_note")),
        ]
    )


# -- what was decided, used -----------------------------------------------------------------------


def _show_apply(workspace: Workspace, queue: Queue) -> None:
    """Offer to read the register again, now that its places are decided."""
    for layer, rows in queue.decided.groupby("layer"):
        name = page_words.layer_label(str(layer))
        request = kept_upload.last_request(str(layer))
        with st.container(border=True):
            st.markdown(tell("data.queue.decided", count=f"{len(rows):,}", layer=name))
            origin = workspace.provenance(str(layer))
            same = request and origin and request.upload.sha256 == origin.sha256
            if request is None or not same:
                source = origin.source if origin else ""
                st.caption(tell("data.queue.send_again", file=source))
                continue
            if st.button(
                tell("data.queue.apply", file=request.upload.name),
                type="primary",
                key=f"data_apply_{layer}",
                icon=":material/published_with_changes:",
            ):
                try:
                    found = importing.do(workspace, request, trial=False)
                except Problem as problem:
                    st.error(problem.sentence(page_words.language()), icon=":material/error:")
                    return
                kept_upload.keep_outcome(request, found, done=True)
                st.session_state["told_next"] = tell("data.queue.applied", layer=name)
                st.rerun()


# -- deciding -------------------------------------------------------------------------------------


def _ask_who() -> tuple[str, str]:
    left, right = st.columns(2)
    for key in ("data_by", "data_reason"):
        st.session_state.setdefault(key, st.session_state.get(f"kept_{key}", ""))
    by = left.text_input(
        tell("data.queue.by"),
        key="data_by",
        placeholder=tell("data.queue.by_example"),
        help=tell("data.queue.by_help"),
    )
    reason = right.text_input(tell("data.queue.reason"), key="data_reason")
    return kept_choices.keep("data_by", by).strip(), kept_choices.keep(
        "data_reason", reason
    ).strip()


def _show_bulk(workspace: Workspace, queue: Queue, by: str, reason: str) -> None:
    clear = queue.places[queue.places["clear"].notna()]
    if clear.empty:
        return
    with st.popover(tell("data.queue.bulk", count=f"{len(clear):,}"), icon=":material/done_all:"):
        st.caption(tell("data.queue.bulk_lead"))
        best = queue.candidates.sort_values("place").drop_duplicates("number").set_index("number")
        first, end = choose_page(len(clear), "data_bulk_page")
        shown = clear.iloc[first:end]
        table = pd.DataFrame(
            {
                "said": [say_place(row) for _, row in shown.iterrows()],
                "meant": [
                    f"{name} ({code})"
                    for name, code in zip(
                        best.loc[shown.index, "name_th"], shown["clear"], strict=True
                    )
                ],
                "score": best.loc[shown.index, "score"],
            }
        )
        st.dataframe(
            table,
            hide_index=True,
            column_config={
                "said": tell("data.queue.said"),
                "meant": tell("data.queue.meant"),
                "score": st.column_config.NumberColumn(tell("data.queue.score"), format="%.0f"),
            },
        )
        if st.button(
            tell("data.queue.bulk_button", count=f"{len(clear):,}"),
            type="primary",
            key="data_bulk",
        ):
            decided = {int(str(number)): str(code) for number, code in clear["clear"].items()}
            _keep(workspace, queue, decided, by, reason)


def _filtered(places: pd.DataFrame) -> pd.DataFrame:
    language = page_words.language()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        for column, said in (
            ("layer", page_words.layer_label),
            ("amphoe_code", lambda code: page_words.area_name(code, language)),
            ("why", lambda why: say(f"layers.how.{why}", language)),
        ):
            counts = places[column].value_counts()
            if len(counts) < 2:
                continue
            options = [ALL, *counts.index]
            chosen = kept_choices.choose_one(
                tell(f"data.queue.filter.{column}"),
                options,
                f"data_queue_{column}",
                lambda one, counts=counts, said=said: (  # type: ignore[misc]  # bound as it is now
                    tell("data.queue.all")
                    if one == ALL
                    else f"{said(one)} ({counts.get(one, 0):,})"
                ),
                width=290,
            )
            if chosen != ALL:
                places = places[places[column] == chosen]
    return places


def say_place(place: pd.Series) -> str:
    """Return what a register says of a place, in words."""
    told = {str(name): str(value) for name, value in place.dropna().items()}
    named = [name for name in ("moo", "tambon", "amphoe", "province") if name in told]
    coded = [name for name in ("village_code", "tambon_code") if name in told]
    if {"longitude", "latitude"} <= set(told):
        point = f"{told['latitude']}, {told['longitude']}"
        named_point = [tell("data.queue.part.point", value=point)]
    else:
        named_point = []
    said = [
        told.get("name", ""),
        *(tell(f"data.queue.part.{name}", value=told[name]) for name in named),
        *(tell("data.queue.part.code", value=told[name]) for name in coded),
        *named_point,
    ]
    return " ".join(part for part in said if part)


def say_candidate(one: pd.Series) -> str:
    """Return a candidate in words."""
    code, language = str(one["village_code"]), page_words.language()
    tambon = page_words.area_name(code[: Level.TAMBON.digits], language)
    return tell(
        "data.queue.candidate",
        name=str(one["name_th"]),
        moo=int(moo(code)),
        tambon=tambon,
        amphoe=page_words.area_name(code[: Level.AMPHOE.digits], language),
    )


def say_evidence(one: pd.Series) -> str:
    """Return what speaks for a candidate and what against it."""
    signs = [
        tell(f"data.queue.sign.{name}_{'yes' if one[name] else 'no'}")
        for name in ("same_name", "same_moo", "same_tambon")
    ]
    return " · ".join([tell("data.queue.likeness", score=f"{one['score']:.0f}"), *signs])


def _show_places(
    workspace: Workspace, queue: Queue, places: pd.DataFrame, by: str, reason: str
) -> None:
    first, end = choose_page(len(places), "data_queue_page", PLACES_A_PAGE)
    shown = places.iloc[first:end]
    candidates = queue.candidates[queue.candidates["number"].isin(shown.index)]
    with st.form(f"data_queue_{workspace.generation}_{first}", border=False):
        decided = {
            int(str(number)): _ask_about(
                int(str(number)), place, candidates[candidates["number"] == number]
            )
            for number, place in shown.iterrows()
        }
        pressed = st.form_submit_button(
            tell("data.queue.save"), type="primary", icon=":material/save:"
        )
    if pressed:
        chosen = {number: code for number, code in decided.items() if code != LATER}
        _keep(workspace, queue, chosen, by, reason)


def _ask_about(number: int, place: pd.Series, candidates: pd.DataFrame) -> str:
    # All of them: who is as likely as the likeliest is never left out.
    ranked = candidates.sort_values("place")
    with st.container(border=True):
        left, right = st.columns([1, 1.6], gap="medium")
        with left:
            st.markdown(markdown.bold(say_place(place)))
            why = say(f"layers.how.{place['why']}", page_words.language())
            st.caption(
                tell(
                    "data.queue.where",
                    layer=page_words.layer_label(str(place["layer"])),
                    row=f"{int(place['first_row']):,}",
                    rows=f"{int(place['rows']):,}",
                )
            )
            st.caption(markdown.fill(":material/help: {}", why))
        labels = {str(one["village_code"]): say_candidate(one) for _, one in ranked.iterrows()}
        captions = [say_evidence(one) for _, one in ranked.iterrows()]
        options = [*labels, NONE_OF_THEM, LATER]
        labels |= {NONE_OF_THEM: tell("data.queue.none"), LATER: tell("data.queue.later")}
        with right:
            chosen = st.radio(
                tell("data.queue.which"),
                options,
                index=len(options) - 1,
                format_func=labels.__getitem__,
                captions=[*captions, tell("data.queue.none_note"), ""],
                key=f"data_decide_{page_words.language()}_{hash(str(place['place']))}_{number}",
            )
    return str(chosen)


def _keep(
    workspace: Workspace, queue: Queue, decided: dict[int, str], by: str, reason: str
) -> None:
    if not by:
        st.error(tell("data.queue.by_missing"), icon=":material/error:")
        return
    if not decided:
        st.error(tell("data.queue.nothing_chosen"), icon=":material/error:")
        return
    try:
        count = keep(workspace, queue, decided, by=by, reason=reason)
    except Problem as problem:
        st.error(problem.sentence(page_words.language()), icon=":material/error:")
        return
    st.session_state["told_next"] = tell("data.queue.kept", count=f"{count:,}")
    st.rerun()


# -- what was decided -----------------------------------------------------------------------------


def _show_decisions(workspace: Workspace) -> None:
    if not workspace.has(DECISIONS.name):
        return
    table = pd.DataFrame(workspace.table(DECISIONS.name))
    with st.expander(tell("data.queue.log", count=f"{len(table):,}"), icon=":material/gavel:"):
        table = table.sort_values("decided_on", ascending=False, kind="stable")
        first, end = choose_page(len(table), "data_decisions_page")
        shown = table.iloc[first:end]
        names = pd.DataFrame(workspace.table("villages")).set_index("village_code")["name_th"]
        named = shown["village_code"].map(names.to_dict())
        st.dataframe(
            pd.DataFrame(
                {
                    "place": [_said_of(text) for text in shown["place"]],
                    "village": [
                        tell("data.queue.none") if pd.isna(code) else f"{name} ({code})"
                        for code, name in zip(shown["village_code"], named, strict=True)
                    ],
                    "decided_by": shown["decided_by"],
                    "decided_on": [_day(text) for text in shown["decided_on"]],
                    "reason": shown["reason"],
                }
            ),
            hide_index=True,
            width="stretch",
            placeholder="–",
            column_config={
                name: tell(f"data.queue.head.{name}")
                for name in ("place", "village", "decided_by", "decided_on", "reason")
            },
        )


def _said_of(text: str) -> str:
    told = dict(part.split("=", 1) for part in text.split(" | ") if "=" in part)
    return say_place(pd.Series(told))


def _day(text: str) -> str:
    return told_date(date.fromisoformat(text), page_words.language())
