"""The schema, as migrations. A released migration never changes: add another."""

from __future__ import annotations

from sqlite_utils import Database, Migrations

from storage import alert_tables, finding_tables, found_tables, search_tables, shared_columns

MIGRATIONS = Migrations("storywatcher")

_FIRST = """
CREATE TABLE story (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  added_at TEXT NOT NULL
) STRICT;

CREATE TABLE article (
  id INTEGER PRIMARY KEY,
  story_id INTEGER NOT NULL REFERENCES story(id),
  url TEXT NOT NULL,
  added_at TEXT NOT NULL
) STRICT;

CREATE TABLE article_url (
  id INTEGER PRIMARY KEY,
  article_id INTEGER NOT NULL REFERENCES article(id),
  url TEXT NOT NULL,
  key TEXT NOT NULL UNIQUE,
  source TEXT NOT NULL CHECK (source IN ('configured', 'redirect', 'canonical', 'found', 'listed')),
  first_at TEXT NOT NULL
) STRICT;
CREATE INDEX article_url_article ON article_url(article_id);

CREATE TABLE capture (
  id INTEGER PRIMARY KEY,
  article_id INTEGER NOT NULL REFERENCES article(id),
  fetched_at TEXT NOT NULL,
  url TEXT,
  final_url TEXT,
  status INTEGER NOT NULL,
  headers TEXT NOT NULL,
  body BLOB NOT NULL,
  body_bytes INTEGER NOT NULL,
  body_digest BLOB NOT NULL,
  dictionary_id INTEGER REFERENCES capture(id),
  chain INTEGER NOT NULL
) STRICT;
CREATE INDEX capture_article ON capture(article_id);

CREATE TABLE paragraph (
  id INTEGER PRIMARY KEY,
  digest BLOB NOT NULL UNIQUE,
  text TEXT NOT NULL
) STRICT;

CREATE TABLE extractor (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE link_target (
  id INTEGER PRIMARY KEY,
  url TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE version (
  id INTEGER PRIMARY KEY,
  article_id INTEGER NOT NULL REFERENCES article(id),
  number INTEGER NOT NULL CHECK (number >= 1),
  kind TEXT NOT NULL CHECK (kind IN ('first', 'text', 'metadata')),
  capture_id INTEGER NOT NULL REFERENCES capture(id),
  seen_from TEXT NOT NULL,
  headline TEXT NOT NULL,
  byline TEXT,
  published TEXT,
  modified TEXT,
  publisher TEXT,
  section TEXT,
  language TEXT,
  canonical TEXT,
  access TEXT,
  notices TEXT NOT NULL,
  posts TEXT NOT NULL,
  links TEXT NOT NULL,
  summary TEXT NOT NULL,
  revert_of INTEGER,
  untold TEXT,
  content_digest BLOB NOT NULL,
  snapshot_digest BLOB NOT NULL,
  extractor_id INTEGER NOT NULL REFERENCES extractor(id),
  UNIQUE (article_id, number)
) STRICT;

CREATE TABLE paragraph_run (
  version_id INTEGER NOT NULL REFERENCES version(id),
  position INTEGER NOT NULL,
  paragraph_id INTEGER NOT NULL REFERENCES paragraph(id),
  count INTEGER NOT NULL CHECK (count >= 1),
  kind TEXT CHECK (kind != 'paragraph'),
  PRIMARY KEY (version_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE change (
  version_id INTEGER PRIMARY KEY REFERENCES version(id),
  from_version_id INTEGER NOT NULL REFERENCES version(id),
  after TEXT NOT NULL,
  headline TEXT,
  metadata TEXT NOT NULL,
  notices TEXT NOT NULL,
  kinds TEXT NOT NULL,
  links TEXT NOT NULL,
  noise TEXT NOT NULL,
  edits TEXT NOT NULL,
  form TEXT NOT NULL CHECK (form IN ('compact', 'full')),
  equal_count INTEGER NOT NULL,
  insert_count INTEGER NOT NULL,
  delete_count INTEGER NOT NULL,
  replace_count INTEGER NOT NULL,
  split_count INTEGER NOT NULL,
  merge_count INTEGER NOT NULL,
  moved_count INTEGER NOT NULL,
  weight TEXT NOT NULL CHECK (weight IN ('cosmetic', 'routine', 'notable', 'critical')),
  score REAL NOT NULL,
  sentence TEXT NOT NULL,
  coverage TEXT NOT NULL,
  findings BLOB,
  found INTEGER NOT NULL,
  at INTEGER NOT NULL
) STRICT;

CREATE TABLE observation (
  id INTEGER PRIMARY KEY,
  article_id INTEGER NOT NULL REFERENCES article(id),
  version_id INTEGER REFERENCES version(id),
  outcome TEXT NOT NULL,
  detail TEXT NOT NULL,
  status INTEGER,
  first_at TEXT NOT NULL,
  last_at TEXT NOT NULL,
  count INTEGER NOT NULL CHECK (count >= 1),
  not_modified INTEGER NOT NULL,
  same_body INTEGER NOT NULL
) STRICT;
CREATE INDEX observation_article ON observation(article_id);
CREATE INDEX observation_version ON observation(version_id) WHERE version_id IS NOT NULL;

CREATE TABLE quarantine (
  id INTEGER PRIMARY KEY,
  article_id INTEGER NOT NULL REFERENCES article(id),
  capture_id INTEGER NOT NULL REFERENCES capture(id),
  cause TEXT NOT NULL CHECK (cause IN ('jump', 'site-wide', 'flicker')),
  reason TEXT NOT NULL,
  silent INTEGER NOT NULL CHECK (silent IN (0, 1)),
  snapshot_digest BLOB NOT NULL,
  extractor_id INTEGER NOT NULL REFERENCES extractor(id),
  began_at TEXT NOT NULL,
  first_at TEXT NOT NULL,
  last_at TEXT NOT NULL,
  count INTEGER NOT NULL CHECK (count >= 1),
  state TEXT NOT NULL CHECK (state IN ('held', 'confirmed', 'dismissed', 'superseded')),
  settled_at TEXT,
  version_id INTEGER REFERENCES version(id),
  validator_url TEXT,
  etag TEXT,
  last_modified TEXT,
  body_digest TEXT,
  fingerprint TEXT,
  outline TEXT,
  CHECK ((state = 'held') = (settled_at IS NULL)),
  CHECK ((state = 'confirmed') = (version_id IS NOT NULL))
) STRICT;
CREATE INDEX quarantine_article ON quarantine(article_id);
CREATE INDEX quarantine_time ON quarantine(first_at);

CREATE TABLE host_text (
  key INTEGER NOT NULL,
  came INTEGER NOT NULL CHECK (came IN (0, 1)),
  article_id INTEGER NOT NULL REFERENCES article(id),
  at INTEGER NOT NULL,
  PRIMARY KEY (key, came, article_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE site_text (
  id INTEGER PRIMARY KEY,
  host TEXT NOT NULL,
  digest BLOB NOT NULL,
  text TEXT NOT NULL,
  articles INTEGER NOT NULL,
  first_at TEXT NOT NULL,
  last_at TEXT NOT NULL,
  UNIQUE (host, digest)
) STRICT;

CREATE TABLE noise (
  article_id INTEGER NOT NULL REFERENCES article(id),
  template TEXT NOT NULL,
  count INTEGER NOT NULL CHECK (count >= 1),
  first_at TEXT NOT NULL,
  last_at TEXT NOT NULL,
  learned_at TEXT,
  PRIMARY KEY (article_id, template)
) STRICT, WITHOUT ROWID;

CREATE TABLE rebuild (
  id INTEGER PRIMARY KEY,
  article_id INTEGER NOT NULL REFERENCES article(id),
  at TEXT NOT NULL,
  extractor_id INTEGER NOT NULL REFERENCES extractor(id),
  versions INTEGER NOT NULL,
  differing INTEGER NOT NULL
) STRICT;
CREATE INDEX rebuild_article ON rebuild(article_id);

CREATE TABLE ledger (
  id INTEGER PRIMARY KEY,
  article_id INTEGER NOT NULL REFERENCES article(id),
  version_id INTEGER UNIQUE REFERENCES version(id),
  rebuild_id INTEGER REFERENCES rebuild(id),
  derived BLOB NOT NULL,
  digest BLOB NOT NULL,
  seal BLOB NOT NULL,
  CHECK ((version_id IS NULL) != (rebuild_id IS NULL))
) STRICT;
CREATE INDEX ledger_article ON ledger(article_id);
CREATE UNIQUE INDEX ledger_rebuild ON ledger(rebuild_id) WHERE rebuild_id IS NOT NULL;

CREATE TABLE schedule (
  article_id INTEGER PRIMARY KEY REFERENCES article(id),
  host TEXT NOT NULL,
  watched INTEGER NOT NULL CHECK (watched IN (0, 1)),
  interval REAL NOT NULL CHECK (interval > 0),
  next_poll_at TEXT NOT NULL,
  leased_until TEXT,
  revision INTEGER NOT NULL,
  health TEXT NOT NULL CHECK (health IN ('new', 'live', 'gone', 'unreachable', 'settled')),
  failures INTEGER NOT NULL,
  missing INTEGER NOT NULL,
  version_id INTEGER REFERENCES version(id),
  observation_id INTEGER REFERENCES observation(id),
  validator_url TEXT,
  etag TEXT,
  last_modified TEXT,
  body_digest TEXT,
  fingerprint TEXT,
  outline TEXT,
  quarantine_id INTEGER REFERENCES quarantine(id),
  holds INTEGER NOT NULL DEFAULT 0,
  planned REAL NOT NULL DEFAULT 0,
  rate BLOB,
  pressure REAL NOT NULL DEFAULT 0,
  shortest REAL NOT NULL DEFAULT 60,
  longest REAL NOT NULL DEFAULT 21600,
  weight REAL NOT NULL DEFAULT 1,
  quiet REAL,
  quiet_since TEXT,
  fresh REAL NOT NULL DEFAULT 0,
  hinted INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX schedule_host ON schedule(host);
CREATE INDEX schedule_due ON schedule(next_poll_at) WHERE watched = 1;

CREATE TABLE host_rate (
  host TEXT PRIMARY KEY,
  start_seen REAL NOT NULL,
  start_expected REAL NOT NULL,
  steady_seen REAL NOT NULL,
  steady_expected REAL NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE budget (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  began_at TEXT NOT NULL,
  at TEXT NOT NULL,
  owed REAL NOT NULL,
  usual REAL NOT NULL,
  places REAL NOT NULL,
  price REAL,
  per_hour REAL NOT NULL
) STRICT;

CREATE TABLE event (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  type TEXT NOT NULL,
  article_id INTEGER REFERENCES article(id),
  version_id INTEGER REFERENCES version(id),
  created_at TEXT NOT NULL,
  summary TEXT,
  url TEXT,
  story TEXT,
  weight TEXT NOT NULL CHECK (weight IN ('cosmetic', 'routine', 'notable', 'critical')),
  score REAL NOT NULL,
  findings BLOB,
  CHECK ((type = 'alert.digest') = (article_id IS NULL))
) STRICT;
CREATE INDEX event_article ON event(article_id);

CREATE TABLE endpoint (
  name TEXT PRIMARY KEY,
  disabled_at TEXT,
  reason TEXT,
  url_digest TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE delivery (
  id INTEGER PRIMARY KEY,
  event_seq INTEGER NOT NULL REFERENCES event(seq),
  endpoint TEXT NOT NULL REFERENCES endpoint(name),
  article_id INTEGER REFERENCES article(id),
  state TEXT NOT NULL CHECK (state IN ('pending', 'delivered', 'dead')),
  attempts INTEGER NOT NULL,
  in_turn INTEGER NOT NULL CHECK (in_turn IN (0, 1)),
  next_attempt_at TEXT,
  leased_until TEXT,
  settled_at TEXT,
  UNIQUE (event_seq, endpoint),
  CHECK ((state = 'pending') = (next_attempt_at IS NOT NULL)),
  CHECK ((state = 'pending') = (settled_at IS NULL))
) STRICT;
CREATE INDEX delivery_due ON delivery(endpoint, next_attempt_at)
  WHERE state = 'pending' AND in_turn = 1;
CREATE INDEX delivery_order ON delivery(endpoint, article_id, event_seq) WHERE state = 'pending';

CREATE TABLE delivery_attempt (
  id INTEGER PRIMARY KEY,
  delivery_id INTEGER NOT NULL REFERENCES delivery(id),
  at TEXT NOT NULL,
  status INTEGER,
  detail TEXT NOT NULL
) STRICT;
CREATE INDEX delivery_attempt_delivery ON delivery_attempt(delivery_id);

CREATE TABLE daemon (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  pid INTEGER NOT NULL,
  started_at TEXT NOT NULL,
  alive_at TEXT NOT NULL,
  stopped_at TEXT,
  config_fault TEXT
) STRICT;

CREATE VIEW version_paragraph AS
SELECT r.version_id, r.position + p.id - r.paragraph_id AS position, p.id AS paragraph_id,
       coalesce(r.kind, 'paragraph') AS kind, p.text
FROM paragraph_run r
JOIN paragraph p ON p.id BETWEEN r.paragraph_id AND r.paragraph_id + r.count - 1;

CREATE VIEW version_window AS
SELECT v.id AS version_id, v.article_id, v.number, v.seen_from,
       max(v.seen_from, coalesce((SELECT max(o.last_at) FROM observation o
         WHERE o.version_id = v.id), v.seen_from)) AS seen_until
FROM version v;

CREATE VIEW timeline AS
SELECT s.name AS story, v.article_id, a.url, v.number AS version, v.kind,
       c.after AS window_after, v.seen_from AS window_before, w.seen_until,
       v.headline, v.summary, v.revert_of, c.weight, c.score, c.sentence
FROM version v
JOIN article a ON a.id = v.article_id
JOIN story s ON s.id = a.story_id
JOIN version_window w ON w.version_id = v.id
LEFT JOIN change c ON c.version_id = v.id
ORDER BY v.seen_from, v.id;

CREATE VIEW latest_change AS
SELECT s.name AS story, a.id AS article_id, a.url, v.number AS version, v.headline, v.summary,
       c.after AS window_after, v.seen_from AS window_before,
       c.insert_count, c.delete_count, c.replace_count, c.split_count, c.merge_count,
       c.moved_count, c.weight, c.score, c.sentence
FROM schedule h
JOIN article a ON a.id = h.article_id
JOIN story s ON s.id = a.story_id
JOIN version v ON v.id = h.version_id
JOIN change c ON c.version_id = v.id
"""


@MIGRATIONS()
def m0001_first(db: Database) -> None:
    """Everything the first release stores."""
    everything = (
        _FIRST,
        found_tables.TABLES,
        finding_tables.FINDING_TABLES,
        search_tables.TABLES,
        alert_tables.ALERT_TABLES,
    )
    for statement in "".join(everything).split(";\n"):
        if statement.strip():
            db.conn.execute(statement)
    for statement in shared_columns.TRIGGERS:
        db.conn.execute(statement)


KNOWN = frozenset({"m0001_first"})
"""The names of all migrations above; a file that has others is newer than this program."""
