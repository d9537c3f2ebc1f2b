"""Community funds: how they fare by amphoe, who has none, what would help."""

from __future__ import annotations

import pandas as pd

from phaenthi.apps.screens import furniture, kept_choices, page_words
from phaenthi.apps.screens import show as st
from phaenthi.apps.screens.area_map import Figure
from phaenthi.apps.screens.layers import pieces
from phaenthi.apps.screens.layers.asked import Asked, amphoe_of, village_names
from phaenthi.apps.screens.page_words import tell
from phaenthi.geo.texts import markdown
from phaenthi.layers.funds.coverage import ANY, coverage_of_poor, villages_without
from phaenthi.layers.funds.levels import UNKNOWN, printed_table
from phaenthi.layers.funds.remedies import remedies, remedy_counts, source_of_remedies
from phaenthi.layers.funds.summary import (
    choropleth,
    figures,
    latest_funds,
    levels_of_funds,
    summary_by_amphoe,
)
from phaenthi.layers.funds.types import fund_type, fund_types
from phaenthi.wording import say

FUNDS, LEVELS = "funds", "fund_levels"
LAYERS = (FUNDS, LEVELS)
VIEWS = ("levels", "money", "without", "coverage", "remedies", "list")
MONEY = ("members", "capital_baht", "loans_baht", "overdue_baht")


def sources(asked: Asked) -> list[str]:
    """Return the layers that tell levels in the area: the printed table first."""
    found = []
    if asked.has(LEVELS) and not asked.rows(LEVELS, "area_code").empty:
        found.append(LEVELS)
    if asked.has(FUNDS) and not asked.rows(FUNDS).empty:
        found.append(FUNDS)
    return found


def levels(asked: Asked, source: str) -> pd.DataFrame:
    """Return counts by amphoe, kind and level from one of :func:`sources`."""
    if source == LEVELS:
        return asked.rows(LEVELS, "area_code")
    return levels_of_funds(asked.rows(FUNDS))


def chosen(asked: Asked) -> tuple[str, str, str] | None:
    """Return the source, kind and measure that the reader looks at; None where nothing is told."""
    held = sources(asked)
    if not held:
        return None
    source = kept_choices.recall("layers_fund_source", held, held[0])
    told = levels(asked, source)
    here = set(told["fund_type"])
    kinds = [one.id for one in fund_types() if one.id in here]
    if not kinds:
        return None
    kind = kept_choices.recall("layers_fund_kind", kinds, kinds[0])
    measures = measures_of(kind)
    measure = kept_choices.recall("layers_fund_measure", measures, measures[0])
    return source, kind, measure


def measures_of(kind: str) -> list[str]:
    """Return what may fill the map for a kind of fund."""
    one = fund_type(kind)
    improve = ["percent_to_improve"] if one.ranked else []
    return [*improve, *(f"percent_{level}" for level in one.levels), "funds"]


def say_measure(measure: str) -> str:
    """Return a measure in words."""
    level = measure.removeprefix("percent_")
    if measure in ("funds", "percent_to_improve"):
        return tell(f"layers.funds.measure.{measure}")
    return tell("layers.funds.measure.percent_level", level=level)


def figure(asked: Asked) -> Figure | None:
    """Return what fills the amphoe of the map."""
    asked_for = chosen(asked)
    if asked_for is None:
        return None
    source, kind, measure = asked_for
    table = choropleth(levels(asked, source), kind, language=asked.language).set_index("code")
    values = table[measure].astype("Float64")
    percent = measure != "funds"
    return Figure(
        values=values,
        hidden=pd.Series(data=False, index=values.index),
        title=f"{fund_type(kind).name(asked.language)} · {say_measure(measure)}",
        unit="%" if percent else tell("layers.funds.unit"),
        form=",.1f" if percent else ",.0f",
    )


def show(asked: Asked) -> None:
    """Draw the section."""
    held = sources(asked)
    if not held:
        st.info(tell("layers.nothing_here", layer=page_words.layer_label(FUNDS)))
        return
    views = VIEWS if FUNDS in held else VIEWS[:1]
    source = _ask(asked, held)
    _show_headline(asked, source)
    view = pieces.ask_view("funds", views)
    if view == "levels":
        _show_levels(asked, source)
    else:
        funds = latest_funds(asked.rows(FUNDS)).to_pandas()
        _REGISTER[view](asked, funds)
    for layer in held:
        column = "area_code" if layer == LEVELS else "village_code"
        pieces.show_about(asked, layer, len(asked.rows(layer, column)))


