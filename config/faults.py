"""Everything that is wrong with a configuration, as sentences with places."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from config.document import Document
from config.settings import TABLES, Settings, keys
from config.words import nearest, quote, shown

Loc = tuple[str | int, ...]

_LISTS = ("story", "article", "webhook", "alert", "site", "feed", "sitemap")
"""The tables that can stand more than once."""


@dataclass(slots=True)
class Faults:
    """Collects faults; gives them ordered by file and line."""

    document: Document
    found: list[tuple[int, int, str]] = field(default_factory=list)
    others: list[Path] = field(default_factory=list)

    def add(self, loc: Loc, text: str) -> None:
        """A fault in the configuration file itself, at a path of the document."""
        line = self.document.lines.line(loc)
        place = f"{self.document.path}:{line}" if line else str(self.document.path)
        self.found.append((0, line or 0, f"{place}: {text}"))

    def add_in(self, path: Path, line: int, text: str) -> None:
        """A fault on a line of another file."""
        if path not in self.others:
            self.others.append(path)
        self.found.append((1 + self.others.index(path), line, f"{path}:{line}: {text}"))

    def add_other(self, path: Path, told: Iterable[str]) -> None:
        """The faults of another file, which say their lines already and stand in their order."""
        if path not in self.others:
            self.others.append(path)
        self.found += [(1 + self.others.index(path), 0, text) for text in told]

    def sentences(self) -> tuple[str, ...]:
        """All faults, each once, in the order of reading."""
        ordered = sorted(self.found, key=lambda fault: fault[:2])
        return tuple(dict.fromkeys(text for _, _, text in ordered))


def translate(error: ValidationError, faults: Faults) -> None:
    """Say in our words what pydantic found. Its own texts and inputs are never shown."""
    for detail in error.errors(include_url=False):
        loc = detail["loc"]
        kind = detail["type"]
        if kind == "extra_forbidden":
            text = _unknown(loc, faults.document)
        elif kind == "missing":
            text = f'{faults.document.label(loc[:-1])} has no "{loc[-1]}"; add it'
        elif kind == "value_error":
            text = f"{_subject(loc, faults.document)} {detail['ctx']['error']}"
        else:
            text = _wrong_shape(loc, detail["input"], faults.document)
        faults.add(loc, text)


def _subject(loc: Loc, document: Document) -> str:
    """The key a fault is about: '"urls" in [[story]] "kursk"'."""
    if isinstance(loc[-1], int):
        loc = loc[:-1]
    key = quote(str(loc[-1]))
    return f"{key} in {document.label(loc[:-1])}" if len(loc) > 1 else key


def _unknown(loc: Loc, document: Document) -> str:
    key = str(loc[-1])
    model: type[BaseModel] = TABLES[str(loc[0])] if len(loc) > 1 else Settings
    told = f"unknown key {quote(key)}"
    if len(loc) > 1:
        told += f" in {document.label(loc[:-1])}"
    # A table is no key that slipped below the wrong header.
    is_table = len(loc) == 1 and isinstance(document.data.get(key), dict)
    elsewhere = None if is_table else _elsewhere(key, model)
    return f"{told}; {elsewhere or nearest(key, keys(model))}"


def _elsewhere(key: str, model: type[BaseModel]) -> str | None:
    """TOML's usual slip: a key that stands below the wrong header."""
    if model is not Settings and key in keys(Settings):
        return "it belongs at the top of the file, before the first [table]"
    homes = [name for name, table in TABLES.items() if key in keys(table)]
    if model is Settings and homes:
        headers = (f"[[{home}]]" if home in _LISTS else f"[{home}]" for home in homes)
        return f"it belongs below {' or '.join(headers)}"
    return None


def _wrong_shape(loc: Loc, value: Any, document: Document) -> str:
    key = str(loc[0])
    if len(loc) == 1 and key in TABLES and key not in _LISTS:
        return f'"{key}" must be one table; write [{key}] in single brackets on its own line'
    if len(loc) <= 2 and key in _LISTS:
        return f'"{key}" must be a list of tables; write [[{key}]] in double brackets above each'
    return f"{_subject(loc, document)} must be a list in square brackets, but is {shown(value)}"
