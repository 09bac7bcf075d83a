"""A canary sits in every secret; it is looked for wherever the program leaves a trace."""

from __future__ import annotations

import asyncio
import base64
import json
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders import ArchiveBuilder, snapshot
from tests.command import configure, watcher
from tests.e2e.running import daemon
from tests.fakes import START
from tests.site import Answer, Site
from watcher.adapters.net.client import GuardedClient
from watcher.adapters.net.webhook import WebhookSender
from watcher.errors import SendFailed

KEY = b"Canary/in/the/coal+mine/sings"
CANARY = base64.b64encode(KEY).decode()
SECRET = "whsec_" + CANARY
TOKEN = "CanaryTokenInTheAddress"
PASSWORD = "CanaryPassword"
# The secret as it is written, as the bytes it stands for, and what is long enough to be told by.
TRACES = [CANARY, CANARY[:12], CANARY[-12:], KEY.decode(), KEY.hex(), repr(KEY), TOKEN, PASSWORD]
HTML = {"Content-Type": "text/html"}
STORY = "The river rose two metres overnight, the council said in a statement on Monday."
PAGE = f"<html><body><article><h1>River rises</h1>{f'<p>{STORY}</p>' * 3}</article>".encode()


def traces(text: str | bytes) -> list[str]:
    """The canaries in a text."""
    found = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    return [trace for trace in TRACES if trace.encode() in found]


def left_behind(folder: Path, but: set[str] = frozenset()) -> Iterator[tuple[str, str]]:
    """The canaries in the files of a folder, by the file's name."""
    for path in folder.rglob("*"):
        if path.is_file() and path.name not in but:
            yield from ((path.name, trace) for trace in traces(path.read_bytes()))


def test_the_canary_is_found_where_it_is(tmp_path: Path) -> None:
    (tmp_path / "x").write_text(f"before {SECRET} behind")
    assert [name for name, _ in left_behind(tmp_path)] == ["x"] * 3


CONFIGURATIONS = {
    "fine": 'secret = "env:DESK"',
    "the secret itself": f'secret = "{SECRET}"',
    "the secret as a variable": f'secret = "env:{SECRET}"',
    "the secret as a file": f'secret = "file:{SECRET}"',
    "a list": f'secret = ["{SECRET}"]',
    "a table": f'secret = {{ env = "{SECRET}" }}',
    "unquoted": f"secret = {CANARY}",
    "unclosed": f'secret = "{SECRET}',
    "twice": f'secret = "{SECRET}"\nsecret = "env:DESK"',
    "another key": f'secrets = "{SECRET}"',
    "several lines": f'secret = """\n{SECRET}"""',
    "behind a comment": f'secret = # "{SECRET}"',
    "odd letters": f'secret = "{SECRET}\\q"',
}
VALUES = {
    "missing": None,
    "short": "whsec_" + base64.b64encode(b"CanaryPassword").decode() + PASSWORD[:1],
    "not base64": PASSWORD + "!" + CANARY,
    "two lines": f"{SECRET}\n{SECRET}",
    "padding amid": f"{CANARY}=={CANARY}",
    "space around": f" {SECRET} ",
    "right": SECRET,
}
COMMANDS = [
    ("check",), ("check", "--json"), ("poll",), ("poll", "--json"),
    ("webhook", "test", "desk"), ("webhook", "test", "desk", "--json"),
    ("webhook", "test", "nobody"), ("webhook", "enable", "desk"), ("list", "--json"),
    ("status", "--json"), ("deliveries",), ("log", "1"), ("add", "https://a.example/"),
    ("remove", "https://nowhere.example/"), ("run",),
]  # fmt: skip


