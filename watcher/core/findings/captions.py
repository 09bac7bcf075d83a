"""What stands below pictures."""

from __future__ import annotations

from collections.abc import Iterator

from watcher.core.findings.comparison import Comparison
from watcher.core.findings.phrasing import quoted
from watcher.core.findings.rule import SimpleRule
from watcher.core.model import Finding, Weight


def _look(about: Comparison) -> Iterator[Finding]:
    for passage in about.passages:
        if not passage.is_caption or not passage.regions:
            continue
        spans = (
            *passage.spans("old", 0, len(passage.old_text)),
            *passage.spans("new", 0, len(passage.new_text)),
        )
        weight: Weight | None = None
        if passage.op == "insert":
            told, weight = f"caption added: {quoted(passage.new_text)}", "routine"
        elif passage.op == "delete":
            told = f"caption removed: {quoted(passage.old_text)}"
            weight = "routine"
        else:
            if _said(passage.old_text) == _said(passage.new_text):
                continue  # of form alone, which is told as such
            told = f"caption changed: {quoted(passage.new_text)}"
        yield about.state("caption-changed", told, spans, weight=weight)


def _said(text: str) -> str:
    """The text without case, marks and white space."""
    return "".join(filter(str.isalnum, text.casefold()))


RULE = SimpleRule(name="captions", kinds=("caption-changed",), look=_look)
