"""Alerts: which events they match and why, and when each is sent. Nothing is ever lost."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from time import process_time as processor_time
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.core.alerts.alert import Alert, Audience, Occasion
from watcher.core.alerts.digests import MOST_EVENTS
from watcher.core.alerts.matching import candidates, judge
from watcher.core.alerts.quiet import QuietHours
from watcher.core.alerts.replay import Happened, Replay, replay
from watcher.core.alerts.timing import HOUR, Routing, Traffic, settle
from watcher.core.alerts.wanted import MOST_REPEATS, Passage, shown
from watcher.core.compare import compare
from watcher.core.model import (
    WEIGHTS,
    Change,
    EventType,
    Finding,
    Notice,
    Paragraph,
    Snapshot,
    Weight,
)
from watcher.core.regexes import regex_fault

T0 = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
EVERYTHING = frozenset(EventType)
TOLL = Finding("number-changed", "Death toll 12 → 17", "12", "17", (), "notable", 5.0)


def minutes(count: float) -> datetime:
    return T0 + timedelta(minutes=count)


def change(old: list[str], new: list[str], *notices: str, headline: str = "River") -> Change:
    def read(texts: list[str], title: str, *said: str) -> Snapshot:
        told = tuple(Notice("correction", text) for text in said)
        paragraphs = tuple(Paragraph("paragraph", text) for text in texts)
        return Snapshot(title, None, None, None, paragraphs, notices=told)

    return compare(read(old, "River"), read(new, headline, *notices))


def occasion(**given: Any) -> Occasion:
    usual: dict[str, Any] = {
        "type": EventType.UPDATED,
        "story": "flood",
        "url": "https://www.news.example/flood",
        "publisher": "The Weir Gazette",
        "weight": "notable",
        "findings": (TOLL,),
    }
    return Occasion(**{**usual, **given})


def alert(name: str = "tolls", *endpoints: str, **given: Any) -> Alert:
    return Alert(name, endpoints or ("desk",), **given)


def audience(*alerts: Alert, **more: Any) -> Audience:
    names = {name for each in alerts for name in each.endpoints}
    return Audience(**{"endpoints": dict.fromkeys(names, EVERYTHING), "alerts": alerts, **more})


@pytest.mark.parametrize(
    ("given", "rule", "reason"),
    [
        ({}, "match", "every event"),
        ({"stories": ("flood", "storm")}, "match", "story flood"),
        ({"stories": ("storm",)}, "stories", "its story is flood, not storm"),
        ({"publishers": ("the weir gazette",)}, "match", "publisher The Weir Gazette"),
        ({"publishers": ("news.example",)}, "match", "publisher The Weir Gazette"),
        (
            {"publishers": ("ews.example", "Example News")},
            "publishers",
            "its publisher is The Weir Gazette, not ews.example or Example News",
        ),
        ({"weight": "notable"}, "match", "weight notable"),
        ({"weight": "critical"}, "weight", "its weight is notable, less than critical"),
        ({"events": (EventType.UPDATED,)}, "match", "article.updated"),
        ({"events": (EventType.MOVED,)}, "events", "it is article.updated, not article.moved"),
        ({"kinds": ("name-added", "number-*")}, "match", "number-changed"),
        (
            {"kinds": ("correction-*",)},
            "kinds",
            "no finding is correction-* (found: number-changed)",
        ),
        (
            {"weight": "routine", "kinds": ("number-changed",), "stories": ("flood",)},
            "match",
            "story flood; weight notable; number-changed",
        ),
    ],
)
def test_an_alert_says_why_it_matches_or_what_stands_against_it(
    given: dict[str, Any], rule: str, reason: str
) -> None:
    said = judge(alert(**given), occasion())
    assert (said.rule, said.reason) == (rule, reason)


OLD = ["The hospital was hit at noon.", "Twelve people were hurt in the lower town."]
NEW = ["The hospital was hit by two drones at noon.", "Twelve people were hurt in the lower town."]


@pytest.mark.parametrize(
    ("key", "wanted", "found"),
    [
        ("added", "drones", 'drones" in added'),
        ("added", "DRONES", 'drones" in added'),
        ("added", "two drones", 'two drones" in added'),
        # Of several words one must be new, and all must stand there.
        ("added", "drones hospital", 'drones hospital" in added'),
        ("added", "hospital", None),
        ("added", "drones lower", None),
        ("added", "drone", None),
        ("added", "/drones?/", 'drones" in added'),
        ("added", r"/HIT BY (two|three)/", 'hit by two" in added'),
        ("added", r"/hospital was/", None),
        ("added", r"/noon\.$/", None),
        ("removed", "drones", None),
    ],
)
def test_words_and_patterns_are_looked_for_in_what_is_new(
    key: str, wanted: str, found: str | None
) -> None:
    said = judge(alert(**{key: ("nowhere", wanted)}), occasion(change=change(OLD, NEW)))
    if found is None:
        assert said.rule == key
        assert said.reason == f'no {key} text has "nowhere" or {shown(wanted)}'
    else:
        assert (said.rule, said.reason) == ("match", f'"{found} text')


def test_every_range_of_a_passage_is_fresh_and_nothing_between() -> None:
    passage = Passage("abcdefghij", ((1, 3), (5, 6), (8, 10)))
    fresh = {1, 2, 5, 8, 9}
    for start in range(10):
        for end in range(start + 1, 11):
            assert passage.touches(start, end) == bool(fresh & set(range(start, end)))


def test_what_was_removed_stands_on_the_other_side() -> None:
    back = occasion(change=change(NEW, OLD))
    assert judge(alert(removed=("drones",)), back).rule == "match"
    assert judge(alert(added=("drones",)), back).rule == "added"


def test_headline_and_notices_are_texts_too_and_a_move_is_none() -> None:
    moved = change(OLD, [OLD[1], OLD[0]])
    assert judge(alert(added=("hospital",)), occasion(change=moved)).rule == "added"
    told = change(OLD, OLD, "An earlier version misstated the hour.", headline="River: quay gone")
    assert judge(alert(added=("quay",)), occasion(change=told)).rule == "match"
    assert judge(alert(added=("misstated",)), occasion(change=told)).rule == "match"
    assert judge(alert(added=("quay",)), occasion()).rule == "added"


def test_accents_quotes_and_scripts_without_spaces() -> None:
    new = change([], ["Müller said “tomorrow’s” talks are off.", "新しい病院が攻撃された。"])
    for wanted in ("muller", "tomorrow's", "病院"):
        assert judge(alert(added=(wanted,)), occasion(change=new)).rule == "match"
    assert judge(alert(added=("tomorrow",)), occasion(change=new)).rule == "match"
    assert judge(alert(added=("morrow",)), occasion(change=new)).rule == "added"


def test_a_pattern_is_found_anywhere_in_a_long_text() -> None:
    for at in range(0, 1200, 37):
        text = "x " * at + "seventeen people dead" + " y" * 600
        long = occasion(change=change(["nothing"], [text]))
        assert judge(alert(added=(r"/\w+ people dead/",)), long).rule == "match", at
        # The end of a piece is not the end of the text.
        assert judge(alert(added=(r"/x$/",)), long).rule == "added", at


@pytest.mark.parametrize("pattern", ["/.*hospital.*/", "/hospital.*/", r"/hospital\b[^!]*/"])
def test_a_pattern_that_goes_on_to_the_end_is_found_in_a_long_text(pattern: str) -> None:
    for at in range(0, 1200, 37):
        text = "x " * at + "they left the hospital in the night" + " y" * 600
        long = occasion(change=change(["nothing"], [text]))
        assert judge(alert(added=(pattern,)), long).rule == "match", at
        for never in (r"/.*hosp\b/", r"/.* y x$/", r"/x.*x$/"):
            assert judge(alert(added=(never,)), long).rule == "added", (at, never)


def test_no_page_makes_a_pattern_take_for_ever() -> None:
    hostile = occasion(change=change(["x"], ["a" * 1_000_000]))
    for pattern in (r"/\w*\w*!/", r"/(a?b?c?)\w*x/", r"/a.*b.*c/"):
        assert regex_fault(pattern[1:-1], MOST_REPEATS) is None
        start = processor_time()
        assert judge(alert(added=(pattern,)), hostile).rule == "added"
        assert processor_time() - start < 10  # it takes less than one


def test_a_webhook_gets_only_the_events_it_takes() -> None:
    to = audience(alert(), endpoints={"desk": frozenset({EventType.MOVED})})
    (found,) = candidates(occasion(), to)
    assert (found.hits, found.rule) == ((), "webhook")
    assert found.reason == "the webhook does not take article.updated"


def test_the_alert_that_came_nearest_is_named_and_each_says_why_not() -> None:
    to = audience(
        alert("storms", stories=("storm",)),
        alert("grave", stories=("flood",), weight="critical"),
        alert("other", "wire"),
    )
    desk, wire = candidates(occasion(), to)
    assert (desk.alert, desk.rule) == ("grave", "weight")
    assert desk.reason == (
        "storms: its story is flood, not storm; grave: its weight is notable, less than critical"
    )
    assert [hit.alert.name for hit in wire.hits] == ["other"]


def happened(seq: int, at: float, article: int = 1, weight: Weight = "notable") -> Happened:
    return Happened(seq, minutes(at), article, occasion(weight=weight))


def states(told: Replay, seq: int) -> list[tuple[str, str, str]]:
    return [(r.endpoint, r.state, r.rule) for r in told.routings[seq]]


def digests(told: Replay) -> list[tuple[float, tuple[int, ...]]]:
    return [((m.at - T0) / timedelta(minutes=1), m.parcel.events) for m in told.messages]


def test_without_times_a_match_is_sent_at_once() -> None:
    told = replay([happened(1, 0), happened(2, 0, weight="routine")], audience(
        alert(weight="notable"))
    )  # fmt: skip
    assert states(told, 1) == [("desk", "sent", "match")]
    assert states(told, 2) == [("desk", "suppressed", "weight")]
    assert told.messages == []


def test_every_gathers_into_one_digest_that_begins_with_the_first_event() -> None:
    events = [happened(1, 0), happened(2, 7, 2), happened(3, 15), happened(4, 16)]
    told = replay(events, audience(alert(every=timedelta(minutes=15))))
    assert {r.rule for rs in told.routings.values() for r in rs} == {"every"}
    assert digests(told) == [(15, (1, 2, 3)), (31, (4,))]
    assert told.messages[0].parcel.articles == 2
    assert told.messages[0].parcel.reason == "gathered every 15m"


BERLIN = QuietHours(time(22), time(7), ZoneInfo("Europe/Berlin"), "Europe/Berlin")


def test_quiet_hours_hold_until_they_end_save_what_is_heavy() -> None:
    # 21:30, 22:30, 23:00 and 07:30 in Berlin.
    events = [
        happened(1, 510),
        happened(2, 570),
        happened(3, 600, 2, "critical"),
        happened(4, 1110),
    ]
    told = replay(events, audience(alert(quiet=BERLIN, quiet_unless="critical")))
    assert [states(told, n)[0][1:] for n in (1, 2, 3, 4)] == [
        ("sent", "match"), ("gathered", "quiet"), ("sent", "match"), ("sent", "match"),
    ]  # fmt: skip
    assert digests(told) == [(1080, (2,))]
    assert told.routings[2][0].held == "quiet hours 22:00-07:00 Europe/Berlin"


def test_an_event_that_cannot_wait_takes_those_before_it_along() -> None:
    events = [happened(1, 570), happened(2, 575, 2), happened(3, 600, 1, "critical")]
    told = replay(events, audience(alert(quiet=BERLIN, quiet_unless="critical")))
    assert digests(told) == [(600, (1,)), (1080, (2,))]
    assert "before a later event of the article" in told.messages[0].parcel.reason


def test_a_limit_gathers_what_is_over_it_for_the_next_free_place() -> None:
    events = [happened(n, n, n) for n in range(1, 6)]
    told = replay(events, audience(alert(limit=2)))
    assert [states(told, n)[0][1:] for n in range(1, 6)] == [
        *[("sent", "match")] * 2, *[("gathered", "limit")] * 3,
    ]  # fmt: skip
    assert digests(told) == [(61, (3, 4, 5))]
    assert told.routings[5][0].held == "more than 2 in an hour"


def test_many_events_become_several_digests() -> None:
    events = [happened(n, 0.001 * n, n) for n in range(1, 2 * MOST_EVENTS + 2)]
    told = replay(events, audience(alert(every=timedelta(hours=1))))
    assert [(len(m.parcel.events), m.parcel.part, m.parcel.parts) for m in told.messages] == [
        (MOST_EVENTS, 1, 3), (MOST_EVENTS, 2, 3), (1, 3, 3),
    ]  # fmt: skip
    large = [replace(happened(n, 0, n), size=600_000) for n in range(3)]
    told = replay(large, audience(alert(every=timedelta(hours=1))))
    assert [m.parcel.events for m in told.messages] == [(0,), (1,), (2,)]


def test_of_several_alerts_the_one_that_sends_first_counts() -> None:
    slow = alert("all", every=timedelta(hours=1))
    told = replay([happened(1, 0)], audience(slow, alert("tolls", weight="notable")))
    assert told.routings[1] == (Routing("desk", "sent", "tolls", "match", "weight notable"),)
    told = replay([happened(1, 0)], audience(slow, alert("some", every=timedelta(minutes=5))))
    assert told.routings[1][0].alert == "some"


def test_a_digest_that_is_late_does_not_hold_what_another_alert_sends_at_once() -> None:
    slow, urgent = alert("slow", every=timedelta(hours=1)), alert("urgent", weight="critical")

    def late(name: str, endpoint: str) -> Traffic:
        return Traffic((), (minutes(-5), "every") if name == "slow" else None)

    (found,) = candidates(occasion(weight="critical"), audience(slow, urgent))
    settled = settle(found, "critical", late, minutes(0))
    assert settled is not None
    assert (settled.state, settled.alert) == ("sent", "urgent")
    (found,) = candidates(occasion(), audience(slow, urgent))
    settled = settle(found, "notable", late, minutes(0))
    assert settled is not None
    assert (settled.state, settled.until) == ("gathered", minutes(-5))


def test_a_webhook_that_a_story_names_gets_everything_at_once_and_only_once() -> None:
    to = audience(alert(weight="critical", every=timedelta(hours=1)), stories={"flood": ("desk",)})
    told = replay([happened(1, 0), happened(2, 1, weight="critical")], to)
    assert told.routings[1] == (
        Routing("desk", "sent", "", "named", "story flood names this webhook"),
    )
    assert told.routings[2] == (Routing("desk", "sent", "tolls", "named", "weight critical"),)
    assert told.messages == []


SPANS = st.integers(1, 300).map(lambda n: timedelta(minutes=n))
HOURS = st.tuples(st.integers(0, 23), st.integers(0, 23)).filter(lambda h: h[0] != h[1])
ALERTS = st.builds(
    Alert,
    name=st.sampled_from(["a", "b", "c"]),
    endpoints=st.sampled_from([("desk",), ("wire",), ("desk", "wire")]),
    weight=st.sampled_from(WEIGHTS),
    every=st.none() | SPANS,
    quiet=st.none() | HOURS.map(lambda h: QuietHours(time(h[0]), time(h[1]))),
    quiet_unless=st.none() | st.sampled_from(WEIGHTS),
    limit=st.none() | st.integers(1, 4),
)
AUDIENCES = st.lists(ALERTS, min_size=1, max_size=3, unique_by=lambda each: each.name).map(
    lambda found: audience(*found)
)
EVENTS = st.lists(
    st.tuples(st.integers(0, 4000), st.integers(1, 3), st.sampled_from(WEIGHTS)), max_size=25
).map(
    lambda drawn: [
        happened(seq, at / 2, article, weight)
        for seq, (at, article, weight) in enumerate(sorted(drawn))
    ]
)


@given(EVENTS, AUDIENCES)
def test_every_event_is_exactly_once_sent_gathered_or_suppressed_and_nothing_is_lost(
    events: list[Happened], to: Audience
) -> None:
    told = replay(events, to)
    assert told.waiting == []
    in_digests = Counter((seq, m.parcel.endpoint) for m in told.messages for seq in m.parcel.events)
    assert set(in_digests.values()) <= {1}
    endpoints = {name for each in to.alerts for name in each.endpoints}
    for event in events:
        routings = told.routings[event.seq]
        assert Counter(r.endpoint for r in routings) == Counter(endpoints)
        for routing in routings:
            matched = any(
                judge(each, event.occasion).rule == "match"
                for each in to.alerts
                if routing.endpoint in each.endpoints
            )
            assert matched == (routing.state != "suppressed")
            gathered = routing.state == "gathered"
            assert in_digests[event.seq, routing.endpoint] == gathered
            assert routing.reason
            if gathered:
                assert routing.held


@given(EVENTS, AUDIENCES)
def test_a_receiver_gets_the_events_of_an_article_in_order(
    events: list[Happened], to: Audience
) -> None:
    told = replay(events, to)
    article = {event.seq: event.article for event in events}
    came: list[tuple[datetime, int, str, tuple[int, ...]]] = [
        (m.at, 0, m.parcel.endpoint, m.parcel.events) for m in told.messages
    ]
    came += [
        (event.at, 1, routing.endpoint, (event.seq,))
        for event in events
        for routing in told.routings[event.seq]
        if routing.state == "sent"
    ]
    came.sort(key=lambda each: each[:2])
    lines: dict[tuple[str, int], list[int]] = {}
    for _, _, endpoint, seqs in came:
        for seq in seqs:
            lines.setdefault((endpoint, article[seq]), []).append(seq)
    for line in lines.values():
        assert line == sorted(line)


@given(EVENTS, AUDIENCES)
def test_limits_and_quiet_hours_are_kept(events: list[Happened], to: Audience) -> None:
    told = replay(events, to)
    weights = {event.seq: event.occasion.weight for event in events}
    for each in to.alerts:
        for endpoint in each.endpoints:
            single = [
                (event.at, (event.seq,))
                for event in events
                for r in told.routings[event.seq]
                if r.state == "sent" and (r.alert, r.endpoint) == (each.name, endpoint)
            ]
            made = [
                (m.at, m.parcel.events)
                for m in told.messages
                if (m.parcel.alert, m.parcel.endpoint) == (each.name, endpoint)
                # What is sent before its time, for the order of an article, is not held back.
                and "before a later event" not in m.parcel.reason
            ]
            times = sorted(at for at, _ in (*single, *made))
            if each.limit is not None:
                for at in times:
                    assert sum(at - HOUR < other <= at for other in times) <= each.limit
            for at, seqs in (*single, *made):
                if each.quiet is not None and each.quiet.holds(at):
                    assert any(each.is_urgent(weights[seq]) for seq in seqs)
