"""75,000 villages judged by every rule of the north-eastern programme of 2563 (P1)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from benchmarks.inputs import workspace_of
from phaenthi.geo.places.codes import Level
from phaenthi.geo.places.gazetteer import areas
from phaenthi.targeting.judging import members, overlap, people, unit_table
from phaenthi.targeting.judging.conditions import Earlier
from phaenthi.targeting.judging.evidence import gather
from phaenthi.targeting.judging.judge import Judgement, judge_counted
from phaenthi.targeting.programme.programme import Programme
from phaenthi.targeting.programme.programme import load as load_programme

TITLE = "eligibility of 75,000 villages × all rules of P1"
BASELINE = "`DataFrame.apply(axis=1)` over the same counts and registers"
REPEATS = {"ours": 5, "baseline": 1}
LEAST_RATIO, MOST_SECONDS = 50.0, 0.5
LIMIT = "pandas' text columns: one finding a village and rule"
SMALL_PROVINCES = ("42", "46", "47")


@dataclass(frozen=True)
class Inputs:
    """What is judged: the same for both sides."""

    programme: Programme
    units: pd.DataFrame
    overlaps: dict[str, pd.DataFrame]
    covered: pd.DataFrame
    counts: pd.DataFrame
    earlier: Earlier


def load(folder: Path, small: bool) -> Inputs:
    """Count the households of every village once."""
    programme = load_programme("ne-poverty-2563")
    provinces = [str(code) for code in areas(Level.PROVINCE)["code"]]
    provinces = list(SMALL_PROVINCES) if small else provinces
    evidence = gather(workspace_of(folder, small=small), provinces)
    units = unit_table.units_of(programme, evidence, provinces)
    overlaps = overlap.find_overlaps(programme, evidence, units)
    covered = people.villages_covered(programme, evidence)
    doubtful = overlap.in_doubt(overlaps)
    classified = members.classify(programme, evidence, doubtful, covered)
    counts = members.count_by_village(programme, classified)
    return Inputs(programme, units, overlaps, covered, counts, Earlier.of(evidence))


def ours(inputs: Inputs) -> Judgement:
    """Judge every village."""
    return judge_counted(
        inputs.programme,
        inputs.units,
        inputs.overlaps,
        inputs.covered,
        inputs.counts,
        None,
        inputs.earlier,
    )


def baseline(inputs: Inputs) -> pd.DataFrame:
    """Judge village by village."""
    programme = inputs.programme
    counts = inputs.counts.set_index("village_code")
    covered = inputs.covered.set_index("village_code")
    sources = programme.sources_of_members()
    overlaps = {name: table.set_index("village_code") for name, table in inputs.overlaps.items()}
    requirement = programme.requirements()[0]
    weights = {part.id: part for part in programme.need().parts}
    rules = {rule.id: rule for rule in programme.overlap_rules()}

    def judge(row: pd.Series) -> pd.Series:
        code = row["village_code"]
        here = counts.loc[code] if code in counts.index else counts.iloc[0] * 0
        certain, possible = here["target_households"], here["target_households_possible"]
        known = covered.loc[code] if code in covered.index else None
        incomplete, unbounded = False, False
        for name in sources:
            if known is None or not known[name]:
                incomplete = True
                if programme.pack.sources[name].absent == "unknown":
                    unbounded = True
        least = requirement.at_least
        verdicts = []
        if not unbounded and possible < least:
            verdicts.append("not_met")
        elif certain >= least and not incomplete:
            verdicts.append("met")
        else:
            verdicts.append("unknown")
        outcomes = []
        for name, table in overlaps.items():
            outcome = table.loc[code]["outcome"]
            too_few = not unbounded and rules[name].unless is not None and possible < least
            if outcome == "usable" and too_few:
                outcome = "blocked"
            outcomes.append(outcome)
            verdicts.append(str(overlap.VERDICTS[overlap.Outcome(outcome)].value))
        verdict = "met"
        if "not_met" in verdicts:
            verdict = "not_met"
        elif "unknown" in verdicts:
            verdict = "unknown"
        need = sum(
            part.weight * here.get(f"household_tier_{number}", 0)
            for number, part in enumerate(weights.values(), 1)
        )
        return pd.Series({"village_code": code, "verdict": verdict, "need": need})

    return inputs.units.apply(judge, axis=1)


def compared(answer: Judgement | pd.DataFrame) -> pd.DataFrame:
    """Return the verdict of each village."""
    table = answer.units if isinstance(answer, Judgement) else answer
    return pd.DataFrame(table[["village_code", "verdict"]]).sort_values("village_code")
