"""Counters and relative times inside the text: told at first, then known for what they are."""

from __future__ import annotations

from dataclasses import replace

from tests.service.rig import CLOSING, MIDDLE, OPENING, World, html, page
from watcher.core.model import Outcome, Via
from watcher.core.sites import SiteRules, Sites


def counted(views: int, *texts: str, stamp: str = "3 minutes ago") -> bytes:
    first, *rest = texts or (OPENING, MIDDLE, CLOSING)
    return page("River tops the quay wall", first, f"{views:,} views", f"Updated {stamp}", *rest)


async def polled(here: World, *bodies: bytes, article: int = 1) -> list[Via | Outcome]:
    """How each of these pages was taken: the gate that knew it, or the outcome."""
    path = f"/{article}"
    here.site.on(path, *(html(body) for body in bodies))
    decisions = [(await here.poll(article)).decision for _ in bodies]
    return [decision.via or decision.outcome for decision in decisions]


async def test_a_counter_that_goes_on_by_itself_is_learned_and_stays_quiet(here: World) -> None:
    await here.watch("/1")
    seen = await polled(here, *(counted(100 + n, stamp=f"{n + 1} minutes ago") for n in range(6)))
    assert seen == [Outcome.NEW_VERSION] * 3 + [Via.NOISE] * 3
    assert here.events() == ["article.updated"] * 2
    with here.archive() as archive:
        known = archive.noise(1)
        assert [(each.template, each.count) for each in known] == [("# views", 5), ("updated #", 5)]
        assert all(each.learned_at is not None and not each.of_site for each in known)
        # what was seen last was confirmed live all the same
        assert archive.versions(1)[-1].seen_until == here.clock.now()


async def test_news_beside_a_learned_counter_is_told(here: World) -> None:
    await here.watch("/1")
    quiet = [counted(100 + n) for n in range(4)]
    told = counted(104, OPENING, MIDDLE.replace("two hundred", "nine hundred"), CLOSING)
    seen = await polled(here, *quiet, told, counted(105, OPENING, CLOSING))
    assert seen == [Outcome.NEW_VERSION] * 3 + [Via.NOISE] + [Outcome.NEW_VERSION] * 2


async def test_a_learned_counter_beside_news_is_kept_and_not_told(here: World) -> None:
    await here.watch("/1")
    quiet = [counted(100 + n, stamp=f"{n + 1} minutes ago") for n in range(4)]
    news = MIDDLE.replace("two hundred", "nine hundred")
    await polled(here, *quiet, counted(131, OPENING, news, CLOSING, stamp="an hour ago"))
    with here.archive() as archive:
        *_, before, last = archive.versions(1)
        change = archive.change(before, last)
        summaries = [event.summary for event in archive.events(1)]
    assert last.summary == "1 paragraph edited"
    assert "Wording: “two” → “nine”" in summaries[-1]
    # what the two versions say is told in full by the archive
    assert sum(edit.op != "equal" for edit in change.edits) > 1


async def test_a_counter_beside_an_address_that_changes_is_noise_all_the_same(
    here: World,
) -> None:
    def addressed(views: int) -> bytes:
        link = f'<link rel="canonical" href="https://news.example/flood?at={views}">'
        return counted(views).replace(b"</head>", f"{link}</head>".encode())

    await here.watch("/1")
    seen = await polled(here, *(addressed(100 + n) for n in range(4)))
    assert seen == [Outcome.NEW_VERSION] * 3 + [Via.NOISE]


async def test_a_number_in_prose_or_alone_is_never_learned(here: World) -> None:
    await here.watch("/1")
    pages = [
        page("River tops the quay wall", OPENING, f"Death toll: {n}", f"{n} people died.", CLOSING)
        for n in range(10, 16)
    ]
    assert await polled(here, *pages) == [Outcome.NEW_VERSION] * 6
    with here.archive() as archive:
        assert archive.noise(1) == []


async def test_what_three_articles_of_a_host_taught_holds_on_the_fourth(here: World) -> None:
    await here.watch("/1", "/2", "/3", "/4")
    for article in (1, 2, 3):
        await polled(here, *(counted(10 * article + n) for n in range(3)), article=article)
    assert await polled(here, counted(7), counted(8), article=4) == [
        Outcome.NEW_VERSION,
        Via.NOISE,
    ]
    with here.archive() as archive:
        (views,) = archive.noise(4)
        assert (views.template, views.count, views.of_site) == ("# views", 1, True)


async def test_what_the_configuration_keeps_is_never_noise(here: World) -> None:
    rules = SiteRules("127.0.0.1", keep_text=(r"\d views$",))
    here.poller = replace(here.poller, sites=Sites((rules,)))
    await here.watch("/1")
    seen = await polled(here, *(counted(100 + n) for n in range(5)))
    assert seen == [Outcome.NEW_VERSION] * 5
