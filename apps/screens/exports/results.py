"""The right side of the exports page: made on demand, looked at, told about, taken away."""

from __future__ import annotations

import io
import tempfile
import zipfile
from pathlib import Path

from phaenthi.apps.exports.export_choice import Choice, Made, Piece
from phaenthi.apps.long_work.export import asked_of
from phaenthi.apps.long_work.job import Job
from phaenthi.apps.long_work.work_folder import fetch
from phaenthi.apps.screens import kept_choices, page_words, working
from phaenthi.apps.screens import show as st
from phaenthi.apps.screens.exports import previews
from phaenthi.apps.screens.exports.made_files import shelf
from phaenthi.apps.screens.page_words import tell
from phaenthi.geo.texts import html, markdown
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.wording import Problem


def show(choice: Choice, workspace: Workspace) -> None:
    """Show what was made of a choice, or the button that makes it."""
    key = (workspace.address, workspace.generation, choice, page_words.language())
    made = shelf().find(key)
    if made is None:
        show_edition(choice)
        place = st.empty()
        with place:
            wanted = st.button(
                tell("exports.make"),
                type="primary",
                icon=":material/play_arrow:",
                key="exports_make",
                help=tell("exports.make_help"),
            )
        if not wanted:
            st.caption(tell("exports.not_made"))
            return
        place.empty()
        try:
            made = make(choice, workspace)
        except Problem as problem:
            st.error(problem.sentence(page_words.language()), icon=":material/error:")
            return
        shelf().put(key, made)
    else:
        show_edition(choice)
    show_made(made)


def make(choice: Choice, workspace: Workspace) -> Made:
    """Make the files of a choice beside the app: the steps are shown, and it can be ended at once.

    Raises
    ------
    Problem
        As :func:`phaenthi.apps.exports.export_choice.make`.
    """
    with tempfile.TemporaryDirectory(prefix="phaenthi-") as scratch:
        folder = Path(scratch)
        job = Job("make_export", **asked_of(choice, workspace, page_words.language(), folder))
        working.finish(job, "exports", lambda step: step or tell("exports.step.starting"))
        return fetch(Made, folder)


def show_edition(choice: Choice) -> None:
    """Say for whom the files are."""
    if choice.for_office:
        st.badge(tell("exports.badge.office"), icon=":material/lock:", color="red")
    else:
        st.badge(tell("exports.badge.public"), icon=":material/public:", color="green")


def show_made(made: Made) -> None:
    """Show the files with their buttons, what must be known of them, and what is in them."""
    for line in made.left_out:
        st.warning(line, icon=":material/info:")
    if not made.pieces:
        return
    if made.checked is not None:
        show_checked(made)
    with st.container(key="exports_files", gap="xxsmall"):
        for place, piece in enumerate(made.pieces):
            show_piece(piece, place, first=place == 0)
        if len(made.pieces) > 1:
            show_all(made.pieces)
    if made.lines:
        told = html.join(html.fill("<li>{}</li>", line) for line in made.lines)
        heading = tell("exports.to_know")
        st.html(html.fill('<div class="ph-tip ph-known"><b>{}</b><ul>{}</ul></div>', heading, told))
    show_preview(made)


def show_checked(made: Made) -> None:
    """Say what the check of a package found."""
    checked = made.checked
    if checked is None:
        return
    st.success(
        f"{tell('exports.package_checked')} {tell(f'exports.check.optimum_{checked.optimum}')}",
        icon=":material/verified:",
    )


def show_piece(piece: Piece, place: int, *, first: bool) -> None:
    """Show one file: what it is, its name and size, and the button that takes it."""
    with st.container(
        horizontal=True,
        horizontal_alignment="distribute",
        vertical_alignment="center",
        key=f"exports_piece_{place}",
    ):
        size = previews.told_size(len(piece.content))
        st.html(
            html.fill(
                '<div class="ph-piece"><b>{}</b><span>{} · {}</span></div>',
                piece.title,
                piece.name,
                size,
            )
        )
        st.download_button(
            tell("exports.take_it"),
            piece.content,
            file_name=piece.name,
            icon=":material/download:",
            type="primary" if first else "secondary",
            key=f"exports_take_{place}",
            on_click="ignore",
            help=piece.name,
        )


def show_all(pieces: tuple[Piece, ...]) -> None:
    """Show the button that takes all files at once."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for piece in pieces:
            archive.writestr(piece.name, piece.content)
    stem = pieces[0].name.rpartition(".")[0]
    st.download_button(
        tell("exports.take_all", count=len(pieces)),
        packed.getvalue(),
        file_name=f"{stem}-all.zip",
        icon=":material/folder_zip:",
        type="tertiary",
        key="exports_take_all",
        on_click="ignore",
    )


def show_preview(made: Made) -> None:
    """Show the first rows of a map file, or one of the other files."""
    if made.table is not None:
        st.markdown(markdown.bold(tell("exports.preview.title")))
        st.dataframe(made.table, hide_index=True, width="stretch", height="content")
        st.caption(
            tell(
                "exports.preview.rows",
                shown=len(made.table),
                rows=f"{made.rows:,}",
                columns=made.columns,
            )
        )
        return
    shown = sorted(
        (piece for piece in made.pieces if previews.can_show(piece)), key=previews.by_likeness
    )
    if not shown:
        st.caption(tell("exports.preview.none"))
        return
    by_name = {piece.name: piece for piece in shown}
    name = shown[0].name
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(markdown.bold(tell("exports.preview.title")), width="content")
        if len(shown) > 1:
            name = kept_choices.choose_one(
                tell("exports.preview.which"),
                list(by_name),
                f"exports_preview_{'_'.join(by_name)}",
                {name: piece.title for name, piece in by_name.items()}.__getitem__,
                width=420,
                label_visibility="collapsed",
            )
    previews.show(by_name[name])
