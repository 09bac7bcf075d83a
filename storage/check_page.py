"""The stored pages of an article, one after the other, each undone once."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from sqlite_utils import Database

from storage.bodies import load, undo
from storage.faults import Fault
from watcher.errors import StorageError


@dataclass(frozen=True, slots=True)
class StoredReading:
    """A version that was read from a page: what is stored of it, to be compared."""

    version_id: int
    number: int
    extractor: str
    snapshot_digest: str


@dataclass(frozen=True, slots=True)
class StoredPage:
    """A page, or what is wrong with it, and the versions that were read from it."""

    capture_id: int
    body: bytes | None
    url: str
    content_type: str | None
    readings: tuple[StoredReading, ...]
    fault: Fault | None = None


class PageWalk:
    """Goes through an article's pages in the order in which they were stored.

    A page is stored against the one before it, so one after the other each costs one step,
    where `load` undoes up to a whole key frame's worth for every one.
    """

    def __init__(self, article_id: int) -> None:
        self._article_id = article_id
        self._last = 0
        self._body: bytes | None = None
        self._readings: dict[int, list[StoredReading]] | None = None

    def step(self, db: Database) -> StoredPage | None:
        """The next page, None after the last one."""
        row = db.conn.execute(
            "SELECT c.id, c.body, c.dictionary_id, c.body_digest, c.body_bytes,"
            " coalesce(c.final_url, c.url, a.url), c.headers FROM capture c"
            " JOIN article a ON a.id = c.article_id"
            " WHERE c.article_id = ? AND c.id > ? ORDER BY c.id LIMIT 1",
            (self._article_id, self._last),
        ).fetchone()
        if row is None:
            return None
        capture_id, data, dictionary_id, digest, size, url, headers = row
        readings = self._read_from(db, capture_id)
        fault: Fault | None = None
        try:
            if dictionary_id is not None and (dictionary_id != self._last or self._body is None):
                self._body = load(db, capture_id)
            else:
                self._body = undo(data, None if dictionary_id is None else self._body, capture_id)
            if hashlib.sha256(self._body).digest() != digest or len(self._body) != size:
                raise StorageError(f"the stored body of capture {capture_id} is not its digest's")
        except StorageError as error:
            self._body = None
            number = readings[0].number if readings else None
            reason = str(error).partition(":")[0]
            fault = Fault("page", reason, self._article_id, number)
        self._last = capture_id
        content_type = _content_type(headers)
        return StoredPage(capture_id, self._body, url, content_type, readings, fault)

    def _read_from(self, db: Database, capture_id: int) -> tuple[StoredReading, ...]:
        if self._readings is None:
            self._readings = {}
            rows = db.conn.execute(
                "SELECT v.capture_id, v.id, v.number, x.name, lower(hex(v.snapshot_digest))"
                " FROM version v JOIN extractor x ON x.id = v.extractor_id"
                " WHERE v.article_id = ? ORDER BY v.number",
                (self._article_id,),
            )
            for page, *stored in rows:
                self._readings.setdefault(page, []).append(StoredReading(*stored))
        return tuple(self._readings.get(capture_id, ()))


def _content_type(headers: str) -> str | None:
    try:
        found = json.loads(headers)
    except ValueError:
        return None  # the ledger covers the headers: it names the version
    value = found.get("content-type") if isinstance(found, dict) else None
    return value if isinstance(value, str) else None
