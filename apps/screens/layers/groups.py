"""Occupational groups: 5ก, grades of potential, readiness for OTOP, the register."""

from __future__ import annotations

import pandas as pd

from phaenthi.apps.maps.layers import Kind, Points
from phaenthi.apps.screens import furniture, page_words
from phaenthi.apps.screens import show as st
from phaenthi.apps.screens.layers import pieces
from phaenthi.apps.screens.layers.asked import Asked, amphoe_of, with_positions
from phaenthi.apps.screens.page_words import tell
from phaenthi.geo.places.codes import Level, parent_code
from phaenthi.geo.texts import markdown
from phaenthi.layers.contracts.groups import FIVE_K
from phaenthi.layers.groups.families import product_families
from phaenthi.layers.groups.readiness import (
    checked_by_hand,
    checklist,
    five_k,
    grades,
    otop_readiness,
)
from phaenthi.layers.groups.register import group_register
from phaenthi.wording import Language, say

GROUPS = "groups"
LAYERS = (GROUPS,)
UNGRADED = "unknown"
# From dark to light, so that the order shows without the colours too.
COLOURS = {"A": "#332288", "B": "#88CCEE", "C": "#DDCC77", UNGRADED: "#BBBBBB"}
VIEWS = ("readiness", "by_amphoe", "families", "register")


@st.cache_resource(show_spinner=False, max_entries=12)
def assessed(_asked: Asked, place: tuple[str, int], area: str, language: Language) -> pd.DataFrame:
    """Return the groups of an area with what they have of 5ก and their readiness."""
    del place, area
    groups = _asked.rows(GROUPS)
    ready = otop_readiness(groups, language).drop(columns=["group_id", "registered"])
    own = five_k(groups).drop(columns=["group_id", *FIVE_K]).rename(columns={"potential": "graded"})
    return groups.join(own).join(ready[["ready", "met", "to_do", "still_to_do", "to_find_out"]])


def table(asked: Asked) -> pd.DataFrame:
    """Return the groups of the area, assessed. Do not change it."""
    return assessed(asked, asked.place, asked.area, asked.language)


def kinds(language: Language) -> tuple[Kind, ...]:
    """Return how grades are drawn."""
    graded = [
        Kind(one.id, COLOURS.get(one.id, "#BBBBBB"), one.id, f"{one.id} {one.say(language)}")
        for one in grades()
    ]
    return (*graded, Kind(UNGRADED, COLOURS[UNGRADED], "?", tell("layers.groups.ungraded")))


def points(asked: Asked) -> Points:
    """Return the groups as points by grade."""
    groups = with_positions(asked, table(asked))
    made = pd.DataFrame(
        {
            "id": groups["group_id"],
            "longitude": groups["longitude"],
            "latitude": groups["latitude"],
            "kind": groups["graded"].fillna(UNGRADED).astype(str),
            "title": groups["name_th"].fillna(groups["group_id"]).astype(str),
            "where": groups["product_th"].fillna("").astype(str),
        }
    )
    known = [kind.id for kind in kinds(asked.language)]
    made["kind"] = made["kind"].where(made["kind"].isin(known), UNGRADED)
    return Points(GROUPS, "hexagon", kinds(asked.language), made)


def show(asked: Asked) -> None:
    """Draw the section."""
    if not asked.has(GROUPS) or asked.rows(GROUPS).empty:
        st.info(tell("layers.nothing_here", layer=page_words.layer_label(GROUPS)))
        return
    groups = table(asked)
    _show_headline(groups)
    view = pieces.ask_view("groups", VIEWS)
    _SHOWN[view](asked, groups)
    pieces.show_about(asked, GROUPS, len(groups))


def _show_headline(groups: pd.DataFrame) -> None:
    members = groups["members"]
    whole = int(groups["complete"].fillna(value=False).sum())
    registered = groups["otop_registered"].astype("boolean")
    ready = groups["ready"].astype("boolean")
    not_yet = ready & ~registered.fillna(value=False)
    count = len(groups)
    furniture.show_figures(
        [
            (
                tell("layers.groups.figure.groups"),
                f"{count:,}",
                tell(
                    "layers.groups.figure.villages", count=f"{groups['village_code'].nunique():,}"
                ),
            ),
            (
                tell("layers.groups.figure.members"),
                pieces.number(members.sum()) if members.notna().any() else "–",
                tell("layers.unknown_in", count=f"{int(members.isna().sum()):,}"),
            ),
            (
                tell("layers.groups.figure.complete"),
                f"{whole:,}",
                tell(
                    "layers.share_and_unknown",
                    share=pieces.percent(whole, count),
                    count=f"{int(groups['complete'].isna().sum()):,}",
                ),
            ),
            (
                tell("layers.groups.figure.otop"),
                f"{int(registered.fillna(value=False).sum()):,}",
                tell("layers.unknown_in", count=f"{int(registered.isna().sum()):,}"),
            ),
            (
                tell("layers.groups.figure.ready"),
                f"{int(not_yet.fillna(value=False).sum()):,}",
                tell("layers.unknown_in", count=f"{int(ready.isna().sum()):,}"),
            ),
        ]
    )


