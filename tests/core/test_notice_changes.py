"""Which notices came, went or were reworded."""

from __future__ import annotations

import pytest

from watcher.core.model import Notice, NoticeChange
from watcher.core.notice_changes import compare_notices, describe_notices

CORRECTION = Notice("correction", "Correction: the bridge is 40 metres long.", 9)
UPDATE = Notice("update", "Updated 14:05")


def test_a_notice_that_only_stands_elsewhere_is_the_same() -> None:
    assert compare_notices([CORRECTION], [Notice("correction", CORRECTION.text, 3)]) == ()


def test_a_notice_of_the_same_words_and_another_kind_is_another_notice() -> None:
    changes = compare_notices([CORRECTION], [Notice("clarification", CORRECTION.text)])
    assert changes == (
        NoticeChange("correction", CORRECTION.text, None),
        NoticeChange("clarification", None, CORRECTION.text),
    )


def test_one_of_two_equal_notices_that_went_is_told() -> None:
    changes = compare_notices([UPDATE, CORRECTION, UPDATE], [CORRECTION, UPDATE])
    assert changes == (NoticeChange("update", UPDATE.text, None),)


def test_reworded_notices_are_paired_in_order_and_the_rest_was_added() -> None:
    old = [UPDATE, Notice("update", "Updated 14:30")]
    new = [Notice("update", f"Updated 15:{minute}") for minute in (10, 20, 30)]
    assert compare_notices(old, new) == (
        NoticeChange("update", "Updated 14:05", "Updated 15:10"),
        NoticeChange("update", "Updated 14:30", "Updated 15:20"),
        NoticeChange("update", None, "Updated 15:30"),
    )


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ([], ""),
        ([NoticeChange("correction", None, "a")], "correction added"),
        (
            [NoticeChange("editors-note", "a", None), NoticeChange("update", "b", "c")],
            "editor's note removed, update line changed",
        ),
        ([NoticeChange("update", None, "b"), NoticeChange("update", None, "c")],
         "update line added"),
    ],
)  # fmt: skip
def test_the_sentence(changes: list[NoticeChange], sentence: str) -> None:
    assert describe_notices(changes) == sentence
