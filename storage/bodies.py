"""Stored page bodies: zstd, with the article's previous body as dictionary.

One version of a page differs little from the one before, so the previous body as a raw
dictionary makes a new one some thirty times smaller than zstd alone. Every KEY_EVERY bodies a
key frame stands alone, which bounds how many frames a read must undo.
"""

from __future__ import annotations

import hashlib
import sys
from dataclasses import dataclass

from sqlite_utils import Database

from watcher.errors import PageDamaged

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

KEY_EVERY = 20
_LEVEL = 6
# A first body cannot lean on another one: more effort would cost much and gain 3 %.
_KEY_LEVEL = 3
_LARGEST_WINDOW_LOG = 27
_SHORTEST_DICTIONARY = 8


def body_digest(body: bytes) -> str:
    """The digest by which two bodies are the same (SHA-256, hex)."""
    return hashlib.sha256(body).hexdigest()


@dataclass(frozen=True, slots=True)
class StoredBody:
    """A compressed body; `dictionary_id` is the capture whose body undoes it."""

    data: bytes
    dictionary_id: int | None
    chain: int


def _window_log(*sizes: int) -> int:
    """A window that reaches back over the dictionary and the body, within zstd's own limits."""
    return min(max(sum(sizes).bit_length(), 17), _LARGEST_WINDOW_LOG)


def compress(db: Database, article_id: int, body: bytes) -> StoredBody:
    """The body as it is to be stored after the article's latest capture."""
    row = db.conn.execute(
        "SELECT id, chain, body_bytes FROM capture WHERE article_id = ? ORDER BY id DESC LIMIT 1",
        (article_id,),
    ).fetchone()
    if row is None or row[1] + 1 >= KEY_EVERY or row[2] < _SHORTEST_DICTIONARY:
        return StoredBody(zstd.compress(body, _KEY_LEVEL), None, 0)
    try:
        previous = load(db, row[0])
    except PageDamaged:
        # A damaged old body must not cost the new one: it starts a chain of its own.
        return StoredBody(zstd.compress(body, _KEY_LEVEL), None, 0)
    options: dict[int, int] = {
        zstd.CompressionParameter.compression_level: _LEVEL,
        zstd.CompressionParameter.window_log: _window_log(len(previous), len(body)),
    }
    dictionary = zstd.ZstdDict(previous, is_raw=True)
    data = zstd.compress(body, options=options, zstd_dict=dictionary.as_prefix)
    return StoredBody(data, row[0], row[1] + 1)


def load(db: Database, capture_id: int) -> bytes:
    """The body of a capture. Raises PageDamaged if it does not decompress or hash any more."""
    frames: list[tuple[int, bytes]] = []
    wanted: int | None = capture_id
    digest = b""
    while wanted is not None:
        row = db.conn.execute(
            "SELECT body, dictionary_id, body_digest FROM capture WHERE id = ?", (wanted,)
        ).fetchone()
        if row is None:
            raise PageDamaged(f"capture {wanted} is missing: restore the database from a backup")
        digest = digest or row[2]
        if row[1] is not None and row[1] >= wanted:
            # Only an altered row leans on a later one, and a circle of them would never end.
            raise PageDamaged(
                f"capture {wanted} is stored against one that came later: restore the database"
                " from a backup"
            )
        frames.append((wanted, row[0]))
        wanted = row[1]
    body = b""
    for number, (frame_id, data) in enumerate(reversed(frames)):
        body = undo(data, None if number == 0 else body, frame_id)
    if hashlib.sha256(body).digest() != digest:
        raise PageDamaged(
            f"the stored body of capture {capture_id} does not match its digest: restore the"
            " database from a backup"
        )
    return body


def undo(data: bytes, dictionary: bytes | None, capture_id: int) -> bytes:
    """The body that was stored as `data`, against that of its dictionary (None: on its own).

    Raises PageDamaged if it does not decompress; the caller compares the digest.
    """
    try:
        return _decompress(data, dictionary)
    except zstd.ZstdError as error:
        raise PageDamaged(
            f"the stored body of capture {capture_id} is damaged: restore the database from"
            " a backup"
        ) from error


def _decompress(data: bytes, dictionary: bytes | None) -> bytes:
    options: dict[int, int] = {zstd.DecompressionParameter.window_log_max: _LARGEST_WINDOW_LOG}
    if not dictionary:
        return zstd.decompress(data, options=options)
    prefix = zstd.ZstdDict(dictionary, is_raw=True).as_prefix
    return zstd.decompress(data, zstd_dict=prefix, options=options)
