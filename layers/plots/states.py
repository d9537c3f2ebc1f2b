"""The states of a plot: checks, selection, reserve, withdrawal; a dated record without names."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import polars as pl

from phaenthi.geo.places.codes import Level, parent_code_expr
from phaenthi.layers.contracts.plots import LOG
from phaenthi.layers.plots.words import REASONS, ROLES, STATUSES
from phaenthi.layers.tables.fiscal_year import YEARS_AHEAD_OF_CHRIST
from phaenthi.wording import Problem

MAY_BECOME: dict[str, tuple[str, ...]] = {
    "applied": ("amphoe_checked", "withdrawn"),
    "amphoe_checked": ("province_checked", "withdrawn"),
    "province_checked": ("selected", "reserve", "withdrawn"),
    "reserve": ("selected", "withdrawn"),
    "selected": ("withdrawn",),
    "withdrawn": (),
}
"""State → those that may follow it: both checks come before a selection (PK68, recruiting)."""
DECIDED_BY: dict[str, tuple[str, ...]] = {
    "applied": ("owner", "amphoe_office"),
    "amphoe_checked": ("amphoe_office",),
    "province_checked": ("provincial_office",),
    "selected": ("committee",),
    "reserve": ("committee",),
    "withdrawn": ("owner", "amphoe_office", "provincial_office", "committee"),
}
"""State → the roles that may put a plot into it."""
REASON_NEEDED = ("withdrawn",)
FIRST_STATUS = "applied"


@dataclass(frozen=True)
class Decision:
    """One change of state as it is asked for.

    Attributes
    ----------
    plot_id, status
        Which plot becomes what.
    decided_by
        A role of ``phaenthi.layers.plots.words.ROLES``.
    decided_on
        The day.
    reason
        One of ``phaenthi.layers.plots.words.REASONS``; needed for a withdrawal.
    replaces
        The plot whose place it takes, if any.
    """

    plot_id: str
    status: str
    decided_by: str
    decided_on: date
    reason: str | None = None
    replaces: str | None = None


@dataclass(frozen=True)
class Replacement:
    """Who takes the place of a plot that drops out.

    Attributes
    ----------
    plot_id
        The plot that drops out.
    area_code
        The area inside which a reserve may take its place; missing where the plot has none.
    entering
        The reserve plot that is next in order; None where there is none.
    waiting
        Reserve plots of the area in order, the entering one first.
    passed_over
        Reserve plots of the area that are not ready, in order.
    """

    plot_id: str
    area_code: str | None
    entering: str | None
    waiting: tuple[str, ...]
    passed_over: tuple[str, ...] = ()


def decide(
    plots: pl.DataFrame, log: pl.DataFrame, decisions: Collection[Decision]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the plots and their log after some changes of state, all of them or none.

    Parameters
    ----------
    plots, log
        Rows of the layers ``plots`` and ``plot_log``; a plot without a state has applied.

    Raises
    ------
    Problem
        ``layers.plot_unknown``, ``layers.plot_status_unknown``, ``layers.plot_role_unknown``,
        ``layers.plot_reason_unknown``, ``layers.plot_step_not_allowed``,
        ``layers.plot_role_not_allowed``, ``layers.plot_reason_needed``,
        ``layers.plot_day_before``.
    """
    for decision in decisions:
        plots, log = _decide_one(plots, log, decision)
    return plots, log


def _decide_one(
    plots: pl.DataFrame, log: pl.DataFrame, decision: Decision
) -> tuple[pl.DataFrame, pl.DataFrame]:
    _refuse_unknown_words(decision)
    now = status_of(plots, decision.plot_id)
    if decision.status not in MAY_BECOME[now]:
        raise Problem(
            "layers.plot_step_not_allowed",
            plot=decision.plot_id,
            found=now,
            wanted=decision.status,
            known=", ".join(MAY_BECOME[now]) or "–",
        )
    if decision.decided_by not in DECIDED_BY[decision.status]:
        raise Problem(
            "layers.plot_role_not_allowed",
            found=decision.decided_by,
            wanted=decision.status,
            known=", ".join(DECIDED_BY[decision.status]),
        )
    if decision.status in REASON_NEEDED and decision.reason is None:
        raise Problem("layers.plot_reason_needed", wanted=decision.status, known=", ".join(REASONS))
    history = log.filter(pl.col("plot_id") == decision.plot_id).sort("step")
    day = decision.decided_on.isoformat()
    if history.height and day < history["decided_on"][-1]:
        raise Problem(
            "layers.plot_day_before",
            found=_told(day),
            plot=decision.plot_id,
            last=_told(history["decided_on"][-1]),
        )
    line = pl.DataFrame(
        {
            "plot_id": [decision.plot_id],
            "step": [history.height + 1],
            "status": [decision.status],
            "decided_on": [day],
            "decided_by": [decision.decided_by],
            "reason": [decision.reason],
            "replaces": [decision.replaces],
        },
        schema=LOG.stored_types,
    )
    ours = pl.col("plot_id") == decision.plot_id
    changed = pl.when(ours).then(pl.lit(decision.status)).otherwise(pl.col("status"))
    return plots.with_columns(status=changed), pl.concat([log, line]).sort("plot_id", "step")


