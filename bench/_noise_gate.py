"""CPU time of all gates of a poll together, over polls of pages that change in noise alone."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from random import Random

from bench._extraction_pages import Page
from bench._noise_judge import UTF_8, _taken
from bench._noise_outside import Outside
from bench._noise_source import Source
from watcher.adapters.page.gate.fastgates import FastGates
from watcher.adapters.page.html import extract_snapshot
from watcher.adapters.page.source.charset import decode_html
from watcher.core.decision import ArticleState, LatestVersion
from watcher.core.model import Capture, Extraction
from watcher.core.quarantine import PageMemory
from watcher.core.sites import Sites
from watcher.gates import REFUTED, UNPROVED, VAIN, look_at

_URL = "https://page.example/a"
_POLLS = 10
_REPEATS = 3
_SHARE = 27
_NOW = datetime(2026, 1, 1, tzinfo=UTC)


class _Extractor(FastGates):
    """The service's gates, with the extraction in this process."""

    async def extract(self, body: bytes, url: str, content_type: str | None) -> Extraction:
        return await asyncio.to_thread(extract_snapshot, body, url, content_type)


def gate_report(pages: list[Page]) -> list[str]:
    """Milliseconds a poll over every kind of noise outside of an article, ten polls in a row of
    each kind, on every twenty-seventh page."""
    chosen = [page for page in pages[::_SHARE] if isinstance(page.extraction, Extraction)]
    told: Counter[str] = Counter()
    spent = sum(asyncio.run(_polls(page, told)) for page in chosen)
    count = told["outline"] + told["fingerprint"]
    return [
        f"the whole gate, body's digest included, over {count} such polls of {len(chosen)} pages, "
        f"{_POLLS} in a row of each kind of noise: {1000 * spent / max(1, count):.2f} ms; told by "
        f"the outline: {100 * told['outline'] / max(1, count):.0f} %",
    ]


async def _polls(page: Page, told: Counter[str]) -> float:
    """Seconds of processor time of the polls at which a gate told that the page is the same."""
    html = decode_html(page.body, None)
    found = page.extraction
    source = Source(html)
    places = source.paragraphs([line for text in page.truth for line in text.split("\n")])
    if not isinstance(found, Extraction) or found.fingerprint is None or not places:
        return 0.0
    article = (min(span.start for span in places), max(span.end for span in places))
    noise = Outside(source, article, _taken(found.snapshot))
    extractor, sites = _Extractor(), Sites()
    first = (await look_at(_article(None), _capture(html), extractor, sites)).memory
    first = replace(first, fingerprint=extractor.fingerprint(html.encode(), UTF_8))
    memories: dict[str, PageMemory] = {}
    spent = 0.0
    for number in range(_POLLS):
        for kind, mutated, _ in noise.all(Random(f"{page.name}/{number}")):
            capture = _capture(mutated)
            known = memories.get(kind, first)
            cost = float("inf")
            for _ in range(_REPEATS):
                began = time.process_time()
                look = await look_at(_article(known), capture, extractor, sites)
                cost = min(cost, time.process_time() - began)
            memories[kind] = look.memory
            if look.page is None:
                # the extraction tells the fingerprint of what it read
                read = extractor.fingerprint(capture.body, UTF_8)
                memories[kind] = replace(look.memory, fingerprint=read)
                continue
            spent += cost
            # proved outlines have no mark before them: see gates.py
            outline = look.memory.outline or UNPROVED
            told["fingerprint" if outline[0] in (UNPROVED, REFUTED, VAIN) else "outline"] += 1
    return spent


def _capture(html: str) -> Capture:
    headers = (("content-type", UTF_8),)
    return Capture(_NOW, _URL, _URL, 200, headers, html.encode())


def _article(memory: PageMemory | None) -> ArticleState:
    latest = LatestVersion(1, 1, "", "", "") if memory else None
    seen = memory or PageMemory()
    return ArticleState(1, _URL, "", 60.0, _NOW, 1, "live", 0, 0, latest, seen)
