"""A search in the language of SQLite's full-text index, FTS5."""

from __future__ import annotations

import re

from watcher.core.query import All, Any, Near, Phrase, Query, Without
from watcher.core.spaced import spaced

# An FTS5 expression ends at a null character; a lone surrogate is no text that SQLite can take.
_NO_TEXT = re.compile("[\x00\ud800-\udfff]")


def match_text(query: Query) -> str:
    """The expression for MATCH. Every phrase is quoted, so nothing a person types is syntax."""
    if isinstance(query, Phrase):
        return _quoted(query)
    if isinstance(query, Near):
        phrases = " ".join(_quoted(phrase) for phrase in query.phrases)
        return f"NEAR({phrases}, {query.distance})"
    if isinstance(query, Without):
        return f"({match_text(query.wanted)} NOT {match_text(query.unwanted)})"
    joint = {All: " AND ", Any: " OR "}[type(query)]
    return f"({joint.join(match_text(part) for part in query.parts)})"


def all_of(words: list[str]) -> str:
    """The expression for texts that hold all of these words."""
    return " AND ".join(_quoted(Phrase(word)) for word in words)


def _quoted(phrase: Phrase) -> str:
    words = spaced(_NO_TEXT.sub(" ", phrase.text)).text.replace('"', '""')
    return f'"{words}"{" *" if phrase.prefix else ""}'
