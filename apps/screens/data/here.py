"""What is here: how old each layer is, where it came from, what was set aside of its file."""

from __future__ import annotations

import pandas as pd

from phaenthi.apps.dates import told_date
from phaenthi.apps.intake.upload import IMPORTED
from phaenthi.apps.screens import kept_choices, page_words
from phaenthi.apps.screens import show as st
from phaenthi.apps.screens.data.paging import choose_page
from phaenthi.apps.screens.page_words import tell
from phaenthi.geo.boundaries.care import BoundaryCare, examine
from phaenthi.geo.places.codes import Level, parent_code
from phaenthi.geo.texts import markdown
from phaenthi.geo.texts.csv import csv_bytes
from phaenthi.layers.contracts.boundaries import layer_name
from phaenthi.layers.contracts.catalogue import contract_of
from phaenthi.layers.contracts.provenance import Provenance
from phaenthi.layers.imports.report import age_of_layers
from phaenthi.layers.villages.shown import lacking_provinces
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.wording import say

OLD_DAYS = 365
"""A layer imported longer ago than this is marked: most registers are made anew each year."""
FAULTS_SHOWN = 200
_BOUNDARIES = {layer_name(level): level for level in (Level.PROVINCE, Level.AMPHOE, Level.TAMBON)}
_ABOVE = {Level.AMPHOE: Level.PROVINCE, Level.TAMBON: Level.AMPHOE}


def show(workspace: Workspace) -> None:
    """Draw this part."""
    if not workspace.layers:
        st.info(tell("data.empty"), icon=":material/info:")
    show_layers(workspace)
    if workspace.layers:
        show_one(workspace)


def show_layers(workspace: Workspace) -> None:
    """Show a row a layer, those that are not here yet included."""
    ages = age_of_layers(workspace).set_index("layer")
    names = [name for name in ages.index if workspace.has(name) or name in IMPORTED]
    rows = [
        _row_of_embedded(name)
        if name in _BOUNDARIES
        and not workspace.has(name)
        and lacking_provinces(workspace, _BOUNDARIES[name])
        else _row(name, workspace.provenance(name), ages.loc[name, "days"])
        for name in names
    ]
    number = st.column_config.NumberColumn
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        width="stretch",
        placeholder="–",
        column_config={
            "layer": st.column_config.TextColumn(tell("about.layer"), pinned=True),
            "state": tell("data.state"),
            "age": st.column_config.TextColumn(tell("data.age"), help=tell("data.age_help")),
            "rows": number(tell("about.rows"), format="localized"),
            "set_aside": number(
                tell("about.set_aside"), format="localized", help=tell("data.set_aside_help")
            ),
            "source": tell("about.source"),
            "made_up": tell("about.made_up"),
        },
    )


def _row(name: str, origin: Provenance | None, days: object) -> dict[str, object]:
    if origin is None:
        return {"layer": page_words.layer_label(name), "state": tell("data.not_here")}
    age = int(str(days))
    return {
        "layer": page_words.layer_label(name),
        "state": tell("data.old" if age > OLD_DAYS else "data.here"),
        "age": say_age(age),
        "rows": origin.rows_kept,
        "set_aside": origin.rows_set_aside,
        "source": origin.source,
        "made_up": tell("about.yes") if origin.made_up else None,
    }


def _row_of_embedded(name: str) -> dict[str, object]:
    return {
        "layer": page_words.layer_label(name),
        "state": tell("data.embedded"),
        "age": None,
        "rows": None,
        "set_aside": None,
        "source": tell("data.embedded_source"),
    }


