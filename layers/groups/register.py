"""The register of groups as the Buri Ram letter of 2561 has it (form 1.1)."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from phaenthi.geo.places.codes import Level, moo, parent_code
from phaenthi.geo.places.gazetteer import name_of
from phaenthi.layers.groups.families import product_families
from phaenthi.layers.groups.readiness import five_k
from phaenthi.wording import Language, say

FORM = (
    "number",
    "address",
    "name_th",
    "product_th",
    "members",
    "outlet",
    "otop_yes",
    "otop_not_yet",
)
"""Columns of the form in its order: no., address, group, product, members, place of sale, and
registered as OTOP or not yet, to be ticked."""


def group_register(
    groups: pd.DataFrame,
    villages: pd.DataFrame,
    codes: Sequence[str] | None = None,
    language: Language = "th",
) -> pd.DataFrame:
    """Return the register of groups: the columns of the form, then what the office works with.

    Parameters
    ----------
    groups
        Rows of the layer ``groups``.
    villages
        village_code and name_th of the village list.
    codes
        Ids of the groups of the register, such as those that a plan chose; all unless given. An
        id that the layer does not hold has no row.
    language
        Of addresses and names of families.

    Returns
    -------
    pandas.DataFrame
        number (1 …), address, name_th, product_th, members, outlet, otop_yes and otop_not_yet
        (``boolean``; both no where it is unknown); then group_id, village_code, amphoe_code,
        product_family (words), present (of 5ก), complete, potential. By village and group.
    """
    rows = groups if codes is None else groups[groups["group_id"].isin(list(codes))]
    rows = rows.sort_values(["village_code", "group_id"], ignore_index=True)
    readiness = five_k(rows)
    names = {one.id: one.name(language) for one in product_families()}
    otop = rows["otop_registered"].astype("boolean")
    codes_ = rows["village_code"].astype("string")
    return pd.DataFrame(
        {
            "number": pd.RangeIndex(1, len(rows) + 1),
            "address": addresses(codes_, villages, language),
            "name_th": rows["name_th"].astype("string"),
            "product_th": rows["product_th"].astype("string"),
            "members": rows["members"].astype("Int64"),
            "outlet": rows["outlet"].astype("string"),
            "otop_yes": otop.fillna(value=False),
            "otop_not_yet": (~otop).fillna(value=False),
            "group_id": rows["group_id"].astype("string"),
            "village_code": codes_,
            "amphoe_code": parent_code(codes_, Level.AMPHOE),
            "product_family": rows["product_family"].map(names).astype("string"),
            "present": readiness["present"],
            "complete": readiness["complete"],
            "potential": readiness["potential"],
        }
    )


def addresses(codes: pd.Series, villages: pd.DataFrame, language: Language = "th") -> pd.Series:
    """Return the address of each village: its name, moo, tambon and amphoe.

    Parameters
    ----------
    codes
        Village codes; a missing one has no address.
    villages
        village_code and name_th of the village list; a village that is not in it is told by its
        moo alone.
    """
    own = villages["name_th"].astype("string").to_numpy()
    named = pd.Series(own, index=villages["village_code"].astype("string")).dropna()
    known = codes.dropna().unique()
    told = {}
    for code in known:
        tambon = parent_code(code, Level.TAMBON)
        name = named.get(code)
        told[code] = say(
            "layers.groups.address" if name is not None else "layers.groups.address_without_name",
            language,
            village=name,
            moo=int(moo(pd.Series([code], dtype="string")).iloc[0]),
            tambon=name_of(tambon, language),
            amphoe=name_of(parent_code(code, Level.AMPHOE), language),
        ).strip()
    return codes.map(told).astype("string")
