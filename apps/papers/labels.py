"""Names put on a map so that they do not lie on each other nor on what they would hide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from unicodedata import category

import numpy as np
import numpy.typing as npt

# Steps away from the wanted place, in heights of a line, the nearest first.
_STEPS = sorted(
    ((dx * 0.75, dy * 0.75) for dx in range(-5, 6) for dy in range(-5, 6)),
    key=lambda step: (round(step[0] ** 2 + 2 * step[1] ** 2, 6), step),
)
_WIDTH_OF_A_LETTER = 0.56
_LEADING = 1.5
_MILLIMETRES_A_POINT = 25.4 / 72


@dataclass(frozen=True)
class Label:
    """A name and the middle of the place where it stands, in millimetres."""

    text: str
    x: float
    y: float


def text_width(text: str, points: float) -> float:
    """Return about how wide a text is, in millimetres; marks above and below take no room."""
    letters = sum(category(letter) != "Mn" for letter in text)
    return letters * _WIDTH_OF_A_LETTER * points * _MILLIMETRES_A_POINT


def place_labels(
    names: Sequence[str],
    wanted: npt.NDArray[np.float64],
    obstacles: npt.NDArray[np.float64],
    *,
    points: float,
    page: tuple[float, float],
) -> list[Label]:
    """Put each name near its wanted place where it covers least.

    Parameters
    ----------
    names
        Texts, in the order in which they may choose.
    wanted
        Middles that they would like, in millimetres (n × 2).
    obstacles
        Middles of symbols that should stay in sight (m × 2).
    points
        Size of the letters.
    page
        Width and height that the names must stay within.

    Returns
    -------
    list of Label
        One a name. No two overlap as long as there is any room near; then the place with the
        least overlap is taken.
    """
    height = points * _MILLIMETRES_A_POINT * _LEADING
    gap = height / 2
    taken: list[tuple[float, float, float, float]] = []
    placed = []
    for name, (x, y) in zip(names, wanted, strict=True):
        width = text_width(name, points) + gap
        costs = []
        for number, (dx, dy) in enumerate(_STEPS):
            box = _box(x + dx * height, y + dy * height, width, height, page)
            hidden = _overlap(box, taken) / (width * height)
            costs.append((100 * hidden + _covered(box, obstacles) + number / 12, number, box))
        _, _, box = min(costs)
        taken.append(box)
        placed.append(Label(name, (box[0] + box[2]) / 2, (box[1] + box[3]) / 2))
    return placed


def _box(
    x: float, y: float, width: float, height: float, page: tuple[float, float]
) -> tuple[float, float, float, float]:
    left = min(max(x - width / 2, 0.5), max(page[0] - width - 0.5, 0.5))
    top = min(max(y - height / 2, 0.5), max(page[1] - height - 0.5, 0.5))
    return left, top, left + width, top + height


def _overlap(
    box: tuple[float, float, float, float], taken: Sequence[tuple[float, float, float, float]]
) -> float:
    if not taken:
        return 0.0
    left, top, right, bottom = np.array(taken).T
    wide = np.clip(np.minimum(right, box[2]) - np.maximum(left, box[0]), 0, None)
    high = np.clip(np.minimum(bottom, box[3]) - np.maximum(top, box[1]), 0, None)
    return float((wide * high).sum())


def _covered(box: tuple[float, float, float, float], obstacles: npt.NDArray[np.float64]) -> int:
    if not len(obstacles):
        return 0
    x, y = obstacles.T
    reach = 1.2
    inside = (box[0] - reach < x) & (x < box[2] + reach)
    inside &= (box[1] - reach < y) & (y < box[3] + reach)
    return int(inside.sum())
