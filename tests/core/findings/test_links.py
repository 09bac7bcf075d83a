"""Links of the text as findings."""

from __future__ import annotations

from dataclasses import replace

import pytest

from watcher.api import compare, snapshot
from watcher.core.model import Link

TEXT = snapshot([("paragraph", "The report says that the dam is safe.")], headline="The dam")
REPORT = Link(0, 4, 10, "https://ministry.example/report")


@pytest.mark.parametrize(
    ("old", "new", "weight", "told"),
    [
        (REPORT, replace(REPORT, url="https://ministry.example/other"), "notable",
         "link of “report”: ministry.example/report → ministry.example/other"),
        (REPORT, replace(REPORT, url="https://shop.example/"), "notable",
         "link of “report”: ministry.example → shop.example"),
        (REPORT, None, "notable", "link removed: “report” to ministry.example"),
        (None, REPORT, "routine", "link added: “report” to ministry.example"),
    ],
)  # fmt: skip
def test_a_source_that_changes_behind_its_words_is_a_finding(
    old: Link | None, new: Link | None, weight: str, told: str
) -> None:
    before, after = (replace(TEXT, links=(each,) if each else ()) for each in (old, new))
    (found,) = compare(before, after).findings
    assert (found.kind, found.weight, found.sentence) == ("link-changed", weight, told)
    assert {found.old, found.new} <= {"report", None}


def test_a_link_that_stays_is_none() -> None:
    linked = replace(TEXT, links=(REPORT,))
    assert compare(linked, replace(linked, byline="Ana Petrov")).findings[0].kind == (
        "byline-changed"
    )
