"""docs/formats.md shows all that the program makes, as it makes it, and explains it truly."""

from __future__ import annotations

import ast
import asyncio
import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from difflib import unified_diff
from typing import Any

import pytest
from standardwebhooks import WebhookVerificationError
from typer.main import get_command

from tests.docs.formats import EXAMPLE, NOT_FINE, PAGE, Examples, filled, made
from tests.docs.story import DAM, DAM_LATER, FIRST, SECOND
from tests.service.rig import SECRET
from watcher.adapters.net.webhook import TIMEOUT
from watcher.cli.main import app
from watcher.core.model import OPS, EventType

ROOT = PAGE.parents[1]
TEXT = PAGE.read_text(encoding="utf-8")
TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z")
TIMES = {"seen_from", "seen_until", "since", "after", "before", "timestamp", "last_seen", "at"}
OF_THE_PUBLISHER = {"published", "modified"}
DIFF_KEYS = [
    "article", "from", "to", "window", "headline", "metadata", "notices", "kinds", "edits",
    "summary",
]  # fmt: skip
LEVELS = {"debug", "info", "warning", "error"}


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory) -> Examples:
    """Every example as the program makes it now."""
    return asyncio.run(made(tmp_path_factory.mktemp("formats")))


def shown(name: str) -> str:
    """The block of the page that stands under a name."""
    (found,) = (block for _, title, block, _ in EXAMPLE.findall(TEXT) if title == name)
    return str(found)


def parsed(name: str) -> Any:
    return json.loads(shown(name))


def commands(name: str, command: Any) -> Iterator[tuple[str, Any]]:
    """Every command with its whole name."""
    yield name, command
    for sub, inner in getattr(command, "commands", {}).items():
        yield from commands(f"{name} {sub}", inner)


def test_the_page_shows_what_the_program_makes(examples: Examples) -> None:
    now = filled(TEXT, examples)
    stale = unified_diff(
        TEXT.splitlines(), now.splitlines(), "docs/formats.md", "the program", lineterm="", n=2
    )
    told = "\n".join(stale)
    assert now == TEXT, (
        f"{told}\n\n.venv/bin/python -m tests.docs.formats writes this into the page"
    )


def test_every_example_has_one_block_and_every_block_an_example(examples: Examples) -> None:
    titles = [title for _, title, _, _ in EXAMPLE.findall(TEXT)]
    assert sorted(titles) == sorted(examples.blocks)
    # None that the pattern overlooks, as it would if a line stood between name and block.
    assert TEXT.count("<!-- example:") == len(titles)
    assert TEXT.count("```sql\n") == TEXT.count("<!-- rows -->\n```json\n")


def test_every_command_that_prints_json_has_an_example() -> None:
    titles = [title for _, title, _, _ in EXAMPLE.findall(TEXT) if title.endswith("--json")]
    titles += [title for title in NOT_FINE if f"<!-- example: {title} (exit status" in TEXT]
    able = {
        name
        for name, command in commands("watcher", get_command(app))
        if any("--json" in parameter.opts for parameter in command.params)
    }
    assert {name for name in able if not any(t.startswith(f"{name} ") for t in titles)} == set()


def test_every_event_has_an_example_of_its_own() -> None:
    for name in [*map(str, EventType), "watcher.test"]:
        body = parsed(name)
        assert list(body) == ["type", "timestamp", "data"]
        assert body["type"] == name
        assert f"| `{name}` |" in TEXT


def every_time(value: Any, key: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from every_time(inner, name)
    elif isinstance(value, list) and key not in OF_THE_PUBLISHER:
        for inner in value:
            yield from every_time(inner, key)
    elif (key in TIMES or key.endswith("_at")) and key not in OF_THE_PUBLISHER:
        yield key, value


def test_times_are_utc_with_milliseconds() -> None:
    found = [
        each
        for _, title, block, _ in EXAMPLE.findall(TEXT)
        if block.startswith("{") and title != "watcher run"
        for each in every_time(json.loads(block))
    ]
    assert len(found) > 50
    assert [(k, v) for k, v in found if v is not None and not TIME.fullmatch(v)] == []


@pytest.mark.parametrize("name", ["watcher diff 1 1..2 --json", "article.updated"])
def test_a_change_has_the_shape_that_other_programs_rely_on(name: str) -> None:
    diff = parsed(name)
    diff = diff.get("data", diff)
    assert list(diff)[: len(DIFF_KEYS)] == DIFF_KEYS
    assert list(diff["article"]) == ["id", "url", "story"]
    for side in ("from", "to"):
        assert list(diff[side]) == ["version", "seen_from", "seen_until"]
    assert list(diff["window"]) == ["after", "before"]
    assert list(diff["summary"]) == [*OPS, "moved"]
    for edit in diff["edits"]:
        assert list(edit) == ["op", "old", "new", "moved", "typographic", "similarity", "words"]


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("watcher diff 1 1..2 --json", FIRST, SECOND),
        ("watcher compare old.html new.html --json", DAM, DAM_LATER),
    ],
)
def test_the_edits_shown_lead_from_one_text_to_the_other(
    name: str, old: tuple[str, ...], new: tuple[str, ...]
) -> None:
    before: dict[int, str] = {}
    after: dict[int, str] = {}
    for edit in parsed(name)["edits"]:
        for side, numbers, gone in ((before, edit["old"], 1), (after, edit["new"], -1)):
            text = "".join(text for op, text in edit["words"] if op != gone)
            side.update(zip(numbers, text.split("\n") if numbers else (), strict=True))
    assert [before[place] for place in sorted(before)] == list(old)
    assert [after[place] for place in sorted(after)] == list(new)


