"""To whom an event goes: those whom its story names, and those of whom alerts decide. Pure."""

from __future__ import annotations

from dataclasses import replace

from watcher.core.alerts.alert import Audience, Occasion
from watcher.core.alerts.matching import candidates
from watcher.core.decision import ArticleState, EventDraft, NewVersion
from watcher.core.model import Change

_ENVELOPE, _STEP, _FINDING = 1500, 120, 400
"""Bytes of JSON around the texts: of a message, an edit and a finding, about."""


def addressed(
    draft: EventDraft, article: ArticleState, version: NewVersion | None, audience: Audience
) -> EventDraft:
    """The event with its endpoints, and with what alerts say of it."""
    version = version if draft.about_version else None
    publisher = article.publisher if version is None else version.snapshot.publisher
    occasion = Occasion(
        type=draft.type,
        story=article.story,
        url=article.url,
        publisher=publisher,
        weight=draft.weight,
        findings=draft.findings,
        change=None if version is None else version.change,
    )
    return replace(
        draft,
        endpoints=audience.named(draft.type, article.story),
        candidates=candidates(occasion, audience),
        size=size_of(occasion.change),
    )


def size_of(change: Change | None) -> int:
    """About how many bytes an event of this change takes in a message."""
    if change is None:
        return _ENVELOPE
    texts = sum(
        len(text.encode(errors="replace")) for edit in change.edits for _, text in edit.words
    )
    steps = sum(1 + len(edit.words) for edit in change.edits)
    return _ENVELOPE + texts + _STEP * steps + _FINDING * len(change.findings)
