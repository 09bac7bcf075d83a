"""The publisher on loopback, over real HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from watcher.adapters.net.replay_site import ReplaySite, accelerated, load_story
from watcher.core.seed import SeedStep
from watcher.errors import UsageError

HEAD = """
name = "flood"
title = "The flood"
shows = "Water."
starts = 2026-01-12T06:10:00Z
"""
STORY = (
    HEAD
    + """
[[step]]
at = "0m"
path = "/flood"
file = "1.html"

[[step]]
at = "10m"
file = "1.html"
noise = true
validators = false

[[step]]
at = "20m"
status = 301
location = "/the-flood"
file = "2.html"

[[step]]
at = "30m"
status = 503
headers = { Retry-After = "120" }

[[step]]
at = "40m"
file = "report.pdf"

[[step]]
at = "50m"

[[step]]
at = "60m"
file = "2.html"
headers = { etag = '"own"' }
content_type = "text/html"
"""
)


class StoppedClock:
    """A clock that goes only when told."""

    def __init__(self) -> None:
        self.time = datetime(2026, 3, 1, tzinfo=UTC)

    def now(self) -> datetime:
        return self.time


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "story.toml").write_text(STORY, encoding="utf-8")
    page = "<p>{{base}}/flood {{noise}} {{noise}} {{count}} – %s</p>"
    (tmp_path / "1.html").write_text(page % "one", encoding="utf-8")
    (tmp_path / "2.html").write_text(page % "two", encoding="utf-8")
    (tmp_path / "report.pdf").write_bytes(b"%PDF-1.4 {{base}} \xff")
    return tmp_path


@pytest_asyncio.fixture
async def site(folder: Path) -> AsyncIterator[ReplaySite]:
    site = ReplaySite(folder)
    await site.start()
    yield site
    await site.aclose()


@pytest_asyncio.fixture
async def client(site: ReplaySite) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=site.base, trust_env=False) as client:
        yield client


async def test_the_page_with_its_addresses(site: ReplaySite, client: httpx.AsyncClient) -> None:
    page = await client.get("/flood")
    assert page.status_code == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["last-modified"] == "Mon, 12 Jan 2026 06:10:00 GMT"
    assert f"<p>{site.base}/flood " in page.text
    assert page.text.endswith(" 1200 – one</p>")
    assert "{{" not in page.text
    assert site.article_url == f"{site.base}/flood"
    assert (await client.get("/flood")).content == page.content


@pytest.mark.parametrize(
    ("name", "sent", "status"),
    [
        ("If-None-Match", "{etag}", 304),
        ("If-None-Match", 'W/"other", W/{etag}', 304),
        ("If-None-Match", "*", 304),
        ("If-None-Match", '"other"', 200),
        ("If-Modified-Since", "{date}", 304),
        ("If-Modified-Since", "Sun, 11 Jan 2026 06:10:00 GMT", 200),
        ("If-Modified-Since", "yesterday", 200),
    ],
)
async def test_validators(client: httpx.AsyncClient, name: str, sent: str, status: int) -> None:
    first = await client.get("/flood")
    value = sent.format(etag=first.headers["etag"], date=first.headers["last-modified"])
    again = await client.get("/flood", headers={name: value})
    assert again.status_code == status
    assert again.headers["etag"] == first.headers["etag"]
    assert (again.content == b"") == (status == 304)


async def test_an_etag_goes_before_a_date(client: httpx.AsyncClient) -> None:
    first = await client.get("/flood")
    sent = {"If-None-Match": '"x"', "If-Modified-Since": first.headers["last-modified"]}
    assert (await client.get("/flood", headers=sent)).status_code == 200


async def test_noise_differs_in_every_response(site: ReplaySite, client: httpx.AsyncClient) -> None:
    site.set_step(1)
    first, second = await client.get("/flood"), await client.get("/flood")
    assert "etag" not in first.headers
    assert "last-modified" not in first.headers
    tokens = [first.text.split()[1:4], second.text.split()[1:4]]
    assert len({token for three in tokens for token in three}) == 6
    assert first.text.endswith("– one</p>")


async def test_a_redirect_and_the_page_behind_it(
    site: ReplaySite, client: httpx.AsyncClient
) -> None:
    site.set_step(2)
    redirect = await client.get("/flood")
    assert (redirect.status_code, redirect.headers["location"]) == (301, "/the-flood")
    page = await client.get("/the-flood")
    assert page.status_code == 200
    assert page.text.endswith("– two</p>")
    assert page.headers["last-modified"] == "Mon, 12 Jan 2026 06:30:00 GMT"
    assert (await client.get("/else")).status_code == 404


async def test_an_error_with_its_headers(site: ReplaySite, client: httpx.AsyncClient) -> None:
    site.set_step(3)
    page = await client.get("/flood", headers={"If-None-Match": "*"})
    assert (page.status_code, page.headers["retry-after"]) == (503, "120")
    assert "503 Service Unavailable" in page.text


async def test_other_types_and_empty_bodies(site: ReplaySite, client: httpx.AsyncClient) -> None:
    site.set_step(4)
    pdf = await client.get("/flood")
    assert pdf.headers["content-type"] == "application/pdf"
    assert pdf.content == b"%PDF-1.4 {{base}} \xff"
    site.set_step(5)
    empty = await client.get("/flood")
    assert (empty.status_code, empty.content) == (200, b"")


async def test_a_step_may_bring_its_own_etag(site: ReplaySite, client: httpx.AsyncClient) -> None:
    site.set_step(6)
    page = await client.get("/flood")
    assert page.headers.get_list("etag") == ['"own"']
    assert page.headers["content-type"] == "text/html"
    again = await client.get("/flood", headers={"If-None-Match": '"own"'})
    assert again.status_code == 304


async def test_requests_are_counted_by_status(site: ReplaySite, client: httpx.AsyncClient) -> None:
    for path in ("/flood", "/flood", "/nothing"):
        await client.get(path)
    await client.get("/flood", headers={"If-None-Match": "*"})
    assert site.requests == {200: 2, 404: 1, 304: 1}


async def test_the_clock_chooses_the_step_and_the_hook_hears_of_it(folder: Path) -> None:
    clock = StoppedClock()
    heard: list[tuple[int, SeedStep]] = []
    site = ReplaySite(
        folder,
        story_time=accelerated(clock, 60.0),
        on_step=lambda index, step: heard.append((index, step)),
    )
    assert heard == []
    base = await site.start()
    try:
        assert heard == [(0, site.story.steps[0])]
        clock.time += timedelta(seconds=9)
        assert site.advance() == 0
        clock.time += timedelta(seconds=21)
        async with httpx.AsyncClient(trust_env=False) as client:
            assert (await client.get(f"{base}/flood")).status_code == 503
        assert site.advance() == 3
        assert [index for index, _ in heard] == [0, 3]
        site.set_step(1)
        clock.time += timedelta(hours=9)
        assert site.advance() == 1
        assert [index for index, _ in heard] == [0, 3, 1]
    finally:
        await site.aclose()


async def test_a_step_that_does_not_exist(site: ReplaySite) -> None:
    with pytest.raises(UsageError, match=r"^flood has steps 0 to 6, not 7\.$"):
        site.set_step(7)


async def test_a_port_in_use(site: ReplaySite, folder: Path) -> None:
    port = httpx.URL(site.base).port
    assert port is not None
    second = ReplaySite(folder, port=port)
    with pytest.raises(UsageError, match=f"^Port {port} on 127.0.0.1 is in use: choose another"):
        await second.start()
    await second.aclose()


async def test_a_closed_site_answers_no_more(folder: Path) -> None:
    site = ReplaySite(folder)
    base = await site.start()
    await site.aclose()
    async with httpx.AsyncClient(trust_env=False) as client:
        with pytest.raises(httpx.ConnectError):
            await client.get(base)


def test_a_folder_without_a_story(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"holds no story.*Name a folder that has one\.$"):
        load_story(tmp_path)


def test_a_story_with_faults_names_its_file(tmp_path: Path) -> None:
    (tmp_path / "story.toml").write_bytes(b'name = "\xff"')
    with pytest.raises(UsageError, match=r"story\.toml is not UTF-8 text"):
        load_story(tmp_path)
    (tmp_path / "story.toml").write_text(HEAD, encoding="utf-8")
    with pytest.raises(UsageError, match=r"story\.toml cannot be used:\nstory\.toml needs step"):
        load_story(tmp_path)


def test_every_file_that_is_missing_or_broken_is_named(folder: Path) -> None:
    (folder / "1.html").write_bytes(b"\xff")
    (folder / "report.pdf").unlink()
    with pytest.raises(UsageError) as caught:
        ReplaySite(folder)
    first, second = str(caught.value).splitlines()
    assert first.endswith("1.html is not UTF-8 text: save it as UTF-8.")
    assert second.endswith("report.pdf cannot be read: No such file or directory.")
