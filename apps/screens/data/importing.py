"""One more file: what it is, which column is which, what would become of it, and the import."""

from __future__ import annotations

from phaenthi.apps.dates import told_date
from phaenthi.apps.intake import kept_mappings
from phaenthi.apps.intake.importing import Outcome, Request
from phaenthi.apps.intake.upload import IMPORTED, Looked, Upload, look
from phaenthi.apps.long_work.file_import import handed_over
from phaenthi.apps.long_work.job import Job
from phaenthi.apps.screens import furniture, kept_choices, page_words, working
from phaenthi.apps.screens import show as st
from phaenthi.apps.screens.data import columns_view, kept_upload
from phaenthi.apps.screens.data.here import show_set_aside
from phaenthi.apps.screens.page_words import tell
from phaenthi.geo.texts import markdown
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.wording import Problem

_BOUNDARIES = "boundaries_"
# Tables of counts, whose headers are measures: their readers know them.
_COUNTS = "area_counts"
_FUND_LEVELS = "fund_levels"
_WITHOUT_MAPPING = (_COUNTS, _FUND_LEVELS)


def show(workspace: Workspace) -> None:
    """Draw this part."""
    if not workspace.has("villages"):
        st.info(tell("data.order"), icon=":material/info:")
    done = kept_upload.outcome()
    if done and done[2]:
        show_done(*done[:2])
        return
    _ask_for_file()
    upload = kept_upload.upload()
    if upload is not None:
        show_steps(workspace, upload)


def _ask_for_file() -> None:
    furniture.style_upload()
    upload = kept_upload.upload()
    if upload is not None:
        with st.container(horizontal=True, vertical_alignment="center"):
            size = f"{max(1, len(upload.content) // 1000):,}"
            st.markdown(
                markdown.fill(
                    ":material/draft: **{}** · {}", upload.name, tell("data.size", size=size)
                ),
                width="content",
            )
            if st.button(tell("data.other_file"), key="data_other_file"):
                kept_upload.keep_upload(None)
                st.rerun()
        return
    st.caption(tell("data.import_lead"))
    sent = st.file_uploader(tell("data.file"), key="data_file", help=tell("data.file_help"))
    if sent is not None:
        kept_upload.keep_upload(Upload(sent.name, sent.getvalue()))
        st.rerun()


def show_steps(workspace: Workspace, upload: Upload) -> None:
    """Show what a file is, ask what is not clear, and take it in."""
    try:
        looked = _look(upload, None)
        layer = _choose_layer(workspace, looked)
        looked = _choose_sheet(upload, looked)
        mapping, constants, fault = None, {}, ""
        if upload.is_table and layer not in _WITHOUT_MAPPING and not layer.startswith(_BOUNDARIES):
            st.subheader(tell("data.step.columns"), anchor=False)
            asked = columns_view.ask(workspace, upload, layer, looked)
            mapping, constants, fault = asked.mapping, asked.constants, asked.fault
        elif layer == _FUND_LEVELS:
            constants = columns_view.ask_of_fund_levels()
        elif layer == _COUNTS:
            constants = {"register_year": st.text_input(tell("data.year"), key="data_year")}
    except Problem as problem:
        st.error(problem.sentence(page_words.language()), icon=":material/error:")
        return
    made_up, approximate, credit = _ask_marks(layer)
    request = Request(
        upload,
        layer,
        mapping=mapping,
        sheet=looked.sheet if looked.sheets else None,
        constants=constants,
        made_up=made_up,
        approximate=approximate,
        credit=credit,
    )
    if fault:
        st.warning(fault, icon=":material/warning:")
    _check_and_take_in(workspace, request, looked, fault=fault)


def _look(upload: Upload, sheet: str | None) -> Looked:
    key = (upload.name, len(upload.content), hash(upload.content), sheet)
    kept = st.session_state.setdefault("data_looked", {})
    if key not in kept:
        kept.clear()
        with st.spinner(tell("data.looking")):
            kept[key] = look(upload, sheet)
    found: Looked = kept[key]
    return found


def _choose_layer(workspace: Workspace, looked: Looked) -> str:
    st.subheader(tell("data.step.what"), anchor=False)
    options = [name for name in IMPORTED if looked.headers or name not in _WITHOUT_MAPPING]
    guess = looked.layer if looked.layer in options else options[0]
    key = f"{kept_choices.widget_key('data_layer')}_{hash(looked)}"
    layer = st.selectbox(
        tell("about.layer"),
        options,
        index=options.index(guess),
        format_func=lambda name: (
            page_words.layer_label(name)
            if workspace.has(name)
            else f"{page_words.layer_label(name)} · {tell('data.not_here')}"
        ),
        key=key,
    )
    layer = str(layer or guess)
    if not looked.layer:
        st.caption(tell("data.guess_none"))
    elif layer == looked.layer:
        st.caption(tell("data.guess", layer=page_words.layer_label(layer)))
    origin = workspace.provenance(layer)
    if origin is not None:
        st.caption(
            tell(
                "data.replaces",
                source=origin.source,
                rows=f"{origin.rows_kept:,}",
                date=told_date(origin.imported_at, page_words.language()),
            )
        )
    return layer


def _choose_sheet(upload: Upload, looked: Looked) -> Looked:
    if len(looked.sheets) < 2 or looked.sheet is None:
        return looked
    sheet = st.selectbox(
        tell("data.sheet"),
        looked.sheets,
        index=looked.sheets.index(looked.sheet),
        key=f"{kept_choices.widget_key('data_sheet')}_{hash(looked)}",
        help=tell("data.sheet_help"),
    )
    if sheet == looked.sheet:
        return looked
    return look(upload, str(sheet))


