"""Lines before an article's text that say when it was published, and nothing else of it."""

from __future__ import annotations

import re

from watcher.adapters.page.source.blocks import Block
from watcher.adapters.page.text.prose import is_sentence
from watcher.adapters.page.times.month_names import PUBLISHED, UPDATED
from watcher.adapters.page.times.written_time import written_time

_NAMED = re.compile(
    r"(?<![a-z])(?:date|datum|fecha|dateline|datetime|date-?time|timestamp|time-?stamp|posted"
    r"|published|updated|pub-?date)(?![a-z])",
    re.IGNORECASE,
)
# Characters of a date with its time, zone and label, and words: its day, month, zone, "Posted on".
_LONGEST, _MOST_WORDS = 60, 6
# The same where it is labelled as the page's own: an office, an author and a section beside it.
_LONGEST_LABELLED = 120
_CLOCK_OR_DAY = re.compile(r"\d[:.h]\d\d|\b(?:19|20)\d\d\b|\d\d?[./-]\d\d?[./-]\d\d|\d ?[年月日]")
_CLOCK = re.compile(r"\W*\d{1,2}[:.h]\d\d(?!\d)")
# Letters beside a clock time: "p.m. ET", "updated".
_BESIDE_CLOCK = 12
_WORD = re.compile(r"[^\W\d_]+")
_LABELS = re.compile(
    rf"(?<![^\W\d_])(?:{'|'.join(re.escape(word) for word in (*PUBLISHED, *UPDATED))})"
)


def is_named_date(block: Block, names: str) -> bool:
    """True for a short line with a date in an element that is named after one."""
    return bool(_NAMED.search(names)) and _is_date(block.text)


def is_stamp(text: str) -> bool:
    """True for a short line with a date that is labelled as the page's, or with a date alone."""
    if len(text) > _LONGEST_LABELLED or not _CLOCK_OR_DAY.search(text) or is_sentence(text):
        return False
    if _LABELS.search(text.casefold()):
        return True
    return _is_date(text) and written_time(text) is not None


def is_clock_line(text: str) -> bool:
    """True for a text that gives a clock time, as over a post of a live blog, and little else."""
    return bool(_CLOCK.match(text)) and sum(map(str.isalpha, text)) <= _BESIDE_CLOCK


def _is_date(text: str) -> bool:
    return (
        len(text) <= _LONGEST
        and bool(_CLOCK_OR_DAY.search(text))
        and len(_WORD.findall(text)) <= _MOST_WORDS
        and not is_sentence(text)
    )
