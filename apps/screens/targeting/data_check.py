"""The third step: what the programme asks of the data, what is here, and what that leaves open."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
from markupsafe import Markup

from phaenthi.apps.dates import told_date
from phaenthi.apps.intake import unit_tables
from phaenthi.apps.screens import furniture, page_words
from phaenthi.apps.screens import show as st
from phaenthi.apps.screens.decisions import drafts
from phaenthi.apps.screens.page_words import tell
from phaenthi.apps.screens.targeting import judging
from phaenthi.apps.screens.targeting.evidence_counts import Asked, count_amphoe, count_unknowns
from phaenthi.apps.screens.targeting.scope import Scope, is_ready
from phaenthi.geo.places.gazetteer import exists, name_of
from phaenthi.geo.texts import html, markdown
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.targeting.programme.programme import Programme
from phaenthi.targeting.rules.of_areas import AllotmentRule
from phaenthi.wording import Problem, say

MARKS = {"here": "✓", "part": "◐", "missing": "✕"}


def show(workspace: Workspace, scope: Scope, read: Programme) -> bool:
    """Show the check, and return whether units can be judged at all.

    Parameters
    ----------
    read
        The programme in the readings of this session.
    """
    with st.spinner(tell("planner.data.looking")):
        looked = judging.look(workspace, read, scope.province)
    cards = [_card(one, scope.programme) for one in looked.asked]
    st.html(html.fill('<div class="ph-checks">{}</div>', html.join(cards)))
    show_tables(workspace, scope)
    ready = is_ready(workspace, scope.programme) or scope.programme.unit in ("village", "tambon")
    if looked.judgement is not None:
        show_outcome(scope, looked.judgement.units, looked.judgement.findings)
    return ready and looked.judgement is not None


def _card(asked: Asked, programme: Programme) -> Markup:
    """Return one thing asked for as HTML: its state, its figures, its age, what it leaves open."""
    state = tell(f"planner.data.state.{asked.state}")
    lines = [_say_rows(asked), _say_age(asked)]
    effect = _say_effect(asked, programme)
    told = html.join(html.fill("<div>{}</div>", line) for line in lines if line)
    result = html.fill('<div class="ph-effect">{}</div>', effect) if effect else ""
    return html.fill(
        '<div class="ph-check ph-check-{}"><div class="ph-check-head"><b '
        'class="ph-check-mark">{}</b><span><b>{}</b> <span '
        'class="ph-tag">{}</span></span></div><div '
        'class="ph-check-body">{}{}</div></div>',
        asked.state,
        MARKS[asked.state],
        _name(asked),
        state,
        told,
        result,
    )


def _name(asked: Asked) -> str:
    if asked.kind == "source":
        return asked.words if str(asked.year) in asked.words else f"{asked.words} {asked.year}"
    return tell(f"planner.data.name.{asked.kind}", words=asked.words, year=asked.year or "")


def _say_rows(asked: Asked) -> str:
    values = {
        "rows": f"{asked.rows:,}",
        "covered": f"{asked.covered or 0:,}",
        "villages": f"{asked.villages or 0:,}",
        "lists": f"{asked.lists or 0:,}",
    }
    if asked.state == "missing":
        return tell("planner.data.rows.none")
    return tell(f"planner.data.rows.{asked.kind}", **values)


def _say_age(asked: Asked) -> str:
    if asked.imported_at is None or asked.state == "missing":
        return ""
    days = (drafts.now() - asked.imported_at).days
    date = told_date(asked.imported_at, page_words.language())
    told = tell(f"planner.data.{'age' if days else 'age_today'}", date=date, days=days)
    return f"{told} · {tell('made_up')}" if asked.made_up else told


def _say_effect(asked: Asked, programme: Programme) -> str:
    told = []
    if asked.state != "here":
        told.append(tell(f"planner.data.effect.{asked.kind}_{asked.state}"))
    if asked.state == "missing" and asked.other_years:
        years = ", ".join(str(year) for year in asked.other_years)
        told.append(tell("planner.data.other_years", years=years))
    numbers = [
        str(place) for place, rule in enumerate(programme.rules, start=1) if rule.id in asked.rules
    ]
    if numbers:
        told.append(tell("planner.data.asked_by", rules=", ".join(numbers)))
    return " ".join(told)


# -- what the layers do not hold -------------------------------------------------------------------


def show_tables(workspace: Workspace, scope: Scope) -> None:
    """Ask for the tables that no layer holds: the allotment, and the units themselves."""
    pack = scope.programme
    for rule, wanted in unit_tables.allotments_asked(pack).values():
        here = wanted.table in pack.tables
        title = tell("planner.data.allotment", words=wanted.words.say(page_words.language()))
        with st.expander(
            title, expanded=not here, icon=":material/check:" if here else ":material/help:"
        ):
            show_allotment(workspace, pack, rule, here=here)
    if not pack.needs_unit_table:
        return
    origin = unit_tables.origin_of(pack, workspace)
    here = unit_tables.table_for(pack, workspace) is not None
    title = tell("planner.data.units", unit=scope.noun)
    with st.expander(
        title, expanded=not here, icon=":material/check:" if here else ":material/help:"
    ):
        if here and origin is not None:
            source = tell("made_up") if origin.made_up else origin.source
            date = told_date(origin.moment, page_words.language())
            rows = f"{origin.rows:,}"
            st.write(tell("planner.data.units_here", source=source, date=date, rows=rows))
        elif pack.unit == "village":
            st.write(tell("planner.data.columns_lead"))
        else:
            st.write(tell("planner.data.units_lead", unit=scope.noun))
        show_unit_table(workspace, scope)


def show_unit_table(workspace: Workspace, scope: Scope) -> None:
    """Show the columns of the table of units, its template, and a place to give it."""
    pack, language = scope.programme, page_words.language()
    rows = [
        {
            "words": column.words.say(language),
            "kind": say(f"packpage.kind.{column.kind}", language),
            "values": ", ".join(f"{k} = {v.say(language)}" for k, v in column.choices.items())
            or (say(f"finding.unit_of.{column.unit}", language) if column.unit else None),
        }
        for column in pack.pack.columns.values()
    ]
    names = {name: say(f"packpage.column.{name}", language) for name in ("words", "kind", "values")}
    if rows:
        st.dataframe(
            pd.DataFrame(rows), hide_index=True, column_config=names, placeholder="–", height="auto"
        )
    content = unit_tables.template(pack, language)
    _give(
        f"units_{pack.id}",
        (f"{pack.id}.csv", content),
        lambda path: unit_tables.take_in(pack, workspace, path, drafts.now()),
    )
    if workspace.made_up and st.button(
        tell("planner.data.made_up_units", unit=scope.noun),
        icon=":material/science:",
        key="made_up_units",
    ):
        unit_tables.make_up_units(pack, workspace, drafts.now())
        st.rerun()


def show_allotment(
    workspace: Workspace, pack: Programme, rule: AllotmentRule, *, here: bool
) -> None:
    """Show where the Department's numbers come from, and a place to give them."""
    wanted = rule.input
    if wanted is None:
        return
    if here:
        st.write(tell("planner.data.allotment_here", rows=f"{len(pack.tables[wanted.table]):,}"))
    else:
        st.write(tell("planner.data.allotment_lead", table=wanted.table))
    if wanted.total is not None:
        st.caption(tell("planner.data.allotment_total", total=f"{wanted.total:,}"))
    _give(
        f"allotment_{pack.id}_{rule.id}",
        (wanted.table, unit_tables.allotment_template(rule)),
        lambda path: unit_tables.take_allotment(workspace, rule, path),
    )
    if workspace.made_up and st.button(
        tell("planner.data.made_up_allotment"),
        icon=":material/science:",
        key=f"made_up_allotment_{rule.id}",
    ):
        unit_tables.make_up_allotment(workspace, pack, rule)
        st.rerun()


