"""Store conformance: articles, leases, the schedule."""

from __future__ import annotations

from datetime import timedelta

import pytest

from storage.archive import Archive
from storage.articles import WatchedArticle
from storage.store import Store
from tests.storage.builders import (
    INTERVAL,
    POLICY,
    URL,
    due,
    extracted,
    failed,
    minutes,
    not_modified,
    see,
    snapshot,
    watched,
)
from watcher.core.decide import decide
from watcher.core.schedule.terms import Terms
from watcher.errors import StaleDecision, UsageError

A, B, C = (f"https://{name}.example/story" for name in "abc")


async def test_a_new_article_is_due_at_once_and_knows_nothing(store: Store) -> None:
    result = await store.sync_articles([watched()], minutes(0))
    assert (len(result.added), result.retired) == (1, ())
    [state] = await due(store, minutes(0))
    assert (state.url, state.story, state.interval) == (URL, "flood", INTERVAL)
    assert (state.health, state.failures, state.missing, state.latest) == ("new", 0, 0, None)
    assert state.memory.validators is state.memory.body_digest is state.memory.fingerprint is None
    assert state.due == minutes(0)


async def test_the_same_configuration_again_changes_nothing(store: Store) -> None:
    await store.sync_articles([watched()], minutes(0))
    before = await store.state(1)
    result = await store.sync_articles([watched()], minutes(5))
    assert (result.added, result.retired) == ((), ())
    assert await store.state(1) == before


async def test_two_spellings_of_one_url_are_one_article(store: Store, archive: Archive) -> None:
    spellings = [
        watched(A),
        watched(A + "/?utm_source=x"),
        watched(A.upper().replace("STORY", "story")),
    ]
    await store.sync_articles(spellings, minutes(0))
    assert [article.url for article in archive.articles()] == [A]


async def test_a_configured_address_of_a_watched_article_is_told(store: Store) -> None:
    await store.sync_articles([watched(A)], minutes(0))
    await see(store, 1, snapshot("one"), minutes(0), moved_to=B)
    result = await store.sync_articles([watched(A), watched(B), watched(C)], minutes(1))
    assert (result.added, result.retired, result.same) == ((2,), (), ((B, 1),))
    assert (await store.state(1)).url == A
    # Alone in the configuration, it stands for the article itself.
    assert (await store.sync_articles([watched(B)], minutes(2))).same == ()
    assert (await store.state(1)).url == B


async def test_the_last_redirect_is_known(store: Store) -> None:
    await store.sync_articles([watched(A)], minutes(0))
    assert await store.redirect_of(1) is None
    await see(store, 1, snapshot("one"), minutes(0), moved_to=B)
    await see(store, 1, snapshot("one"), minutes(1), moved_to=C)
    assert await store.redirect_of(1) == C


async def test_a_removed_article_keeps_its_history_and_comes_back_as_itself(
    store: Store, archive: Archive
) -> None:
    await store.sync_articles([watched(A), watched(B)], minutes(0))
    await see(store, 1, snapshot("one"), minutes(0))
    assert (await store.sync_articles([watched(B)], minutes(1))).retired == (1,)
    assert [state.id for state in await due(store, minutes(30))] == [2]
    assert [article.versions for article in archive.articles()] == [1, 0]
    assert [article.id for article in archive.articles(removed=False)] == [2]
    assert (await store.sync_articles([watched(A), watched(B)], minutes(31))).added == ()
    assert [state.id for state in await due(store, minutes(31))] == [1]


async def test_a_shorter_interval_counts_at_once_and_a_longer_one_later(store: Store) -> None:
    await store.sync_articles([watched(A), watched(B)], minutes(0))
    for article_id in (1, 2):
        await see(store, article_id, snapshot("one"), minutes(0))
    await store.sync_articles([watched(A, interval=60), watched(B, interval=6000)], minutes(1))
    assert [state.id for state in await due(store, minutes(1))] == [1]
    assert (await store.state(2)).due == minutes(10)
    assert (await store.state(2)).interval == 6000


async def test_a_poll_under_way_does_not_undo_a_new_interval(store: Store) -> None:
    await store.sync_articles([watched()], minutes(0))
    [state] = await due(store, minutes(0))
    await store.sync_articles([watched(interval=60)], minutes(0.5))
    with pytest.raises(StaleDecision, match="decide again"):
        await store.record(decide(state, failed(), minutes(1), POLICY, 0))
    again = decide(await store.state(1), failed(), minutes(1), POLICY, 0)
    await store.record(again)
    assert (await store.state(1)).due == minutes(2)


