"""Tourism: communities and hands-on programmes, the check of routes, and the route builder."""

from __future__ import annotations

import pandas as pd

from phaenthi.apps.maps.layers import Kind, Points
from phaenthi.apps.screens import furniture, page_words
from phaenthi.apps.screens import show as st
from phaenthi.apps.screens.layers import pieces, route_builder
from phaenthi.apps.screens.layers.asked import Asked, amphoe_of, with_positions
from phaenthi.apps.screens.layers.route_builder import route, route_lines, route_points, route_stops
from phaenthi.apps.screens.page_words import tell
from phaenthi.geo.texts import html
from phaenthi.layers.contracts.tourism import CLASSES
from phaenthi.targeting.judging.routes import check_routes
from phaenthi.targeting.programme.programme import load
from phaenthi.wording import say

__all__ = ["points", "route", "route_lines", "route_points", "route_stops", "show"]

COMMUNITIES, PROGRAMMES, ATTRACTIONS = (
    "tourism_communities",
    "tourism_programmes",
    "attractions",
)
LAYERS = (COMMUNITIES, PROGRAMMES, ATTRACTIONS)
UNKNOWN = "unknown"
COLOURS = {"A": "#117733", "B": "#44AA99", "C": "#DDCC77", "D": "#CC6677", UNKNOWN: "#BBBBBB"}
VIEWS = ("communities", "programmes", "route", "check")
PACK = "south-tourism-2563"
MARK = {"met": "✓", "not_met": "✕", "unknown": "?"}


def points(asked: Asked) -> Points:
    """Return the communities as points by class."""
    rows = with_positions(asked, asked.rows(COMMUNITIES))
    known = rows["class_th"].fillna(UNKNOWN).astype(str)
    kinds = tuple(
        Kind(one, COLOURS[one], "?" if one == UNKNOWN else one, tell(f"layers.tourism.class.{one}"))
        for one in (*CLASSES, UNKNOWN)
    )
    counts = _programmes_of(asked).groupby("community_id").size()
    programmes = rows["community_id"].map(counts).fillna(0).astype(int)
    table = pd.DataFrame(
        {
            "id": rows["community_id"],
            "longitude": rows["longitude"],
            "latitude": rows["latitude"],
            "kind": known.where(known.isin(CLASSES), UNKNOWN),
            "title": rows["name_th"].fillna(rows["community_id"]).astype(str),
            "where": [
                tell("layers.tourism.programmes_of", count=f"{count:,}") for count in programmes
            ],
        }
    )
    return Points(COMMUNITIES, "diamond", kinds, table)


def _programmes_of(asked: Asked) -> pd.DataFrame:
    if not asked.has(PROGRAMMES):
        return pd.DataFrame({"community_id": pd.Series(dtype="string")})
    rows = Asked(*asked.place, "").rows(PROGRAMMES, "community_id")
    return rows[rows["community_id"].isin(asked.rows(COMMUNITIES)["community_id"])]


def show(asked: Asked) -> None:
    """Draw the section."""
    if not asked.has(COMMUNITIES) or asked.rows(COMMUNITIES).empty:
        st.info(tell("layers.nothing_here", layer=page_words.layer_label(COMMUNITIES)))
        return
    rows, programmes = asked.rows(COMMUNITIES), _programmes_of(asked)
    _show_headline(asked, rows, programmes)
    view = pieces.ask_view("tourism", VIEWS)
    if view == "communities":
        _show_communities(asked, rows, programmes)
    elif view == "programmes":
        _show_programmes(asked, rows, programmes)
    elif view == "route":
        route_builder.show(asked)
    else:
        _show_check(asked)
    pieces.show_about(asked, COMMUNITIES, len(rows))
    if asked.has(PROGRAMMES):
        pieces.show_about(asked, PROGRAMMES, len(programmes))


def _show_headline(asked: Asked, rows: pd.DataFrame, programmes: pd.DataFrame) -> None:
    classes = rows["class_th"].value_counts()
    visitors = rows["visitors"]
    by_class = {one.lower(): f"{int(classes.get(one, 0)):,}" for one in CLASSES}
    told = [
        (
            tell("layers.tourism.figure.communities"),
            f"{len(rows):,}",
            tell("layers.tourism.figure.classes", **by_class),
        ),
        (
            tell("layers.tourism.figure.visitors"),
            pieces.number(visitors.sum()) if visitors.notna().any() else "–",
            tell("layers.unknown_in", count=f"{int(visitors.isna().sum()):,}"),
        ),
    ]
    if asked.has(PROGRAMMES):
        prices = programmes["price_baht"].astype("Float64").dropna()
        told.append(
            (
                tell("layers.tourism.figure.programmes"),
                f"{len(programmes):,}",
                tell(
                    "layers.tourism.figure.price",
                    price=pieces.number(prices.median()) if len(prices) else "–",
                ),
            )
        )
    if asked.has(ATTRACTIONS):
        attractions = asked.rows(ATTRACTIONS, "area_code")
        unknown = f"{int(attractions['longitude'].isna().sum()):,}"
        told.append(
            (
                tell("layers.tourism.figure.attractions"),
                f"{len(attractions):,}",
                tell("layers.tourism.figure.no_point", count=unknown),
            )
        )
    furniture.show_figures(told)