def _give(key: str, template: tuple[str, bytes], take: object) -> None:
    """Show the template to fill in and ask for the file; tell what is wrong with it."""
    furniture.style_upload()
    name, content = template
    st.download_button(
        tell("planner.data.template"),
        content,
        file_name=name,
        mime="text/csv",
        icon=":material/download:",
        key=f"template_{key}",
    )
    sent = st.file_uploader(
        tell("planner.data.give"),
        type=["csv", "xlsx"],
        key=f"file_{key}",
        help=tell("planner.data.give_help"),
    )
    if sent is None or st.session_state.get(f"taken_{key}") == sent.file_id:
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / Path(sent.name).name
        path.write_bytes(sent.getvalue())
        try:
            take(path)  # type: ignore[operator]  # a function of the path
        except Problem as problem:
            st.error(problem.sentence(page_words.language()), icon=":material/error:")
            return
    st.session_state[f"taken_{key}"] = sent.file_id
    st.rerun()


# -- what it comes to ------------------------------------------------------------------------------


def show_outcome(scope: Scope, units: pd.DataFrame, findings: pd.DataFrame) -> None:
    """Show how many units can be decided with what is here, and what keeps the others open."""
    counts = units["verdict"].value_counts()
    furniture.show_figures(
        [
            (tell("planner.data.judged", unit=scope.noun), f"{len(units):,}", ""),
            *(
                (
                    tell(f"planner.data.verdict.{verdict}"),
                    f"{int(counts.get(verdict, 0)):,}",
                    tell(f"planner.data.verdict_note.{verdict}"),
                )
                for verdict in ("met", "unknown", "not_met")
            ),
        ]
    )
    unknowns = count_unknowns(units, findings)
    if not unknowns.empty:
        st.markdown(markdown.bold(tell("planner.data.open_title")))
        st.markdown(markdown.bullets(_say_unknowns(scope, unknowns)))
    with st.expander(tell("planner.data.by_amphoe"), icon=":material/table:"):
        table = count_amphoe(units)
        names = [
            name_of(code, page_words.language()) if exists(code) else "–" for code in table["code"]
        ]
        number = st.column_config.NumberColumn
        st.dataframe(
            table.assign(code=names),
            hide_index=True,
            column_config={
                "code": tell("targeting.table.amphoe"),
                "units": number(tell("planner.data.judged", unit=scope.noun), format="localized"),
                **{
                    verdict: number(tell(f"planner.data.verdict.{verdict}"), format="localized")
                    for verdict in ("met", "unknown", "not_met")
                },
            },
        )


def _say_unknowns(scope: Scope, unknowns: pd.DataFrame) -> Sequence[str]:
    numbers = {rule.id: n for n, rule in enumerate(scope.programme.rules, start=1)}
    return [
        tell(
            f"planner.data.open.{_cause(str(row['outcome']))}",
            count=f"{int(row['units']):,}",
            unit=scope.noun,
            rule=numbers.get(str(row["rule"]), "–"),
        )
        for row in unknowns.to_dict("records")
    ]


def _cause(outcome: str) -> str:
    known = ("list_needed", "match_needed", "register_needed", "place_needed", "source_missing")
    return outcome if outcome in known else "value_missing"
