"""A register row that waits for its village keeps open whatever it may mean."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from phaenthi.targeting.judging.evidence import Evidence
from phaenthi.targeting.judging.judge import judge, sentence
from phaenthi.targeting.programme.programme import load
from tests.targeting.evidence_by_hand import Case, poor

MAYBE, OTHER, SURE = "46010101", "46010102", "46010103"


def with_possible(evidence: Evidence, layer: str, *codes: str) -> Evidence:
    rows = [(code, "sammachip", 2562, layer, 7) for code in codes]
    columns = ["village_code", "programme", "fiscal_year", "layer", "row"]
    return replace(evidence, possible=pd.DataFrame(rows, columns=columns))


def overlaps(evidence: Evidence) -> dict[str, str]:
    units = judge(load("ne-poverty-2563"), evidence, "46").units
    return dict(zip(units["village_code"], units["overlap"], strict=True))


def test_a_village_that_an_unsettled_row_may_mean_is_unknown_and_its_neighbour_is_not() -> None:
    case = Case([poor(code) for code in (MAYBE, OTHER) for _ in range(25)])
    evidence = with_possible(case.evidence(), "history", MAYBE)
    assert overlaps(evidence) == {MAYBE: "match_needed", OTHER: "clear"}
    judgement = judge(load("ne-poverty-2563"), evidence, "46")
    assert judgement.units.set_index("village_code").loc[MAYBE, "verdict"] == "unknown"
    told = judgement.findings[judgement.findings["outcome"] == "match_needed"].iloc[0]
    assert "สัมมาชีพชุมชน 2562" in sentence(load("ne-poverty-2563"), told, "th")


def test_a_matched_row_of_the_same_register_outweighs_the_unsettled_one() -> None:
    helped = poor(SURE, helped_by=(("sammachip", 2562),))
    case = Case([helped, *[poor(SURE)] * 25], history=[(SURE, "sammachip", 2562)])
    assert overlaps(with_possible(case.evidence(), "history", SURE)) == {SURE: "usable"}


def test_an_unsettled_beneficiary_leaves_the_list_of_its_possible_village_incomplete() -> None:
    helped = poor(SURE, helped_by=(("sammachip", 2562),))
    case = Case([helped, *[poor(SURE)] * 25], history=[(SURE, "sammachip", 2562)])
    assert overlaps(with_possible(case.evidence(), "beneficiaries", SURE)) == {SURE: "list_needed"}
