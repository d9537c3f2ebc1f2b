"""Programme coverage by year: villages that were targets of what, and saved plans beside them."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from markupsafe import Markup

from phaenthi.apps.planning import plan_labels
from phaenthi.apps.planning.plans import load_plan, saved_plans
from phaenthi.apps.planning.units import load_programme
from phaenthi.apps.screens import page_words
from phaenthi.apps.screens import show as st
from phaenthi.apps.screens.overview.asked import View
from phaenthi.apps.screens.page_words import tell
from phaenthi.geo.places.codes import Level
from phaenthi.geo.texts import html
from phaenthi.layers.registers.programme_names import programmes
from phaenthi.layers.villages.by_year import helped_by_year
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.wording import Language, Problem

# Okabe and Ito's palette, safe for colour-blind eyes; more programmes are told as one.
COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#8C6D1F")
OTHERS, OTHERS_COLOUR = "others", "#7F8C92"


@st.cache_resource(show_spinner=False, max_entries=4)
def helped(folder: str, generation: int) -> pd.DataFrame:
    """Return village_code, year and programme of the history. Do not change it."""
    del generation
    return helped_by_year(Workspace.open(folder))


@st.cache_data(show_spinner=False, max_entries=256)
def villages_of_plan(folder: str, plan_id: str) -> tuple[str, int, tuple[str, ...]] | None:
    """Return programme, fiscal year and villages of a saved plan; None where it is damaged.

    A plan never changes: its id is made of its content.
    """
    try:
        plan = load_plan(Workspace.open(folder), plan_id)
    except Problem:
        return None
    chosen = plan.units.loc[plan.units["status"] == "chosen", "village_code"].dropna()
    return plan.programme_id, plan.fiscal_year, tuple(sorted(set(chosen.astype(str))))


def planned(folder: str, area: str) -> pd.DataFrame:
    """Return the villages that plans put away would help.

    Returns
    -------
    DataFrame
        programme (the id of its pack), year, villages that are chosen, or hold what is chosen; of
        several plans of a programme and year the newest of each province counts.
    """
    workspace = Workspace.open(folder)
    labelled = plan_labels.in_order(saved_plans(workspace), workspace)
    seen: set[tuple[str, int, str]] = set()
    rows = []
    for plan_id, label in labelled:
        if label is None:
            continue
        found = villages_of_plan(folder, plan_id)
        if found is None:
            continue
        programme, year, codes = found
        provinces = {code[: Level.PROVINCE.digits] for code in codes}
        new = {one for one in provinces if (programme, year, one) not in seen}
        seen |= {(programme, year, one) for one in new}
        rows += [
            (programme, year, code)
            for code in codes
            if code[: Level.PROVINCE.digits] in new and code.startswith(area)
        ]
    table = pd.DataFrame(rows, columns=["programme", "year", "village_code"])
    return table.groupby(["programme", "year"]).size().rename("villages").reset_index()


def count_coverage(rows: pd.DataFrame, area: str) -> pd.DataFrame:
    """Count the villages of an area by programme and fiscal year.

    Parameters
    ----------
    rows
        village_code, year, programme.

    Returns
    -------
    DataFrame
        Index of programmes, the one with most villages first; a column a year, in order; whole
        numbers, 0 where none.
    """
    inside = rows[rows["village_code"].str.startswith(area)]
    counts = inside.groupby(["programme", "year"])["village_code"].nunique()
    table = counts.unstack("year", fill_value=0)  # noqa: PD010 - programmes by years
    order = table.sum(axis=1).sort_values(ascending=False, kind="stable").index
    return table.loc[order].sort_index(axis=1).astype(int)


def programme_name(slug: str, language: Language) -> str:
    """Return what people call a programme of the history."""
    for one in programmes():
        if one["slug"] == slug:
            return one[f"name_{language}"]
    return slug


def pack_name(folder: str, programme: str, language: Language) -> str:
    """Return the name of a rule pack; its id where it is no longer there."""
    try:
        return load_programme(Workspace.open(folder), programme).name(language)
    except Problem:
        return programme


def drawn_groups(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with the smallest programmes put into one, so that colours suffice."""
    if len(table) <= len(COLOURS):
        return table
    first = table.iloc[: len(COLOURS) - 1]
    rest = table.iloc[len(COLOURS) - 1 :].sum().rename(OTHERS).to_frame().T
    return pd.concat([first, rest]).astype(int)


