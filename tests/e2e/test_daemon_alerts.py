"""Alerts in the daemon as people run it: taken up, gathered, killed amid it, told, taken away."""

from __future__ import annotations

import asyncio
from pathlib import Path

from storage.archive import Archive
from tests.command import as_json, configure, watcher
from tests.e2e.running import Receiver, daemon, rewrite
from tests.service.rig import html, page
from tests.site import Site

A, B, C = (html(page(f"River, edition {number}")) for number in (1, 2, 3))
ALERT = '\n[[alert]]\nname = "all"\nwebhook = "desk"\nevery = "{every}"\n'


async def test_what_is_gathered_outlives_the_daemon_and_its_alert(tmp_path: Path) -> None:
    async with Site() as site:
        desk = Receiver(site)
        site.on("/flood", A)
        config = configure(
            tmp_path, site.url("/flood"), webhook=site.url("/hook"), extra='interval = "1s"'
        )
        without = config.read_text()
        async with daemon(config, "--verbose") as first:
            await first.until("polled")
            # A running daemon takes up a new alert. It is killed long before this is over.
            rewrite(config, without + ALERT.format(every="5s"))
            await first.taken()
            site.on("/flood", B)
            event = await first.until("event")
            assert (event["endpoints"], event["alerts"]) == ([], ["all"])
            first.process.kill()
            await first.ended()
        assert desk.got == []
        async with daemon(config, "--verbose") as second:
            (message,) = await desk.until(1)
            assert message["type"] == "alert.digest"
            assert [each["id"] for each in message["data"]["events"]] == [event["id"]]
            digest = await second.until("digest")
            assert (digest["alert"], digest["endpoint"], digest["events"]) == ("all", "desk", 1)
            await second.until("delivered")
            # What an alert gathered is sent at once when the alert is taken away.
            rewrite(config, without + ALERT.format(every="1h"))
            await second.taken()
            site.on("/flood", C)
            waiting = await second.until("event")
            (found,) = as_json(watcher("status", "--json", config=config))["gathered"]
            assert (found["webhook"], found["alert"], found["events"]) == ("desk", "all", 1)
            rewrite(config, without)
            _, message = await desk.until(2)
            assert [each["id"] for each in message["data"]["events"]] == [waiting["id"]]
            assert "no such alert any more" in message["data"]["alert"]["reason"]
            await second.until("delivered", count=2)
            assert await second.stop() == 0
        with Archive(tmp_path / "stories.db") as archive:
            assert {each.state for each in archive.decisions()} == {"sent"}
            assert [d.event_type for d in archive.deliveries()] == ["alert.digest"] * 2
        verified = await asyncio.to_thread(watcher, "verify", config=config)
        assert verified.exit_code == 0, verified.output
