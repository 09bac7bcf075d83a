"""Wraps styled text by the cells it takes on a terminal, never inside a grapheme."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.cells import cell_len, split_graphemes

from watcher.core.tokens import tokens

Styled = tuple[str, str]
"""A style ("" for none; else the parameters of an SGR sequence) and a text."""

_NEVER_FIRST = frozenset(".,;:!?…)]}»”’%、。，．！？：；）」』】》〉ー،؛؟।")


def wrap(pieces: Iterable[Styled], width: int) -> list[list[Styled]]:
    """Lines of at most `width` cells (at least 2). Spaces at a break are dropped; "\\n" breaks."""
    width = max(width, 2)
    lines: list[list[Styled]] = [[]]
    used = 0
    spaces: list[Styled] = []
    for kind, chunk in _chunks(pieces):
        size = sum(cell_len(text) for _, text in chunk)
        if kind == "break":
            lines.append([])
            used, spaces = 0, []
        elif kind == "space":
            spaces += chunk
        else:
            gap = sum(cell_len(text) for _, text in spaces)
            if used and used + gap + size > width:
                lines.append([])
                used = 0
            elif used:
                lines[-1] += spaces
                used += gap
            spaces = []
            for style, text in chunk if size <= width else _graphemes(chunk):
                cells = cell_len(text)
                if used and used + cells > width:
                    lines.append([])
                    used = 0
                lines[-1].append((style, text))
                used += cells
    return lines


def paint(line: Iterable[Styled], *, colour: bool) -> str:
    """A wrapped line as text, with SGR sequences if `colour`."""
    out: list[str] = []
    last = ""
    for style, text in line:
        if colour and style != last:
            out.append("\x1b[0m" if last else "")
            out.append(f"\x1b[{style}m" if style else "")
            last = style
        out.append(text)
    return "".join(out) + ("\x1b[0m" if last else "")


def _chunks(pieces: Iterable[Styled]) -> Iterator[tuple[str, list[Styled]]]:
    """Unbreakable chunks: words with their marks, single wide characters, spaces, breaks."""
    word: list[Styled] = []
    for style, token in _styled_tokens(pieces):
        if token.isspace():
            if word:
                yield "word", word
            word = []
            yield ("break" if "\n" in token else "space"), [(style, token)]
            continue
        if word and _may_break(word[-1][1], token):
            yield "word", word
            word = []
        word.append((style, token))
    if word:
        yield "word", word


def _styled_tokens(pieces: Iterable[Styled]) -> Iterator[Styled]:
    for style, text in pieces:
        for token in tokens(text):
            yield style, token


def _may_break(before: str, after: str) -> bool:
    """Wide scripts have no spaces: a line may end after any of their characters."""
    if _wide(after):
        return after[0] not in _NEVER_FIRST
    return _wide(before) and after[0].isalnum()


def _wide(token: str) -> bool:
    return not token.isascii() and token[0].isalnum() and cell_len(token[0]) == 2


def _graphemes(chunk: Iterable[Styled]) -> Iterator[Styled]:
    for style, text in chunk:
        spans, _ = split_graphemes(text)
        for start, end, _ in spans:
            yield style, text[start:end]
