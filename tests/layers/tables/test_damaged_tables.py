"""Whatever is done to a table file, its import ends in a report or in a sentence."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import openpyxl
import pytest

from phaenthi.layers.imports.by_code import import_file
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.wording import Problem
from tests.layers.office import HOUSEHOLDS, VILLAGE_LIST, open_office, state, write

MUTATIONS = 50


def workbook(folder: Path, text: str) -> Path:
    book = openpyxl.Workbook()
    for line in text.splitlines():
        book.active.append(line.replace('"37,999"', "37999").split(","))
    path = folder / "book.xlsx"
    book.save(path)
    return path


def damage(content: bytes, dice: random.Random) -> bytes:
    at = dice.randrange(len(content))
    kind = dice.choice(["cut", "flip", "zero", "repeat", "insert", "drop"])
    if kind == "cut":
        return content[:at]
    if kind == "flip":
        return content[:at] + bytes([content[at] ^ (1 << dice.randrange(8))]) + content[at + 1 :]
    if kind == "zero":
        return content[:at] + b"\0" * 9 + content[at + 9 :]
    if kind == "repeat":
        return content[:at] + content[at : at + 60] * 3 + content[at + 60 :]
    if kind == "insert":
        odd = [
            b'"',
            b"\xff\xfe",
            b",,,,,,,",
            b"\r\r",
            "๙๙๙".encode(),
            b"1e999",
            b"-1",
            b"\xef\xbb\xbf",
        ]
        return content[:at] + dice.choice(odd) + content[at:]
    return content[:at] + content[at + 40 :]


@pytest.mark.parametrize("kind", ["csv utf-8", "csv cp874", "xlsx"])
@pytest.mark.parametrize("layer", ["villages", "households"])
def test_a_damaged_table_is_imported_with_counts_or_refused_and_the_workspace_kept(
    tmp_path: Path, kind: str, layer: str
) -> None:
    text = VILLAGE_LIST if layer == "villages" else HOUSEHOLDS
    if kind == "xlsx":
        whole = workbook(tmp_path, text).read_bytes()
    else:
        whole = write(tmp_path, "whole.csv", text, kind.split()[1]).read_bytes()
    office = open_office(tmp_path)
    dice = random.Random(f"{kind} {layer}")
    outcomes = {"imported": 0, "refused": 0}
    for number in range(MUTATIONS):
        path = tmp_path / f"damaged{number}{'.xlsx' if kind == 'xlsx' else '.csv'}"
        path.write_bytes(damage(whole, dice))
        copy = tmp_path / "copy"
        shutil.copytree(office.folder, copy)
        workspace = Workspace.open(copy)
        before = state(workspace)
        try:
            counts = import_file(workspace, layer, path).provenance
        except Problem as problem:
            outcomes["refused"] += bool(problem.sentence("th"))
            assert state(Workspace.open(copy)) == before
        else:
            assert counts.rows_read == counts.rows_kept + counts.rows_set_aside
            outcomes["imported"] += 1
        shutil.rmtree(copy)
    assert all(outcomes.values())
    assert sum(outcomes.values()) == MUTATIONS
