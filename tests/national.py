"""Made-up registers of all twenty north-eastern provinces, for tests of national size."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from phaenthi.apps.demo.build import SEED, put_layers
from phaenthi.apps.demo.villages import make_layers, make_villages
from phaenthi.geo.places.codes import Level, moo
from phaenthi.geo.places.gazetteer import areas
from phaenthi.layers.workspace.folder import Workspace

# The codes of the region begin with 3 or 4: 30 นครราชสีมา … 49 มุกดาหาร.
NORTH_EAST = tuple(code for code in areas(Level.PROVINCE)["code"] if code[0] in "34")
# Fewer and smaller villages than in the demo: 10,000 villages, half a million households.
LAST_MOO = 4
SIZES = (40, 80)


def build_workspace(
    folder: Path, provinces: Sequence[str] = NORTH_EAST, seed: int = SEED
) -> Workspace:
    """Build a workspace with every layer but boundaries, on the real tambon codes.

    Parameters
    ----------
    folder
        Folder of the workspace; made if need be.
    provinces
        Province codes, any in the country.
    seed
        The same seed gives the same rows; they are not those of the demo.

    Returns
    -------
    Workspace
        villages (without points), households, poverty, history, beneficiaries, all made up;
        ``phaenthi.targeting.judging.evidence.gather`` takes them from here.
    """
    workspace = Workspace.create(folder, made_up=True, salt=f"national-{seed}")
    made = []
    for province in provinces:
        rng = np.random.default_rng([seed, int(province), 1])
        villages = make_villages(province, rng)
        villages = villages[moo(villages["village_code"]) <= LAST_MOO].reset_index(drop=True)
        made.append(make_layers(villages, province, workspace, rng, SIZES))
    put_layers(workspace, made, seed)
    return workspace