def _ask_marks(layer: str) -> tuple[bool, bool, str]:
    with st.expander(tell("data.more"), icon=":material/tune:"):
        credit = st.text_input(tell("data.credit"), key="data_credit")
        made_up = st.checkbox(tell("data.made_up"), key="data_made_up")
        approximate = layer.startswith(_BOUNDARIES) and st.checkbox(
            tell("data.approximate"), key="data_approximate"
        )
    return made_up, bool(approximate), credit.strip()


def _check_and_take_in(
    workspace: Workspace, request: Request, looked: Looked, *, fault: str
) -> None:
    kept = kept_upload.outcome()
    checked = kept is not None and kept[0] == request
    st.subheader(tell("data.step.check"), anchor=False)
    place = st.empty()
    with place.container(horizontal=True):
        check = st.button(
            tell("data.check_button"),
            type="secondary" if checked else "primary",
            icon=":material/fact_check:",
            key="data_check",
            disabled=bool(fault),
        )
        wanted = checked and st.button(
            tell("data.import_button"),
            type="primary",
            icon=":material/upload_file:",
            key="data_import",
        )
    if not checked and not check:
        st.caption(tell("data.check_lead"))
    if check or wanted:
        # What shows the work takes the place of the buttons that began it.
        place.empty()
        try:
            found = do(workspace, request, trial=bool(check))
            if wanted and request.mapping is not None:
                kept_mappings.keep(workspace, request.mapping, looked.headers)
        except Problem as problem:
            kept_upload.keep_refusal(request, problem)
            st.rerun()
        kept_upload.keep_outcome(request, found, done=bool(wanted))
        if wanted:
            asking_done(found)
        st.rerun()
    refusal = kept_upload.refusal(request)
    if refusal is not None:
        st.error(refusal.sentence(page_words.language()), icon=":material/error:")
        st.caption(tell("data.untouched"))
    if checked and kept is not None:
        st.info(tell("data.checked"), icon=":material/visibility:")
        show_outcome(kept[0], kept[1])


def do(workspace: Workspace, request: Request, *, trial: bool) -> Outcome:
    """Take a file in, or try it, beside the app: the steps are shown, and it can be ended.

    Raises
    ------
    Problem
        As ``phaenthi.apps.intake.importing.take_in``.
    """
    with handed_over(workspace, request, trial=trial) as (asked, read_outcome):
        working.finish(Job("take_in", **asked), "data", say_step, tell("data.working.note"))
        return read_outcome()


def say_step(step: str) -> str:
    """Return what a step of an import is called."""
    return tell(f"data.working.{step or 'starting'}")


def asking_done(found: Outcome) -> None:
    """Tell on the next page that the import is done."""
    counts = found.report.provenance
    st.session_state["told_next"] = tell(
        "data.imported",
        layer=page_words.layer_label(found.report.layer),
        kept=f"{counts.rows_kept:,}",
    )


def show_done(request: Request, found: Outcome) -> None:
    """Show the report of an import that was done, and where to go on."""
    st.success(
        tell(
            "data.done",
            file=request.upload.name,
            layer=page_words.layer_label(request.layer),
        ),
        icon=":material/task_alt:",
    )
    show_outcome(request, found)
    with st.container(horizontal=True):
        if found.waiting and st.button(
            tell("data.to_queue", count=f"{found.waiting:,}"),
            type="primary",
            key="data_to_queue",
            icon=":material/rule:",
        ):
            st.session_state["data_part_next"] = "queue"
            st.rerun()
        st.download_button(
            tell("data.report_download"),
            lambda: found.as_workbook(page_words.language()),
            file_name=f"import-{request.layer}.xlsx",
            icon=":material/download:",
            key="data_report",
        )
        if st.button(tell("data.next_file"), key="data_next_file", icon=":material/add:"):
            kept_upload.keep_upload(None)
            st.rerun()


def show_outcome(request: Request, found: Outcome) -> None:
    """Show what became, or would become, of the rows of a file."""
    counts, report = found.report.provenance, found.report
    figures = [
        (tell("data.figure.read"), f"{counts.rows_read:,}", tell("data.figure.read_note")),
        (tell("data.figure.kept"), f"{counts.rows_kept:,}", tell("data.figure.kept_note")),
        (
            tell("data.figure.aside"),
            f"{counts.rows_set_aside:,}",
            tell("data.figure.aside_note"),
        ),
    ]
    if found.places is not None:
        matched = len(found.places) - found.waiting
        figures += [
            (tell("data.figure.matched"), f"{matched:,}", tell("data.figure.matched_note")),
            (tell("data.figure.waiting"), f"{found.waiting:,}", tell("data.figure.waiting_note")),
        ]
    furniture.show_figures(figures)
    changes = found.changes
    if changes.removed > changes.unchanged + changes.changed:
        st.warning(
            tell("data.most_gone", removed=f"{changes.removed:,}"), icon=":material/warning:"
        )
    if changes.before:
        st.caption(
            tell(
                "data.changed",
                before=changes.before,
                added=f"{changes.added:,}",
                removed=f"{changes.removed:,}",
                changed=f"{changes.changed:,}",
                unchanged=f"{changes.unchanged:,}",
            )
        )
    language = page_words.language()
    notes = [note.sentence(language) for note in report.notes]
    if notes:
        st.markdown(markdown.bullets(notes))
    if not report.set_aside.empty:
        show_set_aside(report.set_aside, request.layer)
