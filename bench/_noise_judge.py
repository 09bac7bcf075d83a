"""What the gate makes of a page's mutations: the fingerprint first, then the whole extraction."""

from __future__ import annotations

import re
import time
from collections import Counter
from dataclasses import dataclass, field
from random import Random
from typing import Literal

from bench._extraction_pages import Page
from bench._noise_anywhere import Anywhere
from bench._noise_inside import Inside, told_mutations
from bench._noise_outside import Outside
from bench._noise_source import Source, Span, letters_of
from watcher.adapters.page.gate.fingerprint import read_page_text, text_fingerprint
from watcher.adapters.page.gate.outline import is_outline_sure, page_outline
from watcher.adapters.page.html import extract_snapshot
from watcher.adapters.page.source.charset import decode_html
from watcher.adapters.page.times.isotime import iso_time
from watcher.core.model import Extraction, Snapshot
from watcher.core.text import snapshot_digest
from watcher.errors import ExtractionFailed, NotAnArticle

_TIME = re.compile(
    r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?: ?(?:Z|[+-]\d\d:?\d\d))?)?"
)
_MARKS = re.compile(
    r"<(?:meta|time)\b[^>]*>|<script[^>]*ld\+json.*?</script", re.DOTALL | re.IGNORECASE
)
UTF_8 = "text/html; charset=utf-8"
Group = Literal["inside", "outside", "anywhere"]
Verdict = Literal["version", "same", "refused"]


@dataclass(frozen=True)
class Judged:
    """One mutation: what the gate said, and whether the extraction takes the text it is in."""

    page: str
    kind: str
    group: Group
    passed: bool
    """True if outline and fingerprint differ or there are none: the page is extracted."""
    outlined: bool
    """True if the outline alone told that it is the same page."""
    cost: float
    """Seconds of processor time of the gate that told, or of the fingerprint if none did."""
    verdict: Verdict
    """What the extraction says of it, whether the gate lets it come to that or not."""
    taken: bool
    context: str


@dataclass
class PageResult:
    """A page's mutations, or why it has none."""

    page: str
    judged: list[Judged] = field(default_factory=list)
    refused: str = ""
    without_fingerprint: str = ""
    found: int = 0
    paragraphs: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    """Why paragraphs of the truth were not mutated."""
    without_room: Counter[tuple[Group, str]] = field(default_factory=Counter)
    """Mutations that the page gave no room for."""


def judge_page(page: Page, rounds: int, seed: int) -> PageResult:
    """Mutate a page `rounds` times in every way it gives room for."""
    result = PageResult(page.name)
    html = decode_html(page.body, None)
    try:
        known = extract_snapshot(html.encode(), page.url, UTF_8)
    except (NotAnArticle, ExtractionFailed) as error:
        result.refused = str(error)
        return result
    if known.fingerprint is None:
        result.without_fingerprint = _why_none(html, known.snapshot)
    source = Source(html)
    texts = [line for text in page.truth for line in text.split("\n") if line.strip()]
    spans = source.paragraphs(texts)
    result.found, result.paragraphs = len(spans), len(texts)
    result.skipped.update(filter(None, map(source.why_not, texts)))
    if not spans:
        return result
    headlines = source.headlines(known.snapshot.headline)
    article = (min(s.start for s in (*spans, *headlines)), max(span.end for span in spans))
    notices = source.paragraphs([notice.text for notice in known.snapshot.notices])
    inside = Inside(source, spans, headlines, notices)
    outside = Outside(source, article, _taken(known.snapshot))
    told = _told(html, known.snapshot)
    taken = "\n".join(letters_of(p.text) for p in known.snapshot.paragraphs)
    judge = _Judge(page, html, known)
    for number in range(rounds):
        random = Random(f"{seed}/{page.name}/{number}")
        for kind, mutated, place in inside.all(random):
            is_taken = kind.startswith(("headline", "notice")) or _is_taken(
                place, spans, source, taken
            )
            result.judged.append(judge(kind, mutated, place, "inside", is_taken))
        for kind, mutated, place in told_mutations(html, told, random):
            result.judged.append(judge(kind, mutated, place, "inside", True))
        result.without_room.update(("inside", kind) for kind, texts in told.items() if not texts)
        for kind, mutated, place in outside.all(random):
            result.judged.append(judge(kind, mutated, place, "outside", False))
        for kind, mutated, place in Anywhere(html).all(random):
            result.judged.append(judge(kind, mutated, place, "anywhere", False))
    counts: dict[Group, Counter[str]] = {
        "inside": inside.without_room,
        "outside": outside.without_room,
    }
    for group, counted in counts.items():
        result.without_room.update({(group, kind): n for kind, n in counted.items()})
    return result


