"""Alerts over real HTTP: digests arrive, quiet hours and limits hold back and let go."""

from __future__ import annotations

import json
import sqlite3
from datetime import time, timedelta
from typing import Any

from storage.check_alerts import check_alerts
from storage.connection import open_for_reading
from tests.service.rig import MIDDLE, OPENING, World, html, page
from tests.site import Answer
from watcher.core.addressing import size_of
from watcher.core.alerts.alert import Alert
from watcher.core.alerts.digests import MOST_BYTES
from watcher.core.alerts.quiet import QuietHours
from watcher.core.model import EventType
from watcher.dispatch import deliver_due
from watcher.health import Alarm, Surroundings, examine
from watcher.payload import message
from watcher.rehearsal import rehearse

ACCEPTED = Answer(status=204)
DOWN = Answer(status=503)
QUARTER = timedelta(minutes=15)
GONE = Answer(status=404)


async def begin(here: World, *paths: str) -> None:
    """Every article gets its first version; each poll after that sees another headline."""
    for path in paths:
        here.site.on(path, *(html(page(f"River, edition {n}")) for n in range(9)))
    await here.watch(*paths)
    for article in range(1, len(paths) + 1):
        await here.poll(article, after=1.0)


async def later(here: World, *articles: int, minutes: float = 1.0) -> None:
    """So much later these articles are polled, and what is due is delivered."""
    here.clock.advance(minutes * 60)
    for article in articles:
        await here.poll(article, after=0)
    await deliver_due(here.dispatcher)


def bodies(here: World, endpoint: str = "desk") -> list[dict[str, Any]]:
    return [json.loads(asked.body) for asked in here.received(endpoint)]


def told(here: World, endpoint: str = "desk") -> list[list[str]]:
    """The headlines that each message tells of."""
    found = []
    for body in bodies(here, endpoint):
        events = body["data"].get("events", [body])
        found.append([each["data"]["title"] for each in events])
    return found


def sound(here: World) -> bool:
    db = open_for_reading(here.database)
    found = check_alerts(db)
    db.conn.close()
    return found == []


async def test_a_digest_arrives_signed_once_its_time_has_come(here: World) -> None:
    here.alert(Alert("all", ("desk",), every=QUARTER))
    here.site.on("/desk", ACCEPTED)
    await begin(here, "/a", "/b")
    await later(here, 1, 2)
    await later(here, 1)
    assert here.site.asked("/desk") == []
    await later(here, minutes=14)
    (body,) = bodies(here)
    assert body["type"] == "alert.digest"
    assert body["data"]["alert"] == {"name": "all", "reason": "gathered every 15m"}
    first, *lines = body["data"]["text"].splitlines()
    assert first == "3 events of 2 articles: gathered every 15m"
    assert len(lines) == 3
    assert lines[0].startswith("River, edition 1: ")
    assert (body["data"]["part"], body["data"]["parts"]) == (1, 1)
    with here.archive() as archive:
        events = archive.events()
        assert [each["id"] for each in body["data"]["events"]] == [each.id for each in events]
        alone = [each["data"] for each in body["data"]["events"]]
        assert [each["alert"]["name"] for each in alone] == ["all"] * 3
        assert [d.state for d in archive.deliveries()] == ["delivered"]
        (asked,) = here.site.asked("/desk")
        assert asked.headers["webhook-id"] not in {each.id for each in events}
        assert archive.decisions("gathered") == []
    await later(here, minutes=60)
    assert len(here.site.asked("/desk")) == 1
    assert sound(here)


async def test_a_digest_goes_without_an_event_that_cannot_be_made(here: World) -> None:
    here.alert(Alert("all", ("desk",), every=QUARTER))
    here.site.on("/desk", ACCEPTED)
    await begin(here, "/a", "/b")
    await later(here, 1, 2)
    with here.archive() as archive:
        first, second = archive.events()
    db = sqlite3.connect(here.database)
    db.execute("UPDATE change SET edits = 'damaged' WHERE version_id = ?", (first.version_id,))
    db.commit()
    await later(here, minutes=16)
    (body,) = bodies(here)
    assert [each["id"] for each in body["data"]["events"]] == [second.id]
    assert body["data"]["left_out"] == [{"id": first.id, "text": first.summary}]
    assert body["data"]["text"].splitlines()[-1].endswith(first.summary)
    with here.archive() as archive:
        ((delivery, attempts),) = [archive.delivery(each.id) for each in archive.deliveries()]
        assert delivery.state == "delivered"
        assert attempts[-1].detail.startswith(f"left out: {first.id} (")
        problems = examine(archive, Surroundings(("desk",), None), here.clock.now()).problems
        assert Alarm.DIGEST_PARTIAL in [each.alarm for each in problems]
    db.close()
    here.clock.advance(7 * 24 * 3600 + 1)
    with here.archive() as archive:
        later_on = examine(archive, Surroundings(("desk",), None), here.clock.now()).problems
    assert Alarm.DIGEST_PARTIAL not in [each.alarm for each in later_on]


