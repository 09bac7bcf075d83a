"""Elements of a page by CSS selector, in the fast parse."""

from __future__ import annotations

import threading

from selectolax.lexbor import LexborCSSSelector, LexborNode


class _Finders(threading.local):
    """One finder a thread: it keeps what it finds in itself while it looks."""

    def __init__(self) -> None:
        self.finder = LexborCSSSelector()  # type: ignore[no-untyped-call]


# Making one takes longer than most searches, and the library makes one for each page.
_FINDERS = _Finders()


def find(selector: str, node: LexborNode) -> list[LexborNode]:
    """The elements in a node, and the node itself, that a selector means, in page order."""
    return _FINDERS.finder.find(selector, node)