def _ask(asked: Asked, held: list[str]) -> str:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        source = held[0]
        if len(held) > 1:
            source = kept_choices.choose_one(
                tell("layers.funds.source"),
                held,
                "layers_fund_source",
                lambda one: tell(f"layers.funds.from_{one}"),
                width=300,
            )
        here = set(levels(asked, source)["fund_type"])
        kinds = [one.id for one in fund_types() if one.id in here]
        if not kinds:
            return source
        kind = kept_choices.choose_one(
            tell("layers.funds.kind"),
            kinds,
            "layers_fund_kind",
            lambda one: fund_type(one).name(asked.language),
            width=300,
        )
        kept_choices.choose_one(
            tell("layers.funds.on_map"),
            measures_of(kind),
            "layers_fund_measure",
            say_measure,
            width=300,
        )
    return source


def _show_headline(asked: Asked, source: str) -> None:
    told = []
    for one in figures(levels(asked, source)):
        by_level = " · ".join(
            tell(
                "layers.funds.level_count",
                level=tell("layers.unknown") if level == UNKNOWN else level,
                count=f"{count:,}",
            )
            for level, count in reversed(one.by_level.items())
        )
        if not fund_type(one.kind).levels:
            by_level = tell("layers.funds.no_levels")
        name = say(f"cli.fund.short_names.{one.kind}", asked.language)
        told.append((name, f"{one.funds:,}", by_level))
    if told:
        furniture.show_figures(told)


def _show_levels(asked: Asked, source: str) -> None:
    table = printed_table(levels(asked, source), language=asked.language)
    if table.empty:
        st.info(tell("layers.no_rows"))
        return
    heads = {"name": tell("layers.amphoe")}
    for name in table.columns[2:]:
        kind = next(one for one in fund_types() if name.startswith(f"{one.id}_"))
        level = name.removeprefix(f"{kind.id}_")
        short = say(f"cli.fund.short_names.{kind.id}", asked.language)
        word = tell("layers.unknown") if level == UNKNOWN else level
        heads[name] = f"{short} · {tell('layers.funds.total') if level == 'total' else word}"
    pieces.show_table(
        pieces.headed(table, heads), "layers_fund_levels", pinned=tell("layers.amphoe")
    )
    picked = chosen(asked)
    if picked is not None:
        _show_shares(asked, picked)
    st.caption(say("cli.fund.level_words", asked.language))


def _show_shares(asked: Asked, picked: tuple[str, str, str]) -> None:
    source, kind, _ = picked
    table = choropleth(levels(asked, source), kind, language=asked.language)
    st.markdown(
        markdown.bold(tell("layers.funds.shares", kind=fund_type(kind).name(asked.language)))
    )
    heads = {"name": tell("layers.amphoe"), "funds": tell("layers.funds.count")}
    heads |= {
        name: say_measure(name) for name in measures_of(kind) if name != "funds" and name in table
    }
    shares = pieces.headed(table, heads).sort_values(
        list(heads.values())[2], ascending=False, na_position="last", kind="stable"
    )
    pieces.show_table(shares, "layers_fund_shares", pinned=tell("layers.amphoe"))


def _show_money(asked: Asked, funds: pd.DataFrame) -> None:
    table = summary_by_amphoe(funds, asked.language)
    heads = {"name": tell("layers.amphoe")}
    heads |= {
        name: say(f"cli.fund.{name}", asked.language)
        for name in ("villages", "funds", *MONEY, "overdue_percent")
    }
    whole = table.assign(**{name: table[name].round().astype("Int64") for name in MONEY})
    pieces.show_table(
        pieces.headed(whole, heads), "layers_fund_money", pinned=tell("layers.amphoe")
    )
    st.caption(tell("layers.funds.money_note"))


