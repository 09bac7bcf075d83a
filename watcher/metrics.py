"""What Prometheus is told: counters of what the daemon did, and gauges of what there is.

Labels are names of a small fixed set (outcomes, states, types) or of the configuration (endpoints):
never an address, a headline or anything else that grows with the articles.
"""

from __future__ import annotations

import platform
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    Info,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from storage.connection import SQLITE
from storage.gauges import Gauges

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_SECONDS = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0)


@dataclass(frozen=True, slots=True)
class Scene:
    """What there is when somebody asks. `numbers` are those of the process, by the metric's name;
    `gauges` are None if the archive cannot be read."""

    now: datetime
    numbers: Mapping[str, float]
    gauges: Gauges | None


class Metrics:
    """One registry of its own, never the library's global one."""

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        self._scene = _SceneCollector()
        registry.register(self._scene)
        ProcessCollector(registry=registry)
        self._polls = Counter(
            "storywatcher_polls", "Polls that were put on record.", ["outcome"], registry=registry
        )
        self._poll_seconds = Histogram(
            "storywatcher_poll_duration_seconds",
            "Polls from fetch to record, waiting for the host's turn included.",
            registry=registry, buckets=_SECONDS,
        )  # fmt: skip
        self._fetch_seconds = Histogram(
            "storywatcher_fetch_duration_seconds",
            "Requests to publishers, each hop of a redirect for itself.",
            registry=registry, buckets=_SECONDS,
        )  # fmt: skip
        self._events = Counter(
            "storywatcher_events", "Events that were recorded.", ["type"], registry=registry
        )
        self._attempts = Counter(
            "storywatcher_delivery_attempts", "Attempts at deliveries.", ["endpoint", "result"],
            registry=registry,
        )  # fmt: skip
        self._failures = Counter(
            "storywatcher_step_failures", "Pieces of the daemon's own work that failed.", ["step"],
            registry=registry,
        )  # fmt: skip
        self._build = Info("storywatcher_build", "What runs.", registry=registry)

    def built(self, version: str, extractor: str) -> None:
        """What runs, said once."""
        self._build.info(
            {
                "version": version,
                "extractor": extractor,
                "python": platform.python_version(),
                "sqlite": SQLITE,
            }
        )

    def polled(self, outcome: str, seconds: float) -> None:
        """A poll that was put on record."""
        self._polls.labels(outcome).inc()
        self._poll_seconds.observe(seconds)

    def fetched(self, seconds: float) -> None:
        """One request to a publisher, however it ended."""
        self._fetch_seconds.observe(seconds)

    def happened(self, event_type: str) -> None:
        """An event that was recorded."""
        self._events.labels(event_type).inc()

    def attempted(self, endpoint: str, result: str) -> None:
        """An attempt at a delivery: delivered, failed or dead."""
        self._attempts.labels(endpoint, result).inc()

    def failed(self, step: str) -> None:
        """A piece of the daemon's own work failed."""
        self._failures.labels(step).inc()

    def page(self, scene: Scene) -> bytes:
        """All of it in the text format of Prometheus."""
        self._scene.scene = scene
        return generate_latest(self._registry)


class _SceneCollector(Collector):
    def __init__(self) -> None:
        self.scene: Scene | None = None

    def collect(self) -> Iterable[Metric]:
        """What the scene holds, as the registry wants it."""
        if self.scene is None:
            return
        for name, value in self.scene.numbers.items():
            yield GaugeMetricFamily(f"storywatcher_{name}", _HELP[name], value=value)
        gauges = self.scene.gauges
        up = 0 if gauges is None else 1
        yield GaugeMetricFamily("storywatcher_archive_readable", "1 if it is.", value=up)
        if gauges is None:
            return
        for name, value in (
            ("articles_due", gauges.due),
            ("articles_late", gauges.late),
            ("articles_leased", gauges.leased_articles),
            ("deliveries_leased", gauges.leased_deliveries),
            ("pages_held", gauges.held),
            ("versions", gauges.versions),
            ("endpoints_disabled", gauges.disabled),
        ):
            yield GaugeMetricFamily(f"storywatcher_{name}", _HELP[name], value=value)
        yield _family("articles", "health", gauges.articles)
        by_state = GaugeMetricFamily(
            "storywatcher_deliveries", _HELP["deliveries"], labels=["endpoint", "state"]
        )
        for endpoint, states in gauges.deliveries.items():
            for state, count in states.items():
                by_state.add_metric([endpoint, state], count)
        yield by_state
        yield _family("events_gathered", "endpoint", gauges.gathered)
        ages = {
            endpoint: max(0.0, (self.scene.now - at).total_seconds())
            for endpoint, at in gauges.oldest.items()
        }
        yield _family("oldest_pending_delivery_seconds", "endpoint", ages)


def _family(name: str, label: str, values: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(f"storywatcher_{name}", _HELP[name], labels=[label])
    for key, value in values.items():
        family.add_metric([key], value)
    return family


_HELP = {
    "articles": "Watched articles by health.",
    "articles_due": "Watched articles whose poll is due.",
    "articles_late": "Those that are overdue by more than ten minutes.",
    "articles_leased": "Articles that are being polled, or were when their poller died.",
    "deliveries": "Deliveries by endpoint and state; the pending ones are the outbox.",
    "deliveries_leased": "Deliveries that are being sent.",
    "oldest_pending_delivery_seconds": "Age of the oldest event that an endpoint still waits for.",
    "events_gathered": "Events that wait for a digest.",
    "endpoints_disabled": "Endpoints that asked for nothing more.",
    "pages_held": "Pages in quarantine.",
    "versions": "Versions in the archive.",
    "polls_under_way": "Polls that this process is at.",
    "deliveries_under_way": "Deliveries that this process is at.",
    "writer_queue": "Jobs that wait for the thread which writes the archive.",
    "extraction_workers": "Processes that read pages.",
    "paused": "1 while nothing can be put on record.",
    "database_bytes": "Size of the database with its write-ahead log.",
    "disk_free_bytes": "Left for us on the database's disk.",
}
