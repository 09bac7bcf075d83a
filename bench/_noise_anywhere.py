"""Mutations anywhere on a page: whether they are news is for the extraction to say, and whatever
it says is new must get past the fingerprint."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from random import Random

_END = re.compile(
    r"</(?:p|div|li|a|h2|h3|section|aside|footer|header|span|ul|form)>", re.IGNORECASE
)
_ELEMENT = re.compile(
    r"<(p|li|h2|h3|aside|footer|div|span|ul|time|table|figure|a|b|em)\b[^<>]*>[^<>]*</\1>",
    re.IGNORECASE,
)
# Tags that give text its form; others between blocks, such as section, say nothing.
_TAGS = ("p", "div", "li", "h2", "blockquote", "aside", "span", "del", "sup", "a", "q")
_TEXTS = (
    "Correction: an earlier version of this page gave a wrong number of boats.",
    "Updated at 14.05 with what the harbour office said.",
    "The harbour office said on Thursday that it would look into the matter once more, and that "
    "nobody should read too much into a delay that had been planned from the beginning.",
    "Old boats",
)


class Anywhere:
    """Makes seeded mutations of a page's body, wherever it may be."""

    def __init__(self, html: str) -> None:
        self._html = html
        body = re.search("<body", html, re.IGNORECASE)
        self._first = body.end() if body else 0

    def all(self, random: Random) -> Iterator[tuple[str, str, int]]:
        """Kind, mutated page and where in the source."""
        kinds: dict[str, Callable[[Random], tuple[str, int] | None]] = {
            "a new paragraph": lambda r: self._insert(r, "p"),
            "a new element": lambda r: self._insert(r, r.choice(_TAGS)),
            "a new linked text": lambda r: self._insert(
                r, r.choice(("p", "li", "div")), '<a href="/n">'
            ),
            "an element gone": self._remove,
            "another tag": self._rename,
            "two elements swapped": self._swap,
        }
        for kind, make in kinds.items():
            made = make(random)
            if made is not None and made[0] != self._html:
                yield kind, *made

    def _insert(self, random: Random, tag: str, link: str = "") -> tuple[str, int] | None:
        ends = [match.end() for match in _END.finditer(self._html, self._first)]
        if not ends:
            return None
        at = random.choice(ends)
        inside = f"{link}{random.choice(_TEXTS)}{'</a>' if link else ''}"
        return f"{self._html[:at]}<{tag}>{inside}</{tag}>{self._html[at:]}", at

    def _elements(self) -> list[re.Match[str]]:
        return [m for m in _ELEMENT.finditer(self._html, self._first) if re.search(r">.*\w", m[0])]

    def _remove(self, random: Random) -> tuple[str, int] | None:
        elements = self._elements()
        if not elements:
            return None
        match = random.choice(elements)
        return self._html[: match.start()] + self._html[match.end() :], match.start()

    def _rename(self, random: Random) -> tuple[str, int] | None:
        elements = self._elements()
        if not elements:
            return None
        match = random.choice(elements)
        name = random.choice([tag for tag in _TAGS if tag != match[1]])
        inside = match[0][1 + len(match[1]) : -len(match[1]) - 3]
        new = f"<{name}{inside}</{name}>"
        return self._html[: match.start()] + new + self._html[match.end() :], match.start()

    def _swap(self, random: Random) -> tuple[str, int] | None:
        elements = self._elements()
        if len(elements) < 2:
            return None
        one, other = sorted(random.sample(elements, 2), key=lambda match: match.start())
        html = self._html
        middle = html[one.end() : other.start()]
        return (
            f"{html[: one.start()]}{other[0]}{middle}{one[0]}{html[other.end() :]}",
            one.start(),
        )
