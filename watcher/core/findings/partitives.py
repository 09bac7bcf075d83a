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


def is_part(line: Sequence[Lexeme], first: int, after: int) -> bool:
    """Whether the figure from index `first` to before `after` counts some of those counted before:
    what became of the whole is no word about how many the whole are."""
    two = tuple(each.folded for each in line[max(0, first - 2) : first])
    behind = tuple(each.folded for each in line[after : after + 2])
    return (two != () and two[-1] in _BEFORE) or two in _TWO_BEFORE or behind in _BEHIND
