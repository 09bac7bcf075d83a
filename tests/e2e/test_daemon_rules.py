"""Rules and phrases that come into force while the daemon runs."""

from __future__ import annotations

import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from storage.archive import Archive
from tests.command import configure
from tests.e2e.running import Receiver, daemon, rewrite
from tests.service.rig import CLOSING, MIDDLE, OPENING, html, page
from tests.site import Site

HEADLINE = "River tops the quay wall"
RULE = '\n[[site]]\nhost = "127.0.0.1"\ndrop = ["p .share"]\n'
NOTICES = '\n[extraction]\nnotices_file = "own.toml"\n'
PUT_RIGHT = "Put right: the quay wall was named wrongly at first."


@pytest_asyncio.fixture
async def site() -> AsyncIterator[Site]:
    async with Site() as opened:
        yield opened


def shared(count: int, *more: str) -> bytes:
    counter = f"<b class=share>Sent on to friends by {count} of you, for their good.</b>"
    return page(HEADLINE, OPENING, MIDDLE, counter, CLOSING, *more)


async def test_a_rule_takes_effect_without_a_restart_and_is_told_to_nobody(
    site: Site, tmp_path: Path
) -> None:
    desk = Receiver(site)
    site.on("/flood", html(shared(1)))
    extra = 'interval = "300ms"'
    config = configure(tmp_path, site.url("/flood"), webhook=site.url("/hook"), extra=extra)
    async with daemon(config, "--verbose") as running:
        await running.until("polled", lambda line: line.get("version") == 1)
        site.on("/flood", html(shared(2)))
        await desk.until(1)
        rewrite(config, config.read_text() + RULE)
        running.process.send_signal(signal.SIGHUP)
        await running.taken()
        site.on("/flood", html(shared(3)))
        asked = len(site.asked("/flood"))
        while len(site.asked("/flood")) < asked + 2:
            await running.until("polled", count=len(running.all("polled")) + 1)
        # what comes next is told alone
        site.on("/flood", html(shared(4, "The mill road is open again to those on foot.")))
        message = (await desk.until(2))[1]
        assert [e["op"] for e in message["data"]["edits"] if e["op"] != "equal"] == ["insert"]
        assert message["data"]["to"]["version"] == 3
        (tmp_path / "own.toml").write_text('[en.correction]\nlabels = ["put right"]\n')
        rewrite(config, config.read_text() + NOTICES)
        running.process.send_signal(signal.SIGHUP)
        await running.taken(2)
        site.on(
            "/flood", html(shared(5, "The mill road is open again to those on foot.", PUT_RIGHT))
        )
        message = (await desk.until(3))[2]
        assert [notice["kind"] for notice in message["data"]["notices"]] == ["correction"]
        assert await running.stop() == 0
    with Archive(tmp_path / "stories.db") as archive:
        versions = archive.versions(1)
        assert len(versions) == 4
        assert len({version.extractor for version in versions}) == 3
        assert archive.snapshot(versions[-1].id).notices[-1].text == PUT_RIGHT
