"""What an article newly says of itself, or no longer does, and which edits that accounts for."""

from __future__ import annotations

from collections.abc import Iterator

from watcher.core.compare import notices_told
from watcher.core.findings.accounting import accounts, listed
from watcher.core.findings.comparison import Comparison, Which
from watcher.core.findings.rule import SimpleRule
from watcher.core.model import Finding, Notice, NoticeChange, NoticeKind, Span

_NAMES: dict[NoticeKind, str] = {
    "retraction": "retraction",
    "correction": "correction",
    "clarification": "clarification",
    "editors-note": "editor's note",
    "update": "update line",
}
"""The kinds that are told here: that a story is developing is told by the fields."""

_KINDS: dict[NoticeKind, str] = {"update": "update-line"}

_LONGEST = 160
"""Characters of a notice that its sentence quotes."""


def _look(about: Comparison) -> Iterator[Finding]:
    told = accounts(about)
    for change in notices_told(about.change):
        if change.kind not in _NAMES:
            continue
        spans = tuple(_spans(about, change))
        if not spans:
            continue
        done = "added" if change.old is None else "removed" if change.new is None else "edited"
        name = _NAMES[change.kind]
        sentence = f"{name} {done}: “{_short(change.new or change.old or '')}”"
        accounted = told.get(change, ())
        if accounted:
            sentence += f", which accounts for: {listed(accounted)}"
        yield about.state(f"{_KINDS.get(change.kind, change.kind)}-{done}", sentence, spans)


def _spans(about: Comparison, change: NoticeChange) -> Iterator[Span]:
    sides: tuple[tuple[Which, tuple[Notice, ...], str | None], ...] = (
        ("old", about.old.notices, change.old),
        ("new", about.new.notices, change.new),
    )
    for side, notices, text in sides:
        for index, notice in enumerate(notices):
            if text and notice.kind == change.kind and notice.text == text:
                yield Span(side, "notice", index, 0, len(text))
                break


def _short(text: str) -> str:
    if len(text) <= _LONGEST:
        return text
    return f"{text[:_LONGEST].rsplit(' ', 1)[0]} …"


RULE = SimpleRule(
    name="notices",
    kinds=tuple(
        f"{_KINDS.get(kind, kind)}-{done}"
        for kind in _NAMES
        for done in ("added", "edited", "removed")
    ),
    look=_look,
)
