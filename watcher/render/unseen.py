"""Makes visible what changed where old and new look the same to the eye."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from itertools import groupby

import regex

from watcher.core.model import Word

# The abbreviations of Unicode's NameAliases.txt; whatever has none is told by its number.
_NAMES = {
    " ": "SP", "\t": "TAB", "\u00a0": "NBSP", "\u00ad": "SHY", "\u034f": "CGJ", "\u061c": "ALM",
    "\u200b": "ZWSP", "\u200c": "ZWNJ", "\u200d": "ZWJ", "\u200e": "LRM", "\u200f": "RLM",
    "\u202a": "LRE", "\u202b": "RLE", "\u202c": "PDF", "\u202d": "LRO", "\u202e": "RLO",
    "\u202f": "NNBSP", "\u205f": "MMSP", "\u2060": "WJ", "\u2066": "LRI", "\u2067": "RLI",
    "\u2068": "FSI", "\u2069": "PDI", "\ufe0e": "VS15", "\ufe0f": "VS16", "\ufeff": "ZWNBSP",
}  # fmt: skip

# What shows nothing, or nothing but a gap that could be another one.
_HIDDEN = regex.compile(r"[\p{Default_Ignorable_Code_Point}\p{Cc}]")
_SPACES = regex.compile(r"\s+")


def made_visible(steps: Iterable[Word]) -> list[Word]:
    """A word diff for reading: a character that cannot be seen is named, as <NBSP> or <U+2009>,
    where something that looks the same replaced it, or where nothing else came or went."""
    out: list[Word] = []
    for is_same, run in groupby(steps, key=lambda step: step[0] == 0):
        part = list(run)
        out += part if is_same else _named(part)
    return out


def look_alike(old: str, new: str) -> bool:
    """Whether two texts that differ look the same: hidden characters, the width of gaps and the
    Unicode form aside."""
    return old != new and _look(old) == _look(new)


def seen_apart(old: str, new: str) -> tuple[str, str]:
    """Two texts as they are shown side by side: with what is hidden named if they look alike."""
    if not look_alike(old, new):
        return old, new
    return _spelled(old, new), _spelled(new, old)


def _named(changed: Sequence[Word]) -> Sequence[Word]:
    old, new = ("".join(text for op, text in changed if op == which) for which in (-1, 1))
    if not look_alike(old, new) or {old, new} <= {"", " ", "\n"}:
        return changed
    return [(op, _spelled(text, new if op < 0 else old)) for op, text in changed]


def _look(text: str) -> str:
    shown = _HIDDEN.sub("", _SPACES.sub(" ", unicodedata.normalize("NFC", text)))
    return shown.strip()


def _spelled(text: str, other: str) -> str:
    spaces_too = not text.strip()
    return "".join(_name(sign) if _is_telling(sign, other, spaces_too) else sign for sign in text)


def _is_telling(sign: str, other: str, spaces_too: bool) -> bool:
    if sign == "\n":
        return False
    if sign == " ":
        return spaces_too
    return bool(sign.isspace() or _HIDDEN.match(sign)) or (not sign.isascii() and sign not in other)


def _name(sign: str) -> str:
    return f"<{_NAMES.get(sign) or f'U+{ord(sign):04X}'}>"
