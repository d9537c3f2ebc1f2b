"""Which column of a file is which: our guess beside samples, corrected by the reader."""

from __future__ import annotations

from dataclasses import dataclass

from streamlit.delta_generator import DeltaGenerator

from phaenthi.apps.intake import kept_mappings
from phaenthi.apps.intake.upload import Looked, Upload
from phaenthi.apps.screens import kept_choices, page_words
from phaenthi.apps.screens import show as st
from phaenthi.apps.screens.page_words import tell
from phaenthi.geo.texts import markdown
from phaenthi.layers.contracts.catalogue import contract_of
from phaenthi.layers.contracts.contract import Contract
from phaenthi.layers.registers.mapping import ColumnMapping, Proposal, propose
from phaenthi.layers.registers.place_columns import PLACES, columns_wanted
from phaenthi.layers.tables.thai_dates import DATE_SUFFIX
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.wording import has, say

_PLACES = {column.name for column in PLACES}
_NOTHING = ""
LEVEL_ORDER, ONE_IS_GOOD = "level_order", "1_is_good"
_A_ROW = 3


@dataclass(frozen=True)
class Asked:
    """What the reader said of the columns.

    Parameters
    ----------
    mapping, constants
        See ``phaenthi.layers.registers.mapping.ColumnMapping``.
    fault
        What is wrong with it, in a sentence; empty if nothing is.
    """

    mapping: ColumnMapping
    constants: dict[str, str]
    fault: str


def label_of(name: str) -> str:
    """Return what people call a column of a layer or of a place."""
    plain = name.removesuffix(DATE_SUFFIX)
    own = f"layers.columns.{plain}"
    said = say(own, page_words.language()) if has(own) else tell(f"data.place.{plain}")
    return tell("data.columns.as_date", column=said) if plain != name else said


def proposal_of(upload: Upload, layer: str, sheet: str | None) -> Proposal:
    """Return our guess; it is worked out once for each file, layer and sheet."""
    key = ("data_proposal", upload.name, len(upload.content), hash(upload.content), layer, sheet)
    if st.session_state.get("data_proposal_key") != key:
        with upload.written() as path:
            found = propose(path, contract_of(layer), sheet=sheet)
        st.session_state["data_proposal"] = found
        st.session_state["data_proposal_key"] = key
    kept: Proposal = st.session_state["data_proposal"]
    return kept


def ask(workspace: Workspace, upload: Upload, layer: str, looked: Looked) -> Asked:
    """Show each header of the file with our guess and samples, and let the reader correct it."""
    contract = contract_of(layer)
    proposal = proposal_of(upload, layer, looked.sheet)
    headers = tuple(str(header) for header in proposal.columns["header"])
    kept = kept_mappings.recall(workspace, layer, headers)
    guess = (kept or proposal.mapping).columns
    by_header = {header: name for name, header in guess.items()}
    known = [header for header in headers if header in by_header]
    other = [header for header in headers if header not in by_header]
    samples = dict(zip(headers, proposal.columns["samples"], strict=True))
    if kept:
        st.caption(markdown.fill(":material/history: {}", tell("data.columns.remembered")))
    else:
        st.caption(tell("data.columns.lead", known=len(known), count=len(headers)))
    stamp = f"{layer}_{abs(hash((headers, upload.name)))}"
    said: dict[str, str] = {}
    _show_boxes(known, by_header, samples, contract, stamp, said)
    if other:
        with st.expander(tell("data.columns.unread", count=len(other)), expanded=not known):
            st.caption(tell("data.columns.unread_note"))
            _show_boxes(other, by_header, samples, contract, stamp, said)
    chosen = {header: name for header, name in said.items() if name}
    columns = {name: header for header, name in chosen.items()}
    before = (kept or proposal.mapping).constants
    constants = _ask_constants(contract, columns, before, stamp)
    if layer == "funds" and LEVEL_ORDER not in columns:
        constants |= ask_level_order(before.get(LEVEL_ORDER, ""))
    mapping = ColumnMapping(
        source=layer,
        layer=layer,
        columns=columns,
        constants={name: value for name, value in constants.items() if value},
        sheet=looked.sheet,
    )
    return Asked(mapping, mapping.constants, _fault(contract, chosen, columns, mapping.constants))


