"""The corrections that a page's JSON-LD tells of its article: schema.org's `correction`.

Some publishers put them there and show them nowhere, or show them in words that say nothing of a
correction. What the page shows as a notice itself is told once.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from watcher.adapters.page.linked.linkedposts import plain_text
from watcher.adapters.page.text.prose import letters
from watcher.adapters.page.times.isotime import iso_time
from watcher.core.model import Notice, NoticeKind, Paragraph
from watcher.core.text import as_shown, clean

_TYPE = "correctioncomment"
_KEYS = ("correction", "corrections")
_TEXTS = ("text", "commentText", "description", "articleBody", "abstract", "name", "headline")
_DATES = ("datePublished", "dateCreated", "dateModified")
_MOST = 20
_LONGEST = 1500
# Letters from which a text does not stand in another by chance.
_TELLING = 16


class LinkedCorrection(NamedTuple):
    """A correction: its text as a reader would see it, and the day that it gives, or ""."""

    text: str
    day: str

    @property
    def told(self) -> str:
        """The text, with its day unless it names it itself."""
        return f"{self.text} ({self.day})" if self.day and self.day not in self.text else self.text


def is_correction(types: Iterable[str]) -> bool:
    """Whether an object with such types, in lower case, is a CorrectionComment."""
    return _TYPE in types


class Corrections:
    """The objects of a page that are corrections, and which of them articles have named theirs."""

    def __init__(self, comments: Iterable[Mapping[str, object]]) -> None:
        self._comments = list(comments)
        self._by_name = {str(node["@id"]): node for node in self._comments if "@id" in node}
        self._taken: set[int] = set()

    def of(self, node: Mapping[str, object]) -> Iterator[LinkedCorrection]:
        """The corrections of an article's object: texts or objects, one or a list, in its own
        words or by their `@id`, or comments of that type."""
        values = [value for key in _KEYS for value in _listed(node.get(key))]
        values += [value for value in _listed(node.get("comment")) if _is_one(value)]
        for value in islice(values, _MOST):
            named = self._by_name.get(str(value.get("@id"))) if isinstance(value, dict) else None
            told = value if named is None or _text(value) else named
            self._taken.update((id(value), id(named)))
            if (found := read_correction(told)) is not None:
                yield found

    def loose(self) -> Iterator[LinkedCorrection]:
        """Those that no article named: they stand beside it."""
        loose = (node for node in self._comments if id(node) not in self._taken)
        yield from filter(None, map(read_correction, islice(loose, _MOST)))


def read_correction(value: object) -> LinkedCorrection | None:
    """The correction that a value tells, None for an address or nothing."""
    text = _text(value)
    if not text or len(text) > _LONGEST or (" " not in text and text.isascii()):
        return None
    dates = [value.get(key) for key in _DATES] if isinstance(value, Mapping) else []
    times = (iso_time(clean(date)) for date in dates if isinstance(date, str))
    return LinkedCorrection(text, next(filter(None, times), "")[:10])


def corrections_beside(
    corrections: Iterable[LinkedCorrection],
    shown: Sequence[Notice],
    paragraphs: Sequence[Paragraph],
    find: Callable[[Sequence[tuple[str, str]]], tuple[Notice, ...]],
) -> Iterator[Notice]:
    """The notices that the corrections make beside those that the page shows.

    One that stands in a paragraph is told with its place and in its words.
    """
    seen = [letters(notice.text) for notice in shown]
    for correction in corrections:
        own = letters(correction.text)
        if any(_are_one(own, other) for other in seen):
            continue
        seen.append(own)
        kinds = (notice.kind for notice in find([("paragraph", correction.text)]))
        kind: NoticeKind = next(kinds, "correction")
        told = [letters(paragraph.text) for paragraph in paragraphs]
        place = next((at for at, text in enumerate(told) if _are_one(own, text)), None)
        yield Notice(kind, correction.told if place is None else paragraphs[place].text, place)


def _are_one(one: str, other: str) -> bool:
    if min(len(one), len(other)) < _TELLING:
        return one == other
    return one in other or other in one


def _is_one(value: object) -> bool:
    kinds = _listed(value.get("@type")) if isinstance(value, dict) else []
    return any(isinstance(kind, str) and kind.lower().endswith(_TYPE) for kind in kinds)


def _text(value: object) -> str:
    if isinstance(value, str):
        return as_shown(" ".join(plain_text(html.unescape(value)).split()))
    if isinstance(value, Mapping):
        told = (value.get(key) for key in _TEXTS)
        return next((text for raw in told if isinstance(raw, str) and (text := _text(raw))), "")
    return ""


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]