async def test_an_article_moves_between_stories(store: Store, archive: Archive) -> None:
    await store.sync_articles([watched()], minutes(0))
    await store.sync_articles([watched(story="storm")], minutes(1))
    assert [article.story for article in archive.articles()] == ["storm"]
    assert archive.articles("flood") == []


async def test_leased_articles_are_left_alone_until_the_lease_runs_out(store: Store) -> None:
    await store.sync_articles([watched()], minutes(0))
    assert len(await due(store, minutes(0))) == 1
    assert await due(store, minutes(1.9)) == []
    assert await store.lease_these([1], minutes(1.9), minutes(3)) == []
    assert len(await due(store, minutes(2))) == 1


async def test_recording_gives_the_lease_back(store: Store) -> None:
    await store.sync_articles([watched()], minutes(0))
    [state] = await due(store, minutes(0))
    await store.record(decide(state, failed(), minutes(1), POLICY, 0))
    assert len(await store.lease_these([1], minutes(1), minutes(2))) == 1


async def test_released_articles_are_due_again_or_only_later(store: Store) -> None:
    await store.sync_articles([watched(A), watched(B)], minutes(0))
    await due(store, minutes(0))
    await store.release([1])
    await store.release([2], minutes(7))
    assert [state.id for state in await due(store, minutes(1))] == [1]
    assert [state.id for state in await due(store, minutes(7))] == [1, 2]


async def test_the_longest_due_come_first_and_the_limit_holds(store: Store) -> None:
    await store.sync_articles([watched(url) for url in (A, B, C)], minutes(0))
    for article_id, minute in ((1, 2), (2, 0), (3, 1)):
        await store.release([article_id], minutes(minute))
    leased = await store.lease_due(minutes(9), minutes(10), limit=2, per_host=9, busy={})
    assert [state.url for state in leased] == [B, C]


async def test_one_host_gets_no_more_than_its_places(store: Store) -> None:
    urls = [f"https://a.example/{n}" for n in range(5)] + [B]
    await store.sync_articles([watched(url) for url in urls], minutes(0))
    leased = await store.lease_due(
        minutes(0), minutes(1), limit=99, per_host=3, busy={"a.example": 1, "c.example": 3}
    )
    assert [state.url for state in leased] == [urls[0], urls[1], B]


async def test_many_new_articles_do_not_hold_up_those_that_are_followed(store: Store) -> None:
    urls = [f"https://{n}.example/story" for n in range(200)]
    await store.sync_articles([watched(A)], minutes(0))
    await see(store, 1, snapshot("one"), minutes(0))
    await store.sync_articles([watched(url) for url in [A, *urls]], minutes(1))
    one = {"limit": 1, "per_host": 9, "busy": {}}
    late = minutes(60)
    assert [s.id for s in await store.lease_due(late, minutes(61), **one)] == [1]
    await store.release([1])
    [new] = await store.lease_due(late, minutes(61), **one, new_last=False)
    assert new.id != 1
    both = await store.lease_due(late, minutes(61), **{**one, "limit": 4})
    assert len(both) == 4
    assert 1 in {state.id for state in both}


async def test_new_articles_of_a_slow_host_take_turns_with_the_others(store: Store) -> None:
    urls = [f"https://a.example/{n}" for n in range(20)]
    await store.sync_articles([watched(urls[0])], minutes(0))
    await see(store, 1, snapshot("one"), minutes(0))
    await store.sync_articles([watched(url) for url in urls], minutes(1))
    leased = await store.lease_due(minutes(60), minutes(61), limit=99, per_host=2, busy={})
    assert sorted(state.id for state in leased) == [1, 2]
    one = await store.lease_due(minutes(60), minutes(61), limit=9, per_host=1, busy={})
    assert [state.id for state in one] == [3], "a place that one queue does not need is the other's"


