"""The Thai typefaces of this machine: the office's own first, others of its shape after it."""

from __future__ import annotations

from functools import cache

from phaenthi.geo.extras import from_extra
from phaenthi.wording import Problem

FAMILIES = (
    "TH Sarabun New",
    "TH SarabunPSK",
    "TH Sarabun PSK",
    "TH SarabunIT๙",
    "Sarabun",
    "Laksaman",
    "Leelawadee UI",
    "Leelawadee",
    "Noto Sans Thai",
    "Noto Sans Thai Looped",
    "Garuda",
    "Loma",
    "Umpush",
    "Waree",
    "Norasi",
    "Kinnari",
    "Cordia New",
    "Browallia New",
    "Angsana New",
    "Thonburi",
    "Ayuthaya",
    "Tahoma",
)
"""Families that hold every Thai letter and place its marks, the wanted one first.

The typeface of government papers is TH Sarabun New; Laksaman of Debian's ``fonts-thai-tlwg`` is
drawn after it with the same widths. Leelawadee UI and Tahoma come with Windows.
"""


@cache
def installed_families() -> tuple[str, ...]:
    """Return the families of this machine that the pictures can be set in, the best first.

    Raises
    ------
    Problem
        ``papers.no_thai_font`` when there is none of :data:`FAMILIES`; ``extras.pictures``.
    """
    with from_extra("pictures"):
        import typst  # noqa: PLC0415
    fonts = typst.Fonts(include_system_fonts=True, include_embedded_fonts=False)
    return pick_families(fonts.families())


def pick_families(families: list[str]) -> tuple[str, ...]:
    """Return those families that hold Thai, the best first.

    Raises
    ------
    Problem
        ``papers.no_thai_font`` when there is none.
    """
    there = {family.casefold(): family for family in families}
    found = tuple(there[name.casefold()] for name in FAMILIES if name.casefold() in there)
    if not found:
        raise Problem("papers.no_thai_font", known=", ".join(FAMILIES[:1] + FAMILIES[5:7]))
    return found
