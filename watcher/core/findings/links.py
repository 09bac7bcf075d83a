"""A link of the text that leads elsewhere, came or went: the source behind the same words."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from watcher.core.findings.comparison import Comparison, Which
from watcher.core.findings.rule import SimpleRule
from watcher.core.model import Finding, Link, Span

_LONGEST = 60
"""Characters of the linked words that a sentence quotes."""


def _look(about: Comparison) -> Iterator[Finding]:
    for change in about.change.links:
        sides: tuple[tuple[Which, Link | None], ...] = (("old", change.old), ("new", change.new))
        spans = tuple(
            Span(side, "paragraph", link.paragraph, link.start, link.end)
            for side, link in sides
            if link is not None and link.start < link.end
        )
        words = change.words if len(change.words) <= _LONGEST else f"{change.words[:_LONGEST]}…"
        old, new = change.urls
        if old is not None and new is not None:
            sentence = f"link of “{words}”: {_shown(old, new)} → {_shown(new, old)}"
            yield about.state("link-changed", sentence, spans)
        elif new is not None:
            # a source that is added is detail; one that is gone leaves a claim without it
            sentence = f"link added: “{words}” to {_shown(new)}"
            yield about.state("link-changed", sentence, spans, weight="routine")
        elif old is not None:
            sentence = f"link removed: “{words}” to {_shown(old)}"
            yield about.state("link-changed", sentence, spans)


def _shown(url: str, other: str | None = None) -> str:
    """The host of an address; with its path if the other one has the same host."""
    host, path = _parts(url)
    return f"{host}{path}" if other is not None and _parts(other)[0] == host else host


def _parts(url: str) -> tuple[str, str]:
    try:
        parts = urlsplit(url)
        return parts.hostname or url, parts.path
    except ValueError:
        return url, ""


RULE = SimpleRule(name="links", kinds=("link-changed",), look=_look)
