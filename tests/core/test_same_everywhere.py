"""The same two texts give the same change in any process, however it hashes."""

from __future__ import annotations

import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

from watcher.core.compare import compare, describe
from watcher.core.model import Notice, Paragraph, Snapshot

ROOT = Path(__file__).resolve().parents[2]


def _changes() -> str:
    """Everything compare() says of two versions with edits of every kind, as text."""
    said = [
        f"In {place} the {what} rose by {n % 7} metres, {who} said on {day}."
        for n, (place, what, who, day) in enumerate(
            (place, what, who, day)
            for place in ("Oster", "Weil", "the old town")
            for what in ("river", "lake")
            for who in ("engineers", "officials")
            for day in ("Monday", "Friday")
        )
    ]
    old = [*said, "Advertisement", "Read more", "Advertisement"]
    new = [text.replace("Monday", "Tuesday").replace("metres", "feet") for text in said[::2]]
    new += [f"{said[1]} {said[3]}", *said[9:4:-1], "Advertisement", "Read more", *said[11:15]]
    new += [said[17][:20].strip(), said[17][20:].strip(), "A ferry carries commuters from Monday."]
    change = compare(_snapshot(old, "Updated at 12:05"), _snapshot(new, "Updated at 14:30"))
    return f"{change!r}\n{describe(change)}"


def _snapshot(texts: list[str], notice: str) -> Snapshot:
    paragraphs = tuple(Paragraph("paragraph", text) for text in texts)
    notices = (Notice("update", notice), Notice("developing", "More soon."))
    return Snapshot("Rivers rise", "A. Writer", None, notice, paragraphs, notices=notices)


def test_hash_seeds_change_nothing() -> None:
    code = "from tests.core import test_same_everywhere as t; print(t.digest())"
    digests = [
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
        ).stdout.strip()
        for seed in ("1", "4242")
    ]
    assert digests == [digest()] * 2


def digest() -> str:
    """A digest of the change, to be compared between processes."""
    return sha256(_changes().encode()).hexdigest()
