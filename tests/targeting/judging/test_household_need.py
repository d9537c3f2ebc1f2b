"""Need over households: counts, shares, gaps and Alkire–Foster's M₀ in exact whole numbers."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phaenthi.targeting.judging import household_need, people
from phaenthi.targeting.judging.judge import judge
from phaenthi.targeting.programme.programme import PACK_FOLDER, Programme, load
from tests.targeting.evidence_by_hand import Case, Household

VILLAGE = "42010101"
LINE = 32_000
PART = """
      - id: deprived
        words: {th: "ความยากจนหลายมิติ", en: "poverty in many ways"}
        measure: multidimensional_poverty
        source: bmn
        poor_from: 3
        weight: 1
        indicators:
          - id: income
            words: {th: "รายได้", en: "income"}
            all: [{source: bmn, column: income_per_person, below: 32000}]
            weight: 2
          - id: relief
            words: {th: "สงเคราะห์", en: "relief"}
            all: [{source: bmn, column: relief_only, is: true}]
            weight: 1
          - id: elderly
            words: {th: "ชรา", en: "elderly"}
            all: [{source: bmn, column: only_elderly_or_disabled, is: true}]
            weight: 2
"""


@pytest.fixture(scope="module")
def programme(tmp_path_factory) -> Programme:
    folder: Path = tmp_path_factory.mktemp("packs")
    path = folder / "community-funds-2563-access.yaml"
    text = (PACK_FOLDER / path.name).read_text("utf-8")
    path.write_text(text.replace("    parts:\n", f"    parts:{PART}", 1), "utf-8")
    return load(path)


def measured(programme: Programme, households: list[Household]) -> dict[str, int]:
    evidence = Case(households).evidence()
    covered = people.villages_covered(programme, evidence)
    table = household_need.measure(programme, evidence, covered)
    return {name: int(table[name].iloc[0]) for name in table.columns if name != "village_code"}


def test_a_household_is_poor_in_many_ways_only_from_the_cutoff(programme: Programme) -> None:
    households = [
        Household(VILLAGE, 31_999, relief_only=True),  # 2 + 1 reaches the cutoff of 3
        Household(VILLAGE, 31_999),  # 2 does not
        Household(VILLAGE, 32_000, relief_only=True, only_elderly_or_disabled=True),  # 1 + 2
        Household(VILLAGE, 31_999, relief_only=True, only_elderly_or_disabled=True),  # 5
    ]
    # M0 = (3 + 0 + 3 + 5) / (4 households × weights of 5)
    assert measured(programme, households)["deprived"] == 10_000 * 11 // 20


def test_what_is_not_known_is_no_deprivation(programme: Programme) -> None:
    households = [Household(VILLAGE, None, relief_only=None, only_elderly_or_disabled=True)]
    assert measured(programme, households)["deprived"] == 0


def test_a_cutoff_that_no_household_can_reach_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "community-funds-2563-access.yaml"
    text = (PACK_FOLDER / path.name).read_text("utf-8")
    part = PART.replace("poor_from: 3", "poor_from: 6")
    path.write_text(text.replace("    parts:\n", f"    parts:{part}", 1), "utf-8")
    with pytest.raises(Exception, match="poor_from"):
        load(path)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.builds(
            Household,
            village_code=st.just(VILLAGE),
            income=st.one_of(st.none(), st.integers(0, 60_000)),
            relief_only=st.sampled_from([True, False, None]),
            only_elderly_or_disabled=st.sampled_from([True, False, None]),
        ),
        min_size=1,
        max_size=12,
    )
)
def test_every_part_equals_its_formula_in_fractions(
    programme: Programme, households: list[Household]
) -> None:
    found = measured(programme, households)
    known = [h.income for h in households if h.income is not None]
    poor = sum(income < LINE for income in known)
    gap = sum(Fraction(LINE - int(i), LINE) for i in known if i < LINE) / len(households)
    scores = [
        2 * (h.income is not None and h.income < LINE)
        + (h.relief_only is True)
        + 2 * (h.only_elderly_or_disabled is True)
        for h in households
    ]
    m0 = Fraction(sum(score for score in scores if score >= 3), 5 * len(households))
    assert found == {
        "deprived": int(m0 * 10_000),
        "poor": poor,
        "poor_share": int(Fraction(poor, len(households)) * 10_000),
        "gap": int(gap * 10_000),
    }


def test_the_parts_of_the_need_add_up_and_a_village_without_a_survey_scores_nothing(
    programme: Programme,
) -> None:
    case = Case([Household(VILLAGE, 16_000)], villages=["42010102"])
    units = judge(programme, case.evidence(), "42").units.set_index("village_code")
    parts = [name for name in units.columns if name.startswith("need_")]
    assert (units[parts].sum(axis=1) == units["need"]).all()
    assert units.loc["42010102", "need"] == 0
    assert units.loc[VILLAGE, "need"] == 100 + 10_000 + 5_000
