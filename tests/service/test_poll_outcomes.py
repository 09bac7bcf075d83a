"""Every way a poll can end: one recorded observation, and never a version made or lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.adapters import other_pages as other
from tests.service.rig import CLOSING, FETCHING, OPENING, World, html, page, to
from tests.site import Answer
from watcher.core.model import Outcome
from watcher.errors import ExtractionFailed

OLD, NEW = page(), page("River tops the quay wall", OPENING, CLOSING)
HANG = Answer(raw=b"", ending="hang")


def breaks(here: World) -> Answer:
    here.reading.breaks = ExtractionFailed("the library gave up")
    return html(NEW, '"2"')


def quickly(here: World) -> Answer:
    here.fetcher.reconfigure(replace(FETCHING, timeout=0.05))
    return HANG


def politely(here: World) -> Answer:
    here.fetcher.reconfigure(replace(FETCHING, respect_robots=True))
    here.site.on("/robots.txt", Answer(body=b"User-agent: *\nDisallow: /flood"))
    return html(NEW, '"2"')


WAYS: dict[Outcome, Callable[[World], Answer]] = {
    Outcome.NOT_ARTICLE: lambda _: Answer(body=b'{"a": 1}', headers={"Content-Type": "text/json"}),
    Outcome.CONSENT_WALL: lambda _: html(other.CONSENT["before you continue"].encode()),
    Outcome.BOT_CHALLENGE: lambda _: Answer(
        status=403, body=b"", headers={"Cf-Mitigated": "challenge"}
    ),
    Outcome.GEO_BLOCK: lambda _: html(other.GEO_BLOCKS["a sentence"].encode()),
    Outcome.SOFT_404: lambda _: html(other.SOFT_404["plain"].encode()),
    Outcome.PAYWALL: lambda _: html(other.PAYWALLS["an offer"].encode()),
    Outcome.LOGIN_PAGE: lambda _: html(other.LOGINS["a form"].encode()),
    Outcome.MAINTENANCE: lambda _: Answer(status=503, body=other.MAINTENANCE["scheduled"].encode()),
    Outcome.EXTRACTION_FAILED: breaks,
    Outcome.CLIENT_ERROR: lambda _: Answer(status=400, body=NEW),
    Outcome.GONE: lambda _: Answer(status=410, body=NEW),
    Outcome.BLOCKED: lambda _: Answer(status=403, body=NEW),
    Outcome.ROBOTS: politely,
    Outcome.SERVER_ERROR: lambda _: Answer(status=503, body=NEW),
    Outcome.TIMEOUT: quickly,
    Outcome.DNS: lambda _: to("http://nowhere.test/flood"),
    Outcome.TLS: lambda here: to(here.secure.url("/flood")),
    Outcome.CONNECTION: lambda _: Answer(raw=b"", ending="reset"),
    Outcome.BAD_RESPONSE: lambda _: Answer(raw=b"what is this\r\n\r\n", ending="close"),
    Outcome.TOO_LARGE: lambda _: Answer(body=b"", promise=10**9, ending="close"),
    Outcome.REDIRECT_LOOP: lambda here: to(here.site.url("/flood")),
    Outcome.FORBIDDEN_ADDRESS: lambda _: to("http://10.0.0.1/flood"),
}


def test_no_outcome_is_forgotten() -> None:
    assert {*WAYS, Outcome.NEW_VERSION, Outcome.UNCHANGED, Outcome.QUARANTINED} == set(Outcome)


@pytest.mark.parametrize("outcome", WAYS, ids=lambda outcome: outcome.value)
async def test_an_outcome_that_is_not_content_makes_and_loses_nothing(
    outcome: Outcome, here: World
) -> None:
    here.site.on("/flood", html(OLD, '"1"'))
    await here.watch("/flood")
    await here.poll()
    here.site.on("/flood", WAYS[outcome](here))
    polled = await here.poll()
    assert polled.decision.outcome is outcome
    assert len(here.texts()) == 1
    with here.archive() as archive:
        runs = archive.runs(1)
        assert [(run.outcome, run.count) for run in runs] == [
            (Outcome.NEW_VERSION, 1),
            (outcome, 1),
        ]
        assert runs[-1].detail
        assert runs[-1].version_id is None
    # What the failure stood before is found all the same, and the old page is still known.
    here.reading.breaks = None
    here.fetcher.reconfigure(FETCHING)
    here.site.on("/flood", html(NEW, '"2"'))
    polled = await here.poll()
    assert here.site.asked("/flood")[-1].headers["if-none-match"] == '"1"'
    assert polled.decision.outcome is Outcome.NEW_VERSION
    assert [len(texts) for texts in here.texts()] == [3, 2]


@pytest.mark.parametrize("outcome", WAYS, ids=lambda outcome: outcome.value)
async def test_an_article_never_seen_yet_fails_as_quietly(outcome: Outcome, here: World) -> None:
    await here.watch("/flood")
    here.site.on("/flood", WAYS[outcome](here))
    assert (await here.poll()).decision.outcome is outcome
    with here.archive() as archive:
        assert [run.outcome for run in archive.runs(1)] == [outcome]
        assert archive.versions(1) == []
        assert archive.articles()[0].failures == 1


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (401, Outcome.BLOCKED),
        (402, Outcome.BLOCKED),
        (404, Outcome.GONE),
        (405, Outcome.CLIENT_ERROR),
        (418, Outcome.CLIENT_ERROR),
        (429, Outcome.BLOCKED),
        (451, Outcome.GEO_BLOCK),
        (500, Outcome.SERVER_ERROR),
        (502, Outcome.SERVER_ERROR),
        (202, Outcome.NOT_ARTICLE),
        (206, Outcome.NOT_ARTICLE),
        (300, Outcome.BAD_RESPONSE),
    ],
)
async def test_what_a_status_means(here: World, status: int, outcome: Outcome) -> None:
    here.site.on("/flood", Answer(status=status, body=OLD))
    await here.watch("/flood")
    polled = await here.poll()
    assert polled.decision.outcome is outcome
    assert str(status) in polled.decision.detail


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b'{"headline": "no"}', "application/json"),
        (b"", "text/html"),
        (b"<html><body></body></html>", "text/html"),
    ],
)
async def test_what_is_no_article_is_called_so(here: World, body: bytes, kind: str) -> None:
    here.site.on("/flood", Answer(body=body, headers={"Content-Type": kind}))
    await here.watch("/flood")
    assert (await here.poll()).decision.outcome is Outcome.NOT_ARTICLE


async def test_five_failures_running_are_told_once_and_the_return_as_well(here: World) -> None:
    here.site.on("/flood", html(OLD, '"1"'))
    await here.watch("/flood")
    await here.poll()
    here.site.on("/flood", Answer(status=503))
    for _ in range(7):
        await here.poll(after=7 * 3600.0)
    assert here.events() == ["article.unreachable"]
    here.site.on("/flood", html(OLD, '"1"'))
    await here.poll()
    assert here.events() == ["article.unreachable", "article.restored"]
    assert len(here.texts()) == 1


async def test_gone_must_be_confirmed_and_a_return_is_told(here: World) -> None:
    here.site.on("/flood", html(OLD, '"1"'), Answer(status=404), html(OLD, '"1"'))
    await here.watch("/flood")
    for _ in range(3):
        await here.poll()
    assert here.events() == []
    here.site.on("/flood", Answer(status=404), Answer(status=410), html(NEW, '"2"'))
    for _ in range(3):
        await here.poll()
    assert here.events() == ["article.unpublished", "article.restored", "article.updated"]


async def test_a_defect_is_recorded_as_an_outcome_too(here: World) -> None:
    from watcher.poll import record_defect

    await here.watch("/flood")
    polled = await record_defect(await here.lease(), "KeyError", here.poller)
    assert polled.decision.outcome is Outcome.EXTRACTION_FAILED
    with here.archive() as archive:
        assert "defect in story watcher (KeyError)" in archive.runs(1)[0].detail
