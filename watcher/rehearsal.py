"""rehearse(): what alerts would have made of an article's recorded history. Nothing is sent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from storage.archive import Archive
from storage.article_records import ArticleRecord
from storage.material import VersionPair
from storage.outbox import EventRecord
from storage.versions import VersionRecord
from watcher.core.addressing import size_of
from watcher.core.alerts.alert import Audience, Occasion
from watcher.core.alerts.replay import Happened, Message, Replay
from watcher.core.alerts.timing import Routing
from watcher.core.findings.comparison import Circumstances
from watcher.core.findings.find import Rulebook
from watcher.core.model import EventType, Weight


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
    numbers = {version.id: version.number for version in versions}
    for event in archive.events(article.id):
        number = None if event.version_id is None else numbers[event.version_id]
        if number is None:
            occasion = _of_state(archive, event, versions)
        else:
            pair = archive.pair(versions[number - 2], versions[number - 1])
            occasion = _of_version(event, pair, rulebook)
        size = size_of(occasion.change)
        going.tell(Happened(event.seq, event.created_at, article.id, occasion, size))
        told.append(Rehearsed(event, number, occasion.weight, going.routings[event.seq]))
    going.finish()
    return Rehearsal(tuple(told), tuple(going.messages))


def _of_version(
    event: EventRecord, pair: VersionPair, rulebook: Callable[[], Rulebook]
) -> Occasion:
    change = pair.change
    if not change.findings:
        window = Circumstances(pair.old.seen_until, pair.new.seen_from, pair.new.revert_of)
        change = rulebook().find(pair.old_snapshot, pair.new_snapshot, change, window)
    return Occasion(
        type=EventType(event.type),
        story=event.story,
        url=event.url,
        publisher=pair.new_snapshot.publisher,
        weight=change.weight,
        findings=change.findings,
        change=change,
    )


def _of_state(archive: Archive, event: EventRecord, versions: Sequence[VersionRecord]) -> Occasion:
    """An event about no version; the publisher is that of the latest version then."""
    then = [each for each in versions if each.seen_from <= event.created_at]
    return Occasion(
        type=EventType(event.type),
        story=event.story,
        url=event.url,
        publisher=archive.snapshot(then[-1].id).publisher if then else None,
        weight=event.weight,
        findings=archive.material(event.id).findings,
    )
