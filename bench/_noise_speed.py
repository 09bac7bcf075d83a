"""CPU time for "a 200 with only noise": outline and fast fingerprint of a fetched body."""

from __future__ import annotations

import time
from collections.abc import Callable

from selectolax.lexbor import LexborHTMLParser

from watcher.adapters.page.gate.fingerprint import text_fingerprint
from watcher.adapters.page.gate.outline import page_outline

_REPEATS = 5


def speed_report(bodies: list[bytes]) -> list[str]:
    """Milliseconds a page, the best of five on each, and the same of a bare parse."""
    whole = _milliseconds(bodies, lambda body: text_fingerprint(body, "text/html"))
    first = _milliseconds(bodies, lambda body: page_outline(body, "text/html"))
    bare = _milliseconds(bodies, LexborHTMLParser)
    size = sum(map(len, bodies)) / len(bodies) / 1000
    return [
        f"a 200 with only noise, {len(bodies)} pages of {size:.0f} kB, CPU a page, to reach 0.60 "
        f"ms: where the outline tells {first:.2f} ms, by the outline; elsewhere "
        f"{whole:.2f} ms, by the fingerprint, and both at the first three such polls",
        f"a bare parse: {bare:.2f} ms; outline {first / bare:.1f} and fingerprint "
        f"{whole / bare:.1f} of it",
    ]


def _milliseconds(bodies: list[bytes], run: Callable[[bytes], object]) -> float:
    best = [float("inf")] * len(bodies)
    for _ in range(_REPEATS):
        for index, body in enumerate(bodies):
            start = time.thread_time()
            run(body)
            best[index] = min(best[index], time.thread_time() - start)
    return 1000 * sum(best) / len(bodies)
