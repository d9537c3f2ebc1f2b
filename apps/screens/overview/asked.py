"""What the reader asks of the overview: an area, a level, an indicator; and the way back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pandas as pd

from phaenthi.apps.publication.counts_by_area import LEVELS, PERSONAL
from phaenthi.apps.screens import kept_choices, page_words, workspace_tables
from phaenthi.apps.screens import show as st
from phaenthi.apps.screens.page_words import tell
from phaenthi.geo.places.codes import Level, is_municipal, level_of
from phaenthi.geo.texts import markdown

INDICATORS = (
    "poor_households",
    "poor_share",
    "poor_persons",
    "target_poor_households",
    "prior_villages",
    "villages",
)
# What the poverty register tells, and what is hidden with it.
OF_REGISTER = (*PERSONAL, "poor_share")
EVERYWHERE = "all"
IN_ADDRESS = ("area", "inside", "level", "indicator", "chosen", "print")
# With more provinces than these a newcomer sees them all first.
FEW_PROVINCES = 4
# Levels that a reader goes down by choosing from a list, in the order of the lists.
STEPS = (Level.AMPHOE, Level.TAMBON)


@dataclass(frozen=True)
class View:
    """What the reader asked to see.

    Attributes
    ----------
    folder, generation
        Of the workspace; tables are cached by both.
    area
        Code of the province, amphoe or tambon to look inside; empty, which every code begins
        with, for the whole country.
    level
        Of the areas that are shown.
    indicator
        One of ``INDICATORS``.
    chosen
        Code of the area that is outlined, if any.
    """

    folder: str
    generation: int
    area: str
    level: Level
    indicator: str
    chosen: str | None

    @property
    def place(self) -> tuple[str, int]:
        """Folder and generation."""
        return self.folder, self.generation


def view_of(folder: str, generation: int, counts: pd.DataFrame) -> View:
    """Return what this session asks, which is what the address says on arrival."""
    area = shown_area(counts)
    levels = levels_inside(area)
    return View(
        folder,
        generation,
        area,
        Level(kept_choices.recall("overview_level", levels, levels[0])),
        kept_choices.recall("overview_indicator", INDICATORS, INDICATORS[0]),
        st.session_state.get("overview_chosen"),
    )


def levels_inside(area: str) -> Sequence[Level]:
    """Return the levels of the areas that lie inside an area."""
    return LEVELS[LEVELS.index(level_of(area)) + 1 :] if area else LEVELS


def shown_area(counts: pd.DataFrame) -> str:
    """Return the code of the area that the reader looks inside, empty for the whole country."""
    provinces = counts.loc[counts["level"] == Level.PROVINCE, "code"].tolist()
    few = len(provinces) <= FEW_PROVINCES
    last = kept_choices.recall(
        "province", provinces, provinces[0] if few and provinces else EVERYWHERE
    )
    province = kept_choices.recall("overview_province", [EVERYWHERE, *provinces], last)
    kept_choices.keep("overview_province", province)
    if province == EVERYWHERE:
        return ""
    inside = str(st.session_state.get("overview_inside") or "")
    known = inside.startswith(province) and (counts["code"] == inside).any()
    return inside if known and len(inside) <= Level.TAMBON.digits else province


def ask_view(view: View, counts: pd.DataFrame) -> View:
    """Show the choices of area, level and indicator, and return what they say."""
    levels = levels_inside(view.area)
    with st.container(
        horizontal=True, vertical_alignment="bottom", gap="small", key="overview_asked"
    ):
        _ask_province(counts, view.area)
        for step in STEPS:
            above = step.parent
            if above is not None and len(view.area) >= above.digits:
                _ask_step(counts, view.area, step, above)
        level = _ask("overview_level", levels, view.level)
        st.segmented_control(
            tell("overview.level"),
            levels,
            format_func=lambda one: tell(f"overview.{one}"),
            key=level,
            required=True,
            on_change=_taker(level, "kept_overview_level", view.level),
        )
        indicator = _ask("overview_indicator", INDICATORS, view.indicator)
        st.selectbox(
            tell("overview.indicator"),
            INDICATORS,
            format_func=lambda name: tell(f"overview.show.{name}"),
            key=indicator,
            width=230,
            on_change=_taker(indicator, "kept_overview_indicator", view.indicator),
        )
    kept_choices.keep("overview_level", view.level)
    kept_choices.keep("overview_indicator", view.indicator)
    return view


def _ask(name: str, options: Sequence[str], value: str) -> str:
    """Put a value into a widget before it is shown, and return the widget's key."""
    # A widget with other options is another widget.
    key = kept_choices.widget_key(f"{name}_{len(options)}" if name == "overview_level" else name)
    st.session_state[key] = value
    return key


