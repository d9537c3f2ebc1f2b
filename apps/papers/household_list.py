"""The households proposed inside each target village: for the office alone, never an export."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from phaenthi.apps.papers.workbook import Sheet, Value, write_workbook
from phaenthi.apps.publication.published_plan import Publication
from phaenthi.targeting.programme.programme import Programme
from phaenthi.wording import Language, Problem, say

PLACE_COLUMNS = ("village_code", "name_th", "tambon_th", "amphoe_th", "province_th")


def write_household_list(
    publication: Publication, path: Path, language: Language = "th", *, for_office: bool
) -> Path:
    """Write the list of households of the target villages as a workbook.

    A household is told by its hashed id as the workspace keeps it, its tier and its place in the
    village; neither a name nor an income is in the file. It still speaks of single households,
    so every sheet, every printed page and the name of the file say that it stays in the office.

    Parameters
    ----------
    path
        Its name is put after the words that say so, as :func:`office_path` does.
    for_office
        Must be given as true by somebody who means it.

    Returns
    -------
    pathlib.Path
        The file that was written.

    Raises
    ------
    Problem
        ``papers.for_office_only`` unless ``for_office``; ``papers.no_households`` when the plan
        chooses no households.
    """
    if not for_office:
        raise Problem("papers.for_office_only")
    plan = publication.plan
    if plan.members.empty:
        raise Problem("papers.no_households", plan=plan.id)
    only = say("papers.office_only", language)
    made_up = [say("export.made_up", language)] if publication.made_up else []
    sheets = [
        Sheet(
            title=say(f"papers.households.{name}", language),
            heading=say(f"papers.households.{name}_heading", language),
            warnings=[only, *made_up],
            sentences=[
                publication.title(language),
                publication.dated(language),
                say("papers.households.personal", language),
            ],
            heads=heads,
            rows=rows,
        )
        for name, heads, rows in (
            ("list", *_list(publication, language)),
            ("tiers", *_tiers(publication, language)),
        )
    ]
    target = office_path(path, language)
    write_workbook(
        sheets,
        target,
        f"{only} {publication.title(language)}",
        language,
        page_head=only,
        made_on=plan.decided_on,
    )
    return target


def office_path(path: Path, language: Language = "th") -> Path:
    """Return a path whose name says that the file stays in the office."""
    only = say("papers.office_only", language).replace(" ", "-")
    return path if path.name.startswith(only) else path.with_name(f"{only}-{path.name}")


def _list(publication: Publication, language: Language) -> tuple[list[str], list[list[Value]]]:
    plan = publication.plan
    columns = ["village_code", "name_th", "tambon_th", "amphoe_th", "province_th"]
    places = pd.DataFrame(publication.villages[columns])
    members = plan.members.sort_values(["village_code", "place"]).merge(
        places, on="village_code", how="left", validate="m:1"
    )
    tiers = _tier_names(publication.programme, language)
    fill_up = "from_village" in members
    rows: list[list[Value]] = [
        [
            *(str(row[column]) for column in columns),
            int(row["place"]),
            str(row["household_id"]),
            tiers.get(int(row["tier"]), str(row["tier"])),
            *([None if pd.isna(row["from_village"]) else row["from_village"]] if fill_up else []),
        ]
        for row in members.to_dict("records")
    ]
    heads = [
        *(say(f"documents.column.{column}", language) for column in PLACE_COLUMNS),
        say("papers.households.place", language),
        say("papers.households.household_id", language),
        say("papers.households.tier", language),
        *([say("papers.households.from_village", language)] if fill_up else []),
    ]
    return heads, rows


def _tiers(publication: Publication, language: Language) -> tuple[list[str], list[list[Value]]]:
    """Count the listed households of each village by tier."""
    counts = pd.crosstab(publication.plan.members["village_code"], publication.plan.members["tier"])
    names = publication.villages.set_index("village_code")["name_th"]
    tiers = _tier_names(publication.programme, language)
    rows: list[list[Value]] = [
        [str(code), str(names[code]), *numbers, sum(numbers)]
        for code, numbers in zip(counts.index, counts.to_numpy().tolist(), strict=True)
    ]
    heads = [
        *(say(f"documents.column.{column}", language) for column in PLACE_COLUMNS[:2]),
        *(tiers.get(int(tier), str(tier)) for tier in counts.columns),
        say("documents.total", language),
    ]
    return heads, rows


def _tier_names(programme: Programme, language: Language) -> dict[int, str]:
    rule = programme.members()
    return {} if rule is None else {n: t.words.say(language) for n, t in enumerate(rule.tiers, 1)}
