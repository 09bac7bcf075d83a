"""Which characters of a text a search meant."""

from __future__ import annotations

from collections.abc import Mapping

from storage.connection import open_scratch
from storage.search_tables import TOKENIZE
from watcher.core.spaced import spaced

_BEGIN, _END = "\x02", "\x03"
_CONTROLS = str.maketrans({_BEGIN: " ", _END: " "})


def find_marks(match: str, texts: Mapping[int, str]) -> dict[int, tuple[tuple[int, int], ...]]:
    """The spans (start, end) in each text that an FTS5 expression meant, by the texts' numbers.

    The texts are put into an index of their own: the large one would have to go through all that
    matches for each of them.
    """
    prepared = {number: spaced(text.translate(_CONTROLS)) for number, text in texts.items()}
    scratch = open_scratch()
    try:
        scratch.execute(f"CREATE VIRTUAL TABLE few USING fts5(text, {TOKENIZE})")
        scratch.executemany(
            "INSERT INTO few (rowid, text) VALUES (?, ?)",
            [(number, each.text) for number, each in prepared.items()],
        )
        rows = scratch.execute(
            "SELECT rowid, highlight(few, 0, ?, ?) FROM few WHERE few MATCH ?",
            (_BEGIN, _END, match),
        ).fetchall()
    finally:
        scratch.close()
    return {
        number: tuple(
            (prepared[number].place(start), prepared[number].place(end))
            for start, end in _spans(marked)
        )
        for number, marked in rows
    }


def _spans(marked: str) -> list[tuple[int, int]]:
    """The places of what is marked, as if the marks were not there."""
    found: list[tuple[int, int]] = []
    at = 0
    for part in marked.split(_BEGIN):
        inside, end, outside = part.partition(_END)
        if end:
            found.append((at, at + len(inside)))
        at += len(inside) + len(outside)
    return found
