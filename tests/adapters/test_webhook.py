"""Signed webhooks, checked with the reference library as a receiver would."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta, timezone

import pytest
import pytest_asyncio
from standardwebhooks import Webhook

from tests.fakes import START
from tests.site import LOOPBACK, Answer, Names, Site
from watcher.adapters.clock import SystemClock
from watcher.adapters.net.client import GuardedClient
from watcher.adapters.net.webhook import WebhookSender, sign
from watcher.errors import SendFailed

SECRET = "whsec_" + base64.b64encode(b"a key of twenty-four byt").decode()
BODY = '{"type":"article.updated","data":{"headline":"Zoë — again"}}'.encode()


@pytest_asyncio.fixture
async def site() -> AsyncIterator[Site]:
    async with Site() as opened:
        yield opened


@pytest_asyncio.fixture
async def client() -> AsyncIterator[GuardedClient]:
    opened = GuardedClient(LOOPBACK, resolver=Names())
    yield opened
    await opened.aclose()


@pytest.fixture
def sender(client: GuardedClient) -> WebhookSender:
    return WebhookSender(client, "storywatcher/0.1")


@pytest.mark.parametrize("zone", [UTC, timezone(timedelta(hours=5, minutes=30))])
async def test_a_receiver_can_verify_the_very_bytes(
    site: Site, sender: WebhookSender, zone: timezone
) -> None:
    site.on("/hook", Answer(status=204))
    now = SystemClock().now().astimezone(zone)
    assert await sender.send(site.url("/hook"), SECRET, "evt_1", BODY, now) == (204, None)
    (asked,) = site.requests
    assert asked.method == "POST"
    assert asked.body == BODY
    assert asked.headers["content-type"] == "application/json"
    assert asked.headers["webhook-id"] == "evt_1"
    assert asked.headers["user-agent"] == "storywatcher/0.1"
    assert Webhook(SECRET).verify(asked.body, dict(asked.headers)) == json.loads(BODY)


def test_the_signature_is_of_the_time_that_is_sent() -> None:
    east = START.astimezone(timezone(timedelta(hours=9)))
    assert sign(SECRET, "evt_1", BODY, east) == sign(SECRET, "evt_1", BODY, START)
    later = sign(SECRET, "evt_1", BODY, START + timedelta(seconds=1.9))
    assert later["webhook-timestamp"] == str(int(START.timestamp()) + 1)
    assert sign(SECRET, "evt_1", BODY, START)["webhook-signature"].startswith("v1,")


@pytest.mark.parametrize("status", [200, 202, 301, 302, 307, 400, 410, 500, 503])
async def test_every_status_is_returned_and_no_redirect_followed(
    site: Site, sender: WebhookSender, status: int
) -> None:
    site.on("/hook", Answer(status=status, headers={"Location": "/elsewhere"}, body=b"why"))
    assert await sender.send(site.url("/hook"), SECRET, "evt_1", BODY, START) == (status, None)
    assert [each.path for each in site.requests] == ["/hook"]


@pytest.mark.parametrize("value", ["30", "Mon, 12 Jan 2026 06:00:30 GMT"])
async def test_retry_after_is_returned(site: Site, sender: WebhookSender, value: str) -> None:
    site.on("/hook", Answer(status=429, headers={"Retry-After": value}))
    assert await sender.send(site.url("/hook"), SECRET, "evt_1", BODY, START) == (429, 30.0)


async def test_an_endless_answer_is_not_waited_for(site: Site, sender: WebhookSender) -> None:
    site.on("/hook", Answer(status=200, body=b"x" * 300_000, promise=10**9, ending="hang"))
    assert await sender.send(site.url("/hook"), SECRET, "evt_1", BODY, START) == (200, None)


@pytest.mark.parametrize("begun", [b"", b"HTTP/1.1 2", b"HTTP/1.1 200 OK\r\nContent-"])
async def test_a_receiver_that_never_answers_is_a_failure(
    site: Site, client: GuardedClient, begun: bytes
) -> None:
    site.on("/hook?token=abc", Answer(raw=begun, ending="hang"))
    sender = WebhookSender(client, "storywatcher/0.1", timeout=0.05)
    with pytest.raises(SendFailed, match=r"http://127\.0\.0\.1 did not answer within 0\.05 s\.$"):
        await sender.send(site.url("/hook?token=abc"), SECRET, "evt_1", BODY, START)


@pytest.mark.parametrize(
    ("url", "cause"),
    [
        ("http://hooks.test/token-abc", "does not resolve"),
        ("http://10.0.0.1/token-abc", "allow_networks"),
        ("http://me:token-abc@hooks.test/", "user name or password"),
        ("ftp://hooks.test/token-abc", "http://"),
        ("http://[token-abc", "malformed"),
        ("http://127.0.0.1:1/token-abc", "failed"),
    ],
)
async def test_a_failure_says_why_and_keeps_secrets(
    sender: WebhookSender, url: str, cause: str
) -> None:
    with pytest.raises(SendFailed, match=cause) as caught:
        await sender.send(url, SECRET, "evt_1", BODY, START)
    text = str(caught.value)
    assert "token-abc" not in text
    assert SECRET[6:] not in text


async def test_a_reset_connection_is_a_failure(site: Site, sender: WebhookSender) -> None:
    site.on("/hook", Answer(raw=b"", ending="reset"))
    with pytest.raises(SendFailed, match="failed"):
        await sender.send(site.url("/hook"), SECRET, "evt_1", BODY, START)


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_a", "é"])
async def test_a_secret_that_is_no_key_is_a_failure(sender: WebhookSender, secret: str) -> None:
    with pytest.raises(SendFailed, match="base64") as caught:
        await sender.send("http://127.0.0.1:1/", secret, "evt_1", BODY, START)
    assert caught.value.__cause__ is None


def test_the_clock_gives_aware_utc() -> None:
    now = SystemClock().now()
    assert isinstance(now, datetime)
    assert now.tzinfo is UTC
