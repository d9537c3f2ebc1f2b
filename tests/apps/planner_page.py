"""The targeting page without a browser: opened, read, and worked by its keys."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
from streamlit.testing.v1 import AppTest

from phaenthi.layers.workspace.documents import DocumentKind
from phaenthi.targeting.plan import keeping
from phaenthi.targeting.plan.record import Plan

PATIENCE = 180


def open_page(**address: str) -> AppTest:
    """Open the page at an address."""

    def show() -> None:
        from phaenthi.apps.screens import address as held  # noqa: PLC0415 - AppTest runs this text alone
        from phaenthi.apps.screens import targeting  # noqa: PLC0415

        held.take_over()
        targeting.show()

    page = AppTest.from_function(show, default_timeout=PATIENCE)
    for name, value in address.items():
        page.query_params["with" if name == "with_" else name] = value
    return page.run()


def words_of(page: AppTest) -> str:
    """Return all that a page says, markup taken away."""
    said = [
        element.value
        for kind in ("markdown", "caption", "header", "subheader", "info", "warning", "error")
        for element in page.get(kind)
    ]
    said += [element.value for element in page.get("success")]
    said += [element.proto.body for element in page.get("html")]
    said += [element.label for kind in ("button", "expander") for element in page.get(kind)]
    return re.sub(r"<[^>]+>", " ", " ".join(str(text) for text in said))


def keys_of(page: AppTest) -> set[str]:
    """Return the keys of the buttons of a page."""
    return {str(button.key) for button in page.button}


def at_step(page: AppTest) -> str:
    """Return the step that the page is at."""
    return str(page.session_state["kept_step"])


def shown_plan(page: AppTest, folder: Path) -> Plan:
    """Return the plan that a page shows."""
    return keeping.load(folder / DocumentKind.PLANS / page.session_state["plan_id"])


def decide(page: AppTest, step: str, reason: str, decided_by: str) -> AppTest:
    """Press the button of a step, give reason and name, and save."""
    page.button(key=f"decide_{step}").click().run()
    return give_reason(page, reason, decided_by)


def give_reason(page: AppTest, reason: str, decided_by: str) -> AppTest:
    """Fill in the window that is open, and save."""
    page.text_area(key="decision_reason").set_value(reason)
    page.text_input(key="decision_decided_by").set_value(decided_by)
    return page.button(key="FormSubmitter:decision-บันทึกการตัดสิน").click().run()


def in_address(page: AppTest, name: str) -> str:
    """Return a parameter; one that the page wrote is a text, one that it was given a list."""
    value = page.query_params[name]
    return value if isinstance(value, str) else value[0]


def unit_of(plan: Plan, status: str, place: int = 0) -> pd.Series:
    """Return the row of one of the units of a status."""
    return plan.units[plan.units["status"] == status].iloc[place]
