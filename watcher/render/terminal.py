"""A change as terminal text: unified by paragraph, unchanged runs folded."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby

from watcher.core.compare import describe
from watcher.core.model import Change, Edit, Word
from watcher.core.text import printable
from watcher.render.labels import (
    MARKS,
    Labels,
    for_reading,
    link_name,
    notice_name,
    told_apart,
    unchanged,
    versions,
    window,
)
from watcher.render.meaning import not_looked_for, rest, shown, told_first
from watcher.render.unseen import seen_apart
from watcher.render.view import DiffView
from watcher.render.wrap import GAP, GLUE, Styled, paint, wrap

# SGR parameters. Struck and underlined as well, for those who do not tell red from green.
GONE, NEW, BOLD, DIM, MOVED = "31;9", "32;4", "1", "2", "36"

# Where page text could be taken for a mark: before the second of its two signs.
_AMBIGUOUS = re.compile(r"(?<=\[)\\*(?=-)|(?<=-)\\*(?=\])|(?<=\{)\\*(?=\+)|(?<=\+)\\*(?=\})")


def to_terminal(view: DiffView, width: int, *, colour: bool) -> str:
    """The change in lines of at most `width` cells, each ended by a line feed.

    Without colour, words are marked [-gone-] and {+new+}. Page text comes out without
    control characters.
    """
    out = [
        paint(line, colour=colour) for part in heading(view, colour) for line in wrap(part, width)
    ]
    sides = (view.before.snapshot.paragraphs, view.after.snapshot.paragraphs)
    gutter = len(str(max(map(len, sides))))
    labels = Labels(view.change)
    for folded, run in groupby(view.change.edits, key=labels.is_folded):
        edits = list(run)
        if folded:
            lead = " " * (gutter + 2)
            for line in wrap([(DIM, f"… {unchanged(len(edits))}")], width - len(lead)):
                out.append(lead + paint(line, colour=colour))
            continue
        for edit in edits:
            out += _edit(edit, labels.note(edit), (width, gutter), colour)
    return "".join(f"{line}\n" for line in out)


def marked(steps: Iterable[Word], *, colour: bool) -> list[Styled]:
    """A word diff as styled pieces; without colour the marks are part of the text.

    Marks stay with their words at the end of a line. Where the page itself says [-, -], {+ or
    +}, a backslash goes between the two signs, one more where it has some there: so the marks
    can be told from the text, and the text restored.
    """
    pieces: list[Styled] = []
    for op, text in steps:
        shown = printable(_ends(text)) if op else _lines(text)
        if colour:
            pieces.append(({-1: GONE, 0: "", 1: NEW}[op], shown))
            continue
        shown = _AMBIGUOUS.sub(r"\\\g<0>", shown)
        pieces.append(("", shown if op == 0 else _between_marks(op, shown)))
    return pieces


def _between_marks(op: int, shown: str) -> str:
    first, sign, last = "[-]" if op < 0 else "{+}"
    before, after = shown[:1].isspace() * GAP, shown[-1:].isspace() * GAP
    return f"{before}{first}{GLUE}{sign}{GLUE}{shown}{GLUE}{sign}{GLUE}{last}{after}"


def _ends(text: str) -> str:
    """A line feed inside a change is a paragraph's end that came or went."""
    return "¶ " if text == "\n" else text.replace("\n", " ¶ ")


def _lines(text: str) -> str:
    return "\n".join(printable(line) for line in text.split("\n"))


def heading(view: DiffView, colour: bool) -> Iterator[list[Styled]]:
    """What stands above the paragraphs: article, versions, window, headline, metadata."""
    yield from (*_top(view), *_headline(view, colour), *_metadata(view), *_notices(view, colour))
    yield from _links(view)
    yield []


def _top(view: DiffView) -> Iterator[list[Styled]]:
    if view.title:
        yield [(BOLD, printable(view.title))]
    if view.url:
        yield [(DIM, printable(view.url))]
    told = [versions(view), window(view)]
    if any(told):
        yield [("", ", ".join(each for each in told if each))]
    yield [("", printable(describe(view.change)))]
    yield from _meaning(view.change)


def _meaning(change: Change) -> Iterator[list[Styled]]:
    if told_first(change):
        yield [(BOLD, printable(told_first(change)))]
    for finding in shown(change):
        kind = f"• {finding.weight}, {finding.kind}: "
        yield [("", kind), ("", printable(finding.sentence))]
    for line in (rest(change), not_looked_for(change)):
        if line:
            yield [(DIM, printable(line))]


def _headline(view: DiffView, colour: bool) -> Iterator[list[Styled]]:
    if view.change.headline:
        old, new = view.change.headline
        steps = told_apart(old, new)
        if steps:
            yield [("", "headline: "), *marked(steps, colour=colour)]
            return
        yield [("", "headline was: "), (GONE, printable(old) or "none")]
        yield [("", "headline is:  "), (NEW, printable(new) or "none")]


def _metadata(view: DiffView) -> Iterator[list[Styled]]:
    for name, (old, new) in view.change.metadata.items():
        yield [("", f"{name}: "), *_old_and_new(*seen_apart(old or "none", new or "none"))]


def _notices(view: DiffView, colour: bool) -> Iterator[list[Styled]]:
    for change in view.change.notices:
        steps = told_apart(change.old, change.new)
        told = marked(steps, colour=colour) if steps else _old_and_new(change.old, change.new)
        yield [("", f"{notice_name(change)}: "), *told]


def _links(view: DiffView) -> Iterator[list[Styled]]:
    for change in view.change.links:
        yield [("", f"{printable(link_name(change))}: "), *_old_and_new(*change.urls)]


def _old_and_new(old: str | None, new: str | None) -> list[Styled]:
    told = [
        (style, printable(text)) for style, text in ((GONE, old), (NEW, new)) if text is not None
    ]
    return [told[0], ("", " → "), told[1]] if len(told) == 2 else told


def _edit(edit: Edit, note: str, sizes: tuple[int, int], colour: bool) -> Iterator[str]:
    """The paragraph beside its mark and its number, the old one if it is gone."""
    width, gutter = sizes
    lead = f"{MARKS[edit.op]} {(edit.new or edit.old)[0] + 1:>{gutter}}  "
    style = {"insert": NEW, "delete": GONE}.get(edit.op)
    if style:
        pieces = [(style, text) for _, text in marked([(0, edit.words[0][1])], colour=colour)]
    else:
        pieces = marked(for_reading(edit.words), colour=colour)
    lines = wrap([(MOVED, note)], width - len(lead)) if note else []
    lines += wrap(pieces, width - len(lead))
    for line in lines:
        yield lead + paint(line, colour=colour)
        lead = " " * len(lead)
