"""Feeds on the command line: what they found, how they do, and how a found article is let go."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from typer.testing import Result

from tests.command import as_json, watcher
from tests.service.rig import page
from tests.site import Answer, Site

HTML = {"Content-Type": "text/html"}


async def call(*arguments: object, config: Path) -> Result:
    return await asyncio.to_thread(watcher, *arguments, config=config)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return tmp_path / "watcher.toml"


def written(config: Path, site: Site) -> None:
    config.write_text(
        f"""
        database = "stories.db"
        [http]
        per_host_delay = "0s"
        allow_networks = ["127.0.0.1/32"]
        [[story]]
        name = "flood"
        [[feed]]
        url = "{site.url("/feed")}"
        story = "flood"
        words = ["river"]
        """
    )


def feed(site: Site, *paths: str) -> Answer:
    items = "".join(
        f"<item><title>River: {path}</title><link>{site.url(path)}</link></item>" for path in paths
    )
    return Answer(body=f"<rss><channel>{items}</channel></rss>".encode())


async def test_an_article_is_found_followed_and_let_go(config: Path) -> None:
    async with Site() as site:
        written(config, site)
        site.on("/feed", feed(site, "/wall"))
        site.on("/wall", Answer(body=page(), headers=HTML))
        assert "1 story, 0 webhooks, 1 feed." in (await call("check", config=config)).stdout
        polled = await call("poll", config=config)
        assert "1 new article" in polled.stdout
        assert "Polled 1 article: 1 new-version." in polled.stdout
        (listed,) = as_json(await call("list", "--json", config=config))["articles"]
        assert listed["found"]["source"] == site.url("/feed")
        status = await call("status", config=config)
        assert "1 listed, 1 match, 1 article followed" in status.stdout
        (source,) = as_json(await call("status", "--json", config=config))["sources"]
        assert (source["outcome"], source["following"]) == ("read", 1)
        removed = as_json(await call("remove", "1", "--json", config=config))
        assert (removed["unfollowed"], removed["unknown"]) == (["1"], [])
        looks = as_json(await call("poll", "--all", "--json", config=config))
        assert (looks["polled"], looks["sources"][0]["added"]) == (0, [])
        assert "removed" in (await call("list", config=config)).stdout
        again = await call("remove", "1", config=config)
        assert again.exit_code == 1


async def test_a_feed_that_cannot_be_read_is_named_with_a_remedy(config: Path) -> None:
    async with Site() as site:
        written(config, site)
        site.on("/feed", Answer(body=b"<html><p>We moved</p></html>"))
        polled = await call("poll", config=config)
        assert "not-a-listing" in polled.stdout
        assert "it begins with <html>" in polled.stdout
        status = await call("status", config=config)
        assert status.exit_code == 1
        assert "open the URL; if there is no feed any more, remove it" in status.stdout
