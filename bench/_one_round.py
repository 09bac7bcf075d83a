"""One poll round in a process of its own, for bench/round.py: `python bench/_one_round.py …`.

    watcher CONFIG        what `watcher poll --all` runs, on the archive of that configuration
    bare CONFIG VISITS    plain conditional GETs over httpx on its aiohttp transport, unguarded;
                          VISITS is a JSON file of [url, conditional headers]

Prints one JSON line: seconds of the round, of setting up, CPU seconds of this process and of
its workers, the peak resident size of this process in MB, and the outcomes counted.
"""

from __future__ import annotations

import asyncio
import json
import os
import resource
import sys
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

AT_ONCE = 64


def cpu(who: int) -> float:
    """CPU seconds used so far, by this process or by its finished workers."""
    used = resource.getrusage(who)
    return used.ru_utime + used.ru_stime


async def watcher_round(config: Path) -> dict[str, object]:
    """Sync, lease, poll: the very functions that `watcher poll --all` calls."""
    from watcher import app, service
    from watcher.adapters.workers.allocator import keep_freed_memory
    from watcher.adapters.workers.extraction_pool import ExtractionPool

    keep_freed_memory()
    began = time.perf_counter()
    loaded = app.read_config(config, os.environ)
    extractor = ExtractionPool()
    outcomes: Counter[str] = Counter()
    try:
        async with service.open_service(loaded, extractor) as opened:
            poller = opened.poller()
            await opened.store.sync_articles(service.watched(loaded), poller.clock.now())
            started, own = time.perf_counter(), cpu(resource.RUSAGE_SELF)
            now = poller.clock.now()
            leased = await opened.store.lease_these(None, now, now + app.LEASE)
            polled = await app.poll_all(leased, poller, lambda _: None)
            ended, used = time.perf_counter(), cpu(resource.RUSAGE_SELF) - own
    finally:
        await extractor.aclose()
    for done in polled:
        outcomes[getattr(done.decision.via, "value", None) or done.decision.outcome.value] += 1
    return {
        "seconds": ended - started,
        "set_up": started - began,
        "cpu": used + cpu(resource.RUSAGE_CHILDREN),
        "outcomes": outcomes,
    }


async def bare_round(visits: Iterable[tuple[str, dict[str, str]]]) -> dict[str, object]:
    """The floor: the same transport, the same headers, as many at once, nothing else."""
    import aiohttp
    import httpx
    from httpx_aiohttp import AiohttpTransport

    began = time.perf_counter()
    waiting = iter(visits)
    outcomes: Counter[str] = Counter()
    session = aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0), auto_decompress=False, trust_env=False
    )
    async with httpx.AsyncClient(transport=AiohttpTransport(client=session)) as client:

        async def work() -> None:
            for url, headers in waiting:
                answer = await client.get(url, headers=headers)
                outcomes[str(answer.status_code)] += 1

        started, own = time.perf_counter(), cpu(resource.RUSAGE_SELF)
        await asyncio.gather(*(work() for _ in range(AT_ONCE)))
        ended, used = time.perf_counter(), cpu(resource.RUSAGE_SELF) - own
    return {
        "seconds": ended - started,
        "set_up": started - began,
        "cpu": used,
        "outcomes": outcomes,
    }


def main() -> None:
    """Entry point."""
    what, path = sys.argv[1], Path(sys.argv[2])
    if what == "watcher":
        measured = asyncio.run(watcher_round(path))
    else:
        measured = asyncio.run(bare_round(json.loads(path.read_text(encoding="utf-8"))))
    status = Path("/proc/self/status").read_text("ascii")
    peak = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    measured["peak_mb"] = int(peak.split()[1]) / 1024
    sys.stdout.write(json.dumps(measured) + "\n")


if __name__ == "__main__":
    main()
