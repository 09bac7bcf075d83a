"""What can be wrong with alerts: an event that is told twice or never, or out of order."""

from __future__ import annotations

import itertools

from sqlite_utils import Database

from storage.check_file import MOST_NAMED
from storage.faults import Fault

_WRONG = """
SELECT g.article_id, 'event ' || e.id || ' was sent to ' || g.endpoint || ' by the alert '
  || g.alert || ', but has no delivery'
FROM alert_decision g JOIN event e ON e.seq = g.event_seq
WHERE g.state = 'sent' AND NOT EXISTS (SELECT 1 FROM delivery d
  WHERE d.endpoint = g.endpoint AND d.event_seq = coalesce(g.digest_seq, g.event_seq))
UNION ALL
SELECT g.article_id, 'event ' || e.id || ' was ' || g.state || ' for ' || g.endpoint
  || ' by the alert ' || g.alert || ', but has a delivery'
FROM alert_decision g JOIN event e ON e.seq = g.event_seq
JOIN delivery d ON d.event_seq = g.event_seq AND d.endpoint = g.endpoint
WHERE g.state = 'gathered' OR g.digest_seq IS NOT NULL
UNION ALL
SELECT g.article_id, 'event ' || e.id || ' is in a digest for another webhook than ' || g.endpoint
FROM alert_decision g JOIN event e ON e.seq = g.event_seq
JOIN digest t ON t.event_seq = g.digest_seq WHERE t.endpoint != g.endpoint
UNION ALL
SELECT g.article_id, 'event ' || e.id || ' is in a digest that was made before it'
FROM alert_decision g JOIN event e ON e.seq = g.event_seq WHERE g.digest_seq <= g.event_seq
UNION ALL
SELECT g.article_id, 'alerts decided of event ' || e.id || ' as one of another article'
FROM alert_decision g JOIN event e ON e.seq = g.event_seq WHERE e.article_id IS NOT g.article_id
UNION ALL
SELECT g.article_id, 'event ' || e.id || ' is gathered for ' || g.endpoint
  || ', but a later one of the article was sent'
FROM alert_decision g JOIN event e ON e.seq = g.event_seq
WHERE g.state = 'gathered' AND EXISTS (SELECT 1 FROM delivery d
  WHERE d.endpoint = g.endpoint AND d.article_id = g.article_id AND d.event_seq > g.event_seq)
UNION ALL
SELECT NULL, 'digest ' || e.id || ' tells no event' FROM event e
WHERE e.type = 'alert.digest'
  AND NOT EXISTS (SELECT 1 FROM alert_decision g WHERE g.digest_seq = e.seq)
UNION ALL
SELECT NULL, 'digest ' || e.id || ' has no delivery to ' || t.endpoint
FROM digest t JOIN event e ON e.seq = t.event_seq
WHERE NOT EXISTS (SELECT 1 FROM delivery d
  WHERE d.event_seq = t.event_seq AND d.endpoint = t.endpoint)
UNION ALL
SELECT NULL, 'delivery ' || d.id || ' of a digest counts as delivered, but no attempt was answered'
  || ' with 2xx'
FROM delivery d WHERE d.article_id IS NULL AND d.state = 'delivered' AND NOT EXISTS
  (SELECT 1 FROM delivery_attempt a WHERE a.delivery_id = d.id AND a.status BETWEEN 200 AND 299)
"""


def check_alerts(db: Database) -> list[Fault]:
    """Whether what alerts decided fits what was sent."""
    found = itertools.islice(db.conn.execute(_WRONG), MOST_NAMED)
    return [Fault("alerts", detail, article_id) for article_id, detail in found]
