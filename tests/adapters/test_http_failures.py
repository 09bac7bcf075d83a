"""Fetching when nothing comes back that could be used: every way has its outcome."""

from __future__ import annotations

import asyncio
import gzip
import ssl
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.adapters.test_http import CERTIFICATE, PAGE, POLICY, failure
from tests.fakes import FakeClock, FakeTimers
from tests.site import LOOPBACK, Answer, Asked, Names, Site
from watcher.adapters.net.client import GuardedClient
from watcher.adapters.net.http import FetchPolicy, HttpFetcher
from watcher.core.model import Capture, Outcome
from watcher.errors import FetchFailed

HASTY = FetchPolicy("storywatcher/0.1", timeout=0.05, per_host_delay=0, per_host_concurrency=1)
NARROW = FetchPolicy("storywatcher/0.1", timeout=5, max_body=1000, per_host_delay=0)
OK = b"HTTP/1.1 200 OK\r\n"


@pytest_asyncio.fixture
async def site() -> AsyncIterator[Site]:
    async with Site() as opened:
        yield opened


@pytest_asyncio.fixture
async def client() -> AsyncIterator[GuardedClient]:
    names = Names(
        a_test="127.0.0.1",
        down_test="127.0.0.1",
        private_test="10.0.0.1 fd00::1",
        mixed_test="10.0.0.1 127.0.0.1",
        empty_test="",
    )
    opened = GuardedClient(LOOPBACK, resolver=names)
    yield opened
    await opened.aclose()


@pytest.fixture
def fetcher(client: GuardedClient) -> HttpFetcher:
    return HttpFetcher(client, POLICY, FakeClock())


@pytest.mark.parametrize(
    "answer",
    [
        Answer(raw=b"", ending="hang"),
        Answer(raw=b"HTTP/1.1 200", ending="hang"),
        Answer(body=b"<p>Begin", promise=100, ending="hang"),
        Answer(status=302, raw=b"HTTP/1.1 302 Found\r\nLocation: /a", ending="hang"),
    ],
    ids=["nothing", "half a line", "half a body", "half a redirect"],
)
async def test_an_answer_that_never_ends_is_a_timeout(
    site: Site, client: GuardedClient, answer: Answer
) -> None:
    site.on("/a", answer)
    fetcher = HttpFetcher(client, HASTY, FakeClock())
    failed = await failure(fetcher, site.url("/a", "a.test"))
    assert failed.outcome is Outcome.TIMEOUT
    assert failed.detail == "a.test did not answer in full within 0.05 s."


@pytest_asyncio.fixture
async def passing(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Passing]:
    with monkeypatch.context() as patch:
        yield Passing(asyncio.get_running_loop(), patch)


class Passing:
    """Lets time pass on the running event loop without waiting for it."""

    def __init__(self, loop: asyncio.AbstractEventLoop, patch: pytest.MonkeyPatch) -> None:
        self.seconds = 0.0
        real = loop.time
        patch.setattr(loop, "time", lambda: real() + self.seconds)


async def test_the_deadline_is_for_all_redirects_together(
    site: Site, fetcher: HttpFetcher, passing: Passing
) -> None:
    def slowly(asked: Asked) -> Answer:
        passing.seconds += 0.4 * POLICY.timeout
        hop = int(asked.path[1:])
        return Answer(status=302, headers={"Location": f"/{hop + 1}"}) if hop < 3 else Answer()

    for hop in range(4):
        site.script(f"/{hop}", slowly)
    assert (await fetcher.fetch(site.url("/2"), None)).status == 200
    failed = await failure(fetcher, site.url("/1"))
    assert failed.outcome is Outcome.TIMEOUT
    assert len(site.asked("/3")) == 2


async def test_waiting_for_the_turn_does_not_count(
    site: Site, client: GuardedClient, passing: Passing
) -> None:
    timers = FakeTimers()
    policy = FetchPolicy("storywatcher/0.1", timeout=5, per_host_delay=60)
    fetcher = HttpFetcher(client, policy, FakeClock(), timers=timers)
    site.on("/a", Answer(status=302, headers={"Location": "/b"}))
    site.on("/b", Answer(body=PAGE))
    fetching = asyncio.create_task(fetcher.fetch(site.url("/a"), None))
    await timers.awaited.wait()
    passing.seconds += 60
    await timers.advance(60)
    assert (await fetching).body == PAGE


