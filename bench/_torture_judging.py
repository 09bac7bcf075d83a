"""What must hold of an archive after torture, whatever happened to the daemons."""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from itertools import pairwise

from bench._torture_killing import Life, Torture
from bench._torture_surroundings import ALERTED, ENDPOINTS, Arrival, Edition, headline_of
from storage.archive import Archive
from storage.outbox import EventRecord
from storage.reader import Reader
from watcher.adapters.page.extractor import EXTRACTOR
from watcher.core.alerts.alert import DIGEST
from watcher.ports import Extractor
from watcher.verify import Verifier, verify

INTERVAL = 1.0
"""Seconds, as configured."""

SLACK = 2.0
"""Seconds beyond the interval in which a daemon that is up must have seen an edition and recorded
it: a quarter for the tick, a second for the first worker to start, the rest for chance."""

ROUNDS = 3
"""How often the daemon must have asked for every other article meanwhile: on a machine that others
keep busy its own pace is the clock. That no daemon stands still is seen when all come to rest."""


ENOUGH = 2
"""How often for the article itself: the second time the first is on record."""


@dataclass
class Judgement:
    """What was counted. `losses` and `faults` must be empty."""

    kills: int = 0
    served: int = 0
    due: int = 0
    """Editions that stayed online for longer than the interval while one daemon was up."""
    seen: int = 0
    """Editions that a daemon was given, and then lived on until it asked for the article again."""
    stored: int = 0
    events: int = 0
    deliveries: int = 0
    """Events on their way to an endpoint, alone or in a digest."""
    digests: int = 0
    arrivals: int = 0
    duplicates: int = 0
    losses: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


async def judge(torture: Torture, extractor: Extractor | None) -> Judgement:
    """Counts and compares everything; `extractor` None leaves out reading pages anew."""
    found = Judgement(kills=torture.kills, faults=list(torture.faults))
    _judge_file(torture, found)
    with Archive(torture.database) as archive:
        ids = {record.url: record.id for record in archive.articles()}
        for article, editions in enumerate(torture.publisher.editions):
            _judge_article(archive, ids[torture.publisher.url(article)], article, editions, torture,
                           found)  # fmt: skip
        _judge_deliveries(archive, torture, found)
    reader = Reader(torture.database)
    try:
        parts = Verifier(reader, extractor, lambda url: EXTRACTOR)
        verified = await verify(parts, sorted(ids.values()), lambda: None)
    finally:
        reader.close()
    found.faults += [f"verify: {fault}" for fault in verified.faults]
    return found


def _judge_file(torture: Torture, found: Judgement) -> None:
    with closing(sqlite3.connect(torture.database)) as db:
        if db.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
            found.faults.append("integrity_check finds faults")
        if db.execute("PRAGMA foreign_key_check").fetchall():
            found.faults.append("foreign_key_check finds faults")
        twice = db.execute(
            "SELECT count(*) FROM (SELECT 1 FROM event WHERE type = 'article.updated'"
            " GROUP BY version_id HAVING count(*) > 1)"
        ).fetchone()
        if twice != (0,):
            found.faults.append("a version has two events")


def _judge_article(
    archive: Archive,
    article_id: int,
    article: int,
    editions: list[Edition],
    torture: Torture,
    found: Judgement,
) -> None:
    by_headline = {headline_of(article, edition.number): edition for edition in editions}
    versions = archive.versions(article_id)
    stored = [by_headline.get(version.headline) for version in versions]
    numbers = [0 if edition is None else edition.number for edition in stored]
    if numbers != sorted(set(numbers)) or 0 in numbers:
        found.faults.append(f"article {article_id} has editions {numbers}, out of order or twice")
    for old, new in pairwise(versions):
        if archive.pair(old, new).change.headline is None:
            found.faults.append(f"article {article_id}: version {new.number} has a wrong change")
    events = [e for e in archive.events(article_id) if e.type == "article.updated"]
    if [event.version_id for event in events] != [version.id for version in versions[1:]]:
        found.faults.append(f"article {article_id}: versions and events do not pair up")
    others = [
        sorted(at for edition in each for at in edition.served)
        for number, each in enumerate(torture.publisher.editions)
        if number != article
    ]
    own = sorted(at for edition in editions for at in edition.served)
    due = {each.number for each in editions if is_due(each, torture.lives, others, own)}
    seen = were_seen(editions, torture.lives)
    for number in sorted((due | seen) - set(numbers)):
        why = "though it was read to its end" if number in seen else "though it was online for long"
        asked = len(editions[number - 1].served)
        found.losses.append(
            f"article {article_id}: edition {number} is not archived, {why}; asked for {asked}"
            " times"
        )
    found.due += len(due)
    found.seen += len(seen)
    found.served += len(editions)
    found.stored += len(versions)
    found.events += len(archive.events(article_id))


