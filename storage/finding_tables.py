"""What lists findings beside the changes and events that hold them: part of the first migration."""

from __future__ import annotations

FINDING_TABLES = """;
CREATE TABLE finding_kind (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;
CREATE INDEX change_found ON change(at, found);
CREATE INDEX event_findings ON event(created_at) WHERE findings IS NOT NULL
"""
