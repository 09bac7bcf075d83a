"""Nothing leaves for an address that is not public, whatever way it is asked to go."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from typer.testing import Result

from storage.store import Store
from tests.command import SECRET, watcher
from tests.e2e.running import Receiver, daemon
from tests.fakes import START, FakeClock
from tests.security.outgoing import HOSTS, OUTSIDE, URLS, Wire
from tests.site import Answer, Site
from watcher.adapters.net.client import GuardedClient
from watcher.adapters.net.http import FetchPolicy, HttpFetcher
from watcher.adapters.net.webhook import WebhookSender
from watcher.core.model import Outcome
from watcher.errors import FetchFailed, SendFailed

POLICY = FetchPolicy("storywatcher/0.1", timeout=5, per_host_delay=0)
NOWHERE = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
REFUSED = {Outcome.FORBIDDEN_ADDRESS, Outcome.DNS, Outcome.BAD_RESPONSE}
EVERYTHING = {**{name: f"http://{host}/" for name, host in HOSTS.items()}, **URLS}
each = pytest.mark.parametrize("url", EVERYTHING.values(), ids=EVERYTHING.keys())
LOOPBACK = ("127.0.0.1/32",)
PAGE = b"<html><body><article><h1>Water rises</h1>" + b"".join(
    b"<p>Paragraph %d of a story about a river that rose overnight, the council said.</p>" % n
    for n in range(6)
)
HTML = {"Content-Type": "text/html"}


def client(*allowed: str) -> GuardedClient:
    return GuardedClient(allowed, ssl_context=NOWHERE)


async def fetched(url: str, *allowed: str) -> Outcome | int:
    guarded = client(*allowed)
    try:
        return (await HttpFetcher(guarded, POLICY, FakeClock()).fetch(url, None)).status
    except FetchFailed as error:
        return error.outcome if error.detail.isprintable() else Outcome.EXTRACTION_FAILED
    finally:
        await guarded.aclose()


@each
async def test_no_fetch_gets_there(wire: Wire, url: str) -> None:
    assert await fetched(url) in REFUSED
    assert wire.dialled == []


@each
async def test_no_delivery_gets_there(wire: Wire, url: str) -> None:
    guarded = client()
    with pytest.raises(SendFailed) as caught:
        await WebhookSender(guarded, "storywatcher/0.1").send(url, SECRET, "evt_1", b"{}", START)
    await guarded.aclose()
    assert str(caught.value).isprintable()
    assert wire.dialled == []


@pytest.mark.parametrize("hop", [1, 9])
@each
async def test_no_redirect_gets_there(wire: Wire, site: Site, url: str, hop: int) -> None:
    """The first address is public, and so is every further one up to the last."""
    if not url.isascii() or not url.isprintable():
        url = url.encode("utf-8").decode("latin-1").replace("\r\n", "%0d%0a").replace("\0", "%00")
    here = f"http://outside.test:{site.port}"
    for number in range(hop):
        onward = f"{here}/{number + 1}" if number < hop - 1 else url
        site.on(f"/{number}", Answer(status=302, headers={"Location": onward}))
    outcome = await fetched(f"{here}/0")
    # What a Location means may be a path of the very site that sent it: that is no way in.
    assert outcome in REFUSED or (outcome == 404 and len(site.requests) == hop + 1)
    assert len(site.requests) >= hop
    assert set(wire.dialled) == {OUTSIDE}


Way = Callable[[str, Path], Awaitable[Result]]


async def call(*arguments: object, config: Path) -> Result:
    """The command in a thread, as the site lives on this event loop."""
    return await asyncio.to_thread(watcher, *arguments, config=config, env={"DESK_SECRET": SECRET})


def written(folder: Path, article: str, webhook: str, allowed: tuple[str, ...] = ()) -> Path:
    path = folder / "watcher.toml"
    path.write_text(
        f"""
        database = "stories.db"
        [http]
        per_host_delay = "0s"
        allow_networks = {json.dumps(allowed)}
        [[story]]
        name = "flood"
        urls = [{json.dumps(article)}]
        [[webhook]]
        name = "desk"
        url = {json.dumps(webhook)}
        secret = "env:DESK_SECRET"
        """
    )
    return path


async def by_extract(url: str, folder: Path) -> Result:
    return await call("extract", url, config=written(folder, "http://a.test/", "http://a.test/"))


async def by_compare(url: str, folder: Path) -> Result:
    (folder / "old.html").write_bytes(PAGE)
    config = written(folder, "http://a.test/", "http://a.test/")
    return await call("compare", folder / "old.html", url, config=config)


async def by_poll(url: str, folder: Path) -> Result:
    return await call("poll", "--all", config=written(folder, url, "http://a.test/"))


async def by_webhook_test(url: str, folder: Path) -> Result:
    return await call("webhook", "test", "desk", config=written(folder, "http://a.test/", url))


def listing(kind: str) -> Way:
    async def by_source(url: str, folder: Path) -> Result:
        path = written(folder, "http://nowhere.invalid/", "http://a.test/")
        source = f'[[{kind}]]\nurl = {json.dumps(url)}\nstory = "flood"\nwords = ["x"]\n'
        path.write_text(path.read_text() + source)
        return await call("poll", "--all", config=path)

    return by_source


WAYS = {
    "extract": by_extract,
    "compare": by_compare,
    "poll": by_poll,
    "webhook test": by_webhook_test,
    "feed": listing("feed"),
    "sitemap": listing("sitemap"),
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS.keys())
async def test_no_command_gets_there(wire: Wire, way: Way, tmp_path: Path) -> None:
    told = {}
    for name, url in EVERYTHING.items():
        if "\0" in url:
            continue  # no argument of a program can hold it
        result = await way(url, tmp_path)
        told[name] = result.output
        refused = result.exit_code in (2, 3) or "forbidden-address" in result.output
        assert refused or "dns" in result.output, (name, result.output)
        assert "defect" not in result.output, (name, result.output)
        assert wire.dialled == [], name
    assert "allow_networks" in told["loopback"]


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS.keys())
async def test_a_command_goes_where_it_may(
    wire: Wire, site: Site, way: Way, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same ways with the network allowed: so the tests above see what they look for."""
    site.on("/a", Answer(body=PAGE, headers=HTML))

    def allowed(folder: Path, article: str, webhook: str) -> Path:
        return written_as_ever(folder, article, webhook, LOOPBACK)

    written_as_ever = written
    monkeypatch.setitem(globals(), "written", allowed)
    await way(site.url("/a"), tmp_path)
    first = [] if way in (by_extract, by_compare, by_webhook_test) else ["/robots.txt"]
    assert [asked.path for asked in site.requests] == [*first, "/a"]
    assert "127.0.0.1" in wire.dialled


