"""The villages of each province with a source of chance of its own, and whose word the rows are."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import numpy as np
import pandas as pd

from phaenthi.geo.places.codes import Level, parent_code
from phaenthi.layers.contracts.provenance import Provenance
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.wording import say


def by_province(
    workspace: Workspace, seed: int, stream: int
) -> Iterator[tuple[str, pd.DataFrame, np.random.Generator]]:
    """Yield province code, villages and chance; no province's rows depend on the others.

    Parameters
    ----------
    stream
        Tells the chance of one layer from that of another.
    """
    villages = pd.DataFrame(workspace.table("villages"))
    provinces = parent_code(villages["village_code"], Level.PROVINCE)
    for code, here in villages.groupby(provinces):
        chance = np.random.default_rng([seed, int(str(code)), stream])
        yield str(code), here.reset_index(drop=True), chance


def made_up(seed: int) -> Provenance:
    """Return the provenance of rows that were made up now."""
    return Provenance(
        source=say("demo.source", seed=seed), sha256="", imported_at=datetime.now(UTC), made_up=True
    )