def _show_communities(asked: Asked, rows: pd.DataFrame, programmes: pd.DataFrame) -> None:
    language = asked.language
    amphoe = pd.Series(amphoe_of(rows["village_code"], language), index=rows.index)
    counts = programmes.groupby("community_id").size()
    offered = rows["community_id"].map(counts).fillna(0).astype("Int64")
    counted = pd.DataFrame(
        {
            tell("layers.amphoe"): amphoe,
            tell("layers.tourism.figure.communities"): 1,
            **{
                tell(f"layers.tourism.class.{one}"): (rows["class_th"] == one)
                .fillna(value=False)
                .astype(int)
                for one in CLASSES
            },
            tell("layers.tourism.class.unknown"): rows["class_th"].isna().astype(int),
            tell("layers.tourism.visitors"): rows["visitors"],
            tell("layers.tourism.figure.programmes"): offered,
        }
    )
    summed = counted.groupby(tell("layers.amphoe")).sum(min_count=1).astype("Int64").reset_index()
    pieces.show_table(summed, "layers_tourism_amphoe", pinned=tell("layers.amphoe"))
    listed = pd.DataFrame(
        {
            tell("layers.tourism.name"): rows["name_th"]
            .fillna(rows["community_id"])
            .astype("object"),
            tell("layers.amphoe"): amphoe,
            tell("layers.tourism.class_head"): rows["class_th"].astype("object"),
            tell("layers.tourism.visitors"): rows["visitors"],
            tell("layers.tourism.products"): rows["developed_products"],
            tell("layers.tourism.figure.programmes"): offered,
        }
    )
    pieces.show_table(listed, "layers_tourism_list", pinned=tell("layers.tourism.name"))


def _show_programmes(asked: Asked, rows: pd.DataFrame, programmes: pd.DataFrame) -> None:
    del asked
    if programmes.empty:
        st.info(tell("layers.nothing_here", layer=page_words.layer_label(PROGRAMMES)))
        return
    names = rows.set_index("community_id")["name_th"]
    opens, closes = programmes["opens"].fillna(""), programmes["closes"].fillna("")
    hours = [f"{a}–{b}" if b else a for a, b in zip(opens, closes, strict=True)]
    listed = pd.DataFrame(
        {
            tell("layers.tourism.name"): programmes["name_th"].astype("object"),
            tell("layers.tourism.community"): programmes["community_id"]
            .map(names)
            .astype("object"),
            tell("layers.tourism.minutes"): programmes["minutes"],
            tell("layers.tourism.price"): programmes["price_baht"],
            tell("layers.tourism.hours"): hours,
            tell("layers.tourism.capacity"): programmes["capacity"],
            tell("layers.tourism.interest"): programmes["interest"].astype("object"),
        }
    )
    pieces.show_table(listed, "layers_tourism_programmes", pinned=tell("layers.tourism.name"))


def _show_check(asked: Asked) -> None:
    st.markdown(tell("layers.tourism.check_intro"))
    made = route(asked)
    if made is None:
        st.info(tell("layers.tourism.no_route"))
        return
    language = asked.language
    programme = load(PACK)
    checked = check_routes(
        programme,
        [made],
        route_builder.table_of(asked, COMMUNITIES),
        route_builder.table_of(asked, PROGRAMMES),
        provinces=[made.request.province],
    )
    # Sentences are too long for the cells of a table.
    lines = [
        html.fill(
            '<tr><td class="ph-mark ph-{}">{}</td><td>{}<div class="ph-clause">{}</div></td></tr>',
            one.verdict,
            MARK[str(one.verdict)],
            one.sentence(programme, language),
            say(f"verdict.{one.verdict}", language),
        )
        for about in ("route", "province", "community")
        for one in checked.of(about)
    ]
    st.html(html.fill('<div class="ph-card"><table>{}</table></div>', html.join(lines)))
    st.caption(tell("layers.tourism.check_note"))
