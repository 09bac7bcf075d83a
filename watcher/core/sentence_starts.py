"""Where sentences begin in a paragraph, and where the words of a text do."""

from __future__ import annotations

import re
from collections.abc import Iterator

# What typists put before a notice: bullets, dashes, stars of an italic type, rules.
_ORNAMENT = re.compile(r"[\s*_#>•·\-–—|~†‡▪■►▶+/=※◆●★☆:]*")
# A sentence's end; closing quotes belong to it. It begins with a set, which is what re finds fast.
_STOPS = re.compile(r"[.!?…。！？।؟][.!?…。！？।؟]*[)\]\"'”’»*_」』）]*(\s*)")


def content_at(text: str, at: int) -> int:
    """Where the words begin, from a place on: behind bullets, dashes and colons."""
    ornament = _ORNAMENT.match(text, at)
    return ornament.end() if ornament else at


def sentence_end(text: str, at: int, end: int) -> int:
    """Where the sentence ends in which a place is."""
    return next(sentence_starts(text, at, end), end)


def sentence_starts(text: str, begin: int, end: int) -> Iterator[int]:
    """Where sentences begin between two places."""
    for match in _STOPS.finditer(text, begin, end):
        at, start = match.start(), match.end()
        if start == end or not (match[1] or text[at] in "。！？"):
            continue
        if text[at] == "." and _ends_initial(text, at):
            continue
        if not text[start].isalnum():
            start = content_at(text, start)
        if start < end and not text[start].islower():
            yield start


def _ends_initial(text: str, at: int) -> bool:
    """True if a full stop belongs to a letter that stands alone: "p.m.", "J. Smith"."""
    return text[at - 1 : at].isalpha() and not text[max(at - 2, 0) : at - 1].isalnum()