def _show_readiness(asked: Asked, groups: pd.DataFrame) -> None:
    language = asked.language
    answers = otop_readiness(groups, language)
    asked_for = [
        *(
            (tell("layers.groups.five_k"), say(f"layers.columns.{name}", language), groups[name])
            for name in FIVE_K
        ),
        (tell("layers.groups.five_k"), say("cli.group.complete", language), groups["complete"]),
        *(
            (tell("layers.groups.checklist"), one.say(language), answers[one.id])
            for one in checklist()
        ),
        (tell("layers.groups.checklist"), say("cli.group.ready", language), answers["ready"]),
    ]
    rows = pd.DataFrame(
        {
            tell("layers.groups.part"): [part for part, _, _ in asked_for],
            say("cli.group.asked", language): [words for _, words, _ in asked_for],
            say("cli.group.answered_yes", language): [
                int(values.fillna(value=False).sum()) for _, _, values in asked_for
            ],
            say("cli.group.answered_no", language): [
                int((~values.astype("boolean")).fillna(value=False).sum())
                for _, _, values in asked_for
            ],
            say("cli.group.unknown", language): [
                int(values.isna().sum()) for _, _, values in asked_for
            ],
        }
    )
    pieces.show_table(rows, "layers_group_readiness")
    counts = groups["graded"].value_counts()
    lines = [
        say(
            "cli.group.grade",
            language,
            grade=one.id,
            words=one.say(language),
            count=f"{int(counts.get(one.id, 0)):,}",
        )
        for one in grades()
    ]
    st.markdown(markdown.bullets(lines))
    by_hand = say("cli.group.by_hand", language, items="; ".join(checked_by_hand(language)))
    st.caption(f"{say('cli.group.grades_assumed', language)} {by_hand}")


def _show_by_amphoe(asked: Asked, groups: pd.DataFrame) -> None:
    language = asked.language
    amphoe = parent_code(groups["village_code"].astype("string"), Level.AMPHOE)
    counted = pd.DataFrame(
        {
            "code": amphoe,
            tell("layers.groups.figure.groups"): 1,
            tell("layers.groups.figure.members"): groups["members"],
            tell("layers.groups.figure.complete"): groups["complete"]
            .fillna(value=False)
            .astype(int),
            **{
                tell("layers.groups.grade", grade=one.id): (groups["graded"] == one.id)
                .fillna(value=False)
                .astype(int)
                for one in grades()
            },
            tell("layers.groups.ungraded"): groups["graded"].isna().astype(int),
            tell("layers.groups.figure.otop"): groups["otop_registered"]
            .fillna(value=False)
            .astype(int),
        }
    )
    summed = counted.groupby("code").sum(min_count=1).astype("Int64").reset_index()
    summed.insert(0, tell("layers.amphoe"), amphoe_of(summed["code"], language))
    pieces.show_table(
        summed.drop(columns="code"), "layers_group_amphoe", pinned=tell("layers.amphoe")
    )


def _show_families(asked: Asked, groups: pd.DataFrame) -> None:
    names = {one.id: one.name(asked.language) for one in product_families()}
    family = groups["product_family"].map(names).astype("object").fillna(tell("layers.unknown"))
    counted = pd.DataFrame(
        {
            "family": family,
            "groups": 1,
            "members": groups["members"],
            "otop": groups["otop_registered"].fillna(value=False).astype(int),
        }
    )
    summed = counted.groupby("family").sum(min_count=1).astype("Int64").reset_index()
    summed = summed.sort_values(["groups", "family"], ascending=[False, True])
    heads = {
        "family": tell("layers.groups.family"),
        "groups": tell("layers.groups.figure.groups"),
        "members": tell("layers.groups.figure.members"),
        "otop": tell("layers.groups.figure.otop"),
    }
    pieces.show_table(pieces.headed(summed, heads), "layers_group_families")


def _show_register(asked: Asked, groups: pd.DataFrame) -> None:
    language = asked.language
    register = group_register(
        groups.assign(potential=groups["graded"]), asked.villages(), None, language
    )
    form = ("number", "address", "name_th", "product_th", "members", "outlet")
    heads = {name: say(f"cli.group.form.{name}", language) for name in form}
    ticks = {name: say(f"cli.group.form.{name}", language) for name in ("otop_yes", "otop_not_yet")}
    marked = register.assign(
        **{name: register[name].map({True: "✓", False: ""}).astype("object") for name in ticks}
    )
    heads |= ticks
    more = {"present": tell("layers.groups.present"), "potential": tell("layers.groups.graded")}
    shown = pieces.headed(marked, {**heads, **more})
    pieces.show_table(shown, "layers_group_register")
    pieces.offer_csv(
        shown,
        f"groups_{asked.area or 'all'}",
        tell("layers.groups.take"),
        made_up=pieces.is_made_up(asked, GROUPS),
    )


_SHOWN = {
    "readiness": _show_readiness,
    "by_amphoe": _show_by_amphoe,
    "families": _show_families,
    "register": _show_register,
}
