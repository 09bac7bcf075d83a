"""Load the tables of phrases: the shipped one, and a user's file that adds to it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from config.document import read_document
from config.files import Files, trouble
from watcher.core.phrases import Phrases, read_phrases
from watcher.errors import ConfigError

_SHIPPED = "notices.toml"


@cache
def shipped_phrases() -> Phrases:
    """The phrases that story watcher comes with."""
    text = (files("config") / _SHIPPED).read_text(encoding="utf-8")
    return read_phrases(tomllib.loads(text))[0]


def with_own(data: Mapping[str, Any]) -> Phrases:
    """The shipped phrases with those of a file that was found without faults."""
    return read_phrases(data, shipped_phrases())[0]


def load_own(path: Path, source: Files | None = None) -> Mapping[str, Any]:
    """What a file says that adds to the shipped phrases, or drops some.

    `source` reads the file and remembers it. Raises ConfigError with every fault of the file,
    each with its line, the entry, the cause and the remedy.
    """
    source = source or Files()
    try:
        source.read(path)
    except OSError as error:
        fault = f"{path}: {trouble(error, path)}; correct the name, or write the file"
        raise ConfigError((fault,), source.sources) from error
    document = read_document(path, source)
    _, faults = read_phrases(document.data, shipped_phrases())
    if faults:
        lines = [(document.lines.line(fault.path) or 1, fault.text) for fault in faults]
        told = tuple(f"{path}:{line}: {text}" for line, text in sorted(lines, key=lambda x: x[0]))
        raise ConfigError(told, source.sources)
    return document.data
