"""The store under test. Another implementation runs the same suite by another factory here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from storage.archive import Archive
from storage.store import Store

StoreFactory = Callable[[Path], Store]


def sqlite_store(path: Path) -> Store:
    """The SQLite store; it never waits long for a lock, so that no test does."""
    return Store(path, busy_seconds=0.01)


@pytest.fixture(params=[sqlite_store], ids=["sqlite"])
def factory(request: pytest.FixtureRequest) -> StoreFactory:
    """How to open a store on a path."""
    made: StoreFactory = request.param
    return made


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the store of this test is."""
    return tmp_path / "stories.db"


@pytest.fixture
def store(factory: StoreFactory, path: Path) -> Iterator[Store]:
    """An open, empty store."""
    opened = factory(path)
    yield opened
    opened.close()


@pytest.fixture
def archive(store: Store, path: Path) -> Iterator[Archive]:
    """The same database, as readers see it."""
    with Archive(path) as opened:
        yield opened
