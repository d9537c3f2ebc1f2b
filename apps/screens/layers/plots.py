"""Plots of โคก หนอง นา: how far they are, what checks find, one plot with its sketch and water."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import shapely

from phaenthi.apps.maps.layers import Kind, Points
from phaenthi.apps.papers.plot_sheet import draw_sketch, sketch_lines
from phaenthi.apps.screens import furniture, kept_choices, page_words
from phaenthi.apps.screens import show as st
from phaenthi.apps.screens.layers import pieces
from phaenthi.apps.screens.layers.asked import Asked, amphoe_of
from phaenthi.apps.screens.page_words import tell
from phaenthi.geo.places.codes import Level
from phaenthi.geo.shapes.crs import GEOGRAPHIC, land_area
from phaenthi.geo.texts import html, markdown
from phaenthi.layers.contracts.plots import PONDS
from phaenthi.layers.plots.parameters import land_titles
from phaenthi.layers.plots.sketch import sketch_plot
from phaenthi.layers.plots.states import replacement_for
from phaenthi.layers.plots.summary import summary
from phaenthi.layers.plots.words import RED_FLAGS, SQUARE_METRES_A_RAI, STATUSES
from phaenthi.targeting.judging.plots import (
    PACK,
    PlotChecks,
    check_words,
    checked_plots,
    clause_words,
    finding_sentence,
    plot_row,
    setback_asked,
    told_value,
)
from phaenthi.targeting.programme.programme import load
from phaenthi.wording import Language, say

PLOTS = "plots"
LAYERS = (PLOTS,)
UNKNOWN = "unknown"
COLOURS = {
    "applied": "#BBBBBB",
    "amphoe_checked": "#56B4E9",
    "province_checked": "#0072B2",
    "selected": "#009E73",
    "reserve": "#E69F00",
    "withdrawn": "#333333",
    UNKNOWN: "#ffffff",
}
VIEWS = ("status", "by_amphoe", "checks", "one", "list")
# More plots than these are measured against each other only when the reader asks.
MOST_MEASURED_UNASKED = 3_000
# A box of more choices than these is slow in the browser.
MOST_LISTED = 5_000
VERDICT_MARK = {"met": "✓", "not_met": "✕", "unknown": "?"}


def kinds(language: Language) -> tuple[Kind, ...]:
    """Return how states are drawn."""
    return tuple(
        Kind(
            one,
            COLOURS[one],
            tell(f"layers.plots.letter.{one}"),
            say(f"layers.plot_status.{one}", language),
        )
        for one in (*STATUSES, UNKNOWN)
    )


@st.cache_resource(show_spinner=False, max_entries=6)
def _shapes(folder: str, generation: int) -> gpd.GeoDataFrame:
    del generation
    table = Asked(folder, 0, "").workspace().table(PLOTS)
    return gpd.GeoDataFrame(table, geometry="geometry", crs=GEOGRAPHIC)


def shapes(asked: Asked) -> gpd.GeoDataFrame:
    """Return the plots of the area with their shapes. Do not change them."""
    table = _shapes(*asked.place)
    if not asked.area:
        return table
    inside = table["tambon_code"].str.startswith(asked.area).fillna(value=False).astype(bool)
    return table[inside].reset_index(drop=True)


def points(asked: Asked) -> Points:
    """Return the plots as points by state; one without a shape has none."""
    table = shapes(asked)
    at = shapely.point_on_surface(table.geometry.to_numpy())
    status = table["status"].astype("object").fillna(UNKNOWN)
    area = table["area_square_metres"].astype("Float64")
    told = [land_area(float(one)).sentence(asked.language) if pd.notna(one) else "" for one in area]
    made = pd.DataFrame(
        {
            "id": table["plot_id"],
            "longitude": shapely.get_x(at),
            "latitude": shapely.get_y(at),
            "kind": status.where(status.isin(STATUSES), UNKNOWN),
            "title": [tell("layers.plots.title", plot=one) for one in table["plot_id"]],
            "where": told,
        }
    )
    return Points(PLOTS, "square", kinds(asked.language), made)


def parcels(asked: Asked) -> gpd.GeoDataFrame:
    """Return the plots that have a polygon: code, names, geometry, status."""
    table = shapes(asked)
    polygon = table.geometry.geom_type.isin(["Polygon", "MultiPolygon"])
    here = table[polygon]
    names = [tell("layers.plots.title", plot=one) for one in here["plot_id"]]
    return gpd.GeoDataFrame(
        {
            "code": PLOTS + ":" + here["plot_id"].astype(str),
            "name_th": names,
            "name_en": names,
            "status": here["status"].astype("object").fillna(UNKNOWN),
        },
        geometry=here.geometry.array,
        crs=GEOGRAPHIC,
    ).reset_index(drop=True)


def show(asked: Asked) -> None:
    """Draw the section."""
    if not asked.has(PLOTS) or shapes(asked).empty:
        st.info(tell("layers.nothing_here", layer=page_words.layer_label(PLOTS)))
        return
    table = shapes(asked)
    _show_headline(asked, table)
    view = pieces.ask_view("plots", VIEWS)
    _SHOWN[view](asked, table)
    pieces.show_about(asked, PLOTS, len(table))


def _show_headline(asked: Asked, table: pd.DataFrame) -> None:
    status = table["status"]
    land = table["area_square_metres"].astype("Float64")
    flags = table[list(RED_FLAGS)].astype("boolean")
    flagged = int(flags.any(axis=1, skipna=True).sum())
    unjudged = int(flags.isna().all(axis=1).sum())
    consent = table["owner_consent"].astype("boolean")
    known = land_area(float(land.sum())).sentence(asked.language) if land.notna().any() else "–"

    def count(one: str) -> int:
        return int((status == one).fillna(value=False).sum())

    furniture.show_figures(
        [
            (
                tell("layers.plots.figure.plots"),
                f"{len(table):,}",
                tell("layers.plots.figure.land", area=known),
            ),
            (
                say("layers.plot_status.selected", asked.language),
                f"{count('selected'):,}",
                tell("layers.plots.figure.reserve", count=f"{count('reserve'):,}"),
            ),
            (
                tell("layers.plots.figure.waiting"),
                f"{sum(map(count, ('applied', 'amphoe_checked', 'province_checked'))):,}",
                tell("layers.plots.figure.withdrawn", count=f"{count('withdrawn'):,}"),
            ),
            (
                tell("layers.plots.figure.flagged"),
                f"{flagged:,}",
                tell("layers.plots.figure.unjudged", count=f"{unjudged:,}"),
            ),
            (
                tell("layers.plots.figure.consent"),
                f"{int((~consent).fillna(value=False).sum()):,}",
                tell("layers.unknown_in", count=f"{int(consent.isna().sum()):,}"),
            ),
        ]
    )


def _show_status(asked: Asked, table: pd.DataFrame) -> None:
    language = asked.language
    # Who came as far as a state, or past it: those who are further on went through it.
    order = ("applied", "amphoe_checked", "province_checked", "selected")
    status = table["status"].astype("object").fillna("applied")
    reached = {one: place for place, one in enumerate(order)} | {"reserve": 2, "withdrawn": 0}
    far = status.map(reached).fillna(0)
    bars = []
    for place, one in enumerate(order):
        count = int((far >= place).sum())
        share = 100 * count / len(table)
        bars.append(
            html.fill(
                '<div class="ph-funnel"><span>{}</span><i style="width:{:.2f}%">'
                "</i><b>{:,} · {:.0f}%</b></div>",
                say(f"layers.plot_status.{one}", language),
                max(share, 0.5) * 0.6,
                count,
                share,
            )
        )
    st.html(
        html.fill(
            '<div role="img" aria-label="{}">{}</div>', tell("layers.plots.funnel"), html.join(bars)
        )
    )
    st.caption(tell("layers.plots.funnel_note"))
    counts = table["status"].value_counts()
    rows = pd.DataFrame(
        {
            tell("layers.plots.state"): [
                say(f"layers.plot_status.{one}", language) for one in (*STATUSES, UNKNOWN)
            ],
            tell("layers.plots.figure.plots"): [
                int(counts.get(one, 0)) if one != UNKNOWN else int(table["status"].isna().sum())
                for one in (*STATUSES, UNKNOWN)
            ],
        }
    )
    left, right = st.columns([1, 1.6], gap="medium")
    with left:
        st.markdown(markdown.bold(tell("layers.plots.state")))
        pieces.show_table(rows, "layers_plot_status")
    flags = table[list(RED_FLAGS)].astype("boolean")
    rows = pd.DataFrame(
        {
            tell("layers.plots.flag"): [
                say(f"layers.columns.{one}", language) for one in RED_FLAGS
            ],
            tell("layers.yes"): [int(flags[one].fillna(value=False).sum()) for one in RED_FLAGS],
            tell("layers.no"): [int((~flags[one]).fillna(value=False).sum()) for one in RED_FLAGS],
            tell("layers.unknown"): [int(flags[one].isna().sum()) for one in RED_FLAGS],
        }
    )
    with right:
        st.markdown(markdown.bold(tell("layers.plots.flags")))
        pieces.show_table(rows, "layers_plot_flags")


def _show_by_amphoe(asked: Asked, table: pd.DataFrame) -> None:
    language = asked.language
    summed = summary(pd.DataFrame(table.drop(columns="geometry")), Level.AMPHOE)
    heads = {"plots": tell("layers.plots.figure.plots")}
    heads |= {f"plots_{one}": say(f"layers.plot_status_short.{one}", language) for one in STATUSES}
    shown = pieces.headed(summed, heads)
    shown.insert(0, tell("layers.amphoe"), amphoe_of(summed["code"], language))
    shown[tell("layers.plots.land")] = [
        land_area(float(one) * SQUARE_METRES_A_RAI).sentence(language) if pd.notna(one) else "–"
        for one in summed["land_rai"]
    ]
    shown[tell("layers.plots.water")] = summed["pond_cubic_metres"].round().astype("Int64")
    pieces.show_table(shown, "layers_plot_amphoe", pinned=tell("layers.amphoe"))
    unplaced = int(table["tambon_code"].isna().sum())
    if unplaced:
        st.caption(tell("layers.plots.unplaced", count=f"{unplaced:,}"))


# -- checks ----------------------------------------------------------------------------------------


@st.cache_resource(show_spinner=False, max_entries=4)
def _checks(folder: str, generation: int, province: str) -> PlotChecks:
    del generation
    return checked_plots(Asked(folder, 0, "").workspace(), province or None)


def checks(asked: Asked) -> PlotChecks | None:
    """Return what was found of the plots; None until the reader asks for very many."""
    many = len(_shapes(*asked.place)) > MOST_MEASURED_UNASKED
    if many and not st.session_state.get("layers_plots_measure"):
        count = f"{len(_shapes(*asked.place)):,}"
        st.info(tell("layers.plots.many", count=count))
        st.button(
            tell("layers.plots.measure"),
            icon=":material/straighten:",
            on_click=lambda: st.session_state.update(layers_plots_measure=True),
        )
        return None
    with st.spinner(say("cli.plot.check.working", asked.language)):
        return _checks(*asked.place, asked.province)


def _show_checks(asked: Asked, table: pd.DataFrame) -> None:
    found = checks(asked)
    if found is None:
        return
    language = asked.language
    here = found.findings[found.findings["plot_id"].isin(table["plot_id"])]
    verdicts = found.plots[found.plots["plot_id"].isin(table["plot_id"])]["verdict"].value_counts()
    words = {one: f"{int(verdicts.get(one, 0)):,}" for one in VERDICT_MARK}
    st.markdown(say("cli.plot.check.counts", language, plots=f"{len(table):,}", **words))
    counted = pd.crosstab(here["check"], here["verdict"]).reindex(here["check"].unique())
    force = here.drop_duplicates("check").set_index("check")["force"]
    rows = pd.DataFrame(
        {
            say("cli.plot.check.check", language): [
                check_words(found, str(one), language) for one in counted.index
            ],
            say("cli.plot.check.force", language): [
                say(f"cli.plot.force.{force[one]}", language) for one in counted.index
            ],
            **{
                say(f"verdict.{one}", language): counted[one].to_numpy() if one in counted else 0
                for one in VERDICT_MARK
            },
            tell("layers.plots.clause"): [
                clause_words(found, str(one), language) for one in counted.index
            ],
        }
    )
    pieces.show_table(rows, "layers_plot_checks")


def _show_one(asked: Asked, table: pd.DataFrame) -> None:
    ids = table["plot_id"].astype(str).tolist()
    clicked = str(st.session_state.get("layers_clicked") or "")
    default = clicked.removeprefix(f"{PLOTS}:") if clicked.startswith(f"{PLOTS}:") else None
    if len(ids) > MOST_LISTED:
        ids = _search(ids, default)
        if not ids:
            return
    plot_id = kept_choices.choose_one(
        tell("layers.plots.choose"),
        ids,
        "layers_plot",
        str,
        default=default if default in ids else None,
        width=300,
    )
    left, right = st.columns([1.25, 1], gap="medium")
    with left:
        _show_sketch(asked, table, plot_id)
    with right:
        found = checks(asked)
        if found is not None and (found.plots["plot_id"] == plot_id).any():
            _show_findings(asked, found, plot_id)
        _show_replacement(asked, table, plot_id)


def _search(ids: list[str], default: str | None) -> list[str]:
    """Show a box for a part of the id, since a list cannot hold them all; return what fits."""
    part = st.text_input(
        tell("layers.plots.search"), key=kept_choices.widget_key("layers_plot_search"), width=300
    ).strip()
    found = [one for one in ids if part.casefold() in one.casefold()]
    if not found:
        st.info(tell("layers.plots.search_none", part=part, count=f"{len(ids):,}"))
        return []
    if len(found) > MOST_LISTED:
        st.caption(tell("layers.plots.first_of", shown=f"{MOST_LISTED:,}", count=f"{len(found):,}"))
    listed = found[:MOST_LISTED]
    return [default, *listed] if default in ids and default not in listed else listed


def title_words(title_type: str) -> str:
    """Return a kind of land title in words."""
    titles = {one.id: one.words.say(page_words.language()) for one in land_titles().titles}
    return titles.get(title_type, title_type)


def _show_sketch(asked: Asked, table: pd.DataFrame, plot_id: str) -> None:
    language = asked.language
    row = table[table["plot_id"] == plot_id].iloc[0]
    stated = None if pd.isna(row["area_square_metres"]) else float(row["area_square_metres"])
    depth = row["pond_depth_metres"]
    setback = None if pd.isna(depth) else setback_asked(load(PACK), float(depth))
    made = sketch_plot(row["geometry"], stated, setback_metres=setback)
    if made.bearing is not None:
        ponds = asked.workspace().table(PONDS.name)
        own = gpd.GeoSeries(ponds[ponds["plot_id"] == plot_id].geometry, crs=GEOGRAPHIC)
        made_up = pieces.is_made_up(asked, PLOTS)
        drawing, for_phone = (
            draw_sketch(made, plot_id, language, ponds=own, made_up=made_up, narrow=narrow)
            for narrow in (False, True)
        )
        # The screen chooses: only one of the two is shown.
        with st.container(key="sketch_wide"):
            st.image(drawing, width="stretch")
        with st.container(key="sketch_narrow"):
            st.image(for_phone, width="stretch")
        # In words too, for narrow screens and for those who cannot see the drawing.
        told = sketch_lines(made, language)
        st.caption(" · ".join(f"{part} {percent}% {area}" for part, percent, area in told))
        st.download_button(
            tell("layers.plots.take_sketch"),
            drawing,
            f"sketch-{plot_id}.svg",
            "image/svg+xml",
            icon=":material/download:",
            key=f"take_sketch_{language}",
            on_click="ignore",
        )
        return
    whole = "–" if made.square_metres is None else land_area(made.square_metres).sentence(language)
    st.markdown(markdown.bold(say("cli.plot.sketch.whole", language, plot=plot_id, area=whole)))
    heads = [say(f"cli.plot.sketch.{name}", language) for name in ("part", "percent", "area")]
    pieces.show_table(pd.DataFrame(sketch_lines(made, language), columns=heads), "layers_sketch")
    st.caption(say("cli.plot.sketch.numbers_alone", language))


def _show_findings(asked: Asked, found: PlotChecks, plot_id: str) -> None:
    language = asked.language
    row = plot_row(found, plot_id)
    verdict = say(f"verdict.{row['verdict']}", language)
    st.markdown(markdown.bold(tell("layers.plots.verdict", verdict=verdict)))
    lines = []
    for finding in found.findings[found.findings["plot_id"] == plot_id].to_dict("records"):
        limit = ""
        if finding["check"] in found.parameters.checks and finding["limit"]:
            told = told_value(found, str(finding["check"]), str(finding["limit"]), language)
            limit = f"{tell('layers.plots.limit')} {told}"
        force = say(f"cli.plot.force.{finding['force']}", language)
        clause = clause_words(found, str(finding["check"]), language)
        under = " · ".join(part for part in (force, limit, clause) if part)
        outcome = str(finding["verdict"])
        lines.append(
            html.fill(
                '<tr><td class="ph-mark ph-{}">{}</td><td>{}<div '
                'class="ph-clause">{}</div></td></tr>',
                outcome,
                VERDICT_MARK[outcome],
                finding_sentence(found, finding, language),
                under,
            )
        )
    with st.container(height=420, border=True):
        st.html(html.fill('<div class="ph-card"><table>{}</table></div>', html.join(lines)))
    _show_water(row)
    _show_place(asked, row)


def _show_water(row: pd.Series) -> None:
    columns = {"pond": "pond_cubic_metres", "water_left": "water_left_cubic_metres"}
    names = ("pond", "rain", "evaporation", "use", "water_left")
    told = {one: pieces.number(row[columns.get(one, f"{one}_cubic_metres")]) for one in names}
    cells = html.join(
        html.fill(
            '<tr><td>{}</td><td class="ph-number">{}</td></tr>',
            tell(f"layers.plots.balance.{one}"),
            told[one],
        )
        for one in names
    )
    head = f"{tell('layers.plots.balance.title')} ({tell('layers.plots.cubic_metres')})"
    st.html(html.fill('<div class="ph-card"><b>{}</b><table>{}</table></div>', head, cells))


def _show_place(asked: Asked, row: pd.Series) -> None:
    language = asked.language
    lines = []
    told = "" if pd.isna(row["title_type"]) else str(row["title_type"])
    title = next((one for one in land_titles().titles if one.id == told), None)
    if title is not None:
        lines.append(tell("layers.plots.land_title", title=title.words.say(language)))
        if title.agency is not None:
            agency, words = title.agency.say(language), title.words.say(language)
            lines.append(say("cli.plot.check.agency", language, title=words, agency=agency))
    if pd.notna(row.get("learning_place_id", pd.NA)):
        where = "inside" if row["learning_place_in_province"] else "outside"
        kilometres = f"{float(row['learning_place_metres']) / 1000:,.1f}"
        names = (
            Asked(*asked.place, "").rows("places", "tambon_code").set_index("place_id")["name_th"]
        )
        place = names.get(row["learning_place_id"])
        called = row["learning_place_id"] if pd.isna(place) else place
        lines.append(
            say(f"cli.plot.check.learning_{where}", language, place=called, kilometres=kilometres)
        )
    st.markdown(markdown.bullets(lines))


def _show_replacement(asked: Asked, table: pd.DataFrame, plot_id: str) -> None:
    language = asked.language
    status = table.loc[table["plot_id"] == plot_id, "status"].iloc[0]
    if pd.isna(status) or status != "selected":
        return
    rows = asked.workspace().scan(PLOTS).drop("geometry").collect()
    found = replacement_for(rows, plot_id)
    area = page_words.area_name(found.area_code, language) if found.area_code else "–"
    values = {"plot": plot_id, "area": area, "status": say("layers.plot_status.selected", language)}
    if found.entering is None:
        st.markdown(say("cli.plot.replace.nobody", language, **values))
        return
    st.markdown(say("cli.plot.replace.entering", language, entering=found.entering, **values))
    if found.waiting[1:]:
        waiting = ", ".join(found.waiting[1:])
        st.caption(say("cli.plot.replace.waiting", language, plots=waiting))


def _show_list(asked: Asked, table: pd.DataFrame) -> None:
    language = asked.language
    titles = {one.id: one.words.say(language) for one in land_titles().titles}
    area = table["area_square_metres"].astype("Float64")
    listed = pd.DataFrame(
        {
            say("layers.columns.plot_id", language): table["plot_id"].astype("object"),
            tell("layers.plots.state"): [
                say(f"layers.plot_status.{one}", language)
                for one in table["status"].astype("object").fillna(UNKNOWN)
            ],
            tell("layers.amphoe"): amphoe_of(table["tambon_code"], language),
            tell("layers.plots.land"): [
                land_area(float(one)).sentence(language) if pd.notna(one) else "–" for one in area
            ],
            say("layers.columns.title_type", language): table["title_type"]
            .map(titles)
            .astype("object"),
            say("layers.columns.owner_consent", language): table["owner_consent"].astype("boolean"),
            say("layers.columns.pond_depth_metres", language): table["pond_depth_metres"].astype(
                "Float64"
            ),
        }
    )
    pieces.show_table(listed, "layers_plot_list")


_SHOWN = {
    "status": _show_status,
    "by_amphoe": _show_by_amphoe,
    "checks": _show_checks,
    "one": _show_one,
    "list": _show_list,
}
