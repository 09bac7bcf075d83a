"""The daemon as a process: what it tells systemd, and what its port answers."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from tests.command import configure
from tests.e2e.running import SECRET, Receiver, Running, daemon, rewrite
from tests.service.rig import html, page
from tests.service.test_servicemanager import Systemd
from tests.site import Site

A, B = page("River, edition 1"), page("River, edition 2")
EVERY_SECOND = 'interval = "1s"'


@pytest_asyncio.fixture
async def site() -> AsyncIterator[Site]:
    async with Site() as served:
        yield served


def free_port() -> int:
    """A port that nobody listens on, at this moment.

    Below those that systems give to connections, so that no other test gets it meanwhile, and
    looked for from another place in each process.
    """
    for port in range(20_000 + os.getpid() % 10_000, 32_000):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError("no port is free")


async def ask(port: int, path: str) -> tuple[int, bytes]:
    async with asyncio.timeout(30):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
        answer = await reader.read()
        writer.close()
    head, _, body = answer.partition(b"\r\n\r\n")
    return int(head.split()[1]), body


async def test_systemd_and_prometheus_hear_of_a_daemon_at_work(site: Site, tmp_path: Path) -> None:
    systemd, port = Systemd(str(tmp_path / "notify")), free_port()
    desk = Receiver(site)
    site.on("/flood", html(A), html(B))
    config = configure(tmp_path, site.url("/flood"), webhook=site.url("/hook"), extra=EVERY_SECOND)
    config.write_text(f'{config.read_text()}\n[daemon]\nlisten = "127.0.0.1:{port}"\n')
    env = {"NOTIFY_SOCKET": systemd.address, "WATCHDOG_USEC": "200000"}
    async with daemon(config, env=env) as running:
        assert await systemd.until("READY=1") == ["READY=1"]
        await desk.until(1)
        await running.until("delivered")
        await systemd.until("WATCHDOG=1")
        status, body = await ask(port, "/healthz")
        assert (status, json.loads(body)["ok"]) == (200, True)
        status, metrics = await ask(port, "/metrics")
        assert status == 200
        assert b'storywatcher_polls_total{outcome="new-version"} 2.0' in metrics
        assert b'storywatcher_deliveries{endpoint="desk",state="delivered"} 1.0' in metrics
        assert b"storywatcher_extraction_workers 1.0" in metrics
        assert SECRET[6:].encode() not in metrics + body
        assert site.url("").encode() not in metrics + body
        await reloaded(running, systemd, config, port)
        assert await running.stop() == 0
    told = systemd.all()
    assert "STOPPING=1" in told
    systemd.socket.close()


async def reloaded(running: Running, systemd: Systemd, config: Path, port: int) -> None:
    """The port is given up while the daemon runs on."""
    systemd.all()
    rewrite(config, config.read_text().replace(f'listen = "127.0.0.1:{port}"', ""))
    running.process.send_signal(signal.SIGHUP)
    assert (await systemd.until("READY=1"))[-1] == "READY=1"
    await running.until("config-taken")
    async with asyncio.timeout(30):
        while True:
            try:
                await ask(port, "/healthz")
            except OSError:
                return