def say_age(days: int) -> str:
    """Return an age in words: today, days, months or years."""
    if days < 1:
        return tell("data.age_today")
    if days < 60:
        return tell("data.age_days", days=days)
    if days < 2 * OLD_DAYS:
        return tell("data.age_months", months=days * 12 // OLD_DAYS)
    return tell("data.age_years", years=days // OLD_DAYS)


# -- one layer ------------------------------------------------------------------------------------


def show_one(workspace: Workspace) -> None:
    """Show where one layer came from, what was set aside of it, and how its boundaries fit."""
    st.subheader(tell("data.one"), anchor=False)
    layer = kept_choices.choose_one(
        tell("about.layer"), workspace.layers, "data_detail", page_words.layer_label, width=420
    )
    origin = workspace.provenance(layer)
    if origin is None:
        return
    facts = [
        (tell("about.source"), origin.source),
        (tell("about.date"), told_date(origin.imported_at, page_words.language())),
        (tell("data.owner"), origin.credit or "–"),
        (tell("data.hash"), origin.sha256[:16] + " …" if origin.sha256 else "–"),
        (
            tell("data.read_kept_aside"),
            f"{origin.rows_read:,} / {origin.rows_kept:,} / {origin.rows_set_aside:,}",
        ),
    ]
    if origin.made_up:
        facts.append((tell("about.made_up"), tell("about.yes")))
    if origin.approximate:
        facts.append((tell("approximate"), tell("about.yes")))
    st.markdown(markdown.bullets(markdown.fill("{}: **{}**", *fact) for fact in facts))
    if origin.rows_set_aside:
        show_set_aside(workspace.set_aside(layer), layer)
    if layer in _BOUNDARIES:
        show_care(workspace, _BOUNDARIES[layer])


def tell_set_aside(aside: pd.DataFrame, layer: str) -> pd.DataFrame:
    """Return rows set aside in words; what was found in records of people stays out of sight."""
    language = page_words.language()
    reasons = {str(one): say(str(one), language) for one in aside["reason"].unique()}
    table = pd.DataFrame(
        {
            tell("data.aside.row"): aside["row"],
            tell("data.aside.reason"): aside["reason"].map(reasons),
            tell("data.aside.column"): aside["column"].map(column_label),
        }
    )
    if not contract_of(layer).of_people:
        table[tell("data.aside.found")] = aside["found"]
    return table


def column_label(name: object) -> str:
    """Return what people call a column of a layer; what has no words is told as it is."""
    try:
        return say(f"layers.columns.{name}", page_words.language())
    except KeyError:
        return str(name)


def show_set_aside(aside: pd.DataFrame, layer: str) -> None:
    """Show the rows of a file that were set aside, a page at a time, and give them as a file."""
    rows = f"{aside['row'].nunique():,}"
    st.markdown(markdown.bold(tell("data.aside.title", count=rows)))
    counts = aside.groupby("reason", sort=False)["row"].nunique().sort_values(ascending=False)
    said = [f"{say(str(why), page_words.language())}: {count:,}" for why, count in counts.items()]
    st.caption(" · ".join(said))
    first, end = choose_page(len(aside), f"data_aside_page_{layer}")
    st.dataframe(
        tell_set_aside(aside.iloc[first:end], layer),
        hide_index=True,
        width="stretch",
        height="content" if end - first <= 8 else 300,
        placeholder="–",
    )
    st.download_button(
        tell("data.aside.download"),
        lambda: csv_bytes(tell_set_aside(aside, layer)),
        file_name=f"{layer}-set-aside.csv",
        mime="text/csv",
        icon=":material/download:",
        key=f"data_aside_{layer}",
    )


@st.cache_resource(show_spinner=False, max_entries=6)
def care_of(folder: str, generation: int, level: Level) -> BoundaryCare:
    """Return what is wrong with the boundaries of a level. Do not change it."""
    del generation
    workspace = Workspace.open(folder)
    table = workspace.boundaries(level)
    above = _ABOVE.get(level)
    whole = workspace.boundaries(above) if above and workspace.has(layer_name(above)) else None
    inside = {str(parent_code(code, Level.PROVINCE)) for code in table["code"]}
    province = inside.pop() if len(inside) == 1 and level is not Level.PROVINCE else None
    return examine(table, above=whole, province=province)


def show_care(workspace: Workspace, level: Level) -> None:
    """Show on request how the boundaries of a level fit together."""
    st.markdown(markdown.bold(tell("data.care.title")))
    key = f"data_care_{level}_{workspace.generation}"
    if not st.session_state.get(key):
        st.caption(tell("data.care.lead"))
        if not st.button(tell("data.care.button"), key="data_care", icon=":material/rule:"):
            return
        st.session_state[key] = True
        st.rerun()
    with st.spinner(tell("data.care.working"), show_time=True):
        care = care_of(workspace.address, workspace.generation, level)
    st.markdown(markdown.bullets(care.lines(page_words.language())))
    if care.faults.empty:
        return
    faults = care.faults.head(FAULTS_SHOWN)
    names = [*faults["code"].dropna(), *faults["other_code"].dropna()]
    known = {
        code: f"{code} {page_words.area_name(str(code), page_words.language())}" for code in names
    }
    st.dataframe(
        pd.DataFrame(
            {
                "kind": [tell(f"data.care.kind.{kind}") for kind in faults["kind"]],
                "code": faults["code"].map(known),
                "other_code": faults["other_code"].map(known),
                "square_kilometres": faults["square_kilometres"].round(4),
                "width_metres": faults["width_metres"].round(1),
            }
        ),
        hide_index=True,
        width="stretch",
        placeholder="–",
        column_config={
            "kind": tell("data.care.head_kind"),
        }
        | {
            name: tell(f"data.care.{name}")
            for name in ("code", "other_code", "square_kilometres", "width_metres")
        },
    )
    if len(care.faults) > FAULTS_SHOWN:
        st.caption(tell("data.care.more", shown=FAULTS_SHOWN, count=f"{len(care.faults):,}"))
