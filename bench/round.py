"""One poll round, measured: python3 dev.py bench round [--articles N] [--rounds R] [--json].

Five situations, each as `watcher poll --all` meets it, beside a bare loop of the same HTTP client
over the same URLs. bench/README.md says how each figure is got and what they should be.
"""

from __future__ import annotations

import argparse
import json
import os
import sqlite3
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench._processes import (
    CannotRun,
    Site,
    TreePeak,
    one_round,
    running_site,
    sampled_round,
    timed,
)

CONFIG = """\
database = "stories.db"

[http]
contact = "mailto:bench@example.org"
per_host_concurrency = 64
per_host_delay = "0s"
allow_networks = ["127.0.0.1/32"]

[[story]]
name = "bench"
urls_file = "urls.txt"
"""
CHANGED = 0.05
HELP_RUNS = 10


@dataclass(slots=True)
class Row:
    """What was measured of one situation; times in seconds, sizes in MB."""

    name: str
    watcher: list[dict[str, object]] = field(default_factory=list)
    bare: list[dict[str, object]] = field(default_factory=list)
    tree: TreePeak | None = None

    def middle(self, key: str, *, bare: bool = False) -> float | None:
        """The median of one measured value."""
        values = [float(str(run[key])) for run in (self.bare if bare else self.watcher)]
        return median(values) if values else None

    def ratio(self) -> float | None:
        """Watcher's median time over the bare loop's."""
        ours, floor = self.middle("seconds"), self.middle("seconds", bare=True)
        return ours / floor if ours is not None and floor else None


class Bench:
    """One archive in a temporary folder, polled again and again."""

    def __init__(self, site: Site, folder: Path, articles: int, rounds: int) -> None:
        self.site = site
        self.folder = folder
        self.articles = articles
        self.rounds = rounds
        self.config = folder / "watcher.toml"
        self.database = folder / "stories.db"
        self.visits = folder / "visits.json"
        self.config.write_text(CONFIG, encoding="utf-8")
        urls = "\n".join(site.url(number) for number in range(articles))
        (folder / "urls.txt").write_text(f"{urls}\n", encoding="utf-8")

    def watcher(self, expected: dict[str, int]) -> dict[str, object]:
        """One measured round; the outcomes must be what the situation should give."""
        measured = one_round("watcher", str(self.config))
        if measured["outcomes"] != expected:
            raise CannotRun(f"the round ended in {measured['outcomes']}, expected {expected}")
        return measured

    def bare(self, *, conditional: bool) -> dict[str, object]:
        """One measured bare loop, with the validators that the archive holds."""
        visits = []
        for number, validators in enumerate(self._validators()):
            headers = {"If-None-Match": validators[0], "If-Modified-Since": validators[1]}
            sent = {name: text for name, text in headers.items() if text and conditional}
            visits.append((self.site.url(number), sent))
        self.visits.write_text(json.dumps(visits), encoding="utf-8")
        return one_round("bare", str(self.visits))

    def _validators(self) -> list[tuple[str | None, str | None]]:
        if not self.database.exists():
            return [(None, None)] * self.articles
        with closing(sqlite3.connect(self.database)) as archive:
            return archive.execute(
                "SELECT etag, last_modified FROM schedule ORDER BY article_id"
            ).fetchall()

    def size(self) -> int:
        """Bytes of the database file in use, everything in it, after a checkpoint."""
        with closing(sqlite3.connect(self.database)) as archive:
            archive.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            # A step of merging the search index leaves pages free, which the next versions fill.
            (free,) = archive.execute(
                "SELECT freelist_count * page_size FROM pragma_freelist_count, pragma_page_size"
            ).fetchone()
        return self.database.stat().st_size - int(free)

    def forget(self) -> None:
        """The next round is a first one."""
        for suffix in ("", "-wal", "-shm"):
            self.database.with_name(self.database.name + suffix).unlink(missing_ok=True)

    def measure(
        self, name: str, before: Callable[[], object], expected: dict[str, int], conditional: bool
    ) -> Row:
        """A situation's rounds, watcher and the bare loop in turn; then once more for memory."""
        row = Row(name)
        for _ in range(self.rounds):
            before()
            row.bare.append(self.bare(conditional=conditional))
            row.watcher.append(self.watcher(expected))
            say(f"  {name}: {row.watcher[-1]['seconds']:.3f} s,"
                f" bare {row.bare[-1]['seconds']:.3f} s")  # fmt: skip
        before()
        row.tree = sampled_round("watcher", str(self.config))
        return row


