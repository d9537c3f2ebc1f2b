"""What the rules ask of one province."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from phaenthi.targeting.programme.programme import Programme


CapReading = Literal["each", "average"]


@dataclass(frozen=True)
class Demand:
    """What the rules ask of one province.

    Attributes
    ----------
    units
        Villages to choose, exactly (the allotment).
    areas
        Areas (amphoe) that take part, exactly, each with at least one village; ``None`` when
        the programme leaves that open.
    cap
        At most this many villages in an area.
    cap_reading
        ``"each"``: in every area; ``"average"``: over the areas that take part.
    """

    province_code: str
    units: int
    areas: int | None = None
    cap: int | None = None
    cap_reading: CapReading = "each"

    def __post_init__(self) -> None:
        """Refuse an average over a number of areas that nobody gave."""
        if self.cap is not None and self.cap_reading == "average" and self.areas is None:
            raise ValueError("a cap read as an average needs the number of areas that take part")

    @property
    def most_in_an_area(self) -> int:
        """The largest number of villages that one area may hold."""
        if self.cap is not None and self.cap_reading == "each":
            return min(self.cap, self.units)
        return self.units


def ask(programme: Programme, province_code: str) -> Demand:
    """Return what a programme asks of one province.

    Raises
    ------
    Problem
        ``targeting.province_not_in_scope`` or ``targeting.allotment_missing``.
    """
    allotment, cap = programme.allotment(province_code), programme.cap()
    return Demand(
        province_code=province_code,
        units=allotment.units,
        areas=allotment.areas,
        cap=cap.at_most if cap else None,
        cap_reading=cap.reading if cap else "each",
    )