async def test_a_timeout_gives_the_turn_back(site: Site, client: GuardedClient) -> None:
    site.on("/hang", Answer(raw=b"", ending="hang"))
    site.on("/a", Answer(body=PAGE))
    fetcher = HttpFetcher(client, HASTY, FakeClock())
    hanging = [fetcher.fetch(site.url("/hang"), None) for _ in range(3)]
    failed = await asyncio.gather(*hanging, return_exceptions=True)
    assert [getattr(each, "outcome", each) for each in failed] == [Outcome.TIMEOUT] * 3
    fetcher.reconfigure(POLICY)
    assert (await fetcher.fetch(site.url("/a"), None)).body == PAGE


async def test_a_cancelled_fetch_gives_its_turn_back(site: Site, client: GuardedClient) -> None:
    site.on("/hang", Answer(raw=b"", ending="hang"))
    site.on("/a", Answer(body=PAGE))
    policy = FetchPolicy("storywatcher/0.1", per_host_concurrency=1, per_host_delay=0)
    fetcher = HttpFetcher(client, policy, FakeClock())
    hanging = asyncio.create_task(fetcher.fetch(site.url("/hang"), None))
    await site.arrived.wait()
    hanging.cancel()
    assert (await fetcher.fetch(site.url("/a"), None)).body == PAGE
    assert hanging.cancelled()


@pytest.mark.parametrize(
    "answer",
    [
        Answer(body=b"x" * 1001),
        Answer(body=b"x", promise=1001, ending="hang"),
        Answer(body=b"x" * 5000, promise=-1, ending="hang"),
        Answer(
            raw=OK
            + b"Transfer-Encoding: chunked\r\n\r\n"
            + b"80\r\n"
            + b"x" * 128
            + b"\r\n" * 1
            + (b"80\r\n" + b"x" * 128 + b"\r\n") * 9,
            ending="hang",
        ),
        Answer(body=gzip.compress(bytes(10**6)), headers={"Content-Encoding": "gzip"}),
    ],
    ids=["whole", "announced", "to the end of the connection", "chunked", "bomb"],
)
async def test_a_page_over_the_limit_is_too_large(
    site: Site, client: GuardedClient, answer: Answer
) -> None:
    site.on("/a", answer)
    fetcher = HttpFetcher(client, NARROW, FakeClock())
    failed = await failure(fetcher, site.url("/a"))
    assert failed.outcome is Outcome.TOO_LARGE
    assert "1,000 bytes" in failed.detail