def _taker(widget: str, kept: str, otherwise: str) -> Callable[[], None]:
    def take() -> None:
        st.session_state[kept] = st.session_state[widget] or otherwise

    return take


def _ask_province(counts: pd.DataFrame, area: str) -> None:
    provinces = counts.loc[counts["level"] == Level.PROVINCE, "code"].tolist()
    key = kept_choices.widget_key("overview_province")
    st.session_state[key] = area[: Level.PROVINCE.digits] or EVERYWHERE

    def take_province() -> None:
        code = st.session_state[key]
        level = st.session_state.get("kept_overview_level")
        go_to("" if code == EVERYWHERE else code)
        # Who compares provinces wants to see the same of the next one.
        st.session_state["kept_overview_level"] = level

    st.selectbox(
        tell("overview.area"),
        [EVERYWHERE, *provinces],
        format_func=lambda code: (
            tell("overview.every_province") if code == EVERYWHERE else say_area(code)
        ),
        key=key,
        width=215,
        on_change=take_province,
    )


def _ask_step(counts: pd.DataFrame, area: str, step: Level, above: Level) -> None:
    """Show the list of the areas one step down, of which the first is to stay."""
    here = area[: above.digits]
    of_level = counts[(counts["level"] == step) & counts["code"].str.startswith(here)]
    codes = of_level.loc[~is_municipal(of_level["code"].astype("string")), "code"].tolist()
    at = area[: step.digits] if len(area) >= step.digits else here
    key = kept_choices.widget_key(f"overview_{step}")
    st.session_state[key] = at
    st.selectbox(
        tell(f"overview.{step}"),
        [here, *codes],
        format_func=lambda code: tell(f"overview.every_{step}") if code == here else say_area(code),
        key=key,
        width=160,
        on_change=lambda: go_to(st.session_state[key]),
    )


def go_to(area: str) -> None:
    """Look inside an area, by the areas one level below it; empty for the whole country."""
    level = level_of(area).child if area else Level.PROVINCE
    st.session_state["kept_overview_province"] = area[: Level.PROVINCE.digits] or EVERYWHERE
    st.session_state["overview_inside"] = area
    st.session_state["kept_overview_level"] = level
    st.session_state["overview_chosen"] = None
    st.session_state["overview_by_map"] = None


def show_crumbs(view: View) -> None:
    """Show where the reader is, the way back, and the way into the area that is chosen."""
    chosen = view.chosen
    steps = steps_to(view.area)
    with st.container(
        horizontal=True, vertical_alignment="center", gap="xxsmall", key="overview_crumbs"
    ):
        for place, code in enumerate(steps):
            name = say_area(code)
            if place:
                st.markdown(markdown.fill(":gray[›]"), width="content")
            if code == view.area:
                st.markdown(markdown.bold(name), width="content")
            else:
                st.button(
                    name,
                    key=f"overview_to_{code or EVERYWHERE}",
                    type="tertiary",
                    on_click=go_to,
                    args=(code,),
                )
        if chosen and chosen.startswith(view.area) and can_enter(chosen):
            [name] = workspace_tables.area_names(*view.place, [chosen], level_of(chosen))
            st.button(
                tell("overview.enter", area=name),
                key="overview_enter",
                icon=":material/zoom_in_map:",
                on_click=go_to,
                args=(chosen,),
            )


def steps_to(area: str) -> list[str]:
    """Return the codes of the way from the whole country to an area."""
    above = [level for level in LEVELS[:-1] if level.digits <= len(area)]
    return ["", *(area[: level.digits] for level in above)]


def say_area(code: str) -> str:
    """Return the name of an area, or of the whole country."""
    return page_words.area_name(code, page_words.language()) if code else tell("overview.country")


def say_path(area: str) -> str:
    """Return an area with those that it lies in, the widest first."""
    steps = steps_to(area)
    return " › ".join(say_area(code) for code in (steps[1:] or steps))


def can_enter(code: str) -> bool:
    """Tell whether an area has others inside that can be shown."""
    return len(code) <= Level.TAMBON.digits and not is_municipal(code)
