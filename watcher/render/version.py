"""One version of an article as text."""

from __future__ import annotations

from watcher.core.model import METADATA, Paragraph, Snapshot
from watcher.core.text import printable
from watcher.render.wrap import Styled, paint, wrap

_LEADS = {
    "heading": "## ",
    "list-item": "• ",
    "quote": "> ",
    "caption": "[caption] ",
    "table-row": "| ",
    "live-post": "◦ ",
}
_BOLD, _DIM = "1", "2"


def version_text(snapshot: Snapshot, width: int, *, colour: bool, note: str = "") -> str:
    """Headline, byline, times and paragraphs in lines of at most `width` cells.

    `note` is a line below the metadata. Page text comes out without control characters.
    """
    out: list[str] = []

    def add(pieces: list[Styled], lead: str = "") -> None:
        for number, line in enumerate(wrap(pieces, width - len(lead))):
            out.append((lead if number == 0 else " " * len(lead)) + paint(line, colour=colour))

    add([(_BOLD, printable(snapshot.headline) or "(no headline)")])
    for name in METADATA:
        value = getattr(snapshot, name)
        if value:
            add([(_DIM, f"{name}: {printable(value)}")])
    if note:
        add([(_DIM, note)])
    for notice in snapshot.notices:
        if notice.place is None:
            add([(_DIM, f"{notice.kind}: {printable(notice.text)}")])
    for before, paragraph in zip((None, *snapshot.paragraphs), snapshot.paragraphs, strict=False):
        if not _together(before, paragraph):
            out.append("")
        style = _BOLD if paragraph.kind == "heading" else ""
        add([(style, printable(paragraph.text))], _LEADS.get(paragraph.kind, ""))
    return "".join(f"{line}\n" for line in out)


def _together(before: Paragraph | None, paragraph: Paragraph) -> bool:
    """Items of one list and rows of one table stand without a blank line between them."""
    kinds = ("list-item", "table-row")
    return before is not None and before.kind == paragraph.kind and paragraph.kind in kinds
