"""The list that a committee chooses from: who may be chosen, who may not, and what is unknown."""

from __future__ import annotations

import pandas as pd

from phaenthi.targeting.judging.findings import sentence
from phaenthi.targeting.judging.judge import Judgement
from phaenthi.targeting.judging.verdict import Verdict
from phaenthi.targeting.programme.programme import Programme
from phaenthi.wording import Language

COLUMNS = (
    *("unit_code", "name_th", "village_code", "tambon_code", "amphoe_code", "province_code"),
    *("verdict", "why"),
)
_ORDER = (Verdict.MET, Verdict.UNKNOWN, Verdict.NOT_MET)


def candidates(
    programme: Programme, judgement: Judgement, language: Language = "th"
) -> pd.DataFrame:
    """Return every unit with its verdict and, where it is not met, why.

    Returns
    -------
    pandas.DataFrame
        unit_code, name_th, village_code, tambon_code, amphoe_code, province_code, verdict
        (``met``, ``unknown``, ``not_met``) and why: a sentence for each rule that is not met, or,
        where none is broken, for each that nobody can tell. Candidates first, then those that
        are in doubt, then the others; by code.
    """
    units, found = judgement.units, judgement.findings
    verdict = units.set_index("unit_code")["verdict"]
    of_unit = found["unit_code"].map(verdict)
    telling = found[(found["verdict"] == of_unit) & (found["verdict"] != Verdict.MET)]
    # Many units fail for the same reason in the same words: each is said once.
    said_by = [name for name in telling.columns if name not in ("unit_code", "village_code")]
    keys = telling[said_by].astype("string").fillna("").agg("|".join, axis=1)
    first = telling.loc[~keys.duplicated()]
    words = {
        key: sentence(programme, row, language)
        for key, (_, row) in zip(keys[~keys.duplicated()], first.iterrows(), strict=True)
    }
    why = keys.map(words).groupby(telling["unit_code"]).agg(" ".join)
    listed = units[[name for name in COLUMNS if name != "why"]].assign(
        why=units["unit_code"].map(why).astype("string")
    )
    place = listed["verdict"].map({str(one): nth for nth, one in enumerate(_ORDER)})
    order = listed.assign(place=place).sort_values(["place", "unit_code"]).index
    return listed.loc[order].reset_index(drop=True)
