"""rehearse(): what alerts would have made of an article's recorded history. Nothing is sent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from storage.archive import Archive
from storage.article_records import ArticleRecord
from storage.material import Material
from storage.outbox import EventRecord
from storage.versions import VersionRecord
from watcher.core.addressing import size_of
from watcher.core.alerts.alert import Audience, Occasion
from watcher.core.alerts.replay import Happened, Message, Replay
from watcher.core.alerts.timing import Routing
from watcher.core.findings.comparison import Circumstances
from watcher.core.findings.find import Rulebook
from watcher.core.model import Change, EventType, Weight


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """An event of the article, the number of the version it is about (None: of none), what it
    weighs, and what became of it at each webhook."""

    event: EventRecord
    version: int | None
    weight: Weight
    routings: tuple[Routing, ...]


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """All events of an article, oldest first, and the digests that would have told some of them."""

    events: tuple[Rehearsed, ...]
    digests: tuple[Message, ...]


def rehearse(
    archive: Archive,
    article: ArticleRecord,
    audience: Audience,
    rulebook: Callable[[], Rulebook] = Rulebook,
) -> Rehearsal:
    """Every event of an article, told to the alerts at the time when it happened.

    Limits and digests see this article's events alone, and digests are made as soon as they are
    due. What a change means is what the archive says; where it says nothing, `rulebook` is asked.
    """
    going, told = Replay(audience), []
    versions = archive.versions(article.id)
    for event in archive.events(article.id):
        material = archive.material(event.id)
        change = _change(material, rulebook)
        occasion = Occasion(
            type=EventType(event.type),
            story=event.story,
            url=event.url,
            publisher=_publisher(archive, material, versions),
            weight=event.weight if change is None else change.weight,
            findings=material.findings if change is None else change.findings,
            change=change,
        )
        size = size_of(change)
        going.tell(Happened(event.seq, event.created_at, article.id, occasion, size))
        number = None if material.pair is None else material.pair.new.number
        told.append(Rehearsed(event, number, occasion.weight, going.routings[event.seq]))
    going.finish()
    return Rehearsal(tuple(told), tuple(going.messages))


def _publisher(
    archive: Archive, material: Material, versions: Sequence[VersionRecord]
) -> str | None:
    """As the new version names it, or the one that was the latest when the event happened."""
    if material.pair is not None:
        return material.pair.new_snapshot.publisher
    then = [each for each in versions if each.seen_from <= material.event.created_at]
    return archive.snapshot(then[-1].id).publisher if then else None


def _change(material: Material, rulebook: Callable[[], Rulebook]) -> Change | None:
    pair = material.pair
    if pair is None or pair.change.findings:
        return None if pair is None else pair.change
    window = Circumstances(pair.old.seen_until, pair.new.seen_from, pair.new.revert_of)
    return rulebook().find(pair.old_snapshot, pair.new_snapshot, pair.change, window)
