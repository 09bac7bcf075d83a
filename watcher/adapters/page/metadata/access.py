"""Free or paywalled, as a page says of itself."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from watcher.adapters.page.linked.jsonld import LinkedArticle

Access = Literal["free", "paywalled"]

_YES = frozenset(("true", "1", "yes", "y"))
_NO = frozenset(("false", "0", "no", "n"))
_FREE_WORDS = frozenset(("free", "open", "public", "unlocked", "gratis", "frei"))
# A metered page can be read until the meter is full: its publisher marks it as not free, too.
_PAID_WORDS = frozenset((
    "paid", "locked", "metered", "premium", "subscriber", "subscribers", "subscription", "plus",
    "hard", "paywall", "paywalled", "restricted",
))  # fmt: skip
_FREE_IF_TRUE = frozenset(("isaccessibleforfree",))


def linked_access(articles: Iterable[LinkedArticle]) -> tuple[Access | None, str]:
    """What JSON-LD says of access, and the text that says it.

    An article's word on itself goes before that on its parts: one part that is not free
    (`hasPart` with a `cssSelector`) makes an article paywalled that says nothing of itself.
    """
    articles = tuple(articles)
    for article in articles:
        if article.access in _NO:
            return "paywalled", article.access or ""
        if article.access in _YES:
            return "free", article.access or ""
    for article in articles:
        for text in article.part_access:
            if text in _NO:
                return "paywalled", text
    return None, ""


def marked_access(key: str, text: str) -> Access | None:
    """What the value of a meta key of ACCESS_KEYS says, None if it is not known."""
    word = text.strip().lower()
    if word in _FREE_WORDS:
        return "free"
    if word in _PAID_WORDS:
        return "paywalled"
    if word in _YES:
        return "free" if key in _FREE_IF_TRUE else "paywalled"
    if word in _NO:
        return "paywalled" if key in _FREE_IF_TRUE else "free"
    return None
