"""Pairs of one page saved twice, which people judged: must there be a version?"""

from __future__ import annotations

from pathlib import Path

from watcher.adapters.page.gate.fingerprint import text_fingerprint
from watcher.adapters.page.html import extract_snapshot
from watcher.core.compare import compare
from watcher.core.model import Snapshot
from watcher.core.text import snapshot_digest
from watcher.errors import ExtractionFailed, NotAnArticle


def pairs_report(folder: Path) -> list[str]:
    """A line a pair."""
    lines = []
    for first in sorted(folder.glob("*-a.html")):
        name = first.stem.removesuffix("-a")
        bodies = [first.read_bytes(), first.with_name(f"{name}-b.html").read_bytes()]
        wanted = "a version" if name.startswith("truepos") else "no version"
        found, why = _judge(bodies)
        lines.append(f"{'ok   ' if found == wanted else 'WRONG'} {name}: {found}{why}")
    return lines


def _judge(bodies: list[bytes]) -> tuple[str, str]:
    prints = {text_fingerprint(body, "text/html") for body in bodies}
    if len(prints) == 1 and None not in prints:
        return "no version", ", by the fingerprint"
    found = [_snapshot(body) for body in bodies]
    texts = [text for text in found if isinstance(text, str)]
    if texts:
        return "no version", f", as one is no article: {texts[0][:80]}"
    old, new = (snapshot for snapshot in found if isinstance(snapshot, Snapshot))
    if snapshot_digest(old) == snapshot_digest(new):
        return "no version", ", by the extraction"
    change = compare(old, new)
    counts = ", ".join(f"{n} {op}" for op, n in change.summary.items() if n and op != "equal")
    told = ", ".join(
        filter(None, [counts, *change.metadata, "headline" if change.headline else ""])
    )
    return "a version", f": {told}"


def _snapshot(body: bytes) -> Snapshot | str:
    try:
        return extract_snapshot(body, "https://page.example/a", "text/html").snapshot
    except (NotAnArticle, ExtractionFailed) as error:
        return str(error)
