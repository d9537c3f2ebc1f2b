"""``phaenthi otop clusters``: clusters of producers or groups and their register."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click
import geopandas as gpd
import pandas as pd

from phaenthi.apps.commands.layer_screen import plain_rows, tell_source, write_list
from phaenthi.apps.commands.plan_words import chosen_units
from phaenthi.apps.commands.screen import show_lines, show_table
from phaenthi.apps.commands.spoken import Session, SpokenCommand, session_of, workspace_option
from phaenthi.apps.planning.plans import open_plan
from phaenthi.geo.places.codes import Level, parent_code
from phaenthi.geo.places.gazetteer import find_province
from phaenthi.geo.shapes.crs import GEOGRAPHIC
from phaenthi.geo.vectors.field_dictionary import Field
from phaenthi.geo.vectors.writing import write_vector
from phaenthi.layers.otop.cluster_register import earlier_register, keep_register
from phaenthi.layers.otop.clusters import (
    AT_LEAST,
    REGISTER_COLUMNS,
    ClusterLevel,
    ClusterRegister,
    ClusterRule,
    find_clusters,
    groups_as_members,
    register_table,
    why_counts,
)
from phaenthi.layers.otop.markets import nearest_markets
from phaenthi.layers.otop.product_links import read_links
from phaenthi.layers.otop.summary import producers
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.wording import Problem, say

SHOWN = 40
NAMES_SHOWN = 3
WITHIN_KM, WITHIN_KM_OF_A_PLAN = 5.0, 30.0
"""Ours: the letter leaves the size of clusters open, by how many groups and kinds there are. A
whole register is dense; a plan's one or two groups an amphoe lie far apart."""
OTOP, GROUPS = "otop", "groups"
_FORM = REGISTER_COLUMNS[:5]
_FORM_NUMBERS = (0, 4, 5)


@dataclass(frozen=True)
class _Asked:
    """What a person asked of the clusters."""

    source: str
    province: str
    plan: str
    within_km: float | None
    at_least: int
    level: ClusterLevel
    links: str | None

    @property
    def rule(self) -> ClusterRule:
        """The rule that clusters are formed by."""
        within = None if self.within_km is None else self.within_km * 1000
        return ClusterRule(within, self.at_least, self.level)


@click.command(cls=SpokenCommand, help="cli.otop.clusters")
@click.option(
    "--from",
    "source",
    type=click.Choice([OTOP, GROUPS]),
    default=OTOP,
    help="cli.otop.options.source",
)
@click.option("--province", default="", metavar="NAME", help="cli.options.one_province")
@click.option("--plan", default="", metavar="PLAN", help="cli.otop.options.plan")
@click.option(
    "--within",
    type=click.FloatRange(min=0, min_open=True),
    default=None,
    metavar="KM",
    help="cli.otop.options.within",
)
@click.option("--natural", is_flag=True, help="cli.otop.options.natural")
@click.option(
    "--at-least",
    type=click.IntRange(min=2),
    default=AT_LEAST,
    metavar="N",
    help="cli.otop.options.at_least",
)
@click.option(
    "--level",
    type=click.Choice(["province", "amphoe"]),
    default="province",
    help="cli.otop.options.level",
)
@click.option("--links", metavar="FILE", default=None, help="cli.otop.options.links")
@click.option("--keep", is_flag=True, help="cli.otop.options.keep")
@click.option("--to", "target", metavar="CSV", default=None, help="cli.options.list_to")
@click.option("--map", "map_file", metavar="FILE", default=None, help="cli.otop.options.map")
@workspace_option()
@click.pass_context
def clusters(  # noqa: PLR0913 - each is a plain word of the command line
    context: click.Context,
    *,
    source: str,
    province: str,
    plan: str,
    within: float | None,
    natural: bool,
    at_least: int,
    level: ClusterLevel,
    links: str | None,
    keep: bool,
    target: str | None,
    map_file: str | None,
    workspace_folder: str,
) -> None:
    """Form the clusters and show their register."""
    session, opened = session_of(context), Workspace.open(Path(workspace_folder))
    usual = WITHIN_KM_OF_A_PLAN if plan else WITHIN_KM
    distance = None if natural else within or usual
    asked = _Asked(source, province, plan, distance, at_least, level, links)
    register = form_clusters(opened, asked)
    tell_source(opened, source, session)
    table = register_table(register, session.language)
    market = _market_of(opened, register)
    table["market"], table["market_km"] = market["name_th"].array, market["km"].array
    show_lines([_rule_line(asked, register, session)])
    heads = [session.say(f"cli.otop.register.{name}") for name in (*_FORM, "span_km", "market")]
    shown = table[[*_FORM, "span_km", "market"]].head(SHOWN)
    shown = shown.assign(member_names=[_few(str(one), session) for one in shown["member_names"]])
    show_table(heads, [tuple(row) for row in plain_rows(shown)], numbers=_FORM_NUMBERS)
    if len(table) > SHOWN:
        show_lines([session.say("cli.otop.more", count=f"{len(table) - SHOWN:,}")])
    for why, count in why_counts(register).items():
        show_lines([session.say(f"cli.otop.outside.{why}", count=f"{count:,}")])
    _tell_changes(register, session)
    provenance = opened.provenance(source)
    made_up = provenance is not None and provenance.made_up
    if keep:
        keep_register(opened, source, register, made_up=made_up)
        show_lines([session.say("cli.otop.kept")])
    if target:
        write_list(table.assign(made_up=made_up), target, session)
    if map_file:
        _write_map(register, Path(map_file), made_up=made_up)
        name = Path(map_file).name
        show_lines([session.say("cli.otop.map_written", file=name)])


