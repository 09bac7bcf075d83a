"""What inline elements make of their text: figures at another height, texts that are not seen."""

from __future__ import annotations

import re
from functools import lru_cache

from lxml.html import HtmlElement

from watcher.core.text import clean

UNSEEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|clip\s*:\s*rect\(0|clip-path\s*:\s*inset\(50%"
)
"""A style by which an element is not shown."""
# For those who listen to a page: "opens in a new tab"; what opens over a word that is pointed at.
_UNSEEN_SPAN = re.compile(
    r"\b(?:sr-only|visually-?hidden|screen-?reader|a11y|assistive)|hidden-text"
    r"|(?:tool-?tip|pop-?over|hover-?card|roll-?over)[\w-]*(?:text|content|box|body|block|card)\b",
    re.IGNORECASE,
)
_SUPERSCRIPT = str.maketrans("0123456789+-−()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁽⁾")
_SUBSCRIPT = str.maketrans("0123456789+-−()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₍₎")
_PERMALINKS = frozenset(("#", "¶", "§", "🔗", "↩", "↩︎", "↑", "⤴"))
_SCRIPT = frozenset("0123456789+-−")


def is_permalink(link: HtmlElement) -> bool:
    """True for a sign behind a heading that leads to the heading itself, or back to a note."""
    return (link.text or "").strip() in _PERMALINKS and (link.get("href") or "").startswith("#")


def is_unseen(span: HtmlElement) -> bool:
    """True for a span that no reader sees among the text around it."""
    names, style = span.get("class"), span.get("style")
    return bool((names and _is_named_unseen(names)) or (style and UNSEEN.search(style)))


# pages give few names to many spans
@lru_cache(maxsize=1024)
def _is_named_unseen(names: str) -> bool:
    return _UNSEEN_SPAN.search(names) is not None


def at_height(element: HtmlElement, tag: str) -> str | None:
    """The raised or lowered figures of an element `sup` or `sub`; None where it holds others."""
    text = clean("".join(element.itertext()))
    if not text or not _SCRIPT.issuperset(text):
        return None
    return text.translate(_SUPERSCRIPT if tag == "sup" else _SUBSCRIPT)


def is_parted(before: str, span: HtmlElement, text: str) -> bool:
    """True where a word and a figure in spans of their own touch, as a style alone parts them.

    `before` is what stands before the span, which begins with `text`.
    """
    last = before[-1:]
    # not in "2nd" or "3D"
    if not (last.isalpha() and text[0].isdigit()) and not (
        last.isdigit() and len(text) > 2 and text[:3].isalpha()
    ):
        return False
    other = span.getprevious()
    return other is not None and other.tag == "span" and not other.tail
