"""Small changes to a TOML text that leave every other character of it as it was.

tomlkit was tried for this: it moves tables that stand apart from their like, and writes lists
without a comma where a comment ends them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from config.lines import Mark, Path, index

_INDENT = "    "
_GAP = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_REST = re.compile(r"[ \t]*(,?)[ \t]*(?:#[^\n]*)?(?:\r?\n|\Z)")


def extend_list(text: str, path: Path, values: Sequence[str]) -> str:
    """Add TOML values, already written out, at the end of the list at `path`."""
    marks = index(text).marks
    start, close = marks[path].start, marks[path].end - 1
    elements = _elements(marks, path)
    newline = _newline(text)
    outer = _indent(text, start)
    if not elements and "\n" not in text[start:close]:
        lines = "".join(f"{outer}{_INDENT}{value},{newline}" for value in values)
        return f"{text[:start]}[{newline}{lines}{outer}]{text[close + 1 :]}"
    if "\n" not in text[start:close]:
        at = elements[-1].end
        return text[:at] + "".join(f", {value}" for value in values) + text[at:]
    return _extend_lines(text, elements, close, outer, values)


def _extend_lines(
    text: str, elements: list[Mark], close: int, outer: str, values: Sequence[str]
) -> str:
    newline = _newline(text)
    inner = outer + _INDENT
    if elements:
        last = elements[-1]
        if _starts_line(text, last.start):
            inner = _indent(text, last.start)
        gap = _GAP.match(text, last.end)
        if gap is None or not text.startswith(",", gap.end()):
            text = f"{text[: last.end]},{text[last.end :]}"
            close += 1
    lines = "".join(f"{inner}{value},{newline}" for value in values)
    if _starts_line(text, close):
        begin = text.rfind("\n", 0, close) + 1
        return text[:begin] + lines + text[begin:]
    return f"{text[:close].rstrip(' ')}{newline}{lines}{outer}{text[close:]}"


def drop_element(text: str, path: Path) -> str:
    """Remove one element of a list, with the rest of its line where it stands there alone."""
    marks = index(text).marks
    mark = marks[path]
    if _starts_line(text, mark.start):
        begin = text.rfind("\n", 0, mark.start) + 1
        rest = _REST.match(text, mark.end)
        last = (*path[:-1], int(path[-1]) + 1) not in marks
        if rest is not None and (rest.group(1) or (last and not _comma_follows(text, mark.end))):
            return text[:begin] + text[rest.end() :]
    gap = _GAP.match(text, mark.end)
    end = gap.end() if gap is not None else mark.end
    if text.startswith(",", end):
        # A comment between the element and its comma stays, as it may be about what follows.
        after = re.compile(r"[ \t]*").match(text, end + 1)
        tail = after.end() if after is not None else end + 1
        return text[: mark.start] + text[mark.end : end] + text[tail:]
    head = re.sub(r",[ \t]*\Z", "", text[: mark.start])
    return head + text[mark.end :]


def add_key(text: str, table: Path, after: str, key: str, value: str) -> str:
    """Add `key = value` to a table behind a key that it has."""
    marks = index(text).marks
    anchor = marks[(*table, after)]
    if text.startswith("{", marks[table].start):
        return f"{text[: anchor.end]}, {key} = {value}{text[anchor.end :]}"
    end = text.find("\n", anchor.end)
    head, tail = (text, "") if end < 0 else (text[: end + 1], text[end + 1 :])
    newline = _newline(text)
    begin = "" if head.endswith("\n") else newline
    line = text.rfind("\n", 0, anchor.start) + 1
    indent = re.compile(r"[ \t]*").match(text, line)
    return f"{head}{begin}{indent.group() if indent else ''}{key} = {value}{newline}{tail}"


def add_table(text: str, header: str, lines: Sequence[str]) -> str:
    """Add a table at the end of the text, after an empty line."""
    newline = _newline(text)
    head = text
    if head and not head.endswith("\n"):
        head += newline
    if head:
        head += newline
    return head + newline.join((header, *lines)) + newline


def replace_table(text: str, path: Path, lines: Sequence[str]) -> str:
    """Put lines in place of the keys of a table that has a header of its own.

    What stands above the header, and the comments below its last key, stay.
    """
    marks = index(text).marks
    own = [mark for known, mark in marks.items() if known[: len(path)] == path and known != path]
    header = text.find("\n", marks[path].end)
    begin = len(text) if header < 0 else header + 1
    last = text.find("\n", max((mark.end for mark in own), default=begin - 1))
    end = len(text) if last < 0 else last + 1
    newline = _newline(text)
    head = text[:begin] if text[:begin].endswith("\n") else text[:begin] + newline
    return head + newline.join(lines) + newline + text[end:]


def drop_table(text: str, path: Path) -> str:
    """Remove one table of an array, be it an element of a list or with a header of its own.

    What stands above the header, and the comments below its last key, stay.
    """
    marks = index(text).marks
    mark = marks[path]
    if text.startswith("{", mark.start):
        return drop_element(text, path)
    own = [known.end for key, known in marks.items() if key[: len(path)] == path]
    begin = text.rfind("\n", 0, mark.start) + 1
    last = text.find("\n", max(own))
    head, tail = text[:begin], "" if last < 0 else text[last + 1 :]
    # Of the empty lines on both sides those above are enough.
    if re.search(r"(?:\A|\n)[ \t]*\r?\n\Z", head) or not head:
        tail = re.sub(r"\A(?:[ \t]*\r?\n)+", "", tail)
    return head + tail


def _elements(marks: dict[Path, Mark], path: Path) -> list[Mark]:
    found: list[Mark] = []
    while (*path, len(found)) in marks:
        found.append(marks[(*path, len(found))])
    return found


def _comma_follows(text: str, at: int) -> bool:
    gap = _GAP.match(text, at)
    return gap is not None and text.startswith(",", gap.end())


def _newline(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _indent(text: str, at: int) -> str:
    """The white space that begins the line of an offset."""
    line = text[text.rfind("\n", 0, at) + 1 : at]
    return line[: len(line) - len(line.lstrip(" \t"))]


def _starts_line(text: str, at: int) -> bool:
    return not text[text.rfind("\n", 0, at) + 1 : at].strip(" \t")
