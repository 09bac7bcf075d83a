"""A change in two columns: the old version on the left, the new on the right."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby, zip_longest

from rich.cells import cell_len

from watcher.core.model import Edit
from watcher.render.labels import MARKS, Labels, for_reading, unchanged
from watcher.render.terminal import DIM, MOVED, heading, marked
from watcher.render.view import DiffView
from watcher.render.wrap import Styled, paint, wrap

_LEAST = 24

# A terminal that reorders right-to-left text takes spaces and bar between two such columns for
# part of one sentence, and swaps the columns; marks that write left to right keep them apart.
_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefe\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
_APART = "\u200e"


def to_columns(view: DiffView, width: int, *, colour: bool) -> str:
    """The change side by side in lines of at most `width` cells (24 at the least).

    Each paragraph stands beside what became of it; unchanged runs are folded.
    """
    width = max(width, _LEAST)
    half = (width - 3) // 2
    out = [
        paint(line, colour=colour) for part in heading(view, colour) for line in wrap(part, width)
    ]
    labels = Labels(view.change)
    for folded, run in groupby(view.change.edits, key=labels.is_folded):
        edits = list(run)
        if folded:
            note = [(DIM, f"… {unchanged(len(edits))}")]
            out += [paint(line, colour=colour) for line in wrap(note, width)]
            continue
        for edit in edits:
            if labels.note(edit):
                note = [(MOVED, labels.note(edit))]
                out += [paint(line, colour=colour) for line in wrap(note, width)]
            out += _row(edit, half, colour)
    return "".join(f"{line}\n" for line in out)


def _row(edit: Edit, half: int, colour: bool) -> Iterator[str]:
    left = wrap(_column(edit, -1, colour), half) if edit.old else []
    right = wrap(_column(edit, 1, colour), half) if edit.new else []
    middle = f" {MARKS[edit.op]} "
    empty: list[Styled] = []
    for one, other in zip_longest(left, right, fillvalue=empty):
        space = " " * (half - sum(cell_len(text) for _, text in one))
        apart = _APART if any(_RIGHT_TO_LEFT.search(text) for _, text in (*one, *other)) else ""
        cells = (paint(one, colour=colour), f"{space}{middle}", paint(other, colour=colour))
        yield apart + apart.join(cells).rstrip()
        middle = " | "


def _column(edit: Edit, which: int, colour: bool) -> list[Styled]:
    """One side of the word diff; a paragraph that stands alone needs no marks but its own."""
    if edit.op in ("insert", "delete") and not colour:
        return marked([(0, text) for _, text in edit.words], colour=False)
    return marked(
        [step for step in for_reading(edit.words) if step[0] in (0, which)], colour=colour
    )