async def robots_gate(folder: Path, url: str) -> Outcome | int:
    store, guarded = Store(folder / "stories.db"), client()
    try:
        fetcher = HttpFetcher(guarded, POLICY, FakeClock(), robots=store)
        return (await fetcher.fetch(url, None)).status
    except FetchFailed as error:
        return error.outcome
    finally:
        await guarded.aclose()
        store.close()


@each
async def test_no_robots_txt_leads_there(wire: Wire, site: Site, url: str, tmp_path: Path) -> None:
    if not url.isascii() or not url.isprintable():
        url = url.encode("utf-8").decode("latin-1").replace("\r\n", "%0d%0a").replace("\0", "%00")
    site.on("/robots.txt", Answer(status=302, headers={"Location": url}))
    outcome = await robots_gate(tmp_path, f"http://outside.test:{site.port}/a")
    assert outcome in REFUSED or outcome == 404
    assert set(wire.dialled) == {OUTSIDE}


async def test_no_index_of_sitemaps_leads_there(wire: Wire, site: Site, tmp_path: Path) -> None:
    inside = (f"http://127.0.0.2:{site.port}/s.xml", "http://10.0.0.1/s.xml", "file:///etc/passwd")
    parts = "".join(f"<sitemap><loc>{url}</loc></sitemap>" for url in inside)
    site.on("/index.xml", Answer(body=f"<sitemapindex>{parts}</sitemapindex>".encode()))
    path = written(tmp_path, "http://nowhere.invalid/", "http://a.test/", LOOPBACK)
    source = f'[[sitemap]]\nurl = "{site.url("/index.xml")}"\nstory = "flood"\nwords = ["x"]\n'
    path.write_text(path.read_text() + source)
    told = await call("poll", "--all", config=path)
    assert "2 of its sitemaps could not be read" in told.output
    assert set(wire.dialled) == {"127.0.0.1"}


