"""OTOP: products and producers, clusters and their register, hot spots, markets, candidates."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from phaenthi.apps.maps.layers import Kind, Points
from phaenthi.apps.planning.units import load_programme
from phaenthi.apps.screens import (
    cluster_rule,
    furniture,
    kept_choices,
    page_words,
    workspace_tables,
)
from phaenthi.apps.screens import show as st
from phaenthi.apps.screens.layers import pieces
from phaenthi.apps.screens.layers.asked import Asked, amphoe_of, village_names, with_positions
from phaenthi.apps.screens.layers.hulls import as_polygons
from phaenthi.apps.screens.page_words import tell
from phaenthi.geo.places.codes import Level, parent_code
from phaenthi.geo.places.gazetteer import name_of
from phaenthi.layers.contracts.boundaries import layer_name
from phaenthi.layers.otop.cluster_register import earlier_register
from phaenthi.layers.otop.clusters import (
    ClusterRegister,
    ClusterRule,
    find_clusters,
    groups_as_members,
    register_table,
    why_counts,
)
from phaenthi.layers.otop.hot_spots import HotSpots, find_hot_spots, values_of_tambons
from phaenthi.layers.otop.markets import nearest_markets
from phaenthi.layers.otop.summary import producers, summary_by_village
from phaenthi.layers.otop.words import CATEGORIES, QUADRANTS
from phaenthi.targeting.judging.candidates import candidates
from phaenthi.targeting.judging.judge import judge
from phaenthi.targeting.judging.layer_units import gather_units
from phaenthi.targeting.programme import programme as programmes
from phaenthi.wording import Language, say

OTOP, GROUPS, PLACES = "otop", "groups", "places"
LAYERS = (OTOP,)
UNKNOWN = "unknown"
COLOURS = {
    "drink": "#0072B2",
    "cloth": "#CC79A7",
    "household": "#E69F00",
    "herb": "#009E73",
    "food": "#D55E00",
    UNKNOWN: "#BBBBBB",
}
VIEWS = ("products", "by_amphoe", "clusters", "hot_spots", "markets", "candidates", "list")
MEASURES = (
    *("otop_products", "otop_producers", "otop_community", "otop_stars_1_3", "otop_stars_4_5"),
    "otop_quadrant_d",
)
HOT_COLOURS = {"hot": "#D55E00", "cold": "#0072B2"}
# Pairs of members are compared, so a density without a distance has its limit.
KBO = "kbo-2563"
PERMUTATIONS = 9_999


def kinds() -> tuple[Kind, ...]:
    """Return how categories are drawn."""
    return tuple(
        Kind(
            one,
            COLOURS[one],
            tell(f"layers.otop.letter.{one}"),
            tell(f"layers.otop.category.{one}"),
        )
        for one in (*CATEGORIES, UNKNOWN)
    )


def points(asked: Asked) -> Points:
    """Return the producers as points by the category of their first product."""
    rows = asked.rows(OTOP)
    first = rows.drop_duplicates("producer_id")
    placed = with_positions(asked, first)
    counts = rows.groupby("producer_id").size()
    products = [
        tell("layers.otop.products_of", product=product, count=f"{count:,}")
        for product, count in zip(
            placed["product_th"].fillna("–"), placed["producer_id"].map(counts), strict=True
        )
    ]
    category = placed["category"].fillna(UNKNOWN).astype(str)
    table = pd.DataFrame(
        {
            "id": placed["producer_id"],
            "longitude": placed["longitude"],
            "latitude": placed["latitude"],
            "kind": category.where(category.isin(list(CATEGORIES)), UNKNOWN),
            "title": placed["producer_th"].fillna(placed["producer_id"]).astype(str),
            "where": products,
        }
    )
    return Points(OTOP, "circle", kinds(), table)


def show(asked: Asked) -> None:
    """Draw the section."""
    if not asked.has(OTOP) or asked.rows(OTOP).empty:
        st.info(tell("layers.nothing_here", layer=page_words.layer_label(OTOP)))
        return
    rows = asked.rows(OTOP)
    _show_headline(rows)
    view = pieces.ask_view("otop", VIEWS)
    _SHOWN[view](asked, rows)
    pieces.show_about(asked, OTOP, len(rows))


def _show_headline(rows: pd.DataFrame) -> None:
    stars, quadrant = rows["stars"], rows["quadrant"]
    high = int((stars >= 4).fillna(value=False).sum())
    assessed = int(stars.notna().sum())
    community = int((rows["producer_type"] == "community").fillna(value=False).sum())
    furniture.show_figures(
        [
            (
                tell("layers.otop.figure.producers"),
                f"{rows['producer_id'].nunique():,}",
                tell("layers.groups.figure.villages", count=f"{rows['village_code'].nunique():,}"),
            ),
            (
                tell("layers.otop.figure.products"),
                f"{len(rows):,}",
                tell("layers.otop.figure.community", share=pieces.percent(community, len(rows))),
            ),
            (
                tell("layers.otop.figure.stars"),
                f"{high:,}",
                tell(
                    "layers.otop.figure.assessed",
                    share=pieces.percent(high, assessed),
                    count=f"{len(rows) - assessed:,}",
                ),
            ),
            (
                tell("layers.otop.figure.quadrant_d"),
                f"{int((quadrant == 'D').fillna(value=False).sum()):,}",
                tell("layers.unknown_in", count=f"{int(quadrant.isna().sum()):,}"),
            ),
        ]
    )


def _show_products(asked: Asked, rows: pd.DataFrame) -> None:
    del asked
    unknown = tell("layers.unknown")
    category = rows["category"].map(
        {one: tell(f"layers.otop.category.{one}") for one in CATEGORIES}
    )
    category = category.astype("object").fillna(unknown)
    stars = rows["stars"].astype("string").fillna(unknown)
    counted = pd.crosstab(category, stars)
    counted = counted.reindex(columns=sorted(counted.columns), fill_value=0)
    counted.columns = pd.Index(
        [tell("layers.otop.stars", stars=one) if one != unknown else one for one in counted.columns]
    )
    counted.insert(0, tell("layers.otop.figure.products"), counted.sum(axis=1))
    table = counted.rename_axis(tell("layers.otop.category.title")).reset_index()
    pieces.show_table(table, "layers_otop_stars")
    grouped = pd.crosstab(category, rows["quadrant"].astype("object").fillna(unknown))
    grouped = grouped.reindex(columns=[*QUADRANTS, unknown], fill_value=0)
    grouped.columns = pd.Index(
        [
            tell(f"layers.otop.quadrant.{one}") if one in QUADRANTS else one
            for one in grouped.columns
        ]
    )
    table = grouped.rename_axis(tell("layers.otop.category.title")).reset_index()
    pieces.show_table(table, "layers_otop_quadrant")


def _show_by_amphoe(asked: Asked, rows: pd.DataFrame) -> None:
    summary = summary_by_village(rows).to_pandas()
    amphoe = parent_code(summary["village_code"].astype("string"), Level.AMPHOE)
    summed = summary.drop(columns="village_code").groupby(amphoe.to_numpy()).sum().reset_index()
    summed = summed.rename(columns={"index": "code"})
    heads = {name: tell(f"layers.otop.by_amphoe.{name}") for name in summary.columns[1:]}
    table = pieces.headed(summed, heads)
    table.insert(
        0, tell("layers.amphoe"), amphoe_of(summed["code"].astype("string"), asked.language)
    )
    pieces.show_table(table, "layers_otop_amphoe", pinned=tell("layers.amphoe"))


# -- clusters --------------------------------------------------------------------------------------


def cluster_sources(asked: Asked) -> list[str]:
    """Return the layers whose members can form clusters here."""
    return [one for one in (OTOP, GROUPS) if asked.has(one) and not asked.rows(one).empty]


def clusters(asked: Asked) -> ClusterRegister | None:
    """Return the clusters by what the reader set; None where there is nothing to join."""
    held = cluster_sources(asked)
    if not held:
        return None
    source = kept_choices.recall("layers_cluster_source", held, held[0])
    return _clusters(asked, asked.place, asked.area, source, cluster_rule.recall_rule())


@st.cache_resource(show_spinner=False, max_entries=12)
def _clusters(
    _asked: Asked, place: tuple[str, int], area: str, source: str, rule: ClusterRule
) -> ClusterRegister:
    del place, area
    rows = _asked.rows(source)
    members = producers(rows) if source == OTOP else groups_as_members(rows)
    return find_clusters(
        members,
        rule,
        villages=_asked.villages()[["village_code", "longitude", "latitude"]],
        earlier=earlier_register(_asked.workspace(), source),
    )


def cluster_shapes(register: ClusterRegister) -> gpd.GeoDataFrame:
    """Return the hulls of clusters as areas that can be seen: code, names, geometry, members."""
    clusters_ = register.clusters
    return gpd.GeoDataFrame(
        {
            "code": "cluster:" + clusters_["cluster_id"].astype(str),
            "name_th": clusters_["name_th"].astype(str),
            "name_en": clusters_["name_en"].astype(str),
            "members": clusters_["members"],
            "span_metres": clusters_["span_metres"],
            "longitude": clusters_["longitude"],
            "latitude": clusters_["latitude"],
        },
        geometry=as_polygons(gpd.GeoSeries(clusters_.geometry)).array,
        crs=clusters_.crs,
    )


def _show_clusters(asked: Asked, rows: pd.DataFrame) -> None:
    del rows
    held = cluster_sources(asked)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        source = kept_choices.choose_one(
            tell("layers.otop.cluster.source"),
            held,
            "layers_cluster_source",
            page_words.layer_label,
            width=260,
        )
        cluster_rule.ask_rule()
    register = clusters(asked)
    if register is None or register.clusters.empty:
        st.info(tell("layers.otop.cluster.none"))
        return
    language = asked.language
    table = register_table(register, language)
    market = _markets(asked, register)
    table["market"], table["market_km"] = market["name_th"].array, market["km"].array
    heads = {
        name: say(f"cli.otop.register.{name}", language)
        for name in ("number", "name", "joined_by", "members", "span_km", "market")
    }
    heads["market_km"] = tell("layers.otop.cluster.market_km")
    heads["member_names"] = say("cli.otop.register.member_names", language)
    pieces.show_table(pieces.headed(table, heads), "layers_clusters", pinned=heads["name"])
    told = [
        say(f"cli.otop.outside.{why}", language, count=f"{count:,}")
        for why, count in why_counts(register).items()
    ]
    if told:
        st.caption(f"{tell('layers.otop.cluster.outside')}: {' · '.join(told)}")
    made_up = pieces.is_made_up(asked, source)
    pieces.offer_csv(
        table,
        f"clusters_{source}_{asked.area or 'all'}",
        tell("layers.otop.cluster.take"),
        made_up=made_up,
    )
    _show_members(asked, register)


def _markets(asked: Asked, register: ClusterRegister) -> pd.DataFrame:
    shown = register.clusters.sort_values(["members", "cluster_id"], ascending=[False, True])
    table = pd.DataFrame(shown.drop(columns="geometry"))
    found = (
        nearest_markets(table, pd.DataFrame(asked.rows(PLACES, "tambon_code")))
        if asked.has(PLACES)
        else pd.DataFrame({"name_th": pd.NA, "metres": pd.NA}, index=table.index)
    )
    return found.assign(km=(found["metres"].astype("Float64") / 1000).round(2))


def _show_members(asked: Asked, register: ClusterRegister) -> None:
    language = asked.language
    names = register.clusters.sort_values(["members", "cluster_id"], ascending=[False, True])
    named = dict(zip(names["cluster_id"], names[f"name_{language}"], strict=True))
    chosen = kept_choices.choose_one(
        tell("layers.otop.cluster.look"),
        list(named),
        "layers_cluster",
        lambda one: str(named[one]),
        width=520,
    )
    members = register.members[register.members["cluster_id"] == chosen]
    unnamed = [
        tell("layers.otop.cluster.unnamed", member=str(one).partition("/")[0])
        for one in register.members["member_id"]
    ]
    named_members = (
        register.members["name_th"]
        .astype("object")
        .fillna(pd.Series(unnamed, index=register.members.index, dtype="object"))
    )
    known = pd.Series(named_members.to_numpy(), index=register.members["member_id"])
    listed = pd.DataFrame(
        {
            say("cli.otop.fields.name_th", language): members["member_id"].map(known).to_numpy(),
            tell("layers.village"): village_names(asked, members["village_code"]),
            tell("layers.otop.cluster.nearest"): members["nearest_id"].map(known).to_numpy(),
            tell("layers.otop.cluster.nearest_km"): (members["nearest_metres"] / 1000).round(2),
            tell("layers.otop.cluster.centre_km"): (members["centre_metres"] / 1000).round(2),
            tell("layers.otop.cluster.placed"): [
                tell(f"layers.otop.cluster.by_{one}") for one in members["placed_by"]
            ],
        }
    )
    pieces.show_table(listed, f"layers_members_{chosen}")


# -- hot spots -------------------------------------------------------------------------------------


def hot_spots(asked: Asked) -> HotSpots | None:
    """Return the tambons that stand out by the chosen measure; None where nothing is tested."""
    # Which tambons are neighbours is judged by an office's own boundaries, not by what is shown.
    if not (asked.has(OTOP) and asked.has(layer_name(Level.TAMBON))) or asked.rows(OTOP).empty:
        return None
    measure = kept_choices.recall("layers_hot_measure", MEASURES, MEASURES[0])
    return _hot_spots(asked, asked.place, asked.province, measure)


@st.cache_resource(show_spinner=False, max_entries=12)
def _hot_spots(
    _asked: Asked, place: tuple[str, int], province: str, measure: str
) -> HotSpots | None:
    whole = Asked(*place, province)
    boundaries = workspace_tables.boundaries(*place, Level.TAMBON)
    inside = boundaries[boundaries["code"].str.startswith(province)]
    summary = summary_by_village(whole.rows(OTOP)).to_pandas()
    if inside.empty or summary.empty:
        return None
    values = values_of_tambons(summary, whole.villages(), measure)
    if values.empty:
        return None
    return find_hot_spots(values, inside, permutations=PERMUTATIONS)


def _show_hot_spots(asked: Asked, rows: pd.DataFrame) -> None:
    del rows
    language = asked.language
    measure = kept_choices.choose_one(
        tell("layers.otop.hot.measure"),
        MEASURES,
        "layers_hot_measure",
        lambda one: say(f"cli.otop.measure.{one}", language),
        width=320,
    )
    found = hot_spots(asked)
    if found is None:
        st.info(tell("layers.otop.hot.none"))
        return
    table = found.table[found.table["code"].str.startswith(asked.area)]
    stand_out = table[table["kind"].isin(list(HOT_COLOURS))].sort_values(
        ["kind", "p_adjusted", "code"]
    )
    listed = pd.DataFrame(
        {
            say("cli.otop.hot.tambon", language): [
                page_words.area_name(str(code), language) for code in stand_out["code"]
            ],
            say("cli.otop.hot.amphoe", language): amphoe_of(stand_out["code"], language),
            say("cli.otop.hot.kind", language): [
                say(f"cli.otop.kind.{kind}", language) for kind in stand_out["kind"]
            ],
            say("cli.otop.hot.value", language): stand_out["value"].to_numpy(),
            say("cli.otop.hot.p", language): [f"{p:.4f}" for p in stand_out["p_adjusted"]],
        }
    )
    if listed.empty:
        st.info(tell("layers.otop.hot.nobody"))
    else:
        pieces.show_table(listed, "layers_hot")
    counts = table["kind"].value_counts()
    told = [
        say(
            "cli.otop.counted",
            language,
            kind=say(f"cli.otop.kind.{kind}", language),
            count=f"{n:,}",
        )
        for kind, n in counts.items()
    ]
    about = say(
        "cli.otop.tested",
        language,
        measure=say(f"cli.otop.measure.{measure}", language),
        permutations=f"{found.permutations:,}",
        seed=found.seed,
        level=f"{found.level * 100:g}",
    )
    st.caption(f"{' · '.join(told)} · {about}")


# -- markets, candidates, list ---------------------------------------------------------------------


def _show_markets(asked: Asked, rows: pd.DataFrame) -> None:
    if not asked.has(PLACES):
        st.info(tell("layers.nothing_here", layer=page_words.layer_label(PLACES)))
        return
    placed = with_positions(asked, rows.drop_duplicates("producer_id")).reset_index(drop=True)
    whole = Asked(*asked.place, "").rows(PLACES, "tambon_code")
    found = nearest_markets(placed, pd.DataFrame(whole))
    listed = pd.DataFrame(
        {
            tell("layers.otop.producer"): placed["producer_th"].fillna(placed["producer_id"]),
            tell("layers.amphoe"): amphoe_of(placed["village_code"], asked.language),
            tell("layers.otop.market"): found["name_th"].astype("object"),
            tell("layers.otop.market_km"): (found["metres"].astype("Float64") / 1000).round(2),
        }
    )
    listed = listed.sort_values(tell("layers.otop.market_km"), ascending=False, kind="stable")
    pieces.show_table(listed, "layers_markets")
    st.caption(tell("layers.otop.market_note"))


@st.cache_resource(show_spinner=False, max_entries=6)
def _candidates(
    _asked: Asked, place: tuple[str, int], province: str, language: Language
) -> pd.DataFrame:
    del place
    workspace = _asked.workspace()
    programme = load_programme(workspace, KBO)
    judgement = judge(programme, gather_units(workspace, programme, [province]), province)
    return candidates(programme, judgement, language)


def _show_candidates(asked: Asked, rows: pd.DataFrame) -> None:
    language = asked.language
    if not asked.province:
        st.info(tell("layers.choose_province"))
        return
    table = _candidates(asked, asked.place, asked.province, language)
    table = table[table["village_code"].astype(str).str.startswith(asked.area)]
    counts = table["verdict"].value_counts()
    st.markdown(
        say(
            "cli.otop.candidates_counted",
            language,
            programme=programmes.load(KBO).name(language),
            **{one: f"{int(counts.get(one, 0)):,}" for one in ("met", "unknown", "not_met")},
        )
    )
    named = rows.drop_duplicates("product_id").set_index("product_id")["producer_th"]
    order = table["verdict"].map({"met": 0, "unknown": 1, "not_met": 2})
    table = table.assign(order=order).sort_values(["order", "unit_code"], kind="stable")
    listed = pd.DataFrame(
        {
            say("cli.otop.candidate.verdict", language): [
                say(f"verdict.{one}", language) for one in table["verdict"]
            ],
            say("cli.otop.candidate.name_th", language): table["name_th"].astype("object"),
            say("cli.otop.candidate.producer_th", language): table["unit_code"]
            .map(named)
            .astype("object"),
            say("cli.otop.candidate.amphoe", language): [
                name_of(str(one), language) for one in table["amphoe_code"]
            ],
            say("cli.otop.candidate.why", language): table["why"].astype("object"),
        }
    )
    pieces.show_table(listed, "layers_candidates")


def _show_list(asked: Asked, rows: pd.DataFrame) -> None:
    listed = pd.DataFrame(
        {
            tell("layers.otop.product"): rows["product_th"].astype("object"),
            tell("layers.otop.producer"): rows["producer_th"].astype("object"),
            tell("layers.otop.category.title"): [
                tell(f"layers.otop.category.{one}") if one in CATEGORIES else tell("layers.unknown")
                for one in rows["category"].astype("object")
            ],
            tell("layers.otop.stars_head"): rows["stars"],
            tell("layers.otop.quadrant.title"): rows["quadrant"].astype("object"),
            tell("layers.amphoe"): amphoe_of(rows["village_code"], asked.language),
            tell("layers.year"): rows["registration_year"].astype("string").astype("object"),
        }
    )
    pieces.show_table(listed, "layers_otop_list")


_SHOWN = {
    "products": _show_products,
    "by_amphoe": _show_by_amphoe,
    "clusters": _show_clusters,
    "hot_spots": _show_hot_spots,
    "markets": _show_markets,
    "candidates": _show_candidates,
    "list": _show_list,
}
