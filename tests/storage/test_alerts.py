"""Alerts in the archive: it decides as the pure rules do, and loses nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from storage.alerts import list_decisions, tallies, tell
from storage.archive import Archive
from storage.check_alerts import check_alerts
from storage.clockwork import pull_in
from storage.digests import close_digests, load_message
from storage.material import Material
from storage.migrations import MIGRATIONS
from storage.outbox import (
    claim_deliveries,
    list_deliveries,
    list_events,
    retry_delivery,
    settle_delivery,
)
from storage.store import Store
from tests.core.test_alerts import AUDIENCES, EVENTS, alert, audience
from tests.storage.builders import POLICY, minutes, see, snapshot, watched
from watcher.core.addressing import addressed
from watcher.core.alerts.alert import Audience
from watcher.core.alerts.quiet import QuietHours
from watcher.core.alerts.replay import Happened, Replay
from watcher.core.decision import ArticleState, EventDraft
from watcher.core.model import WEIGHTS, EventType, Weight
from watcher.core.quarantine import PageMemory
from watcher.core.times import from_text, to_text
from watcher.errors import UsageError

QUARTER = timedelta(minutes=15)
NIGHT = QuietHours(time(22), time(7))


@contextmanager
def archive_in_memory() -> Iterator[Database]:
    """Three articles of one story."""
    db = Database(memory=True)
    MIGRATIONS.apply(db)
    db.conn.isolation_level = None
    db.conn.execute("INSERT INTO story (id, name, added_at) VALUES (1, 'flood', '')")
    for number in (1, 2, 3):
        db.conn.execute("INSERT INTO article VALUES (?, 1, ?, '')", (number, url(number)))
    yield db
    db.conn.close()


def url(article: int) -> str:
    return f"https://www.news.example/{article}"


def told(
    db: Database,
    event: str,
    at: datetime,
    to: Audience,
    *,
    article: int = 1,
    weight: Weight = "notable",
) -> None:
    """An event is put on record, as a poll does it."""
    state = ArticleState(
        article, url(article), "flood", 600.0, at, 1, "live", 0, 0, None, PageMemory()
    )
    draft = EventDraft(EventType.MOVED, f"event {event}", weight=weight)
    tell(db, event, article, None, addressed(draft, state, None, to), at)


@settings(max_examples=60)
@given(EVENTS, AUDIENCES)
def test_the_archive_decides_as_the_pure_rules_do(events: list[Happened], to: Audience) -> None:
    # A digest of many events is made of the sizes of moves here, of nothing there.
    pure = Replay(to)
    for event in events:
        moved = replace(event.occasion, type=EventType.MOVED, url=url(event.article), findings=())
        pure.tell(replace(event, occasion=moved))
    pure.finish()
    with archive_in_memory() as db:
        made = []
        for event in events:
            made += until(db, to, event.at)
            told(db, f"{event.seq}", event.at, to, article=event.article,
                 weight=event.occasion.weight)  # fmt: skip
        made += until(db, to, None)
        found = {(d.event_id, d.endpoint): d for d in list_decisions(db)}
        digests = {d.digest for d in found.values()} - {None}
        in_digest: dict[str, set[str]] = {}
        for (event_id, _), each in found.items():
            in_digest.setdefault(each.digest or "", set()).add(event_id)
    assert len(found) == sum(map(len, pure.routings.values()))
    for seq, routings in pure.routings.items():
        for routing in routings:
            stored = found[str(seq), routing.endpoint]
            gathered = routing.state == "gathered"
            assert stored.state == ("suppressed" if routing.state == "suppressed" else "sent")
            assert (stored.digest is not None) == gathered
            assert (stored.alert, stored.reason) == (routing.alert, routing.reason)
            if not gathered:
                assert stored.rule == routing.rule
    told_in = [{str(seq) for seq in m.parcel.events} for m in pure.messages]
    assert sorted(map(sorted, told_in)) == sorted(sorted(in_digest[d]) for d in digests if d)


def until(db: Database, to: Audience, moment: datetime | None) -> list[Any]:
    """Makes all digests that are due before a moment, each when it is."""
    made: list[Any] = []
    while True:
        (first,) = db.conn.execute("SELECT min(until) FROM alert_decision").fetchone()
        if first is None or (moment is not None and first >= to_text(moment)):
            return made
        made += close_digests(db, to.alerts, from_text(first))


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["event", "critical", "digest", "sent", "failed", "dead", "retry"]),
        st.integers(1, 3),
    ),
    max_size=30,
)


@settings(max_examples=80)
@given(STEPS)
def test_deliveries_of_an_article_stay_in_order_whatever_digests_are_among_them(
    steps: list[tuple[str, int]],
) -> None:
    to = audience(alert("slow", every=QUARTER), alert("urgent", weight="critical"))
    with archive_in_memory() as db:
        arrived: dict[int, list[int]] = {}
        dead: list[int] = []
        for number, (step, which) in enumerate(steps):
            now = minutes(number)
            if step in ("event", "critical"):
                weight: Weight = "critical" if step == "critical" else "routine"
                told(db, f"{number}", now, to, article=which, weight=weight)
            elif step == "digest":
                close_digests(db, (), now)  # no alert is configured any more: all is due
            elif step == "retry":
                if dead:
                    retry_delivery(db, dead.pop(which % len(dead)), now)
            else:
                turn(db, step, number, arrived, dead)
            check_turns(db)
        close_digests(db, (), minutes(99))
        while turn(db, "sent", 99, arrived, []):
            check_turns(db)
        states = {d.state for d in list_deliveries(db)}
        assert states <= {"delivered", "dead"}
        if not dead and "dead" not in {step for step, _ in steps}:
            everything = [seq for seqs in arrived.values() for seq in seqs]
            assert len(everything) == len(list_events(db))
            assert all(seqs == sorted(seqs) for seqs in arrived.values())


def turn(
    db: Database, step: str, number: int, arrived: dict[int, list[int]], dead: list[int]
) -> bool:
    """One attempt at what is due first, delivered, to be tried again at once, or dead."""
    claimed = claim_deliveries(db, [("desk", 1)], minutes(number), minutes(number))
    if not claimed:
        return False
    (one,) = claimed
    if step == "sent":
        message = load_message(db, one.event_id, "desk")
        events = (message,) if isinstance(message, Material) else message.events
        for each in events:
            assert each.why is not None
            arrived.setdefault(each.article.id, []).append(each.event.seq)
    if step == "dead":
        dead.append(one.id)
    settle_delivery(
        db, one.id, minutes(number), status=200, detail="", delivered=step == "sent",
        retry_at=minutes(number) if step == "failed" else None,
    )  # fmt: skip
    return True


def check_turns(db: Database) -> None:
    """in_turn is true of exactly those that are first in each of their lines."""
    lines: dict[int, list[int]] = {}
    articles: dict[int, set[int]] = {}
    for delivery, seq, article in db.conn.execute(
        "SELECT id, event_seq, article_id FROM delivery WHERE state = 'pending' ORDER BY event_seq"
    ).fetchall():
        of = {article} if article is not None else {
            number for (number,) in db.conn.execute(
                "SELECT article_id FROM alert_decision WHERE digest_seq = ?", (seq,))
        }  # fmt: skip
        articles[delivery] = of
        for each in of:
            lines.setdefault(each, []).append(delivery)
    for delivery, turn_of in db.conn.execute(
        "SELECT id, in_turn FROM delivery WHERE state = 'pending'"
    ):
        assert bool(turn_of) == all(lines[each][0] == delivery for each in articles[delivery])


def test_what_a_removed_alert_gathered_is_sent_at_once() -> None:
    to = audience(alert(every=QUARTER))
    with archive_in_memory() as db:
        told(db, "one", minutes(0), to)
        assert close_digests(db, to.alerts, minutes(1)) == ()
        elsewhere = (replace(to.alerts[0], endpoints=("wire",)),)
        for alerts, why in ((elsewhere, "does not name this webhook"), ((), "no such alert")):
            db.conn.execute("SAVEPOINT before")
            (made,) = close_digests(db, alerts, minutes(1))
            assert why in made.parcel.reason
            db.conn.execute("ROLLBACK TO before")


def test_what_is_late_waits_for_the_end_of_the_quiet_hours() -> None:
    to = audience(alert(every=QUARTER, quiet=NIGHT, quiet_unless="critical"))
    with archive_in_memory() as db:
        told(db, "one", minutes(0), to)
        told(db, "two", minutes(1), to, weight="critical", article=2)
        # The daemon was down until the next night.
        (made,) = close_digests(db, to.alerts, minutes(15 * 60))
        assert made.parcel.articles == 1
        (waiting,) = list_decisions(db, state="gathered")
        assert (waiting.event_id, waiting.rule) == ("one", "quiet")
        assert waiting.until == minutes(23 * 60)


def test_a_clock_that_was_set_back_brings_what_is_gathered_back_as_well() -> None:
    to = audience(alert(every=QUARTER))
    with archive_in_memory() as db:
        told(db, "one", minutes(1000), to)
        pull_in(db, minutes(10))
        (waiting,) = list_decisions(db)
        assert waiting.until == minutes(25)


def test_tallies_count_by_alert_and_endpoint() -> None:
    to = audience(alert("all", every=QUARTER), alert("grave", "wire", weight="critical"))
    with archive_in_memory() as db:
        for number, weight in enumerate(WEIGHTS):
            told(db, f"{number}", minutes(number), to, weight=weight)
        found = [(t.alert, t.endpoint, t.sent, t.gathered, t.suppressed) for t in tallies(db)]
        assert found == [("all", "desk", 0, 4, 0), ("grave", "wire", 1, 0, 3)]
        assert [t.next_at for t in tallies(db)] == [minutes(15), None]


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("DELETE FROM delivery WHERE event_seq = 1", "event now was sent to wire by the alert"),
        ("DELETE FROM delivery WHERE article_id IS NULL", "has no delivery to desk"),
        (
            "UPDATE alert_decision SET state = 'gathered', until = '', digest_seq = NULL"
            " WHERE digest_seq IS NOT NULL AND event_seq = 1",
            "event now is gathered for desk, but a later one of the article was sent",
        ),
        ("UPDATE alert_decision SET article_id = 2", "event now as one of another article"),
        ("UPDATE digest SET endpoint = 'wire'", "is in a digest for another webhook than desk"),
        (
            "UPDATE alert_decision SET digest_seq = NULL, rule = 'match'"
            " WHERE digest_seq IS NOT NULL",
            "tells no event",
        ),
        (
            "UPDATE delivery SET state = 'delivered', next_attempt_at = NULL, settled_at = ''"
            " WHERE article_id IS NULL",
            "counts as delivered, but no attempt",
        ),
    ],
)
def test_verifying_finds_what_does_not_fit(statement: str, fault: str) -> None:
    slow, grave = alert("slow", every=QUARTER), alert("grave", weight="critical")
    to = audience(slow, grave, alert("wire", "wire"))
    with archive_in_memory() as db:
        told(db, "now", minutes(0), to)
        told(db, "then", minutes(1), to, weight="critical")
        told(db, "later", minutes(2), to)
        assert check_alerts(db) == []
        assert db.conn.execute(statement).rowcount > 0
        assert any(fault in each.detail for each in check_alerts(db))


async def test_a_poll_records_what_alerts_made_of_it_with_the_version(
    store: Store, archive: Archive
) -> None:
    to = audience(alert("all", every=QUARTER), alert("grave", "wire", weight="critical"))
    wanted = replace(POLICY, endpoints=to.endpoints, stories={}, alerts=to.alerts)
    await store.sync_articles([watched()], minutes(0))
    await see(store, 1, snapshot("The river rose."), minutes(0), policy=wanted)
    await see(store, 1, snapshot("The river fell."), minutes(1), policy=wanted)
    first, second = archive.decisions()
    assert {(first.endpoint, first.state), (second.endpoint, second.state)} == {
        ("desk", "gathered"), ("wire", "suppressed"),
    }  # fmt: skip
    assert archive.deliveries() == []
    history = await store.history(1)
    stored = [(each.id, each.snapshot_digest) for each in history.versions]
    with pytest.raises(UsageError, match="still wait"):
        await store.rebuild(1, stored, (), "reader 2", minutes(2))
    await store.shift_times(-300.0, minutes(-4))
    assert archive.decisions("gathered")[0].until == minutes(11)
    # Of two daemons one makes the digest.
    made = await asyncio.gather(*(store.close_digests(to.alerts, minutes(20)) for _ in range(2)))
    assert sorted(map(len, made)) == [0, 1]
    (delivery,) = archive.deliveries()
    assert (delivery.event_type, delivery.article_id) == ("alert.digest", None)
    assert delivery.summary == "1 event of 1 article: gathered every 15m"
    assert len(archive.events()) == 1
