"""How fast a large archive is searched: python3 dev.py bench search [--paragraphs N] [--json].

Builds an archive of generated words in a temporary folder, by the real store, and asks it by the
library face, as `watcher search` does. Times are of whole answers: ranked, marked, with windows
and with who had each text first. bench/README.md says what the figures should be.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from statistics import median, quantiles
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

from bench._archive import Words, build  # noqa: E402
from storage.archive import Archive  # noqa: E402
from storage.connection import immediate, open_for_writing  # noqa: E402
from storage.reindex import reindex  # noqa: E402

QUERIES = 40
"""Different searches of each kind, each asked once after one that warms up."""

LIMIT_MS = 50.0


def questions(words: Words, texts: list[str]) -> Iterator[tuple[str, list[str], dict[str, Any]]]:
    """Kinds of searches: a name, the searches, and options."""
    rng = words.rng
    common, middle = words.all[:30], words.all[200:4000]

    def some(ask: Callable[[], str]) -> list[str]:
        return [ask() for _ in range(QUERIES)]

    def phrase(size: int) -> str:
        said = rng.choice(texts).rstrip(".").split()
        start = rng.randrange(max(1, len(said) - size))
        return f'"{" ".join(said[start : start + size])}"'

    yield "one word", some(lambda: rng.choice(middle)), {}
    yield "two words", some(lambda: " ".join(rng.sample(middle[:800], 2))), {}
    yield "a common word", some(lambda: rng.choice(common)), {}
    yield "three common words", some(lambda: " ".join(rng.sample(common, 3))), {}
    yield "common OR common", some(lambda: " OR ".join(rng.sample(common, 2))), {}
    yield "common NOT common", some(lambda: " NOT ".join(rng.sample(common, 2))), {}
    yield "phrase of 3", some(lambda: phrase(3)), {}
    yield "phrase of 8", some(lambda: phrase(8)), {}
    yield "prefix of 2", some(lambda: rng.choice(middle)[:2] + "*"), {}
    yield "prefix of 4", some(lambda: rng.choice(middle)[:4] + "*"), {}
    near = some(lambda: f"NEAR({' '.join(rng.sample(middle[:300], 2))}, 5)")
    yield "NEAR", near, {}
    yield "NEAR, common", some(lambda: f"NEAR({' '.join(rng.sample(common, 2))}, 3)"), {}
    for name in ("current", "gone"):
        yield f"one word --{name}", some(lambda: rng.choice(middle)), {name: True}
        yield f"a common word --{name}", some(lambda: rng.choice(common)), {name: True}


def measure(path: Path, words: Words) -> list[dict[str, object]]:
    """Asks all of them; times in milliseconds."""
    with closing(sqlite3.connect(path)) as db:
        texts = [text for (text,) in db.execute("SELECT text FROM paragraph ORDER BY id")]
    rows = []
    with Archive(path) as archive:
        for name, asked, options in questions(words, texts):
            archive.search(asked[0], **options)
            times, works, hits = [], [], []
            for each in asked:
                start, worked = time.perf_counter(), time.thread_time()
                found = archive.search(each, **options)
                times.append((time.perf_counter() - start) * 1000)
                works.append((time.thread_time() - worked) * 1000)
                hits.append(len(found.hits))
            rows.append(
                {
                    "searches": name, "median": median(times), "p95": quantiles(times, n=20)[-1],
                    "cpu_p95": quantiles(works, n=20)[-1], "hits": median(hits),
                }
            )  # fmt: skip
    return rows


def sizes(path: Path) -> dict[str, int]:
    """Bytes in the file: of the index, the appearances, the texts, and all."""
    with closing(sqlite3.connect(path)) as db:
        pages = db.execute(
            "SELECT CASE WHEN name LIKE 'search%' THEN 'index' WHEN name LIKE 'appearance%'"
            " OR name LIKE '%autoindex_appearance%' THEN 'appearances' WHEN name = 'paragraph'"
            " THEN 'texts' ELSE 'rest' END AS what, sum(pgsize) FROM dbstat GROUP BY what"
        ).fetchall()
    return {str(name): int(size) for name, size in pages}


def rebuilt(path: Path) -> float:
    """Seconds that making the index and the appearances anew takes."""
    db = open_for_writing(path)
    start = time.perf_counter()
    with immediate(db, path):
        reindex(db)
    took = time.perf_counter() - start
    db.conn.close()
    return took


def main() -> int:
    """Builds, measures, prints; 1 if the slowest kind's 95th percentile is over the limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--paragraphs", type=int, default=100_000)
    parser.add_argument("--keep", type=Path, help="build the archive here, or use what is there")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    words = Words(30_000, random.Random(7))
    with tempfile.TemporaryDirectory() as folder:
        path = asked.keep or Path(folder) / "stories.db"
        start = time.process_time()
        if not path.exists():
            asyncio.run(build(path, asked.paragraphs, words))
        built = time.process_time() - start
        as_recorded = measure(path, words)
        before = sizes(path)
        with closing(sqlite3.connect(path)) as db:
            counts = db.execute(
                "SELECT (SELECT count(*) FROM paragraph), (SELECT count(*) FROM version)"
            ).fetchone()
        seconds = rebuilt(path)
        found = {
            "texts": counts[0],
            "versions": counts[1],
            "build_cpu_seconds": built,
            "bytes": before,
            "bytes_after_rebuild": sizes(path),
            "rebuild_seconds": seconds,
            "searches": as_recorded,
            "searches_after_rebuild": measure(path, words),
        }
    slowest = max(float(str(row["p95"])) for row in as_recorded)
    busy = max(float(str(row["cpu_p95"])) for row in as_recorded)
    if asked.json:
        print(json.dumps(found, indent=2))
    else:
        show(found)
        print(
            f"slowest 95th percentile: {slowest:.1f} ms, of which {busy:.1f} ms CPU; the limit is"
            f" {LIMIT_MS:.0f} ms"
        )
    return int(slowest > LIMIT_MS)


def show(found: dict[str, Any]) -> None:
    """The figures as a table."""
    print(f"{found['texts']} texts of {found['versions']} versions")
    print(
        f"{'milliseconds':26}{'median':>8}{'95 %':>8}{'CPU 95 %':>10}{'hits':>6}   after a rebuild"
    )
    after = found["searches_after_rebuild"]
    for row, again in zip(found["searches"], after, strict=True):
        print(
            f"{row['searches']:26}{row['median']:8.1f}{row['p95']:8.1f}{row['cpu_p95']:10.1f}"
            f"{row['hits']:6.0f}{again['median']:11.1f}{again['p95']:8.1f}{again['cpu_p95']:8.1f}"
        )
    print("bytes as recorded:", found["bytes"])
    print("bytes after a rebuild:", found["bytes_after_rebuild"])
    print(f"rebuild: {found['rebuild_seconds']:.1f} s")
    print(f"building the archive: {found['build_cpu_seconds']:.0f} s of CPU")


if __name__ == "__main__":
    sys.exit(main())
