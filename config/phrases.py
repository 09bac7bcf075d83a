"""Load the tables of phrases: the shipped one, and a user's file that adds to it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from config.files import Files
from config.own_table import load_table
from watcher.core.phrases import Phrases, read_phrases, sound_phrases

_SHIPPED = "notices.toml"


@cache
def shipped_phrases() -> Phrases:
    """The phrases that story watcher comes with."""
    text = (files("config") / _SHIPPED).read_text(encoding="utf-8")
    return sound_phrases(tomllib.loads(text))


def with_own(data: Mapping[str, Any]) -> Phrases:
    """The shipped phrases with those of a file that was found without faults."""
    return sound_phrases(data, shipped_phrases())


def load_own(path: Path, source: Files | None = None) -> Mapping[str, Any]:
    """What a file says that adds to the shipped phrases, or drops some.

    `source` reads the file and remembers it. Raises ConfigError with every fault of the file,
    each with its line, the entry, the cause and the remedy.
    """
    return load_table(path, source, lambda data: read_phrases(data, shipped_phrases())[1])
