"""What a webhook says about an event: built from stored facts, the same on every attempt."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

from storage.digests import DigestMaterial
from storage.left_out import LeftOut
from storage.material import Material, VersionPair, Why
from watcher.core.alerts.alert import DIGEST
from watcher.core.text import quiet_json
from watcher.core.times import to_text
from watcher.errors import StorageError
from watcher.render.jsonform import meaning, to_json
from watcher.views import diff_view


@dataclass(frozen=True, slots=True)
class Message:
    """What is signed and sent, and the events of a digest that it lacks."""

    body: bytes
    left_out: tuple[LeftOut, ...] = ()


def message(material: Material | DigestMaterial) -> Message:
    """The message about an event or a digest; see payload()."""
    if isinstance(material, Material):
        return Message(_bytes(event_payload(material)))
    told, left_out = _digest(material)
    return Message(_bytes(told), left_out)


def payload(material: Material | DigestMaterial) -> dict[str, object]:
    """The whole body of a webhook about an event or a digest."""
    return event_payload(material) if isinstance(material, Material) else digest_payload(material)


def digest_payload(digest: DigestMaterial) -> dict[str, object]:
    """The body of a digest: its events as they would be told alone, in order, with their ids.

    An event that cannot be made is left out and named; StorageError if none can.
    """
    return _digest(digest)[0]


def _digest(digest: DigestMaterial) -> tuple[dict[str, object], tuple[LeftOut, ...]]:
    told: list[tuple[Material, dict[str, object]]] = []
    left_out = list(digest.left_out)
    for each in digest.events:
        try:
            told.append((each, {"id": each.event.id, **event_payload(each)}))
        except Exception as error:  # noqa: BLE001  # one event must not hold up the others
            left_out.append(LeftOut(each.event.id, each.event.summary, repr(error)))
    if not told:
        reason = left_out[0].reason
        raise StorageError(f"no event of digest {digest.event_id} can be told: {reason}")
    lines = [_line(each) for each, _ in told]
    lines += [f"left out, as it could not be made: {each.text}" for each in left_out]
    data: dict[str, object] = {
        "alert": _why(digest.why),
        "text": "\n".join([digest.text, *lines]),
        "weight": digest.weight,
        "score": digest.score,
        "part": digest.part,
        "parts": digest.parts,
        "events": [body for _, body in told],
    }
    if left_out:
        data["left_out"] = [{"id": each.event_id, "text": each.text} for each in left_out]
    body: dict[str, object] = {"type": DIGEST, "timestamp": to_text(digest.created_at)}
    body["data"] = data
    return body, tuple(left_out)


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


def _bytes(body: dict[str, object]) -> bytes:
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return quiet_json(text).encode()
