"""The table of findings: part of the first migration."""

from __future__ import annotations

FINDING_TABLES = """;
CREATE TABLE finding (
  id INTEGER PRIMARY KEY,
  article_id INTEGER NOT NULL REFERENCES article(id),
  version_id INTEGER REFERENCES version(id),
  event_seq INTEGER REFERENCES event(seq),
  at TEXT NOT NULL,
  kind TEXT NOT NULL,
  weight TEXT NOT NULL CHECK (weight IN ('cosmetic', 'routine', 'notable', 'critical')),
  score REAL NOT NULL,
  sentence TEXT NOT NULL,
  old TEXT,
  new TEXT,
  evidence TEXT NOT NULL,
  CHECK ((version_id IS NULL) != (event_seq IS NULL))
) STRICT;
CREATE INDEX finding_version ON finding(version_id) WHERE version_id IS NOT NULL;
CREATE INDEX finding_event ON finding(event_seq) WHERE event_seq IS NOT NULL;
CREATE INDEX finding_time ON finding(at);
CREATE INDEX finding_kind ON finding(kind)
"""
