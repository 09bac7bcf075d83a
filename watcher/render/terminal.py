"""A change as terminal text: unified by paragraph, unchanged runs folded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from watcher.core.compare import describe, is_typographic
from watcher.core.model import Edit, Word
from watcher.core.text import printable
from watcher.render.labels import (
    MARKS,
    directions,
    joints,
    label,
    notice_name,
    unchanged,
    versions,
    window,
)
from watcher.render.view import DiffView
from watcher.render.wrap import Styled, paint, wrap

# SGR parameters. Struck and underlined as well, for those who do not tell red from green.
GONE, NEW, BOLD, DIM, MOVED = "31;9", "32;4", "1", "2", "36"


def to_terminal(view: DiffView, width: int, *, colour: bool) -> str:
    """The change in lines of at most `width` cells, each ended by a line feed.

    Without colour, words are marked [-gone-] and {+new+}. Page text comes out without
    control characters.
    """
    out = [paint(line, colour=colour) for part in heading(view) for line in wrap(part, width)]
    sides = (view.before.snapshot.paragraphs, view.after.snapshot.paragraphs)
    gutter = len(str(max(map(len, sides))))
    ways = directions(view.change.edits)
    for folded, run in groupby(view.change.edits, key=is_folded):
        edits = list(run)
        if folded:
            lead = " " * (gutter + 2)
            for line in wrap([(DIM, f"… {unchanged(len(edits))}")], width - len(lead)):
                out.append(lead + paint(line, colour=colour))
            continue
        for edit in edits:
            note = label(edit, ways.get(edit.new, "")) if needs_label(edit) else ""
            out += _edit(edit, note, (width, gutter), colour)
    return "".join(f"{line}\n" for line in out)


def marked(steps: Iterable[Word], *, colour: bool) -> list[Styled]:
    """A word diff as styled pieces; without colour the marks are part of the text."""
    pieces: list[Styled] = []
    for op, text in steps:
        if op == 0:
            pieces.append(("", _lines(text)))
            continue
        # A line feed inside a change is a paragraph's end that came or went.
        shown = printable(_ends(text))
        before, after = ("[-", "-]") if op < 0 else ("{+", "+}")
        style = GONE if op < 0 else NEW
        pieces.append((style, shown if colour else f"{before}{shown}{after}"))
    return pieces


def _ends(text: str) -> str:
    return "¶ " if text == "\n" else text.replace("\n", " ¶ ")


def _lines(text: str) -> str:
    return "\n".join(printable(line) for line in text.split("\n"))


def heading(view: DiffView) -> Iterator[list[Styled]]:
    """What stands above the paragraphs: article, versions, window, headline, metadata."""
    yield from (*_top(view), *_headline(view), *_metadata(view), *_notices(view), [])


def is_folded(edit: Edit) -> bool:
    """Whether a reader of changes can do without the paragraph."""
    return edit.op == "equal" and not edit.moved


def _top(view: DiffView) -> Iterator[list[Styled]]:
    if view.title:
        yield [(BOLD, printable(view.title))]
    if view.url:
        yield [(DIM, printable(view.url))]
    told = [versions(view), window(view)]
    if any(told):
        yield [("", ", ".join(each for each in told if each))]
    yield [("", printable(describe(view.change)))]


def _headline(view: DiffView) -> Iterator[list[Styled]]:
    if view.change.headline:
        old, new = view.change.headline
        yield [("", "headline was: "), (GONE, printable(old))]
        yield [("", "headline is:  "), (NEW, printable(new))]


def _metadata(view: DiffView) -> Iterator[list[Styled]]:
    for name, (old, new) in view.change.metadata.items():
        yield [
            ("", f"{name}: "),
            (GONE, printable(old or "none")),
            ("", " → "),
            (NEW, printable(new or "none")),
        ]


def _notices(view: DiffView) -> Iterator[list[Styled]]:
    for change in view.change.notices:
        told: list[Styled] = [("", f"{notice_name(change)}: ")]
        if change.old is not None:
            told.append((GONE, printable(change.old)))
        if change.old is not None and change.new is not None:
            told.append(("", " → "))
        if change.new is not None:
            told.append((NEW, printable(change.new)))
        yield told


def needs_label(edit: Edit) -> bool:
    """Whether the mark beside the paragraph does not say it all."""
    if edit.op in ("insert", "delete"):
        return False
    return edit.moved or len(edit.old) + len(edit.new) > 2 or is_typographic(edit)


def _edit(edit: Edit, note: str, sizes: tuple[int, int], colour: bool) -> Iterator[str]:
    """The paragraph beside its mark and its number, the old one if it is gone."""
    width, gutter = sizes
    lead = f"{MARKS[edit.op]} {(edit.new or edit.old)[0] + 1:>{gutter}}  "
    style = {"insert": NEW, "delete": GONE}.get(edit.op)
    plain: list[Styled] = [(style or "", _lines(edit.words[0][1]))]
    lines = wrap([(MOVED, note)], width - len(lead)) if note else []
    lines += wrap(plain if style else marked(joints(edit.words), colour=colour), width - len(lead))
    for line in lines:
        yield lead + paint(line, colour=colour)
        lead = " " * len(lead)
