"""The line index agrees with tomllib about what a document holds, and knows where."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.lines import Mark, index

DOCUMENT = '''\
# [not.a.table]
database = "a.db"   # = [x]

[polling]
"mode" = 'fixed'
interval = "10m"

[[story]]
name = "# no [comment]"
urls = [
    "https://one",  # "https://no", ]
    # "https://no-either",

    "https://two", "https://three"
]
note = """
[[story]]
name = "inside \\""""""
after.dotted."quoted \\u0041" = 1

[[story]]
name = \'\'\'
[polling]
\'\'\'\'\'
point = { x = [1, 2], "y.z" = {} }
[story.deep]
key = [[1], [{a = 1}, {a = 2}]]
[[story.sub]]
a = 1
[[story.sub]]
a = 1979-05-27 07:32:00
[http]
'''

EXPECTED = {
    ("database",): 2,
    ("polling",): 4,
    ("polling", "mode"): 5,
    ("polling", "interval"): 6,
    ("story",): 8,
    ("story", 0): 8,
    ("story", 0, "name"): 9,
    ("story", 0, "urls"): 10,
    ("story", 0, "urls", 0): 11,
    ("story", 0, "urls", 1): 14,
    ("story", 0, "urls", 2): 14,
    ("story", 0, "note"): 16,
    ("story", 0, "after"): 19,
    ("story", 0, "after", "dotted"): 19,
    ("story", 0, "after", "dotted", "quoted A"): 19,
    ("story", 1): 21,
    ("story", 1, "name"): 22,
    ("story", 1, "point"): 25,
    ("story", 1, "point", "x"): 25,
    ("story", 1, "point", "x", 0): 25,
    ("story", 1, "point", "x", 1): 25,
    ("story", 1, "point", "y.z"): 25,
    ("story", 1, "deep"): 26,
    ("story", 1, "deep", "key"): 27,
    ("story", 1, "deep", "key", 0): 27,
    ("story", 1, "deep", "key", 0, 0): 27,
    ("story", 1, "deep", "key", 1): 27,
    ("story", 1, "deep", "key", 1, 0): 27,
    ("story", 1, "deep", "key", 1, 0, "a"): 27,
    ("story", 1, "deep", "key", 1, 1): 27,
    ("story", 1, "deep", "key", 1, 1, "a"): 27,
    ("story", 1, "sub"): 28,
    ("story", 1, "sub", 0): 28,
    ("story", 1, "sub", 0, "a"): 29,
    ("story", 1, "sub", 1): 30,
    ("story", 1, "sub", 1, "a"): 31,
    ("http",): 32,
}


def paths(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every path of a parsed document."""
    if path:
        yield path
    if isinstance(value, dict):
        for key, child in value.items():
            yield from paths(child, (*path, key))
    elif isinstance(value, list):
        for number, child in enumerate(value):
            yield from paths(child, (*path, number))


def at(value: Any, path: tuple[str | int, ...]) -> Any:
    for step in path:
        value = value[step]
    return value


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_every_line_of_a_document(newline: str) -> None:
    text = DOCUMENT.replace("\n", newline)
    found = {path: mark.line for path, mark in index(text).marks.items()}
    assert found == EXPECTED
    assert set(found) == set(paths(tomllib.loads(text)))


def test_the_nearest_known_parent() -> None:
    lines = index("[polling]\n\nmode = 1\n")
    assert lines.line(("polling", "mode", 3, "x")) == 3
    assert lines.line(("polling", "missing")) == 1
    assert lines.line(("missing",)) is None
    assert lines.line(()) is None


def test_a_table_declared_after_its_child_stands_at_its_own_header() -> None:
    assert index("[a.b]\n[a]\n").line(("a",)) == 2