@pytest.mark.parametrize("written", CONFIGURATIONS.values(), ids=CONFIGURATIONS.keys())
def test_no_fault_of_the_configuration_tells_it(
    tmp_path: Path, written: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WATCHER_DEBUG", "1")
    config = tmp_path / "watcher.toml"
    values = VALUES.values() if written == CONFIGURATIONS["fine"] else (SECRET,)
    for value in values:
        config.write_text(
            'database = "stories.db"\n[[story]]\nname = "flood"\nurls = ["https://a.invalid/"]\n'
            f'[[webhook]]\nname = "desk"\nurl = "https://hooks.invalid/{TOKEN}"\n{written}\n'
        )
        for command in COMMANDS:
            if command == ("run",) and value == SECRET and "env:DESK" in written:
                continue  # would run
            result = watcher(*command, config=config, env={"DESK": value})
            assert traces(result.output) == [], (command, result.output)
    assert list(left_behind(tmp_path, {"watcher.toml"})) == []


ADDRESSES = {
    "password": f"https://desk:{PASSWORD}@hooks.example/{TOKEN}",
    "scheme": f"htps://hooks.example/{TOKEN}",
    "space": f"https://hooks.example/{TOKEN} x",
    "brackets": f"https://[hooks/{TOKEN}",
    "port": f"https://hooks.example:0/{TOKEN}",
    "host": f"https:///{TOKEN}",
    "number": "12",
}


@pytest.mark.parametrize("url", ADDRESSES.values(), ids=ADDRESSES.keys())
def test_the_address_of_a_webhook_is_kept_like_a_secret(tmp_path: Path, url: str) -> None:
    config = configure(tmp_path, "https://a.invalid/", webhook=url)
    for command in COMMANDS:
        result = watcher(*command, config=config, env={"DESK_SECRET": SECRET})
        assert traces(result.output) == [], (command, result.output)


ANSWERS = {
    "refused": Answer(status=401, body=SECRET.encode()),
    "server error": Answer(status=500, headers={"X": SECRET}, body=SECRET.encode()),
    "gone": Answer(status=410),
    "too many": Answer(status=429, headers={"Retry-After": SECRET}),
    "redirect": Answer(status=302, headers={"Location": f"http://127.0.0.1:1/{SECRET}"}),
    "no HTTP": Answer(raw=SECRET.encode() + b"\r\n\r\n", ending="close"),
    "odd header": Answer(
        raw=b"HTTP/1.1 200 OK\r\n" + SECRET.encode() + b"\r\n\r\n", ending="close"
    ),
    "reset": Answer(raw=b"", ending="reset"),
    "silence": Answer(raw=b"", ending="hang"),
}


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS.keys())
async def test_no_failed_delivery_tells_it(site: Site, answer: Answer) -> None:
    """An endpoint may even answer with what it got: it is not repeated."""
    site.on(f"/{TOKEN}", answer)
    client = GuardedClient(["127.0.0.1/32"], ssl_context=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
    sender = WebhookSender(client, "storywatcher/0.1", timeout=0.2)
    told = ""
    for url in (site.url(f"/{TOKEN}"), f"http://127.0.0.1:1/{TOKEN}", f"http://a.invalid/{TOKEN}",
                f"https://127.0.0.1:{site.port}/{TOKEN}", f"http://10.0.0.1/{TOKEN}"):  # fmt: skip
        try:
            told += repr(await sender.send(url, SECRET, "evt_1", b"{}", START))
        except SendFailed as error:
            told += chain(error)
    await client.aclose()
    assert told
    assert traces(told) == []


def chain(error: BaseException | None) -> str:
    """The message of an error, and the whole traceback as a program would print it."""
    import traceback

    return "" if error is None else str(error) + "".join(traceback.format_exception(error))


async def test_the_daemon_leaves_it_nowhere(site: Site, tmp_path: Path) -> None:
    """Log at its most verbose, database and its files, arguments, and the workers' environment."""
    site.on("/a", Answer(body=PAGE, headers=HTML))
    site.on(f"/{TOKEN}", Answer(status=500, body=SECRET.encode()))
    config = configure(tmp_path, site.url("/a"), webhook=site.url(f"/{TOKEN}"))
    async with daemon(config, "--verbose", secret=SECRET) as running:
        await running.until("polled", lambda line: line["outcome"] == "new-version")
        site.on("/a", Answer(body=PAGE.replace(b"Monday", b"Friday"), headers=HTML))
        proc = Path("/proc")
        for pid in [running.process.pid, *running.workers()]:
            assert traces((proc / str(pid) / "cmdline").read_bytes()) == []
        for pid in running.workers():
            assert b"PATH" in (proc / str(pid) / "environ").read_bytes()
            assert traces((proc / str(pid) / "environ").read_bytes()) == []
            assert traces(b"".join(memory(pid))) == []
        await asyncio.to_thread(
            watcher, "poll", "--all", config=config, env={"DESK_SECRET": SECRET}
        )
        assert list(left_behind(tmp_path, {"watcher.toml"})) == []
    assert traces(json.dumps(running.lines)) == []
    assert running.strays == []
    assert list(left_behind(tmp_path, {"watcher.toml"})) == []


def memory(pid: int) -> Iterator[bytes]:
    """What stands in a process's stack and heap, as far as the system lets us look."""
    try:
        with Path(f"/proc/{pid}/mem").open("rb") as file:
            for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
                if line.endswith(("[heap]", "[stack]")):
                    start, end = (int(part, 16) for part in line.split()[0].split("-"))
                    file.seek(start)
                    yield file.read(end - start)
    except OSError:
        return


async def test_a_defect_while_it_is_in_use_does_not_show_it(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The traceback of whatever goes wrong around the signing names lines, not values."""
    monkeypatch.setenv("WATCHER_DEBUG", "1")
    site.on("/a", Answer(body=PAGE, headers=HTML))
    config = configure(tmp_path, site.url("/a"), webhook=site.url(f"/{TOKEN}"))

    def fail(*arguments: object, **more: object) -> None:
        raise RuntimeError("something else broke")

    for place in (
        "json.dumps",
        "watcher.adapters.net.webhook.sign",
        "watcher.adapters.net.client.Reply",
    ):
        with monkeypatch.context() as patch:
            patch.setattr(place, fail)
            for command in (("webhook", "test", "desk"), ("poll", "--all")):
                result = await asyncio.to_thread(
                    watcher, *command, config=config, env={"DESK_SECRET": SECRET}
                )
                assert traces(result.output) == []
    assert list(left_behind(tmp_path, {"watcher.toml"})) == []


def test_what_is_delivered_and_dead_is_shown_without_it(tmp_path: Path) -> None:
    config = configure(tmp_path, "https://a.invalid/", webhook=f"https://hooks.invalid/{TOKEN}")
    with ArchiveBuilder(tmp_path / "stories.db", ["https://a.invalid/"], endpoints=["desk"]) as a:
        a.sees(snapshot("River rises", STORY))
        a.wait(60)
        a.sees(snapshot("River falls", STORY))
        a.delivers("desk", 500)
    for command in (("deliveries",), ("deliveries", "show", "1"), ("status",), ("explain", "1")):
        for form in ((), ("--json",)):
            result = watcher(*command, *form, config=config, env={"DESK_SECRET": SECRET})
            assert result.output
            assert traces(result.output) == []
    assert list(left_behind(tmp_path, {"watcher.toml"})) == []
