"""Where boundary files of various makers keep codes and names."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from phaenthi.geo.places import gazetteer
from phaenthi.geo.places.codes import Level, join_code_parts, parent_code, read_codes


@dataclass(frozen=True)
class Columns:
    """Columns that hold code and names of one level: lower case, a space between them."""

    code: str
    name_th: str
    name_en: str


# In this order: COD-AB (RTSD via OCHA), GADM, DOPA and what agencies made of it, OpenGISData,
# our own. CC_n of GADM holds the DOPA code, NL_NAME_n the Thai name.
KNOWN = {
    Level.PROVINCE: Columns(
        code="adm1_pcode cc_1 prov_idn prov_code p_code ch_id pro_code province_code code",
        name_th="adm1_th nl_name_1 prov_nam_t prov_namt p_name_t changwat_t pro_th province_th "
        "name_th",
        name_en="adm1_en name_1 prov_nam_e prov_name p_name_e changwat_e pro_en province_en "
        "name_en",
    ),
    Level.AMPHOE: Columns(
        code="adm2_pcode cc_2 amphoe_idn amp_code a_code am_id amphoe_code code",
        name_th="adm2_th nl_name_2 amphoe_t amp_nam_t amp_namt a_name_t amp_th amphoe_th name_th",
        name_en="adm2_en name_2 amphoe_e amp_nam_e amp_name a_name_e amp_en amphoe_en name_en",
    ),
    Level.TAMBON: Columns(
        code="adm3_pcode cc_3 tambon_idn tam_code t_code ta_id tambon_code code",
        name_th="adm3_th nl_name_3 tam_nam_t tambon_t tam_namt t_name_t tam_th tambon_th name_th",
        name_en="adm3_en name_3 tam_nam_e tambon_e tam_name t_name_e tam_en tambon_en name_en",
    ),
}


MOSTLY = 0.9
"""Share of a column's values that must be codes where nobody said that it holds codes."""
_VILLAGE_CODES = "village_code vill_code village_id vill_id villcode moo_code code"


def find_codes(table: gpd.GeoDataFrame, level: Level) -> tuple[str, pd.Series] | None:
    """Return the column of a level's codes and what was read from it, or None.

    Tables that keep two digits a level in separate columns (PROV_CODE 46, AMP_CODE 1,
    TAM_CODE 2) are put together; the column is then the one of the level itself.
    """
    for column in _present(table, KNOWN[level].code):
        codes = read_codes(table[column], level)
        if codes.notna().any():
            return column, codes
    above = [known for known in KNOWN if known.digits <= level.digits]
    parts = [_present(table, KNOWN[known].code)[:1] for known in above]
    if level is not Level.PROVINCE and all(parts):
        codes = join_code_parts([table[column] for [column] in parts], level)
        if codes.notna().any():
            return parts[-1][0], codes
    return None


def find_names(table: gpd.GeoDataFrame, level: Level) -> pd.DataFrame:
    """Return name_th and name_en of a level as the file has them, missing where it has none."""
    names = pd.DataFrame(index=table.index)
    for name in ("name_th", "name_en"):
        columns = _present(table, getattr(KNOWN[level], name))
        text = table[columns[0]] if columns else pd.Series(pd.NA, index=table.index)
        stripped = text.astype("string").str.strip()
        names[name] = stripped.mask(stripped == "")
    return names


def find_village_codes(table: gpd.GeoDataFrame) -> pd.Series | None:
    """Return the village codes of the first column that mostly holds such, or None."""
    for column in _present(table, _VILLAGE_CODES):
        codes = read_codes(table[column], Level.VILLAGE)
        if codes.notna().mean() >= MOSTLY:
            return codes
    return None


def find_provinces(table: gpd.GeoDataFrame) -> pd.Series | None:
    """Return the province code of each record by whatever code it has, or None without codes.

    A column counts if nine tenths of its values are codes of provinces that exist; other
    numbers of the same length are seldom that.
    """
    of_level = (find_codes(table, level) for level in KNOWN)
    candidates = [*(found[1] for found in of_level if found), find_village_codes(table)]
    for codes in candidates:
        if codes is None or codes.notna().mean() < MOSTLY:
            continue
        provinces = parent_code(codes, Level.PROVINCE)
        if provinces.dropna().map(gazetteer.exists).mean() >= MOSTLY:
            return provinces
    return None


def _present(table: gpd.GeoDataFrame, wanted: str) -> list[str]:
    by_lower_case = {str(column).lower(): str(column) for column in table.columns}
    return [by_lower_case[name] for name in wanted.split() if name in by_lower_case]
