"""From what the archive stores to what a rendering shows."""

from __future__ import annotations

from storage.material import ArticleRef, VersionPair
from storage.versions import VersionRecord
from watcher.core.model import Snapshot
from watcher.render.view import DiffView, Side


def diff_view(article: ArticleRef, pair: VersionPair) -> DiffView:
    """A change between two stored versions, ready to be shown."""
    return DiffView(
        title=pair.new.headline,
        url=article.url,
        before=_side(pair.old, pair.old_snapshot),
        after=_side(pair.new, pair.new_snapshot),
        change=pair.change,
        article_id=article.id,
        story=article.story,
    )


def _side(version: VersionRecord, snapshot: Snapshot) -> Side:
    return Side(snapshot, version.number, version.seen_from, version.seen_until)
