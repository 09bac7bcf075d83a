"""decide(): what one poll means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.storage.builders import (
    EXTRACTOR,
    INTERVAL,
    POLICY,
    T0,
    URL,
    extracted,
    failed,
    gone,
    meant,
    minutes,
    not_modified,
    snapshot,
)
from watcher.core.compare import compare, describe
from watcher.core.decide import (
    GONE_AFTER,
    UNREACHABLE_AFTER,
    ArticleState,
    Decision,
    Failed,
    LatestVersion,
    Observed,
    Policy,
    Unchanged,
    decide,
)
from watcher.core.decision import Earlier
from watcher.core.model import EventType, Outcome, Paragraph, Snapshot, Validators, Via
from watcher.core.quarantine import PageMemory
from watcher.core.text import content_digest, snapshot_digest

A = snapshot("The river rose.", "Two roads are shut.")
B = snapshot("The river rose.", "Three roads are shut.", "A school closed.")
KNOWN = PageMemory(Validators(URL, '"1"', None), "ab" * 32, "f")


def article(latest: Snapshot | None = None, *, number: int = 1) -> ArticleState:
    """A watched article, with a version or without."""
    version = None
    if latest is not None:
        digests = content_digest(latest), snapshot_digest(latest)
        version = LatestVersion(7, number, *digests, EXTRACTOR)
    return ArticleState(
        id=1, url=URL, story="flood", interval=INTERVAL, due=T0, revision=4,
        health="new" if latest is None else "live", failures=0, missing=0,
        latest=version, memory=PageMemory() if latest is None else KNOWN,
    )  # fmt: skip


def after(state: ArticleState, decision: Decision) -> ArticleState:
    """The article as the next poll finds it, a new version aside."""
    return replace(
        state, health=decision.health, failures=decision.failures, missing=decision.missing,
        memory=decision.memory, revision=state.revision + 1, due=decision.next_poll_at,
    )  # fmt: skip


def told(state: ArticleState, *polls: Observed) -> list[list[EventType]]:
    """What polls one after the other lead people to be told."""
    events = []
    for seen in polls:
        decision = decide(state, seen, state.due, POLICY, 0)
        events.append([event.type for event in decision.events])
        state = after(state, decision)
    return events


def update(old: Snapshot, new: Snapshot, **kwargs: object) -> Decision:
    found = extracted(new, T0, previous=old, **kwargs)  # type: ignore[arg-type]
    return decide(article(old, number=3), found, T0, POLICY, 0)


def test_a_first_version_is_stored_and_tells_nobody() -> None:
    decision = decide(article(), extracted(A, T0), T0, POLICY, 0)
    version = decision.version
    assert version is not None
    assert (decision.outcome, decision.health, decision.events) == (Outcome.NEW_VERSION, "live", ())
    assert (version.number, version.kind, version.change) == (1, "first", None)
    assert decision.memory.body_digest == version.body_digest
    assert decision.revision == 4


def test_an_update_is_stored_with_its_change_and_told() -> None:
    decision = update(A, B)
    version = decision.version
    assert version is not None
    assert (version.number, version.kind, version.revert_of) == (4, "text", None)
    assert version.change == meant(A, B, None, T0)
    assert version.change_is_compact
    [event] = decision.events
    assert (event.type, event.about_version) == (EventType.UPDATED, True)
    assert version.summary == decision.detail != ""
    assert event.summary == version.change.sentence != ""
    assert (event.weight, event.score, event.findings) == (
        version.change.weight, version.change.score, version.change.findings,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("new", "kind"),
    [
        (replace(A, headline="River falls"), "text"),
        (replace(A, paragraphs=A.paragraphs[::-1]), "text"),
        (replace(A, modified="2026-03-02"), "metadata"),
        (replace(A, published="2026-03-02"), "metadata"),
        (replace(A, byline=None), "metadata"),
        (replace(A, paragraphs=(A.paragraphs[0], Paragraph("quote", A.paragraphs[1].text))),
         "metadata"),
    ],
    ids=["headline", "order", "modified", "published", "byline", "kind of a paragraph"],
)  # fmt: skip
def test_whatever_differs_makes_a_version_of_its_kind(new: Snapshot, kind: str) -> None:
    decision = update(A, new)
    assert decision.version is not None
    assert decision.version.kind == kind
    assert "nothing" not in decision.version.summary


def test_the_same_snapshot_at_another_address_is_no_version() -> None:
    decision = update(A, replace(A, url="https://news.example/amp"))
    assert (decision.version, decision.outcome, decision.via) == (
        None, Outcome.UNCHANGED, Via.SAME_TEXT,
    )  # fmt: skip
    assert decision.memory != KNOWN


def test_a_return_to_an_old_text_is_a_version_and_says_so() -> None:
    version = update(B, A, revert_of=Earlier(2)).version
    assert version is not None
    assert (version.number, version.revert_of) == (4, 2)
    assert version.summary.startswith("back to the text of version 2; ")


LONG = tuple(f"The river rose to mark {n} and the road by the mill went under." for n in range(12))


BROKEN = tuple(f"Kettle {n} boils a litre in two minutes and sings when done." for n in range(12))


def test_a_return_to_a_text_that_never_had_to_wait_is_not_held() -> None:
    whole, stub = snapshot(*LONG), snapshot(*BROKEN)
    decision = update(stub, whole, revert_of=Earlier(1))
    assert decision.version is not None
    assert decision.version.untold is None
    assert [event.type for event in decision.events] == [EventType.UPDATED]
    assert decision.events[0].summary.startswith("Back to the text of version 1")
    # the same jump to a text that is new, or that had to be confirmed once
    assert update(stub, whole).outcome is Outcome.QUARANTINED
    again = update(stub, whole, revert_of=Earlier(1, waited=True))
    assert again.outcome is Outcome.QUARANTINED


def test_a_return_from_what_nobody_was_told_is_told_to_nobody() -> None:
    unseen = Earlier(1, told_since=False)
    decision = update(snapshot(*BROKEN), snapshot(*LONG), revert_of=unseen)
    assert decision.version is not None
    assert "nobody was told of a version since 1" in (decision.version.untold or "")
    assert decision.events == ()


def test_a_known_counter_beside_news_is_stored_and_not_told() -> None:
    old = snapshot("The river rose.", "104 views", "Two roads are shut.")
    new = snapshot("The river rose.", "131 views", "Three roads are shut.")
    still = snapshot("The river rose.", "131 views", "Two roads are shut.")
    decision = update(old, new, still=still)
    assert decision.version is not None
    assert decision.version.change.edits == compare(old, new).edits
    assert decision.version.summary == "1 paragraph edited"
    assert decision.version.change.noise == (1,)
    assert describe(decision.version.change) == decision.version.summary
    assert not any("views" in (finding.old or "") for finding in decision.version.change.findings)
    assert "2 paragraphs" not in decision.events[0].summary


def test_a_date_alone_is_no_revert() -> None:
    version = update(A, replace(A, modified="2026-03-02"), revert_of=Earlier(2)).version
    assert version is not None
    assert (version.kind, version.revert_of) == ("metadata", None)


def test_an_upgrade_of_the_extractor_invents_no_edit() -> None:
    state = article(A)
    reread = extracted(B, T0, previous=B, previous_is_stored=False, extractor="reader 2")
    assert decide(state, reread, T0, POLICY, 0).version is None
    new = replace(B, headline="River falls")
    found = extracted(new, T0, previous=B, previous_is_stored=False, extractor="reader 2")
    version = decide(state, found, T0, POLICY, 0).version
    assert version is not None
    assert (version.change, version.change_is_compact) == (meant(B, new, None, T0), False)


def test_deciding_without_the_latest_version_is_refused() -> None:
    with pytest.raises(ValueError, match="must be decided against it"):
        decide(article(A), extracted(B, T0), T0, POLICY, 0)


def test_gone_needs_two_polls_running_and_is_told_once() -> None:
    events = told(article(A), gone(), failed(), gone(), gone(), gone(), failed(), gone(), gone())
    assert events == [[], [], [], [EventType.UNPUBLISHED], [], [], [], []]


def test_restored_is_told_once_and_before_what_is_new() -> None:
    state = article(A)
    for _ in range(GONE_AFTER):
        state = after(state, decide(state, gone(), T0, POLICY, 0))
    assert state.health == "gone"
    assert told(state, not_modified(state), not_modified(state)) == [[EventType.RESTORED], []]
    back = decide(state, extracted(B, T0, previous=A, moved_to="https://x.example/"), T0, POLICY, 0)
    assert [event.type for event in back.events] == [
        EventType.RESTORED, EventType.MOVED, EventType.UPDATED,
    ]  # fmt: skip
    assert (back.health, back.failures, back.missing) == ("live", 0, 0)


def test_an_article_that_never_was_is_not_called_unpublished() -> None:
    assert told(article(), gone(), gone(), gone(), extracted(A, T0)) == [[], [], [], []]


def test_unreachable_is_told_once_after_five_and_so_is_the_return() -> None:
    state = article(A)
    events = told(state, *[failed()] * 7, not_modified(state), failed())
    assert events == [[], [], [], [], [EventType.UNREACHABLE], [], [], [EventType.RESTORED], []]
    never_seen = told(article(), *[failed()] * 5, extracted(A, T0))
    assert never_seen[4:] == [[EventType.UNREACHABLE], [EventType.RESTORED]]


def test_a_settled_article_that_cannot_be_seen_is_told_of_too() -> None:
    events = told(replace(article(A), health="settled"), *[failed()] * 5)
    assert events[4:] == [[EventType.UNREACHABLE]]


def test_an_article_that_keeps_failing_asks_for_no_part_of_the_budget() -> None:
    state, pressures = article(A), []
    for _ in range(4):
        decision = decide(state, failed(), state.due, POLICY, 0)
        pressures.append(decision.pressure)
        state = after(state, decision)
    assert pressures == [None, None, 0.0, 0.0]


def test_the_return_of_an_article_never_seen_is_told_though_it_was_missing_meanwhile() -> None:
    events = told(article(), *[failed()] * 5, gone(), gone(), gone(), failed(), extracted(A, T0))
    assert events[4:] == [[EventType.UNREACHABLE], [], [], [], [], [EventType.RESTORED]]


def test_unreachable_can_turn_out_to_be_gone() -> None:
    events = told(article(A), *[failed()] * 5, gone(), gone(), not_modified(article(A)))
    assert events[4:] == [
        [EventType.UNREACHABLE], [], [EventType.UNPUBLISHED], [EventType.RESTORED],
    ]  # fmt: skip


def test_a_page_missing_for_the_first_time_is_not_yet_unreachable() -> None:
    events = told(article(A), *[failed()] * (UNREACHABLE_AFTER - 1), gone(), failed())
    assert events[-2:] == [[], [EventType.UNREACHABLE]]


def test_a_move_is_told_also_with_an_unchanged_page() -> None:
    state = article(A)
    moved = replace(not_modified(state), moved_to="https://news.example/new")
    decision = decide(state, moved, T0, POLICY, 0)
    [event] = decision.events
    assert event.type is EventType.MOVED
    assert event.summary == "The article moved to https://news.example/new"
    assert event.endpoints == ("desk", "moves")
    assert decision.moved_to == "https://news.example/new"


@pytest.mark.parametrize(
    ("stories", "endpoints", "expected"),
    [
        ({"flood": ("b", "a")}, {"a": {"article.updated"}, "b": {"article.updated"}}, ("a", "b")),
        ({"flood": ("a",)}, {"a": {"article.moved"}}, ()),
        ({"storm": ("a",)}, {"a": {"article.updated"}}, ()),
        ({"flood": ("a", "removed")}, {"a": {"article.updated"}}, ("a",)),
        ({}, {"a": {"article.updated"}}, ()),
    ],
)
def test_events_go_to_the_endpoints_of_the_story_that_ask_for_them(
    stories: dict[str, tuple[str, ...]], endpoints: dict[str, set[str]], expected: Sequence[str]
) -> None:
    wanted = {name: frozenset(map(EventType, types)) for name, types in endpoints.items()}
    policy = Policy(endpoints=wanted, stories=stories)
    decision = decide(article(A), extracted(B, T0, previous=A), T0, policy, 0)
    assert decision.events[0].endpoints == expected


@pytest.mark.parametrize("via", list(Via))
def test_a_cheap_gate_says_which_one_it_was(via: Via) -> None:
    memory = PageMemory(None, "cd" * 32, "g")
    decision = decide(article(A), Unchanged(via, 200, memory), T0, POLICY, 0)
    assert (decision.outcome, decision.via, decision.memory) == (Outcome.UNCHANGED, via, memory)
    assert decision.version is None
    assert decision.events == ()


def test_a_run_of_observations_outlives_planned_waits_only() -> None:
    assert decide(article(A), failed(), T0, POLICY, 0).run_gap == timedelta(minutes=30)
    often = replace(article(A), interval=60.0)
    assert decide(often, failed(), T0, POLICY, 0).run_gap == timedelta(minutes=10)
    failing = replace(article(A), failures=5)
    assert decide(failing, failed(), T0, POLICY, 0).run_gap == 3 * timedelta(minutes=80)


MISSES = st.builds(
    Failed,
    st.sampled_from([outcome for outcome in Outcome if not outcome.is_seen]),
    st.text(max_size=10),
    st.none() | st.integers(400, 599),
    st.none() | st.floats(0, 10**7),
)
STATES = st.builds(
    lambda state, health, failures, missing, late, interval: replace(
        state, health=health, failures=failures, missing=min(missing, failures), interval=interval,
        due=T0 - timedelta(milliseconds=late),
    ),
    st.sampled_from([article(), article(A)]),
    st.sampled_from(["new", "live", "gone", "unreachable"]),
    st.integers(0, 40),
    st.integers(0, 40),
    st.integers(-(10**8), 10**8),
    st.floats(1, 10**6),
)  # fmt: skip


@given(STATES, MISSES, st.floats(0, 1, exclude_max=True))
def test_an_outcome_that_is_not_content_changes_nothing_that_is_known(
    state: ArticleState, seen: Failed, jitter: float
) -> None:
    decision = decide(state, seen, T0, POLICY, jitter)
    assert (decision.version, decision.moved_to, decision.via) == (None, None, None)
    assert decision.memory == state.memory
    assert decision.outcome is seen.outcome
    assert decision.failures == state.failures + 1
    assert {event.type for event in decision.events} <= {
        EventType.UNPUBLISHED, EventType.UNREACHABLE,
    }  # fmt: skip
    assert decision.next_poll_at > T0
    assert (decision.article_id, decision.revision, decision.at) == (1, 4, T0)


@given(STATES, st.sampled_from([A, B]), st.floats(0, 1, exclude_max=True))
def test_content_makes_the_article_live_and_due_later(
    state: ArticleState, content: Snapshot, jitter: float
) -> None:
    previous = None if state.latest is None else A
    decision = decide(state, extracted(content, T0, previous=previous), T0, POLICY, jitter)
    assert (decision.health, decision.failures, decision.missing) == ("live", 0, 0)
    assert decision.next_poll_at > T0
    assert (decision.version is None) == (previous == content)


RUNS = st.lists(
    st.sampled_from([("gone", 1), ("gone", 2), ("fail", 1), ("fail", 5), ("seen", 1)]), max_size=12
)


@given(RUNS, st.booleans())
@example([("fail", 5), ("gone", 2), ("seen", 1)], False)
@example([("fail", 5), ("gone", 2), ("seen", 1)], True)
def test_every_alarm_is_followed_by_one_all_clear(runs: list[tuple[str, int]], known: bool) -> None:
    state: ArticleState = article(A) if known else article()
    alarms = {EventType.UNPUBLISHED, EventType.UNREACHABLE}
    raised = False
    for kind in (kind for kind, times in runs for _ in range(times)):
        page = extracted(A, T0, previous=None if state.latest is None else A)
        seen: Observed = {"gone": gone(), "fail": failed(), "seen": page}[kind]
        decision = decide(state, seen, state.due, POLICY, 0)
        events = [event.type for event in decision.events]
        assert len(events) <= 1
        if kind == "seen":
            assert events == ([EventType.RESTORED] if raised else [])
            raised = False
        else:
            assert set(events) <= alarms
            raised = raised or bool(events)
        state = after(state, decision)
        if decision.version is not None:
            state = replace(state, latest=article(A).latest)


def test_times_are_those_of_the_poll() -> None:
    now: datetime = minutes(3)
    assert decide(article(A), not_modified(article(A)), now, POLICY, 0).at == now
