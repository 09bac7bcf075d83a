"""Hostile texts from the page to the archive, to every command that shows it, and to webhooks."""

from __future__ import annotations

import html
import json
import sqlite3
import unicodedata
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from storage.archive import Archive
from tests.builders import ArchiveBuilder
from tests.command import configure, dangerous, watcher
from tests.security.payloads import PAYLOADS
from tests.security.test_renderings import said
from watcher.adapters.page.html import extract_snapshot
from watcher.core.model import Outcome, Snapshot
from watcher.payload import message

URLS = [f"https://news.example/{number}" for number in range(len(PAYLOADS))]
# What no encoding of a page can say does not come from a page.
SAYABLE = {name: text.encode("utf-8", "replace").decode("utf-8") for name, text in PAYLOADS.items()}
each = pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS.keys())


def page(payload: str) -> bytes:
    """An article that says it in the head, in JSON-LD, in attributes and in its text."""
    text, data = html.escape(payload), json.dumps(payload).replace("<", "\\u003c")
    story = "The river rose two metres overnight, the council said in a statement on Monday."
    return f"""<!doctype html><html lang="{text}"><head><title>{text}</title>
    <meta property="og:title" content="{text}"><meta name="author" content="{text}">
    <meta property="og:site_name" content="{text}">
    <meta property="article:section" content="{text}">
    <meta property="article:modified_time" content="{text}"><link rel="canonical" href="{text}">
    <script type="application/ld+json">{{"@type": "NewsArticle", "headline": {data},
      "author": {{"@type": "Person", "name": {data}}}, "datePublished": {data},
      "publisher": {{"name": {data}}}, "articleSection": {data}}}</script></head>
    <body><article><h1>{text}</h1><p class="byline">By {text}</p><p>{story}</p><p>{text}</p>
    <p>{story} {text}</p><h2>{text}</h2><ul><li>{text}</li></ul><blockquote>{text}</blockquote>
    <p>Correction: an earlier version said {text}. {story}</p><p>{story}</p></article>
    """.encode("utf-8", "replace")


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from texts(list(value.values()))
    elif isinstance(value, list | tuple):
        for item in value:
            yield from texts(item)


@each
@pytest.mark.parametrize("final", ["https://news.example/a", "payload"])
def test_what_comes_out_of_a_page_is_a_line_without_controls(payload: str, final: str) -> None:
    body = page(payload)
    found = extract_snapshot(body, payload if final == "payload" else final, "text/html").snapshot
    assert len(found.paragraphs) >= 3
    fields = asdict(found)
    fields.pop("url")  # as it was asked for: a configuration takes no such URL
    for text in texts(fields):
        assert len(text.splitlines()) <= 1
        kinds = {unicodedata.category(char) for char in text}
        assert kinds.isdisjoint({"Cc", "Cs", "Zl", "Zp"}), (text, kinds)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Each payload is an article of its own with two versions, a failure and deliveries."""
    folder = tmp_path_factory.mktemp("archive")
    path = configure(folder, *URLS, webhook="http://127.0.0.1:9/")
    with ArchiveBuilder(folder / "stories.db", URLS, endpoints=["desk"]) as builder:
        for article, payload in enumerate(SAYABLE.values(), 1):
            builder.sees(of(payload, "Monday", article), article)
        builder.wait(60)
        for article, payload in enumerate(SAYABLE.values(), 1):
            moved = f"https://moved.example/{article}/"
            builder.sees(of(payload, "Friday", article), article, moved_to=moved)
        builder.wait(60)
        for article, payload in enumerate(SAYABLE.values(), 1):
            builder.fails(Outcome.BLOCKED, payload or "empty", 403, article)
    return path


def of(payload: str, mark: str, article: int) -> Snapshot:
    return replace(said(payload, mark), url=URLS[article - 1])


def shown(config: Path, *command: object) -> str:
    result = watcher(*command, config=config)
    assert result.exit_code in (0, 1), (command, result.output)
    assert "defect" not in result.stderr
    return result.output


@pytest.mark.parametrize(
    "command",
    [("list",), ("status",), ("deliveries",), ("list", "--json"), ("deliveries", "--json")],
    ids=" ".join,
)
def test_lists_are_quiet(archive: Path, command: tuple[str, ...]) -> None:
    text = shown(archive, *command)
    assert text
    assert dangerous(text) == []


@pytest.mark.parametrize(
    "command",
    [
        ("log",), ("log", "--json"), ("show",), ("show", "--json"), ("diff",), ("diff", "--json"),
        ("diff", "--side-by-side"), ("diff", "--format", "patch"), ("diff", "--format", "html"),
        ("blame", "--all"), ("blame", "--json"), ("explain",), ("deliveries", "show"),
        ("deliveries", "show", "--json"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_commands_about_an_article_are_quiet(archive: Path, command: tuple[str, ...]) -> None:
    name, *options = command
    if name == "deliveries":
        name, options = command[1], list(command[2:])
        for delivery in range(1, 2 * len(URLS), 5):
            text = shown(archive, "deliveries", "show", delivery, *options)
            assert dangerous(text) == []
        return
    for article in range(1, len(URLS) + 1):
        text = shown(archive, name, article, *options)
        assert text
        assert dangerous(text) == [], article
        if "--json" in options:
            json.loads(text)


def test_texts_are_found_as_they_are_and_mean_nothing(archive: Path) -> None:
    """An article is asked for by any part of its headline: that is no pattern and no SQL."""
    for number, (name, payload) in enumerate(SAYABLE.items(), 1):
        if not payload.strip() or "\0" in payload or payload.startswith("-") or len(payload) > 999:
            continue
        result = watcher("log", "--json", "--", payload, config=archive)
        assert "defect" not in result.stderr, name
        if result.exit_code == 0:
            assert json.loads(result.stdout)["article"]["id"] == number, name
    assert watcher("log", "%%%", config=archive).exit_code == 2


def test_the_archive_is_whole_and_says_it_all(archive: Path) -> None:
    database = archive.parent / "stories.db"
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    stored = {row[0] for row in connection.execute("SELECT headline FROM version")}
    assert stored == {
        f"{text} {mark}" for text in SAYABLE.values() for mark in ("Monday", "Friday")
    }
    tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
    assert {"article", "version", "event", "delivery"} <= tables
    connection.close()


def test_no_file_comes_into_being(archive: Path) -> None:
    allowed = {"watcher.toml", "stories.db", "stories.db-wal", "stories.db-shm", "stories.db.lock"}
    assert {path.name for path in archive.parent.iterdir()} <= allowed


def test_webhooks_are_one_line_of_json(archive: Path) -> None:
    with Archive(archive.parent / "stories.db") as opened:
        for delivery in opened.deliveries():
            body = message(opened.material(delivery.event_id)).body
            text = body.decode("utf-8")
            assert dangerous(text) == []
            assert len(text.splitlines()) == 1
            data = json.loads(text)["data"]
            article = data["article"]["id"]
            assert (
                data["title"].removesuffix(" Friday").removesuffix(" Monday")
                == list(SAYABLE.values())[article - 1]
            )
