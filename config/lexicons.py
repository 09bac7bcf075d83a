"""Load the word lists of findings: the shipped ones, and a user's file that adds to them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from config.files import Files
from config.own_table import load_table
from watcher.core.findings.lexicon import Lexicons, read_lexicons

_SHIPPED = "findings.toml"


@cache
def shipped_lexicons() -> Lexicons:
    """The word lists that story watcher comes with."""
    text = (files("config") / _SHIPPED).read_text(encoding="utf-8")
    return read_lexicons(tomllib.loads(text))[0]


def with_own_words(data: Mapping[str, Any]) -> Lexicons:
    """The shipped lists with those of a file that was found without faults."""
    return read_lexicons(data, shipped_lexicons())[0]


def load_own_words(path: Path, source: Files | None = None) -> Mapping[str, Any]:
    """What a file says that adds to the shipped word lists, or drops some of their words.

    `source` reads the file and remembers it. Raises ConfigError with every fault of the file,
    each with its line, the entry, the cause and the remedy.
    """
    return load_table(path, source, lambda data: read_lexicons(data, shipped_lexicons())[1])
