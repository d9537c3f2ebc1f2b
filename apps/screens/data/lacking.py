"""What is missing where, by amphoe: on a map and in a table."""

from __future__ import annotations

import pandas as pd

from phaenthi.apps.screens import area_map, kept_choices, page_words, workspace_tables
from phaenthi.apps.screens import show as st
from phaenthi.apps.screens.area_map import Figure
from phaenthi.apps.screens.page_words import tell
from phaenthi.geo.places.codes import Level
from phaenthi.geo.places.gazetteer import name_of
from phaenthi.geo.texts.csv import csv_bytes
from phaenthi.layers.imports.report import missing_by_amphoe
from phaenthi.layers.workspace.folder import Workspace

LACKING = ("without_survey", "income_unknown", "without_poverty", "without_point", "waiting")
TABLE_HEIGHT = 420


def show(workspace: Workspace) -> None:
    """Show by amphoe, on a map and in a table, where data are still missing."""
    st.subheader(tell("data.lacking"), anchor=False)
    if not workspace.has("villages"):
        st.info(tell("data.villages_first"))
        return
    place = (workspace.address, workspace.generation)
    table = lacking_of(*place)
    language = page_words.language()
    provinces = sorted(table["code"].str[: Level.PROVINCE.digits].unique())
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        province = kept_choices.choose_one(
            tell("targeting.province"),
            provinces,
            "data_province",
            lambda code: name_of(code, language),
            default=kept_choices.recall("province", provinces, provinces[0]),
            width=240,
        )
        wanted = kept_choices.choose_one(
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
    with st.container(horizontal=True):
        st.download_button(
            tell("data.lacking_download"),
            lambda: as_csv(table),
            file_name="missing.csv",
            mime="text/csv",
            icon=":material/download:",
        )


@st.cache_resource(show_spinner=False, max_entries=4)
def lacking_of(folder: str, generation: int) -> pd.DataFrame:
    """Return what is not known of a workspace, by amphoe. Do not change it."""
    table = count_lacking(workspace_tables.village_table(folder, generation))
    waiting = missing_by_amphoe(Workspace.open(folder)).set_index("amphoe_code")["waiting"]
    return table.assign(waiting=table["code"].map(waiting.to_dict()).fillna(0).astype("int64"))


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


def as_csv(table: pd.DataFrame) -> bytes:
    """Return what is missing of every amphoe as CSV that a spreadsheet opens in Thai."""
    named = {name: tell(f"data.show.{name}") for name in (*LACKING, "villages")}
    told = table.assign(
        name=[page_words.area_name(code, page_words.language()) for code in table["code"]],
        income_unknown=table["income_unknown"].round(1),
    )[["code", "name", *named]]
    heads = {"code": tell("data.code"), "name": tell("overview.table.name"), **named}
    return csv_bytes(told.rename(columns=heads))


def _show_lacking_table(ranked: pd.DataFrame, wanted: str) -> None:
    language = page_words.language()
    columns = [wanted, *(name for name in LACKING if name != wanted), "villages"]
    shown = pd.DataFrame(
        {
            "name": [page_words.area_name(code, language) for code in ranked["code"]],
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
