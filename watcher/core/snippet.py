"""The part of a text that shows why it was found."""

from __future__ import annotations

from collections.abc import Sequence

Piece = tuple[bool, str]
"""Whether it is what was meant, and the text."""

Span = tuple[int, int]

AROUND = 60
MOST = 300
"""Characters shown on either side of what was meant, and in all; about four lines."""

CUT = "…"


def snippet(text: str, marks: Sequence[Span]) -> list[Piece]:
    """The words around the spans `marks`, as many as fit; all of a text that is short.

    Where something is left out there is an ellipsis. Without a mark it is the beginning.
    """
    if len(text) <= MOST:
        return _pieces(text, marks, (0, len(text)))
    out: list[Piece] = []
    last = 0
    for start, end in _parts(text, marks or [(0, 0)]):
        if start > last:
            out.append((False, f" {CUT} " if out else f"{CUT} "))
        out += _pieces(text, marks, (start, end))
        last = end
    if last < len(text):
        out.append((False, f" {CUT}"))
    return out


def _parts(text: str, marks: Sequence[Span]) -> list[Span]:
    """Stretches around the marks that are whole words, the first ones that fit."""
    parts: list[Span] = []
    left = MOST
    for start, end in marks:
        begin = _word_start(text, start - AROUND)
        stop = _word_end(text, min(end, start + MOST) + AROUND)
        if parts and begin <= parts[-1][1]:
            begin, stop = parts[-1][0], max(stop, parts[-1][1])
            left += parts[-1][1] - parts.pop()[0]
        if parts and stop - begin > left:
            break
        parts.append((begin, stop))
        left -= stop - begin
    return parts


def _word_start(text: str, at: int) -> int:
    if at <= 0:
        return 0
    space = text.find(" ", at, at + AROUND // 2)
    return at if space < 0 else space + 1


def _word_end(text: str, at: int) -> int:
    if at >= len(text):
        return len(text)
    space = text.rfind(" ", at - AROUND // 2, at)
    return at if space < 0 else space


def _pieces(text: str, marks: Sequence[Span], part: Span) -> list[Piece]:
    out: list[Piece] = []
    at, stop = part
    for whole in marks:
        start, end = max(whole[0], at), min(whole[1], stop)
        if start >= end:
            continue
        if start > at:
            out.append((False, text[at:start]))
        out.append((True, text[start:end]))
        at = end
    if at < stop:
        out.append((False, text[at:stop]))
    return out
