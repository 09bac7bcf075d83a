"""Rulings on a page that differs from the latest version, while another may be held."""

from __future__ import annotations

import pytest

from tests.core.test_drift import lines, text
from tests.storage.builders import EXTRACTOR, T0, minutes
from watcher.core.drift import Suspicion
from watcher.core.quarantine import MOST_HOLDS, Held, PageMemory, Ruling, judge
from watcher.core.text import snapshot_digest

PAGE = text(*lines("k", 10))
ALIKE = text(*lines("k", 9), "Other words at the end.")
OTHER = text(*lines("m", 10))
JUMP = Suspicion("jump", "it jumps", False)
SILENT = Suspicion("site-wide", "a banner", True)
HELD = Held(
    id=1, capture_id=1, cause="site-wide", reason="a banner", silent=True,
    snapshot_digest=snapshot_digest(PAGE), extractor=EXTRACTOR, began_at=T0, first_at=T0, count=2,
    memory=PageMemory(),
)  # fmt: skip


@pytest.mark.parametrize(
    ("found", "suspicion", "minute", "expected"),
    [
        (PAGE, JUMP, 2, Ruling("confirmed", JUMP, True, 3)),
        (PAGE, JUMP, 1, Ruling("wait", JUMP, True, 3)),
        (ALIKE, JUMP, 2, Ruling("confirmed", JUMP, False, 3)),
        (ALIKE, JUMP, 1, Ruling("renew", JUMP, False, 3)),
        (ALIKE, None, 1, Ruling("version")),
        (OTHER, JUMP, 2, Ruling("hold", JUMP)),
        # nothing speaks against the held page any more: it counts from when it was first seen,
        # and people are told, whatever it was held for
        (PAGE, None, 1, Ruling("confirmed", Suspicion("site-wide", "a banner", False), True, 3)),
    ],
)
def test_what_is_done_with_a_page_while_one_is_held(
    found: object, suspicion: Suspicion | None, minute: float, expected: Ruling
) -> None:
    assert judge(found, suspicion, HELD, PAGE, 1, minutes(minute)) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize(("holds", "verdict"), [(MOST_HOLDS - 1, "hold"), (MOST_HOLDS, "taken")])
def test_so_many_different_pages_are_held_in_a_row(holds: int, verdict: str) -> None:
    assert judge(PAGE, JUMP, None, None, holds, T0) == Ruling(verdict, JUMP)  # type: ignore[arg-type]
