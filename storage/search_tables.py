"""The tables of search: part of the first migration. All of it can be made anew from the rest."""

from __future__ import annotations

TOKENIZE = """tokenize = "unicode61 remove_diacritics 2 categories 'L* M* N* Co'\""""
"""What words are: letters, marks and digits. Without the marks (M*), a Hindi word would fall apart
at its vowels."""

INDEX = f"""
CREATE VIRTUAL TABLE search USING fts5(
  text, content = 'searchable', content_rowid = 'id', {TOKENIZE}
)"""
"""An index of the words of `searchable`, which keeps no text of its own."""

SMALL_PAGES = "INSERT INTO search (search, rank) VALUES ('pgsz', 1000)"
"""SQLite merges parts of the index in steps of so many of its pages, and needs room for a step:
with pages of 4 kB a round of polls could let the file grow by a megabyte, to be used up later."""

_TABLES = """;
CREATE TABLE paragraph_spaced (
  id INTEGER PRIMARY KEY REFERENCES paragraph(id),
  text TEXT NOT NULL
) STRICT;

CREATE TABLE appearance (
  paragraph_id INTEGER NOT NULL REFERENCES paragraph(id),
  article_id INTEGER NOT NULL REFERENCES article(id),
  place TEXT NOT NULL CHECK (place IN ('text', 'headline', 'notice')),
  version_id INTEGER NOT NULL REFERENCES version(id),
  gone_id INTEGER REFERENCES version(id),
  PRIMARY KEY (paragraph_id, article_id, place, version_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX appearance_article ON appearance(article_id, gone_id);

CREATE VIEW searchable AS
SELECT p.id, coalesce(s.text, p.text) AS text
FROM paragraph p
LEFT JOIN paragraph_spaced s ON s.id = p.id;
"""

TABLES = f"{_TABLES}{INDEX};\n{SMALL_PAGES};\n"
