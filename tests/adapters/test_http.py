"""Fetching from a real site on loopback: what an answer becomes, redirects, conditions."""

from __future__ import annotations

import asyncio
import ssl
import zlib
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import brotli
import pytest
import pytest_asyncio

from tests.fakes import START, FakeClock
from tests.site import LOOPBACK, Answer, Names, Site
from watcher.adapters.net.client import GuardedClient
from watcher.adapters.net.http import FetchPolicy, HttpFetcher, user_agent
from watcher.core.model import Outcome, Validators
from watcher.errors import FetchFailed

CERTIFICATE = Path(__file__).parent / "data" / "loopback.pem"
PAGE = "<h1>Water rises</h1><p>The river — again.</p>".encode()
POLICY = FetchPolicy("storywatcher/0.1 (+mailto:desk@example.org)", timeout=5, per_host_delay=0)


@pytest_asyncio.fixture
async def site() -> AsyncIterator[Site]:
    async with Site() as opened:
        yield opened


@pytest_asyncio.fixture
async def client() -> AsyncIterator[GuardedClient]:
    names = Names(a_test="127.0.0.1", b_test="127.0.0.1", private_test="10.0.0.1 fd00::1")
    names.addresses["0x7f.2"] = ["127.0.0.2"]  # as the system's resolver reads it
    opened = GuardedClient(
        LOOPBACK, resolver=names, ssl_context=ssl.create_default_context(cafile=str(CERTIFICATE))
    )
    yield opened
    await opened.aclose()


@pytest.fixture
def fetcher(client: GuardedClient) -> HttpFetcher:
    return HttpFetcher(client, POLICY, FakeClock())


async def failure(fetcher: HttpFetcher, url: str) -> FetchFailed:
    with pytest.raises(FetchFailed) as caught:
        await fetcher.fetch(url, None)
    assert caught.value.detail.isprintable()
    assert caught.value.detail == str(caught.value)
    return caught.value


async def test_a_page_becomes_a_capture(site: Site, fetcher: HttpFetcher) -> None:
    site.on("/a?x=1", Answer(body=PAGE, headers={"ETag": '"1"', "X-Name": "Zoë"}))
    capture = await fetcher.fetch(site.url("/a?x=1"), None)
    assert (capture.status, capture.body, capture.fetched_at) == (200, PAGE, START)
    assert capture.url == capture.final_url == site.url("/a?x=1")
    assert capture.header("etag") == '"1"'
    assert capture.header("x-name") == "Zoë"
    assert not capture.permanent
    assert capture.retry_after is None


async def test_the_request_says_who_asks_and_what_it_can_read(
    site: Site, fetcher: HttpFetcher
) -> None:
    site.on("/", Answer(body=PAGE, headers={"Set-Cookie": "id=1; Path=/"}))
    await fetcher.fetch(site.url(), None)
    await fetcher.fetch(site.url(), None)
    first, second = site.requests
    assert first.headers["user-agent"] == "storywatcher/0.1 (+mailto:desk@example.org)"
    assert first.headers["accept-encoding"] == "gzip, deflate, br, zstd"
    assert first.headers["host"] == f"127.0.0.1:{site.port}"
    assert not {"cookie", "if-none-match", "authorization", "content-length"} & set(second.headers)
    assert site.connections == 1


def test_the_user_agent_names_the_contact() -> None:
    assert user_agent("0.1", "mailto:desk@example.org") == POLICY.user_agent
    assert user_agent("0.1", "") == "storywatcher/0.1"
    assert user_agent("0.1", "a\r\nX-Evil: (1)é") == "storywatcher/0.1 (+aX-Evil:1)"


@pytest.mark.parametrize(
    "headers", [{"ETag": '"v1"'}, {"Last-Modified": "Mon, 12 Jan 2026 06:00:00 GMT"}]
)
async def test_validators_bring_a_304(
    site: Site, fetcher: HttpFetcher, headers: dict[str, str]
) -> None:
    site.on("/a", Answer(body=PAGE, headers=headers))
    first = await fetcher.fetch(site.url("/a"), None)
    validators = Validators(first.final_url, first.header("etag"), first.header("last-modified"))
    again = await fetcher.fetch(site.url("/a#top"), validators)
    assert (again.status, again.body) == (304, b"")


