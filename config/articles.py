"""The articles of a configuration: every URL of every story, each article once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from config.alerts import webhooks_of
from config.document import Document
from config.faults import Faults
from config.files import Files, trouble
from config.settings import Settings
from config.values import page_url, plain_path
from config.waits import interval_of, terms_of
from config.words import quote
from watcher.core.schedule.terms import USUAL, Terms
from watcher.core.urls import url_key


@dataclass(frozen=True, slots=True)
class ConfiguredArticle:
    """One URL to follow. `key` is its identity, `where` the file and line that name it."""

    url: str
    story: str
    interval: timedelta
    webhooks: tuple[str, ...]
    key: str
    where: str
    terms: Terms = USUAL


@dataclass(frozen=True, slots=True)
class Entry:
    """A usable URL as found: the number of its story, its file, line and place in the file."""

    url: str
    key: str
    story: int
    path: Path
    line: int
    place: int


def entries(document: Document, files: Files, faults: Faults) -> tuple[Entry, ...]:
    """Every usable URL in order. Faulty lines of URL files and repeated URLs are faults."""
    first: dict[str, Entry] = {}
    for entry in _all(document, files, faults):
        known = first.setdefault(entry.key, entry)
        if known is entry:
            continue
        text = (
            f"the URL {quote(entry.url)} is the same article as {quote(known.url)} at "
            f"{known.path}:{known.line}; remove one of them"
        )
        if entry.path == document.path:
            faults.add(("story", entry.story, "urls", entry.place), text)
        else:
            faults.add_in(entry.path, entry.line, text)
    return tuple(first.values())


def check_overrides(
    document: Document, found: tuple[Entry, ...], faults: Faults
) -> Mapping[str, int]:
    """The [[article]] of each URL by its key. One for no article, or a second one, is a fault."""
    known = {entry.key for entry in found}
    first: dict[str, int] = {}
    for number, table in document.tables("article"):
        url = table.get("url")
        key = _key(url) if isinstance(url, str) else None
        if key is None or not isinstance(url, str):
            continue
        place = ("article", number, "url")
        if key not in known:
            text = "is in no [[story]]; add it to the urls of one, or remove this [[article]]"
            faults.add(place, f"the URL {quote(url)} {text}")
        elif first.setdefault(key, number) != number:
            line = document.lines.line(("article", first[key]))
            text = f"has an [[article]] at line {line} already; make one of the two"
            faults.add(place, f"the URL {quote(url)} {text}")
    return first


def articles(
    settings: Settings, found: tuple[Entry, ...], overrides: Mapping[str, int]
) -> tuple[ConfiguredArticle, ...]:
    """What is to be done for each URL, with what its [[article]] and its story say of it.

    `overrides` is the number of the [[article]] by key.
    """
    told = [webhooks_of(story, settings) for story in settings.stories]
    result = []
    for entry in found:
        story = settings.stories[entry.story]
        number = overrides.get(entry.key)
        own = None if number is None else settings.articles[number]
        result.append(
            ConfiguredArticle(
                url=entry.url,
                story=story.name,
                interval=interval_of(settings.polling, own, story),
                webhooks=told[entry.story],
                key=entry.key,
                where=f"{entry.path}:{entry.line}",
                terms=terms_of(settings.polling, own, story),
            )
        )
    return tuple(result)


def _all(document: Document, files: Files, faults: Faults) -> Iterator[Entry]:
    for number, table in document.tables("story"):
        urls = table.get("urls")
        for place, url in enumerate(urls if isinstance(urls, list) else ()):
            # What is not a URL is told with the other values that are not well formed.
            key = _key(url) if isinstance(url, str) else None
            if key is not None:
                line = document.lines.line(("story", number, "urls", place)) or 0
                yield Entry(url, key, number, document.path, line, place)
        if "urls_file" in table:
            try:
                name = plain_path(table["urls_file"])
            except ValueError:
                continue
            yield from _listed(document, number, name, files, faults)


def _key(url: str) -> str | None:
    try:
        return url_key(url)
    except ValueError:
        return None


def _listed(
    document: Document, story: int, name: Path, files: Files, faults: Faults
) -> Iterator[Entry]:
    told = document.path.parent / name
    try:
        text = files.read(document.folder / name).decode("utf-8-sig")
    except OSError as error:
        subject = f'"urls_file" in {document.label(("story", story))}'
        faults.add(("story", story, "urls_file"), f"{subject}: {trouble(error, told)}")
        return
    except UnicodeDecodeError:
        faults.add_in(told, 1, "the file is not UTF-8 text; save it with that encoding")
        return
    for place, line in enumerate(text.split("\n")):
        url = listed_url(line)
        if not url:
            continue
        try:
            page_url(url)
        except ValueError as error:
            faults.add_in(told, place + 1, f"the line {error}")
            continue
        yield Entry(url, url_key(url), story, told, place + 1, place)


def listed_url(line: str) -> str:
    """The URL on a line of a URL file: without the comment behind it; "" if there is none."""
    words = line.split(None, 1)
    if not words or words[0].startswith("#"):
        return ""
    # A # inside a URL is its fragment: a comment begins after a space.
    comment = len(words) == 1 or words[1].startswith("#")
    return words[0] if comment else line.strip()