async def test_what_is_sent_at_once_says_why(here: World) -> None:
    gone = Alert("gone", ("desk",), events=(EventType.UNPUBLISHED,), weight="critical")
    here.alert(gone, Alert("wire", ("wire",), publishers=("example.org",)))
    here.site.on("/desk", ACCEPTED)
    here.site.on("/a", html(page("River")), GONE, GONE)
    await here.watch("/a")
    for _ in range(3):
        await later(here, 1)
    (body,) = bodies(here)
    assert body["type"] == "article.unpublished"
    reason = "article.unpublished; weight critical"
    assert body["data"]["alert"] == {"name": "gone", "reason": reason}
    with here.archive() as archive:
        (suppressed,) = archive.decisions("suppressed")
    assert (suppressed.endpoint, suppressed.alert, suppressed.rule) == (
        "wire", "wire", "publishers",
    )  # fmt: skip
    assert suppressed.reason == "its publisher is 127.0.0.1, not example.org"


async def test_a_digest_is_tried_again_with_the_same_bytes_and_keeps_its_place(
    here: World,
) -> None:
    slow = Alert("slow", ("desk",), every=QUARTER)
    here.alert(slow, Alert("urgent", ("desk",), events=(EventType.UNPUBLISHED,)))
    here.site.on("/desk", DOWN, DOWN, ACCEPTED)
    here.site.on("/a", html(page("One")), html(page("Two", OPENING)), GONE, GONE)
    here.site.on("/b", html(page("Three")), html(page("Four", MIDDLE)))
    await here.watch("/a", "/b")
    await later(here, 1, 2)
    await later(here, 1, 2)
    await later(here, minutes=15)
    # The digest of both articles failed: what is critical of the first must wait for it.
    await later(here, 1)
    await later(here, 1)
    assert [body["type"] for body in bodies(here)] == ["alert.digest"] * 2
    await later(here, minutes=30)
    first, second, third, last = here.received("desk")
    assert first.body == second.body == third.body
    assert len({asked.headers["webhook-id"] for asked in (first, second, third)}) == 1
    assert json.loads(last.body)["type"] == "article.unpublished"


async def test_a_limit_gathers_what_is_over_it(here: World) -> None:
    here.alert(Alert("few", ("desk",), limit=2))
    here.site.on("/desk", ACCEPTED)
    await begin(here, "/a")
    for _ in range(5):
        await later(here, 1)
    assert len(told(here)) == 2
    await later(here, minutes=55)
    assert len(told(here)) == 2
    await later(here, minutes=1)
    assert told(here) == [
        ["River, edition 1"],
        ["River, edition 2"],
        ["River, edition 3", "River, edition 4", "River, edition 5"],
    ]
    assert bodies(here)[2]["data"]["alert"]["reason"] == "more than 2 in an hour"
    assert sound(here)


async def test_quiet_hours_hold_and_let_go(here: World) -> None:
    # The world begins at 06:00.
    here.alert(Alert("day", ("desk",), quiet=QuietHours(time(22), time(7))))
    here.site.on("/desk", ACCEPTED)
    await begin(here, "/a")
    await later(here, 1, minutes=20)
    await later(here, 1, minutes=20)
    assert told(here) == []
    await later(here, minutes=20)
    assert told(here) == [["River, edition 1", "River, edition 2"]]
    await later(here, 1, minutes=1)
    assert told(here)[1] == ["River, edition 3"]