def _show_without(asked: Asked, funds: pd.DataFrame) -> None:
    villages = asked.villages()
    missing = villages_without(funds, villages)
    certain = missing[missing["without"].fillna(value=False).astype(bool)]
    counts = certain.groupby("fund_type").size()
    unknown = missing[missing["without"].isna()].groupby("fund_type").size()
    kinds = [one.id for one in fund_types()]
    language = asked.language
    table = pd.DataFrame(
        {
            say("cli.fund.kind", language): [fund_type(one).name(language) for one in kinds],
            say("cli.fund.villages", language): len(villages),
            say("cli.fund.without", language): [int(counts.get(one, 0)) for one in kinds],
            say("cli.fund.cannot_say", language): [int(unknown.get(one, 0)) for one in kinds],
        }
    )
    pieces.show_table(table, "layers_fund_gaps")
    picked = chosen(asked)
    kind = picked[1] if picked is not None else kinds[0]
    here = certain[certain["fund_type"] == kind].reset_index(drop=True)
    st.markdown(
        markdown.bold(tell("layers.funds.without_kind", kind=fund_type(kind).name(language)))
    )
    listed = pd.DataFrame(
        {
            tell("layers.amphoe"): amphoe_of(here["village_code"], language),
            tell("layers.village"): here["name_th"].astype("object"),
            tell("layers.village_code"): here["village_code"].astype("object"),
        }
    )
    pieces.show_table(listed, "layers_fund_without")
    if len(listed):
        pieces.offer_csv(
            listed,
            f"without_{kind}",
            tell("layers.take_list"),
            made_up=pieces.is_made_up(asked, FUNDS),
        )


def _show_coverage(asked: Asked, funds: pd.DataFrame) -> None:
    villages = asked.villages()
    picked = chosen(asked)
    kinds = [ANY, picked[1]] if picked is not None else [ANY]
    kind = kept_choices.choose_one(
        tell("layers.funds.coverage_of"),
        kinds,
        "layers_fund_coverage",
        lambda one: tell("layers.funds.any") if one == ANY else fund_type(one).name(asked.language),
        width=320,
    )
    table = coverage_of_poor(funds, villages, kind, language=asked.language)
    everywhere = say("cli.fund.all", asked.language)
    table = table.assign(name=table["name"].mask(table["code"] == "", everywhere))
    columns = ("villages_with", "villages_without", "poor", "poor_with", "poor_without")
    heads = {"name": tell("layers.amphoe")}
    heads |= {
        name: say(f"cli.fund.{name}", asked.language) for name in (*columns, "percent_covered")
    }
    pieces.show_table(pieces.headed(table, heads), "layers_fund_coverage")
    st.caption(tell("overview.hidden_note"))


def _show_remedies(asked: Asked, funds: pd.DataFrame) -> None:
    language = asked.language
    counts = remedy_counts(funds, language)
    heads = {
        "principle_name": say("cli.fund.principle", language),
        "funds": say("cli.fund.funds", language),
        "amphoe": say("cli.fund.amphoe_count", language),
        "remedy": say("cli.fund.remedy", language),
    }
    pieces.show_table(pieces.headed(counts, heads), "layers_fund_remedies")
    st.caption(say("cli.fund.remedy_source", language, source=source_of_remedies(language)))
    each = remedies(funds, language)
    listed = pd.DataFrame(
        {
            tell("layers.amphoe"): amphoe_of(each["village_code"], language),
            tell("layers.village"): village_names(asked, each["village_code"]),
            say("cli.fund.kind", language): [
                fund_type(str(one)).name(language) for one in each["fund_type"]
            ],
            heads["principle_name"]: each["principle_name"].astype("object"),
            heads["remedy"]: each["remedy"].astype("object"),
        }
    )
    pieces.show_table(listed, "layers_fund_each_remedy")


def _show_list(asked: Asked, funds: pd.DataFrame) -> None:
    language = asked.language
    names = {one.id: one.name(language) for one in fund_types()}
    level = funds["governance_level"].astype("Int64").astype("string").fillna(funds["grade"])
    listed = pd.DataFrame(
        {
            tell("layers.amphoe"): amphoe_of(funds["village_code"], language),
            tell("layers.village"): village_names(asked, funds["village_code"]),
            say("cli.fund.kind", language): funds["fund_type"].map(names).astype("object"),
            tell("layers.funds.level"): level.astype("object"),
            tell("layers.year"): funds["year"].astype("string").astype("object"),
            **{
                say(f"cli.fund.{name}", language): funds[name]
                .astype("Float64")
                .round()
                .astype("Int64")
                for name in MONEY
            },
        }
    )
    pieces.show_table(listed, "layers_fund_list")


_REGISTER = {
    "money": _show_money,
    "without": _show_without,
    "coverage": _show_coverage,
    "remedies": _show_remedies,
    "list": _show_list,
}
