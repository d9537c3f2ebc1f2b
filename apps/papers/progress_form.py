"""The form on which an amphoe reports progress: groups, clusters, five steps, money spent.

Its parts are those of the form that the province of Buri Ram sent to its amphoe with the annexes
of the occupational groups programme of fiscal year 2561.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

import pandas as pd

from phaenthi.apps.papers.annex import LYING, SUBTITLE, TITLE
from phaenthi.apps.papers.facts import Facts
from phaenthi.apps.papers.word import PaperTable, Style, Value, WordWriter
from phaenthi.apps.publication.published_plan import Publication
from phaenthi.geo.places.codes import Level, parent_code
from phaenthi.geo.places.gazetteer import name_of
from phaenthi.layers.groups.register import group_register
from phaenthi.wording import Language, Problem, say

GROUP_COLUMNS = ("address", "name_th", "product_th", "members", "outlet", "otop_registered")
CLUSTER_COLUMNS = ("name_th", "joined_by", "groups")
STEP_COLUMNS = ("step", "state", "result", "problem", "remedy")
STEPS = ("survey", "clusters", "readiness", "grading", "development")
GROUPS = "groups"
EMPTY_GROUPS, EMPTY_CLUSTERS = 4, 3
HEADING = Style(bold=True, before=10, with_next=True)
GROUP_WIDTHS = (1.0, 5.8, 4.4, 3.9, 1.7, 3.7, 2.6, 2.6)
CLUSTER_WIDTHS = (1.2, 7.0, 9.5, 8.0)
STEP_WIDTHS = (8.6, 2.8, 1.5, 4.4, 4.2, 4.2)
BUDGET_WIDTHS = (6.4, 6.4, 6.4, 6.5)
State = Literal["under_way", "finished"]


def _empty(columns: Sequence[str]) -> pd.DataFrame:
    return pd.DataFrame(columns=list(columns))


@dataclass(frozen=True)
class Progress:
    """What an amphoe reports; whatever is missing is left to be written by hand.

    Attributes
    ----------
    amphoe_code
        The amphoe that reports.
    project
        Name of the project.
    fiscal_year, quarter
        Of the report; the quarter is 1 to 4.
    groups
        A row a group: ``address``, ``name_th``, ``product_th``, ``members`` (persons),
        ``outlet``, ``otop_registered`` (true, false or missing).
    clusters
        A row a cluster: ``name_th``, ``joined_by``, ``groups`` (text, or how many).
    steps
        A row a step reported on: ``step`` (of :data:`STEPS`), ``state`` (``under_way``,
        ``finished`` or missing), ``result``, ``problem``, ``remedy``.
    state
        Of the whole project.
    received_baht, spent_baht
        Money received and spent.
    """

    amphoe_code: str
    project: str
    fiscal_year: int
    quarter: int | None = None
    groups: pd.DataFrame = field(default_factory=lambda: _empty(GROUP_COLUMNS))
    clusters: pd.DataFrame = field(default_factory=lambda: _empty(CLUSTER_COLUMNS))
    steps: pd.DataFrame = field(default_factory=lambda: _empty(STEP_COLUMNS))
    state: State | None = None
    received_baht: int | None = None
    spent_baht: int | None = None
    reporter: str = ""
    position: str = ""
    made_up: bool = False

    def __post_init__(self) -> None:
        """Refuse tables without their columns, unknown steps and money that cannot be.

        Raises
        ------
        Problem
            ``papers.columns_missing``, ``papers.step_unknown``, ``papers.baht_below_zero``.
        """
        for name, columns in (
            ("groups", GROUP_COLUMNS),
            ("clusters", CLUSTER_COLUMNS),
            ("steps", STEP_COLUMNS),
        ):
            missing = [c for c in columns if c not in getattr(self, name)]
            if missing:
                raise Problem("papers.columns_missing", table=name, columns=", ".join(missing))
        unknown = sorted(set(self.steps["step"]) - set(STEPS))
        if unknown:
            known = ", ".join(STEPS)
            raise Problem("papers.step_unknown", found=", ".join(unknown), known=known)
        for baht in (self.received_baht, self.spent_baht):
            if baht is not None and baht < 0:
                raise Problem("papers.baht_below_zero", found=f"{baht:,}")

    @property
    def percent_spent(self) -> float | None:
        """Money spent of money received; ``None`` where either is missing or nothing came."""
        if self.spent_baht is None or not self.received_baht:
            return None
        return 100 * self.spent_baht / self.received_baht


def forms_of(publication: Publication, province: str, language: Language = "th") -> list[Progress]:
    """Return a form for every amphoe of a province with a target village.

    The groups that the workspace knows in the target villages stand in it; the rest is left to
    be written.
    """
    facts = Facts.of(publication, province)
    groups = _known_groups(facts, language)
    return [
        Progress(
            amphoe_code=str(code),
            project=facts.project(language),
            fiscal_year=publication.plan.fiscal_year,
            groups=groups[groups["amphoe_code"] == code],
        )
        for code in facts.chosen["amphoe_code"].drop_duplicates()
    ]


def _known_groups(facts: Facts, language: Language) -> pd.DataFrame:
    workspace = facts.publication.workspace
    if GROUPS not in workspace.layers or not workspace.has(GROUPS):
        return _empty((*GROUP_COLUMNS, "amphoe_code"))
    groups = workspace.table(GROUPS)
    groups = groups[groups["village_code"].isin(facts.chosen["village_code"])]
    return as_groups(group_register(groups, facts.villages, language=language))


def as_groups(register: pd.DataFrame) -> pd.DataFrame:
    """Return a register of groups with its two columns to tick as one that may be unknown.

    Parameters
    ----------
    register
        From :func:`phaenthi.layers.groups.register.group_register`.
    """
    told = pd.Series(pd.NA, index=register.index, dtype="boolean")
    told = told.mask(register["otop_yes"].astype(bool), other=True)
    told = told.mask(register["otop_not_yet"].astype(bool), other=False)
    return register.assign(otop_registered=told)


def write_progress(
    forms: Sequence[Progress], path: Path, publication: Publication, language: Language = "th"
) -> None:
    """Write progress forms as one Word file, each amphoe from a new page.

    Parameters
    ----------
    forms
        One an amphoe, in the order of the file.
    publication
        The plan that the forms belong to; the file bears its day.
    """
    made_up = any(form.made_up for form in forms) or publication.made_up
    notices = [say("export.made_up", language)] if made_up else []
    title = f"{say('papers.progress.title', language)} {publication.title(language)}"
    writer = WordWriter(title, language, notices=notices, landscape=True, margins=LYING)
    for number, form in enumerate(forms):
        _write_form(writer, form, new_page=number > 0)
    writer.save(path, publication.plan.decided_on)


def _write_form(writer: WordWriter, form: Progress, *, new_page: bool) -> None:
    language = writer.language
    blank = say("papers.short_blank", language)
    writer.line(say("papers.progress.title", language), replace(TITLE, new_page=new_page))
    writer.line(form.project, SUBTITLE)
    amphoe = name_of(form.amphoe_code, language)
    place = {
        "amphoe": amphoe,
        "province": name_of(parent_code(form.amphoe_code, Level.PROVINCE), language),
    }
    quarter = blank if form.quarter is None else form.quarter
    period = {"year": form.fiscal_year, "quarter": quarter}
    writer.line(say("papers.progress.place", language, **place, **period), SUBTITLE)
    writer.line(say("papers.progress.groups", language), HEADING)
    writer.table(_groups(form, language))
    writer.line(say("papers.progress.clusters", language), HEADING)
    writer.table(_clusters(form, language))
    state = {name: _tick(form.state == name) for name in ("under_way", "finished")}
    writer.line(say("papers.progress.status", language, **state), replace(HEADING, with_next=False))
    writer.line(say("papers.progress.steps", language), HEADING)
    writer.table(_steps(form, language))
    writer.line(say("papers.progress.budget", language), HEADING)
    writer.table(_money(form, language))
    writer.signature(form.reporter, form.position, indent=13.0)


def _tick(wanted: object) -> str:
    return "☑" if wanted is True else "☐"


def _filled(rows: list[list[Value]], columns: int, empty: int) -> list[list[Value]]:
    """Return rows, or empty ones to write on."""
    return rows or [[number, *([""] * (columns - 1))] for number in range(1, empty + 1)]


def _groups(form: Progress, language: Language) -> PaperTable:
    rows: list[list[Value]] = [
        [
            number,
            *(_text(row[column]) for column in ("address", "name_th", "product_th")),
            None if pd.isna(row["members"]) else int(row["members"]),
            _text(row["outlet"]),
            _tick(_is(row["otop_registered"], wanted=True)),
            _tick(_is(row["otop_registered"], wanted=False)),
        ]
        for number, row in enumerate(form.groups.to_dict("records"), 1)
    ]
    names = ("number", "address", "group", "product", "members", "outlet", "otop", "not_yet")
    heads = [say(f"papers.progress.{name}", language) for name in names]
    return PaperTable(
        heads, _filled(rows, 8, EMPTY_GROUPS), GROUP_WIDTHS, centred=frozenset({0, 6, 7})
    )


def _clusters(form: Progress, language: Language) -> PaperTable:
    rows: list[list[Value]] = [
        [number, *(_text(row[column]) for column in CLUSTER_COLUMNS)]
        for number, row in enumerate(form.clusters.to_dict("records"), 1)
    ]
    heads = [
        say(f"papers.progress.{name}", language)
        for name in ("number", "cluster", "joined_by", "groups_in_it")
    ]
    return PaperTable(
        heads, _filled(rows, 4, EMPTY_CLUSTERS), CLUSTER_WIDTHS, centred=frozenset({0})
    )


def _steps(form: Progress, language: Language) -> PaperTable:
    told = form.steps.drop_duplicates("step", keep="last").set_index("step")
    rows: list[list[Value]] = []
    for number, step in enumerate(STEPS, 1):
        row = told.loc[step] if step in told.index else pd.Series(dtype="object")
        rows.append(
            [
                f"{number}. {say(f'papers.progress.step_{step}', language)}",
                _tick(_is(row.get("state"), wanted="under_way")),
                _tick(_is(row.get("state"), wanted="finished")),
                *(_text(row.get(column)) for column in ("result", "problem", "remedy")),
            ]
        )
    names = ("step", "under_way", "finished", "result", "problem", "remedy")
    heads = [say(f"papers.progress.{name}", language) for name in names]
    return PaperTable(heads, rows, STEP_WIDTHS, centred=frozenset({1, 2}))


def _money(form: Progress, language: Language) -> PaperTable:
    heads = [
        say(f"papers.progress.{name}", language)
        for name in ("received", "spent", "left", "percent")
    ]
    left = None
    if form.received_baht is not None and form.spent_baht is not None:
        left = form.received_baht - form.spent_baht
    percent = "" if form.percent_spent is None else f"{form.percent_spent:.2f}"
    row: list[Value] = [form.received_baht, form.spent_baht, left, percent]
    return PaperTable(heads, [row], BUDGET_WIDTHS, centred=frozenset({3}))


def _is(value: object, *, wanted: object) -> bool:
    # A missing value is neither; numpy's truth is not Python's.
    return not pd.isna(value) and value == wanted  # type: ignore[call-overload]


def _text(value: object) -> str:
    return "" if value is None or pd.isna(value) else str(value)  # type: ignore[call-overload]
