"""A TOML file of the user's that adds to a shipped table: read, checked, told with its lines."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Protocol

from config.document import read_document
from config.files import Files, trouble
from watcher.errors import ConfigError


class Fault(Protocol):
    """What is wrong in a document: the path that leads to it, and a full sentence."""

    @property
    def path(self) -> tuple[str | int, ...]: ...
    @property
    def text(self) -> str: ...


def load_table(
    path: Path, source: Files | None, check: Callable[[Mapping[str, Any]], Iterable[Fault]]
) -> Mapping[str, Any]:
    """What a file says, once `check` finds nothing wrong with it.

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
    faults = list(check(document.data))
    if faults:
        lines = [(document.lines.line(fault.path) or 1, fault.text) for fault in faults]
        told = tuple(f"{path}:{line}: {text}" for line, text in sorted(lines, key=lambda x: x[0]))
        raise ConfigError(told, source.sources)
    return document.data