_TEXTS = st.text(st.sampled_from("ab\"'\\#[]{}=,. \n\té中"), max_size=8)
_KEYS = st.one_of(st.sampled_from(["name", "a-b", "c_1", "9"]), _TEXTS)
_SCALARS = st.one_of(
    _TEXTS,
    st.integers(-9, 9),
    st.booleans(),
    st.datetimes().map(lambda moment: moment.replace(microsecond=0)),
    st.floats(allow_nan=False, allow_infinity=False, width=16),
)


def _escape(text: str) -> str:
    table = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t"}
    return '"' + "".join(table.get(char, char) for char in text) + '"'


@st.composite
def _value(draw: st.DrawFn, depth: int = 2) -> str:
    """The TOML text of some value, in some of its many spellings."""
    kind = draw(st.integers(0, 7 if depth else 4))
    if kind == 0:
        return _escape(draw(_TEXTS))
    if kind == 1:
        return '"""' + _escape(draw(_TEXTS))[1:-1].replace("\\n", "\n") + '"""'
    if kind == 2:
        return "'" + draw(_TEXTS).replace("'", "").replace("\n", "") + "'"
    if kind == 3:
        ends = draw(st.sampled_from(["", "'", "''"]))
        return "'''" + draw(_TEXTS).replace("'", "") + ends + "'''"
    if kind == 4:
        scalar = draw(_SCALARS)
        if isinstance(scalar, str):
            return _escape(scalar)
        return str(scalar).lower() if isinstance(scalar, bool) else str(scalar)
    if kind in (5, 6):
        items = draw(st.lists(_value(depth - 1), max_size=3))
        gap = draw(st.sampled_from([" ", "\n  ", ' # x ] , "\n', ""]))
        comma = gap + "," if items and draw(st.booleans()) else ""
        return "[" + gap + f"{gap},{gap}".join(items) + comma + gap + "]"
    keys = draw(st.lists(_KEYS, max_size=2, unique=True))
    return "{" + ", ".join(f"{_escape(key)} = {draw(_value(depth - 1))}" for key in keys) + "}"


@st.composite
def documents(draw: st.DrawFn) -> str:
    """Valid TOML in many spellings: headers, arrays of tables, quoted and dotted keys."""
    blocks = [""]
    names = draw(st.lists(_KEYS, max_size=3, unique=True))
    for name in names:
        quoted = _escape(name)
        if draw(st.booleans()):
            for _ in range(draw(st.integers(1, 2))):
                blocks.append(f"[[ {quoted} ]] # x\n")
                if draw(st.booleans()):
                    blocks.append(f"[{quoted}.sub]\n")
        else:
            blocks.append(f"[{quoted}]\n")
    out = []
    for number, block in enumerate(blocks):
        body = ""
        keys = draw(st.lists(_KEYS, max_size=3, unique=True))
        for key in keys:
            dotted = ".inner" if draw(st.booleans()) else ""
            comment = draw(st.sampled_from(["", " # [c]", "\n\n# 'x"]))
            # The prefix keeps keys of the document and names of its tables apart.
            quoted = _escape(f"k{number} {key}")
            body += f"{quoted}{dotted} = {draw(_value())}{comment}\n"
        out.append(block + body)
    return "".join(out)


@given(documents(), st.sampled_from(["\n", "\r\n"]))
@settings(max_examples=100)
def test_the_index_holds_exactly_the_paths_of_the_document(text: str, newline: str) -> None:
    data = tomllib.loads(text)
    text = text.replace("\n", newline)
    marks = index(text).marks
    assert set(marks) == set(paths(data))
    for path, mark in marks.items():
        assert mark.line <= text.count("\n", 0, mark.start) + 1
        piece = text[mark.start : mark.end]
        # Headers and the inner parts of dotted keys have no value of their own.
        if piece and not (piece.startswith("[") and _is_header(text, mark)):
            assert tomllib.loads("v = " + piece)["v"] == at(data, path)


def _is_header(text: str, mark: Mark) -> bool:
    return not text[text.rfind("\n", 0, mark.start) + 1 : mark.start].strip()
