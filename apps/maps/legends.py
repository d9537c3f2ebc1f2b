"""What colours and shapes mean on a map: statuses, classes of values, and their legends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from markupsafe import Markup

from phaenthi.geo.texts import html
from phaenthi.wording import Language, say


@dataclass(frozen=True)
class Look:
    """How a status is drawn: by shape and by colour, so that either alone tells it.

    Parameters
    ----------
    shape
        ``circle``, ``diamond``, ``triangle``, ``square`` or ``cross``.
    colour
        From the palette of Okabe and Ito, safe for colour-blind eyes.
    radius
        Pixels at the zoom that shows a province.
    symbol
        The same shape as a letter, for tables.
    """

    shape: str
    colour: str
    radius: float
    symbol: str

    def options(self, label: str) -> dict[str, object]:
        """Return Leaflet's options for a marker of this look."""
        line = self.shape == "cross"
        return {
            "shape": self.shape,
            "radius": self.radius,
            "color": self.colour if line else "#ffffff",
            "weight": 1.6 if line else 1.2 if self.radius > 4 else 0.6,
            "opacity": 0.85 if line else 1,
            "fill": not line,
            "fillColor": self.colour,
            "fillOpacity": 0.95 if self.radius > 4 else 0.75,
            "label": label,
        }


# In the order in which they are told to the reader; drawn the other way round.
STATUS_LOOKS: Mapping[str, Look] = {
    "chosen": Look("circle", "#0072B2", 7.5, "●"),
    "reserve": Look("diamond", "#E69F00", 7.0, "◆"),
    "eligible": Look("square", "#009E73", 3.0, "■"),
    "unknown": Look("triangle", "#CC79A7", 4.6, "▲"),
    "excluded": Look("cross", "#7F8C92", 3.2, "✕"),
}

# Okabe and Ito's palette, safe for colour-blind eyes.
FAULT_COLOURS: Mapping[str, str] = {
    "invalid": "#D55E00",
    "overlap": "#CC79A7",
    "gap": "#0072B2",
    "edge": "#E69F00",
    "sliver": "#56B4E9",
    "nesting": "#009E73",
}

# ColorBrewer YlGnBu, five classes.
SEQUENTIAL = ("#ffffcc", "#a1dab4", "#41b6c4", "#2c7fb8", "#253494")
HIDDEN_COLOUR = "#d5d9db"
MISSING_COLOUR = "#ffffff"


@dataclass(frozen=True)
class Classes:
    """Values put into a few classes, each with a colour and the range that it holds.

    Parameters
    ----------
    colours
        Colour of each class, from low to high.
    ranges
        Smallest and largest value found in each class.
    colour_of
        Colour by code; hidden and missing values have theirs.
    any_hidden, any_missing
        Whether the legend must explain those.
    """

    colours: tuple[str, ...]
    ranges: tuple[tuple[float, float], ...]
    colour_of: dict[str, str]
    any_hidden: bool
    any_missing: bool


def classify(values: pd.Series, hidden: pd.Series, number: int = 5) -> Classes:
    """Put values into classes of about equally many areas.

    Parameters
    ----------
    values
        Number by code; missing where hidden or unknown.
    hidden
        Whether the value is hidden, by the same codes.
    number
        Most classes to make; fewer when there are fewer different values.
    """
    known = values.dropna().astype(float)
    different = known.nunique()
    number = min(number, different)
    if number > 1:
        import mapclassify  # noqa: PLC0415 - a second that a page without a choropleth need not wait

        classes = mapclassify.Quantiles(known.to_numpy(), k=number).yb
    else:
        classes = np.zeros(len(known), dtype=int)
    # Quantiles may leave a class empty where many values are the same.
    used = sorted(set(classes.tolist()))
    steps = np.linspace(0, len(SEQUENTIAL) - 1, max(len(used), 1)).round().astype(int)
    colours = tuple(SEQUENTIAL[step] for step in steps[: len(used)])
    place = {cls: index for index, cls in enumerate(used)}
    told = map(str, known.index.tolist())
    colour_of = dict(zip(told, (colours[place[cls]] for cls in classes.tolist()), strict=True))
    found = known.to_numpy()
    ranges = tuple(
        (float(found[classes == cls].min()), float(found[classes == cls].max())) for cls in used
    )
    without = values.index[values.isna()]
    concealed = hidden.reindex(without).to_numpy(dtype=bool)
    for code, is_hidden in zip(without.tolist(), concealed.tolist(), strict=True):
        colour_of[str(code)] = HIDDEN_COLOUR if is_hidden else MISSING_COLOUR
    any_hidden, any_missing = bool(concealed.any()), bool((~concealed).any())
    return Classes(colours, ranges, colour_of, any_hidden, any_missing)


def symbol_svg(look: Look) -> Markup:
    """Return the symbol of a status as a small picture."""
    shapes = {
        "circle": html.own('<circle cx="9" cy="9" r="6.5"/>'),
        "diamond": html.own('<path d="M9 1.8 16.2 9 9 16.2 1.8 9Z"/>'),
        "square": html.own('<rect x="4.5" y="4.5" width="9" height="9"/>'),
        "triangle": html.own('<path d="M9 2.8 15.4 14H2.6Z"/>'),
        "cross": html.own('<path d="M4.5 4.5 13.5 13.5M4.5 13.5 13.5 4.5"/>'),
    }
    paint = 'fill="none" stroke="{}" stroke-width="2"' if look.shape == "cross" else 'fill="{}"'
    return html.fill(
        '<svg width="18" height="18" viewBox="0 0 18 18" aria-hidden="true" {}>{}</svg>',
        html.fill(paint, look.colour),
        shapes[look.shape],
    )


def status_legend(counts: Mapping[str, int], language: Language) -> Markup:
    """Return the legend of a plan's map as HTML: shape, word, number of villages."""
    entries = [
        html.fill(
            "<span>{}{}&nbsp;<b>{:,}</b></span>",
            symbol_svg(look),
            say(f"app.status.{status}", language),
            counts.get(status, 0),
        )
        for status, look in STATUS_LOOKS.items()
    ]
    return html.fill('<div class="ph-legend">{}</div>', html.join(entries))


def class_legend(title: str, classes: Classes, form: str, language: Language) -> Markup:
    """Return the legend of a choropleth as HTML.

    Parameters
    ----------
    title
        What is shown, and in which unit.
    classes
        From :func:`classify`.
    form
        Format of a number, such as ``,.0f`` or ``.1f``.
    language
        Language of the words for hidden and missing.
    """
    entries = [
        html.fill('<span><i class="ph-swatch" style="background:{}"></i>{}</span>', colour, label)
        for colour, label in class_labels(classes, form, language).items()
    ]
    return html.fill('<b>{}</b><div class="ph-legend">{}</div>', title, html.join(entries))


def class_labels(classes: Classes, form: str, language: Language) -> dict[str, str]:
    """Return what each colour of a choropleth means in words, as the legend lists them."""

    def told(low: float, high: float) -> str:
        first, last = format(low, form), format(high, form)
        return first if first == last else f"{first} – {last}"

    labels = {
        colour: told(low, high)
        for colour, (low, high) in zip(classes.colours, classes.ranges, strict=True)
    }
    if classes.any_hidden:
        labels[HIDDEN_COLOUR] = say("app.map.hidden", language)
    if classes.any_missing:
        labels[MISSING_COLOUR] = say("app.map.missing", language)
    return labels
