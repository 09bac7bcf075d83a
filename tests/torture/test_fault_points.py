"""A crash between any two steps of a poll or a delivery, and what is left when it goes on.

The steps are the calls to the store, the fetcher, the extractor and the sender, and should one of
the store's ever take more than one transaction, each of those. Adapters that wrap them count the
gaps between and end everything in one of them, as a power cut would. Within a transaction, between
any two statements, the process itself is killed: see amid_a_transaction.py.
"""

from __future__ import annotations

import inspect
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from storage.check_alerts import check_alerts
from storage.check_article import check_article
from storage.check_file import check_file, check_references, check_seals
from storage.connection import open_for_reading
from storage.store import Store
from tests.command import environment
from tests.service.rig import MIDDLE, OPENING, World, html, page, world
from tests.site import Answer, Asked
from watcher.core.alerts.alert import Alert
from watcher.dispatch import deliver_due
from watcher.poll import poll_article

ENDPOINTS = ("desk", "wire")
EDITIONS = [page(f"River, edition {n}", OPENING, f"{MIDDLE} It was hour {n}.") for n in range(3)]


class Crash(BaseException):
    """The end of the process: nothing may catch it and go on."""


@dataclass
class Fate:
    """Counts the gaps between steps; everything ends in the one numbered `at`."""

    at: int | None = None
    passed: list[str] = field(default_factory=list)

    def gap(self, where: str) -> None:
        self.passed.append(where)
        if self.at == len(self.passed) - 1:
            raise Crash(where)


class Transactions:
    """A store's writer, with a gap between any two transactions of one step."""

    def __init__(self, writer: Any, fate: Fate) -> None:
        self._writer, self._fate = writer, fate
        self.made = 0

    async def call(self, job: Callable[[Any], Any]) -> Any:
        if self.made:
            self._fate.gap("between two transactions")
        self.made += 1
        return await self._writer.call(job)

    def close(self) -> None:
        self._writer.close()


class Fragile:
    """An adapter or a store around which the process may end, before and after every call."""

    def __init__(self, whole: Any, name: str, fate: Fate) -> None:
        self._whole, self._name, self._fate = whole, name, fate

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._whole, name)
        where = f"{self._name}.{name}"
        if not callable(method):
            return method
        if not inspect.iscoroutinefunction(method):
            return self._plain(method, where)

        async def call(*arguments: Any, **named: Any) -> Any:
            self._fate.gap(f"before {where}")
            if isinstance(self._whole, Store):
                self._whole._writer.made = 0  # type: ignore[attr-defined]
            result = await method(*arguments, **named)
            self._fate.gap(f"after {where}")
            return result

        return call

    def _plain(self, method: Callable[..., Any], where: str) -> Callable[..., Any]:
        def call(*arguments: Any) -> Any:
            self._fate.gap(f"before {where}")
            result = method(*arguments)
            self._fate.gap(f"after {where}")
            return result

        return call


class Life:
    """An article whose edition stays online until it is archived, over any number of crashes."""

    def __init__(self, here: World, fate: Fate) -> None:
        self.here, self.fate = here, fate
        self.edition = 0
        self.crashes = 0
        here.subscribe(*ENDPOINTS)
        here.site.script("/flood", self._page)
        for name in ENDPOINTS:
            here.site.on(f"/{name}", Answer(status=204))
        self._fragile()

    def _page(self, asked: Asked) -> Answer:
        if self.edition == 2:
            return Answer(status=410)
        return html(EDITIONS[min(self.edition, 2)], f'"{self.edition}"')

    def _fragile(self) -> None:
        here, fate = self.here, self.fate
        here.store._writer = Transactions(here.store._writer, fate)  # type: ignore[assignment]
        store: Any = Fragile(here.store, "store", fate)
        here.poller = replace(
            here.poller,
            store=store,
            fetcher=Fragile(here.fetcher, "fetcher", fate),
            extractor=Fragile(here.reading, "extractor", fate),
        )
        sender: Any = here.dispatcher.sender
        while isinstance(sender, Fragile):
            sender = sender._whole
        here.dispatcher = replace(
            here.dispatcher, store=store, sender=Fragile(sender, "sender", fate)
        )

    async def live(self) -> None:
        """Three editions, the last of them a 410 that takes two polls; everything is told."""
        await self._do(lambda: self.here.poller.store.sync_articles(self._watched(), self._now()))
        for self.edition in range(3):
            for _ in range(1 + (self.edition == 2)):
                self.here.clock.advance(600)
                await self._do(self._poll)
                await self._do(lambda: deliver_due(self.here.dispatcher))

    def _watched(self) -> Any:
        from storage.articles import WatchedArticle

        return [WatchedArticle(self.here.site.url("/flood"), "flood", 600.0)]

    def _now(self) -> Any:
        return self.here.clock.now()

    async def _poll(self) -> None:
        store = self.here.poller.store
        for article in await store.lease_due(
            self._now(), self.here._until(), limit=9, per_host=9, busy={}
        ):
            await poll_article(article, self.here.poller)

    async def _do(self, step: Callable[[], Any]) -> None:
        """A step of the service; if the process ends amid it, another begins and does it again."""
        try:
            await step()
        except Crash:
            self.crashes += 1
            self.here.store.close()
            self.here.store = Store(self.here.database)
            self._fragile()
            await self.here.store.start_daemon(2, self._now())
            await step()


