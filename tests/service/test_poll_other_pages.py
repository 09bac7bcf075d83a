"""Polls that meet walls, challenges, soft 404s and stubs: never a version, never a loss."""

from __future__ import annotations

import pytest

from tests.adapters import other_pages as other
from tests.service.rig import World, html, page, to
from tests.site import Answer
from watcher.core.decide import GONE_AFTER, UNREACHABLE_AFTER
from watcher.core.model import Outcome, Via

STORY = other.article("Customs house to open").encode()
UPDATED = other.article("Customs house to open in June").encode()
STUB = other.LEADS["cut off"].encode()
WALL = other.CONSENT["before you continue"].encode()
CHALLENGE = other.CHALLENGES["interstitial"].encode()
SOFT_404 = other.SOFT_404["with the most read beneath"].encode()
LONG = 7 * 3600.0


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (Answer(status=403, body=CHALLENGE), Outcome.BOT_CHALLENGE),
        (Answer(status=503, body=CHALLENGE), Outcome.BOT_CHALLENGE),
        (Answer(status=429, body=CHALLENGE), Outcome.BOT_CHALLENGE),
        (Answer(status=202, body=CHALLENGE), Outcome.BOT_CHALLENGE),
        (html(CHALLENGE), Outcome.BOT_CHALLENGE),
        (Answer(status=503, headers={"cf-mitigated": "challenge"}), Outcome.BOT_CHALLENGE),
        (Answer(status=401, body=other.LOGINS["a form"].encode()), Outcome.LOGIN_PAGE),
        (Answer(status=403, body=other.PAYWALLS["an offer"].encode()), Outcome.PAYWALL),
        (Answer(status=402, body=other.LEADS["marked as locked"].encode()), Outcome.PAYWALL),
        (Answer(status=503, body=other.MAINTENANCE["sentence only"].encode()), Outcome.MAINTENANCE),
        (Answer(status=403, body=b"<h1>Forbidden</h1>"), Outcome.BLOCKED),
        (Answer(status=403, body=other.GEO_BLOCKS["by law"].encode()), Outcome.GEO_BLOCK),
        (html(other.GEO_BLOCKS["French"].encode()), Outcome.GEO_BLOCK),
        (Answer(status=451), Outcome.GEO_BLOCK),
        (Answer(status=451, body=b"<h1>Not here</h1>"), Outcome.GEO_BLOCK),
        (Answer(status=451, body=CHALLENGE), Outcome.BOT_CHALLENGE),
        (Answer(status=403, body=SOFT_404), Outcome.BLOCKED),
        (Answer(status=503, body=b"<h1>Service unavailable</h1>"), Outcome.SERVER_ERROR),
        (Answer(status=404, body=WALL), Outcome.GONE),
        (html(other.LEADS["marked as locked"].encode()), Outcome.PAYWALL),
    ],
)
async def test_status_and_page_together_name_the_outcome(
    here: World, answer: Answer, outcome: Outcome
) -> None:
    here.site.on("/flood", answer)
    await here.watch("/flood")
    decision = (await here.poll()).decision
    assert decision.outcome is outcome
    if answer.status != 200:
        assert decision.detail.startswith(str(answer.status))


async def test_a_challenge_is_backed_off_from_as_the_server_asks(here: World) -> None:
    asks = Answer(status=429, body=CHALLENGE, headers={"Retry-After": "5000"})
    here.site.on("/flood", asks)
    await here.watch("/flood")
    decision = (await here.poll()).decision
    assert decision.outcome is Outcome.BOT_CHALLENGE
    assert (decision.next_poll_at - decision.at).total_seconds() >= 5000


async def test_a_soft_404_counts_like_a_404(here: World) -> None:
    here.site.on("/flood", html(STORY), html(SOFT_404), Answer(status=404), html(STORY))
    await here.watch("/flood")
    await here.poll()
    healths = [(await here.poll(after=LONG)).decision.health for _ in range(GONE_AFTER)]
    assert healths == ["live", "gone"]
    assert here.events() == ["article.unpublished"]
    assert (await here.poll(after=LONG)).decision.outcome is Outcome.UNCHANGED
    assert here.events() == ["article.unpublished", "article.restored"]
    assert len(here.texts()) == 1


async def test_one_soft_404_between_good_polls_is_no_news(here: World) -> None:
    here.site.on("/flood", html(STORY), html(SOFT_404), html(STORY), html(SOFT_404), html(STORY))
    await here.watch("/flood")
    for _ in range(5):
        decision = (await here.poll(after=LONG)).decision
    assert (decision.outcome, decision.health) == (Outcome.UNCHANGED, "live")
    assert here.events() == []