def _is_taken(place: int, spans: list[Span], source: Source, taken: str) -> bool:
    """Whether the extraction takes the paragraph at a place of the source, or next to it."""
    nearest = min(spans, key=lambda s: max(s.start - place, place - s.end, 0))
    return letters_of(source.text(nearest)) in taken


class _Judge:
    """Puts mutations of one page through the gate."""

    def __init__(self, page: Page, html: str, known: Extraction) -> None:
        self._page = page
        self._html = html
        self._fingerprint = known.fingerprint
        self._digest = snapshot_digest(known.snapshot)
        body = html.encode()
        self._outline = page_outline(body, UTF_8) if is_outline_sure(body) else None

    def __call__(self, kind: str, mutated: str, place: int, group: Group, taken: bool) -> Judged:
        body = mutated.encode()
        began = time.thread_time()
        outline = page_outline(body, UTF_8)
        outlined = None not in (outline, self._fingerprint) and outline == self._outline
        if not outlined:
            # a page on which it never tells has none made after the first polls
            began = time.thread_time()
        found = self._fingerprint if outlined else text_fingerprint(body, UTF_8)
        cost = time.thread_time() - began
        passed = found is None or found != self._fingerprint
        try:
            snapshot = extract_snapshot(body, self._page.url, UTF_8).snapshot
            same = snapshot_digest(snapshot) == self._digest
            verdict: Verdict = "same" if same else "version"
        except (NotAnArticle, ExtractionFailed):
            verdict = "refused"
        if group == "outside":
            pairs = enumerate(zip(self._html, mutated, strict=False))
            place = next((i for i, (a, b) in pairs if a != b), 0)
        context = " ".join(mutated[max(0, place - 60) : place + 60].split())
        return Judged(self._page.name, kind, group, passed, outlined, cost, verdict, taken, context)


def _taken(snapshot: Snapshot) -> str:
    """The letters of all that a snapshot says, so that noise is not put into it."""
    told = [snapshot.headline, snapshot.byline or "", *(p.text for p in snapshot.paragraphs)]
    return "\n".join(letters_of(text) for text in told)


def _told(html: str, snapshot: Snapshot) -> dict[str, frozenset[str]]:
    """The texts of the page that its snapshot's times and first author may come from."""
    marks = "".join(match[0] for match in _MARKS.finditer(html))
    times = {text: iso_time(text) for text in _TIME.findall(marks)}
    name = (snapshot.byline or "").split(", ")[0]
    told = {
        "published: a digit": {t for t, v in times.items() if v and v == snapshot.published},
        "modified: a digit": {t for t, v in times.items() if v and v == snapshot.modified},
        "byline: a letter": {name} if name else set(),
    }
    return {kind: frozenset(texts) for kind, texts in told.items()}


def _why_none(html: str, snapshot: Snapshot) -> str:
    seen = read_page_text(html.encode(), UTF_8)
    if seen is None:
        return "too odd for the fast parse"
    for paragraph in snapshot.paragraphs:
        if not seen.covers([paragraph.text], []):
            return f"the fast parse does not see the text {paragraph.text[:70]!r}"
    return "the fast parse does not see where a notice or the metadata come from"