@pytest.mark.parametrize(
    "answer",
    [
        Answer(raw=b"\x1b[31mSSH-2.0-OpenSSH_9\r\n\r\n", ending="close"),
        Answer(raw=b"HTTP/1.1 abc OK\r\n\r\n", ending="close"),
        Answer(raw=OK + b"Content-Length: many\r\n\r\n", ending="close"),
        Answer(raw=OK + b"No colon here\r\n\r\n", ending="close"),
        Answer(raw=OK + b"X: " + b"y" * 200_000 + b"\r\n\r\n", ending="close"),
        Answer(raw=OK + b"X: yyyyyyyyyyyyy\r\n" * 300 + b"\r\n", ending="close"),
        Answer(raw=OK + (b"X: " + b"y" * 30_000 + b"\r\n") * 10 + b"\r\n", ending="close"),
        Answer(raw=OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nhm\r\n", ending="close"),
        Answer(raw=OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", ending="close"),
        Answer(body=b"half", promise=1000, ending="close"),
        Answer(body=b"half", promise=1000, ending="reset"),
        Answer(body=PAGE, headers={"Content-Encoding": "gzip"}),
        Answer(body=gzip.compress(PAGE)[:-4], headers={"Content-Encoding": "gzip"}),
        Answer(body=PAGE, headers={"Content-Encoding": "rot13"}),
        Answer(status=302, headers={"Location": "http://[oops"}),
    ],
    ids=[
        "not HTTP",
        "no status",
        "length",
        "header",
        "long header",
        "many headers",
        "headers too long together",
        "chunk",
        "no last chunk",
        "cut short",
        "reset",
        "not gzip",
        "gzip cut short",
        "unknown encoding",
        "location",
    ],
)
async def test_a_malformed_answer_is_a_bad_response(
    site: Site, fetcher: HttpFetcher, answer: Answer
) -> None:
    site.on("/a", answer)
    assert (await failure(fetcher, site.url("/a"))).outcome is Outcome.BAD_RESPONSE


@pytest.mark.parametrize(
    "answer",
    [
        Answer(raw=b"", ending="close"),
        Answer(raw=b"", ending="reset"),
    ],
    ids=["closed", "reset"],
)
async def test_a_connection_that_ends_early_is_a_connection_error(
    site: Site, fetcher: HttpFetcher, answer: Answer
) -> None:
    site.on("/a", answer)
    failed = await failure(fetcher, site.url("/a", "a.test"))
    assert failed.outcome is Outcome.CONNECTION
    assert "a.test" in failed.detail


async def test_a_connection_closed_while_idle_is_replaced(site: Site, fetcher: HttpFetcher) -> None:
    site.on("/a", Answer(body=PAGE, ending="close"))
    for _ in range(3):
        assert (await fetcher.fetch(site.url("/a"), None)).body == PAGE


async def test_a_refused_connection_is_a_connection_error(fetcher: HttpFetcher) -> None:
    async with Site() as gone:
        url = gone.url("/a", "down.test")
    failed = await failure(fetcher, url)
    assert failed.outcome is Outcome.CONNECTION
    assert "down.test" in failed.detail


@pytest.mark.parametrize("host", ["nowhere.test", "empty.test", "x" * 64 + ".test", "a..test"])
async def test_a_name_that_does_not_resolve_is_a_dns_error(fetcher: HttpFetcher, host: str) -> None:
    failed = await failure(fetcher, f"http://{host}/")
    assert failed.outcome is Outcome.DNS
    assert host in failed.detail


async def test_the_systems_resolver_says_no_such_name() -> None:
    client = GuardedClient(LOOPBACK)
    failed = await failure(HttpFetcher(client, POLICY, FakeClock()), "http://story.invalid/")
    assert failed.outcome is Outcome.DNS
    await client.aclose()


async def test_plain_http_where_https_is_asked_is_a_tls_error(
    site: Site, fetcher: HttpFetcher
) -> None:
    plain = await asyncio.start_server(_answers_anything, "127.0.0.1", 0)
    port = plain.sockets[0].getsockname()[1]
    failed = await failure(fetcher, f"https://a.test:{port}/")
    assert failed.outcome is Outcome.TLS
    plain.close()
    await plain.wait_closed()


async def _answers_anything(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(100)
    writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
    writer.close()


async def test_a_certificate_that_nobody_vouches_for_is_a_tls_error(fetcher: HttpFetcher) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    async with Site(tls=context) as secure:
        failed = await failure(fetcher, secure.url("/", "a.test"))
    assert failed.outcome is Outcome.TLS
    assert "self-signed certificate" in failed.detail


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.2/",
        "http://10.1.2.3/",
        "http://[::1]/",
        "http://[fe80::1]/",
        "http://169.254.169.254/",
        "http://2130706433/",
        "http://private.test/",
        "ftp://a.test/",
        "//a.test/",
        "a.test",
        "",
        "http://",
        "http:///path",
        "http://user@a.test/",
        "http://user:pass@a.test/",
        "http://[::1",
        "http://a.test:port/",
        "http://a.test/\x00",
        "\ud800",
    ],
)
async def test_what_may_not_be_fetched_is_forbidden(fetcher: HttpFetcher, url: str) -> None:
    failed = await failure(fetcher, url)
    assert failed.outcome is Outcome.FORBIDDEN_ADDRESS
    assert "pass@" not in failed.detail


async def test_a_forbidden_name_is_told_with_its_address_and_the_remedy(
    fetcher: HttpFetcher,
) -> None:
    failed = await failure(fetcher, "http://private.test/")
    assert "private.test leads to 10.0.0.1" in failed.detail
    assert "http.allow_networks" in failed.detail


async def test_a_name_with_a_private_and_a_public_address_is_reached_at_the_public_one(
    site: Site, fetcher: HttpFetcher
) -> None:
    site.on("/a", Answer(body=PAGE))
    assert (await fetcher.fetch(site.url("/a", "mixed.test"), None)).body == PAGE
    async with Site() as gone:
        url = gone.url("/a", "mixed.test")
    assert (await failure(fetcher, url)).outcome is Outcome.CONNECTION


@settings(max_examples=150)
@given(
    st.text(max_size=80)
    | st.builds("http://{}".format, st.text(max_size=60))
    | st.builds("https://{}.test:{}/{}".format, st.text(max_size=8), st.integers(), st.text())
)
@example("http://a.test:0/")
@example("http://xn--a.test/")
@example("http://a.test/%")
@example("HTTP://\u2488.test")
@example("http://127.0.0.1.:1/")
def test_any_text_as_a_url_gives_a_capture_or_a_failure(url: str) -> None:
    async def fetch() -> Capture | FetchFailed:
        client = GuardedClient(resolver=Names(), ssl_context=_NO_TRUST)
        try:
            return await HttpFetcher(client, POLICY, FakeClock()).fetch(url, None)
        except FetchFailed as error:
            return error
        finally:
            await client.aclose()

    ended = asyncio.run(fetch())
    assert isinstance(ended, Capture) or ended.detail.isprintable()


_NO_TRUST = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
