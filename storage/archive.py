"""Reading the archive: what the command line, the library face and later pages ask of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from storage import rates
from storage.article_records import ARTICLES, ArticleRecord, article_record
from storage.articles import states
from storage.blame import Blamed, blame_article
from storage.chosen import by_number, by_time
from storage.connection import open_for_reading, snapshot_read
from storage.daemon import DaemonRecord, load_daemon
from storage.finding_list import Chosen, FindingRecord, list_findings
from storage.gauges import Gauges, load_gauges
from storage.hostrest import HostRest, resting_hosts
from storage.hosttext import SiteText, list_site_texts
from storage.material import (
    ArticleRef,
    VersionPair,
    load_ref,
    load_stored_pair,
)
from storage.noise import NoiseRecord, list_noise
from storage.observations import Run, list_runs
from storage.quarantine import QuarantineRecord, list_quarantine, load_capture
from storage.search import Found, Wanted, search
from storage.sources import SourceRecord, found_by, list_sources
from storage.stories import known_story
from storage.timeline import Timeline, timeline
from storage.told import ToldReading, reads
from storage.versions import VersionRecord, list_versions, load_snapshot
from watcher.core.compare import compare
from watcher.core.decision import ArticleState
from watcher.core.findings.comparison import NOTHING_KNOWN, Circumstances
from watcher.core.findings.find import Rulebook
from watcher.core.model import Capture, Change, Snapshot
from watcher.core.query import parse_query
from watcher.core.schedule.use import BudgetUse
from watcher.core.urls import url_fault, url_key
from watcher.errors import UsageError


class Archive(ToldReading):
    """One archive, open for reading. Use it as a context manager, or close it.

    `rulebook` gives what says the meaning of changes between versions that are no neighbours; it
    is asked for once there is such a change.
    """

    def __init__(self, path: Path, rulebook: Callable[[], Rulebook] = Rulebook) -> None:
        super().__init__(path, open_for_reading(path))
        self._rulebook = rulebook

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        """Closes the file."""
        self._db.conn.close()

    @reads
    def articles(self, story: str | None = None, *, removed: bool = True) -> list[ArticleRecord]:
        """All articles by id; of one story, or only the watched ones."""
        rows = self._db.conn.execute(
            ARTICLES + " WHERE (?1 IS NULL OR s.name = ?1) AND (?2 OR h.watched) ORDER BY a.id",
            (story, removed),
        )
        return [article_record(row) for row in rows]

    @reads
    def article_ids(self) -> list[int]:
        """The ids of all articles, whatever else their rows say."""
        return [row[0] for row in self._db.conn.execute("SELECT id FROM article ORDER BY id")]

    @reads
    def sources(self) -> list[SourceRecord]:
        """The feeds and sitemaps of the configuration, with what they list."""
        return list_sources(self._db)

    @reads
    def found_by(self) -> dict[int, tuple[str, datetime]]:
        """Of the followed articles that a source found: its URL, and until when they are."""
        return found_by(self._db)

    @reads
    def resting_hosts(self, now: datetime) -> dict[str, HostRest]:
        """Hosts that asked for patience, and until when nobody asks them for anything."""
        return resting_hosts(self._db, now)

    @reads
    def article(self, wanted: str | int) -> ArticleRecord:
        """The article meant by an id, a URL, or any unambiguous part of a headline or URL.

        Raises UsageError if there is none or more than one, naming the candidates.
        """
        text = str(wanted).strip()
        found = self._by_id(text) or self._by_url(text) or self._by_part(text)
        if not found:
            raise UsageError(f'no article matches "{text}": `watcher list` shows them all')
        if len(found) > 1:
            names = "; ".join(f"{a.id}: {a.headline or a.url}" for a in found[:5])
            more = f" and {len(found) - 5} more" if len(found) > 5 else ""
            raise UsageError(f'"{text}" matches {len(found)} articles, use an id: {names}{more}')
        return found[0]

    def _where(self, where: str, value: object) -> list[ArticleRecord]:
        return [
            article_record(row)
            for row in self._db.conn.execute(f"{ARTICLES} WHERE {where} ORDER BY a.id", (value,))
        ]

    def _by_id(self, text: str) -> list[ArticleRecord]:
        return self._where("a.id = ?", int(text)) if re.fullmatch(r"[0-9]{1,18}", text) else []

    def _by_url(self, text: str) -> list[ArticleRecord]:
        if "://" not in text or url_fault(text) is not None:
            return []
        return self._where(
            "a.id = (SELECT article_id FROM article_url WHERE key = ?)", url_key(text)
        )

    def _by_part(self, text: str) -> list[ArticleRecord]:
        part = text.casefold()
        return [
            a
            for a in self.articles()
            if part in a.url.casefold() or part in (a.headline or "").casefold()
        ]

    @reads
    def urls(self, article_id: int) -> list[str]:
        """Every URL the article had, first one first."""
        rows = self._db.conn.execute(
            "SELECT url FROM article_url WHERE article_id = ? ORDER BY id", (article_id,)
        )
        return [str(url) for (url,) in rows]

    @reads
    def versions(self, article: str | int) -> list[VersionRecord]:
        """An article's versions, oldest first."""
        return list_versions(self._db, self.article(article).id)

    @reads
    def version(self, article_id: int, wanted: str) -> VersionRecord:
        """The version meant by a number, `first`, `latest`, or a time at which it was live."""
        found = list_versions(self._db, article_id)
        if not found:
            raise UsageError(_no_version(article_id))
        if wanted in ("latest", ""):
            return found[-1]
        if wanted == "first":
            return found[0]
        if re.fullmatch(r"[0-9]{1,9}", wanted):
            return by_number(found, int(wanted))
        return by_time(found, wanted)

    @reads
    def snapshot(self, version_id: int) -> Snapshot:
        """The whole text of a version."""
        return load_snapshot(self._db, version_id)

    @reads
    def pair(self, old: VersionRecord, new: VersionRecord) -> VersionPair:
        """Two versions of one article with their texts and the change between them.

        Between neighbours the change is the stored one; else the two ends are compared.
        """
        if new.number == old.number + 1:
            stored = load_stored_pair(self._db, old, new)
            if stored is not None:
                return stored
        before, after = self.snapshot(old.id), self.snapshot(new.id)
        window = Circumstances(old.seen_until, new.seen_from)
        about = window if old.number < new.number else NOTHING_KNOWN
        change = self._rulebook().find(before, after, compare(before, after), about)
        return VersionPair(old, new, before, after, change)

    def change(self, old: VersionRecord, new: VersionRecord) -> Change:
        """The change between two versions of one article, as `versions` gives them."""
        return self.pair(old, new).change

    @reads
    def blame(self, article: str | int) -> Blamed:
        """Since when each paragraph of the latest version stands there, and those that went."""
        found = blame_article(self._db, article_id := self.article(article).id)
        if found is None:
            raise UsageError(_no_version(article_id))
        return found

    def steps(
        self, old: VersionRecord, new: VersionRecord
    ) -> list[tuple[VersionRecord, VersionRecord]]:
        """The neighbours on the way from one version to another, also backwards."""
        found = self.versions(old.article_id)
        way = 1 if new.number > old.number else -1
        numbers = range(old.number, new.number, way)
        return [(found[n - 1], found[n - 1 + way]) for n in numbers]

    def search(
        self,
        text: str,
        *,
        story: str | None = None,
        article: str | int | None = None,
        current: bool = False,
        gone: bool = False,
        since: datetime | None = None,
        limit: int = 20,
    ) -> Found:
        """The texts of all versions that match, the best first; see storage.search.

        `text` is as watcher.core.query.parse_query reads it: BadQuery says where it cannot.
        `current`: only texts in the latest versions; `gone`: only those that are no longer.
        `since`: only those that came, with `gone` that went, at that time or later.
        Raises UsageError for an unknown story or article.
        """
        query = parse_query(text)
        known = None if story is None else known_story(self._db, story)
        only = None if article is None else self.article(article).id
        with snapshot_read(self._db, self.path):
            return search(self._db, query, Wanted(known, only, current, gone, since, limit))

    def timeline(self, story: str) -> Timeline:
        """All versions and events of a story's articles in time order; see storage.timeline.

        Raises UsageError for an unknown story.
        """
        with snapshot_read(self._db, self.path):
            return timeline(self._db, story)

    @reads
    def ref(self, article_id: int) -> ArticleRef:
        """The article's address and story."""
        return load_ref(self._db, article_id)

    @reads
    def runs(self, article_id: int) -> list[Run]:
        """The observation log, oldest first."""
        return list_runs(self._db, article_id)

    @reads
    def quarantine(
        self, article_id: int | None = None, state: str | None = None
    ) -> list[QuarantineRecord]:
        """Pages that were held, oldest first: of one article or all, in one state or all."""
        return list_quarantine(self._db, article_id, state)

    @reads
    def noise(self, article_id: int) -> list[NoiseRecord]:
        """What is known of counters and relative times that go on by themselves."""
        return list_noise(self._db, article_id)

    @reads
    def budget(self) -> BudgetUse | None:
        """How the last daemon's budget of requests is used, None if it had none."""
        known = rates.load_account(self._db)
        asked = rates.asked(self._db)
        return None if known is None else BudgetUse(known.per_hour, asked.planned, known.price)

    @reads
    def state(self, article_id: int) -> ArticleState:
        """The article as a poll would find it now."""
        (state,) = states(self._db, [article_id])
        return state

    @reads
    def site_texts(self) -> list[SiteText]:
        """Texts known as sites' own: changes of them alone are told to nobody."""
        return list_site_texts(self._db)

    @reads
    def capture(self, capture_id: int) -> Capture:
        """A stored response with its body, also that of a page that never became a version."""
        return load_capture(self._db, capture_id)

    @reads
    def findings(
        self, chosen: Chosen | None = None, *, limit: int = -1, whole: bool = False
    ) -> list[FindingRecord]:
        """Findings of changes and events, newest first; see storage.finding_list."""
        return list_findings(self._db, chosen or Chosen(), limit=limit, whole=whole)

    @reads
    def daemon(self) -> DaemonRecord | None:
        """The last daemon that worked on this archive."""
        return load_daemon(self._db)

    @reads
    def gauges(self, now: datetime, late: timedelta) -> Gauges:
        """The state of the service in numbers; see storage.gauges."""
        return load_gauges(self._db, now, late)

    @reads
    def bodies(self, article_id: int) -> list[tuple[int, int, int]]:
        """Captures of an article as (id, bytes of the body, bytes stored)."""
        rows = self._db.conn.execute(
            "SELECT id, body_bytes, length(body) FROM capture WHERE article_id = ? ORDER BY id",
            (article_id,),
        )
        return [(int(capture_id), int(whole), int(stored)) for capture_id, whole, stored in rows]


def _no_version(article_id: int) -> str:
    return f"article {article_id} has no version yet: see `watcher status`"
