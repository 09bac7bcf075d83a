"""Full extraction against trafilatura alone, in processor time of one core, in turn."""

from __future__ import annotations

import time
from collections.abc import Sequence

import trafilatura

from bench._extraction_pages import Page
from watcher.adapters.page.html import extract_snapshot
from watcher.adapters.workers.allocator import settle_for_pages
from watcher.errors import WatcherError

TARGET = 110
_ROUNDS = 3


def report(pages: Sequence[Page]) -> list[str]:
    """Pages a second of both, and the ratio. The best of three rounds counts.

    The process is settled for pages as those of the extraction pool are.
    """
    settle_for_pages()
    ours, alone = [], []
    for _ in range(_ROUNDS):
        ours.append(_seconds(pages, _extract))
        alone.append(_seconds(pages, _alone))
    own, other = len(pages) / min(ours), len(pages) / min(alone)
    return [
        f"full extraction with metadata and fingerprint: {own:.0f} pages a second and core, "
        f"to reach {TARGET}",
        f"trafilatura alone, fast: {other:.0f}; ratio {own / other:.2f}",
    ]


def _seconds(pages: Sequence[Page], extract: object) -> float:
    start = time.process_time()
    for page in pages:
        extract(page)  # type: ignore[operator]
    return time.process_time() - start


def _extract(page: Page) -> None:
    try:
        extract_snapshot(page.body, page.url, "text/html")
    except WatcherError:
        return


def _alone(page: Page) -> None:
    trafilatura.extract(page.body, fast=True, include_comments=False)
