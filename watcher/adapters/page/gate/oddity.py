"""Pages that could hold up the fast parse, and so the service."""

from __future__ import annotations

from collections.abc import Iterator

# The parser takes quadratic time for deep nesting (10,000 nested tags: up to half a second on
# a slow machine) and for the attributes of one tag (a nanosecond for each pair). It runs without
# a time limit, unlike the full extraction. News pages stay below these numbers, save for one in
# a hundred, which then costs a full extraction at each poll.
_MOST_TAGS = 10_000
_MOST_PAIRS = 100_000_000
# Attributes of different names take three bytes and more, so tags no longer than _long() cannot
# hold enough pairs together, however many there are.
_SHORTEST = 3
_LEAST_LONG, _MOST_LONG = 500, 10_000


# Nested boxes repeat their text. No page that we saw has a tenth of this, all boxes together.
_MOST_TEXT = 5_000_000


class OddPage(Exception):
    """The fast parse would take too long for this page."""


class Allowance:
    """How much text of a page may still be looked at."""

    __slots__ = ("_left",)

    def __init__(self) -> None:
        self._left = _MOST_TEXT

    def spend(self, text: str) -> str:
        """`text` itself. Raises OddPage if it is more than is left."""
        self._left -= len(text)
        if self._left < 0:
            raise OddPage
        return text


def is_odd(body: bytes) -> bool:
    """True for a page that could take the fast parse much longer than its size tells."""
    # up to Python 3.12 counting a byte takes longer than leaving it out
    if len(body) - len(body.replace(b"<", b"", _MOST_TAGS + 1)) > _MOST_TAGS:
        return True
    long = list(_long_tags(body, _long(len(body))))
    if sum((end - start) ** 2 for start, end in long) <= _SHORTEST**2 * _MOST_PAIRS:
        return False
    return sum(_most_attributes(body[start:end]) ** 2 for start, end in long) > _MOST_PAIRS


def _long(size: int) -> int:
    """Length from which tags of a page of this size are looked at one by one."""
    return min(max(_SHORTEST**2 * _MOST_PAIRS // (size + 1), _LEAST_LONG), _MOST_LONG)


def _long_tags(body: bytes, length: int) -> Iterator[tuple[int, int]]:
    """What may be a long tag: scripts without a ">" look like one too, but have few spaces."""
    for start, end in _long_gaps(body, length):
        at = body.find(b"<", start, end - length)
        while at >= 0 and not body[at + 1 : at + 2].isalpha():
            at = body.find(b"<", at + 1, end - length)
        if at >= 0:
            yield at, end


def _most_attributes(tag: bytes) -> int:
    """No tag has more: one begins after white space, a slash or the value of another."""
    return len(tag.split()) + tag.count(b"/") + tag.count(b"=")


def _long_gaps(body: bytes, length: int) -> Iterator[tuple[int, int]]:
    """Every stretch without ">" in which a long tag has room."""
    start = 0
    while start + length < len(body):
        # all stretches that end up to there are shorter
        at = body.rfind(b">", start, start + length)
        if at < 0:
            at = body.find(b">", start + length)
            at = len(body) if at < 0 else at
            yield start, at
        start = at + 1
