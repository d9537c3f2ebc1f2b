"""A package that somebody sent: whether it stands, with nothing but the file."""

from __future__ import annotations

import tempfile
from pathlib import Path

from phaenthi.apps.exports.sealed_package import Checked, check_package, say_failure
from phaenthi.apps.screens import kept_choices, page_words
from phaenthi.apps.screens import show as st
from phaenthi.apps.screens.page_words import tell
from phaenthi.geo.texts import markdown
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.wording import Problem, say


def show(workspace: Workspace) -> None:
    """Ask for a package and tell what its check found."""
    del workspace
    st.write(tell("exports.check.intro"))
    sent = st.file_uploader(
        tell("exports.check.file"), type="zip", key=kept_choices.widget_key("exports_check")
    )
    if sent is None:
        return
    with tempfile.TemporaryDirectory(prefix="phaenthi-") as folder:
        path = Path(folder) / "package.zip"
        path.write_bytes(sent.getvalue())
        try:
            with st.spinner(tell("exports.check.working")):
                found = check_package(path)
        except Problem as problem:
            told = Problem(problem.message_id, **{**problem.values, "file": sent.name})
            st.error(told.sentence(page_words.language()), icon=":material/error:")
            return
    show_found(found, sent.name)


def show_found(found: Checked, name: str) -> None:
    """Tell what the check of a package found."""
    language = page_words.language()
    if found.stands:
        st.success(say("package.stands", language, plan=found.plan_id), icon=":material/verified:")
        lines = [say(f"package.optimum_{found.optimum}", language)]
    else:
        st.error(tell("exports.check.refused", file=name), icon=":material/gpp_bad:")
        lines = [say_failure(one, language) for one in found.failures]
    lines.append(say(f"package.edition.{found.edition}", language))
    if found.made_up:
        lines.append(say("export.made_up", language))
    st.markdown(markdown.bullets(lines))
