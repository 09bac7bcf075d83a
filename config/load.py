"""Read a configuration: TOML, lists of URLs and secrets in, one frozen value out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from config.alerts import check_alerts
from config.articles import ConfiguredArticle, articles, check_overrides, entries
from config.document import Document, read_document
from config.faults import Faults, translate
from config.files import Files, digest_of
from config.model import check_model
from config.reading import read_notices, read_words, reading
from config.secrets import Secret, resolve
from config.settings import Settings
from config.sources import check_sources
from config.waits import check_waits
from config.words import nearest, quote
from watcher.core.sites import Reading
from watcher.errors import ConfigError

__all__ = ["ConfiguredArticle", "Loaded", "Secret", "digest_of", "load"]


@dataclass(frozen=True, slots=True)
class Loaded:
    """A configuration without faults.

    `secrets` is by webhook name and empty if secrets were not asked for. `sources` are all files
    it came from; `digest` changes exactly when one of their contents does. `reading` says how
    pages are to be read, `words` are the operator's own word lists for findings, if any.
    """

    settings: Settings
    secrets: Mapping[str, Secret]
    articles: tuple[ConfiguredArticle, ...]
    sources: tuple[Path, ...]
    digest: str
    reading: Reading
    words: Mapping[str, Any] | None = None


def load(
    path: Path,
    environ: Mapping[str, str],
    need_secrets: bool = True,
    *,
    instead: Mapping[Path, bytes] | None = None,
    more_kinds: Callable[[], Collection[str]] | None = tuple,
) -> Loaded:
    """Read and check the configuration at `path`.

    `environ` holds the variables that "env:" secrets name. With `need_secrets` False secrets are
    only checked for form, not looked up. `instead` gives contents to use in place of those of
    files on disk, to try a change before it is written. `more_kinds` gives the kinds of findings
    that rules of other packages report; with None nobody knows them, and no kind counts as unknown.

    Raises ConfigError with every fault at once, each with its file and line.
    """
    files = Files(instead)
    document = read_document(path, files)
    faults = Faults(document)
    settings = _settings(document, faults)
    check_waits(document, faults)
    check_model(document, faults)
    _check_names(document, "story", faults)
    known = _check_names(document, "webhook", faults)
    _check_references(document, known, faults)
    _check_names(document, "alert", faults)
    check_alerts(document, known, more_kinds, faults)
    check_sources(document, faults)
    found = entries(document, files, faults)
    overrides = check_overrides(document, found, faults)
    notices = read_notices(document, files, faults)
    words = read_words(document, files, faults)
    secrets = resolve(document, files, environ, faults) if need_secrets else {}
    if settings is None or faults.found:
        raise ConfigError(faults.sentences(), files.sources)
    return Loaded(
        settings,
        secrets,
        articles(settings, found, overrides),
        files.sources,
        files.digest(),
        reading(settings, notices),
        words,
    )


def _settings(document: Document, faults: Faults) -> Settings | None:
    try:
        return Settings.model_validate(document.data, context={"folder": document.folder})
    except ValidationError as error:
        translate(error, faults)
        return None


def _check_names(document: Document, key: str, faults: Faults) -> tuple[str, ...]:
    """The names of an array of tables; each may stand once."""
    first: dict[str, int] = {}
    for number, table in document.tables(key):
        name = table.get("name")
        if not isinstance(name, str):
            continue
        known = first.setdefault(name, number)
        if known != number:
            line = document.lines.line((key, known, "name"))
            faults.add(
                (key, number, "name"),
                f"the name {quote(name)} belongs to the [[{key}]] at line {line} already; "
                "choose another",
            )
    return tuple(first)


def _check_references(document: Document, known: tuple[str, ...], faults: Faults) -> None:
    for number, table in document.tables("story"):
        names = table.get("webhooks")
        for place, name in enumerate(names if isinstance(names, list) else ()):
            if isinstance(name, str) and name not in known:
                told = nearest(name, known) if known else "no [[webhook]] is configured"
                faults.add(
                    ("story", number, "webhooks", place),
                    f'"webhooks" in {document.label(("story", number))} names an unknown webhook '
                    f"{quote(name)}; {told}",
                )
