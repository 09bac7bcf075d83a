"""Tables at widths that have room for their columns, and at widths that have not."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from watcher.render.table import laid_out
from watcher.render.wrap import paint

HEAD = ("ID", "STATE", "CHANGED", "HEADLINE")
ROWS = [
    ("7", "live", "2026-01-12 06:00:00 UTC", "The 冰 ice on Lake Sarn breaks under a skater"),
    ("12", "unreachable", "never seen", "Ferry"),
]


def shown(width: int | None, *, cut: bool) -> list[str]:
    cells = [[("", text) for text in row] for row in (HEAD, *ROWS)]
    return [paint(line, colour=False).rstrip() for line in laid_out(cells, width, cut=cut)]


def test_each_row_is_one_line_where_there_is_room_or_no_width() -> None:
    assert shown(None, cut=False) == shown(200, cut=True) == [
        "ID  STATE        CHANGED                  HEADLINE",
        "7   live         2026-01-12 06:00:00 UTC  The 冰 ice on Lake Sarn breaks under a skater",
        "12  unreachable  never seen               Ferry",
    ]  # fmt: skip


def test_the_last_column_is_cut_where_enough_of_it_is_left() -> None:
    assert shown(72, cut=True)[1].endswith("UTC  The 冰 ice on Lake Sarn break…")
    assert shown(72, cut=False)[2:5] == [
        "7   live         2026-01-12 06:00:00 UTC",
        "    The 冰 ice on Lake Sarn breaks under a skater",
        "12  unreachable  never seen",
    ]


def test_the_columns_go_on_below_where_the_width_has_no_room() -> None:
    assert shown(30, cut=True) == [
        "ID  STATE",
        "    CHANGED",
        "    HEADLINE",
        "7   live",
        "    2026-01-12 06:00:00 UTC",
        "    The 冰 ice on Lake Sarn",
        "    breaks under a skater",
        "12  unreachable",
        "    never seen",
        "    Ferry",
    ]


@pytest.mark.parametrize("width", [28, 40, 60, 66, 80, 90])
@pytest.mark.parametrize("cut", [False, True])
def test_no_line_is_wider_than_it_may_be_and_nothing_is_lost(width: int, cut: bool) -> None:
    lines = shown(width, cut=cut)
    assert max(map(cell_len, lines)) <= width
    words = " ".join(lines).split()
    assert {"7", "12", "unreachable", "Ferry", "2026-01-12"} <= set(words)
    if not cut:
        assert "skater" in words
