"""Scripts without spaces, prepared for an index of words."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass

import regex

# Thai, Lao, Myanmar, Khmer; radicals, kana and Han, also half-width and beyond the first plane.
# Not Hangul, which is written with spaces.
_LETTERS = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3038-\u303b"
    "\u3040-\u30fa\u30fc-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f"
    "\U00020000-\U0003ffff"
)
_ANY = re.compile(f"[{_LETTERS}]")
_ONE = regex.compile(rf"[{_LETTERS}]\p{{M}}*")


@dataclass(frozen=True, slots=True)
class Spaced:
    """A text in which a space parts the letters of scripts without spaces.

    An index that takes what stands between spaces for a word then finds any run of such letters
    as a phrase of them, as a search for a part of the text would. `cuts` are the places in `text`
    of the spaces that were put in, in order.
    """

    text: str
    cuts: tuple[int, ...]

    def place(self, at: int) -> int:
        """The place in the text as it was of a place in this one."""
        return at - bisect_left(self.cuts, at)


def spaced(text: str) -> Spaced:
    """`text` with spaces around each letter of such scripts, with the marks that belong to it."""
    if _ANY.search(text) is None:
        return Spaced(text, ())
    parts: list[str] = []
    cuts: list[int] = []
    size = last = 0
    for found in _ONE.finditer(text):
        for at in dict.fromkeys((found.start(), found.end())):
            if at == last or at == len(text) or text[at - 1].isspace() or text[at].isspace():
                continue
            piece = text[last:at]
            cuts.append(size + len(piece))
            parts += (piece, " ")
            size += len(piece) + 1
            last = at
    parts.append(text[last:])
    return Spaced("".join(parts), tuple(cuts))
