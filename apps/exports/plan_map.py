"""A plan as a map file in any format: villages, or units of other kinds with their shapes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import pandas as pd

from phaenthi.apps.exports.layers import points_of, shapes_of_codes
from phaenthi.apps.exports.takeaway import Takeaway, Written, write_takeaway
from phaenthi.apps.maps.styles import status_style
from phaenthi.apps.publication.exported_fields import PLAN_COLUMNS, PLAN_FIELDS, fields_of
from phaenthi.apps.publication.published_plan import Publication, prices_to_hide
from phaenthi.geo.places.codes import Level
from phaenthi.geo.places.gazetteer import name_of
from phaenthi.geo.shapes.crs import GEOGRAPHIC
from phaenthi.geo.vectors.formats import Format
from phaenthi.layers.contracts.catalogue import LAYERS, contract_of
from phaenthi.layers.workspace.storage import has_points
from phaenthi.targeting.programme.programme import HOUSEHOLD, PLOT, TAMBON, VILLAGE
from phaenthi.wording import LANGUAGES, Language, Problem, say

# Of a unit that is no village: its own code, and nothing that only villages have.
UNIT_COLUMNS = (
    *("unit_code", "unit", "name_th", "village_code"),
    *(
        name
        for name in PLAN_COLUMNS
        if name
        not in {"village_code", "moo", "name_th", "target_households", "overlap", "overlap_th"}
    ),
)
# In which layer a pack's units are found by their code.
_LAYERS_OF_UNITS = {
    "group": ("groups",),
    "fund": ("funds",),
    "plot": ("plots",),
    "community": ("tourism_communities",),
    "product": ("otop",),
    "site": ("places",),
}


def plan_takeaway(publication: Publication, language: Language = "th") -> Takeaway:
    """Return the units of a plan ready to be handed over.

    Villages have their points; other units the shape that their layer has for them, else the
    point of their village or the boundary of their tambon, else none.

    Raises
    ------
    Problem
        ``export.units_are_people`` where the plan chooses households.
    """
    unit = publication.programme.unit
    if unit == HOUSEHOLD:
        raise Problem("export.units_are_people", plan=publication.plan.id)
    if unit == VILLAGE:
        table, fields = publication.villages, PLAN_FIELDS
        title = say("export.layer", language)
    else:
        table, fields = publish_units(publication), fields_of(UNIT_COLUMNS)
        title = say("export.units_layer", language, unit=say(f"packpage.unit.{unit}", language))
    hidden = int(table["counts_hidden"].sum())
    statement = [
        *publication.warnings(language),
        say("export.for_office" if unit == PLOT else "export.for_outsiders", language),
        publication.title(language),
        publication.dated(language),
        *([say("export.hidden_cells", language, count=f"{hidden:,}")] if hidden else []),
    ]
    return Takeaway(
        name=f"{unit}s",
        title=title,
        table=table,
        fields=fields,
        style=status_style(language),
        statement=tuple(statement),
    )


def export_plan_as(
    publication: Publication,
    folder: Path,
    *,
    format: str | Format,  # noqa: A002 - the word that people use
    crs: str | None = None,
    encoding: str | None = None,
    language: Language = "th",
) -> Written:
    """Write the units of a plan into a folder as one map file, such as ``villages.kml``.

    See :func:`plan_takeaway` and :func:`phaenthi.geo.vectors.writing.write_vector` for the
    parameters and problems.
    """
    part = plan_takeaway(publication, language)
    (written,) = write_takeaway([part], folder, format=format, crs=crs, encoding=encoding)
    return written


def publish_units(publication: Publication) -> gpd.GeoDataFrame:
    """Return the units of a plan that are no villages, told without a count of households.

    Returns
    -------
    geopandas.GeoDataFrame
        ``UNIT_COLUMNS``, one row a unit sorted by code, EPSG:4326; ``need`` is missing where
        ``counts_hidden``.
    """
    plan, programme = publication.plan, publication.programme
    table = plan.units.sort_values("unit_code", ignore_index=True)
    hidden = table["unit_code"].isin(publication.hidden_units)
    unpriced = prices_to_hide(table, hidden)
    broken = _broken_rules(publication, table["unit_code"])
    table = table.assign(
        unit=say(f"packpage.unit.{programme.unit}", "th"),
        **{f"{level.value}_th": _names(table[level.column]) for level in list(Level)[:3]},
        programme=plan.programme_id,
        fiscal_year=plan.fiscal_year,
        plan=plan.id,
        status_th=table["status"].map(lambda status: say(f"app.status.{status}", "th")),
        need=table["need"].astype("Int64").mask(hidden),
        points=table["points"].astype("Int64").mask(unpriced),
        place=table["place"].astype("Int64"),
        replaces=table["replaces"].fillna("").mask(unpriced, ""),
        counts_hidden=hidden,
        rules=["; ".join(rules) for rules in broken],
        made_up=publication.made_up,
        **{
            f"reason_{language}": _reasons(publication, table, broken, language)
            for language in LANGUAGES
        },
    )
    shapes = _unit_shapes(publication, table)
    return gpd.GeoDataFrame(table[list(UNIT_COLUMNS)], geometry=shapes.to_numpy(), crs=GEOGRAPHIC)


def _names(codes: pd.Series) -> pd.Series:
    known = {code: name_of(str(code)) for code in codes.dropna().unique()}
    return codes.map(known).astype("string")


def _broken_rules(publication: Publication, codes: pd.Series) -> list[list[str]]:
    findings = publication.plan.findings
    unsettled = findings[findings["verdict"] != "met"]
    broken = unsettled.groupby("unit_code")["rule"].agg(list)
    return [list(broken.get(code, [])) for code in codes]


def _reasons(
    publication: Publication,
    table: pd.DataFrame,
    broken: Sequence[Sequence[str]],
    language: Language,
) -> list[str]:
    unit = say(f"packpage.unit.{publication.programme.unit}", language)
    told = []
    for row, rules in zip(table.to_dict("records"), broken, strict=True):
        province = str(row["province_code"])
        sentence = say(
            f"export.unit_reason.{row['status']}",
            language,
            place=row["place"],
            units=publication.plan.result(province).demand.units,
            unit=unit,
            province=name_of(province, language),
        )
        words = [publication.programme.rule_by_id(rule).words.say(language) for rule in rules]
        told.append(" ".join([sentence, *words]))
    return told


def _unit_shapes(publication: Publication, table: pd.DataFrame) -> gpd.GeoSeries:
    """Return the shape of each unit: of its layer, else of its village or tambon."""
    workspace, unit = publication.workspace, publication.programme.unit
    shapes = gpd.GeoSeries([None] * len(table), index=table.index, crs=GEOGRAPHIC)
    for layer in _LAYERS_OF_UNITS.get(unit, ()):
        if layer not in LAYERS or not workspace.has(layer):
            continue
        contract, rows = contract_of(layer), workspace.table(layer)
        found = (
            rows["geometry"]
            if contract.geometry
            else points_of(rows)
            if has_points(contract)
            else None
        )
        keys = [name for name in contract.names if name.endswith("_id")]
        if found is None or not keys:
            continue
        known = found.set_axis(rows[keys[-1]].astype("string"))
        known = known[~known.index.duplicated() & known.index.notna()]
        own = known.reindex(table["unit_code"].astype("string")).to_numpy()
        shapes = gpd.GeoSeries(own, index=table.index, crs=GEOGRAPHIC)
    if unit == TAMBON:
        codes = table["tambon_code"].astype("string")
    else:
        codes = table["village_code"].astype("string")
    return shapes.where(shapes.notna(), shapes_of_codes(workspace, codes))
