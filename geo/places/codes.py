"""Administrative codes: every spelling, levels, parents, moo; the one place that knows digits."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING, overload
from unicodedata import category

from phaenthi.wording import Problem
from phaenthi.wording.digits import DIGITS, THAI_DIGITS, plain_digits

# One code is read, and a name looked up, without waiting for what reads whole columns.
if TYPE_CHECKING:
    import pandas as pd
    import polars as pl


class Level(StrEnum):
    """A level of the administrative tree, from the province down to the village."""

    PROVINCE = "province"
    AMPHOE = "amphoe"
    TAMBON = "tambon"
    VILLAGE = "village"

    @property
    def digits(self) -> int:
        """Number of digits of a code of this level: 2, 4, 6 or 8."""
        return 2 * (list(Level).index(self) + 1)

    @property
    def column(self) -> str:
        """Name of the column that holds codes of this level, such as ``amphoe_code``."""
        return f"{self.value}_code"

    @property
    def parent(self) -> Level | None:
        """The level above, or None for the province."""
        levels = list(Level)
        place = levels.index(self)
        return levels[place - 1] if place else None

    @property
    def child(self) -> Level | None:
        """The level below, or None for the village."""
        levels = list(Level)
        place = levels.index(self)
        return levels[place + 1] if place + 1 < len(levels) else None


# Spaces to Python, which polars, the measure of what is read, takes for letters.
_SEPARATORS = "\x1c\x1d\x1e\x1f"
# Spaces of any kind, invisible marks (zero width, byte order mark) and the apostrophe that
# Excel users type to keep a code as text.
_NOISE = r"[\s\p{Cf}']"
# No province begins with 0; amphoe and tambon are counted from 01; จปฐ. tables use moo 00 for
# houses of a municipality that belong to no moo.
_PROVINCE_PART, _AREA_PART, _MOO_PART = "[1-9][0-9]", "(?:0[1-9]|[1-9][0-9])", "[0-9]{2}"
_SPELLINGS = {
    Level.PROVINCE: f"^({_PROVINCE_PART})$",
    Level.AMPHOE: f"^({_PROVINCE_PART}{_AREA_PART})$",
    Level.TAMBON: f"^({_PROVINCE_PART}{_AREA_PART}{_AREA_PART})$",
    # จปฐ. village ids carry two more digits for a part of the village: rolled up.
    Level.VILLAGE: f"^({_PROVINCE_PART}{_AREA_PART}{_AREA_PART}{_MOO_PART})(?:[0-9]{{2}})?$",
}
_FIRST_MUNICIPAL_TAMBON = 50


def read_codes_expr(column: str, level: Level) -> pl.Expr:
    """Return the polars expression that reads a column of codes.

    Parameters
    ----------
    column
        Column of text or numbers.
    level
        Level that the codes are of.

    Returns
    -------
    polars.Expr
        Text codes of ``level.digits`` digits, null where unreadable; see ``read_codes``.
    """
    import polars as pl  # noqa: PLC0415

    bare = _bare(pl.col(column)).str.replace(r"^(?i:TH)", "")
    return bare.str.extract(_SPELLINGS[level])


def _bare(text: pl.Expr) -> pl.Expr:
    """Return the text without noise, with Arabic digits and without the ``.0`` of a float."""
    import polars as pl  # noqa: PLC0415

    return (
        text.cast(pl.String)
        .str.replace_all(_NOISE, "")
        .str.replace_many(list(THAI_DIGITS), list(DIGITS))
        .str.replace(r"\.0*$", "")
    )


def read_codes(values: pd.Series, level: Level) -> pd.Series:
    """Read a column of codes in whatever spelling the file has.

    Accepts ``TH460102``, ``460102``, ``46 01 02``, ``460102.0``, integers, Thai digits and
    zero-width characters; at village level also 10-digit จปฐ. ids, rolled up to 8 digits.
    No province code begins with 0, so a whole code loses no zero as a number; a code of any
    other length is unreadable, never filled up.

    Parameters
    ----------
    values
        Codes of any type.
    level
        Level that the codes are of; a code of another length is unreadable.

    Returns
    -------
    pandas.Series
        dtype ``string``, same index and name, ``<NA>`` where unreadable or missing.
    """
    import pandas as pd  # noqa: PLC0415
    import polars as pl  # noqa: PLC0415

    text = pl.DataFrame({"code": pl.Series(_as_text(values), dtype=pl.String)})
    read = text.select(read_codes_expr("code", level))["code"].to_list()
    return pd.Series(read, index=values.index, name=values.name, dtype="string")


def _as_text(values: pd.Series) -> list[str | None]:
    objects: list[object] = values.astype("object").to_list()
    # Half a surrogate pair cannot be passed on as text; a question mark makes it unreadable.
    return [
        None if missing else str(value).encode("utf-8", "replace").decode("utf-8")
        for value, missing in zip(objects, values.isna(), strict=True)
    ]


def read_code(value: object, level: Level) -> str:
    """Read one code; the spellings are those of ``read_codes``.

    Raises
    ------
    Problem
        ``geo.code_unreadable`` if it is no code of this level.
    """
    code = try_code(value, level)
    if code is None:
        raise Problem("geo.code_unreadable", found=value, digits=level.digits)
    return code


def try_code(value: object, level: Level) -> str | None:
    """Return one code as ``read_codes`` reads it; ``None`` where that is missing."""
    plain = "".join(
        letter
        for letter in str(value)
        if letter in _SEPARATORS
        or not (letter.isspace() or letter == "'" or category(letter) == "Cf")
    )
    bare = re.sub(r"\.0*$", "", plain_digits(plain))
    found = re.match(_SPELLINGS[level], re.sub(r"^(?i:TH)", "", bare), re.ASCII)
    return found.group(1) if found else None


def parent_code_expr(column: str, level: Level) -> pl.Expr:
    """Return the polars expression of ``parent_code`` for a column of codes that were read."""
    import polars as pl  # noqa: PLC0415

    return pl.col(column).str.head(level.digits)


@overload
def parent_code(codes: str, level: Level) -> str: ...
@overload
def parent_code(codes: pd.Series, level: Level) -> pd.Series: ...
def parent_code(codes: str | pd.Series, level: Level) -> str | pd.Series:
    """Return the code of the enclosing area of a level, for one code or a column of them.

    Raises
    ------
    ValueError
        If a code is of a higher level than the one asked for.
    """
    if isinstance(codes, str):
        if len(codes) < level.digits:
            raise ValueError(f"code {codes} has no {level} part")
        return codes[: level.digits]
    if (codes.str.len() < level.digits).any():
        raise ValueError(f"a code of {codes.name} has no {level} part")
    return codes.str[: level.digits]


def level_of(code: str) -> Level:
    """Return the level of a code that was read.

    Raises
    ------
    Problem
        ``geo.code_of_no_level`` if the number of digits is that of no level.
    """
    for level in Level:
        if len(code) == level.digits:
            return level
    raise Problem("geo.code_of_no_level", found=code)


@overload
def is_municipal(codes: str) -> bool: ...
@overload
def is_municipal(codes: pd.Series) -> pd.Series: ...
def is_municipal(codes: str | pd.Series) -> bool | pd.Series:
    """Tell which codes are municipal areas of จปฐ./TPMAP: the tambon part is 50 or more.

    Such areas (460151) have no polygon; they belong under their amphoe. Codes above the
    tambon and missing codes are not municipal.
    """
    if isinstance(codes, str):
        part = codes[Level.AMPHOE.digits : Level.TAMBON.digits]
        return bool(part) and int(part) >= _FIRST_MUNICIPAL_TAMBON
    import pandas as pd  # noqa: PLC0415

    parts = pd.to_numeric(codes.str[Level.AMPHOE.digits : Level.TAMBON.digits], errors="coerce")
    return (parts >= _FIRST_MUNICIPAL_TAMBON).fillna(value=False).astype(bool)


@overload
def moo(codes: str) -> int: ...
@overload
def moo(codes: pd.Series) -> pd.Series: ...
def moo(codes: str | pd.Series) -> int | pd.Series:
    """Return the moo (village number in its tambon) of village codes; Int64 for a column."""
    if isinstance(codes, str):
        return int(codes[Level.TAMBON.digits : Level.VILLAGE.digits])
    import pandas as pd  # noqa: PLC0415

    return pd.to_numeric(codes.str[Level.TAMBON.digits : Level.VILLAGE.digits]).astype("Int64")


def village_code(tambon_code: str, moo: int) -> str:
    """Return the 8-digit code of a moo of a tambon.

    Raises
    ------
    ValueError
        If the tambon code has not 6 digits or the moo is not 0–99.
    """
    if len(tambon_code) != Level.TAMBON.digits or not 0 <= moo <= 99:
        raise ValueError(f"no village code from tambon {tambon_code!r} and moo {moo!r}")
    return f"{tambon_code}{moo:02d}"


def join_code_parts(parts: list[pd.Series], level: Level) -> pd.Series:
    """Build codes from columns that hold two digits a level, as DOPA tables often do.

    Parameters
    ----------
    parts
        One column a level from the province down, as text or numbers (``46``, ``1``, ``02``).
    level
        Level of the codes to build; ``len(parts)`` levels below the top.

    Returns
    -------
    pandas.Series
        As ``read_codes``.
    """
    import pandas as pd  # noqa: PLC0415
    import polars as pl  # noqa: PLC0415

    table = pl.DataFrame(
        {str(place): pl.Series(_as_text(part), dtype=pl.String) for place, part in enumerate(parts)}
    )
    joined = table.select(pl.concat_str(_bare(pl.all()).str.zfill(2)).alias("code"))
    read = joined.select(read_codes_expr("code", level))["code"].to_list()
    return pd.Series(read, index=parts[0].index, dtype="string")
