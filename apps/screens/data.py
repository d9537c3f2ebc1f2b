"""The data of the workspace: what is there, what is missing where, one more file, one step back."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import BinaryIO

import pandas as pd
import streamlit as st

from apps.dates import told_date
from apps.screens import address, area_map, parts
from apps.screens.area_map import Figure
from apps.screens.parts import tell
from geo.codes import Level
from geo.gazetteer import name_of
from layers import beneficiaries, boundaries, history, households, poverty, villages
from layers.importing import import_file
from layers.manifest import read_manifest
from layers.provenance import ImportReport
from layers.workspace import Workspace
from wording import Problem, say

IN_ADDRESS = ("where", "lacking")
# In the order in which an office lays them.
IMPORTED = (
    *(contract.name for contract in boundaries.CONTRACTS),
    villages.CONTRACT.name,
    households.CONTRACT.name,
    poverty.CONTRACT.name,
    history.CONTRACT.name,
    beneficiaries.CONTRACT.name,
)
# The year that a register may lack, because its file is of one year.
YEAR_COLUMNS = {
    households.CONTRACT.name: "survey_year",
    poverty.CONTRACT.name: "register_year",
}
LACKING = ("without_survey", "income_unknown", "without_poverty", "without_point")
UPLOAD_STYLE = """
[data-testid="stFileUploaderDropzoneInstructions"] { display: none; }
[data-testid="stFileUploaderDropzone"] button p { font-size: 0; }
[data-testid="stFileUploaderDropzone"] button p::after { content: "%s"; font-size: 0.95rem; }
"""
FEW_ROWS = 5
TABLE_HEIGHT = 420


def show() -> None:
    """Draw the page."""
    workspace = parts.open_workspace()
    parts.show_heading(tell("data.title"), workspace)
    if workspace is None:
        return
    show_layers(workspace)
    left, right = st.columns([1.4, 1], gap="medium")
    with left:
        show_import(workspace)
    with right:
        show_undo(workspace)
    show_lacking(workspace)
    address.write(IN_ADDRESS)


# -- what is there ---------------------------------------------------------------------------------


def show_layers(workspace: Workspace) -> None:
    """Show a row a layer, those that are not here yet included."""
    rows = [
        {
            "layer": parts.layer_label(str(layer["layer"])),
            "state": tell("data.here"),
            "rows": layer["rows"],
            "set_aside": layer["set_aside"],
            "source": layer["source"],
            "date": told_date(layer["imported_at"], parts.language()),
            "made_up": tell("about.yes") if layer["made_up"] else None,
        }
        for layer in workspace.status().to_dict("records")
    ]
    rows += [
        {"layer": parts.layer_label(name), "state": tell("data.not_here")}
        for name in IMPORTED
        if not workspace.has(name)
    ]
    number = st.column_config.NumberColumn
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        width="stretch",
        placeholder="–",
        column_config={
            "layer": tell("about.layer"),
            "state": tell("data.state"),
            "rows": number(tell("about.rows"), format="localized"),
            "set_aside": number(
                tell("about.set_aside"), format="localized", help=tell("data.set_aside_help")
            ),
            "source": tell("about.source"),
            "date": tell("about.date"),
            "made_up": tell("about.made_up"),
        },
    )


# -- one more file ---------------------------------------------------------------------------------


def show_import(workspace: Workspace) -> None:
    """Ask for a file and its layer, take it in, and tell what became of its rows."""
    st.subheader(tell("data.import"), anchor=False)
    st.caption(tell("data.import_lead"))
    layer = parts.choose_one(
        tell("about.layer"),
        IMPORTED,
        "data_layer",
        lambda name: (
            parts.layer_label(name)
            if workspace.has(name)
            else f"{parts.layer_label(name)} · {tell('data.not_here')}"
        ),
    )
    # Streamlit has these words in English alone.
    st.html(f"<style>{UPLOAD_STYLE % tell('data.browse')}</style>")
    with st.form("import", border=False):
        sent = st.file_uploader(tell("data.file"), key="data_file", help=tell("data.file_help"))
        year = ""
        if layer in YEAR_COLUMNS:
            year = st.text_input(tell("data.year"), key="data_year", placeholder="2562")
        credit = st.text_input(tell("data.credit"), key="data_credit")
        made_up = st.checkbox(tell("data.made_up"), key="data_made_up")
        approximate = layer.startswith("boundaries_") and st.checkbox(
            tell("data.approximate"), key="data_approximate"
        )
        pressed = st.form_submit_button(
            tell("data.import_button"), type="primary", icon=":material/upload_file:"
        )
    if pressed and sent is None:
        st.error(tell("data.no_file"), icon=":material/error:")
    elif pressed and sent is not None:
        try:
            with st.spinner(tell("data.importing"), show_time=True):
                st.session_state["import_report"] = take_in(
                    workspace,
                    layer,
                    sent.name,
                    sent,
                    constants={YEAR_COLUMNS[layer]: year.strip()} if year.strip() else {},
                    marks=(made_up, bool(approximate)),
                    credit=credit.strip(),
                )
        except Problem as problem:
            st.session_state.pop("import_report", None)
            st.error(problem.sentence(parts.language()), icon=":material/error:")
            st.caption(tell("data.untouched"))
        else:
            st.rerun()
    report = st.session_state.get("import_report")
    if report is not None:
        show_report(report)


def take_in(
    workspace: Workspace,
    layer: str,
    name: str,
    content: BinaryIO,
    *,
    constants: dict[str, str],
    marks: tuple[bool, bool],
    credit: str,
) -> ImportReport:
    """Lay the content of a file into the workspace; no copy of it stays on this machine.

    Parameters
    ----------
    marks
        Whether its data are made up, and whether its boundaries are approximate.

    Raises
    ------
    Problem
        As :func:`layers.importing.import_file`; the workspace is then as it was.
    """
    made_up, approximate = marks
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / Path(name).name
        path.write_bytes(content.read())
        return import_file(
            workspace,
            layer,
            path,
            made_up=made_up,
            approximate=approximate,
            credit=credit,
            constants=constants,
        )


def show_report(report: ImportReport) -> None:
    """Show what became of the rows of a file; what was found in them stays out of sight."""
    counts, language = report.provenance, parts.language()
    told = say(
        "cli.workspace.import.done",
        language,
        layer=parts.layer_label(report.layer),
        read=f"{counts.rows_read:,}",
        kept=f"{counts.rows_kept:,}",
        aside=f"{counts.rows_set_aside:,}",
    )
    st.success(told, icon=":material/task_alt:")
    for note in report.notes:
        st.caption(f"· {parts.plain(note.sentence(language))}")
    if report.set_aside.empty:
        return
    rows = []
    for reason, those in report.set_aside.groupby("reason", sort=True):
        numbers = sorted(set(those["row"]))
        first = ", ".join(f"{row:,}" for row in numbers[:FEW_ROWS])
        more = " …" if len(numbers) > FEW_ROWS else ""
        rows.append((say(str(reason), language), len(numbers), f"{first}{more}"))
    heads = [say(f"cli.workspace.import.{name}", language) for name in ("reason", "count", "rows")]
    st.dataframe(pd.DataFrame(rows, columns=heads), hide_index=True, width="stretch")


# -- one step back ---------------------------------------------------------------------------------


def show_undo(workspace: Workspace) -> None:
    """Show the last change and take it back if the reader says so twice."""
    st.subheader(tell("data.undo"), anchor=False)
    generations = read_manifest(workspace.folder).generations
    if len(generations) < 2:
        st.caption(tell("data.nothing_to_undo"))
        return
    last = generations[-1]
    st.write(
        tell(
            "data.last_change",
            layer=parts.layer_label(last.change),
            date=told_date(last.at, parts.language()),
        )
    )
    with st.popover(tell("data.undo_button"), icon=":material/undo:"):
        st.write(tell("data.undo_sure", layer=parts.layer_label(last.change)))
        if st.button(tell("data.undo_confirm"), type="primary", key="data_undo"):
            undone = parts.layer_label(workspace.undo())
            st.session_state.pop("import_report", None)
            st.session_state["told_next"] = tell("data.undone", layer=undone)
            st.rerun()


# -- what is missing where -------------------------------------------------------------------------


def show_lacking(workspace: Workspace) -> None:
    """Show by amphoe, on a map and in a table, where data are still missing."""
    st.subheader(tell("data.lacking"), anchor=False)
    if not workspace.has("villages"):
        st.info(tell("data.villages_first"))
        return
    place = (str(workspace.folder), workspace.generation)
    table = count_lacking(parts.village_table(*place))
    language = parts.language()
    provinces = sorted(table["code"].str[: Level.PROVINCE.digits].unique())
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        province = parts.choose_one(
            tell("targeting.province"),
            provinces,
            "data_province",
            lambda code: name_of(code, language),
            default=parts.recall("province", provinces, provinces[0]),
            width=240,
        )
        wanted = parts.choose_one(
            tell("data.what"),
            LACKING,
            "data_indicator",
            lambda name: tell(f"data.show.{name}"),
            width=340,
        )
    inside = table[table["code"].str.startswith(province)]
    left, right = st.columns([1.25, 1], gap="medium")
    with left:
        by_code = inside.set_index("code")
        figure = Figure(
            values=by_code[wanted],
            hidden=pd.Series(data=False, index=by_code.index),
            title=tell(f"data.show.{wanted}"),
            unit=tell(f"data.unit.{wanted}"),
            form=",.1f" if wanted == "income_unknown" else ",.0f",
        )
        area_map.show(
            place,
            Level.AMPHOE,
            province,
            figure,
            key="data_map",
            chosen=st.session_state.get("data_chosen"),
            on_click=_take_click,
        )
    with right:
        _show_lacking_table(inside.sort_values([wanted, "code"], ascending=[False, True]), wanted)
    st.caption(tell("data.lacking_note"))


def count_lacking(table: pd.DataFrame) -> pd.DataFrame:
    """Count by amphoe what is not known.

    Parameters
    ----------
    table
        The village table.

    Returns
    -------
    DataFrame
        code, villages; villages ``without_survey``, ``without_poverty`` and ``without_point``;
        ``income_unknown``, per cent of the surveyed households.
    """
    rows = pd.DataFrame(
        {
            "code": table[Level.AMPHOE.column],
            "villages": 1,
            "without_survey": table["households"].isna().astype(int),
            "without_poverty": table["poor_households"].isna().astype(int),
            "without_point": (~table["located"].astype(bool)).astype(int),
            "surveyed": table["households"].fillna(0).astype(int),
            "known": table["households_income_known"].fillna(0).astype(int),
        }
    )
    summed = rows.groupby("code").sum().reset_index()
    share = 100 * (1 - summed["known"] / summed["surveyed"])
    return summed.assign(income_unknown=share.where(summed["surveyed"] > 0)).drop(
        columns=["surveyed", "known"]
    )


def _show_lacking_table(ranked: pd.DataFrame, wanted: str) -> None:
    language = parts.language()
    columns = [wanted, *(name for name in LACKING if name != wanted), "villages"]
    shown = pd.DataFrame(
        {
            "name": [parts.area_name(code, language) for code in ranked["code"]],
            **{name: ranked[name].to_numpy() for name in columns},
        }
    )
    st.dataframe(
        shown,
        hide_index=True,
        height=TABLE_HEIGHT,
        placeholder="–",
        column_config={
            "name": st.column_config.TextColumn(tell("overview.table.name"), pinned=True),
            **{
                name: st.column_config.NumberColumn(
                    tell(f"data.show.{name}"),
                    format="%.1f" if name == "income_unknown" else "localized",
                )
                for name in columns
            },
        },
    )


def _take_click() -> None:
    st.session_state["data_chosen"] = area_map.clicked("data_map")
