"""Text inside quotation marks of any style, also nested and over several paragraphs."""

from __future__ import annotations

import re
from typing import NamedTuple

# Marks that open and what closes them. Some close in one language what they open in another
# („…“ German, “…” English; »…« German, «…» French), so that the opening mark decides.
_CLOSING = {
    "“": "”", "„": "“”", "«": "»", "»": "«", "‟": "”", "「": "」", "『": "』", "《": "》",
    "‹": "›", "›": "‹",    '"': '"', "‘": "’", "‚": "‘’", "'": "'", "＂": "＂", "”": "”",
}  # fmt: skip
_MARK = re.compile("[“”„«»‟「」『』《》‹›\"‘’‚'＂\n]")
_APOSTROPHES = frozenset("'’‘")
# A quotation that does not close within so many characters, or paragraphs, is a stray mark.
_LONGEST = 3000
_MOST_PARAGRAPHS = 8


class Quotation(NamedTuple):
    """The text between a pair of marks: `start` to `end` without the marks."""

    start: int
    end: int


def quotations(text: str) -> list[Quotation]:
    """The quotations of a text in order, outer ones only.

    One that is not closed at the end of a paragraph goes on where the next begins with an opening
    mark, as English sets them; else the mark is a stray one. Apostrophes are none.
    """
    found: list[Quotation] = []
    opened: tuple[str, int] | None = None
    pieces: list[Quotation] = []
    for match in _MARK.finditer(text):
        mark, at = match.group(), match.start()
        if opened is None:
            if mark != "\n" and mark in _CLOSING and _may_open(text, at, mark):
                opened, pieces = (mark, at + 1), []
            continue
        closing = _CLOSING[opened[0]]
        if mark == "\n":
            goes_on = text[at + 1 : at + 2] == opened[0] and len(pieces) < _MOST_PARAGRAPHS
            pieces.append(Quotation(opened[1], at))
            if goes_on:
                opened = (opened[0], at + 2)
                continue
            opened = None
        elif at - opened[1] > _LONGEST:
            opened = (mark, at + 1) if mark in _CLOSING and _may_open(text, at, mark) else None
            pieces = []
        elif mark in closing and at > opened[1] - 1 and _may_close(text, at, mark, opened[1]):
            found += [
                piece for piece in (*pieces, Quotation(opened[1], at)) if piece.start < piece.end
            ]
            opened, pieces = None, []
    return found


def _may_open(text: str, at: int, mark: str) -> bool:
    before = text[at - 1 : at]
    after = text[at + 1 : at + 2]
    if not after or (after.isspace() and mark not in "«‹"):
        return False
    if mark in _APOSTROPHES:
        return (not before or not before.isalnum()) and mark != "’"
    if mark in "”":
        return not before or before.isspace()
    if mark == '"':
        return not before or not before.isalnum() or not before.isascii()
    return True


def _may_close(text: str, at: int, mark: str, start: int) -> bool:
    after = text[at + 1 : at + 2]
    if mark in _APOSTROPHES:
        return not after.isalnum() and at > start
    return True
