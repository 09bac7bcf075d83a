"""Where things stand in a TOML text: tomllib tells what a document says, this tells where.

The scanner relies on a text that tomllib has accepted, so it only has to find boundaries:
headers, keys, elements. A path is what leads to a value in the parsed document, for example
("story", 0, "urls", 2).
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

Path = tuple[str | int, ...]

_SPACE = re.compile(r"[ \t]*")
_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_BASIC = re.compile(r'"(?:[^"\\]|\\.)*"')
_LITERAL = re.compile(r"'[^']*'")
# A multi-line string may end in up to two quotes of its own before the closing three.
_LONG_BASIC = re.compile(r'"""(?:[^\\]|\\.)*?"""(?:"{0,2})(?!")', re.DOTALL)
_LONG_LITERAL = re.compile(r"'''.*?'''(?:'{0,2})(?!')", re.DOTALL)
_PLAIN = re.compile(r"[^,\]}#\r\n]*")
_LINE_REST = re.compile(r"[^\n]*\n?")


@dataclass(frozen=True, slots=True)
class Mark:
    """A place: the 1-based line where a thing begins and the span of its value in characters.

    For a key the line is the key's, the span its value's; for a table both are its header's.
    """

    line: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Lines:
    """The marks of every key, table and array element of one document, by path."""

    marks: dict[Path, Mark]

    def line(self, path: Path) -> int | None:
        """The line of a path, or of its nearest known parent; None for the document itself."""
        for length in range(len(path), 0, -1):
            mark = self.marks.get(path[:length])
            if mark is not None:
                return mark.line
        return None


def index(text: str) -> Lines:
    """Index a text that tomllib accepts. For any other text the result means nothing."""
    scanner = _Scanner(text)
    scanner.document()
    return Lines(scanner.marks)


@dataclass(slots=True)
class _Scanner:
    text: str
    at: int = 0
    marks: dict[Path, Mark] = field(default_factory=dict)
    tables: dict[Path, int] = field(default_factory=dict)  # arrays of tables: how many so far
    breaks: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.breaks = [match.start() for match in re.finditer("\n", self.text)]

    def line(self, offset: int) -> int:
        return bisect_right(self.breaks, offset - 1) + 1

    def skip(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self.text, self.at)
        if match is None:
            return ""
        self.at = match.end()
        return match.group()

    def document(self) -> None:
        table: Path = ()
        while self.skip(_BLANK) is not None and self.at < len(self.text):
            if self.text[self.at] == "[":
                table = self.header()
            else:
                self.pair(table)
            self.skip(_LINE_REST)

    def header(self) -> Path:
        start = self.at
        double = self.text.startswith("[[", start)
        self.at += 2 if double else 1
        keys = list(self.keys())
        self.at += 2 if double else 1
        mark = Mark(self.line(start), start, self.at)
        path: Path = ()
        for key in keys[:-1]:
            path = self.enter((*path, key))
            self.marks.setdefault(path, mark)
        path = (*path, keys[-1])
        if double:
            self.marks.setdefault(path, mark)
            count = self.tables.get(path, 0)
            self.tables[path] = count + 1
            path = (*path, count)
        self.marks[path] = mark
        return path

    def enter(self, path: Path) -> Path:
        """A header that names an array of tables means the last of them."""
        count = self.tables.get(path)
        return path if count is None else (*path, count - 1)

    def keys(self) -> Iterator[str]:
        while True:
            self.skip(_SPACE)
            yield self.key()
            self.skip(_SPACE)
            if not self.text.startswith(".", self.at):
                return
            self.at += 1

    def key(self) -> str:
        char = self.text[self.at]
        if char == '"':
            # tomllib undoes the escapes, so that keys compare as it read them.
            return str(tomllib.loads("key = " + self.skip(_BASIC))["key"])
        if char == "'":
            return self.skip(_LITERAL)[1:-1]
        return self.skip(_BARE_KEY)

    def pair(self, table: Path) -> None:
        line = self.line(self.at)
        start = self.at
        keys = list(self.keys())
        self.at += 1  # the equals sign
        self.skip(_SPACE)
        path = table
        for key in keys[:-1]:
            path = (*path, key)
            self.marks.setdefault(path, Mark(line, start, start))
        path = (*path, keys[-1])
        first, last = self.value(path)
        self.marks[path] = Mark(line, first, last)

    def value(self, path: Path) -> tuple[int, int]:
        start = self.at
        text = self.text
        if text.startswith('"""', start):
            self.skip(_LONG_BASIC)
        elif text.startswith("'''", start):
            self.skip(_LONG_LITERAL)
        elif text.startswith('"', start):
            self.skip(_BASIC)
        elif text.startswith("'", start):
            self.skip(_LITERAL)
        elif text.startswith("[", start):
            self.array(path)
        elif text.startswith("{", start):
            self.inline_table(path)
        else:
            self.at = start + len(self.skip(_PLAIN).rstrip())
        return start, self.at

    def array(self, path: Path) -> None:
        count = 0
        self.at += 1
        while self.skip(_BLANK) is not None and not self.text.startswith("]", self.at):
            line = self.line(self.at)
            element = (*path, count)
            first, last = self.value(element)
            self.marks[element] = Mark(line, first, last)
            count += 1
            self.skip(_BLANK)
            if self.text.startswith(",", self.at):
                self.at += 1
        self.at += 1

    def inline_table(self, path: Path) -> None:
        self.at += 1
        while self.skip(_BLANK) is not None and not self.text.startswith("}", self.at):
            self.pair(path)
            self.skip(_BLANK)
            if self.text.startswith(",", self.at):
                self.at += 1
        self.at += 1