async def lived(folder: Path, at: int | None) -> tuple[Life, Fate]:
    folder.mkdir()
    fate = Fate(at)
    async with world(folder) as here:
        life = Life(here, fate)
        await life.live()
        where = f"{fate.passed[at]}, gap {at}" if at is not None else "no crash"
        judge(here, where)
        here.store.close()
    return life, fate


def judge(here: World, where: str) -> None:
    db = open_for_reading(here.database)
    faults = [*check_file(db), *check_references(db), *check_seals(db)[1], *check_article(db, 1)]
    db.conn.close()
    assert faults == [], where
    with here.archive() as archive:
        headlines = [version.headline for version in archive.versions(1)]
        assert headlines == [f"River, edition {n}" for n in range(2)], where
        events = archive.events()
        types = ["article.updated", "article.unpublished"]
        assert [event.type for event in events] == types, where
        deliveries = archive.deliveries()
    assert [delivery.state for delivery in deliveries] == ["delivered"] * 4, where
    for name in ENDPOINTS:
        came = [asked.headers["webhook-id"] for asked in here.received(name)]
        # Each at least once, in order; again only if the end came before it was on record.
        assert sorted(set(came), key=came.index) == [event.id for event in events], where
        assert len(came) <= len(events) + 1, where


async def test_a_crash_between_any_two_steps_loses_nothing(tmp_path: Path) -> None:
    _, clean = await lived(tmp_path / "clean", None)
    steps = {
        "store.sync_articles", "store.lease_due", "fetcher.fetch", "extractor.fingerprint",
        "extractor.extract", "store.previous_snapshot", "store.record", "store.claim_deliveries",
        "store.material", "sender.send", "store.settle_delivery",
    }  # fmt: skip
    assert {f"{side} {step}" for side in ("before", "after") for step in steps} <= {*clean.passed}
    for at in range(len(clean.passed)):
        life, fate = await lived(tmp_path / str(at), at)
        assert life.crashes == 1, fate.passed[at]


def told_by(script: str, folder: Path) -> list[list[Any]]:
    """What a script that is killed amid its work says of each statement."""
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name(script)), str(folder)],
        env=environment(), capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told: list[list[Any]] = json.loads(done.stdout)
    assert any(each[0].startswith("BEGIN IMMEDIATE") for each in told)
    return told


def test_a_kill_between_any_two_statements_leaves_all_of_a_poll_or_nothing(tmp_path: Path) -> None:
    told = told_by("amid_a_transaction.py", tmp_path)
    statements = [statement for statement, _, _ in told]
    assert any(each.startswith("COMMIT") for each in statements)
    assert len(statements) > 20
    assert [each for each in told if each[2]] == []
    versions = [each[1] for each in told]
    # Killed before COMMIT it has nothing of it, and then everything.
    committed = statements.index("COMMIT") + 1
    assert versions == [1] * committed + [2] * (len(versions) - committed)


def test_a_kill_between_any_two_statements_leaves_all_of_a_digest_or_nothing(
    tmp_path: Path,
) -> None:
    told = told_by("amid_a_digest.py", tmp_path)
    assert len(told) > 5
    assert [each for each in told if each[3]] == []
    committed = [each[0] for each in told].index("COMMIT") + 1
    whole = len(told) - committed
    assert [each[1:3] for each in told] == [[2, 0]] * committed + [[0, 1]] * whole


class Gathering(Life):
    """A change that an alert gathers; the digest of it is due a quarter of an hour later."""

    async def live(self) -> None:
        self.here.alert(Alert("all", ENDPOINTS, every=timedelta(minutes=15)))
        await self._do(lambda: self.here.poller.store.sync_articles(self._watched(), self._now()))
        for self.edition in range(2):
            self.here.clock.advance(600)
            await self._do(self._poll)
            await self._do(lambda: deliver_due(self.here.dispatcher))
        self.here.clock.advance(900)
        await self._do(lambda: deliver_due(self.here.dispatcher))


async def gathered(folder: Path, at: int | None) -> Fate:
    folder.mkdir()
    fate = Fate(at)
    async with world(folder) as here:
        life = Gathering(here, fate)
        await life.live()
        assert life.crashes == (at is not None)
        where = "no crash" if at is None else f"{fate.passed[at]}, gap {at}"
        db = open_for_reading(here.database)
        assert [*check_file(db), *check_references(db), *check_alerts(db)] == [], where
        db.conn.close()
        with here.archive() as archive:
            (event,) = archive.events()
            assert {d.state for d in archive.decisions()} == {"sent"}, where
            assert [d.state for d in archive.deliveries()] == ["delivered"] * 2, where
        for name in ENDPOINTS:
            came = here.received(name)
            assert len({asked.headers["webhook-id"] for asked in came}) == 1, where
            assert len(came) <= 2, where
            assert all(event.id in asked.body.decode() for asked in came), where
        here.store.close()
    return fate


async def test_a_crash_between_gathering_and_sending_loses_nothing(tmp_path: Path) -> None:
    passed = (await gathered(tmp_path / "clean", None)).passed
    second = [at for at, gap in enumerate(passed) if gap == "before store.record"][1]
    assert "after store.close_digests" in passed[second:]
    for at in range(second, len(passed)):
        await gathered(tmp_path / str(at), at)
