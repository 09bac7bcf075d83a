"""One post of a live blog as an object of JSON-LD tells it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from itertools import islice

from watcher.core.text import clean

MOST_POSTS = 2000
_LONGEST_KEY = 200
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,2000}>")
_BORDER = re.compile(
    r"</?(?:p|div|br|li|ul|ol|h[1-6]|blockquote|section|article|figure|figcaption|table|tr)\b"
    r"[^<>]{0,2000}>",
    re.IGNORECASE,
)
_UNREAD = re.compile(r"<(script|style)\b[^<>]{0,2000}>.{0,20000}?</\1>", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class LinkedPost:
    """A post: its key, the raw text of its time, its headline, and its text with line ends."""

    key: str
    told: str
    headline: str
    body: str


def linked_post(update: dict[str, object]) -> LinkedPost | None:
    """The post that an object under liveBlogUpdate tells, None for one without key or text."""
    told = _text(update.get("datePublished")) or _text(update.get("dateCreated"))
    headline = _text(update.get("headline"))
    key = _text(update.get("@id")) or _text(update.get("url")) or f"{told} {headline}".strip()
    body = update.get("articleBody") or update.get("text")
    raw = unescape(body) if isinstance(body, str) else ""
    if not key or not (headline or clean(raw)):
        return None
    return LinkedPost(key[:_LONGEST_KEY], told, headline, raw)


def linked_posts(updates: object) -> Iterator[LinkedPost]:
    """The posts in the value of a liveBlogUpdate, the first of each key."""
    seen: set[str] = set()
    for update in islice(updates if isinstance(updates, list) else [updates], MOST_POSTS):
        post = linked_post(update) if isinstance(update, dict) else None
        if post is not None and post.key not in seen:
            seen.add(post.key)
            yield post


def plain_text(body: str) -> str:
    """A text without its tags, if it is HTML: those that part paragraphs become line ends."""
    if not _TAG.search(body):
        return body
    return _TAG.sub("", _BORDER.sub("\n", _UNREAD.sub(" ", body)))


def _text(value: object) -> str:
    return clean(unescape(value)) if isinstance(value, str) else ""
