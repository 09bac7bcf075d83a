"""What must hold after bench/replay.py: checked from outside, with as little of ours as possible.

Hard properties end the benchmark with exit status 1. Losses of the extraction are told apart:
the text that is stored is compared with the text that was served, paragraph by paragraph.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any

from bench._posts import Post, Version, fold
from bench._replay_servers import Receiver
from watcher.api import Archive, Snapshot, open_archive


@dataclass(slots=True)
class Findings:
    """Counts of what was checked, and one line for each fault."""

    counts: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    losses: list[str] = field(default_factory=list)

    def require(self, holds: bool, name: str, fault: str) -> None:
        """Counts a property that holds; notes one that does not."""
        self.counts[name if holds else f"NOT {name}"] += 1
        if not holds:
            self.faults.append(fault)


def check_all(
    posts: Sequence[Post], urls: list[str], database: Path, receiver: Receiver
) -> Findings:
    """Checks the whole archive and all that was received."""
    findings = Findings()
    by_article = _received(receiver)
    with open_archive(database) as archive, closing(_readonly(database)) as raw:
        for name in ("integrity_check", "foreign_key_check"):
            told = raw.execute(f"PRAGMA {name}").fetchall()
            findings.require(told in ([], [("ok",)]), f"{name} clean", f"{name}: {told[:3]}")
        for post, url in zip(posts, urls, strict=True):
            article = archive.article(url).id
            stored = _check_versions(post, article, archive, raw, findings)
            _check_changes(post, article, archive, findings)
            _check_events(post, article, stored, archive, by_article.get(article, []), findings)
    findings.require(
        receiver.invalid == 0, "all signatures valid", f"{receiver.invalid} invalid signatures"
    )
    findings.require(
        receiver.altered == 0, "repeated events identical", f"{receiver.altered} altered repeats"
    )
    return findings


def _readonly(database: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)


def _received(receiver: Receiver) -> dict[int, list[tuple[str, dict[str, Any]]]]:
    by_article: dict[int, list[tuple[str, dict[str, Any]]]] = {}
    for identity, message in receiver.messages.items():
        by_article.setdefault(message["data"]["article"]["id"], []).append((identity, message))
    return by_article


def _check_versions(
    post: Post, article: int, archive: Archive, raw: sqlite3.Connection, findings: Findings
) -> int:
    """Every served version stored exactly once and in order, and nothing else; by body digest."""
    bodies = [
        row[0]
        for row in raw.execute(
            "SELECT lower(hex(c.body_digest)) FROM version v JOIN capture c ON c.id = v.capture_id"
            " WHERE v.article_id = ? ORDER BY v.number",
            (article,),
        )
    ]
    served = [sha256(version.page).hexdigest() for version in post.versions]
    matched = 0
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, served, bodies, autojunk=False).get_opcodes():
        if tag == "equal":
            matched += i2 - i1
            for i, j in zip(range(i1, i2), range(j1, j2), strict=True):
                record = archive.versions(article)[j]
                _check_text(post, i, post.versions[i], archive.snapshot(record.id), findings)
            continue
        if i2 > i1:
            findings.counts["versions lost"] += i2 - i1
            findings.faults.append(f"{post.name}: versions {i1 + 1} to {i2} of the post are lost")
        if j2 > j1:
            findings.counts["versions unexpected"] += j2 - j1
            findings.faults.append(f"{post.name}: stored versions {j1 + 1} to {j2} are unexpected")
    findings.counts["versions served"] += len(served)
    findings.counts["versions stored once, in order"] += matched
    return len(bodies)


def _check_text(
    post: Post, index: int, served: Version, stored: Snapshot, findings: Findings
) -> None:
    """Compares what was extracted with what was served; differences are losses, not faults."""
    kept = tuple((kind, fold(text)) for kind, text in stored.paragraphs)
    texts = [text for _, text in served.paragraphs], [text for _, text in kept]
    findings.counts["paragraphs served"] += len(texts[0])
    if fold(stored.headline) != _visible(served.headline):
        findings.counts["headlines that differ"] += 1
        findings.losses.append(
            f"{post.name} {index + 1}: headline {stored.headline!r} for {served.headline!r}"
        )
    if kept == served.paragraphs:
        findings.counts["versions with exactly the served paragraphs"] += 1
        return
    if kept == tuple((kind, _visible(text)) for kind, text in served.paragraphs):
        findings.counts["versions alike but for invisible characters"] += 1
        return
    if texts[0] == texts[1]:
        findings.counts["versions with other kinds only"] += 1
    else:
        findings.counts["versions with other text"] += 1
    for tag, i1, i2, j1, j2 in SequenceMatcher(
        None, served.paragraphs, kept, autojunk=False
    ).get_opcodes():
        if tag != "equal":
            findings.counts["paragraphs served that differ"] += i2 - i1
            findings.counts["paragraphs stored that differ"] += j2 - j1
            findings.losses.append(
                f"{post.name} {index + 1}: {_shown(served.paragraphs[i1:i2])}"
                f" stored as {_shown(kept[j1:j2])}"
            )


def _visible(text: str) -> str:
    """Without zero-width spaces, byte order marks and soft hyphens, which are never kept."""
    return fold("".join(char for char in text if char not in "\u200b\u2060\ufeff\u00ad"))


def _shown(paragraphs: Sequence[tuple[str, str]]) -> str:
    if not paragraphs:
        return "nothing"
    shown = [f"{kind} {text if len(text) < 72 else text[:70] + '…'!r}" for kind, text in paragraphs]
    return " + ".join(shown[:3]) + (f" + {len(shown) - 3} more" if len(shown) > 3 else "")


def _check_changes(post: Post, article: int, archive: Archive, findings: Findings) -> None:
    """Every stored edit script, applied to the old paragraphs, gives the new ones."""
    versions = archive.versions(article)
    for old, new in pairwise(versions):
        pair = archive.pair(old, new)
        before = [p.text for p in archive.snapshot(old.id).paragraphs]
        after = [p.text for p in archive.snapshot(new.id).paragraphs]
        edits = [(e.op, e.old, e.new, e.words) for e in pair.change.edits]
        findings.require(
            applied(edits, before) == after and _covers(edits, len(before), len(after)),
            "stored diffs that apply",
            f"{post.name}: the diff {old.number}..{new.number} does not give the new text",
        )


def applied(edits: Sequence[tuple[str, Any, Any, Any]], old: Sequence[str]) -> list[str] | None:
    """The new paragraphs that an edit script makes of the old ones; None if it does not fit."""
    made: dict[int, str] = {}
    for op, sources, targets, words in edits:
        before = "\n".join(old[index] for index in sources)
        if op == "equal":
            made.update({new: old[source] for source, new in zip(sources, targets, strict=True)})
            continue
        if "".join(text for sign, text in words if sign <= 0) != before:
            return None
        after = "".join(text for sign, text in words if sign >= 0)
        pieces = after.split("\n") if targets else []
        if len(pieces) != len(targets):
            return None
        made.update(zip(targets, pieces, strict=True))
    return [made[index] for index in sorted(made)]


def _covers(edits: Sequence[tuple[str, Any, Any, Any]], old: int, new: int) -> bool:
    return sorted(i for e in edits for i in e[1]) == list(range(old)) and sorted(
        i for e in edits for i in e[2]
    ) == list(range(new))


def _check_events(
    post: Post,
    article: int,
    stored: int,
    archive: Archive,
    received: list[tuple[str, dict[str, Any]]],
    findings: Findings,
) -> None:
    """Every event of the archive was received, in its order, and tells the true change."""
    kept = [event.id for event in archive.events(article)]
    heard = [identity for identity, _ in received]
    findings.counts["events stored"] += len(kept)
    findings.counts["events received"] += len(set(kept) & set(heard))
    findings.require(
        heard == kept,
        "posts whose events all came, in order",
        f"{post.name}: {len(kept)} events stored, {len(heard)} received, or in another order",
    )
    told = [m["data"]["to"]["version"] for _, m in received if m["type"] == "article.updated"]
    findings.require(
        told == list(range(2, stored + 1)),
        "posts with one event a new version",
        f"{post.name}: {stored} versions, but events about {told}",
    )
    versions = archive.versions(article)
    for _, message in received:
        if message["type"] != "article.updated":
            continue
        data = message["data"]
        ends = (versions[data[end]["version"] - 1].id for end in ("from", "to"))
        old, new = ([p.text for p in archive.snapshot(end).paragraphs] for end in ends)
        edits = [(e["op"], e["old"], e["new"], e["words"]) for e in data["edits"]]
        findings.require(
            applied(edits, old) == new,
            "received diffs that apply",
            f"{post.name}: the diff received about version {data['to']['version']} does not apply",
        )
