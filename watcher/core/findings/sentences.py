"""Where sentences begin and end in a paragraph, in any language."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

# The end of a sentence with what closes behind it. A full stop ends one only before a space and
# something that can begin a sentence; in scripts without spaces the mark alone does.
_END = re.compile(
    r"(?<![.!?…؟۔।॥])[.!?…؟۔।॥]++[\"'”’»“)\]]*+"
    r"(?=\s++[\"'“‘„«¿¡(\[—–-]*+\s*+(?:[^\W_a-zß-öø-ÿа-я]|$))"
    r"|[。！？｡]++[”’」』）\"]*+"
    r"|\n"
)
# "Dr.", "U.S.", "No.", an initial: a full stop that shortens a word.
_SHORT = re.compile(
    r"(?:^|[\s(\[\"'“‘„«])(?:[^\W\d_]|[^\W\d_](?:\.[^\W\d_])+|mr|mrs|ms|dr|prof|sen|rep|gov|gen|lt"
    r"|col|sgt|capt|cmdr|st|mt|no|nr|vs|jr|sr|hon|rev|inc|ltd|co|corp|ave|dept|approx|est|fig|ca"
    r"|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|mme|mlle|hr|bzw|usw|etc)$",
    re.IGNORECASE,
)
_LONGEST_SHORT = 12


class Stretch(NamedTuple):
    """A piece of a text, end exclusive."""

    start: int
    end: int


def sentences(text: str) -> list[Stretch]:
    """The sentences of a text in order, without the space between them. A line feed ends one."""
    found: list[Stretch] = []
    start = 0
    for match in _END.finditer(text):
        stop = match.start()
        if text[stop] == "." and match.group() == ".":
            if _SHORT.search(text[max(start, stop - _LONGEST_SHORT) : stop]):
                continue
            if text[stop - 1 : stop].isdigit() and _is_ordinal(text, start, stop, match.end()):
                continue
        _add(found, text, start, match.end())
        start = match.end()
    _add(found, text, start, len(text))
    return found


def _is_ordinal(text: str, start: int, stop: int, after: int) -> bool:
    """Whether a number with a full stop begins a date or counts ("am 3. Mai", "1. Wash …")."""
    digits = stop
    while digits > start and text[digits - 1].isdigit():
        digits -= 1
    return (
        stop - digits <= 2
        and text[after : after + 2].strip()[:1].isalpha()
        and (digits == start or not text[start:digits].strip() or text[digits - 1] == " ")
    )


def _add(found: list[Stretch], text: str, start: int, end: int) -> None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        found.append(Stretch(start, end))


def touched(spans: Sequence[Stretch], start: int, end: int) -> list[Stretch]:
    """Those of `spans` that share a character with `start`–`end`, or hold an empty one."""
    return [
        each
        for each in spans
        if (each.start < end and start < each.end)
        or (start == end and each.start <= start <= each.end)
    ]
