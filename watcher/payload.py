"""What a webhook says about an event: built from stored facts, the same on every attempt."""

from __future__ import annotations

import json
from dataclasses import replace

from storage.digests import DigestMaterial
from storage.material import Material, VersionPair, Why
from watcher.core.alerts.alert import DIGEST
from watcher.core.text import quiet_json
from watcher.core.times import to_text
from watcher.render.jsonform import meaning, to_json
from watcher.views import diff_view


def payload(material: Material | DigestMaterial) -> dict[str, object]:
    """The whole body of a webhook about an event or a digest."""
    return event_payload(material) if isinstance(material, Material) else digest_payload(material)


def digest_payload(digest: DigestMaterial) -> dict[str, object]:
    """The body of a digest: its events as they would be told alone, in order, with their ids."""
    return {
        "type": DIGEST,
        "timestamp": to_text(digest.created_at),
        "data": {
            "alert": _why(digest.why),
            "text": "\n".join([digest.text, *map(_line, digest.events)]),
            "weight": digest.weight,
            "score": digest.score,
            "part": digest.part,
            "parts": digest.parts,
            "events": [{"id": each.event.id, **event_payload(each)} for each in digest.events],
        },
    }


def _line(told: Material) -> str:
    return f"{told.headline or told.article.url}: {told.event.summary}"


def _why(why: Why) -> dict[str, object]:
    return {"name": why.alert, "reason": why.reason}


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
    if material.why is not None:
        data["alert"] = _why(material.why)
    return {
        "type": event.type,
        "timestamp": to_text(event.created_at),
        "data": data,
    }


def _as_told(pair: VersionPair) -> VersionPair:
    """The pair as it was when the event came: later polls move the end of the new version."""
    return replace(pair, new=replace(pair.new, seen_until=pair.new.seen_from))


def payload_bytes(material: Material | DigestMaterial) -> bytes:
    """The exact bytes that are signed and sent."""
    text = json.dumps(payload(material), ensure_ascii=False, separators=(",", ":"))
    return quiet_json(text).encode()
