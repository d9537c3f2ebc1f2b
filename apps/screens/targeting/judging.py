"""Units judged before anything is chosen, kept for every session that asks the same."""

from __future__ import annotations

from dataclasses import dataclass

from phaenthi.apps.intake import unit_tables
from phaenthi.apps.planning.units import load_programme
from phaenthi.apps.screens import page_words
from phaenthi.apps.screens import show as st
from phaenthi.apps.screens.targeting.evidence_counts import Asked, count_evidence
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.targeting.judging import judge as eligibility
from phaenthi.targeting.judging.evidence import gather
from phaenthi.targeting.judging.judge import Judgement
from phaenthi.targeting.judging.unit_table import with_units
from phaenthi.targeting.programme.programme import Programme
from phaenthi.wording import Language


@dataclass(frozen=True)
class Looked:
    """What is here, and what it says of the units.

    Attributes
    ----------
    judgement
        None where a table that the programme asks for is not here.
    """

    asked: list[Asked]
    judgement: Judgement | None


def look(workspace: Workspace, programme: Programme, province: str) -> Looked:
    """Return what is here for a programme in a province, and how its units are judged.

    Parameters
    ----------
    programme
        With its readings.
    """
    table = unit_tables.table_for(programme, workspace)
    stamp = table.stat().st_mtime_ns if table is not None else 0
    readings = tuple(sorted(programme.readings.items()))
    asked = (workspace.address, workspace.generation, programme.id, programme.digest())
    return _looked(*asked, readings, province, stamp, page_words.language())


@st.cache_resource(show_spinner=False, max_entries=12)
def _looked(  # noqa: PLR0913, PLR0917 - all that it rests on
    folder: str,
    generation: int,
    programme_id: str,
    digest: str,
    readings: tuple[tuple[str, str], ...],
    province: str,
    stamp: int,
    language: Language,
) -> Looked:
    del generation, digest
    workspace = Workspace.open(folder)
    programme = load_programme(workspace, programme_id).with_readings(dict(readings))
    evidence = gather(workspace, [province])
    asked = count_evidence(programme, evidence, workspace, language)
    table = unit_tables.table_for(programme, workspace) if stamp else None
    if table is not None:
        evidence = with_units(evidence, programme, unit_tables.read_kept(programme, table))
    elif programme.unit not in ("village", "tambon"):
        return Looked(asked, None)
    return Looked(asked, eligibility.judge(programme, evidence, province))