@pytest.mark.parametrize(("limit", "per_host"), [(1, 9), (9, 1)])
async def test_late_is_measured_by_what_an_article_was_to_wait(
    store: Store, limit: int, per_host: int
) -> None:
    slow, quick = "https://a.example/slow", "https://a.example/quick"
    await store.sync_articles(
        [watched(slow, interval=3600.0), watched(quick, interval=60.0)], minutes(0)
    )
    await see(store, 1, snapshot("one"), minutes(0))
    await see(store, 2, snapshot("one"), minutes(61))
    leased = await store.lease_due(
        minutes(65), minutes(70), limit=limit, per_host=per_host, busy={}
    )
    assert [state.url for state in leased] == [quick], "due for 3 of its intervals, not a twelfth"


async def test_what_a_hint_brought_forward_is_not_late_by_what_was_planned_before(
    store: Store,
) -> None:
    patient = Terms(longest=86_400.0, quiet=60.0)
    wanted = [WatchedArticle(A, "flood", 60.0, patient), watched(B, interval=60.0)]
    await store.sync_articles(wanted, minutes(0))
    for article in (1, 2):
        await see(store, article, snapshot("one"), minutes(0))
    [state] = await store.lease_these([1], minutes(2), minutes(3))
    decision = decide(state, not_modified(state), minutes(2), POLICY, 0.0)
    assert decision.health == "settled"
    await store.record(decision)
    assert await store.revive([1], minutes(50)) == 1
    [state] = await store.lease_these([2], minutes(56), minutes(57))
    await store.record(decide(state, not_modified(state), minutes(56), POLICY, 0.0))
    leased = await store.lease_due(minutes(60), minutes(70), limit=1, per_host=9, busy={})
    assert [state.url for state in leased] == [A]


async def test_naming_none_leases_every_watched_article(store: Store) -> None:
    await store.sync_articles([watched(A), watched(B)], minutes(0))
    await store.sync_articles([watched(B)], minutes(0))
    assert [s.id for s in await store.lease_these(None, minutes(0), minutes(1))] == [2]
    assert [s.id for s in await store.lease_these([1], minutes(0), minutes(1))] == [1]


async def test_an_unknown_article_is_named(store: Store) -> None:
    with pytest.raises(UsageError, match="there is no article 7"):
        await store.state(7)
    assert await store.owner_of_url("https://nobody.example/") is None


async def test_of_two_decisions_on_one_state_the_second_is_refused(
    store: Store, archive: Archive
) -> None:
    await store.sync_articles([watched()], minutes(0))
    state = await store.state(1)
    await store.record(decide(state, extracted(snapshot("one"), minutes(0)), minutes(0), POLICY, 0))
    with pytest.raises(StaleDecision):
        await store.record(
            decide(state, extracted(snapshot("two"), minutes(1)), minutes(1), POLICY, 0)
        )
    assert [version.number for version in archive.versions(1)] == [1]
    assert sum(run.count for run in archive.runs(1)) == 1


async def test_a_daemon_takes_over_what_another_left_leased(store: Store, archive: Archive) -> None:
    await store.sync_articles([watched()], minutes(0))
    await due(store, minutes(0))
    assert await store.start_daemon(41, minutes(1)) == (1, 0)
    assert len(await due(store, minutes(1))) == 1
    await store.daemon_alive(minutes(2), "line 3: unknown key")
    found = archive.daemon()
    assert found is not None
    assert (found.pid, found.started_at, found.alive_at) == (41, minutes(1), minutes(2))
    assert (found.stopped_at, found.config_fault) == (None, "line 3: unknown key")
    await store.stop_daemon(minutes(3))
    stopped = archive.daemon()
    assert stopped is not None
    assert stopped.stopped_at == minutes(3)
    await store.start_daemon(42, minutes(4))
    again = archive.daemon()
    assert again is not None
    assert (again.pid, again.stopped_at, again.config_fault) == (42, None, None)


async def test_what_a_poll_learnt_of_the_page_is_kept_for_the_next(store: Store) -> None:
    await store.sync_articles([watched()], minutes(0))
    await see(store, 1, snapshot("one"), minutes(0))
    learnt = (await store.state(1)).memory
    assert learnt.validators is not None
    assert learnt.validators.url == URL
    assert None not in (learnt.validators.etag, learnt.body_digest, learnt.fingerprint)
    state = await store.state(1)
    await store.record(decide(state, not_modified(state), minutes(10), POLICY, 0))
    await store.record(decide(await store.state(1), failed(), minutes(20), POLICY, 0))
    assert (await store.state(1)).memory == learnt
    assert (await store.state(1)).due == minutes(20) + timedelta(seconds=INTERVAL)
