"""What is no edit of an article: jumps, and texts of the whole site."""

from __future__ import annotations

from dataclasses import replace

import pytest

from watcher.core.compare import compare
from watcher.core.drift import (
    NOTHING_KNOWN,
    HostFacts,
    Spread,
    Suspicion,
    alike,
    suspect,
    texts_that_changed,
)
from watcher.core.model import Notice, Paragraph, Post, Snapshot

BANNER = "Read everything for a month and pay for a week."


def lines(kind: str, count: int, words: int = 20) -> tuple[str, ...]:
    return tuple(" ".join(f"{kind}{line}x{at}" for at in range(words)) for line in range(count))


def text(*paragraphs: str, headline: str = "River rises") -> Snapshot:
    return Snapshot(
        headline, None, None, None, tuple(Paragraph("paragraph", p) for p in paragraphs)
    )


def suspicion(old: Snapshot, new: Snapshot, facts: HostFacts = NOTHING_KNOWN) -> Suspicion | None:
    return suspect(old, new, compare(old, new), facts)


def why(old: Snapshot, new: Snapshot, facts: HostFacts = NOTHING_KNOWN) -> str | None:
    found = suspicion(old, new, facts)
    return None if found is None else found.reason


TEN = lines("k", 10)
ARTICLE = text(*TEN)
LENGTH = sum(map(len, TEN))


def test_a_text_that_is_replaced_altogether_is_no_edit() -> None:
    told = "nothing of the text survived, the rest was replaced at once"
    assert why(ARTICLE, text(*lines("m", 8))) == told


def test_the_headline_does_not_matter_for_it() -> None:
    assert why(ARTICLE, replace(text(*lines("m", 8)), headline="Kettles")) is not None


@pytest.mark.parametrize(("kept", "held"), [(0, True), (2, True), (3, False), (9, False)])
def test_what_survives_decides(kept: int, held: bool) -> None:
    assert (why(ARTICLE, text(*TEN[:kept], *lines("m", 8))) is not None) is held
    assert (why(ARTICLE, text(*TEN[:kept], "short")) is not None) is held


@pytest.mark.parametrize(("length", "held"), [(499, False), (500, True)])
def test_a_text_of_some_length_is_looked_at(length: int, held: bool) -> None:
    assert (why(text("k" * length), text(*lines("m", 8))) is not None) is held


def test_a_loss_with_another_headline_is_an_edit() -> None:
    left = text(*TEN[:5])
    assert why(ARTICLE, left) is not None
    assert why(ARTICLE, replace(left, headline="River falls")) is None


def test_a_text_that_collapses_says_what_is_left() -> None:
    left = len(TEN[0])
    assert why(ARTICLE, text(TEN[0])) == f"of {LENGTH} characters of text {left} are left"
    assert why(ARTICLE, text()) == f"of {LENGTH} characters of text 0 are left"


@pytest.mark.parametrize(("more", "held"), [(25, False), (31, True)])
def test_a_text_that_swallows_the_page_is_no_edit(more: int, held: bool) -> None:
    assert (why(ARTICLE, text(*TEN, *lines("m", more))) is not None) is held


def test_a_live_blog_may_grow_as_it_likes() -> None:
    posts = (Post("1", None, 0, 20), Post("2", None, 20, 25))
    assert why(ARTICLE, replace(text(*TEN, *lines("m", 35)), posts=posts)) is None
    assert why(ARTICLE, replace(text(*lines("m", 35)), posts=posts)) is not None


def test_a_first_line_may_become_anything() -> None:
    flash = text("River rises over the wall, reports say. More follows.")
    assert why(flash, text(*lines("m", 40))) is None
    assert why(flash, text()) is None


def test_moving_everything_about_is_an_edit() -> None:
    assert why(ARTICLE, text(*reversed(TEN))) is None


@pytest.mark.parametrize(
    ("kind", "held"),
    [
        ("retraction", False), ("correction", False), ("clarification", False),
        ("editors-note", False), ("update", True), ("developing", True),
    ],
)  # fmt: skip
def test_a_notice_of_weight_says_why_the_text_is_gone(kind: str, held: bool) -> None:
    note = replace(text("We took this down."), notices=(Notice(kind, "We took this down.", 0),))  # type: ignore[arg-type]
    assert (why(ARTICLE, note) is not None) is held
    # One that stood there before says nothing new.
    assert why(replace(ARTICLE, notices=note.notices), note) is not None


@pytest.mark.parametrize(
    ("left", "held"),
    [
        (TEN[:6], True),
        (TEN[:7], False),
        ((*TEN[:6], "The mayor resigned on Monday."), False),
        (("The mayor resigned on Monday.", *TEN[1:6]), False),
    ],
)
def test_a_third_of_the_text_that_goes_alone_waits(left: tuple[str, ...], held: bool) -> None:
    assert (why(ARTICLE, text(*left)) is not None) is held
    short = text(*(each[:40] for each in TEN))
    assert why(short, text(*(each[:40] for each in left))) is None


