"""Real posts with all their versions, from the data folder, as pages of a publisher.

The fragments are wrapped in a page: head with JSON-LD, navigation, the text as h1, p, h2 and
lists, a footer. The page tells no modification time, so that nothing but the text (or headline)
says that a version is another one.
"""

from __future__ import annotations

import gzip
import html
import json
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

FILE = Path("page_versions") / "agency_posts.jsonl.gz"
KINDS = {"p": "paragraph", "h": "heading", "li": "list-item"}
TAGS = {"p": "p", "h": "h2"}
NAVIGATION = ("Home", "Topics", "Events", "Guides", "News", "Contact")
FOOTER = ("About this site", "Accessibility", "Privacy policy", "No fear act", "Press office")


@dataclass(frozen=True, slots=True)
class Version:
    """One version as it is served: headline, (kind, text) pairs, the page's bytes."""

    headline: str
    paragraphs: tuple[tuple[str, str], ...]
    page: bytes


@dataclass(frozen=True, slots=True)
class Post:
    """A post and its versions, each differing from the one before in text or headline."""

    name: str
    versions: tuple[Version, ...]


def fold(text: str) -> str:
    """White space folded, in NFC: how two texts are compared."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def load_posts(data: Path, count: int) -> list[Post]:
    """The first posts of the data folder, in the order of its file. Raises OSError without it."""
    with gzip.open(data / FILE, "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    posts: list[Post] = []
    for name, found in groupby(rows, key=lambda row: row["story"]):
        if len(posts) == count:
            break
        history = list(found)
        posts.append(Post(name, tuple(_versions(history))))
    return posts


def _versions(history: list[dict[str, Any]]) -> Iterator[Version]:
    """The versions of a post, those left out that say nothing else than the one before."""
    known = None
    for row in history:
        headline = fold(row["title"] or _title_of(row["story"]))
        pairs = zip(row["kinds"], row["paragraphs"], strict=True)
        paragraphs = tuple((kind, folded) for kind, text in pairs if (folded := fold(text)))
        if (headline, paragraphs) != known:
            known = (headline, paragraphs)
            page = _page(headline, paragraphs, history[0]["time"], row["story"])
            told = tuple((KINDS[kind], text) for kind, text in paragraphs)
            yield Version(headline, told, page)


def _title_of(story: str) -> str:
    """A few versions have no title; a page has one."""
    return story.split("/")[-1].replace("-", " ").strip().capitalize()


def _page(
    headline: str, paragraphs: tuple[tuple[str, str], ...], published: str, story: str
) -> bytes:
    facts = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": headline,
        "datePublished": published,
        "author": {"@type": "Organization", "name": "The agency's press office"},
    }
    # "</" would end the script; JSON may write it with a backslash.
    linked = json.dumps(facts).replace("</", "<\\/")
    title = html.escape(headline)
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title} | Agency'
        f'</title><meta property="og:title" content="{title}"><meta property="og:type"'
        f' content="article"><script type="application/ld+json">{linked}</script></head><body>'
        f"<header><nav><ul>{_links(NAVIGATION)}</ul></nav></header><main><article>"
        f'<h1>{title}</h1><div class="entry-content">{_body(paragraphs)}</div></article></main>'
        f"<footer><ul>{_links(FOOTER)}</ul><p>Reference {html.escape(story)}</p></footer>"
        "</body></html>\n"
    ).encode()


def _links(names: tuple[str, ...]) -> str:
    return "".join(f'<li><a href="/{n}">{name}</a></li>' for n, name in enumerate(names))


def _body(paragraphs: tuple[tuple[str, str], ...]) -> str:
    pieces = []
    for is_list, run in groupby(paragraphs, key=lambda pair: pair[0] == "li"):
        if is_list:
            items = "".join(f"<li>{html.escape(text)}</li>\n" for _, text in run)
            pieces.append(f"<ul>\n{items}</ul>\n")
        else:
            pieces.extend(f"<{TAGS[k]}>{html.escape(text)}</{TAGS[k]}>\n" for k, text in run)
    return "".join(pieces)
