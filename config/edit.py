"""Add and remove articles in a configuration file, keeping its comments and layout.

A change is tried with `load` before anything is written, so a broken file is never written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from config.articles import ConfiguredArticle, listed_url
from config.atomic import replace_file
from config.document import Document, read_document
from config.files import Files
from config.load import load
from config.splice import (
    add_key,
    add_table,
    drop_element,
    drop_table,
    extend_list,
    replace_table,
)
from config.template import toml_text
from config.values import NAME_PATTERN
from config.words import quote
from watcher.core.urls import url_fault, url_key
from watcher.errors import ConfigError, UsageError


@dataclass(frozen=True, slots=True)
class Existing:
    """A URL that was to be added but is configured: `where` is the file and line, `known` how."""

    url: str
    known: str
    story: str
    where: str


@dataclass(frozen=True, slots=True)
class AddResult:
    """What `add_urls` did: the URLs it added to `story`, and those that were there already."""

    story: str
    added: tuple[str, ...]
    existing: tuple[Existing, ...]


@dataclass(frozen=True, slots=True)
class RemoveResult:
    """What `remove_urls` did: the articles it removed, and what it found nothing for."""

    removed: tuple[ConfiguredArticle, ...]
    unknown: tuple[str, ...]


def add_urls(path: Path, urls: Sequence[str], story: str | None = None) -> AddResult:
    """Add URLs to a story, which is made if there is none of that name.

    Without `story` the URLs go to the only story there is. An article that is configured
    anywhere, by this or another spelling of its URL, is reported and not added again; if all are,
    the file is not touched. Raises UsageError for an unusable URL or story name, ConfigError if
    the file has faults or cannot be written.
    """
    _refuse_faulty(urls)
    loaded = load(path, {}, need_secrets=False, more_kinds=None)
    chosen = _choose(story, tuple(known.name for known in loaded.settings.stories))
    known = {article.key: article for article in loaded.articles}
    new: dict[str, str] = {}
    existing: list[Existing] = []
    for url in urls:
        key = url_key(url)
        article = known.get(key)
        if article is not None:
            existing.append(Existing(url, article.url, article.story, article.where))
        else:
            new.setdefault(key, url)
    added = tuple(new.values())
    if added:
        document = read_document(path, Files())
        _write(path, {path: (document.text.encode(), _with(document, chosen, added).encode())})
    return AddResult(chosen, added, tuple(existing))


def remove_urls(path: Path, urls_or_keys: Iterable[str]) -> RemoveResult:
    """Remove articles by any spelling of their URL, from the configuration and its URL files.

    With an article goes the [[article]] that says how it is polled.
    Raises ConfigError if the file has faults or cannot be written.
    """
    loaded = load(path, {}, need_secrets=False, more_kinds=None)
    known = {article.key: article for article in loaded.articles}
    removed: dict[str, ConfiguredArticle] = {}
    unknown: list[str] = []
    for url in urls_or_keys:
        article = None if url_fault(url) is not None else known.get(url_key(url))
        if article is None:
            unknown.append(url)
        else:
            removed[article.key] = article
    if removed:
        files = Files()
        document = read_document(path, files)
        changes = {path: (document.text.encode(), _without(document, set(removed)).encode())}
        for story in loaded.settings.stories:
            if story.urls_file is not None:
                old = files.read(story.urls_file)
                changes[story.urls_file] = (old, _without_lines(old, set(removed)))
        _write(path, changes)
    return RemoveResult(tuple(removed.values()), tuple(unknown))


def write_model(path: Path, lines: Sequence[str]) -> None:
    """Put these lines in place of those of the [model] table, which is made if there is none.

    Raises ConfigError if the file has faults or cannot be written.
    """
    document = read_document(path, Files())
    text = document.text
    if "model" in document.data:
        text = replace_table(text, ("model",), lines)
    else:
        text = add_table(text, "[model]", lines)
    _write(path, {path: (document.text.encode(), text.encode())})


def _refuse_faulty(urls: Iterable[str]) -> None:
    for url in urls:
        fault = url_fault(url)
        if fault is not None:
            told = "the URL" if "@" in url else f"the URL {quote(url)}"
            raise UsageError(f"{told} cannot be followed: it {fault}")


def _choose(story: str | None, known: tuple[str, ...]) -> str:
    if story is not None:
        if story not in known and not re.fullmatch(NAME_PATTERN.rstrip("$"), story):
            raise UsageError(
                f"{quote(story)} cannot name a story: use up to 64 characters from a-z, 0-9, "
                "dot, dash and underscore, beginning with a letter or digit"
            )
        return story
    if len(known) != 1:
        told = f"there are {len(known)} stories" if known else "there is no story"
        raise UsageError(f"say which story the articles belong to, with --story NAME: {told}")
    return known[0]


def _with(document: Document, story: str, urls: tuple[str, ...]) -> str:
    """The text with the URLs added to the story."""
    text = document.text
    values = [toml_text(url) for url in urls]
    listed = "[{}]".format(", ".join(values))
    for number, table in document.tables("story"):
        if table.get("name") == story:
            path = ("story", number)
            if "urls" in table:
                return extend_list(text, (*path, "urls"), values)
            return add_key(text, path, "name", "urls", listed)
    if document.data.get("story") == [] or _is_inline(document):
        return extend_list(text, ("story",), [f"{{ name = {toml_text(story)}, urls = {listed} }}"])
    lines = [f"name = {toml_text(story)}", "urls = [", *(f"    {url}," for url in values), "]"]
    return add_table(text, "[[story]]", lines)


def _is_inline(document: Document) -> bool:
    """True where stories are written as `story = [{ … }]`."""
    mark = document.lines.marks.get(("story", 0))
    return mark is not None and document.text.startswith("{", mark.start)


def _without(document: Document, keys: set[str]) -> str:
    text = document.text
    for number, table in document.tables("story"):
        # From the end, so that the numbers of what remains stay right.
        for place, url in reversed(list(enumerate(table.get("urls", [])))):
            if url_key(url) in keys:
                text = drop_element(text, ("story", number, "urls", place))
    for number, table in reversed(list(document.tables("article"))):
        if url_key(table["url"]) in keys:
            text = drop_table(text, ("article", number))
    return text


def _without_lines(content: bytes, keys: set[str]) -> bytes:
    kept = []
    # Only line feeds part lines here, as in reading; str.splitlines knows many more.
    for line in re.findall(r"[^\n]*\n|[^\n]+", content.decode("utf-8")):
        url = listed_url(line.removeprefix("\ufeff"))
        if not url or url_key(url) not in keys:
            kept.append(line)
    return "".join(kept).encode()


def _write(path: Path, changes: dict[Path, tuple[bytes, bytes]]) -> None:
    """Replace the files that change, after the whole has proved to load."""
    changed = {file: pair for file, pair in changes.items() if pair[0] != pair[1]}
    load(
        path,
        {},
        need_secrets=False,
        more_kinds=None,
        instead={file: new for file, (_, new) in changed.items()},
    )
    for file, (old, new) in changed.items():
        try:
            if file.read_bytes() != old:
                fault = f"{file}: another program changed the file just now; try again"
                raise ConfigError((fault,))
            replace_file(file, new)
        except OSError as error:
            fault = f"{file}: the file cannot be written: {error.strerror or error}"
            raise ConfigError((fault,)) from None