async def test_a_name_that_changes_its_address_is_judged_at_each_connection(
    wire: Wire, site: Site
) -> None:
    """DNS rebinding: allowed when it was first looked at, private a moment later."""
    wire.names["rebind.test"] = [[OUTSIDE], ["127.0.0.1"]]
    async with Site() as second:
        onward = second.url("/", "rebind.test")
        site.on("/", Answer(status=302, headers={"Location": onward}))
        assert await fetched(site.url("/", "rebind.test")) is Outcome.FORBIDDEN_ADDRESS
        assert second.requests == []
    assert wire.dialled == [OUTSIDE]
    assert wire.looked_up == ["rebind.test", "rebind.test"]


async def test_a_name_is_looked_up_once_for_a_connection(wire: Wire, site: Site) -> None:
    """Whoever looks twice, once to judge and once to connect, ends at the second address."""
    wire.names["rebind.test"] = [[OUTSIDE], ["127.0.0.1"]]
    site.on("/", Answer(body=PAGE))
    assert await fetched(site.url("/", "rebind.test")) == 200
    assert wire.dialled == [OUTSIDE]
    assert wire.looked_up == ["rebind.test"]


async def test_of_several_addresses_only_the_allowed_are_tried(wire: Wire, site: Site) -> None:
    wire.names["mixed.test"] = ["10.0.0.1", "169.254.169.254", OUTSIDE, "::1", "fd00::1"]
    site.on("/", Answer(body=PAGE))
    assert await fetched(site.url("/", "mixed.test")) == 200
    assert wire.dialled == [OUTSIDE]


async def test_a_range_that_is_allowed_is_allowed_on_every_way_to_it_and_no_further(
    wire: Wire, site: Site
) -> None:
    site.on("/", Answer(body=PAGE))
    for host in ("127.0.0.1", "0x7f.1", "localhost"):
        assert await fetched(site.url("/", host), *LOOPBACK) == 200
    for host in ("127.0.0.2", "10.0.0.1", "0.0.0.0", "inside.test"):
        assert await fetched(site.url("/", host), *LOOPBACK) is Outcome.FORBIDDEN_ADDRESS
    assert set(wire.dialled) == {"127.0.0.1"}


@pytest.mark.parametrize(
    "name", ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"]
)
async def test_the_environment_names_no_way_round(
    wire: Wire, site: Site, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, site.url("", "127.0.0.1"))
    assert await fetched("http://10.0.0.1/", *LOOPBACK) is Outcome.FORBIDDEN_ADDRESS
    assert await fetched("https://10.0.0.1/", *LOOPBACK) is Outcome.FORBIDDEN_ADDRESS
    assert wire.dialled == []


async def test_no_password_of_the_machine_is_sent_along(
    wire: Wire, site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login reporter password from-netrc\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    site.on("/", Answer(body=PAGE, headers={"Set-Cookie": "session=1; Path=/"}))
    guarded = client(*LOOPBACK)
    fetcher = HttpFetcher(guarded, POLICY, FakeClock())
    for _ in range(2):
        await fetcher.fetch(site.url("/"), None)
    await guarded.aclose()
    assert len(site.requests) == 2
    for asked in site.requests:
        assert {"authorization", "cookie", "proxy-authorization"}.isdisjoint(asked.headers)


async def test_the_daemon_goes_nowhere_else(site: Site, tmp_path: Path) -> None:
    """Article, redirect and webhook at once: what is allowed is reached, the rest is told."""
    site.on("/a", Answer(body=PAGE, headers=HTML))
    site.on("/b", Answer(status=302, headers={"Location": f"http://127.0.0.2:{site.port}/a"}))
    receiver = Receiver(site)
    config = written(tmp_path, site.url("/a"), site.url("/hook"), LOOPBACK)
    inside = f"http://127.0.0.2:{site.port}"
    text = config.read_text().replace("urls = [", f'urls = ["{site.url("/b")}", "{inside}/c", ')
    text += f'[[webhook]]\nname = "inside"\nurl = "{inside}/hook"\nsecret = "env:DESK_SECRET"\n'
    config.write_text(text)
    async with daemon(config, "--verbose") as running:
        await running.until("polled", lambda line: line["outcome"] == "new-version")
        await running.until("polled", lambda line: line["outcome"] == "forbidden-address", 2)
        refused = [line for line in running.all("polled") if line["outcome"] != "new-version"]
    assert all("127.0.0.2" in line["detail"] for line in refused)
    assert {asked.headers["host"] for asked in site.requests} == {f"127.0.0.1:{site.port}"}
    assert receiver.got == []