def is_due(
    edition: Edition, lives: list[Life], others: list[list[float]], own: list[float]
) -> bool:
    """Whether an edition had to be seen: online for long enough while one daemon was up.

    `others` are the times at which each other article was asked for, `own` those of this one: a
    daemon that still reads the page before (its first worker starts) asks for no other meanwhile.
    The last edition has all the time it takes.
    """
    return edition.until == float("inf") or any(
        stop - start >= INTERVAL + SLACK
        and all(sum(start <= at <= stop for at in asked) >= ROUNDS for asked in others)
        and (
            not any(begun <= at <= stop for at in own)
            or sum(start < at <= stop for at in own) >= ENOUGH
        )
        for begun, start, stop in (
            (life.begun, max(edition.since, life.ready), min(edition.until, life.ended))
            for life in lives
        )
    )


def were_seen(editions: list[Edition], lives: list[Life]) -> set[int]:
    """The editions after which the daemon that was given them asked for the article again.

    One article is never polled twice at a time: whoever asks again has recorded what came before,
    however slow the machine was.
    """
    asked = sorted((at, edition.number) for edition in editions for at in edition.served)
    seen = set()
    for life in lives:
        own = [number for at, number in asked if life.begun <= at <= life.ended]
        seen.update(own[:-1])
    return seen


def _judge_deliveries(archive: Archive, torture: Torture, found: Judgement) -> None:
    deliveries, events = archive.deliveries(), archive.events()
    states = Counter(delivery.state for delivery in deliveries)
    if set(states) - {"delivered"}:
        found.faults.append(f"deliveries end as {dict(states)}")
    of_event = Counter(each.event_id for each in deliveries if each.endpoint in ENDPOINTS)
    if {of_event[event.id] for event in events} - {len(ENDPOINTS)}:
        found.faults.append("an event has not one delivery for each endpoint")
    decided = Counter((each.event_id, each.state) for each in archive.decisions())
    if decided != Counter({(event.id, "sent"): len(ALERTED) for event in events}):
        found.faults.append("an event was not sent by one alert for each endpoint")
    found.deliveries = of_event.total() + decided.total()
    found.digests = sum(each.event_type == DIGEST for each in deliveries)
    judge_arrivals(events, torture.receiver.arrivals, found)


def judge_arrivals(events: list[EventRecord], arrivals: list[Arrival], found: Judgement) -> None:
    """Whether every event came to every endpoint, always in the same message, and in order."""
    found.arrivals = sum(len(arrival.told) for arrival in arrivals)
    accepted: Counter[tuple[str, str]] = Counter()
    messages: dict[tuple[str, str], set[str]] = {}
    for arrival in arrivals:
        for name, _ in arrival.told:
            accepted[arrival.endpoint, name] += arrival.accepted
            messages.setdefault((arrival.endpoint, name), set()).add(arrival.message)
    found.duplicates = sum(count - 1 for count in accepted.values() if count)
    for event in events:
        for endpoint in (*ENDPOINTS, *ALERTED):
            if not accepted[endpoint, event.id]:
                found.losses.append(f"event {event.id} never reached {endpoint}")
    for (endpoint, name), told in messages.items():
        if len(told) > 1:
            found.faults.append(f"event {name} came to {endpoint} in {len(told)} messages")
    _judge_order(events, arrivals, found)


def _judge_order(events: list[EventRecord], arrivals: list[Arrival], found: Judgement) -> None:
    """Whatever came, accepted or not, came in the order of the events of its article."""
    seq = {event.id: event.seq for event in events}
    latest: dict[tuple[str, int], tuple[int, str]] = {}
    for arrival in arrivals:
        for event, _ in arrival.told:
            if event not in seq:
                found.faults.append(f"event {event} was told, but is not in the archive")
        for article in {article for _, article in arrival.told}:
            own = [seq[event] for event, of in arrival.told if of == article and event in seq]
            before, message = latest.get((arrival.endpoint, article), (0, ""))
            # A message that is tried again begins anew.
            is_late = message != arrival.message and own[:1] < [before]
            if own and (is_late or own != sorted(own)):
                found.faults.append(f"message {arrival.message} came after a later one")
            if own:
                newest = max((before, message), (own[-1], arrival.message))
                latest[arrival.endpoint, article] = newest
