"""The walk on real boundaries, village codes and poverty counts: files in, a proved plan out."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from phaenthi.geo.places.codes import Level
from phaenthi.layers.imports.by_code import import_file
from phaenthi.layers.villages import table as villages
from phaenthi.layers.villages.rollup import households_by_village, roll_up
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.targeting.judging.evidence import gather
from phaenthi.targeting.plan import certificate
from phaenthi.targeting.plan import making as plan
from phaenthi.targeting.programme.programme import load
from tests.real_registers import write_registers

pytestmark = pytest.mark.real_data
ASKED = {"31": (66, 22), "42": (11, 11), "46": (18, 14)}


@pytest.mark.parametrize("province", ["31", "42", "46", "83"])
def test_from_real_registers_to_a_defended_list(
    real_data: Path, tmp_path: Path, province: str
) -> None:
    registers = write_registers(real_data, province, tmp_path)
    workspace = Workspace.create(tmp_path / "workspace")
    for layer, path in registers.files.items():
        counts = import_file(workspace, layer, path).provenance
        assert counts.rows_read == counts.rows_kept + counts.rows_set_aside

    workspace = Workspace.open(tmp_path / "workspace")
    counted = households_by_village(workspace.scan("households")).collect().to_pandas()
    by_tambon = roll_up(
        counted.rename(columns={"village_code": "code"}), Level.TAMBON, ["households"]
    )
    found = dict(zip(by_tambon["code"], by_tambon["households"], strict=True))
    expected = registers.counts.set_index("tambon_code")["households"].to_dict()
    assert found == {code: count for code, count in expected.items() if count}

    table = villages.build(workspace, province)
    assert list(table["village_code"]) == sorted(registers.villages["รหัสหมู่บ้าน"])
    boundaries = workspace.boundaries(Level.TAMBON)
    assert boundaries["name_th"].str.len().gt(0).all()
    assert set(table["tambon_code"]) <= set(boundaries["code"])

    if province not in ASKED:
        return
    programme = load("ne-poverty-2563")
    evidence = gather(workspace, [province])
    made = plan.make(programme, evidence, [province], decided_on=date(2019, 12, 2))
    chosen = made.units[made.units["status"] == "chosen"]
    assert (len(chosen), chosen["amphoe_code"].nunique()) == ASKED[province]
    assert chosen.groupby("amphoe_code").size().max() <= 3
    assert certificate.check(made, programme, evidence).stands
    real_names = registers.villages.set_index("รหัสหมู่บ้าน")["ชื่อหมู่บ้าน"]
    assert chosen.set_index("village_code")["name_th"].to_dict() == {
        code: real_names[code] for code in chosen["village_code"]
    }