def test_the_examples_have_every_op() -> None:
    names = ("watcher diff 1 1..2 --json", "watcher compare old.html new.html --json")
    assert {edit["op"] for name in names for edit in parsed(name)["edits"]} == set(OPS)


def headers() -> dict[str, str]:
    lines = shown("webhook headers").splitlines()
    return dict(line.split(": ", 1) for line in lines)


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The page's own receiver, at the time of the message shown there."""

    class Then(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Then:
            return cls.fromtimestamp(int(headers()["webhook-timestamp"]), UTC)

    monkeypatch.setattr("standardwebhooks.webhooks.datetime", Then)
    monkeypatch.setenv("DESK_WEBHOOK_SECRET", SECRET)
    (source,) = re.findall(r"^```python\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
    names: dict[str, Any] = {}
    exec(compile(source, str(PAGE), "exec"), names)
    return names


def test_the_message_shown_can_be_verified_as_shown(receiver: dict[str, Any]) -> None:
    message = parsed("article.updated")
    body = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()
    assert f"`{SECRET}`" in TEXT
    assert receiver["received"](body, headers()) == message
    for forged in (body + b" ", body.replace(b"three", b"seven")):
        with pytest.raises(WebhookVerificationError):
            receiver["received"](forged, headers())


def test_what_is_said_of_time_to_answer_is_true() -> None:
    assert f"within {TIMEOUT:g} seconds" in TEXT


def tables_of_the_page() -> dict[str, list[str]]:
    """The columns that the page names, by table or view."""
    text = TEXT.partition("\n## The database\n")[2]
    found = {}
    for part in text.split("\n### ")[1:]:
        title, _, rest = part.partition("\n")
        rows = re.findall(r"^\| (.+?) \| .*\|$", rest.partition("\n| entry |")[0], re.MULTILINE)
        if title.startswith("`"):
            found[title.strip("`")] = re.findall(r"`(\w+)`", "".join(rows))
    for name, columns in re.findall(r"^\| `(\w+)` \| [^|]+ \| (`\w+`(?:, `\w+`)+) \|$", text,
                                    re.MULTILINE):  # fmt: skip
        found[name] = re.findall(r"\w+", columns)
    return found


def test_every_table_and_column_is_explained(examples: Examples) -> None:
    with closing(sqlite3.connect(examples.scene.world.database)) as connection:
        names = connection.execute(
            "SELECT name FROM sqlite_master WHERE type IN ('table', 'view')"
            " AND name NOT LIKE 'sqlite@_%' ESCAPE '@' AND name NOT LIKE '@_%' ESCAPE '@'"
            # parts of the search index, made by SQLite itself
            " AND name NOT LIKE 'search@_%' ESCAPE '@'"
        ).fetchall()
        real = {
            name: {row[1] for row in connection.execute(f"PRAGMA table_info({name})")}
            for (name,) in names
        }
    told = tables_of_the_page()
    assert {name: set(columns) for name, columns in told.items()} == real
    assert {name for name, columns in told.items() if len(set(columns)) != len(columns)} == set()


def lines_that_are_logged() -> Iterator[tuple[str, set[str]]]:
    """Every call that logs under a fixed name, with the keys it spells out."""
    for path in sorted((ROOT / "watcher").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            owner, _, called = ast.unparse(node.func).rpartition(".")
            if called != "tell" and not (called in LEVELS and owner.endswith("log")):
                continue
            if node.args and isinstance(node.args[0], ast.Constant):
                keys = {each.arg for each in node.keywords if each.arg}
                yield str(node.args[0].value), keys - {"exc_info"}


def log_rows() -> dict[str, str]:
    table = TEXT.partition("| event | level | further keys |\n")[2].partition("\n\n")[0]
    rows = re.findall(r"^\| (`[a-z_-]+`.*?) \| .*?\| (.*?) \|$", table, re.MULTILINE)
    rows = [row for row in rows if row[0] != "---"]
    return {name: keys for names, keys in rows for name in re.findall(r"`([a-z_-]+)`", names)}


def test_every_log_line_is_explained_with_its_keys() -> None:
    rows = log_rows()
    logged = list(lines_that_are_logged())
    assert len(logged) > 15
    for name, keys in logged:
        said = rows[name]
        if "the same" in said:
            said += rows["delivered"] + rows["poll-failed"]
        assert {key for key in keys if f"`{key}`" not in said} == set(), name


def test_the_log_lines_shown_have_the_keys_that_are_explained() -> None:
    rows = log_rows()
    lines = [json.loads(line) for line in shown("watcher run").splitlines()]
    assert {line["event"] for line in lines} >= {"started", "polled", "event", "delivered"}
    for line in lines:
        said = rows[line["event"]]
        said += rows["delivered"] if "the same" in said else ""
        keys = set(line) - {"time", "level", "event"}
        assert {key for key in keys if f"`{key}`" not in said} == set(), line
        assert line["level"] in LEVELS
        assert TIME.fullmatch(line["time"])


def test_a_stale_block_is_noticed_and_written_anew(examples: Examples) -> None:
    stale = TEXT.replace('"unknown": []', '"unknown": ["x"]')
    assert stale != TEXT
    assert filled(stale, examples) == TEXT
    rows = TEXT.replace('"count": 5', '"count": 6')
    assert rows != TEXT
    assert filled(rows, examples) == TEXT


def test_what_is_shown_names_nothing_of_this_machine(examples: Examples) -> None:
    everything = "".join(examples.blocks.values())
    assert "127.0.0.1" not in everything
    assert str(examples.scene.folder) not in everything
