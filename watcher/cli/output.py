"""What commands print with: pages of lines, JSON, a pager, progress.

Every text passes `printable`, so that no page can talk to a terminal. Colour and the pager are
for terminals only.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from watcher.core.model import Weight
from watcher.core.text import printable, quiet_json
from watcher.core.times import to_text

Span = tuple[str, str]
"""A style ("" for none; else the parameters of an SGR sequence) and a text."""

BOLD, DIM, RED, GREEN, YELLOW = "1", "2", "31", "32", "33"

WEIGHT_STYLES: dict[Weight, str] = {
    "cosmetic": DIM, "routine": "", "notable": YELLOW, "critical": f"{RED};{BOLD}",
}  # fmt: skip
"""How the weights of changes stand out."""

PIPE_WIDTH = 80
WIDEST = 100
"""Prose in longer lines is hard to read."""


def print_json(value: object) -> None:
    """Writes one JSON document to standard output; see `json_text`."""
    sys.stdout.write(json_text(value))


def json_text(value: object) -> str:
    """One JSON document with a line feed; aware times become ISO 8601 UTC text.

    Characters that a terminal may obey, or that the output cannot carry, are escaped.
    """
    unicode = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    text = json.dumps(value, ensure_ascii=not unicode, indent=2, default=_plain_value)
    return quiet_json(text) + "\n"


def _plain_value(value: object) -> object:
    if isinstance(value, datetime):
        return to_text(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


def say(text: str) -> None:
    """Writes one line to standard output. Names of files and hosts are other people's texts too."""
    sys.stdout.write(printable(text) + "\n")
    sys.stdout.flush()


def on_terminal() -> bool:
    """True if standard output is a terminal."""
    return sys.stdout.isatty()


def in_colour() -> bool:
    """True if standard output is a terminal that wants colours (see no-color.org)."""
    wanted = not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return wanted and on_terminal()


def text_width() -> int:
    """The width for prose: that of the output, but no wider than reads well."""
    return min(columns(), WIDEST)


def columns() -> int:
    """The width to write in: that of the terminal, $COLUMNS or 80 in a pipe."""
    wanted = _wanted_width()
    if wanted is not None:
        return wanted
    return max(_terminal_size().columns, 20) if on_terminal() else PIPE_WIDTH


def _wanted_width() -> int | None:
    """What $COLUMNS asks for, if it is a width one can write in."""
    wanted = os.environ.get("COLUMNS", "")
    return int(wanted) if wanted.isdigit() and int(wanted) >= 20 else None


def _terminal_size() -> os.terminal_size:
    try:
        found = os.get_terminal_size(sys.stdout.fileno())
    except (OSError, ValueError):
        return os.terminal_size((PIPE_WIDTH, 24))
    return found if found.columns and found.lines else os.terminal_size((PIPE_WIDTH, 24))


@dataclass(slots=True)
class Page:
    """Lines to be printed together, through a pager if they are too many for the terminal."""

    lines: list[tuple[Span, ...]] = field(default_factory=list)

    def line(self, *parts: str | Span) -> None:
        """Adds a line of texts and (style, text) pairs; it is never wrapped."""
        self.lines.append(tuple(_safe(part) for part in parts))

    def prose(self, text: str, *, indent: int = 0, style: str = "") -> None:
        """Adds a text, wrapped at spaces."""
        from watcher.render.wrap import wrap

        for line in wrap([(style, printable(text))], text_width() - indent):
            self.lines.append((("", " " * indent), *line))

    def labelled(self, label: str, text: str, *, style: str = "") -> None:
        """Adds a text behind a label of that style, wrapped beside it."""
        before = len(self.lines)
        self.prose(text, indent=len(label))
        self.lines[before] = ((style, label), *self.lines[before][1:])

    def table(self, head: Sequence[str], rows: Iterable[Sequence[str | Span]]) -> None:
        """Adds aligned columns; see watcher.render.table. In a pipe that no $COLUMNS gives a width
        each row is one line, however long."""
        from watcher.render.table import laid_out

        cells = [[(BOLD, name) for name in head]]
        cells += [[_safe(cell) for cell in row] for row in rows]
        narrow = on_terminal() or _wanted_width() is not None
        self.lines += laid_out(cells, columns() if narrow else None, cut=on_terminal())

    def text(self, *, colour: bool) -> str:
        """The whole page, with or without styles."""
        from watcher.render.wrap import paint

        if colour:
            return "".join(f"{paint(line, colour=True)}\n" for line in self.lines)
        lines = ("".join(text for _, text in line).rstrip() for line in self.lines)
        return "".join(f"{line}\n" for line in lines)

    def show(self) -> None:
        """Prints the page: styled on a terminal, plain elsewhere."""
        show_text(self.text(colour=in_colour()))


def _safe(part: str | Span) -> Span:
    return ("", printable(part)) if isinstance(part, str) else (part[0], printable(part[1]))


def show_text(text: str) -> None:
    """Writes finished text to standard output, through a pager if it is long for a terminal."""
    if not on_terminal() or text.count("\n") < _terminal_size().lines or not _paged(text):
        sys.stdout.write(text)


def _paged(text: str) -> bool:
    """Hands the text to $PAGER (less if unset); False if there is none."""
    import shlex
    import subprocess

    try:
        command = shlex.split(os.environ.get("PAGER", "less -FRX"))
    except ValueError:
        return False
    if not command or command == ["cat"]:
        return False
    sys.stdout.flush()
    # Without options of its own, less would show colours as litter.
    environment = {**os.environ, "LESS": os.environ.get("LESS", "FRX")}
    try:
        pager = subprocess.Popen(command, stdin=subprocess.PIPE, env=environment)  # noqa: S603
    except OSError:
        return False
    try:
        pager.communicate(text.encode("utf-8", "replace"))
    except KeyboardInterrupt:
        # The pager has the terminal: it decides what the key means.
        pager.wait()
    return True


@dataclass(slots=True)
class Progress:
    """A count on standard error while something long goes on; silent unless that is a terminal."""

    what: str
    done: int = 0
    shown: bool = False

    def step(self) -> None:
        """One more is done."""
        self.done += 1
        if sys.stderr.isatty():
            sys.stderr.write(f"\r{self.done} {self.what}\x1b[K")
            sys.stderr.flush()
            self.shown = True

    def clear(self) -> None:
        """Takes the count away, so that a line can be printed."""
        if self.shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
            self.shown = False
