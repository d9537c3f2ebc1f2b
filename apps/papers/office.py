"""What an office puts on its papers: name, address, who signs; a small file in the workspace."""

from __future__ import annotations

from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from phaenthi.geo.texts.stray import refuse_stray
from phaenthi.layers.workspace.documents import DocumentKind
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.wording import Problem

OFFICE_FILE = "office.yaml"


class _Settings(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, str_strip_whitespace=True)


class Signer(_Settings):
    """Who signs a paper; what is empty stays a dotted line."""

    name: str = ""
    position: str = ""


class Office(_Settings):
    """The settings of an office; what is empty stays a dotted line on paper.

    Attributes
    ----------
    name
        Of the office that owns the matter, such as สำนักงานพัฒนาชุมชนจังหวัดเลย.
    division, telephone, email
        Of the people in charge.
    hall, address
        Where letters come from: the name of the hall and its address, one line each.
    number_prefix
        The beginning of the numbers of letters, such as ``ลย 0019``.
    emblem
        A picture beside the settings, for the place of the Garuda.
    memo_signer, letter_signer
        Who signs memos to the governor, and who signs letters that leave the province's hall.
    """

    name: str = ""
    division: str = ""
    telephone: str = ""
    email: str = ""
    hall: str = ""
    address: str = ""
    number_prefix: str = ""
    emblem: Path | None = None
    memo_signer: Signer = Signer()
    letter_signer: Signer = Signer()


def read_office(workspace: Workspace) -> Office:
    """Read ``office.yaml`` of a workspace; without one, every setting is empty.

    Raises
    ------
    Problem
        ``papers.office_unreadable`` with the line; ``papers.office_field_unknown`` or
        ``papers.office_field_wrong`` with the field; ``papers.emblem_missing``.
    """
    documents = workspace.documents(DocumentKind.OFFICE)
    path = documents.file(OFFICE_FILE)
    if not path.is_file():
        return Office()
    try:
        tree = yaml.safe_load(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as unreadable:
        raise Problem("papers.office_unreadable", file=path) from unreadable
    except yaml.YAMLError as unreadable:
        mark = getattr(unreadable, "problem_mark", None)
        row = None if mark is None else mark.line + 1
        raise Problem("papers.office_unreadable", file=path, row=row) from unreadable
    try:
        office = Office.model_validate(_paths_read({} if tree is None else tree))
    except ValidationError as wrong:
        raise _as_problem(wrong, path) from wrong
    _refuse_controls(office, path)
    if office.emblem is None:
        return office
    emblem = documents.file(str(office.emblem))
    if not emblem.is_file():
        raise Problem("papers.emblem_missing", file=path, found=office.emblem.name)
    return office.model_copy(update={"emblem": emblem})


def _refuse_controls(office: Office, path: Path) -> None:
    texts = office.model_dump(mode="json", exclude_none=True)
    signers = {name: texts.pop(name) for name in ("memo_signer", "letter_signer")}
    for name, text in texts.items():
        refuse_stray(text, name, file=path)
    for signer, told in signers.items():
        for name, text in told.items():
            refuse_stray(text, f"{signer}.{name}", file=path)


def _paths_read(tree: object) -> object:
    if isinstance(tree, dict) and isinstance(tree.get("emblem"), str):
        return {**tree, "emblem": Path(tree["emblem"])}
    return tree


def _as_problem(wrong: ValidationError, path: Path) -> Problem:
    first = wrong.errors()[0]
    field = ".".join(str(part) for part in first["loc"]) or "–"
    if first["type"] == "extra_forbidden":
        known = ", ".join(Signer.model_fields if "." in field else Office.model_fields)
        return Problem("papers.office_field_unknown", file=path, field=field, known=known)
    return Problem("papers.office_field_wrong", file=path, field=field, found=first["input"])
