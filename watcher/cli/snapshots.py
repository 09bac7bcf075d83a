"""A snapshot as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from watcher.core.model import Snapshot


def snapshot_json(snapshot: Snapshot) -> dict[str, Any]:
    """All of a snapshot; `published` and `modified` are as precise as the page was."""
    return {
        "url": snapshot.url,
        "headline": snapshot.headline,
        "byline": snapshot.byline,
        "published": snapshot.published,
        "modified": snapshot.modified,
        "paragraphs": [{"kind": p.kind, "text": p.text} for p in snapshot.paragraphs],
    }