async def test_validators_go_only_to_the_url_that_gave_them(
    site: Site, fetcher: HttpFetcher
) -> None:
    site.on("/old", Answer(status=302, headers={"Location": "/new"}))
    site.on("/new", Answer(body=PAGE, headers={"ETag": '"n"'}))
    capture = await fetcher.fetch(site.url("/old"), Validators(site.url("/new"), etag='"n"'))
    assert capture.status == 304
    assert "if-none-match" not in site.requests[0].headers
    assert site.requests[1].headers["if-none-match"] == '"n"'
    await fetcher.fetch(site.url("/new"), Validators(site.url("/old"), etag='"n"'))
    assert "if-none-match" not in site.requests[2].headers


@pytest.mark.parametrize("etag", ['"é"', '"a\r\nX-Evil: 1"', ""])
async def test_a_validator_that_cannot_be_sent_back_is_left_out(
    site: Site, fetcher: HttpFetcher, etag: str
) -> None:
    site.on("/a", Answer(body=PAGE))
    capture = await fetcher.fetch(site.url("/a"), Validators(site.url("/a"), etag=etag))
    assert capture.status == 200
    assert not {"if-none-match", "x-evil"} & set(site.requests[0].headers)


async def test_a_304_that_nobody_asked_for_is_no_answer(site: Site, fetcher: HttpFetcher) -> None:
    site.on("/a", Answer(status=304))
    assert (await failure(fetcher, site.url("/a"))).outcome is Outcome.BAD_RESPONSE


@pytest.mark.parametrize("status", [201, 400, 401, 403, 404, 410, 418, 429, 500, 503, 300, 304])
async def test_every_status_is_a_capture_and_what_may_tell_more_has_a_body(
    site: Site, fetcher: HttpFetcher, status: int
) -> None:
    site.on("/a", Answer(status=status, body=b"" if status == 304 else PAGE))
    capture = await fetcher.fetch(site.url("/a"), Validators(site.url("/a"), etag='"1"'))
    assert capture.status == status
    tells = status in (201, 400, 401, 403, 418, 429, 503)
    assert capture.body == (PAGE if tells else b"")


@pytest.mark.parametrize(
    "answer",
    [
        Answer(status=403, body=b"x" * 600_000),
        Answer(status=403, body=b"x", promise=10**9, ending="hang"),
        Answer(status=503, body=b"<p>Sorry", promise=1000, ending="reset"),
        Answer(status=429, body=PAGE, headers={"Content-Encoding": "rot13"}),
        Answer(status=401, body=b"{}", headers={"Content-Type": "application/json"}),
    ],
    ids=["too long", "announced as too long", "cut off", "in no known coding", "no page"],
)
async def test_a_refusal_whose_page_cannot_be_read_is_a_refusal_all_the_same(
    site: Site, fetcher: HttpFetcher, answer: Answer
) -> None:
    site.on("/a", answer)
    capture = await fetcher.fetch(site.url("/a"), None)
    assert (capture.status, capture.body) == (answer.status, b"")


async def test_retry_after_is_read_in_both_forms(site: Site, fetcher: HttpFetcher) -> None:
    site.on(
        "/a",
        Answer(status=429, headers={"Retry-After": "120"}),
        Answer(status=503, headers={"Retry-After": "Mon, 12 Jan 2026 06:00:30 GMT"}),
        Answer(status=503, headers={"Retry-After": "31536000"}),
    )
    waits = [(await fetcher.fetch(site.url("/a"), None)).retry_after for _ in range(3)]
    assert waits == [120.0, 30.0, timedelta(days=7).total_seconds()]


