"""Ten thousand events at once, for good and bad endpoints: python3 dev.py bench burst [--events N].

The outbox is filled by real decisions before the daemon starts, as after days without a network.
Then it is emptied twice, from archives that are alike: by good endpoints alone, and beside three
bad ones. Exit status 1 if an event was lost or came out of order, a bad endpoint delayed a good
one, or memory grew.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import sys
import tempfile
import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench._processes import received, running_receiver
from bench._soak_curve import sample
from bench._soak_service import SetClock, Soaked, soaked
from storage.archive import Archive
from storage.articles import WatchedArticle
from storage.store import Store
from watcher.core.decide import Extracted, Failed, Observed, Policy, Unchanged, decide
from watcher.core.model import Capture, EventType, Outcome, Paragraph, Snapshot, Via

GOOD, BAD = ("good", "moody"), ("refusing", "slow", "silent")
EVENTS_OF_ONE = 10
MOST_DELAY = 1.5
"""How many times as long a good endpoint may take beside three bad ones: they send as well."""
MOST_GROWTH = 5.0
"""MB from the second tenth of the deliveries to the last."""
PATIENCE = 300.0
GLANCE = 0.05
FASTER = 5.0
"""How fast the clock goes: what was refused is due again after five seconds of it."""

CONFIG = """\
database = "stories.db"

[polling]
mode = "fixed"

[http]
contact = "mailto:bench@example.org"
allow_networks = ["127.0.0.1/32"]

