"""Columns that are NULL while another row says the same: part of the first migration.

Nearly every capture was asked for at its article's address, and nearly every event says what its
change and article say. Should these get other values, what they said is written down first, so
that facts stay as they were.
"""

from __future__ import annotations

_ARTICLE_RENAMED = """
CREATE TRIGGER article_renamed BEFORE UPDATE OF url, story_id ON article
BEGIN
  UPDATE capture SET url = OLD.url WHERE article_id = OLD.id AND url IS NULL;
  UPDATE event SET url = coalesce(url, OLD.url),
    story = coalesce(story, (SELECT name FROM story WHERE id = OLD.story_id))
  WHERE article_id = OLD.id;
END
"""

_CHANGE_REPLACED = """
CREATE TRIGGER change_replaced BEFORE DELETE ON change
BEGIN
  UPDATE event SET summary = OLD.sentence WHERE version_id = OLD.version_id AND summary IS NULL
    AND article_id = (SELECT article_id FROM version WHERE id = OLD.version_id);
END
"""

TRIGGERS = (_ARTICLE_RENAMED, _CHANGE_REPLACED)