async def test_redirects_are_followed_and_remembered(site: Site, fetcher: HttpFetcher) -> None:
    site.on("/1", Answer(status=301, headers={"Location": "2?q=ä#part"}))
    site.on("/2?q=%C3%A4", Answer(status=308, headers={"Location": site.url("/3", "b.test")}))
    site.on("/3", Answer(body=PAGE))
    capture = await fetcher.fetch(site.url("/1", "a.test"), None)
    assert capture.body == PAGE
    assert capture.url == site.url("/1", "a.test")
    assert capture.final_url == site.url("/3", "b.test")
    assert capture.permanent
    assert [each.path for each in site.requests] == ["/1", "/2?q=%C3%A4", "/3"]


@pytest.mark.parametrize("statuses", [(302,), (301, 307), (303, 308), (301, 302, 301)])
async def test_one_temporary_redirect_makes_the_way_temporary(
    site: Site, fetcher: HttpFetcher, statuses: tuple[int, ...]
) -> None:
    for number, status in enumerate(statuses):
        site.on(f"/{number}", Answer(status=status, headers={"Location": f"/{number + 1}"}))
    site.on(f"/{len(statuses)}", Answer(body=PAGE))
    capture = await fetcher.fetch(site.url("/0"), None)
    assert capture.final_url == site.url(f"/{len(statuses)}")
    assert not capture.permanent


async def test_a_redirect_without_location_is_a_capture(site: Site, fetcher: HttpFetcher) -> None:
    site.on("/a", Answer(status=301))
    assert (await fetcher.fetch(site.url("/a"), None)).status == 301


async def test_redirects_in_a_circle_end(site: Site, fetcher: HttpFetcher) -> None:
    site.on("/a", Answer(status=302, headers={"Location": "/b#x"}))
    site.on("/b", Answer(status=302, headers={"Location": "/a#y"}))
    assert (await failure(fetcher, site.url("/a"))).outcome is Outcome.REDIRECT_LOOP
    assert len(site.requests) == 2


async def test_ten_redirects_are_followed_and_no_more(site: Site, fetcher: HttpFetcher) -> None:
    for number in range(11):
        site.on(f"/{number}", Answer(status=302, headers={"Location": f"/{number + 1}"}))
    site.on("/11", Answer(body=PAGE))
    assert (await fetcher.fetch(site.url("/1"), None)).body == PAGE
    assert (await failure(fetcher, site.url("/0"))).outcome is Outcome.REDIRECT_LOOP


@pytest.mark.parametrize(
    ("location", "outcome"),
    [
        ("http://10.0.0.1/", Outcome.FORBIDDEN_ADDRESS),
        ("http://169.254.169.254/latest/meta-data/", Outcome.FORBIDDEN_ADDRESS),
        ("http://[::1]/", Outcome.FORBIDDEN_ADDRESS),
        ("http://[::ffff:10.0.0.1]/", Outcome.FORBIDDEN_ADDRESS),
        ("http://0x7f.2/", Outcome.FORBIDDEN_ADDRESS),
        ("//private.test/", Outcome.FORBIDDEN_ADDRESS),
        ("file:///etc/passwd", Outcome.FORBIDDEN_ADDRESS),
        ("gopher://a.test/", Outcome.FORBIDDEN_ADDRESS),
        ("javascript:alert(1)", Outcome.FORBIDDEN_ADDRESS),
        ("http://user:secret@a.test/", Outcome.FORBIDDEN_ADDRESS),
        ("http://nowhere.test/", Outcome.DNS),
        ("http://[", Outcome.BAD_RESPONSE),
        ("http://a.test:99999/", Outcome.BAD_RESPONSE),
        ("/" + "x" * 5000, Outcome.BAD_RESPONSE),
        ("/a\\b", Outcome.BAD_RESPONSE),
    ],
)
async def test_a_redirect_to_where_nobody_may_go_is_not_followed(
    site: Site, fetcher: HttpFetcher, location: str, outcome: Outcome
) -> None:
    site.on("/a", Answer(status=302, headers={"Location": location}))
    failed = await failure(fetcher, site.url("/a"))
    assert failed.outcome is outcome
    assert "secret" not in failed.detail


