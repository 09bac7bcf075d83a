"""A configuration file as a parsed TOML document that knows its lines."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config.files import Files, trouble
from config.lines import Lines, index
from config.words import quote
from watcher.errors import ConfigError

_AT = re.compile(r"(?s)(?P<what>.*) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end.*)\)")

_REMEDIES = (
    ("Expected '=' after a key", "a line must read: key = value"),
    ("Invalid value", "text must stand in quotes and lists in square brackets"),
    ("Cannot overwrite a value", "the key stands here for the second time; keep one"),
    ("Cannot declare", "the table stands here for the second time; keep one"),
    ("Cannot mutate", "the table was finished before; put the key where the table stands"),
    ("Duplicate inline", "a key stands twice between these braces; keep one"),
    ("Expected newline", "one key a line, and text must stand in quotes"),
    ("Unterminated string", "a text is not closed; add its closing quotes"),
    ("Unclosed array", "a list is not closed; add its ]"),
    ("Unclosed inline table", "a table is not closed; add its }"),
    ("Unescaped", "write a backslash in a text twice, or use single quotes"),
    ("Expected ']", "a table's name is not closed; add its ]"),
    ('Expected "', "a text is not closed; add its closing quotes"),
    ("Illegal character", "a text must be closed on its line, and control characters are not TOML"),
    ("Invalid initial character", "a key may hold A-Z, a-z, 0-9, _ and -; others need quotes"),
    ("Invalid statement", "a line must read: key = value, [table] or # comment"),
)


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed file: its path as it was given, its text, what it says and where."""

    path: Path
    text: str
    data: dict[str, Any]
    lines: Lines

    @property
    def folder(self) -> Path:
        """The absolute folder that relative paths in the file start from."""
        return self.path.absolute().parent

    def tables(self, key: str) -> Iterator[tuple[int, dict[str, Any]]]:
        """The tables of an array of tables, as far as they are tables."""
        found = self.data.get(key)
        for number, table in enumerate(found if isinstance(found, list) else ()):
            if isinstance(table, dict):
                yield number, table

    def label(self, path: tuple[str | int, ...]) -> str:
        """How people call a table: [polling], [[story]] "kursk-captives", [[site]] "a.example"."""
        if len(path) < 2:
            return f"[{path[0]}]" if path else "the top of the file"
        key, number = path[0], path[1]
        table = self.data[str(key)][int(number)]
        name = table.get("name", table.get("host")) if isinstance(table, dict) else None
        if key == "article" and isinstance(table, dict) and "@" not in str(table.get("url")):
            name = table.get("url")
        told = quote(name) if isinstance(name, str) and name else f"number {int(number) + 1}"
        return f"[[{key}]] {told}"


def read_document(path: Path, files: Files) -> Document:
    """Read and parse a configuration file. Raises ConfigError with exactly one fault."""
    text = _text(path, files)
    try:
        data = tomllib.loads(text)
        return Document(path, text, data, index(text))
    except tomllib.TOMLDecodeError as error:
        fault = _malformed(path, text, str(error))
    except RecursionError:
        fault = f"{path}: lists or tables are nested too deeply; a configuration needs three levels"
    except ValueError:
        # Not about syntax: Python refuses to read numbers of thousands of digits.
        fault = f"{path}: a number in it is far too long; shorten it"
    raise ConfigError((fault,), files.sources)


def _text(path: Path, files: Files) -> str:
    try:
        content = files.read(path)
    except FileNotFoundError:
        fault = (
            f"{path}: there is no configuration file here; write one with `watcher init`, "
            "or name another with --config"
        )
        raise ConfigError((fault,), files.sources) from None
    except (OSError, ValueError) as error:
        told = trouble(error, path) if isinstance(error, OSError) else "the path is no valid path"
        raise ConfigError((f"{path}: {told}",), files.sources) from None
    if content.startswith(b"\xef\xbb\xbf"):
        fault = f"{path}:1: the file begins with a byte order mark; save it as UTF-8 without one"
        raise ConfigError((fault,), files.sources)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        fault = f"{path}:{line}: the file is not UTF-8 text; save it with that encoding"
        raise ConfigError((fault,), files.sources) from None


def _malformed(path: Path, text: str, message: str) -> str:
    # tomllib's own words are used only to choose ours: they can quote keys.
    match = _AT.fullmatch(message)
    what = match["what"] if match else message
    if match is not None and match["line"]:
        line, column = int(match["line"]), int(match["column"])
    else:
        end = text.rstrip("\n")
        line, column = end.count("\n") + 1, len(end) - end.rfind("\n")
    remedy = next((told for start, told in _REMEDIES if what.startswith(start)), None)
    told = remedy or "check this line and the one before it"
    return f"{path}:{line}: not valid TOML at column {column}: {told}"
