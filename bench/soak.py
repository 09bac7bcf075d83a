"""Months in minutes: 200,000 polls and 5,000 versions, and whether anything grows that should not.

    python3 dev.py bench soak [--polls N] [--versions N] [--articles N] [--json]

The daemon runs in this process as `watcher run` builds it, on a clock that is moved from round to
round; publishers and receivers are processes of their own on loopback. bench/README.md says what
is measured and what must level off. Exit status 1 if something does not, or was lost.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench._processes import Site, received, running_receiver, running_site
from bench._soak_curve import Sample, judge, plot, sample, table
from bench._soak_service import Soaked, soaked
from storage.archive import Archive
from storage.check_file import check_file, check_references, check_seals
from storage.connection import open_for_reading
from watcher.daemon import POLL_TICK

INTERVAL = 900.0
ROWS = 20
TICKS = 20
"""Of the daemon, in which what is due must have been polled."""
OUTAGE_EVERY = 50
AFTERMATH = 2
"""Rounds, the outage included, in which hosts that refused may still be left in peace."""
RELOAD_EVERY = 25
QUIET = 0.05
"""The last part of the polls, in which nothing changes: then the database must not grow either."""

MOST_QUIET_MB = 0.1

ROUNDS = ("etag=1&lm=1&noise=0",) * 5 + (
    "etag=0&lm=0&noise=0",  # the same bytes
    "etag=0&lm=0&noise=1",  # other bytes, the same text
    "etag=1&lm=0&noise=0",
)
"""What the publishers do, in turn: mostly 304, sometimes without validators, sometimes noise."""

CONFIG = """\
database = "stories.db"

[polling]
mode = "fixed"

[http]
contact = "mailto:bench@example.org"
per_host_concurrency = 8
per_host_delay = "0s"
allow_networks = ["127.0.0.1/32"]

[[story]]
name = "soak"
interval = "{interval:.0f}s"
urls_file = "urls.txt"

[[webhook]]
name = "desk"
url = "{receiver}/good"
secret = "env:SOAK_SECRET"

