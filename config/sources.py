"""What the feeds and sitemaps of a configuration must say together with the rest of it."""

from __future__ import annotations

from config.document import Document
from config.faults import Faults
from config.words import nearest, quote
from watcher.core.urls import url_key

KINDS = ("feed", "sitemap")


def check_sources(document: Document, faults: Faults) -> None:
    """Each names a story that there is and something to look for, and stands once for a story."""
    stories = [table.get("name") for _, table in document.tables("story")]
    known = tuple(name for name in stories if isinstance(name, str))
    first: dict[tuple[str, str], str] = {}
    for kind in KINDS:
        for number, table in document.tables(kind):
            place = (kind, number)
            story, url = table.get("story"), table.get("url")
            if isinstance(story, str) and story not in known:
                told = nearest(story, known) if known else "no [[story]] is configured"
                text = f"names an unknown story {quote(story)}; {told}"
                faults.add((*place, "story"), f'"story" in {document.label(place)} {text}')
            if not table.get("words") and "pattern" not in table:
                faults.add(
                    place,
                    f'{document.label(place)} says nothing to look for; give it "words" or a'
                    ' "pattern"',
                )
            if isinstance(story, str) and isinstance(url, str):
                _check_once(document, place, (_key(url), story), first, faults)


def _check_once(
    document: Document,
    place: tuple[str, int],
    identity: tuple[str, str],
    first: dict[tuple[str, str], str],
    faults: Faults,
) -> None:
    line = document.lines.line((*place, "url"))
    known = first.setdefault(identity, f"{document.path}:{line}")
    if known != f"{document.path}:{line}":
        faults.add(
            (*place, "url"),
            f'"url" in {document.label(place)} is looked at for this story already ({known}); put'
            " all that is looked for into one of them",
        )


def _key(url: str) -> str:
    try:
        return url_key(url)
    except ValueError:
        return url
