"""The looks of the app's maps as styles of exported files: the same shapes and colours."""

from __future__ import annotations

import warnings

import pandas as pd

from phaenthi.apps.maps.legends import HIDDEN_COLOUR, MISSING_COLOUR, STATUS_LOOKS, classify
from phaenthi.geo.vectors.styles import PLAIN, Style, StyleClass, Symbol
from phaenthi.wording import Language, say

# A pixel of the app's map is about this wide on paper.
_MILLIMETRES_A_PIXEL = 0.5
_LABEL = "name_th"


def status_style(language: Language) -> Style:
    """Return the style of a plan: chosen, reserve, eligible, unknown, excluded."""
    classes = tuple(
        StyleClass(
            say(f"app.status.{status}", language),
            Symbol(look.colour, look.shape, look.radius * _MILLIMETRES_A_PIXEL),
            value=status,
        )
        for status, look in STATUS_LOOKS.items()
    )
    return Style(say("export.style_status", language), classes, column="status", label=_LABEL)


def count_style(
    table: pd.DataFrame, column: str, title: str, language: Language, hidden: str | None = None
) -> Style:
    """Return the style of a count: five classes of about equally many records.

    Parameters
    ----------
    column
        The numbers; missing where hidden or unknown.
    hidden
        Column that tells which records hide something, if any does.
    """
    values = table[column].reset_index(drop=True)
    is_hidden = (
        pd.Series(data=False, index=values.index)
        if hidden is None
        else table[hidden].reset_index(drop=True).astype(bool)
    )
    with warnings.catch_warnings():
        # Few different values make fewer classes, which is no news.
        warnings.simplefilter("ignore", UserWarning)
        found = classify(values, is_hidden)
    classes = [
        StyleClass(_range(low, high), Symbol(colour), low=low, high=high)
        for colour, (low, high) in zip(found.colours, found.ranges, strict=True)
    ]
    without = [
        (word, colour)
        for word, colour, any_such in (
            ("hidden", HIDDEN_COLOUR, found.any_hidden),
            ("missing", MISSING_COLOUR, found.any_missing),
        )
        if any_such
    ]
    if without or not classes:
        words = " / ".join(say(f"app.map.{word}", language) for word, _ in without)
        colour = without[0][1] if without else MISSING_COLOUR
        classes.append(StyleClass(words or say("app.map.missing", language), Symbol(colour)))
    return Style(title, tuple(classes), column=column, label=_LABEL)


def simple_style(title: str, *, areas: bool = False) -> Style:
    """Return the style of records that nothing tells apart.

    Areas are white within their lines, so that what lies on them is seen.
    """
    symbol = Symbol(MISSING_COLOUR) if areas else PLAIN
    return Style(title, (StyleClass(title, symbol),), label=_LABEL)


def _range(low: float, high: float) -> str:
    first, last = f"{low:,.10g}", f"{high:,.10g}"
    return first if first == last else f"{first} – {last}"