[[webhook]]
name = "wire"
url = "{receiver}/moody"
secret = "env:SOAK_SECRET"
"""

ENDPOINTS = {"desk": "good", "wire": "moody"}


@dataclass
class Soak:
    """What was done and found so far."""

    samples: list[Sample] = field(default_factory=list)
    rounds: int = 0
    changes: int = 0
    faults: list[str] = field(default_factory=list)


def configure(folder: Path, site: Site, receiver: str, articles: int, hosts: int) -> Path:
    """Writes the configuration: the articles are spread over hosts of the same site."""
    port = site.origin.rpartition(":")[2]
    urls = (f"http://desk{n % hosts}.soak.test:{port}/article/{n}.html\n" for n in range(articles))
    (folder / "urls.txt").write_text("".join(urls), encoding="utf-8")
    path = folder / "watcher.toml"
    path.write_text(CONFIG.format(interval=INTERVAL, receiver=receiver), encoding="utf-8")
    return path


def shares(changes: int, rounds: int, articles: int) -> Iterator[float]:
    """Which part of the articles changes in each round, so that all changes are used up."""
    done = 0
    for number in range(1, rounds + 1):
        now = round(changes * number / rounds)
        yield (now - done) / articles
        done = now


async def _all_polled(service: Soaked, wanted: int) -> int:
    """How many polls were made, once it is so many or some ticks have found no more to do.

    The daemon ticks by itself as well: between two of its steps nothing may be under way.
    """
    for _ in range(TICKS):
        if service.log.counts["polled"] >= wanted:
            break
        await asyncio.sleep(POLL_TICK)
        await service.settle()
    return service.log.counts["polled"]


async def live(service: Soaked, site: Site, arguments: argparse.Namespace, soak: Soak) -> None:
    """All rounds; a sample after each of their twentieths."""
    articles = arguments.articles
    rounds = max(arguments.polls // articles, ROWS)
    # In an outage hosts are left in peace: other rounds make up for polls that it went without.
    rounds += AFTERMATH * (rounds // OUTAGE_EVERY)
    quiet = max(round(rounds * QUIET), 2)
    # An edition that is replaced before it was ever online would be no loss, but could not be
    # told from one: nothing changes in an outage.
    outages = (rounds - quiet) // OUTAGE_EVERY
    changing = rounds - quiet - 1 - outages
    parts = shares(max(arguments.versions - articles, 0), changing, articles)
    marks = {round(rounds * row / ROWS) for row in range(1, ROWS + 1)} | {1, rounds - quiet}
    polled = 0
    await service.settle()
    for number in range(1, rounds + 1):
        if number > 1:
            down = int(number % OUTAGE_EVERY == 0 and number <= rounds - quiet)
            part = 0.0 if down or number > rounds - quiet else next(parts, 0.0)
            switches = f"set?{ROUNDS[number % len(ROUNDS)]}&down={down}"
            await asyncio.to_thread(site.control, switches)
            if part:
                made = await asyncio.to_thread(site.control, f"change?p={part!r}")
                soak.changes += len(made["changed"])
            if number % RELOAD_EVERY == 0:
                os.kill(os.getpid(), signal.SIGHUP)
                await service.daemon.housekeeping_tick()
            service.advance(INTERVAL)
            await service.settle()
        soak.rounds = number
        before, wanted = polled, articles
        if 0 <= number % OUTAGE_EVERY < AFTERMATH and AFTERMATH < number <= rounds - quiet:
            wanted = 0
        polled = await _all_polled(service, before + wanted)
        if wanted and polled - before != wanted:
            soak.faults.append(f"round {number} made {polled - before} polls, not {wanted}")
            return
        if number in marks:
            await service.daemon.housekeeping_tick()
            hours = number * INTERVAL / 3600
            versions = count_versions(service.database)
            soak.samples.append(sample(polled, versions, hours, service.database))
            sys.stderr.write(f"\r{polled:,} polls, {versions:,} versions ")
    # What was refused in the last rounds is due again within the hour.
    service.advance(3600.0)
    await service.settle()


def count_versions(database: Path) -> int:
    """How many versions there are."""
    with closing(sqlite3.connect(database)) as db:
        return int(db.execute("SELECT count(*) FROM version").fetchone()[0])


def check(database: Path, articles: int, soak: Soak, got: dict[str, Any]) -> None:
    """Whether everything that changed was stored and told, once and in order."""
    with Archive(database) as archive:
        events = archive.events()
        versions = sum(record.versions for record in archive.articles())
    if versions != articles + soak.changes:
        soak.faults.append(f"{versions} versions of {articles + soak.changes}")
    if len(events) != soak.changes:
        soak.faults.append(f"{len(events)} events of {soak.changes} changes")
    for name, path in ENDPOINTS.items():
        order = {event.id: (event.article_id, event.seq) for event in events}
        accepted = list(dict.fromkeys(got["accepted"].get(path, ())))
        if set(accepted) != set(order):
            soak.faults.append(f"{name} has {len(accepted)} of {len(order)} events")
        latest: Counter[int] = Counter()
        for event in accepted:
            article, seq = order.get(event, (0, 0))
            if seq < latest[article]:
                soak.faults.append(f"{name} had event {event} after a later one")
            latest[article] = seq
    db = open_for_reading(database)
    soak.faults += [each.detail for each in (*check_file(db), *check_references(db))]
    soak.faults += [each.detail for each in check_seals(db)[1]]
    db.conn.close()


def is_quiet(samples: list[Sample]) -> str | None:
    """What is wrong with the rounds in which nothing changed, None if nothing is."""
    versions = samples[-1].versions
    quiet = [each for each in samples if each.versions == versions]
    grew = quiet[-1].database - quiet[0].database
    if grew <= MOST_QUIET_MB:
        return None
    return f"the database grew by {grew:.2f} MB in rounds in which nothing changed"


async def run(arguments: argparse.Namespace, folder: Path) -> Soak:
    """The whole soak."""
    soak = Soak()
    with running_site("own", arguments.articles) as site, running_receiver() as receiver:
        path = configure(folder, site, receiver, arguments.articles, arguments.hosts)
        async with soaked(path) as service:
            await live(service, site, arguments, soak)
        soak.faults += service.log.wrong
        check(service.database, arguments.articles, soak, received(receiver))
    return soak


def main() -> int:
    """Entry point."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--polls", type=int, default=200_000)
    parser.add_argument("--versions", type=int, default=5_000)
    parser.add_argument("--articles", type=int, default=500)
    parser.add_argument("--hosts", type=int, default=40, help="over which they are spread")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        soak = asyncio.run(run(arguments, Path(folder)))
    sys.stderr.write("\n")
    verdicts = judge(soak.samples)
    if (wrong := is_quiet(soak.samples)) is not None:
        soak.faults.append(wrong)
    if arguments.json:
        print(json.dumps(asdict(soak) | {"verdicts": [asdict(each) for each in verdicts]}))
    else:
        print(
            f"{soak.samples[-1].polls:,} polls of {arguments.articles} articles on"
            f" {arguments.hosts} hosts, over HTTP on loopback with the real fetcher, read by worker"
            f" processes; {soak.changes:,} changes told to two endpoints;"
            f" {time.monotonic() - began:.0f} s\n"
        )
        print("\n".join((*table(soak.samples), "", *plot(soak.samples), "")))
        for each in verdicts:
            print(f"{'fine' if each.ok else 'GROWS'}  {each.told}")
        print("\n".join(soak.faults) or "nothing was lost, told twice over or out of order")
    return 1 if soak.faults or not all(each.ok for each in verdicts) else 0


if __name__ == "__main__":
    sys.exit(main())
