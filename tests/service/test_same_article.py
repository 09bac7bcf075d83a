"""Addresses of one article lead to one article, whichever of them is met first."""

from __future__ import annotations

from storage.articles import WatchedArticle
from tests.service.rig import INTERVAL, World, html, page
from watcher.core.model import Outcome


def telling(canonical: str, headline: str = "River tops the quay wall") -> bytes:
    """A page that names its own address."""
    link = f'<link rel="canonical" href="{canonical}">'.encode()
    return page(headline).replace(b"</head>", link + b"</head>")


async def watch_too(here: World, *paths: str) -> tuple[tuple[str, int], ...]:
    wanted = [WatchedArticle(here.site.url(path), "flood", INTERVAL) for path in paths]
    return (await here.store.sync_articles(wanted, here.clock.now())).same


async def test_a_page_that_names_a_watched_article_is_that_article(here: World) -> None:
    here.site.on("/river-rises", html(page()))
    here.site.on("/p/4711", html(telling(here.site.url("/river-rises"))))
    await here.watch("/river-rises", "/p/4711")
    assert (await here.poll(1)).decision.outcome is Outcome.NEW_VERSION
    decision = (await here.poll(2)).decision
    assert decision.outcome is Outcome.NOT_ARTICLE
    assert decision.detail == "is article 1: its canonical link and its headline say so"


async def test_a_link_that_a_whole_section_shares_joins_nothing(here: World) -> None:
    section = here.site.url("/river-rises")
    here.site.on("/river-rises", html(page()))
    here.site.on("/other", html(telling(section, "Mill burns down")))
    await here.watch("/river-rises", "/other")
    await here.poll(1)
    assert (await here.poll(2)).decision.outcome is Outcome.NEW_VERSION


async def test_the_address_that_a_page_gives_itself_is_known_from_then_on(here: World) -> None:
    here.site.on("/news/flood-12345", html(telling(here.site.url("/river-rises-12345"))))
    await here.watch("/news/flood-12345")
    await here.poll()
    assert await watch_too(here, "/news/flood-12345", "/river-rises-12345") == (
        (here.site.url("/river-rises-12345"), 1),
    )


async def test_the_address_of_a_section_is_nobodys_own(here: World) -> None:
    here.site.on("/news/flood-12345", html(telling(here.site.url("/news"))))
    await here.watch("/news/flood-12345")
    await here.poll()
    assert await watch_too(here, "/news/flood-12345", "/news") == ()


async def test_forms_of_an_address_are_one_article(here: World) -> None:
    await here.watch("/news/flood")
    for other in ("/news/flood/amp", "/amp/news/flood", "/news/flood/?utm_source=x#top"):
        assert len(await watch_too(here, "/news/flood", other)) == 1
