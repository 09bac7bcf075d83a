"""The daemon put together and run: the part of the composition root that lasts."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from config.load import load
from watcher import __version__
from watcher.errors import WatcherError
from watcher.service import DAEMON_BUSY_SECONDS, Reloader, Service, open_service, surroundings

if TYPE_CHECKING:
    from watcher.adapters.lockfile import DaemonLock
    from watcher.adapters.workers.extraction_pool import ExtractionPool
    from watcher.daemon import Daemon
    from watcher.metrics import Metrics
    from watcher.ports import Log


async def run_daemon(path: Path, environ: Mapping[str, str], *, verbose: bool = False) -> None:
    """Runs the daemon until it is told to stop. Raises DaemonRunning if there is one already."""
    from watcher.adapters.added_rules import added_rules
    from watcher.adapters.clock import SystemClock
    from watcher.adapters.lockfile import DaemonLock
    from watcher.adapters.logs import json_log
    from watcher.adapters.page.extractor import EXTRACTOR
    from watcher.adapters.workers.allocator import keep_freed_memory
    from watcher.adapters.workers.extraction_pool import ExtractionPool
    from watcher.metrics import Metrics

    loaded = load(path, environ)
    lock = DaemonLock(loaded.settings.database)
    lock.acquire()
    keep_freed_memory()
    extractor = ExtractionPool()
    log = json_log(sys.stderr, SystemClock(), verbose=verbose)
    for added in added_rules():
        if added.fault is not None:
            log.error("rule-refused", rule=added.name, package=added.package, reason=added.fault)
    metrics = Metrics()
    metrics.built(__version__, EXTRACTOR)
    opened = open_service(
        loaded, extractor, busy_seconds=DAEMON_BUSY_SECONDS, timed=metrics.fetched
    )
    try:
        async with opened as service:
            reloader = Reloader(path, environ, service, log)
            daemon = _daemon(service, reloader, log, metrics)
            _report(daemon, reloader, lock, extractor, environ)
            await daemon.run()
    except WatcherError as error:
        log.error("failed", reason=str(error))
        raise
    finally:
        await extractor.aclose()
        lock.release()


def _daemon(service: Service, reloader: Reloader, log: Log, metrics: Metrics) -> Daemon:
    from watcher.daemon import Daemon

    database = service.loaded.settings.database
    return Daemon(service.setup(), reloader.reload, database, log, metrics=metrics)


def _report(
    daemon: Daemon,
    reloader: Reloader,
    lock: DaemonLock,
    extractor: ExtractionPool,
    environ: Mapping[str, str],
) -> None:
    """Lets the service manager and monitoring ask how the daemon is."""
    from watcher.adapters.healthport import HealthPort
    from watcher.adapters.servicemanager import ServiceManager
    from watcher.bulletin import Bulletin
    from watcher.vitals import Vitals

    def numbers() -> dict[str, float]:
        return {
            "polls_under_way": len(daemon.polls),
            "deliveries_under_way": len(daemon.deliveries),
            "writer_queue": daemon.setup.poller.store.waiting,
            "extraction_workers": len(extractor.pids),
            "paused": float("pause" in daemon.book.standing),
        }

    vitals = Vitals(
        daemon.database,
        daemon.setup.poller.clock,
        daemon.metrics,
        lambda: surroundings(daemon.database, reloader.loaded),
        numbers,
    )
    manager = ServiceManager.of(environ, os.getpid())
    daemon.bulletin = Bulletin(manager, lock.note, HealthPort(vitals.pages()))
