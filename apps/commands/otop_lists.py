"""``phaenthi otop hotspots`` and ``candidates``: tambons that stand out, products to choose."""

from __future__ import annotations

from pathlib import Path

import click
import pandas as pd

from phaenthi.apps.commands.layer_screen import plain_rows, tell_source, write_list
from phaenthi.apps.commands.screen import show_lines, show_table
from phaenthi.apps.commands.spoken import SpokenCommand, session_of, workspace_option
from phaenthi.apps.planning.units import load_programme
from phaenthi.geo.places.codes import Level, parent_code
from phaenthi.geo.places.gazetteer import find_province, name_of
from phaenthi.layers.otop.hot_spots import HotSpots, Statistic, find_hot_spots, values_of_tambons
from phaenthi.layers.otop.summary import summary_by_village
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.targeting.judging.candidates import candidates as list_candidates
from phaenthi.targeting.judging.judge import judge
from phaenthi.targeting.judging.layer_units import gather_units
from phaenthi.wording import Problem, say

SHOWN = 40
OTOP = "otop"
MEASURES = (
    *("otop_products", "otop_producers", "otop_community", "otop_stars_1_3", "otop_stars_4_5"),
    "otop_quadrant_d",
)
KBO = "kbo-2563"


@click.command(cls=SpokenCommand, help="cli.otop.hotspots")
@click.option("--province", required=True, metavar="NAME", help="cli.options.one_province")
@click.option(
    "--measure", type=click.Choice(MEASURES), default=MEASURES[0], help="cli.otop.options.measure"
)
@click.option("--per-village", is_flag=True, help="cli.otop.options.per_village")
@click.option(
    "--statistic",
    type=click.Choice(["gi_star", "moran"]),
    default="gi_star",
    help="cli.otop.options.statistic",
)
@click.option("--to", "target", metavar="CSV", default=None, help="cli.options.list_to")
@workspace_option()
@click.pass_context
def hotspots(
    context: click.Context,
    *,
    province: str,
    measure: str,
    per_village: bool,
    statistic: Statistic,
    target: str | None,
    workspace_folder: str,
) -> None:
    """Show the tambons whose surroundings stand out."""
    session, opened = session_of(context), Workspace.open(Path(workspace_folder))
    code = find_province(province)
    found = _hot_spots(opened, code, measure, per_village=per_village, statistic=statistic)
    tell_source(opened, OTOP, session)
    table = found.table
    outstanding = table[~table["kind"].isin(["none", "unknown", "no_neighbours"])]
    outstanding = outstanding.sort_values(["kind", "p_adjusted", "code"])
    shown = [
        (
            name_of(str(row.code), session.language),
            name_of(str(row.code)[: Level.AMPHOE.digits], session.language),
            session.say(f"cli.otop.kind.{row.kind}"),
            f"{row.value:,.2f}".rstrip("0").rstrip("."),
            f"{row.p_adjusted:.4f}",
        )
        for row in outstanding.head(SHOWN).itertuples()
    ]
    heads = [
        session.say(f"cli.otop.hot.{name}") for name in ("tambon", "amphoe", "kind", "value", "p")
    ]
    show_table(heads, shown, numbers=(3, 4))
    counts = [
        session.say("cli.otop.counted", kind=session.say(f"cli.otop.kind.{kind}"), count=f"{n:,}")
        for kind, n in found.counts.items()
    ]
    about = session.say(
        "cli.otop.tested",
        measure=session.say(f"cli.otop.measure.{measure}"),
        permutations=f"{found.permutations:,}",
        seed=found.seed,
        level=f"{found.level * 100:g}",
    )
    needed = found.permutations_needed
    more = [session.say("cli.otop.more_permutations", count=f"{needed:,}")] if needed else []
    show_lines([" · ".join(counts), about, *more])
    if target:
        write_list(table.assign(made_up=_made_up(opened)), target, session)


def _hot_spots(
    workspace: Workspace, province: str, measure: str, *, per_village: bool, statistic: Statistic
) -> HotSpots:
    boundaries = workspace.boundaries(Level.TAMBON)
    inside = parent_code(boundaries["code"].astype("string"), Level.PROVINCE) == province
    villages = pd.DataFrame(workspace.table("villages"))
    summary = summary_by_village(workspace.scan(OTOP).collect()).to_pandas()
    values = values_of_tambons(summary, villages, measure, per_village=per_village)
    ours = parent_code(values["code"].astype("string"), Level.PROVINCE) == province
    if not ours.any():
        raise Problem("cli.no_members", layer=say(f"layers.names.{OTOP}"))
    return find_hot_spots(values[ours], boundaries[inside], statistic=statistic)


def _made_up(workspace: Workspace) -> bool:
    provenance = workspace.provenance(OTOP)
    return provenance is not None and provenance.made_up


@click.command(cls=SpokenCommand, help="cli.otop.candidates")
@click.option("--province", required=True, metavar="NAME", help="cli.options.one_province")
@click.option("--pack", "pack", default=KBO, metavar="PACK", help="cli.options.pack")
@click.option("--all", "everyone", is_flag=True, help="cli.otop.options.everyone")
@click.option("--to", "target", metavar="CSV", default=None, help="cli.options.list_to")
@workspace_option()
@click.pass_context
def candidates(
    context: click.Context,
    *,
    province: str,
    pack: str,
    everyone: bool,
    target: str | None,
    workspace_folder: str,
) -> None:
    """Show which products may be chosen, which are in doubt and why."""
    session, opened = session_of(context), Workspace.open(Path(workspace_folder))
    code = find_province(province)
    programme = load_programme(opened, pack)
    if not opened.has(OTOP):
        raise Problem("cli.no_members", layer=say(f"layers.names.{OTOP}"))
    judgement = judge(programme, gather_units(opened, programme, [code]), code)
    table = _with_producers(list_candidates(programme, judgement, session.language), opened)
    tell_source(opened, OTOP, session)
    listed = table if everyone else table[table["verdict"] != "not_met"]
    names = ("verdict", "unit_code", "name_th", "producer_th", "amphoe", "why")
    heads = [session.say(f"cli.otop.candidate.{name}") for name in names]
    listed_words = listed.assign(
        verdict=[session.say(f"verdict.{one}") for one in listed["verdict"]],
        amphoe=[name_of(str(one), session.language) for one in listed["amphoe_code"]],
    )
    rows = plain_rows(listed_words[list(names)].head(SHOWN))
    show_table(heads, [tuple(row) for row in rows])
    counts = table["verdict"].value_counts()
    lines = [
        session.say(
            "cli.otop.candidates_counted",
            programme=programme.name(session.language),
            met=f"{int(counts.get('met', 0)):,}",
            unknown=f"{int(counts.get('unknown', 0)):,}",
            not_met=f"{int(counts.get('not_met', 0)):,}",
        )
    ]
    if len(listed) > SHOWN:
        lines = [session.say("cli.otop.more", count=f"{len(listed) - SHOWN:,}"), *lines]
    show_lines(lines)
    if target:
        write_list(table.assign(made_up=_made_up(opened)), target, session)


def _with_producers(table: pd.DataFrame, workspace: Workspace) -> pd.DataFrame:
    rows = pd.DataFrame(workspace.table(OTOP))
    kept = ["product_id", "producer_id", "producer_th", "product_family", "stars", "quadrant"]
    named = rows[kept].rename(columns={"product_id": "unit_code"})
    return table.merge(named.astype({"unit_code": "string"}), how="left", on="unit_code")
