"""A changed statement that no notice accounts for, and a newer modified time with nothing new.

Says what was looked at and what was found, never why anybody did it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from watcher.core.findings.accounting import accounts, is_substantive, listed
from watcher.core.findings.comparison import Comparison, whole
from watcher.core.findings.rule import SimpleRule
from watcher.core.model import Finding, NoticeChange

_ANNOUNCED = frozenset(
    {
        "number-changed", "quantity-changed", "money-changed", "percentage-changed", "date-changed",
        "time-changed", "age-changed", "name-respelled", "title-changed", "place-changed",
        "attribution-added", "attribution-changed", "hedging-dropped", "state-changed",
    }
)  # fmt: skip
"""What an article announces that calls itself developing: newer facts, and doubts that are
settled. Taking back, quoting otherwise and turning yes into no it does not."""


def _look(about: Comparison) -> Iterator[Finding]:
    silent = _silent(about)
    if silent:
        spans = sorted({span for finding in silent for span in finding.evidence})
        yield about.state("stealth-edit", _sentence(about, silent), spans)
    elif _is_newer(about) and _is_the_same(about):
        old, new = about.change.metadata["modified"]
        sentence = f"modified time {old} → {new}, but nothing else changed"
        yield about.state("false-freshness", sentence, whole("modified", old, new))


def _silent(about: Comparison) -> list[Finding]:
    accounted = {each for findings in accounts(about).values() for each in findings}
    silent = [each for each in about.found if is_substantive(each) and each not in accounted]
    if _announces(about):
        return [each for each in silent if not _is_announced(about, each)]
    return silent


def _announces(about: Comparison) -> bool:
    """Whether the article says that it is being brought up to date, and nothing denies it."""
    if not (about.old.developing or about.new.developing):
        return False
    return about.new.modified is None or _is_newer(about)


def _is_announced(about: Comparison, finding: Finding) -> bool:
    if finding.kind != "headline-changed":
        return finding.kind in _ANNOUNCED
    return all(
        each.kind in _ANNOUNCED
        for each in about.found
        if each is not finding
        and is_substantive(each)
        and any(span.place == "headline" for span in each.evidence)
    )


def _is_newer(about: Comparison) -> bool:
    if "modified" not in about.change.metadata:
        return False
    old, new = about.change.metadata["modified"]
    if old is None or new is None:
        return old is None
    before, after = _time(old), _time(new)
    # two times of which one has no zone cannot be told apart to the hour: the text has to do
    return new > old if before is None or after is None else after > before


def _is_the_same(about: Comparison) -> bool:
    """Whether nothing but the modified time and the time in an update line changed."""
    change = about.change
    return (
        set(change.metadata) == {"modified"}
        and change.metadata["modified"][0] is not None
        and change.headline is None
        and not about.passages
        and not change.kinds
        and not change.links
        and all(map(_is_a_time, change.notices))
    )


def _is_a_time(change: NoticeChange) -> bool:
    """Whether an update line differs in its figures alone."""
    if change.kind != "update" or change.old is None or change.new is None:
        return False
    old, new = (
        "".join(char for char in text if not char.isdigit()) for text in (change.old, change.new)
    )
    return old == new


def _sentence(about: Comparison, silent: Sequence[Finding]) -> str:
    fresh = sum(1 for each in about.change.notices if each.new and each.kind != "developing")
    looked = (
        "no notice was added" if not fresh else
        f"{fresh} new notice{'s' if fresh > 1 else ''} read, none accounts for it"
    )  # fmt: skip
    reasons = (looked, _modified(about), _age(about))
    return "; ".join([listed(silent), *(reason for reason in reasons if reason)])


def _modified(about: Comparison) -> str:
    new = about.new.modified
    if _is_newer(about):
        return f"modified time moved to {new}"
    if new is None:
        return "no modified time"
    return f"modified time unmoved at {new}"


_UNITS = ((24 * 60, "day"), (60, "hour"), (1, "minute"))
_FEW = 3
"""From so many of a unit on, the smaller one says no more to a reader."""


def _age(about: Comparison) -> str:
    """How long after publication the change came, as far as the window tells."""
    published = _time(about.new.published or about.old.published or "")
    before, after = about.circumstances.before, about.circumstances.after
    if published is None or before is None:
        return ""
    latest = int((before - published).total_seconds() // 60)
    if latest < 0:
        return ""
    earliest = 0 if after is None else max(0, int((after - published).total_seconds() // 60))
    length, unit = next(each for each in _UNITS if latest >= _FEW * each[0] or each[0] == 1)
    early, late = earliest // length, latest // length
    told = f"{late}" if early == late else f"{early} to {late}"
    return f"{told} {unit}{'' if told == '1' else 's'} after publication"


def _time(text: str) -> datetime | None:
    """An ISO 8601 time with its zone; None for a date alone, or a local time."""
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return None
    return None if time.tzinfo is None else time


RULE = SimpleRule(name="stealth", kinds=("stealth-edit", "false-freshness"), look=_look)