def _few(names: str, session: Session) -> str:
    """Return the first names of a list, and how many more there are."""
    each = names.split("; ")
    more = len(each) - NAMES_SHOWN
    shown = "; ".join(each[:NAMES_SHOWN])
    return f"{shown}; {session.say('cli.otop.more', count=f'{more:,}')}" if more > 0 else shown


def form_clusters(workspace: Workspace, asked: _Asked) -> ClusterRegister:
    """Form the clusters of a layer of the workspace; ids of the kept register live on."""
    members = _members(workspace, asked)
    villages = pd.DataFrame(workspace.table("villages"))
    return find_clusters(
        members,
        asked.rule,
        villages=villages[["village_code", "longitude", "latitude"]],
        links=read_links(Path(asked.links)) if asked.links else None,
        earlier=earlier_register(workspace, asked.source),
    )


def _members(workspace: Workspace, asked: _Asked) -> pd.DataFrame:
    rows = pd.DataFrame(workspace.table(asked.source))
    members = producers(rows) if asked.source == OTOP else groups_as_members(rows)
    if asked.province:
        code = find_province(asked.province)
        inside = parent_code(members["village_code"].astype("string"), Level.PROVINCE) == code
        members = members[inside]
    if asked.plan:
        chosen = set(chosen_units(open_plan(asked.plan, workspace.address)[0]))
        # A plan of products chooses some of a producer's; the producer is the member.
        if asked.source == OTOP:
            chosen_rows = rows[rows["product_id"].isin(chosen)]
            chosen = set(producers(chosen_rows)["member_id"])
        members = members[members["member_id"].isin(chosen)]
    if members.empty:
        raise Problem("cli.no_members", layer=say(f"layers.names.{asked.source}"))
    return members.reset_index(drop=True)


def _market_of(workspace: Workspace, register: ClusterRegister) -> pd.DataFrame:
    """Return the nearest market of each cluster in the order of the register's table."""
    shown = register.clusters.sort_values(["members", "cluster_id"], ascending=[False, True])
    table = pd.DataFrame(shown.drop(columns="geometry"))
    found = nearest_markets(table, pd.DataFrame(workspace.table("places")))
    return found.assign(km=(found["metres"] / 1000).round(2))


def _rule_line(asked: _Asked, register: ClusterRegister, session: Session) -> str:
    words = "natural" if asked.within_km is None else "rule"
    return session.say(
        f"cli.otop.{words}",
        clusters=f"{len(register.clusters):,}",
        members=f"{len(register.members):,}",
        km=f"{asked.within_km or 0:g}",
        at_least=asked.at_least,
        level=session.say(f"cli.otop.levels.{asked.level}"),
        links=", ".join(link.name(session.language) for link in register.links) or "–",
    )


def _tell_changes(register: ClusterRegister, session: Session) -> None:
    """Say what became of the register that was kept, where there was one."""
    counts = register.changes["change"].value_counts()
    if set(counts.index) - {"new"}:
        numbers = {name: f"{int(counts.get(name, 0)):,}" for name in ("kept", "new", "ended")}
        show_lines([session.say("cli.otop.changes", **numbers)])


def _write_map(register: ClusterRegister, path: Path, *, made_up: bool) -> None:
    """Write the members as points, each with its cluster, and see that the file reads back."""
    names = register.clusters[["cluster_id", "name_th", "name_en", "joined_by", "span_metres"]]
    named = names.rename(columns={"name_th": "cluster_th", "name_en": "cluster_en"})
    table = register.members.merge(named, on="cluster_id").assign(made_up=made_up)
    points = gpd.points_from_xy(table["longitude"], table["latitude"], crs=GEOGRAPHIC)
    fields = tuple(
        Field(
            name,
            short,
            say(f"cli.otop.fields.{name}", "th"),
            say(f"cli.otop.fields.{name}", "en"),
            say("layers.units.metres") if name.endswith("_metres") else "",
        )
        for name, short in _FIELDS
    )
    write_vector(
        gpd.GeoDataFrame(table, geometry=points), path, fields, format=path.suffix, layer="clusters"
    )


_FIELDS = (
    ("cluster_id", "CLUSTER_ID"),
    ("cluster_th", "CLUSTER_TH"),
    ("cluster_en", "CLUSTER_EN"),
    ("joined_by", "JOINED_BY"),
    ("span_metres", "SPAN_M"),
    ("member_id", "MEMBER_ID"),
    ("name_th", "NAME_TH"),
    ("product_family", "FAMILY"),
    ("village_code", "VILL_CODE"),
    ("placed_by", "PLACED_BY"),
    ("nearest_id", "NEAREST_ID"),
    ("nearest_metres", "NEAREST_M"),
    ("centre_metres", "CENTRE_M"),
    ("made_up", "MADE_UP"),
)
