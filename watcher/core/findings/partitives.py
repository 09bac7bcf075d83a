"""Figures that are part of another one: "twelve people, including three children"."""

from __future__ import annotations

from collections.abc import Sequence

from watcher.core.findings.lexemes import Lexeme

# What stands right before such a figure, in the languages of the word lists.
_BEFORE = frozenset(
    ["including", "include", "includes", "included", "darunter", "einschließlich", "dont",
     "incluidos", "incluidas", "incluyendo", "incluindo", "incluso", "inclusi", "compresi",
     "waaronder", "включая", "aralarında"]
)  # fmt: skip
_TWO_BEFORE = frozenset(
    [("among", "them"), ("entre", "ellos"), ("entre", "ellas"), ("entre", "eles"),
     ("tra", "cui"), ("fra", "cui"), ("parmi", "eux"), ("unter", "ihnen"), ("w", "tym"),
     ("том", "числе"), ("onder", "wie")]
)  # fmt: skip
# "Four of them children": what stands right behind.
_BEHIND = frozenset(
    [("of", "them"), ("of", "whom"), ("von", "ihnen"), ("de", "ellos"), ("d'entre", "eux"),
     ("di", "loro"), ("из", "них"), ("z", "nich"), ("van", "hen")]
)  # fmt: skip

# What sets off an aside, with what closes it.
_SETTING_OFF = {",": ",", "(": ")", "–": "–", "—": "—"}


def is_part(line: Sequence[Lexeme], first: int, after: int) -> bool:
    """Whether the figure from index `first` to before `after` counts some of those counted before:
    what became of the whole is no word about how many the whole are."""
    two = tuple(each.folded for each in line[max(0, first - 2) : first])
    behind = tuple(each.folded for each in line[after : after + 2])
    return (two != () and two[-1] in _BEFORE) or two in _TWO_BEFORE or behind in _BEHIND


def without_aside(line: Sequence[Lexeme], first: int, after: int) -> Sequence[int]:
    """The indexes from `first` to before `after` without an aside about a part: what stands in
    "twelve people, including three children, were killed" between the figure and what became of
    them."""
    opening = next((at for at in range(first, after) if line[at].text in _SETTING_OFF), after)
    told = tuple(each.folded for each in line[opening + 1 : opening + 4])
    tells = (told != () and told[0] in _BEFORE) or told[:2] in _TWO_BEFORE
    if not tells and told[1:] not in _BEHIND:  # "three of them children"
        return range(first, after)
    closing = _SETTING_OFF[line[opening].text]
    end = next((at for at in range(opening + 1, after) if line[at].text == closing), None)
    if end is None:
        return range(first, after)
    return (*range(first, opening), *range(end + 1, after))
