"""The tables of alerts: what they decided of events, and the digests that were made."""

from __future__ import annotations

ALERT_TABLES = """;
CREATE TABLE digest (
  event_seq INTEGER PRIMARY KEY REFERENCES event(seq),
  endpoint TEXT NOT NULL REFERENCES endpoint(name),
  alert TEXT NOT NULL,
  reason TEXT NOT NULL,
  part INTEGER NOT NULL CHECK (part >= 1),
  parts INTEGER NOT NULL CHECK (parts >= part),
  at TEXT NOT NULL
) STRICT;
CREATE INDEX digest_alert ON digest(endpoint, alert, at);

CREATE TABLE alert_decision (
  id INTEGER PRIMARY KEY,
  event_seq INTEGER NOT NULL REFERENCES event(seq),
  endpoint TEXT NOT NULL REFERENCES endpoint(name),
  article_id INTEGER NOT NULL REFERENCES article(id),
  alert TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('sent', 'gathered', 'suppressed')),
  rule TEXT NOT NULL CHECK (rule IN ('match', 'named', 'webhook', 'events', 'stories',
    'publishers', 'weight', 'kinds', 'added', 'removed', 'every', 'quiet', 'limit')),
  reason TEXT NOT NULL,
  held TEXT NOT NULL,
  size INTEGER NOT NULL,
  decided_at TEXT NOT NULL,
  until TEXT,
  digest_seq INTEGER REFERENCES digest(event_seq),
  UNIQUE (event_seq, endpoint),
  CHECK ((state = 'gathered') = (until IS NOT NULL)),
  CHECK (digest_seq IS NULL OR state = 'sent'),
  CHECK ((state = 'gathered' OR digest_seq IS NOT NULL) = (rule IN ('every', 'quiet', 'limit'))),
  CHECK ((state = 'sent' AND digest_seq IS NULL) = (rule IN ('match', 'named')))
) STRICT;
CREATE INDEX alert_decision_due ON alert_decision(endpoint, alert, until) WHERE state = 'gathered';
CREATE INDEX alert_decision_line ON alert_decision(endpoint, article_id, event_seq)
  WHERE state = 'gathered';
CREATE INDEX alert_decision_sent ON alert_decision(endpoint, alert, decided_at)
  WHERE state = 'sent' AND rule = 'match';
CREATE INDEX alert_decision_digest ON alert_decision(digest_seq, article_id)
  WHERE digest_seq IS NOT NULL
"""