def say(text: str) -> None:
    """Progress, apart from the figures."""
    sys.stderr.write(f"{text}\n")


def situations(bench: Bench) -> tuple[list[Row], float]:
    """All five situations and the bytes a new version costs."""
    site, every = bench.site, bench.articles
    rows = [bench.measure("first round", bench.forget, {"new-version": every}, False)]

    def nothing() -> None:
        """The situation lasts."""

    rows.append(bench.measure("all 304", nothing, {"304": every}, True))
    site.control("set?etag=0&lm=0")
    rows.append(bench.measure("200, same body", nothing, {"same-body": every}, True))
    site.control("set?noise=1")
    rows.append(bench.measure("noise only", nothing, {"same-text": every}, True))
    site.control("set?noise=0&etag=1&lm=1")
    bench.watcher({"same-text": every})
    versions, before = _versions(bench.database), bench.size()
    changed = round(every * CHANGED)
    expected = {"new-version": changed, "304": every - changed}
    if not changed:
        raise CannotRun("too few articles for a part of them to change: ask for 20 or more")
    rows.append(
        bench.measure("5 % changed", lambda: site.control(f"change?p={CHANGED}"), expected, True)
    )
    grown = bench.size() - before
    return rows, grown / (_versions(bench.database) - versions)


def _versions(database: Path) -> int:
    with closing(sqlite3.connect(database)) as archive:
        return int(archive.execute("SELECT count(*) FROM version").fetchone()[0])


def commands(bench: Bench) -> dict[str, float]:
    """Whole processes, interpreter start included: best times, in seconds."""
    program = (sys.executable, "-m", "watcher")
    poll = (*program, "--config", str(bench.config), "poll", "--all", "--json")
    return {
        "watcher --help": min(timed(*program, "--help") for _ in range(HELP_RUNS)),
        "watcher poll --all, all 304": min(timed(*poll) for _ in range(bench.rounds)),
    }


def table(rows: list[Row], bench: Bench, bytes_each: float, whole: dict[str, float]) -> str:
    """The figures for people."""
    lines = [
        f"{bench.articles} articles of {bench.site.median_bytes / 1000:.0f} kB (median), site"
        f" {bench.site.name}, {bench.rounds} rounds each, medians;"
        f" load before: {os.getloadavg()[0]:.1f}",
        "",
        "situation        round s   bare s   ratio   CPU s   bare CPU   peak MB: tree PSS"
        "   tree RSS   main",
    ]
    for row in rows:
        tree = row.tree or TreePeak(0, 0, 0)
        lines.append(
            f"{row.name:<15} {row.middle('seconds'):8.3f} {row.middle('seconds', bare=True):8.3f}"
            f" {row.ratio():7.2f} {row.middle('cpu'):7.2f} {row.middle('cpu', bare=True):10.2f}"
            f" {tree.pss_mb:19.0f} {tree.rss_mb:10.0f} {row.middle('peak_mb'):6.0f}"
        )
    lines += ["", f"bytes per new version in the database file: {bytes_each:.0f}"]
    lines += [f"{name}, whole process, best: {seconds:.3f} s" for name, seconds in whole.items()]
    return "\n".join(lines)


def main() -> int:
    """Entry point: 0 measured, 2 something is missing."""
    parser = argparse.ArgumentParser(description=__doc__, prog="dev.py bench round")
    parser.add_argument("--articles", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--site", choices=("own", "newsite"), default="own")
    parser.add_argument("--json", action="store_true", help="all figures, also each round's")
    arguments = parser.parse_args()
    try:
        with (
            tempfile.TemporaryDirectory(prefix="storywatcher-bench-") as folder,
            running_site(arguments.site, arguments.articles) as site,
        ):
            bench = Bench(site, Path(folder), arguments.articles, arguments.rounds)
            rows, bytes_each = situations(bench)
            whole = commands(bench)
            if arguments.json:
                figures = {
                    "articles": bench.articles,
                    "site": site.name,
                    "situations": [{**asdict(row), "ratio": row.ratio()} for row in rows],
                    "bytes_per_version": bytes_each,
                    "processes": whole,
                }
                sys.stdout.write(json.dumps(figures, indent=1) + "\n")
            else:
                sys.stdout.write(table(rows, bench, bytes_each, whole) + "\n")
    except CannotRun as error:
        sys.stderr.write(f"bench round: {error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
