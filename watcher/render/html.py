"""A change as one self-contained HTML file: no script, no request, nothing from the page raw."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Iterator
from hashlib import sha256
from html import escape
from itertools import groupby
from urllib.parse import urlsplit

from watcher.core.compare import describe
from watcher.core.model import METADATA, Edit, Word
from watcher.core.text import printable
from watcher.render.labels import (
    MARKS,
    directions,
    joints,
    label,
    notice_name,
    unchanged,
    versions,
    window,
)
from watcher.render.style import CSS
from watcher.render.view import DiffView

# Nothing may load, run, submit or frame, whatever slipped through; the style is named by digest.
_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; style-src 'sha256-{}'"


def to_html(view: DiffView) -> str:
    """A whole HTML document. All page text is escaped and free of control characters."""
    digest = b64encode(sha256(CSS.encode()).digest()).decode()
    title = _safe(view.title) or "Article"
    parts = [
        "<!doctype html>",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY.format(digest)}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="referrer" content="no-referrer">',
        '<meta name="color-scheme" content="light dark">',
        f"<title>Changes: {title}</title>",
        f"<style>{CSS}</style>",
        "</head>",
        "<body>",
        *_header(view, title),
        '<main id="changes">',
        *_edits(view),
        "</main>",
        "</body>",
        "</html>",
    ]
    return "".join(f"{part}\n" for part in parts)


def _header(view: DiffView, title: str) -> Iterator[str]:
    yield "<header>"
    yield f'<h1 dir="auto">{title}</h1>'
    yield f"<p class=about>{_link(view.url)}</p>" if view.url else ""
    told = [each for each in (versions(view), window(view)) if each]
    if view.story:
        told.insert(0, f"story {view.story}")
    yield f"<p class=about>{_safe(', '.join(told))}</p>" if told else ""
    yield f"<p class=summary>{_safe(describe(view.change))}</p>"
    fields: dict[str, tuple[str | None, str | None]] = {}
    if view.change.headline:
        fields["headline"] = view.change.headline
    fields |= view.change.metadata
    same = [(name, getattr(view.after.snapshot, name)) for name in METADATA]
    kept = [f"{name} {value}" for name, value in same if value and name not in fields]
    yield f'<p class=about dir="auto">{_safe("; ".join(kept))}</p>' if kept else ""
    notices = [(notice_name(n), n.old, n.new) for n in view.change.notices]
    if fields or notices:
        yield "<dl>"
        for name, (old, new) in fields.items():
            yield (
                f'<dt>{_safe(name)}</dt><dd dir="auto"><del>{_safe(old or "none")}</del> '
                f"<ins>{_safe(new or 'none')}</ins></dd>"
            )
        for name, old, new in notices:
            sides = [f"<del>{_safe(old)}</del>"] if old else []
            sides += [f"<ins>{_safe(new)}</ins>"] if new else []
            yield f'<dt>{_safe(name)}</dt><dd dir="auto">{" ".join(sides)}</dd>'
        yield "</dl>"
    yield "</header>"


def _link(url: str) -> str:
    name = _safe(url)
    try:
        publisher = urlsplit(url).hostname if urlsplit(url).scheme in ("http", "https") else None
    except ValueError:
        publisher = None
    if publisher is None:
        return name
    return f'{_safe(publisher)}: <a href="{name}" rel="noreferrer noopener">{name}</a>'


def _edits(view: DiffView) -> Iterator[str]:
    ways = directions(view.change.edits)
    texts = view.after.snapshot.paragraphs
    for folded, run in groupby(view.change.edits, key=lambda e: e.op == "equal" and not e.moved):
        if not folded:
            yield from (_edit(edit, ways.get(edit.new, "")) for edit in run)
            continue
        edits = list(run)
        yield f"<details><summary>{unchanged(len(edits))}</summary>"
        yield from (f'<p dir="auto">{_safe(texts[edit.new[0]].text)}</p>' for edit in edits)
        yield "</details>"


def _edit(edit: Edit, way: str) -> str:
    mark, told = escape(MARKS[edit.op]), _safe(label(edit, way))
    one_to_one = len(edit.old) == len(edit.new) == 1
    place = f"paragraph {edit.new[0] + 1}: " if one_to_one else ""
    shown = f"<mark>{told}</mark>" if edit.moved else told
    return (
        f'<section class="{edit.op}" aria-label="{place}{told}">'
        f"<p class=label><span aria-hidden=true>{mark}</span> {place}{shown}</p>"
        f'<p dir="auto">{"".join(_words(joints(edit.words)))}</p></section>'
    )


def _words(steps: Iterable[Word]) -> Iterator[str]:
    for op, text in steps:
        if op == 0:
            yield "<br>".join(_safe(line) for line in text.split("\n"))
            continue
        # A paragraph's end that came breaks the line, one that went no longer does.
        tag, end = ("ins", "¶</ins><br><ins>") if op > 0 else ("del", "¶ ")
        shown = end.join(_safe(line) for line in text.split("\n"))
        yield f"<{tag}>{shown}</{tag}>".replace("<ins></ins>", "")


def _safe(text: str) -> str:
    return escape(printable(text))
