"""The first two steps: which programme and year, and which area."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from phaenthi.apps.intake import unit_tables
from phaenthi.apps.planning.plans import saved_plans
from phaenthi.apps.screens import kept_choices, page_words, workspace_tables
from phaenthi.apps.screens import show as st
from phaenthi.apps.screens.decisions import drafts
from phaenthi.apps.screens.page_words import tell
from phaenthi.geo.places.codes import Level
from phaenthi.geo.places.gazetteer import name_of
from phaenthi.layers.workspace.documents import DocumentKind
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.targeting.programme import programme as programmes
from phaenthi.targeting.programme.programme import Programme
from phaenthi.wording import Problem, say

EVERY_YEAR = ""
LIST_HEIGHT = 400
SHORT_LIST = 5


@dataclass(frozen=True)
class Scope:
    """Whose units are to be chosen, and under what.

    Attributes
    ----------
    taking_part
        Provinces of the workspace that take part; empty where none does.
    province
        The one chosen; empty where none takes part.
    """

    programme: Programme
    taking_part: tuple[str, ...]
    province: str

    @property
    def noun(self) -> str:
        """What is chosen, in the language of this session."""
        return say(f"limits.unit.{self.programme.unit}", page_words.language())


def load_packs(workspace: Workspace) -> list[Programme]:
    """Return every pack, those that the layers alone can choose first."""
    own = workspace.documents(DocumentKind.PACKS)
    stamps = tuple((name, own.changed(name)) for name in sorted(own.names("*")) if own.has(name))
    return _loaded(str(own.folder), stamps)


@st.cache_resource(show_spinner=False, max_entries=4)
def _loaded(own: str, stamps: tuple[tuple[str, int], ...]) -> list[Programme]:
    del stamps
    folder = Path(own)
    loaded = [programmes.load(entry.id, (folder,)) for entry in programmes.packs((folder,))]
    return sorted(loaded, key=lambda pack: (not pack.layers_suffice, pack.id))


def chosen_scope(workspace: Workspace, packs: list[Programme]) -> Scope:
    """Return programme and province of this session, or those that one begins with."""
    by_id = {pack.id: pack for pack in packs}
    first = next((one for one in packs if _here(workspace, one)), packs[0])
    pack = by_id[kept_choices.recall("programme", list(by_id), first.id)]
    taking_part = _here(workspace, pack)
    if not taking_part:
        return Scope(pack, (), "")
    last = last_province(workspace, pack)
    default = last if last in taking_part else taking_part[0]
    return Scope(pack, taking_part, kept_choices.recall("province", taking_part, default))


def _here(workspace: Workspace, pack: Programme) -> tuple[str, ...]:
    here = provinces_here(workspace.address, workspace.generation)
    return tuple(code for code in here if code in pack.provinces())


@st.cache_data(show_spinner=False, max_entries=6)
def provinces_here(folder: str, generation: int) -> tuple[str, ...]:
    """Return the provinces that a workspace has villages of."""
    table = workspace_tables.village_table(folder, generation)
    return tuple(sorted(table[Level.PROVINCE.column].unique()))


def last_province(workspace: Workspace, pack: Programme) -> str | None:
    """Return the province of the plan saved last for a programme."""
    for name in saved_plans(workspace):
        province, _, digest = name.removeprefix(f"{pack.id}-").partition("-")
        if name.startswith(pack.id) and digest and province in pack.provinces():
            return province
    return None


# -- the programme ---------------------------------------------------------------------------------


def ask_programme(workspace: Workspace, packs: list[Programme], scope: Scope) -> None:
    """Ask for the programme and year; the list can be narrowed by the year."""
    language = page_words.language()
    years = sorted({pack.pack.fiscal_year for pack in packs}, reverse=True)
    options = [EVERY_YEAR, *(str(year) for year in years)]
    year = st.pills(
        tell("planner.programme.year"),
        options,
        default=kept_choices.recall("pack_year", options, EVERY_YEAR),
        format_func=lambda one: one or tell("planner.programme.every_year"),
        key=kept_choices.widget_key("pack_year"),
        required=True,
    )
    kept_choices.keep("pack_year", year or EVERY_YEAR)
    listed = [pack for pack in packs if not year or str(pack.pack.fiscal_year) == year]
    # The chosen one stays in the list, so that narrowing never changes the choice.
    if scope.programme not in listed:
        listed.insert(0, scope.programme)
    by_id = {pack.id: pack for pack in listed}
    key = kept_choices.widget_key("programme_list")
    st.session_state[key] = scope.programme.id

    def take() -> None:
        if st.session_state[key] != st.session_state.get("kept_programme"):
            kept_choices.keep("programme", st.session_state[key])
            leave_plan()

    # The way on stays in sight below a long list.
    with st.container(height=LIST_HEIGHT if len(listed) > SHORT_LIST else "content", border=True):
        st.radio(
            tell("targeting.programme"),
            list(by_id),
            format_func=lambda pack: by_id[pack].name(language),
            captions=[say_pack(workspace, pack) for pack in listed],
            key=key,
            on_change=take,
        )


def leave_plan() -> None:
    """Forget the plan and the village of another programme or area."""
    for name in ("plan_id", "line_id", "village", "village_by_map", "kept_readings", "kept_amphoe"):
        st.session_state.pop(name, None)


def say_pack(workspace: Workspace, pack: Programme) -> str:
    """Say in a line what a pack chooses, where, and what it still asks for."""
    unit = say(f"packpage.unit.{pack.unit}", page_words.language())
    if not _here(workspace, pack):
        state = f"○ {tell('planner.programme.not_here')}"
    elif is_ready(workspace, pack):
        state = f"● {tell('planner.programme.ready')}"
    else:
        state = f"◐ {tell('planner.programme.table_needed', unit=unit)}"
    provinces = tell("planner.programme.provinces", count=len(pack.provinces()))
    year = tell("planner.programme.year_of", year=pack.pack.fiscal_year)
    return " · ".join((state, year, tell("planner.programme.unit", unit=unit), provinces))


def is_ready(workspace: Workspace, pack: Programme) -> bool:
    """Tell whether all that a pack asks for is there to be judged."""
    asked = unit_tables.allotments_asked(pack).values()
    if any(wanted.table not in pack.tables for _, wanted in asked):
        return False
    if pack.unit in ("village", "tambon"):
        return not pack.pack.columns or unit_tables.table_for(pack, workspace) is not None
    return unit_tables.table_for(pack, workspace) is not None


# -- the area --------------------------------------------------------------------------------------


def ask_area(workspace: Workspace, scope: Scope) -> None:
    """Ask for the province, and show what each gets and has."""
    language = page_words.language()
    pack = scope.programme
    if not scope.taking_part:
        st.warning(tell("targeting.none_in_scope", count=len(pack.provinces())))
        return
    key = kept_choices.widget_key("province")
    st.session_state[key] = scope.province

    def take() -> None:
        kept_choices.keep("province", st.session_state[key])
        leave_plan()

    st.selectbox(
        tell("targeting.province"),
        scope.taking_part,
        format_func=lambda code: name_of(code, language),
        key=key,
        on_change=take,
        width=360,
    )
    table = workspace_tables.village_table(workspace.address, workspace.generation)
    counts = table.groupby(Level.PROVINCE.column)
    rows = []
    for code in scope.taking_part:
        units, amphoe = _allotted(pack, code)
        rows.append(
            {
                "province": name_of(code, language),
                "units": units,
                "areas": amphoe,
                "amphoe": int(counts[Level.AMPHOE.column].nunique()[code]),
                "villages": int(counts.size()[code]),
                "plans": len(drafts.plans_of(workspace, pack, code)),
            }
        )
    number = st.column_config.NumberColumn
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        width="stretch",
        placeholder="–",
        column_config={
            "province": tell("targeting.province"),
            "units": number(
                tell("planner.area.units", unit=scope.noun),
                help=say("glossary.allotment", language),
            ),
            "areas": number(tell("planner.area.areas"), help=tell("planner.area.areas_help")),
            "amphoe": number(tell("planner.area.amphoe"), format="localized"),
            "villages": number(tell("planner.area.villages"), format="localized"),
            "plans": number(tell("planner.area.plans")),
        },
    )
    here = provinces_here(workspace.address, workspace.generation)
    outside = [name_of(code, language) for code in here if code not in scope.taking_part]
    if outside:
        st.caption(tell("targeting.not_in_scope", province=", ".join(outside)))


def _allotted(pack: Programme, province: str) -> tuple[int | None, int | None]:
    """Return how many units and amphoe a province gets; None where that is not known."""
    try:
        allotted = pack.allotment(province)
    except Problem:
        return None, None
    return allotted.units or None, allotted.areas
