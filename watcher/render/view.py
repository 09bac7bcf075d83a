"""What a rendering of a change needs to know, frozen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from watcher.core.model import Change, Snapshot


@dataclass(frozen=True, slots=True)
class Side:
    """One version of an article: its number, when it was seen (aware UTC), what it said.

    Number and times are None for a page that is in no archive.
    """

    snapshot: Snapshot
    version: int | None = None
    seen_from: datetime | None = None
    seen_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class DiffView:
    """A change between two versions of an article, ready to be shown.

    `article_id` and `story` are None where there is no archive.
    """

    title: str
    url: str
    before: Side
    after: Side
    change: Change
    article_id: int | None = None
    story: str | None = None

    @property
    def window(self) -> tuple[datetime | None, datetime | None]:
        """After when and by when the change happened; nobody can know more.

        Also right where a newer version is compared to an older one: what happened is the same.
        """
        earlier, later = self.before, self.after
        if earlier.version is not None and later.version is not None:
            earlier, later = sorted((earlier, later), key=lambda side: side.version or 0)
        return earlier.seen_until, later.seen_from
