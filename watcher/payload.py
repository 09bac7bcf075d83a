"""What a webhook says about an event: built from stored facts, the same on every attempt."""

from __future__ import annotations

import json
from dataclasses import replace

from storage.material import Material, VersionPair
from watcher.core.text import quiet_json
from watcher.core.times import to_text
from watcher.render.jsonform import meaning, to_json
from watcher.views import diff_view


def event_payload(material: Material) -> dict[str, object]:
    """The whole body of a webhook: type, timestamp and data, as docs/formats.md shows it."""
    article = material.article
    data: dict[str, object] = {
        "article": {"id": article.id, "url": article.url, "story": article.story}
    }
    event = material.event
    if material.pair is not None:
        data = dict(to_json(diff_view(article, _as_told(material.pair))))
    else:
        sentence = event.summary.removesuffix(".")
        data |= meaning(event.weight, event.score, sentence, material.findings)
    # The diff says whether the headline changed; people want to read which article it is.
    data["title"] = material.headline
    data["url"] = article.url
    data["text"] = event.summary
    if material.moved_to is not None:
        data["moved_to"] = material.moved_to
    return {
        "type": event.type,
        "timestamp": to_text(event.created_at),
        "data": data,
    }


def _as_told(pair: VersionPair) -> VersionPair:
    """The pair as it was when the event came: later polls move the end of the new version."""
    return replace(pair, new=replace(pair.new, seen_until=pair.new.seen_from))


def payload_bytes(material: Material) -> bytes:
    """The exact bytes that are signed and sent."""
    text = json.dumps(event_payload(material), ensure_ascii=False, separators=(",", ":"))
    return quiet_json(text).encode()
