"""Byline, section, times and access of an article; and that it calls itself developing."""

from __future__ import annotations

from collections.abc import Iterator

from watcher.core.findings.comparison import Comparison, whole
from watcher.core.findings.rule import SimpleRule
from watcher.core.model import Finding, Snapshot, Span

_NAMES = {
    "byline": "byline",
    "section": "section",
    "published": "publication time",
    "modified": "modified time",
}


def _look(about: Comparison) -> Iterator[Finding]:
    for field, name in _NAMES.items():
        if field in about.change.metadata:
            old, new = about.change.metadata[field]
            sentence = _sentence(name, old, new)
            yield about.state(f"{field}-changed", sentence, whole(field, old, new))
    if "access" in about.change.metadata:
        old, new = about.change.metadata["access"]
        if "paywalled" in (old, new):
            yield about.state("access-changed", _access(new), whole("access", old, new))
    yield from _developing(about)


def _sentence(name: str, old: str | None, new: str | None) -> str:
    if not old:
        return f"{name} added: {new}"
    return f"{name} {old} → {new}" if new else f"{name} removed: {old}"


def _access(new: str | None) -> str:
    if new == "paywalled":
        return "paywall put up"
    return "paywall taken down" if new == "free" else "paywall no longer stated"


def _developing(about: Comparison) -> Iterator[Finding]:
    before, after = _calls_itself(about.old), _calls_itself(about.new)
    if after and not before:
        place, length = after
        spans = (Span("new", "notice", place, 0, length),)
        yield about.state("developing-added", "developing line added", spans)
    elif before and not after:
        place, length = before
        spans = (Span("old", "notice", place, 0, length),)
        yield about.state("developing-removed", "developing line removed", spans)


def _calls_itself(snapshot: Snapshot) -> tuple[int, int] | None:
    """Index and length of the first notice that the story is developing."""
    for index, notice in enumerate(snapshot.notices):
        if notice.kind == "developing" and notice.text:
            return index, len(notice.text)
    return None


RULE = SimpleRule(
    name="fields",
    kinds=(
        "byline-changed", "section-changed", "published-changed", "modified-changed",
        "access-changed", "developing-added", "developing-removed",
    ),
    look=_look,
)  # fmt: skip
