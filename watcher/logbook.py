"""What the daemon logs of what it did: polls, events, attempts at deliveries, endpoints.

The names and keys of these lines are part of docs/formats.md.
"""

from __future__ import annotations

from storage.articles import SyncResult
from storage.outbox import ClaimedDelivery
from watcher.core.decide import ArticleState
from watcher.core.model import Outcome
from watcher.core.times import to_text
from watcher.dispatch import Attempted
from watcher.poll import Polled
from watcher.ports import Log


def log_poll(log: Log, article: ArticleState, polled: Polled) -> None:
    """A poll that was put on record, and the events that it made."""
    decision = polled.decision
    facts = {
        "article": article.id,
        "url": article.url,
        "outcome": decision.outcome.value,
        "detail": decision.detail,
        "next_poll_at": to_text(decision.next_poll_at),
    }
    if decision.outcome is Outcome.UNCHANGED:
        log.debug("polled", via=decision.via, **facts)
    elif decision.outcome is Outcome.NEW_VERSION:
        version = None if decision.version is None else decision.version.number
        log.info("polled", version=version, **facts)
    elif decision.outcome is Outcome.QUARANTINED:
        log.info("polled", **facts)
    else:
        log.warning("polled", failures=decision.failures, **facts)
    for draft, event_id in zip(decision.events, polled.events, strict=True):
        log.info(
            "event", id=event_id, type=draft.type.value, article=article.id,
            summary=draft.summary, endpoints=list(draft.endpoints),
        )  # fmt: skip


def log_attempt(log: Log, delivery: ClaimedDelivery, done: Attempted) -> None:
    """An attempt at a delivery, whether it arrived or not."""
    facts = {
        "delivery": delivery.id,
        "event_id": delivery.event_id,
        "endpoint": delivery.endpoint,
        "attempt": delivery.attempts + 1,
        "status": done.status,
    }
    if done.delivered:
        log.info("delivered", **facts)
    elif done.waiting:
        waits = "until the endpoint is enabled"
        log.warning("delivery-failed", reason=done.detail, waits=waits, **facts)
    elif done.retry_at is not None:
        retry_at = to_text(done.retry_at)
        log.warning("delivery-failed", reason=done.detail, retry_at=retry_at, **facts)
    else:
        log.error("delivery-dead", reason=done.detail, **facts)
    if done.disabled:
        log.error("endpoint-disabled", endpoint=delivery.endpoint, reason=done.detail)


def log_enabled(log: Log, names: tuple[str, ...]) -> None:
    """Endpoints that are no longer disabled."""
    for name in names:
        log.info("endpoint-enabled", endpoint=name, reason="it has another URL")


def log_same(log: Log, synced: SyncResult) -> None:
    """Configured URLs that are addresses of articles which are watched already."""
    for url, article_id in synced.same:
        reason = "the URL is an address of this article already: it needs no entry of its own"
        log.warning("same-article", url=url, article=article_id, reason=reason)
