"""What a page shows while there is no workspace, or no village in it: how to begin."""

from __future__ import annotations

from pathlib import Path

from phaenthi.apps.demo import first_run
from phaenthi.apps.demo.provinces import provinces_with_villages
from phaenthi.apps.screens import show as st
from phaenthi.apps.screens.kept_choices import choose_one
from phaenthi.apps.screens.page_words import language, tell
from phaenthi.apps.screens.workspace_tables import workspace_folder
from phaenthi.geo.places.gazetteer import name_of
from phaenthi.geo.texts import html
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.wording.hints import short_path, typed


def open_workspace() -> Workspace | None:
    """Return the workspace, or None after telling how to make one."""
    folder = workspace_folder()
    if not Workspace.is_at(folder):
        show_first_run(folder)
        return None
    return Workspace.open(folder)


def show_first_run(folder: Path) -> None:
    """Tell a newcomer that there is no workspace, and make one: the demo, or an empty one."""
    with st.container(border=True):
        st.subheader(tell("first_run.title"))
        st.write(tell("first_run.where", folder=str(folder)))
        left, right = st.columns(2, gap="large")
        with left:
            st.write(tell("first_run.demo"))
            province = choose_one(
                tell("first_run.province"),
                ["", *provinces_with_villages()],
                "first_province",
                lambda code: name_of(code, language()) if code else tell("first_run.four"),
            )
            demo = st.button(
                tell("first_run.demo_button"),
                type="primary",
                key="first_demo",
                icon=":material/science:",
            )
        with right:
            st.write(tell("first_run.own"))
            empty = st.button(
                tell("first_run.own_button"), key="first_empty", icon=":material/create_new_folder:"
            )
        with st.expander(tell("first_run.by_hand"), icon=":material/terminal:"):
            for lines in commands_to_begin(folder):
                st.code("\n".join(lines), language=None)
            st.caption(tell("first_run.then"))
            st.button(tell("first_run.again"))
    if demo:
        with st.spinner(tell("first_run.building"), show_time=True):
            first_run.build_demo(folder, province)
        st.session_state["told_next"] = tell("first_run.demo_made")
        st.rerun()
    if empty:
        Workspace.create(folder)
        st.session_state["kept_data_part"] = "import"
        st.session_state["told_next"] = tell("first_run.empty_made")
        st.rerun()


def commands_to_begin(folder: Path) -> tuple[list[str], list[str]]:
    """Return the commands that make the demo there, and those that begin with own files.

    They are for a shell that knows nothing of the variables that this app was started with.
    """
    files = {"boundaries_tambon": "tambon.zip", "villages": "villages.xlsx"}
    shell: dict[str, str] = {}
    own = [typed("workspace", "create", short_path(folder))]
    for layer, file in files.items():
        words = ("workspace", "import", layer, file)
        own.append(typed(*words, workspace=folder, environment=shell))
    return [typed("demo", workspace=folder, environment=shell)], own


def show_no_register() -> None:
    """Say that nothing can be shown without villages, and lead to where they are imported."""
    st.info(tell("overview.nothing"))
    address = f"data?part=import&lang={language()}"
    st.html(
        html.fill(
            '<a class="ph-link" href="{}" target="_self">{} →</a>', address, tell("overview.begin")
        )
    )