@pytest.mark.parametrize(
    "instead",
    [WALL, CHALLENGE, STUB, other.LOGINS["a form"].encode(), other.PAYWALLS["an offer"].encode()],
    ids=["consent", "challenge", "stub", "login", "offer"],
)
async def test_what_hides_an_article_makes_it_unreachable_and_the_return_is_told(
    here: World, instead: bytes
) -> None:
    shown = [html(STORY), *[html(instead)] * UNREACHABLE_AFTER, html(UPDATED)]
    here.site.on("/flood", *shown)
    await here.watch("/flood")
    for _ in range(1 + UNREACHABLE_AFTER):
        decision = (await here.poll(after=LONG)).decision
    assert decision.health == "unreachable"
    assert here.events() == ["article.unreachable"]
    assert len(here.texts()) == 1
    assert (await here.poll(after=LONG)).decision.outcome is Outcome.NEW_VERSION
    assert here.events() == ["article.unreachable", "article.restored", "article.updated"]


@pytest.mark.parametrize("instead", [WALL, CHALLENGE, SOFT_404, STUB])
async def test_a_page_that_is_no_article_is_never_recognised_as_unchanged(
    here: World, instead: bytes
) -> None:
    """Neither its bytes nor its validators may pass for the article at the next poll."""
    here.site.on(
        "/flood", html(STORY, '"good"'), html(instead, '"other"'), html(instead, '"other"'),
        html(STORY, '"good"'),
    )  # fmt: skip
    await here.watch("/flood")
    outcomes = [(await here.poll(after=LONG)).decision for _ in range(4)]
    assert [decision.outcome.is_content for decision in outcomes] == [True, False, False, True]
    assert outcomes[1].outcome is outcomes[2].outcome
    assert outcomes[1].memory == outcomes[0].memory
    sent = [asked.headers.get("if-none-match") for asked in here.site.asked("/flood")]
    assert sent == [None, '"good"', '"good"', '"good"']
    assert outcomes[3].via is Via.NOT_MODIFIED


async def test_an_article_that_was_only_ever_a_stub_is_seen_once_it_opens(here: World) -> None:
    here.site.on("/flood", html(other.LEADS["marked as locked"].encode()), html(STORY))
    await here.watch("/flood")
    assert (await here.poll()).decision.outcome is Outcome.PAYWALL
    decision = (await here.poll()).decision
    assert decision.version is not None
    assert decision.version.kind == "first"


async def test_a_redirect_to_a_section_front_is_a_soft_404(here: World) -> None:
    front = other.framed("Town | The Weir Gazette", f"<h1>Town</h1>{other.TEASERS}").encode()
    here.site.on("/town/2026/customs-house-to-open", html(STORY), to("/town", 301))
    here.site.on("/town", html(front))
    await here.watch("/town/2026/customs-house-to-open")
    await here.poll()
    for _ in range(GONE_AFTER):
        decision = (await here.poll(after=LONG)).decision
        assert decision.outcome is Outcome.SOFT_404
    assert here.events() == ["article.unpublished"]
    with here.archive() as archive:
        assert archive.urls(1) == [here.site.url("/town/2026/customs-house-to-open")]


async def test_a_soft_404_at_an_address_that_was_left_is_no_loss(here: World) -> None:
    here.site.on("/flood", to("/the-flood", 301), html(SOFT_404))
    here.site.on("/the-flood", html(page(), '"1"'), html(page(), '"1"'), html(SOFT_404))
    await here.watch("/flood")
    await here.poll()
    assert (await here.poll()).decision.via is Via.NOT_MODIFIED
    decisions = [(await here.poll(after=LONG)).decision for _ in range(GONE_AFTER)]
    assert {decision.outcome for decision in decisions} == {Outcome.SOFT_404}
    assert here.events() == ["article.moved", "article.unpublished"]


async def test_a_silent_last_address_of_a_soft_404_is_said(here: World) -> None:
    here.site.on("/flood", to("/the-flood", 301), html(SOFT_404))
    here.site.on("/the-flood", html(page()), Answer(raw=b"", ending="reset"))
    await here.watch("/flood")
    await here.poll()
    assert (await here.poll()).decision.outcome is Outcome.CONNECTION


async def test_polls_that_end_alike_are_one_run(here: World) -> None:
    here.site.on("/flood", html(STORY), html(WALL))
    await here.watch("/flood")
    for _ in range(4):
        await here.poll()
    with here.archive() as archive:
        assert [(run.outcome, run.count) for run in archive.runs(1)] == [
            (Outcome.NEW_VERSION, 1),
            (Outcome.CONSENT_WALL, 3),
        ]
