"""Wraps styled text by the cells it takes on a terminal, never inside a grapheme."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from rich.cells import cell_len, split_graphemes

from watcher.core.tokens import tokens

Styled = tuple[str, str]
"""A style ("" for none; else the parameters of an SGR sequence) and a text."""

GLUE, GAP = "\u2060", "\u200b"
"""Word joiner and zero-width space: no line ends beside the one, one may end at the other. Both
are heeded and left out."""

# Lines end and begin after Unicode Standard Annex #14, in so far as prose needs it.
_NEVER_FIRST = frozenset(
    ".,;:!?…)]}»”’%‰°、。，．！？：；）］｝」』】〕》〉〗・ー々〻〜％ゝゞヽヾ"
    "ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶー،؛؟।॥"
)
_NEVER_LAST = frozenset("([{«“‘„¿¡（［｛「『【〔《〈〖＄￥＃")
_NO_BREAK_SPACES = frozenset("\u00a0\u2007\u202f")
_CONTROLS = re.compile(f"([{GLUE}{GAP}])")
_JOINER = "\u200d"
_SPACELESS = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")


class _Piece(NamedTuple):
    """A token; `before` is GLUE, GAP or "", what stands between it and the one before."""

    style: str
    text: str
    before: str


def wrap(pieces: Iterable[Styled], width: int) -> list[list[Styled]]:
    """Lines of at most `width` cells (at least 2). Spaces at a break are dropped; "\\n" breaks."""
    width = max(width, 2)
    lines: list[list[Styled]] = [[]]
    used = 0
    spaces: list[_Piece] = []
    for kind, chunk in _chunks(list(_pieces(pieces))):
        size = _cells(chunk)
        if kind == "break":
            lines.append([])
            used, spaces = 0, []
        elif kind == "space":
            spaces += chunk
        else:
            gap = _cells(spaces)
            if used and used + gap + size > width:
                lines.append([])
                used = 0
            elif used:
                lines[-1] += [(each.style, each.text) for each in spaces]
                used += gap
            spaces = []
            for unit in [chunk] if size <= width else _units(chunk, width):
                cells = _cells(unit)
                if used and used + cells > width:
                    lines.append([])
                    used = 0
                lines[-1] += [(each.style, each.text) for each in unit]
                used += cells
    return lines


def paint(line: Iterable[Styled], *, colour: bool) -> str:
    """A wrapped line as text, with SGR sequences if `colour`."""
    out: list[str] = []
    last = ""
    for style, text in line:
        if colour and style != last:
            out.append("\x1b[0m" if last else "")
            out.append(f"\x1b[{style}m" if style else "")
            last = style
        out.append(text)
    return "".join(out) + ("\x1b[0m" if last else "")


def _cells(pieces: Iterable[_Piece]) -> int:
    return sum(_width(piece.text) for piece in pieces)


def _width(text: str) -> int:
    # A joiner that has lost what it joins to hides nothing: rich would count the rest as hidden.
    return max(cell_len(text), cell_len(text.lstrip(_JOINER)))


def _pieces(pieces: Iterable[Styled]) -> Iterator[_Piece]:
    between = ""
    for style, text in pieces:
        for part in _CONTROLS.split(text):
            if part in (GLUE, GAP):
                between = GLUE if between == GLUE else part
                continue
            for token in tokens(part):
                yield _Piece(style, token, between)
                between = ""


def _chunks(pieces: list[_Piece]) -> Iterator[tuple[str, list[_Piece]]]:
    """Unbreakable chunks: words with their marks, single wide characters, spaces, breaks."""
    word: list[_Piece] = []
    for piece, following in pairwise([*pieces, _Piece("", "", "")]):
        kind = "word"
        if "\n" in piece.text:
            kind = "break"
        elif piece.text.isspace() and GLUE not in (piece.before, following.before):
            kind = "word" if _NO_BREAK_SPACES & {*piece.text} else "space"
        if word and (kind != "word" or _may_break(word[-1].text, piece)):
            yield "word", word
            word = []
        if kind == "word":
            word.append(piece)
        else:
            yield kind, [piece]
    if word:
        yield "word", word


def _may_break(before: str, piece: _Piece) -> bool:
    """Scripts without spaces: a line may end after any of their characters, or cluster of them."""
    if piece.before:
        return piece.before == GAP
    after = piece.text
    if after[0] in _NEVER_FIRST or before[-1] in _NEVER_LAST or after.isspace():
        return False
    if before[-1] == "—" or _is_spaceless(after):
        return not before.isspace()
    return _is_spaceless(before) and (after[0].isalnum() or after[0] in _NEVER_LAST)


def _is_spaceless(token: str) -> bool:
    if token.isascii():
        return False
    return cell_len(token[0]) == 2 or _SPACELESS.match(token) is not None


def _units(chunk: Iterable[_Piece], width: int) -> Iterator[list[_Piece]]:
    """What a word that is too long for a line is cut into: graphemes, glued ones together."""
    unit: list[_Piece] = []
    for piece in chunk:
        spans, _ = split_graphemes(piece.text)
        for number, (start, end, _) in enumerate(spans):
            grapheme = _Piece(piece.style, piece.text[start:end], "")
            glued = number == 0 and piece.before == GLUE
            if unit and not (glued and _cells(unit) + _width(grapheme.text) <= width):
                yield unit
                unit = []
            unit.append(grapheme)
    if unit:
        yield unit
