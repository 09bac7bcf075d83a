"""Reading the configuration again: every file it comes from, and no change missed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

import watcher.service
from config.load import load
from tests.command import configure
from tests.service.rig import SECRET, Reading
from watcher.core.model import EventType
from watcher.daemon import Setup
from watcher.errors import ConfigError
from watcher.service import Reloader, Service, open_service

FLOOD, STORM = "https://news.example/flood", "https://news.example/storm"


class Lines:
    """A log that is kept."""

    def __init__(self) -> None:
        self.said: list[tuple[str, dict[str, object]]] = []

    def _say(self, event: str, **facts: object) -> None:
        self.said.append((event, facts))

    debug = info = warning = error = _say


@pytest.fixture
def log() -> Lines:
    return Lines()


@pytest.fixture
def config(tmp_path: Path) -> Path:
    (tmp_path / "secret").write_text(SECRET)
    (tmp_path / "more.txt").write_text("")
    path = configure(tmp_path, FLOOD, extra='urls_file = "more.txt"')
    add(path, webhook())
    return path


@pytest_asyncio.fixture
async def service(config: Path) -> AsyncIterator[Service]:
    async with open_service(load(config, {}), Reading()) as opened:
        yield opened


@pytest.fixture
def reloader(config: Path, service: Service, log: Lines) -> Reloader:
    return Reloader(config, {}, service, log)


def webhook(name: str = "desk", secret: str = "file:secret") -> str:
    return f'\n[[webhook]]\nname = "{name}"\nurl = "https://h.example/"\nsecret = "{secret}"\n'


def add(path: Path, text: str) -> None:
    path.write_text(path.read_text() + text)


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


async def taken(reloader: Reloader) -> Setup:
    setup = await reloader.reload(False)
    assert setup is not None
    # Once is enough.
    assert await reloader.reload(False) is None
    return setup


async def test_nothing_changed_is_nothing_to_do(reloader: Reloader) -> None:
    assert await reloader.reload(False) is None
    assert await reloader.reload(True) is not None


async def test_articles_come_and_go(reloader: Reloader, config: Path) -> None:
    change(config, FLOOD, STORM)
    assert [article.url for article in (await taken(reloader)).articles] == [STORM]


async def test_a_list_of_urls_is_watched_too(reloader: Reloader, tmp_path: Path) -> None:
    (tmp_path / "more.txt").write_text(f"{STORM}\n")
    assert [a.url for a in (await taken(reloader)).articles] == [FLOOD, STORM]


async def test_a_secret_file_is_watched_too(reloader: Reloader, tmp_path: Path) -> None:
    other = SECRET[:-4] + "AAAA"
    (tmp_path / "secret").write_text(other)
    assert (await taken(reloader)).dispatcher.endpoints["desk"].secret() == other


async def test_webhooks_come_and_go(reloader: Reloader, config: Path) -> None:
    add(config, webhook("wire"))
    setup = await taken(reloader)
    assert set(setup.dispatcher.endpoints) == {"desk", "wire"}
    policy = setup.poller.policy
    assert policy.audience.named(EventType.UPDATED, "flood") == ("desk", "wire")
    change(config, webhook("wire"), "")
    assert set((await taken(reloader)).dispatcher.endpoints) == {"desk"}


async def test_http_settings_hold_for_the_parts_in_use(
    reloader: Reloader, config: Path, service: Service
) -> None:
    change(config, 'per_host_delay = "0s"', 'per_host_delay = "3s"\ntimeout = "7s"')
    setup = await taken(reloader)
    assert setup.poller.fetcher is service.fetcher
    assert service.fetcher._policy.timeout == 7.0
    assert service.fetcher._policy.per_host_delay == 3.0
    change(config, '["127.0.0.1/32"]', "[]")
    await taken(reloader)
    assert service.client._networks == ()


async def test_a_broken_file_is_refused_and_taken_when_mended(
    reloader: Reloader, config: Path
) -> None:
    good = config.read_text()
    config.write_text(good + "\nbroken = [")
    with pytest.raises(ConfigError, match="not valid TOML"):
        await reloader.reload(False)
    assert await reloader.reload(False) is None
    config.write_text(good.replace(FLOOD, STORM))
    assert [article.url for article in (await taken(reloader)).articles] == [STORM]


async def test_what_a_broken_file_names_may_mend_it(
    reloader: Reloader, config: Path, tmp_path: Path
) -> None:
    add(config, webhook("wire", "file:other"))
    with pytest.raises(ConfigError, match="does not exist"):
        await reloader.reload(False)
    with pytest.raises(ConfigError, match="does not exist"):
        await reloader.reload(False)  # a look at what stands there by now
    assert await reloader.reload(False) is None
    (tmp_path / "other").write_text(SECRET)
    assert set((await taken(reloader)).dispatcher.endpoints) == {"desk", "wire"}


async def test_a_missing_file_is_a_fault_and_its_return_mends_it(
    reloader: Reloader, config: Path
) -> None:
    good = config.read_text()
    config.unlink()
    with pytest.raises(ConfigError):
        await reloader.reload(False)
    config.write_text(good)
    await taken(reloader)


@pytest.mark.parametrize("broken_first", [False, True])
async def test_a_change_in_the_middle_of_reading_is_not_missed(
    reloader: Reloader, config: Path, monkeypatch: pytest.MonkeyPatch, broken_first: bool
) -> None:
    """An editor empties a file and fills it a moment later."""
    good = config.read_text()
    later = good.replace(FLOOD, STORM)
    config.write_text(good + ("\nbroken = [" if broken_first else "\n# edited\n"))

    def load_and_lose(*arguments: Any, **more: Any) -> Any:
        try:
            return load(*arguments, **more)
        finally:
            config.write_text(later)

    monkeypatch.setattr(watcher.service, "load", load_and_lose)
    if broken_first:
        with pytest.raises(ConfigError):
            await reloader.reload(False)
    else:
        await reloader.reload(False)
    monkeypatch.undo()
    assert [article.url for article in (await taken(reloader)).articles] == [STORM]


async def test_a_change_before_the_first_look_is_not_missed(
    service: Service, config: Path, log: Lines
) -> None:
    change(config, FLOOD, STORM)
    setup = await taken(Reloader(config, {}, service, log))
    assert [article.url for article in setup.articles] == [STORM]


async def test_another_database_takes_a_restart(
    reloader: Reloader, config: Path, log: Lines, service: Service
) -> None:
    change(config, "stories.db", "others.db")
    assert (await taken(reloader)).poller.store is service.store
    assert [event for event, _ in log.said] == ["restart-needed"]
    change(config, "others.db", "stories.db")
    await taken(reloader)
    assert len(log.said) == 1


async def test_rules_for_sites_reach_the_next_polls_and_not_those_under_way(
    reloader: Reloader, config: Path, service: Service
) -> None:
    under_way = service.setup().poller
    add(config, '\n[[site]]\nhost = "news.example"\ndrop = [".share"]\n')
    setup = await taken(reloader)
    assert setup.poller.sites.of(FLOOD).drop == (".share",)
    assert isinstance(setup.poller.extractor, Reading)
    assert setup.poller.extractor.sites == setup.poller.sites
    assert under_way.sites.of(FLOOD).is_empty
    assert isinstance(under_way.extractor, Reading)
    assert under_way.extractor.sites == under_way.sites


async def test_the_file_of_notices_is_watched_too(
    reloader: Reloader, config: Path, tmp_path: Path
) -> None:
    (tmp_path / "own.toml").write_text('[sv.update]\nlines = ["nytt"]\n')
    add(config, '\n[extraction]\nnotices_file = "own.toml"\n')
    first = (await taken(reloader)).poller.sites
    (tmp_path / "own.toml").write_text('[sv.update]\nlines = ["nytt", "mer"]\n')
    second = (await taken(reloader)).poller.sites
    names = {sites.reader("x / 1", FLOOD) for sites in (first, second)}
    assert len(names) == 2
    (tmp_path / "own.toml").write_text('[sv.update]\nlines = ["mer ("]\n')
    with pytest.raises(ConfigError, match=r'own\.toml:2: the phrase "mer \(" opens'):
        await reloader.reload(False)
    assert await reloader.reload(False) is None
