"""The map of the areas below the one shown, and the same areas ranked in a table."""

from __future__ import annotations

import pandas as pd

from phaenthi.apps.publication.counts_by_area import hidden_in
from phaenthi.apps.screens import area_map, furniture, page_words, workspace_tables
from phaenthi.apps.screens import show as st
from phaenthi.apps.screens.area_map import Figure
from phaenthi.apps.screens.overview.asked import INDICATORS, OF_REGISTER, View, can_enter, go_to
from phaenthi.apps.screens.overview.headline import latest_year
from phaenthi.apps.screens.page_words import tell
from phaenthi.geo.places.codes import Level, parent_code

TABLE_HEIGHT = 420
# Who wants to read more rows than these looks inside an area.
MOST_ROWS = 1_000


def figure_of(shown: pd.DataFrame, indicator: str) -> Figure:
    """Return what fills the map: the values of an indicator, and which of them are hidden."""
    by_code = shown.set_index("code")
    return Figure(
        values=by_code[indicator],
        hidden=hidden_in(by_code, indicator),
        title=tell(f"overview.show.{indicator}"),
        unit=tell(f"overview.unit.{indicator}"),
        form=",.1f" if indicator == "poor_share" else ",.0f",
    )


def show_map(view: View, shown: pd.DataFrame) -> None:
    """Show the choropleth with its legend."""
    area_map.show(
        view.place,
        view.level,
        view.area,
        figure_of(shown, view.indicator),
        key="overview_map",
        chosen=view.chosen,
        on_click=_take_click,
    )


def _take_click() -> None:
    """Choose the area that was clicked; a second click on it looks inside."""
    code = area_map.clicked("overview_map")
    if code is None:
        return
    if code == st.session_state.get("overview_chosen") and can_enter(code):
        go_to(code)
        return
    st.session_state["overview_chosen"] = code
    st.session_state["overview_by_map"] = code


def ranked(view: View, shown: pd.DataFrame, by_year: pd.DataFrame) -> pd.DataFrame:
    """Return the areas in the order of the indicator, the highest first.

    Returns
    -------
    DataFrame
        code, name, parent, the indicator, ``last_year`` (where the year before is held of any of
        them), the other indicators, households.
    """
    language = page_words.language()
    rows = shown.sort_values([view.indicator, "code"], ascending=[False, True]).head(MOST_ROWS)
    codes = rows["code"].tolist()
    above = view.level.parent or Level.PROVINCE
    table = pd.DataFrame(
        {
            "code": codes,
            "name": workspace_tables.area_names(*view.place, codes, view.level),
            "parent": [page_words.area_name(parent_code(code, above), language) for code in codes],
            view.indicator: rows[view.indicator].to_numpy(),
        }
    )
    earlier = last_years(view, by_year)
    if earlier is not None:
        table["last_year"] = table["code"].map(earlier).astype("Float64")
    others = [name for name in INDICATORS if name != view.indicator]
    return table.assign(**{name: rows[name].to_numpy() for name in (*others, "households")})


def last_years(view: View, by_year: pd.DataFrame) -> pd.Series | None:
    """Return the indicator of the year before the latest by code; None where it is not held."""
    if view.indicator not in OF_REGISTER:
        return None
    year = latest_year(by_year, view.indicator, view.area)
    if year is None:
        return None
    rows = by_year[(by_year["level"] == view.level) & (by_year["year"] == year - 1)]
    values = rows[rows["code"].str.startswith(view.area)].set_index("code")[view.indicator]
    return values if values.notna().any() else None


def heads(view: View, by_year: pd.DataFrame) -> dict[str, str]:
    """Return the headings of the columns of numbers."""
    year = latest_year(by_year, view.indicator, view.area) if view.indicator in OF_REGISTER else 0
    return {
        **{name: tell(f"overview.table.{name}") for name in (*INDICATORS, "households")},
        "last_year": tell("overview.table.last_year", year=(year or 0) - 1),
    }


def has_parents(view: View) -> bool:
    """Tell whether the areas lie in more than one area that the table should name."""
    above = view.level.parent
    return above is not None and above.digits > len(view.area)


def say_none(shown: pd.DataFrame) -> str:
    """Return what stands in a cell without a number: hidden, not known, or either."""
    hidden = bool((shown["hidden"] | shown["persons_hidden"]).any())
    unknown = bool((shown["poor_households"].isna() & ~shown["hidden"]).any())
    if hidden and unknown:
        return tell("overview.table.none")
    return tell("overview.table.hidden") if hidden else "–"


def show_table(view: View, shown: pd.DataFrame, by_year: pd.DataFrame) -> None:
    """Show the areas ranked by the indicator; a row selected shows on the map."""
    table = ranked(view, shown, by_year)
    codes = table["code"].tolist()
    words = heads(view, by_year)
    numbers = {
        name: st.column_config.NumberColumn(
            words[name],
            format="%.1f"
            if "poor_share" in (name, view.indicator if name == "last_year" else "")
            else "localized",
        )
        for name in table.columns[3:]
    }
    # A selection made elsewhere needs a table of its own to be shown in.
    by_map = st.session_state.get("overview_by_map")
    key = f"areas_{view.level}_{view.area}_{view.indicator}_{by_map}"
    st.session_state["overview_codes"] = (key, codes)
    chosen = [codes.index(view.chosen)] if view.chosen in codes else []
    furniture.show_anchor(area_map.TABLE_ANCHOR)
    st.dataframe(
        table.drop(columns="code"),
        hide_index=True,
        height=TABLE_HEIGHT,
        column_config={
            "parent": tell("overview.table.parent") if has_parents(view) else None,
            "name": st.column_config.TextColumn(tell("overview.table.name"), pinned=True),
            **numbers,
        },
        placeholder=say_none(shown),
        key=key,
        on_select=_take_row,
        selection_mode="single-row",
        selection_default={"selection": {"rows": chosen}},
    )
    if len(shown) > MOST_ROWS:
        rows, more = f"{MOST_ROWS:,}", f"{len(shown):,}"
        st.caption(tell("overview.most_rows", rows=rows, count=more))


def _take_row() -> None:
    key, codes = st.session_state["overview_codes"]
    rows = st.session_state[key]["selection"]["rows"]
    st.session_state["overview_chosen"] = codes[rows[0]] if rows else None