[[story]]
name = "burst"
interval = "6h"
urls_file = "urls.txt"
"""
WEBHOOK = """
[[webhook]]
name = "{name}"
url = "{receiver}/{name}"
secret = "env:SOAK_SECRET"
"""


@dataclass
class Emptied:
    """One way through the outbox. `seconds` until the good endpoints had all, `cpu` as well."""

    endpoints: tuple[str, ...]
    events: int = 0
    seconds: float = 0.0
    cpu: float = 0.0
    memory: list[float] = field(default_factory=list)
    came: dict[str, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


async def fill(database: Path, urls: list[str], endpoints: tuple[str, ...]) -> None:
    """Every article comes, goes and returns, until it has ten events; a second between."""
    policy = Policy(
        endpoints=dict.fromkeys(endpoints, frozenset(EventType)),
        stories={"burst": endpoints},
    )
    store, now = Store(database), SetClock().now()
    try:
        wanted = [WatchedArticle(url, "burst", 6 * 3600.0) for url in urls]
        await store.sync_articles(wanted, now)
        await see(store, policy, now, first=True)
        for _ in range(EVENTS_OF_ONE // 2):
            for missing in (True, True, False):
                now += timedelta(seconds=1)
                await see(store, policy, now, missing=missing)
    finally:
        store.close()


async def see(
    store: Store, policy: Policy, now: datetime, *, first: bool = False, missing: bool = False
) -> None:
    """One poll of every article, decided and recorded as polling does."""
    decisions = []
    for state in await store.lease_these(None, now, now + timedelta(minutes=1)):
        seen: Observed
        if first:
            seen = page(state.url, now)
        elif missing:
            seen = Failed(Outcome.GONE, "404 Not Found", 404)
        else:
            seen = Unchanged(Via.NOT_MODIFIED, 304, state.memory)
        decisions.append(decide(state, seen, now, policy, 0.5))
    await asyncio.gather(*(store.record(decision) for decision in decisions))


def page(url: str, now: datetime) -> Extracted:
    """A short article."""
    texts = [f"The ferry to {url} is late, says the harbour master, for the {n}. time."
             for n in range(4)]  # fmt: skip
    body = "\n".join(texts).encode()
    paragraphs = tuple(Paragraph("paragraph", text) for text in texts)
    return Extracted(
        capture=Capture(now, url, url, 200, (("content-type", "text/html"),), body),
        body_digest=hashlib.sha256(body).hexdigest(),
        snapshot=Snapshot(f"Ferry {url}", None, None, None, paragraphs, url),
        fingerprint=None,
        extractor="bench / 1",
        previous=None,
        previous_is_stored=True,
        revert_of=None,
        moved_to=None,
    )


async def empty(folder: Path, events: int, endpoints: tuple[str, ...]) -> Emptied:
    """Fills an outbox and lets a daemon empty it."""
    found = Emptied(endpoints)
    urls = [f"http://ferry.test/{n}" for n in range(events // EVENTS_OF_ONE)]
    await fill(folder / "stories.db", urls, endpoints)
    with running_receiver() as receiver:
        (folder / "urls.txt").write_text("\n".join(urls), encoding="utf-8")
        hooks = [WEBHOOK.format(name=name, receiver=receiver) for name in endpoints]
        config = folder / "watcher.toml"
        config.write_text(CONFIG + "".join(hooks), encoding="utf-8")
        async with soaked(config) as service:
            service.clock.advance(60.0)
            await _empty(service, len(urls) * EVENTS_OF_ONE, found)
        got = received(receiver)
    with Archive(folder / "stories.db") as archive:
        order = {event.id: (event.article_id, event.seq) for event in archive.events()}
    found.events, found.came = len(order), got["came"]
    for name in GOOD:
        found.faults += in_order(name, list(dict.fromkeys(got["accepted"].get(name, ()))), order)
    return found


async def _empty(service: Soaked, events: int, found: Emptied) -> None:
    """Until each good endpoint has everything. What was refused is due a few seconds later."""
    began, used = time.monotonic(), time.process_time()
    tenth, passed = 1, began
    while (done := min(service.log.counts[f"delivered {name}"] for name in GOOD)) < events:
        await service.daemon.delivery_tick()
        await asyncio.wait(
            {asyncio.create_task(asyncio.sleep(GLANCE)), *service.daemon.deliveries},
            return_when=asyncio.FIRST_COMPLETED,
        )
        now = time.monotonic()
        service.clock.advance((now - passed) * FASTER)
        passed = now
        if done >= events * tenth / 10:
            found.memory.append(sample(0, 0, 0.0, service.database).rss)
            tenth += 1
        if now - began > PATIENCE:
            found.faults.append(f"after {PATIENCE:.0f} s {done} of {events} events were delivered")
            break
    found.memory.append(sample(0, 0, 0.0, service.database).rss)
    found.seconds, found.cpu = time.monotonic() - began, time.process_time() - used


def in_order(name: str, accepted: list[str], order: dict[str, tuple[int, int]]) -> list[str]:
    """What is wrong with what an endpoint accepted."""
    faults = []
    if set(accepted) != set(order):
        faults.append(f"{name} has {len(accepted)} of {len(order)} events")
    latest: Counter[int] = Counter()
    for event in accepted:
        article, seq = order.get(event, (0, 0))
        if seq < latest[article]:
            faults.append(f"{name} had event {event} after a later one of its article")
        latest[article] = seq
    return faults


def verdicts(alone: Emptied, beside: Emptied) -> list[str]:
    """What does not hold."""
    faults = [*alone.faults, *beside.faults]
    if beside.seconds > MOST_DELAY * alone.seconds + 2.0:
        faults.append("bad endpoints delayed good ones")
    for each in (alone, beside):
        if each.memory[-1] - each.memory[1] > MOST_GROWTH:
            faults.append(f"memory grew from {each.memory[1]:.1f} to {each.memory[-1]:.1f} MB")
    return faults


def main() -> int:
    """Entry point."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--events", type=int, default=10_000)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    done = []
    for endpoints in (GOOD, GOOD + BAD):
        with tempfile.TemporaryDirectory() as folder:
            done.append(asyncio.run(empty(Path(folder), arguments.events, endpoints)))
    faults = verdicts(*done)
    if arguments.json:
        print(json.dumps([asdict(each) for each in done]))
    else:
        for each in done:
            memory = f"{each.memory[1]:.1f} to {each.memory[-1]:.1f}"
            print(
                f"{each.events:,} events to {', '.join(each.endpoints)}: the good ones had all"
                f" after {each.seconds:.1f} s ({each.cpu:.1f} s of the processor), memory {memory}"
                f" MB; messages {each.came}"
            )
        print("\n".join(faults) or "order and at-least-once hold; no endpoint delayed another")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
