"""What cannot work ends with one clear message and an exit status, never with a traceback."""

from __future__ import annotations

import socket
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.command import ROOT, configure, process
from tests.e2e.running import SECRET

URL = "http://127.0.0.1:9/flood"
Told = tuple[int, str]


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return configure(tmp_path, URL, webhook="http://127.0.0.1:9/hook")


def ended(config: Path, *command: str, secret: str | None = SECRET) -> Told:
    """Runs a command to its end; gives its exit status and the one message it left."""
    env = {} if secret is None else {"DESK_SECRET": secret}
    done = process("--config", config, *command, cwd=config.parent, env=env)
    assert "Traceback" not in done.stderr
    assert SECRET[6:] not in done.stderr + done.stdout
    messages = [line for line in done.stderr.splitlines() if line.startswith("watcher: ")]
    rest = [line for line in done.stderr.splitlines() if not line.startswith(("watcher: ", "{"))]
    assert rest == []
    return done.returncode, "\n".join(messages)


def edit(config: Path, old: str, new: str) -> None:
    text = config.read_text()
    assert old in text
    config.write_text(text.replace(old, new))


def malformed(config: Path) -> None:
    edit(config, "[http]", "[http")


def unknown_key(config: Path) -> None:
    edit(config, "per_host_delay", "per_host_delays")


def duplicate(config: Path) -> None:
    edit(config, f'["{URL}"]', f'["{URL}", "{URL}?utm_source=feed#top"]')


def unknown_webhook(config: Path) -> None:
    edit(config, 'name = "flood"', 'name = "flood"\nwebhooks = ["dsek"]')


@pytest.mark.parametrize(
    ("command", "spoil", "told"),
    [
        ("run", malformed, "watcher.toml:3: not valid TOML"),
        ("run", unknown_key, 'did you mean "per_host_delay"'),
        ("run", duplicate, "is the same article as"),
        ("poll", unknown_webhook, 'did you mean "desk"'),
        ("check", malformed, "watcher.toml:3: not valid TOML"),
    ],
)
def test_a_faulty_configuration(
    config: Path, command: str, spoil: Callable[[Path], None], told: str
) -> None:
    spoil(config)
    status, message = ended(config, command)
    assert status == 2
    assert told in message
    assert not (config.parent / "stories.db").exists()


def test_all_faults_are_told_at_once(config: Path) -> None:
    unknown_key(config)
    unknown_webhook(config)
    duplicate(config)
    _, message = ended(config, "run")
    assert len(message.splitlines()) == 3


@pytest.mark.parametrize("secret", [None, "short"])
def test_a_missing_or_useless_secret(config: Path, secret: str | None) -> None:
    status, message = ended(config, "run", secret=secret)
    assert status == 2
    assert "DESK_SECRET" in message
    assert '"short"' not in message


def test_no_configuration_at_all(tmp_path: Path) -> None:
    status, message = ended(tmp_path / "watcher.toml", "run")
    assert (status, "watcher init" in message) == (2, True)


@pytest.mark.parametrize("command", ["run", "poll"])
def test_a_folder_that_cannot_be_written(config: Path, command: str) -> None:
    # Not by permissions: whoever runs the tests may be allowed everything.
    (config.parent / "data").write_text("a file, not a folder")
    edit(config, "stories.db", "data/stories.db")
    status, message = ended(config, command)
    assert status == 3
    assert "data/stories.db" in message
    assert "check that the folder exists" in message


def foreign(path: Path) -> None:
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE recipe (title TEXT)")
    other.commit()
    other.close()


def newer(path: Path) -> None:
    from storage.connection import open_for_writing

    database = open_for_writing(path)
    database.execute(
        "INSERT INTO _sqlite_migrations (migration_set, name, applied_at)"
        " VALUES ('storywatcher', 'm9999_later', '2030-01-01T00:00:00Z')"
    )
    database.conn.close()


def damaged(path: Path) -> None:
    path.write_bytes(b"this is no database, whatever its name says. " * 100)


@pytest.mark.parametrize(
    ("command", "make", "told"),
    [
        ("run", foreign, "is a database of another program"),
        ("run", newer, "was written by a newer version"),
        ("run", damaged, "is damaged or not a database"),
        ("poll", newer, "was written by a newer version"),
        ("list", foreign, "is a database of another program"),
    ],
)
def test_a_file_that_is_no_archive_of_ours_stays_as_it_is(
    config: Path, command: str, make: Callable[[Path], None], told: str
) -> None:
    path = config.parent / "stories.db"
    make(path)
    before = path.read_bytes()
    status, message = ended(config, command)
    assert status == 3
    assert told in message
    assert str(path) in message
    assert path.read_bytes() == before


@pytest.fixture
def locked(config: Path) -> Iterator[None]:
    from storage.connection import open_for_writing

    path = config.parent / "stories.db"
    open_for_writing(path).conn.close()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    yield
    other.close()


@pytest.mark.usefixtures("locked")
def test_a_database_that_stays_locked(config: Path) -> None:
    status, message = ended(config, "run")
    assert status == 3
    assert "is locked by another process" in message


def test_a_port_in_use(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        status, message = ended(
            tmp_path / "watcher.toml",
            *("replay", "kursk-captives", "--seeds", str(ROOT / "seeds"), "--port", port),
        )
    assert status == 2
    assert f"Port {port} on 127.0.0.1 is in use" in message