def _show_boxes(
    headers: list[str],
    by_header: dict[str, str],
    samples: dict[str, str],
    contract: Contract,
    stamp: str,
    said: dict[str, str],
) -> None:
    names = [column.name for column in columns_wanted(contract)]
    names += [f"{name}{DATE_SUFFIX}" for name in names if name == "fiscal_year"]
    options = [_NOTHING, *dict.fromkeys(names)]
    cells: list[DeltaGenerator] = []
    for place, header in enumerate(headers):
        # A row at a time: on a narrow screen the headers then stay in the order of the file.
        if place % _A_ROW == 0:
            cells = st.columns(_A_ROW, gap="small")
        guess = by_header.get(header, _NOTHING)
        with cells[place % _A_ROW]:
            sample = samples.get(header, "")
            chosen = st.selectbox(
                header,
                options,
                index=options.index(guess) if guess in options else 0,
                format_func=lambda name: label_of(name) if name else tell("data.columns.none"),
                key=f"data_column_{page_words.language()}_{stamp}_{header}",
            )
            st.caption(
                tell("data.columns.sample", sample=sample[:60])
                if sample
                else tell("data.columns.no_sample")
            )
            said[header] = str(chosen or _NOTHING)


def _ask_constants(
    contract: Contract, columns: dict[str, str], before: dict[str, str], stamp: str
) -> dict[str, str]:
    """Ask for what each row must have and the file has no column of, such as the year."""
    dated = {name.removesuffix(DATE_SUFFIX) for name in columns}
    absent = [
        column.name
        for column in contract.columns
        if column.required
        and column.name not in dated
        and column.name not in _PLACES
        and not column.personal
        and column.name not in contract.key[:1]
    ]
    if not absent or contract.name == "village_points":
        return {}
    st.caption(tell("data.columns.constants"))
    cells = st.columns(3, gap="small")
    return {
        name: cells[place % 3]
        .text_input(
            label_of(name),
            value=before.get(name, ""),
            placeholder="2562" if name.endswith("year") else "",
            key=f"data_constant_{page_words.language()}_{stamp}_{name}",
        )
        .strip()
        for place, name in enumerate(absent)
    }


def ask_level_order(before: str = "") -> dict[str, str]:
    """Ask which end of the levels is the good one; nothing where the file counts as the layer."""
    options = [_NOTHING, ONE_IS_GOOD]
    chosen = st.selectbox(
        tell("data.levels.label"),
        options,
        index=options.index(before) if before in options else 0,
        format_func=lambda one: tell(f"data.levels.{one or 'three_is_good'}"),
        key=kept_choices.widget_key("data_level_order"),
        help=tell("data.levels.help"),
        width=420,
    )
    return {LEVEL_ORDER: chosen} if chosen else {}


def ask_of_fund_levels() -> dict[str, str]:
    """Ask what a table of funds by level may leave out: its year, its province, its good end."""
    year, province = st.columns(2, gap="small")
    told = {
        "year": year.text_input(
            tell("data.year"), placeholder="2562", key=kept_choices.widget_key("data_fund_year")
        ),
        "province": province.text_input(
            tell("data.province"), key=kept_choices.widget_key("data_fund_province")
        ),
    }
    given = {name: value.strip() for name, value in told.items() if value.strip()}
    return given | ask_level_order()


def _fault(
    contract: Contract,
    chosen: dict[str, str],
    columns: dict[str, str],
    constants: dict[str, str],
) -> str:
    if len(columns) < len(chosen):
        twice = next(name for name in columns if list(chosen.values()).count(name) > 1)
        two = ", ".join(header for header, name in chosen.items() if name == twice)
        return tell("data.columns.twice", headers=two, column=label_of(twice))
    given = {name.removesuffix(DATE_SUFFIX) for name in columns} | set(constants)
    if contract.name == "village_points":
        return ""
    absent = [
        column.name
        for column in contract.columns
        if column.required
        and column.name not in given
        and not (column.name in _PLACES and contract.of_listed_villages)
        and contract.geometry != column.name
    ]
    if absent:
        return tell("data.columns.absent", columns=", ".join(label_of(name) for name in absent))
    if contract.of_listed_villages and not given & _PLACES:
        return tell("data.columns.no_place")
    return ""