def _told(day: str) -> str:
    """Return an ISO day as offices write it, with the year in พ.ศ."""
    when = date.fromisoformat(day)
    return f"{when.day}/{when.month}/{when.year + YEARS_AHEAD_OF_CHRIST}"


def _refuse_unknown_words(decision: Decision) -> None:
    asked = {
        "status": (decision.status, STATUSES),
        "role": (decision.decided_by, ROLES),
        "reason": (decision.reason, (None, *REASONS)),
    }
    for name, (found, known) in asked.items():
        if found not in known:
            told = ", ".join(word for word in known if word)
            raise Problem(f"layers.plot_{name}_unknown", found=found, known=told)


def status_of(plots: pl.DataFrame, plot_id: str) -> str:
    """Return the state of a plot.

    Raises
    ------
    Problem
        ``layers.plot_unknown``.
    """
    found = plots.filter(pl.col("plot_id") == plot_id)["status"]
    if not found.len():
        raise Problem("layers.plot_unknown", found=plot_id)
    return found[0] or FIRST_STATUS


def replacement_for(
    plots: pl.DataFrame,
    plot_id: str,
    *,
    level: Level = Level.AMPHOE,
    not_ready: Collection[str] = (),
) -> Replacement:
    """Return the reserve plot that takes the place of one that drops out: same area, next in order.

    The order is that of ``reserve_place``; plots without one come after, by their id. The
    document proposes a ready reserve plot and states no order.

    Parameters
    ----------
    plots
        Rows of the layer ``plots``: plot_id, tambon_code (by the plot's place), village_code,
        status, reserve_place.
    level
        The area that plots are allotted to.
    not_ready
        Plots that checks keep out.

    Raises
    ------
    Problem
        ``layers.plot_unknown``; ``layers.plot_not_selected`` for a plot that holds no place.
    """
    now = status_of(plots, plot_id)
    if now != "selected":
        raise Problem("layers.plot_not_selected", plot=plot_id, found=now)
    name = "village_code" if level is Level.VILLAGE else "tambon_code"
    area = pl.col(name) if level is Level.VILLAGE else parent_code_expr(name, level)
    table = plots.select("plot_id", "status", "reserve_place", area.alias("area"))
    code = table.filter(pl.col("plot_id") == plot_id)["area"][0]
    if code is None:
        return Replacement(plot_id, None, None, ())
    reserve = table.filter(
        (pl.col("status") == "reserve") & (pl.col("area") == code) & (pl.col("plot_id") != plot_id)
    ).sort("reserve_place", "plot_id", nulls_last=True)
    order = reserve["plot_id"].to_list()
    ready = tuple(one for one in order if one not in not_ready)
    passed = tuple(one for one in order if one in not_ready)
    return Replacement(plot_id, code, ready[0] if ready else None, ready, passed)


def replace_plot(
    plots: pl.DataFrame,
    log: pl.DataFrame,
    replacement: Replacement,
    *,
    decided_on: date,
    reason: str,
    withdrawn_by: str = "owner",
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return plots and log after a plot dropped out and its reserve came in, both or neither.

    Parameters
    ----------
    replacement
        From ``replacement_for``; without an entering plot the place stays empty.
    reason
        Why it drops out.
    withdrawn_by
        Whose decision that is; the committee selects the one that comes in.

    Raises
    ------
    Problem
        As ``decide``.
    """
    out = Decision(replacement.plot_id, "withdrawn", withdrawn_by, decided_on, reason)
    decisions = [out]
    if replacement.entering is not None:
        decisions.append(
            Decision(
                replacement.entering,
                "selected",
                "committee",
                decided_on,
                "replaces",
                replacement.plot_id,
            )
        )
    return decide(plots, log, decisions)
