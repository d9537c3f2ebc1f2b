"""What rows that could not be placed for sure may mean: for those villages nothing is known."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import polars as pl

from phaenthi.geo.places.codes import Level, parent_code
from phaenthi.layers.contracts.contract import Contract
from phaenthi.layers.contracts.matches import POSSIBLE_TARGETS
from phaenthi.layers.matching.pairs import areas_of, prepare_rows, prepare_villages
from phaenthi.layers.matching.parents import with_parents
from phaenthi.layers.matching.villages import Matches
from phaenthi.layers.registers.programme_names import name_programmes
from phaenthi.layers.registers.reading import read_rows
from phaenthi.layers.tables.table_file import ROW, TableFile
from phaenthi.layers.workspace.folder import Workspace

# With these the village is one of the candidates; otherwise it may be any of its tambon.
_AMONG_CANDIDATES = ("several_alike", "several_rows", "code_or_name", "too_far")
_CLEARED = "decided_none"


def possible_villages(
    places: pd.DataFrame, matches: Matches, villages: pd.DataFrame
) -> pl.DataFrame:
    """Return the villages that each place that waits may mean.

    They are the candidates where one of them must be it, and otherwise also every village of
    the tambons of today that the place may lie in.

    Returns
    -------
    polars.DataFrame
        place number (index of ``places``), possible code.
    """
    table = matches.table
    waiting = table[table["village_code"].isna() & (table["how"] != _CLEARED)]
    candidates = matches.candidates.rename(columns={"row": "place number"})
    candidates = candidates[candidates["place number"].isin(waiting.index)]
    wide = waiting.index[~waiting["how"].isin(_AMONG_CANDIDATES)]
    areas = areas_of(prepare_rows(with_parents(places.loc[wide])), prepare_villages(villages))
    codes = pd.DataFrame(
        {
            "village_code": villages["village_code"],
            "tambon_code": parent_code(villages["village_code"].astype("string"), Level.TAMBON),
        }
    )
    inside = areas.merge(codes, on="tambon_code").rename(columns={"row": "place number"})
    both = pd.concat(
        [frame[["place number", "village_code"]] for frame in (candidates, inside)]
    ).drop_duplicates()
    return pl.DataFrame(
        {
            "place number": pl.Series(
                [int(place) for place in both["place number"]], dtype=pl.Int64
            ),
            "possible code": pl.Series(both["village_code"].to_list(), dtype=pl.String),
        }
    )


def possible_targets(
    contract: Contract,
    table: TableFile,
    workspace: Workspace,
    constants: Mapping[str, str],
    waiting: pl.DataFrame,
) -> pl.DataFrame:
    """Read rows that may mean several villages as the layer reads them.

    Parameters
    ----------
    contract
        ``history`` or ``beneficiaries``.
    table
        The rows, once for each village that they may mean.
    workspace, constants
        As for ``phaenthi.layers.registers.reading.read_rows``.
    waiting
        ``ROW`` and why each row waits.

    Returns
    -------
    polars.DataFrame
        The columns of ``POSSIBLE_TARGETS``; rows of a programme that is not known are left
        out, as no rule asks for them.
    """
    empty = pl.DataFrame(schema=POSSIBLE_TARGETS.stored_types)
    if table.frame.select(pl.len()).collect().item() == 0:
        return empty
    incoming = name_programmes(read_rows(contract, table, workspace, constants=constants))
    why = waiting.select(pl.col(ROW).cast(pl.Int64), pl.col("why").alias("how"))
    rows = incoming.rows.join(why, on=ROW, how="inner").with_columns(
        pl.lit(contract.name).alias("layer"), pl.col(ROW).alias("row")
    )
    names = list(POSSIBLE_TARGETS.names)
    shaped = rows.select(
        pl.col(name).cast(kind) for name, kind in POSSIBLE_TARGETS.stored_types.items()
    )
    return shaped.unique(subset=names, maintain_order=True)