async def test_secure_pages_are_fetched_and_may_redirect_to_plain_ones(
    site: Site, fetcher: HttpFetcher
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    site.on("/b", Answer(body=PAGE))
    async with Site(tls=context) as secure:
        secure.on("/a", Answer(status=301, headers={"Location": site.url("/b")}))
        secure.on("/c", Answer(body=PAGE))
        assert (await fetcher.fetch(secure.url("/c", "a.test"), None)).body == PAGE
        capture = await fetcher.fetch(secure.url("/a", "a.test"), None)
    assert (capture.final_url, capture.permanent) == (site.url("/b"), True)


async def test_a_body_is_decoded(site: Site, fetcher: HttpFetcher) -> None:
    page = PAGE * 3000
    squeezed = zlib.compress(brotli.compress(page, quality=4))
    site.on("/a", Answer(body=squeezed, headers={"Content-Encoding": "br, deflate"}))
    site.on(
        "/b",
        Answer(
            raw=b"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Encoding: deflate\r\n"
            b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (len(squeezed), squeezed)
        ),
    )
    for path in ("/a", "/b"):
        assert (await fetcher.fetch(site.url(path), None)).body == page


async def test_a_long_body_of_no_interest_drops_the_connection_and_a_short_one_keeps_it(
    site: Site, fetcher: HttpFetcher
) -> None:
    site.on("/long", Answer(status=500, body=b"x", promise=10**9, ending="hang"))
    site.on("/short", Answer(status=404, body=b"nothing"))
    assert (await fetcher.fetch(site.url("/short"), None)).status == 404
    assert (await fetcher.fetch(site.url("/long"), None)).status == 500
    assert site.connections == 1
    assert (await fetcher.fetch(site.url("/short"), None)).status == 404
    assert site.connections == 2


async def test_hosts_have_their_own_turns(site: Site, client: GuardedClient) -> None:
    policy = FetchPolicy("storywatcher/0.1", per_host_concurrency=1, per_host_delay=0)
    fetcher = HttpFetcher(client, policy, FakeClock())
    held = asyncio.Event()
    site.on("/slow", Answer(body=PAGE, held=held))
    site.on("/fast", Answer(body=PAGE))
    slow = asyncio.create_task(fetcher.fetch(site.url("/slow", "a.test"), None))
    await site.arrived.wait()
    behind = asyncio.create_task(fetcher.fetch(site.url("/fast", "a.test"), None))
    assert (await fetcher.fetch(site.url("/fast", "b.test"), None)).body == PAGE
    assert [each.path for each in site.requests] == ["/slow", "/fast"]
    assert not behind.done()
    held.set()
    assert (await slow).body == (await behind).body == PAGE


async def test_another_policy_applies_to_the_next_fetch(site: Site, fetcher: HttpFetcher) -> None:
    site.on("/a", Answer(body=PAGE))
    await fetcher.fetch(site.url("/a"), None)
    fetcher.reconfigure(FetchPolicy("other/1", max_body=len(PAGE) - 1, per_host_delay=0))
    assert (await failure(fetcher, site.url("/a"))).outcome is Outcome.TOO_LARGE
    assert site.requests[1].headers["user-agent"] == "other/1"


async def test_other_allowed_networks_apply_to_open_connections_too(
    site: Site, client: GuardedClient, fetcher: HttpFetcher
) -> None:
    held = asyncio.Event()
    site.on("/a", Answer(body=PAGE))
    site.on("/slow", Answer(body=PAGE, held=held))
    await fetcher.fetch(site.url("/a"), None)
    under_way = asyncio.create_task(fetcher.fetch(site.url("/slow"), None))
    await asyncio.wait_for(_asked(site, "/slow"), 5)
    await client.allow([])
    assert (await failure(fetcher, site.url("/a"))).outcome is Outcome.FORBIDDEN_ADDRESS
    held.set()
    assert (await under_way).body == PAGE, "what had begun was permitted and may end"
    await client.allow(LOOPBACK)
    assert (await fetcher.fetch(site.url("/a"), None)).body == PAGE


async def _asked(site: Site, path: str) -> None:
    while not site.asked(path):
        site.arrived.clear()
        await site.arrived.wait()
