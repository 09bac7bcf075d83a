"""A change as one self-contained HTML file: no script, no request, nothing from the page raw."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from datetime import datetime
from hashlib import sha256
from html import escape
from itertools import groupby
from urllib.parse import urlsplit

from watcher.core.compare import describe
from watcher.core.model import METADATA, Change, Edit, Word
from watcher.core.text import printable
from watcher.core.times import to_text
from watcher.render.labels import (
    MARKS,
    Labels,
    clock,
    for_reading,
    link_name,
    notice_name,
    told_apart,
    unchanged,
    versions,
    window,
)
from watcher.render.meaning import not_looked_for, rest, shown, told_first
from watcher.render.style import CSS
from watcher.render.unseen import seen_apart
from watcher.render.view import DiffView

# Nothing may load, run, submit or frame, whatever slipped through; the style is named by digest.
_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; style-src 'sha256-{}'"


# More links than this would push the changes themselves out of sight: they are folded.
_MOST_LINKS = 12

# What a page calls its language goes into an attribute only if it is a tag of BCP 47.
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")


def to_html(view: DiffView) -> str:
    """A whole HTML document. All page text is escaped and free of control characters."""
    digest = b64encode(sha256(CSS.encode()).digest()).decode()
    title = _safe(view.title) or "Article"
    labels = Labels(view.change)
    shown = [edit for edit in view.change.edits if not labels.is_folded(edit)]
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
        '<body id="top">',
        "<header>",
        f"<h1{_text(view)}>{title}</h1>",
        *_about(view),
        *_fields(view),
        "</header>",
        *_links([_told(edit, labels) for edit in shown]),
        '<main id="changes">',
        *_edits(view, labels, len(shown)),
        "</main>",
        "</body>",
        "</html>",
    ]
    return "".join(f"{part}\n" for part in parts if part)


def _about(view: DiffView) -> Iterator[str]:
    """Who published what, in which story, and when it was seen."""
    change, sides = view.change, (view.after.snapshot, view.before.snapshot)
    publisher = next((side.publisher for side in sides if side.publisher), None)
    told = [_safe(publisher)] if publisher else []
    told += [_link(view.url, with_host=not publisher)] if view.url else []
    yield f'<p class="about" dir="auto">{": ".join(told)}</p>' if told else ""
    yield f'<p class="about">story {_safe(view.story)}</p>' if view.story else ""
    for side in (view.before, view.after):
        if side.version is not None and side.seen_from and side.seen_until:
            seen = f"seen from {_time(side.seen_from)} until {_time(side.seen_until)}"
            yield f'<p class="about">version {side.version}: {seen}</p>'
    when = [each for each in (versions(view), window(view)) if each]
    yield f'<p class="about">{_safe(", ".join(when))}</p>' if when else ""
    yield f'<p class="summary">{_safe(describe(change))}</p>'
    yield from _meaning(change)
    same = [(name, getattr(sides[0], name)) for name in METADATA if name != "publisher"]
    kept = [f"{name} {value}" for name, value in same if value and name not in change.metadata]
    yield f'<p class="about" dir="auto">{_safe("; ".join(kept))}</p>' if kept else ""


def _meaning(change: Change) -> Iterator[str]:
    """Weight, sentence, findings, and what could not be looked for."""
    if told_first(change):
        yield f'<p class="meaning">{_safe(told_first(change))}</p>'
    rows = [(f"{each.weight}, {each.kind}", each.sentence) for each in shown(change)]
    if rows:
        yield '<ul class="findings">'
        yield from (f"<li><b>{_safe(kind)}</b>: {_safe(said)}</li>" for kind, said in rows)
        yield "</ul>"
    for line in (rest(change), not_looked_for(change)):
        yield f'<p class="about">{_safe(line)}</p>' if line else ""


def _fields(view: DiffView) -> Iterator[str]:
    """Headline, metadata and notices that changed."""
    change = view.change
    rows: list[tuple[str, str, str]] = []
    if change.headline:
        old, new = (text or "none" for text in change.headline)
        rows.append(("headline", _text(view), _both(old, new)))
    for name, (before, after) in change.metadata.items():
        pair = seen_apart(before or "none", after or "none")
        rows.append((name, ' dir="auto"', _whole(*pair)))
    for notice in change.notices:
        rows.append((notice_name(notice), _text(view), _both(notice.old, notice.new)))
    for link in change.links:
        rows.append((link_name(link), _text(view), _whole(*link.urls)))
    if rows:
        yield "<dl>"
        yield from (f"<dt>{_safe(name)}</dt><dd{said}>{row}</dd>" for name, said, row in rows)
        yield "</dl>"


def _both(old: str | None, new: str | None) -> str:
    steps = told_apart(old, new)
    return "".join(_words(steps)) if steps else _whole(old, new)


def _whole(old: str | None, new: str | None) -> str:
    sides = [f"<del>{_safe(old)}</del>"] if old is not None else []
    sides += [f"<ins>{_safe(new)}</ins>"] if new is not None else []
    return " ".join(sides)


def _text(view: DiffView) -> str:
    """The attributes of an element that holds words of the article."""
    language = view.after.snapshot.language or ""
    known = f' lang="{language}"' if _LANGUAGE.fullmatch(language) else ""
    return f' dir="auto"{known}'


def _time(when: datetime) -> str:
    return f'<time datetime="{to_text(when)}">{clock(when)}</time>'


def _link(url: str, *, with_host: bool) -> str:
    name = _safe(url)
    try:
        host = urlsplit(url).hostname if urlsplit(url).scheme in ("http", "https") else None
    except ValueError:
        host = None
    if host is None:
        return name
    lead = f"{_safe(host)}: " if with_host else ""
    return f'{lead}<a href="{name}" rel="noreferrer noopener">{name}</a>'


def _links(titles: list[str]) -> Iterator[str]:
    """From the top to each change."""
    if len(titles) < 2:
        return
    is_open = " open" if len(titles) <= _MOST_LINKS else ""
    yield f'<nav aria-label="Changes"><details{is_open}>'
    yield f"<summary>{len(titles)} changes in the text</summary><ol>"
    for number, title in enumerate(titles, 1):
        yield f'<li><a href="#change-{number}">{title}</a></li>'
    yield "</ol></details></nav>"


def _edits(view: DiffView, labels: Labels, count: int) -> Iterator[str]:
    texts = view.after.snapshot.paragraphs
    number = 0
    for folded, run in groupby(view.change.edits, key=labels.is_folded):
        edits = list(run)
        if folded:
            yield f"<details><summary>{unchanged(len(edits))}</summary>"
            for edit in edits:
                yield f"<p{_text(view)}>{_safe(texts[edit.new[0]].text)}</p>"
            yield "</details>"
            continue
        for edit in edits:
            number += 1
            shown = "".join(_words(for_reading(edit.words)))
            yield (
                f'<article class="{edit.op}" id="change-{number}">'
                f'<h2><span aria-hidden="true">{escape(MARKS[edit.op])}</span> '
                f"{_title(edit, labels)}</h2>{_onward(number, count)}"
                f"<p{_text(view)}>{shown}</p></article>"
            )


def _title(edit: Edit, labels: Labels) -> str:
    told = _told(edit, labels)
    return f"<mark>{told}</mark>" if edit.moved else told


def _told(edit: Edit, labels: Labels) -> str:
    one_to_one = len(edit.old) == len(edit.new) == 1
    return _safe((f"paragraph {edit.new[0] + 1}: " if one_to_one else "") + labels.text(edit))


def _onward(number: int, count: int) -> str:
    """The way to the next change for those who use the keyboard."""
    if count < 2:
        return ""
    if number == count:
        return '<p class="onward"><a href="#top">back to the top</a></p>'
    return f'<p class="onward"><a href="#change-{number + 1}">next change</a></p>'


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
