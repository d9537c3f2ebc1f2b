"""What the page of a map is put together from: values in fixed templates, nothing compiled twice.

Folium writes an element as text, and branca then compiles that text as a template of its own: a
name such as ``{{ … }}`` in a register would be run as code. Here every element tells its text
once, and the page takes in nothing that could be compiled again.
"""

from __future__ import annotations

from typing import Any

import folium
from branca.element import CssLink, Element, Figure, JavascriptLink, MacroElement
from folium.elements import ElementAddToElement
from folium.template import Template

PARTS = ("header", "html", "script")
_ENCODING = '<meta http-equiv="content-type" content="text/html; charset=UTF-8" />'


class Finished(Element):
    """Text that goes into a page as it stands: a value of this template, never a template."""

    _template = Template("{{ this.text }}")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


class Part(Element):
    """The head, the body or the script of a page; it holds finished text and links alone."""

    def add_child(self, child: Element, name: str | None = None, index: int | None = None) -> Any:
        """Take an element in.

        Raises
        ------
        TypeError
            If its text was compiled as a template, as branca does with what elements have written.
        """
        if type(child) not in {Finished, JavascriptLink, CssLink}:
            raise TypeError(f"{name} would make a template of text that may hold data")
        return super().add_child(child, name=name, index=index)


class Page(Figure):
    """A page whose parts are never compiled again."""

    def __init__(self) -> None:
        super().__init__()
        self.header, self.html, self.script = Part(), Part(), Part()
        for part in (self.header, self.html, self.script):
            part._parent = self
        self.header.add_child(Finished(_ENCODING), name="meta_http")


class Once(MacroElement):
    """An element whose text is finished when its own template has written it.

    As the last base of a folium class it comes before branca's ``MacroElement``, in whose place it
    then writes.
    """

    def render(self, **kwargs: Any) -> None:  # type: ignore[override]  # as MacroElement's
        """Give the page what this element and its children write."""
        page = self.get_root()
        for part in PARTS:
            write = getattr(self._template.module, part, None)
            if write is not None:
                getattr(page, part).add_child(Finished(write(self, kwargs)), name=self.get_name())
        for child in self._children.values():
            child.render(**kwargs)


class Added(ElementAddToElement, Once):
    """What adds one element to another, by their names."""


class Group(folium.FeatureGroup, Once):
    """Things on a map that come and go together."""

    def render(self, **kwargs: Any) -> None:  # type: ignore[override]  # as MacroElement's
        """Give the page this group, and what adds it to its map."""
        parent = self._parent
        assert parent is not None, "a group is drawn on a map"
        self.add_child(Added(self.get_name(), parent.get_name()), name=f"{self.get_name()}_add")
        Once.render(self, **kwargs)
