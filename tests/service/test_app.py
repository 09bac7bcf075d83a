"""What the faces ask of the service: polling now, beside a daemon or without one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from storage.archive import Archive
from storage.store import Store
from tests.command import configure
from tests.service.rig import SECRET, World, html, page
from tests.site import Answer
from watcher.adapters.lockfile import DaemonLock
from watcher.app import poll_all, poll_now, read_config, run_daemon
from watcher.core.model import Outcome
from watcher.errors import DaemonRunning, StorageError
from watcher.poll import Polled

A, B = page("River, edition 1"), page("River, edition 2")


async def leased(here: World, *paths: str) -> list[Any]:
    for path in paths:
        here.site.on(path, html(A))
    await here.watch(*paths)
    return [await here.lease(number) for number in range(1, len(paths) + 1)]


async def test_a_failing_article_stops_no_other_and_is_told_at_the_end(
    here: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    articles = await leased(here, "/a", "/b", "/c")
    record = Store.record

    async def refuse(store: Store, decision: Any) -> Any:
        if decision.article_id == 1:
            raise StorageError("the disk is full")
        return await record(store, decision)

    monkeypatch.setattr(Store, "record", refuse)
    told: list[Polled] = []
    with pytest.raises(StorageError, match="the disk is full"):
        await poll_all(articles, here.poller, told.append)
    assert sorted(polled.article.id for polled in told) == [2, 3]


async def test_a_defect_on_one_article_stops_no_other(here: World) -> None:
    articles = await leased(here, "/a", "/b", "/c")
    extract = here.reading.extract

    async def crash(body: bytes, url: str, kind: str | None) -> Any:
        if url.endswith("/a"):
            raise KeyError("a defect")
        return await extract(body, url, kind)

    here.reading.extract = crash  # type: ignore[method-assign]
    told: list[Polled] = []
    with pytest.raises(KeyError):
        await poll_all(articles, here.poller, told.append)
    assert sorted(polled.article.id for polled in told) == [2, 3]


async def test_a_round_does_not_hold_on_to_the_pages(here: World) -> None:
    articles = await leased(here, "/a", "/b")
    for polled in await poll_all(articles, here.poller, lambda _: None):
        version = polled.decision.version
        assert version is not None
        assert version.snapshot.headline
        assert version.capture.body == b""
        assert version.snapshot.paragraphs == ()


async def test_polling_now_delivers_unless_a_daemon_does(here: World, tmp_path: Path) -> None:
    folder = tmp_path / "other"
    folder.mkdir()
    here.site.on("/flood", html(A), html(B))
    here.site.on("/hook", Answer(status=204))
    config = configure(folder, here.site.url("/flood"), webhook=here.site.url("/hook"))
    loaded = read_config(config, {"DESK_SECRET": SECRET})
    told: list[Polled] = []
    (first,) = await poll_now(loaded, None, False, told.append)
    assert first.decision.outcome is Outcome.NEW_VERSION
    assert told == [first]
    assert await poll_now(loaded, None, False, told.append) == []  # nothing is due
    lock = DaemonLock(loaded.settings.database)
    lock.acquire()
    (second,) = await poll_now(loaded, [1], False, told.append)
    assert second.decision.version is not None
    assert here.received("hook") == []
    lock.release()
    await poll_now(loaded, None, True, told.append)
    assert len(here.received("hook")) == 1
    with Archive(loaded.settings.database) as archive:
        assert [delivery.state for delivery in archive.deliveries()] == ["delivered"]


async def test_the_daemon_is_refused_where_one_runs_and_logs_why_it_gives_up(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = configure(tmp_path, "http://127.0.0.1:9/flood")
    lock = DaemonLock(tmp_path / "stories.db")
    lock.acquire()
    with pytest.raises(DaemonRunning):
        await run_daemon(config, {})
    lock.release()
    assert capsys.readouterr().err == ""
    (tmp_path / "stories.db").write_bytes(b"no database at all " * 100)
    with pytest.raises(StorageError):
        await run_daemon(config, {})
    line = json.loads(capsys.readouterr().err)
    assert (line["event"], line["level"]) == ("failed", "error")
    assert "is damaged or not a database" in line["reason"]
