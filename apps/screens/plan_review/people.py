"""Where the units are households: how far each tambon has come, with small counts hidden."""

from __future__ import annotations

import pandas as pd

from phaenthi.apps.screens import page_words
from phaenthi.apps.screens import show as st
from phaenthi.apps.screens.decisions.desk import Desk
from phaenthi.apps.screens.page_words import tell
from phaenthi.geo.places.codes import Level
from phaenthi.geo.places.gazetteer import exists, name_of
from phaenthi.layers.people.disclosure import hide_small_counts

VERDICTS = ("met", "unknown", "not_met")


def show(desk: Desk) -> None:
    """Show counts by tambon; nobody's record is shown by itself."""
    st.info(tell("planner.people.lead"), icon=":material/shield_person:")
    table = count_people(desk.units)
    names = [
        name_of(code, page_words.language()) if exists(code) else code
        for code in table["tambon_code"]
    ]
    number = st.column_config.NumberColumn
    st.dataframe(
        table.assign(tambon_code=names),
        hide_index=True,
        height="auto",
        placeholder=tell("overview.table.hidden"),
        column_config={
            "tambon_code": tell("targeting.table.tambon"),
            "units": number(tell("planner.data.judged", unit=desk.noun)),
            **{one: number(tell(f"planner.data.verdict.{one}")) for one in VERDICTS},
        },
    )
    st.caption(tell("overview.hidden_note"))


def count_people(units: pd.DataFrame) -> pd.DataFrame:
    """Count households of each tambon by verdict, with small counts hidden.

    Returns
    -------
    pandas.DataFrame
        tambon_code, units, met, unknown, not_met (Int64, missing where hidden).

    Notes
    -----
    A count of 1–4 is hidden with whatever would let it be subtracted back: the verdicts of a
    tambon add up to its units, and its units to those of the amphoe.
    """
    codes = units[Level.TAMBON.column].astype("string").fillna("")
    counted = pd.crosstab(codes, units["verdict"]).reindex(columns=list(VERDICTS), fill_value=0)
    counted.insert(0, "units", counted.sum(axis=1))
    table = counted.rename_axis("tambon_code").reset_index().astype({"tambon_code": "string"})
    table.columns.name = None
    hidden = pd.DataFrame(data=False, index=table.index, columns=["units", *VERDICTS])
    # The verdicts are parts of their tambon: one more level of codes below it.
    rows = [
        (code, int(total)) for code, total in zip(table["tambon_code"], table["units"], strict=True)
    ]
    for number, verdict in enumerate(VERDICTS, start=1):
        rows += [
            (f"{code}{number:02d}", int(count))
            for code, count in zip(table["tambon_code"], table[verdict], strict=True)
        ]
    known = [row for row in rows if row[0]]
    shown = hide_small_counts(pd.DataFrame(known, columns=["code", "count"]))
    gone = set(shown.loc[shown["hidden"], "code"])
    hidden["units"] = table["tambon_code"].isin(gone)
    for number, verdict in enumerate(VERDICTS, start=1):
        hidden[verdict] = (table["tambon_code"] + f"{number:02d}").isin(gone)
    for column in ("units", *VERDICTS):
        table[column] = table[column].astype("Int64").mask(hidden[column])
    return table
