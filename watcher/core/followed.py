"""What adaptive polling makes of a decision: when the article is polled next. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from watcher.core.decision import ArticleState, Decision
from watcher.core.schedule.following import Adaptive, credible, follow


def followed(
    article: ArticleState,
    decision: Decision,
    adaptive: Adaptive,
    jitter: float,
    price: float | None,
    fresh: float = 0.0,
) -> Decision:
    """A decision about an article that was seen, with the next poll when it is worth its price.

    `jitter` and `price` are those of decide(). For `fresh` seconds a cache goes on giving the same
    copy: a sooner poll would learn nothing. As publishers empty caches early, that is believed no
    further than the article's interval.
    """
    bounds = article.terms.bounds(article.interval, developing=_develops(article, decision))
    bounds = bounds.not_within(fresh)
    version = decision.version
    snapshot = None if version is None else version.snapshot
    following = follow(
        adaptive,
        article.followed,
        bounds,
        decision.at,
        # A change of the site tells nothing of how often the article changes.
        changed=version is not None and version.kind != "first" and version.untold is None,
        published=None if snapshot is None else credible(snapshot.published),
        modified=None if snapshot is None else credible(snapshot.modified),
        price=price,
        jitter=jitter,
    )
    due = decision.at + timedelta(seconds=following.plan.interval)
    return replace(
        decision, next_poll_at=due, following=following, pressure=following.plan.pressure,
        fresh=fresh,
    )  # fmt: skip


def _develops(article: ArticleState, decision: Decision) -> bool:
    if decision.version is None:
        return article.developing
    return any(notice.kind == "developing" for notice in decision.version.snapshot.notices)
