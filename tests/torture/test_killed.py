"""A daemon killed again and again loses nothing, tells nothing twice over, and goes on."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

from bench._torture_judging import Judgement, is_due, judge, judge_arrivals, were_seen
from bench._torture_killing import Life, tortured
from bench._torture_surroundings import ENDPOINTS, Arrival, Edition
from storage.outbox import EventRecord
from tests.storage.builders import T0

KILLS = 10


async def life(folder: Path, seed: int) -> Judgement:
    folder.mkdir()
    async with tortured(folder, seed, articles=2, longest=0.9, quick=0.3, slow=4.0) as torture:
        await torture.kill_often(KILLS)
        await torture.come_to_rest()
        return await judge(torture, None)


async def test_twenty_kills_lose_nothing(tmp_path: Path) -> None:
    """Two archives side by side, ten kills each: most of the time is Python starting."""
    for found in await asyncio.gather(life(tmp_path / "a", 1), life(tmp_path / "b", 2)):
        assert found.faults == []
        assert found.losses == []
        assert found.kills == KILLS
        assert found.due >= 2  # the last editions, at least
        assert found.seen >= 2
        assert found.events > 0
        assert found.arrivals >= found.deliveries == 4 * found.events
        assert found.digests > 0 or found.events <= 3  # more than the limit


def test_every_event_must_come_to_every_endpoint_in_one_message_and_in_order() -> None:
    events = [
        EventRecord(n, f"e{n}", "article.updated", 1, n + 1, T0, "", "", "flood", "routine", 1.0)
        for n in (1, 2, 3)
    ]
    alone = [arrival(name, (n,)) for name in ENDPOINTS for n in (1, 2, 3)]
    pager = arrival("pager", (1, 2, 3))
    paper = arrival("paper", (1, 2))
    good = [*alone, replace(paper, accepted=False), paper, arrival("paper", (3,)), pager, pager]
    assert complaints(events, good) == []
    assert complaints(events, [a for a in good if a.told != (("e3", 1),)]) == [
        f"event e3 never reached {name}" for name in ("desk", "wire", "paper")
    ]
    refused = [replace(a, accepted=a.endpoint != "pager") for a in good]
    assert complaints(events, refused) == [f"event e{n} never reached pager" for n in (1, 2, 3)]
    assert complaints(events, [*good, arrival("paper", (3,), "d9")]) == [
        "event e3 came to paper in 2 messages"
    ]
    late = [*good[:-2], arrival("pager", (3,)), arrival("pager", (1, 2))]
    assert complaints(events, late) == ["message 1-2 came after a later one"]
    mixed = [*good[:-2], arrival("pager", (2, 1, 3))]
    assert complaints(events, mixed) == ["message 2-1-3 came after a later one"]
    assert complaints(events[:2], good) == [
        "event e3 was told, but is not in the archive"
        for told in good for event, _ in told.told if event == "e3"
    ]  # fmt: skip


def arrival(
    endpoint: str, told: tuple[int, ...], message: str = "", *, accepted: bool = True
) -> Arrival:
    """A message of these events of one article."""
    name = message or "-".join(map(str, told))
    return Arrival(endpoint, name, tuple((f"e{n}", 1) for n in told), accepted)


def complaints(events: list[EventRecord], arrivals: list[Arrival]) -> list[str]:
    found = Judgement()
    judge_arrivals(events, arrivals, found)
    return [*found.losses, *found.faults]


def test_an_edition_is_due_only_where_one_daemon_could_see_it() -> None:
    lives = [Life(9.6, 10.0, 14.0), Life(19.0, 20.0, 24.5), Life(25.0, float("inf"), 29.0)]
    others = [[10.5, 11.5, 12.5, 13.5, 21.0, 22.0, 25.0, 26.0, 27.0]]
    assert is_due(Edition(1, since=11.0, until=18.0), lives, others, [])
    assert not is_due(Edition(1, since=11.5, until=21.0), lives, others, [])
    assert not is_due(Edition(1, since=0.0, until=12.9), lives, others, [])
    # The second daemon was slow with the other article as well; the third never was ready.
    assert not is_due(Edition(1, since=20.0, until=24.4), lives, others, [])
    assert not is_due(Edition(1, since=24.6, until=29.0), lives, others, [])
    assert is_due(Edition(1, since=30.0), lives, others, [])
    # The daemon that asked before may still be reading; one that asked twice since is not.
    assert not is_due(Edition(1, since=10.5, until=18.0), lives, others, [10.2])
    assert is_due(Edition(1, since=10.5, until=18.0), lives, others, [10.2, 12.0, 13.0])


def test_an_edition_is_seen_if_the_daemon_that_had_it_asked_again() -> None:
    lives = [Life(9.0, 10.0, 14.0), Life(19.0, 20.0, 24.5)]
    editions = [
        Edition(1, since=0.0, until=12.5, served=[11.0, 12.0]),
        Edition(2, since=12.5, until=13.5, served=[13.0]),
        Edition(3, since=13.5, until=20.5, served=[13.9, 20.2]),
        Edition(4, since=20.5, served=[21.0]),
    ]
    # The second was followed by another request; the third once, but in the second life.
    assert were_seen(editions, lives) == {1, 2, 3}
    assert were_seen(editions, lives[:1]) == {1, 2}
