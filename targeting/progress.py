"""How far a judgement has come in each area: met, not met and still unknown."""

from __future__ import annotations

import pandas as pd

from geo.codes import Level
from targeting.eligibility import Judgement
from targeting.verdict import ORDER


def count_by_area(judgement: Judgement, level: Level) -> pd.DataFrame:
    """Count the units of each area by verdict.

    Returns
    -------
    pandas.DataFrame
        code of the area, units, met, not_met, unknown; sorted by code. Units whose area is not
        known are under an empty code, so that the counts add up to all units.
    """
    area = judgement.units[level.column].astype("string").fillna("")
    verdicts = [one.value for one in reversed(ORDER)]
    counted = pd.crosstab(area, judgement.units["verdict"]).reindex(columns=verdicts, fill_value=0)
    counted.insert(0, "units", counted.sum(axis=1))
    counted.columns.name = None
    return counted.rename_axis("code").reset_index()
