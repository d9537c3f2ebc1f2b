"""Earlier and other programmes: which villages repeat, and whether they may be used all the same.

A village that another programme has chosen may be used when the households that it helped are
known and are not taken again. Four outcomes follow – *clear*, *usable*, *blocked*, *list needed* –
and three more where nobody can say whether the village repeats at all: *register needed*; *match
needed* where a row of a register could not be matched and may be this village; and *place needed*
for a unit of which it is not known in which village it lies.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum

import numpy as np
import pandas as pd
import polars as pl

from phaenthi.targeting.judging.evidence import Evidence
from phaenthi.targeting.judging.verdict import Verdict
from phaenthi.targeting.programme.programme import Programme
from phaenthi.targeting.rules.rule import NoOverlapRule


class Outcome(StrEnum):
    """What an overlap rule finds; from the best to the worst for the village."""

    CLEAR = "clear"
    USABLE = "usable"
    MATCH_NEEDED = "match_needed"
    REGISTER_NEEDED = "register_needed"
    PLACE_NEEDED = "place_needed"
    LIST_NEEDED = "list_needed"
    BLOCKED = "blocked"


VERDICTS: dict[Outcome, Verdict] = {
    Outcome.CLEAR: Verdict.MET,
    Outcome.USABLE: Verdict.MET,
    Outcome.MATCH_NEEDED: Verdict.UNKNOWN,
    Outcome.REGISTER_NEEDED: Verdict.UNKNOWN,
    Outcome.PLACE_NEEDED: Verdict.UNKNOWN,
    Outcome.LIST_NEEDED: Verdict.UNKNOWN,
    Outcome.BLOCKED: Verdict.NOT_MET,
}
_ORDER = tuple(outcome.value for outcome in Outcome)
_KEY = ["programme", "fiscal_year"]


def find_overlaps(
    programme: Programme, evidence: Evidence, villages: pd.DataFrame
) -> dict[str, pd.DataFrame]:
    """Find out which villages repeat which programme, and which lists of households are known.

    Parameters
    ----------
    villages
        The villages, or the units with the village where each lies: village_code, province_code.

    Returns
    -------
    dict of pandas.DataFrame
        By the id of each overlap rule a row a village, in the order of ``villages``:
        village_code; outcome (*usable* as long as :func:`settle` does not find that too few
        households remain; *blocked* at once where the rule knows no way out); repeats,
        missing_lists and missing_registers: the programmes and years that the village repeats,
        whose list of households is missing, or whose register is missing or holds a row that
        may be this village (``sammachip 2562; …``).

    Notes
    -----
    A list of households is known for a village, programme and year when at least one of its
    households is found in the survey: a list under other ids would exclude nobody and say that
    it had. A list that names a village is itself a sign that the village was a target.
    """
    targets = _targets(programme, evidence)
    return {
        rule.id: _overlaps_of_rule(rule, evidence, villages, targets)
        for rule in programme.overlap_rules()
    }


def _overlaps_of_rule(
    rule: NoOverlapRule, evidence: Evidence, villages: pd.DataFrame, targets: pd.DataFrame
) -> pd.DataFrame:
    pairs = pd.DataFrame(rule.pairs(), columns=_KEY).astype({"fiscal_year": "int64"})
    hits = targets.merge(pairs, on=_KEY).sort_values(["village_code", *_KEY])
    hits["text"] = hits["programme"] + " " + hits["fiscal_year"].astype("string")
    codes = villages["village_code"]

    repeats = _text(codes.map(_told(hits)))
    missing_lists = _text(codes.map(_told(hits[~hits["listed"]])))
    absent = _absent_registers(rule, evidence, villages)
    missing_registers = _text(villages["province_code"].map(absent))
    maybe = _text(codes.map(_told(_possible(evidence, targets).merge(pairs, on=_KEY))))

    outcome = pd.Series(Outcome.CLEAR.value, index=repeats.index, dtype="string")
    outcome = outcome.mask(repeats != "", Outcome.USABLE.value)
    outcome = outcome.mask(maybe != "", Outcome.MATCH_NEEDED.value)
    # A register that is not here might name the village too, so it outweighs a known list.
    outcome = outcome.mask(missing_registers != "", Outcome.REGISTER_NEEDED.value)
    outcome = outcome.mask(missing_lists != "", Outcome.LIST_NEEDED.value)
    placeless = codes.isna().reset_index(drop=True)
    outcome = outcome.mask(placeless, Outcome.PLACE_NEEDED.value)
    if rule.unless is None:
        outcome = outcome.mask(repeats != "", Outcome.BLOCKED.value)
    return pd.DataFrame(
        {
            "village_code": codes.to_numpy(),
            "outcome": outcome,
            "repeats": repeats,
            "missing_lists": missing_lists,
            "missing_registers": missing_registers.mask(missing_registers == "", maybe),
        }
    ).astype("string")


def _possible(evidence: Evidence, targets: pd.DataFrame) -> pd.DataFrame:
    """Return the villages that an unmatched row may mean and no matched row names."""
    keys = ["village_code", *_KEY]
    rows = evidence.possible[keys].drop_duplicates().astype(targets[keys].dtypes.to_dict())
    rows = rows.merge(targets[keys].assign(certain=True), how="left", on=keys)
    rows = rows[rows["certain"].isna()].sort_values(keys)
    return rows.assign(text=rows["programme"] + " " + rows["fiscal_year"].astype("string"))


def _told(hits: pd.DataFrame) -> dict[str, str]:
    """Return by village what it repeats, in one text."""
    texts: dict[str, str] = {}
    for code, text in zip(hits["village_code"].tolist(), hits["text"].tolist(), strict=True):
        texts[code] = f"{texts[code]}; {text}" if code in texts else text
    return texts


def _text(column: pd.Series) -> pd.Series:
    # A map that finds nothing gives numbers, so the type is set before the gaps are filled.
    return column.astype("string").fillna("").reset_index(drop=True)


def _absent_registers(
    rule: NoOverlapRule, evidence: Evidence, villages: pd.DataFrame
) -> dict[str, str]:
    """Return, by province, the programmes and years of a rule whose register is not here."""
    if rule.without_register == "clear" and "history" not in evidence.missing_layers:
        return {}
    registers = evidence.registers
    held = set(
        zip(
            registers["province_code"],
            registers["programme"],
            registers["fiscal_year"].astype(int),
            strict=True,
        )
    )
    return {
        province: "; ".join(
            f"{name} {year}" for name, year in rule.pairs() if (province, name, year) not in held
        )
        for province in villages["province_code"].unique()
    }


def helped_households(programme: Programme, evidence: Evidence) -> pl.LazyFrame:
    """Return the households that a programme of the overlap rules helped: household_id, once."""
    return _beneficiaries(programme, evidence).select("household_id").unique()


def _targets(programme: Programme, evidence: Evidence) -> pd.DataFrame:
    """Return village_code, programme, fiscal_year and whether the list of households is known."""
    listed = _beneficiaries(programme, evidence)
    found = listed.join(evidence.households.select("household_id"), on="household_id", how="semi")
    keys = ["village_code", *_KEY]
    lists = listed.select(keys).unique().collect(engine="streaming").to_pandas()
    known = found.select(keys).unique().collect(engine="streaming").to_pandas()
    types = {"village_code": "string", "programme": "string", "fiscal_year": "int64"}
    history = evidence.history[keys].astype(types)
    targets = pd.concat([history, lists.astype(types)]).drop_duplicates()
    targets = targets.merge(known.astype(types).assign(listed=True), how="left", on=keys)
    # A household whose village is not settled may be missing from this village's list.
    unsettled = evidence.possible[evidence.possible["layer"] == "beneficiaries"][keys]
    unsettled = unsettled.drop_duplicates().astype(types).assign(unsettled=True)
    targets = targets.merge(unsettled, how="left", on=keys)
    complete = targets["listed"].notna() & targets["unsettled"].isna()
    return targets[keys].assign(listed=complete)


def _beneficiaries(programme: Programme, evidence: Evidence) -> pl.LazyFrame:
    pairs = sorted({pair for rule in programme.overlap_rules() for pair in rule.pairs()})
    wanted = pl.LazyFrame(
        {"programme": [name for name, _ in pairs], "fiscal_year": [year for _, year in pairs]},
        schema={"programme": pl.String, "fiscal_year": pl.Int64},
    )
    rows = evidence.beneficiaries.with_columns(pl.col("fiscal_year").cast(pl.Int64))
    return rows.join(wanted, on=_KEY, how="semi")


def in_doubt(overlaps: Mapping[str, pd.DataFrame]) -> set[str]:
    """Return the codes of the villages whose earlier beneficiary households are not all known."""
    open_outcomes = [
        outcome.value
        for outcome in (Outcome.LIST_NEEDED, Outcome.REGISTER_NEEDED, Outcome.MATCH_NEEDED)
    ]
    # A unit without a village has no households here that could be in doubt.
    return {
        code
        for found in overlaps.values()
        for code in found.loc[found["outcome"].isin(open_outcomes), "village_code"].tolist()
    }


def settle(found: pd.DataFrame, too_few_remain: pd.Series) -> pd.DataFrame:
    """Turn *usable* into *blocked* where too few households remain, and add the verdicts.

    Parameters
    ----------
    found
        What :func:`find_overlaps` returned for one rule.
    too_few_remain
        Row by row: whether certainly too few households remain for the rule's requirement.

    Returns
    -------
    pandas.DataFrame
        The table with ``outcome`` settled and a column ``verdict``.
    """
    blocked = (found["outcome"] == Outcome.USABLE.value) & too_few_remain
    outcome = found["outcome"].mask(blocked, Outcome.BLOCKED.value)
    verdict = pd.Series(Verdict.MET.value, index=found.index, dtype="string")
    for one in (named for named in Outcome if VERDICTS[named] is not Verdict.MET):
        verdict = verdict.mask(outcome == one.value, VERDICTS[one].value)
    return found.assign(outcome=outcome, verdict=verdict)


def worst(outcomes: Sequence[pd.Series]) -> pd.Series:
    """Return row by row the worst of the outcomes of several rules on the same villages."""
    names = np.array(_ORDER, dtype=object)
    places = [pd.Categorical(column, categories=names).codes for column in outcomes]
    highest = np.maximum.reduce(places)
    return pd.Series(names[highest], index=outcomes[0].index, dtype="string")