def chart_html(
    table: pd.DataFrame, totals: Mapping[int, int], plans_of: pd.DataFrame, folder: str
) -> Markup:
    """Return a bar a year, cut by programme; saved plans are hatched bars of their own.

    Parameters
    ----------
    table
        From :func:`count_coverage`.
    totals
        Villages by year, each once however many programmes it had.
    plans_of
        From :func:`planned`.
    folder
        Of the workspace.
    """
    language = page_words.language()
    groups = drawn_groups(table)
    colours = dict(zip(groups.index, COLOURS, strict=False)) | {OTHERS: OTHERS_COLOUR}
    longest = max([*groups.sum().tolist(), *plans_of["villages"].tolist(), 1])
    rows = []
    for year in groups.columns:
        parts_of_bar = html.join(
            html.fill(
                '<i style="width:{:.2f}%;background:{}"></i>',
                100 * count / longest,
                colours[name],
            )
            for name, count in groups[year].items()
            if count
        )
        rows.append(_bar(str(year), parts_of_bar, f"{totals.get(int(year), 0):,}"))
    for plan in plans_of.to_dict("records"):
        width = 100 * plan["villages"] / longest
        bar = html.fill('<i class="ph-hatched" style="width:{:.2f}%"></i>', width)
        rows.append(
            _bar(
                tell("overview.coverage.plan_bar", year=plan["year"]), bar, f"{plan['villages']:,}"
            )
        )
    entries = [
        (f"background:{colours[name]}", _group_name(str(name), language)) for name in groups.index
    ]
    legend = html.join(
        html.fill('<span><i class="ph-swatch" style="{}"></i>{}</span>', style, words)
        for style, words in entries
    )
    if len(plans_of):
        names = ", ".join(
            dict.fromkeys(pack_name(folder, one, language) for one in plans_of["programme"])
        )
        words = tell("overview.coverage.plan_legend", programmes=names)
        legend += html.fill('<span><i class="ph-swatch ph-hatched"></i>{}</span>', words)
    return html.fill(
        '<div class="ph-bars">{}</div><div class="ph-below"><div '
        'class="ph-legend ph-wrapped">{}</div></div>',
        html.join(rows),
        legend,
    )


def _bar(label: str, bar: Markup, told: str) -> Markup:
    return html.fill(
        '<div class="ph-bar-row"><span>{}</span><div>{}<b>{}</b></div></div>',
        label,
        bar,
        told,
    )


def _group_name(name: str, language: Language) -> str:
    return tell("overview.coverage.others") if name == OTHERS else programme_name(name, language)


def told_table(table: pd.DataFrame, plans_of: pd.DataFrame, folder: str) -> pd.DataFrame:
    """Return the coverage with names in place of ids: a row a programme, a column a year."""
    language = page_words.language()
    years = sorted({*table.columns, *plans_of["year"]})
    named = table.reindex(columns=years, fill_value=0)
    labels = [programme_name(str(one), language) for one in named.index]
    rows = [named.loc[one].tolist() for one in named.index]
    for plan in plans_of.to_dict("records"):
        name = pack_name(folder, plan["programme"], language)
        # Packs of two years, and copies of one, may have one name: each keeps its row.
        labels.append(tell("overview.coverage.plan_row", programme=name))
        rows.append([plan["villages"] if year == plan["year"] else 0 for year in years])
    return pd.DataFrame(rows, index=labels, columns=[str(year) for year in years])


def show(view: View) -> None:
    """Show the chart and the table."""
    st.subheader(tell("overview.coverage.title"), anchor=False)
    found = gather(view)
    if found is None:
        st.info(tell("overview.coverage.nothing"), icon=":material/info:")
        return
    table, totals, plans_of = found
    left, right = st.columns([1, 1.2], gap="medium")
    with left:
        st.html(chart_html(table, totals, plans_of, view.folder))
    with right:
        told = told_table(table, plans_of, view.folder)
        st.dataframe(
            told.reset_index(names="programme"),
            hide_index=True,
            height="auto",
            column_config={
                "programme": st.column_config.TextColumn(
                    tell("overview.coverage.programme"), width=330
                ),
                **{
                    year: st.column_config.NumberColumn(year, format="localized")
                    for year in told.columns
                },
            },
            key=f"overview_coverage_{view.area}_{page_words.language()}",
        )
    st.caption(tell("overview.coverage.note"))


def gather(view: View) -> tuple[pd.DataFrame, dict[int, int], pd.DataFrame] | None:
    """Return the coverage of the area, its villages by year, and its plans; None without any."""
    rows = helped(*view.place)
    plans_of = planned(view.folder, view.area)
    inside = rows[rows["village_code"].str.startswith(view.area)]
    if inside.empty and plans_of.empty:
        return None
    totals = inside.groupby("year")["village_code"].nunique()
    return (
        count_coverage(rows, view.area),
        dict(zip(totals.index.astype(int), totals.astype(int), strict=True)),
        plans_of,
    )
