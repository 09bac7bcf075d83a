"""Articles that a feed or sitemap lists under another address than before."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlite_utils import Database

from storage.alerts import tell
from storage.articles import states
from watcher.core.addressing import addressed
from watcher.core.alerts.alert import Audience
from watcher.core.listing import Listed
from watcher.core.model import EventType
from watcher.core.telling import state_event
from watcher.core.times import to_text


def tell_moved(
    db: Database, article_id: int, each: Listed, audience: Audience, now: datetime
) -> str:
    """The article has the entry's address from now on, which nobody had; gives the event's id.

    Must run inside a write transaction.
    """
    db.conn.execute(
        "INSERT INTO article_url (article_id, url, key, source, first_at)"
        " VALUES (?, ?, ?, 'listed', ?)",
        (article_id, each.item.url, each.key, to_text(now)),
    )
    (article,) = states(db, [article_id])
    draft = state_event(EventType.MOVED, f"The article moved to {each.item.url}")
    event_id = f"evt_{secrets.token_urlsafe(12)}"
    tell(db, event_id, article_id, None, addressed(draft, article, None, audience), now)
    return event_id