async def test_alerts_that_go_lose_nothing(here: World) -> None:
    here.alert(Alert("all", ("desk",), every=timedelta(days=1)))
    here.site.on("/desk", ACCEPTED)
    await begin(here, "/a")
    await later(here, 1)
    here.alert(also=("desk",))
    await later(here)
    (body,) = bodies(here)
    assert "no such alert any more" in body["data"]["alert"]["reason"]
    # With no webhook left there is nobody to send to: it waits.
    here.alert(Alert("all", ("desk",), every=timedelta(days=1)))
    await later(here, 1)
    here.alert()
    await later(here, minutes=3000)
    with here.archive() as archive:
        assert len(archive.decisions("gathered")) == 1
        problems = examine(archive, Surroundings([], None), here.clock.now()).problems
    (problem,) = (each for each in problems if each.alarm is Alarm.DELIVERIES_UNCONFIGURED)
    assert problem.what == "1 delivery waits for desk, which is not in the configuration"


async def test_the_sizes_by_which_digests_are_cut_are_about_right(here: World) -> None:
    here.alert(Alert("all", ("desk",), every=QUARTER))
    long = [f"{MIDDLE} It was the hour {n}, and nobody slept. «Ça suffit»" for n in range(60)]
    here.site.on("/a", html(page("One", *long)), html(page("Two", *long[::-1], OPENING)))
    await here.watch("/a")
    await later(here, 1)
    await later(here, 1)
    with here.archive() as archive:
        (event,) = archive.events()
        material = archive.material(event.id)
        assert material.pair is not None
        real, estimated = len(message(material).body), size_of(material.pair.change)
    assert 0.5 < real / estimated < 1.2
    assert real < MOST_BYTES


async def test_a_rehearsal_tells_what_was_done(here: World) -> None:
    hours = QuietHours(time(7), time(8))
    here.alert(
        Alert("gathers", ("desk",), every=QUARTER, quiet=hours, weight="notable"),
        Alert("few", ("desk", "wire"), removed=(r"/boat \d+/",), limit=2),
        Alert("gone", ("wire",), events=(EventType.UNPUBLISHED, EventType.RESTORED)),
    )
    here.site.on("/desk", ACCEPTED)
    here.site.on("/wire", ACCEPTED)
    texts = [(MIDDLE, f"They saw {n // 2} boats", f"and boat {n // 4} sank.") for n in range(30)]
    pages = [GONE if n % 9 > 6 else html(page("River", *text)) for n, text in enumerate(texts)]
    here.site.on("/a", *pages)
    await here.watch("/a")
    for number in range(150):
        await later(here, *[1][: number % 5 == 0])
    await later(here, minutes=61)
    await later(here, minutes=61)
    with here.archive() as archive:
        rehearsal = rehearse(archive, archive.article("1"), here.poller.policy.audience)
        decided = {(each.event_id, each.endpoint): each for each in archive.decisions()}
    said = {(e.event.id, r.endpoint): r for e in rehearsal.events for r in e.routings}
    assert {each.rule for each in decided.values()} == {
        "match", "every", "quiet", "limit", "removed",
    }  # fmt: skip
    assert {
        key: (each.alert, each.reason, "gathered" if each.digest else each.state)
        for key, each in decided.items()
    } == {key: (each.alert, each.reason, each.state) for key, each in said.items()}
    made: dict[str, set[str]] = {}
    for (event, _), each in decided.items():
        if each.digest is not None:
            made.setdefault(each.digest, set()).add(event)
    ids = {each.event.seq: each.event.id for each in rehearsal.events}
    planned = [sorted(ids[seq] for seq in each.parcel.events) for each in rehearsal.digests]
    assert sorted(planned) == sorted(map(sorted, made.values()))
    assert sound(here)


async def test_digests_of_a_disabled_webhook_wait_and_come_in_order(here: World) -> None:
    here.alert(Alert("all", ("desk",), every=QUARTER), Alert("no", ("desk",), added=("sirens",)))
    here.site.on("/desk", Answer(status=410), ACCEPTED)
    await begin(here, "/a")
    for number in range(40):
        await later(here, *[1][: number % 8 == 0])
    assert len(here.site.asked("/desk")) == 1
    with here.archive() as archive:
        assert [d.state for d in archive.deliveries()] == ["pending"] * 2
        assert len(archive.decisions("gathered")) == 1
    await here.store.enable_endpoint("desk")
    for _ in range(3):
        await later(here, minutes=10)
    seen = [title for each in told(here)[1:] for title in each]
    assert seen == [f"River, edition {n}" for n in range(1, 6)]
    assert sound(here)
