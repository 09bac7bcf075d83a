"""The tables of feeds and sitemaps, and of manners towards hosts: part of the first migration."""

from __future__ import annotations

TABLES = """;
CREATE TABLE source (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('feed', 'sitemap')),
  url TEXT NOT NULL,
  story TEXT NOT NULL,
  host TEXT NOT NULL,
  criteria TEXT NOT NULL,
  watched INTEGER NOT NULL CHECK (watched IN (0, 1)),
  interval REAL NOT NULL CHECK (interval > 0),
  next_poll_at TEXT NOT NULL,
  leased_until TEXT,
  failures INTEGER NOT NULL,
  outcome TEXT,
  detail TEXT NOT NULL,
  status INTEGER,
  polled_at TEXT,
  read_at TEXT,
  listed INTEGER NOT NULL,
  matched INTEGER NOT NULL,
  validator_url TEXT,
  etag TEXT,
  last_modified TEXT,
  body_digest TEXT,
  UNIQUE (url, story)
) STRICT;

CREATE TABLE listing (
  source_id INTEGER NOT NULL REFERENCES source(id),
  article_id INTEGER NOT NULL REFERENCES article(id),
  url TEXT NOT NULL,
  guid TEXT NOT NULL,
  updated TEXT,
  first_at TEXT NOT NULL,
  last_at TEXT NOT NULL,
  PRIMARY KEY (source_id, article_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX listing_guid ON listing(source_id, guid);

CREATE TABLE adopted (
  article_id INTEGER PRIMARY KEY REFERENCES article(id),
  source_id INTEGER NOT NULL REFERENCES source(id),
  follow_until TEXT NOT NULL,
  removed_at TEXT
) STRICT;
CREATE INDEX adopted_source ON adopted(source_id);

CREATE TABLE host_rest (
  host TEXT PRIMARY KEY,
  since TEXT NOT NULL,
  until TEXT NOT NULL,
  refusals INTEGER NOT NULL CHECK (refusals >= 1)
) STRICT, WITHOUT ROWID;

CREATE TABLE host_pace (
  host TEXT PRIMARY KEY,
  next_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE robots (
  origin TEXT PRIMARY KEY,
  check_at TEXT NOT NULL,
  body BLOB,
  absent INTEGER NOT NULL CHECK (absent IN (0, 1)),
  etag TEXT,
  last_modified TEXT,
  read_at TEXT,
  unreachable_since TEXT,
  detail TEXT NOT NULL
) STRICT;
"""
