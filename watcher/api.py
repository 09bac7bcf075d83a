"""The library face: extract, align, compare, open an archive. No configuration, no network."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from storage.archive import Archive
from storage.search import Found, Hit
from storage.timeline import Entry, Timeline
from watcher.core.align import align
from watcher.core.compare import compare as compare_texts
from watcher.core.findings.find import Rulebook
from watcher.core.model import Change, Edit, Finding, Link, LinkChange, Paragraph, Snapshot, Span
from watcher.core.notices import find_notices
from watcher.core.phrases import Phrases
from watcher.core.times import to_text

__all__ = [
    "Archive", "Change", "Edit", "Entry", "Finding", "Found", "Hit", "Link", "LinkChange",
    "Paragraph", "Snapshot", "Span", "Timeline",
    "align", "compare", "extract", "open_archive", "snapshot",
]  # fmt: skip


def extract(html: bytes, url: str) -> Snapshot:
    """The article in a page.

    `html` is the page as bytes (its charset is found from BOM, meta or content), `url` its
    address. Raises NotAnArticle if the page holds no article, ExtractionFailed if the extractor
    fails, TypeError for text instead of bytes.
    """
    if not isinstance(html, bytes):
        raise TypeError("html must be bytes as they came from the server; encode a text as UTF-8")
    from watcher.adapters.page.html import extract_snapshot

    return extract_snapshot(html, url, None).snapshot


def compare(old: Snapshot, new: Snapshot) -> Change:
    """The change from `old` to `new`, with its findings by the shipped rules and word lists.

    The language is that of the snapshots; where they name none it is guessed from their text.
    """
    return _shipped_rulebook().find(old, new, compare_texts(old, new))


def snapshot(
    paragraphs: Sequence[tuple[str, str]],
    *,
    headline: str = "",
    byline: str | None = None,
    published: str | datetime | None = None,
    modified: str | datetime | None = None,
    url: str = "",
    language: str | None = None,
) -> Snapshot:
    """A snapshot from (kind, text) pairs, without HTML. Texts are kept as they are.

    `language` is a BCP 47 tag; without one, the notices of all languages are looked for.
    """
    return Snapshot(
        headline=headline,
        byline=byline,
        published=_time(published),
        modified=_time(modified),
        paragraphs=tuple(Paragraph(kind, text) for kind, text in paragraphs),
        url=url,
        language=language,
        notices=find_notices(paragraphs, language, _shipped_phrases()),
    )


def _time(value: str | datetime | None) -> str | None:
    return to_text(value) if isinstance(value, datetime) else value


def _shipped_phrases() -> Phrases:
    from config.phrases import shipped_phrases

    return shipped_phrases()


def _shipped_rulebook() -> Rulebook:
    from config.lexicons import shipped_lexicons

    return Rulebook(shipped_lexicons())


def open_archive(path: str | Path) -> Archive:
    """Opens an archive read-only. Raises StorageError if it cannot be read."""
    return Archive(Path(path), _shipped_rulebook)
