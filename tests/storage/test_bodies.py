"""Stored bodies: whatever goes in comes out, and damage is never passed off as a page."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from storage.bodies import KEY_EVERY, body_digest, compress, load
from storage.connection import open_for_writing
from watcher.errors import StorageError

PAGES = st.lists(
    st.one_of(
        st.binary(max_size=200),
        st.builds(
            lambda part, n: part * n, st.binary(min_size=1, max_size=20), st.integers(0, 900)
        ),
    ),
    min_size=1,
    max_size=KEY_EVERY + 5,
)


@contextmanager
def database() -> Iterator[Database]:
    """A database with one article and nothing else."""
    with TemporaryDirectory() as folder:
        db = open_for_writing(Path(folder) / "stories.db")
        db.conn.execute("PRAGMA synchronous = OFF")
        db.conn.execute("INSERT INTO story (name, added_at) VALUES ('s', '')")
        for url in "ab":
            db.conn.execute(
                "INSERT INTO article (story_id, url, added_at) VALUES (1, ?, '')", (url,)
            )
        try:
            yield db
        finally:
            db.conn.close()


def store(db: Database, body: bytes, article_id: int = 1) -> int:
    stored = compress(db, article_id, body)
    cursor = db.conn.execute(
        "INSERT INTO capture (article_id, fetched_at, url, status, headers, body, body_bytes,"
        " body_digest, dictionary_id, chain) VALUES (?, '', '', 200, '{}', ?, ?, ?, ?, ?)",
        (article_id, stored.data, len(body), hashlib.sha256(body).digest(),
         stored.dictionary_id, stored.chain),
    )  # fmt: skip
    return int(cursor.lastrowid or 0)


def pages(count: int) -> list[bytes]:
    """Long pages of which each differs a little from the one before."""
    words = [f"<p>{hashlib.sha256(bytes([n % 256, n // 256])).hexdigest()}</p>" for n in range(300)]
    return ["".join([*words[:n], f"<p>news {n}</p>", *words[n:]]).encode() for n in range(count)]


@settings(max_examples=40)
@given(PAGES)
def test_every_body_comes_back(bodies: list[bytes]) -> None:
    with database() as db:
        ids = [store(db, body) for body in bodies]
        assert [load(db, capture_id) for capture_id in ids] == bodies


def test_articles_do_not_share_chains() -> None:
    with database() as db:
        one, two = pages(2)
        ids = [store(db, one, 1), store(db, two, 2), store(db, two, 1)]
        found = db.query("SELECT dictionary_id FROM capture ORDER BY id")
        assert [row["dictionary_id"] for row in found] == [None, None, ids[0]]


def test_key_frames_stand_alone_at_regular_distances() -> None:
    with database() as db:
        bodies = pages(2 * KEY_EVERY + 1)
        ids = [store(db, body) for body in bodies]
        rows = list(db.query("SELECT dictionary_id, chain, length(body) AS n FROM capture"))
        alone = [number for number, row in enumerate(rows) if row["dictionary_id"] is None]
        assert alone == [0, KEY_EVERY, 2 * KEY_EVERY]
        assert [row["chain"] for row in rows] == [n % KEY_EVERY for n in range(len(rows))]
        assert max(row["n"] for row in rows if row["chain"]) * 10 < rows[0]["n"]
        assert [load(db, capture_id) for capture_id in ids] == bodies


def test_an_empty_page_is_no_dictionary() -> None:
    with database() as db:
        ids = [store(db, body) for body in (b"", b"text", b"", b"")]
        assert [load(db, capture_id) for capture_id in ids] == [b"", b"text", b"", b""]


def load_or_explain(db: Database, capture_id: int) -> bytes | None:
    """The body, or None if the store says that it is damaged."""
    try:
        return load(db, capture_id)
    except StorageError as error:
        if "restore the database from a backup" in str(error):
            return None
        raise


@settings(max_examples=40)
@given(st.data())
def test_damage_is_noticed_and_never_given_out(data: st.DataObject) -> None:
    with database() as db:
        bodies = pages(3)
        ids = [store(db, body) for body in bodies]
        hurt = data.draw(st.integers(0, 2))
        [(whole,)] = db.conn.execute("SELECT body FROM capture WHERE id = ?", (ids[hurt],))
        at = data.draw(st.integers(0, len(whole) - 1))
        cut = data.draw(st.booleans())
        bad = whole[:at] if cut else whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :]
        db.conn.execute("UPDATE capture SET body = ? WHERE id = ?", (bad, ids[hurt]))
        for number, capture_id in enumerate(ids):
            # Not every flipped bit means something to zstd; but what comes out is the page.
            assert load_or_explain(db, capture_id) in (
                (bodies[number],) if number < hurt else (bodies[number], None)
            )


def test_a_new_page_is_kept_even_if_the_old_one_is_damaged() -> None:
    with database() as db:
        one, two, three = pages(3)
        first = store(db, one)
        db.conn.execute("UPDATE capture SET body = x'00' WHERE id = ?", (first,))
        with pytest.raises(StorageError, match=f"the stored body of capture {first} is damaged"):
            load(db, first)
        ids = [store(db, two), store(db, three)]
        assert [load(db, capture_id) for capture_id in ids] == [two, three]


def test_another_page_in_its_place_is_noticed() -> None:
    with database() as db:
        one, two = store(db, b"one"), store(db, b"two", 2)
        db.conn.execute(
            "UPDATE capture SET body = (SELECT body FROM capture WHERE id = ?) WHERE id = ?",
            (two, one),
        )
        with pytest.raises(StorageError, match="does not match its digest"):
            load(db, one)


def test_a_missing_capture_is_named() -> None:
    with database() as db, pytest.raises(StorageError, match="capture 5 is missing"):
        load(db, 5)


def test_digests_are_sha256_in_hex() -> None:
    assert body_digest(b"abc")[:8] == "ba7816bf"
