"""Aligned columns, and what becomes of them where the width has no room for all."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len, set_cell_size

from watcher.render.wrap import Styled, wrap

_GAP = 2
_LEAST = 24
"""Cells of the last column that are worth a line; with fewer it stands below the others."""


def laid_out(
    rows: Sequence[Sequence[Styled]], width: int | None, *, cut: bool
) -> list[tuple[Styled, ...]]:
    """Lines of a table whose first row is its head; the last column has no end.

    In `width` cells (None: however many it takes) a last column that does not fit is cut if it may
    be and enough of it is left; else the columns are continued on further lines, and it is wrapped.
    """
    widths = [max(cell_len(row[i][1]) for row in rows) for i in range(len(rows[0]))]
    left = None if width is None else width - sum(each + _GAP for each in widths[:-1])
    if width is not None and left is not None and left < widths[-1]:
        if not cut or left < _LEAST:
            return _stacked(rows, widths, width)
        rows = [(*row[:-1], (row[-1][0], _cut(row[-1][1], left))) for row in rows]
    return [_line(row, widths) for row in rows]


def _line(cells: Sequence[Styled], widths: Sequence[int]) -> tuple[Styled, ...]:
    padded = [
        (style, text + " " * (width - cell_len(text) + _GAP))
        for (style, text), width in zip(cells[:-1], widths, strict=False)
    ]
    return (*padded, cells[-1])


def _cut(text: str, width: int) -> str:
    return text if cell_len(text) <= width else f"{set_cell_size(text, width - 1).rstrip()}…"


def _stacked(
    rows: Sequence[Sequence[Styled]], widths: Sequence[int], width: int
) -> list[tuple[Styled, ...]]:
    """As many columns on each line as fit; the second line and those below it are indented."""
    indent = min(widths[0] + _GAP, width // 4)
    groups: list[list[int]] = [[0]]
    used = widths[0]
    for i in range(1, len(widths) - 1):
        if used + _GAP + widths[i] > width:
            groups.append([])
            used = indent - _GAP
        groups[-1].append(i)
        used += _GAP + widths[i]
    lines: list[tuple[Styled, ...]] = []
    for row in rows:
        for group in groups:
            line = _line([row[i] for i in group], [widths[i] for i in group])
            lines.append(line if group[0] == 0 else (("", " " * indent), *line))
        for part in wrap([row[-1]], width - indent):
            lines.append((("", " " * indent), *part))
    return lines
