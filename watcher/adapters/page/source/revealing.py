"""Pages that hide all of their article until a script or a choice shows it."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from watcher.core.text import clean

_HIDDEN = re.compile(
    r"\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)\s*(?:!\s*important)?\s*;?", re.IGNORECASE
)
_MEANT = 500
"""Characters of paragraphs from which a hidden part is an article, and no template of a message."""


def reveal(tree: HtmlElement) -> bool:
    """Shows the hidden part of a page that holds its headline and its text, if there is one.

    Consent managers and slow scripts hide a whole page so, and readers see it a moment later. A
    part without a headline of the first rank is left hidden: it may be for others, or for nobody.
    Returns whether anything was shown.
    """
    found = False
    for element in tree.iter():
        if isinstance(element, HtmlElement) and _is_hidden(element) and _is_article(element):
            element.attrib.pop("hidden", None)
            if (style := element.get("style")) is not None:
                element.set("style", _HIDDEN.sub("", style))
            found = True
    return found


def _is_hidden(element: HtmlElement) -> bool:
    style = element.get("style")
    return element.get("hidden") is not None or (style is not None and bool(_HIDDEN.search(style)))


def _is_article(element: HtmlElement) -> bool:
    if element.find(".//h1") is None:
        return False
    return sum(len(clean(each.text_content())) for each in element.iter("p")) >= _MEANT
