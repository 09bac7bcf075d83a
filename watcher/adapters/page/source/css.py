"""Elements of a page by CSS selector, in the fast parse."""

from __future__ import annotations

import threading
from collections.abc import Iterable

from selectolax.lexbor import LexborCSSSelector, LexborHTMLParser, LexborNode


class _Finders(threading.local):
    """One finder a thread: it keeps what it finds in itself while it looks."""

    def __init__(self) -> None:
        self.finder = LexborCSSSelector()  # type: ignore[no-untyped-call]


# Making one takes longer than most searches, and the library makes one for each page.
_FINDERS = _Finders()


def find(selector: str, node: LexborNode) -> list[LexborNode]:
    """The elements in a node, and the node itself, that a selector means, in page order."""
    return _FINDERS.finder.find(selector, node)


def tag_ids(tags: Iterable[str]) -> dict[str, int]:
    """The parser's numbers of tags that HTML knows: the same in all pages."""
    page = LexborHTMLParser("")
    return {tag: page.create_node(tag).tag_id for tag in tags}