def shared(*texts: str, others: int = 3, looked: int = 5, elsewhere: bool = True) -> HostFacts:
    return HostFacts(
        "news.example", {each: Spread(others, looked, elsewhere) for each in texts or (BANNER,)}
    )


WITH = text(*TEN, BANNER)


def test_a_text_on_the_hosts_other_pages_is_the_sites() -> None:
    told = "the same text appeared on 3 more articles of news.example"
    assert suspicion(ARTICLE, WITH, shared()) == Suspicion("site-wide", told, True)
    told = "the same text went from 3 more articles of news.example"
    assert suspicion(WITH, ARTICLE, shared()) == Suspicion("site-wide", told, True)


@pytest.mark.parametrize(
    ("likely", "held"),
    [
        (Spread(1, 1, True, watched=3), True),
        (Spread(2, 4, True, watched=9), True),
        (Spread(1, 3, True, watched=9), False),
        (Spread(1, 1, False, watched=9), False),
        (Spread(1, 1, True, watched=2), False),
        (Spread(0, 0, True, watched=9), False),
    ],
)
def test_an_addition_that_may_be_the_sites_waits_and_is_told(likely: Spread, held: bool) -> None:
    facts = HostFacts("news.example", {BANNER: likely})
    found = suspicion(ARTICLE, WITH, facts)
    assert (found is not None) is held
    assert found is None or not found.silent
    assert suspicion(WITH, ARTICLE, facts) is None
    assert suspicion(ARTICLE, text("The mayor resigned on Monday.", *TEN, BANNER), facts) is None


def test_within_one_story_it_may_be_its_news() -> None:
    found = suspicion(ARTICLE, WITH, shared(elsewhere=False))
    assert found is not None
    assert not found.silent


@pytest.mark.parametrize(
    ("others", "looked", "held"), [(2, 2, False), (3, 6, True), (3, 7, False), (50, 101, False)]
)
def test_it_takes_three_others_and_half_of_those_that_were_seen(
    others: int, looked: int, held: bool
) -> None:
    facts = shared(others=others, looked=looked)
    assert (why(ARTICLE, WITH, facts) is not None) is held


def test_a_text_known_as_the_sites_needs_no_count() -> None:
    facts = HostFacts("news.example", {BANNER: Spread(known=True)})
    found = suspicion(ARTICLE, WITH, facts)
    assert found is not None
    assert found.silent
    assert found.reason == "the same text appeared on other articles of news.example"


def edited(*paragraphs: str) -> Snapshot:
    return text(*paragraphs, BANNER)


@pytest.mark.parametrize(
    "new",
    [
        edited(*TEN, "The mayor resigned."),
        edited(*TEN[:9]),
        edited(*TEN[:9], TEN[9] + " Not so."),
        edited(*reversed(TEN)),
        replace(edited(*TEN), headline="River falls"),
    ],
)
def test_news_beside_a_sites_text_is_told(new: Snapshot) -> None:
    assert why(ARTICLE, new, shared()) is None


def test_a_notice_is_never_a_sites_text() -> None:
    says = "This is a developing story."
    new = replace(text(*TEN, says), notices=(Notice("developing", says, 10),))
    assert texts_that_changed(ARTICLE, new) == (frozenset(), frozenset())
    assert why(ARTICLE, new, shared(says)) is None
    both = replace(text(*TEN, says, BANNER), notices=(Notice("developing", says, 10),))
    assert why(ARTICLE, both, shared(says, BANNER)) is None


def test_a_sites_text_that_is_reworded_everywhere_is_the_sites() -> None:
    later = "Read everything for a year and pay for a month."
    found = suspicion(WITH, text(*TEN, later), shared(BANNER, later))
    assert found is not None
    assert found.cause == "site-wide"
    assert suspicion(WITH, text(*TEN, later), shared(later)) is None


def test_nothing_is_site_wide_without_facts() -> None:
    assert suspicion(ARTICLE, WITH) is None
    assert suspicion(ARTICLE, replace(ARTICLE, modified="2026-01-12"), shared()) is None


@pytest.mark.parametrize(("elsewhere", "silent"), [(True, True), (False, False)])
def test_jumps_all_over_a_host_are_the_sites(elsewhere: bool, silent: bool) -> None:
    facts = HostFacts("news.example", {}, Spread(4, 6, elsewhere))
    found = suspicion(ARTICLE, text(*lines("m", 8)), facts)
    assert found is not None
    assert (found.cause, found.silent) == ("jump", silent)
    assert found.reason.endswith("as on 4 more articles of news.example") is silent


def test_alike_is_but_for_details() -> None:
    assert alike(ARTICLE, ARTICLE)
    assert alike(ARTICLE, text(*TEN, "Read 7 times"))
    assert alike(ARTICLE, replace(ARTICLE, headline="Another"))
    assert not alike(ARTICLE, text(*TEN[:7]))
    assert not alike(ARTICLE, text(*TEN, *lines("m", 4)))
