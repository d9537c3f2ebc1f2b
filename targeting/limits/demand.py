"""What is asked of one province in numbers, and what is short where no choice can give it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

CapReading = Literal["each", "average"]


@dataclass(frozen=True)
class Demand:
    """What is asked of one province.

    Attributes
    ----------
    units
        Units to choose.
    areas
        Areas (amphoe) that take part, exactly, each with at least one unit; ``None`` when the
        programme leaves that open.
    """

    province_code: str
    units: int
    areas: int | None = None


@dataclass(frozen=True)
class Shortage:
    """Why no plan exists: the rules that clash and what they ask against what there is.

    Attributes
    ----------
    rules
        Ids of the rules, or of their kinds, that cannot hold together.
    wording
        Message id of the sentence; ``numbers`` fills it in.
    """

    rules: tuple[str, ...]
    wording: str
    numbers: Mapping[str, object]
