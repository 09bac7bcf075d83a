"""A snapshot as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from watcher.core.model import METADATA
from watcher.render.jsonform import link_json

if TYPE_CHECKING:
    from watcher.core.model import Extraction, Snapshot


def extraction_json(found: Extraction) -> dict[str, Any]:
    """A snapshot with its origin: "json-ld" where the page itself shows no text, else "page"."""
    told = snapshot_json(found.snapshot)
    return {"url": told.pop("url"), "origin": "json-ld" if found.is_linked else "page", **told}


def snapshot_json(snapshot: Snapshot) -> dict[str, Any]:
    """All of a snapshot; `published` and `modified` are as precise as the page was."""
    return {
        "url": snapshot.url,
        "headline": snapshot.headline,
        **{name: getattr(snapshot, name) for name in METADATA},
        "developing": snapshot.developing,
        "notices": [{"kind": n.kind, "text": n.text, "place": n.place} for n in snapshot.notices],
        "posts": [
            {"key": p.key, "time": p.time, "first": p.first, "count": p.count}
            for p in snapshot.posts
        ],
        "links": [link_json(link) for link in snapshot.links],
        "paragraphs": [{"kind": p.kind, "text": p.text} for p in snapshot.paragraphs],
    }
