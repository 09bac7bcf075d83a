"""An article's history in order: versions, failures to see it, and times when nobody looked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from storage.observations import Run
from storage.quarantine import QuarantineRecord
from storage.versions import VersionRecord
from watcher.core.model import Outcome


@dataclass(frozen=True, slots=True)
class Appeared:
    """A version came; `before` is the one it replaced. Between the two lies the window."""

    version: VersionRecord
    before: VersionRecord | None


@dataclass(frozen=True, slots=True)
class NotSeen:
    """Polls in a row that did not see the article."""

    run: Run


@dataclass(frozen=True, slots=True)
class Waited:
    """Polls in a row that saw a page which had to be confirmed. `page` is the last such page."""

    run: Run
    page: QuarantineRecord | None


@dataclass(frozen=True, slots=True)
class Gap:
    """Nobody looked after one time and before the other."""

    after: datetime
    before: datetime


Entry = Appeared | NotSeen | Waited | Gap


def history(
    versions: Sequence[VersionRecord],
    runs: Sequence[Run],
    interval: float,
    longest: float,
    quarantine: Sequence[QuarantineRecord] = (),
) -> list[Entry]:
    """All entries, oldest first.

    `interval` is the article's and `longest` the longest wait after failures, both in seconds:
    a longer silence than they explain is a gap.
    """
    by_id = {version.id: place for place, version in enumerate(versions)}
    entries: list[Entry] = []
    last: Run | None = None
    known = -1
    for run in runs:
        if last is not None and run.first_at - last.last_at > patience(last, interval, longest):
            entries.append(Gap(last.last_at, run.first_at))
        place = by_id.get(run.version_id or 0, known)
        for each in range(known + 1, place + 1):
            entries.append(Appeared(versions[each], versions[each - 1] if each else None))
        known = max(known, place)
        if run.outcome is Outcome.QUARANTINED:
            pages = [page for page in quarantine if page.first_at <= run.last_at]
            entries.append(Waited(run, pages[-1] if pages else None))
        elif not run.outcome.is_content:
            entries.append(NotSeen(run))
        last = run
    return entries


def patience(run: Run, interval: float, longest: float) -> timedelta:
    """How long a silence after a run is nothing strange: some polls late, or a longer wait.

    The rule by which the observation log itself ends a run when nobody looked.
    """
    expected = interval if run.outcome.is_seen else max(interval, longest)
    return timedelta(seconds=max(3 * expected, 600.0))


def windows(versions: Sequence[VersionRecord]) -> dict[int, tuple[datetime, datetime]]:
    """By number, for each version but the first: when the old one was last seen, it first."""
    return {new.number: (old.seen_until, new.seen_from) for old, new in pairwise(versions)}
