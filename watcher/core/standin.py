"""What stands in an article's place, judged by the answer's status and headers, by where redirects
led, and by what the article had before. What a page says of itself is for `pagekind` to judge.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from http import HTTPStatus
from urllib.parse import urlsplit

from rapidfuzz import fuzz

from watcher.core.model import Capture, Extraction, Outcome, Paragraph, Snapshot
from watcher.core.urls import url_key

StandIn = tuple[Outcome, str]
"""What stands there instead, and the reason in a person's words."""

_CHALLENGING = (("cf-mitigated", "challenge"), ("x-amzn-waf-action", "challenge"),
                ("x-amzn-waf-action", "captcha"))  # fmt: skip
"""Headers by which those who set a challenge say so."""

_SAID_BY_STATUS = (Outcome.SOFT_404, Outcome.SERVER_ERROR, Outcome.BLOCKED)

_SHORTER = 0.8
"""Share of the old text from which a page with a gate may be the whole article, edited."""

_MUCH_SHORTER = 0.5
"""The same for a page that is marked as paid for, but shows no gate: editors cut articles too,
though hardly ever everything after the beginning."""

_ALIKE = 80
"""Likeness, 0 to 100, of two paragraphs of which one is the other edited or cut off."""

_MOST_COMPARED = 200
"""Paragraphs of the old text that are compared, so that no page costs much."""

_AROUND = 3
"""Paragraphs that may have been put before the old beginning since."""

_PLAIN = re.compile(r"[^\W\d_]+(?:[-_][^\W\d_]+){0,2}")
"""A part of an address that names a section: up to three words, no numbers."""

_LONGEST_SECTION = 30
_INDEX = re.compile(r"(?:index|default|home)\.\w{2,5}", re.IGNORECASE)


def challenged(capture: Capture) -> StandIn | None:
    """A challenge that the headers of an answer name as such."""
    for name, value in _CHALLENGING:
        if (capture.header(name) or "").strip().lower() == value:
            return Outcome.BOT_CHALLENGE, f"a challenge, says the header {name}"
    return None


def may_name(status: int, kind: Outcome) -> bool:
    """Whether the page of an answer that is no 200 says more than its status does.

    A refusal or an outage may be a challenge, a wall or maintenance. That nothing is there any
    more is for the status to say: servers write "not found" on all their error pages. So are
    errors and plain refusals.
    """
    if status in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
        return False
    return kind not in _SAID_BY_STATUS or status < 300


def section_front(asked: str, final: str) -> bool:
    """Whether redirects led from what looks like an article to what looks like a section's front.

    That is shorter, of plain words without numbers, and stands above the article or at the top.
    """
    if url_key(asked) == url_key(final):
        return False
    before, after = _parts(asked), _parts(final)
    if not after or len(after) >= len(before) or urlsplit(final).query:
        return False
    if not all(_PLAIN.fullmatch(part) and len(part) <= _LONGEST_SECTION for part in after):
        return False
    above = before[: len(after)] == after or len(after) == 1
    return above and not _PLAIN.fullmatch(before[-1])


def stand_in(
    asked: str, final: str, found: Extraction, previous: Snapshot | None
) -> StandIn | None:
    """What was found instead of the article at `asked`; None if it is the article.

    `previous` is the latest version, if there is one.
    """
    snapshot = found.snapshot
    is_known = previous is not None and previous.headline == snapshot.headline
    if snapshot.published is None and not is_known:
        if found.place is not None and _parts(asked)[-1:] != _parts(final)[-1:]:
            return found.place, f"a redirect to {final}"
        if section_front(asked, final):
            return Outcome.SOFT_404, f"a redirect to a section of the site, {final}"
    if previous is not None and _is_another_page(snapshot, previous):
        told = "nothing of the article is left: neither its headline and date nor a paragraph"
        return Outcome.NOT_ARTICLE, told
    reason = _only_beginning(found, previous)
    return None if reason is None else (Outcome.PAYWALL, reason)


def _is_another_page(found: Snapshot, previous: Snapshot) -> bool:
    """True for a page that is no edit of the article, and no article of its own either.

    Walls, errors and refusals whose words nobody listed are dateless, short and say nothing that
    the article said. A new story under the old address has a date, as the old one had.
    """
    if previous.published is None or found.published is not None:
        return False
    if found.headline == previous.headline:
        return False
    shown, known = _texts(found.paragraphs), _texts(previous.paragraphs)
    if sum(map(len, shown)) >= _MUCH_SHORTER * sum(map(len, known)):
        return False
    return not any(_is_known(text, old) for text in shown for old in known[:_MOST_COMPARED])


def _only_beginning(found: Extraction, previous: Snapshot | None) -> str | None:
    """Why a page is only the beginning of an article, shown to those who may not read on."""
    said = f"it says “{found.gate[:80]}”" if found.gate else "it is marked as not free"
    if previous is None:
        return f"only the beginning is shown: {said}" if found.is_lead else None
    shown = [text for text in _texts(found.snapshot.paragraphs) if text != found.gate]
    known = _texts(previous.paragraphs)
    size, before = sum(map(len, shown)), sum(map(len, known))
    gated = (found.gate is not None or found.is_lead) and size < _SHORTER * before
    turned = found.snapshot.access == "paywalled" and previous.access != "paywalled"
    if not gated and not (turned and size < _MUCH_SHORTER * before):
        return None
    if not found.is_lead and _known_share(shown, known) < _SHORTER:
        return None
    return f"only the beginning is shown, {size} of {before} characters: {said}"


def _known_share(shown: Sequence[str], known: Sequence[str]) -> float:
    """Share of the shown text that was the beginning of the known one, edits aside."""
    start = known[: len(shown) + _AROUND]
    size = sum(map(len, shown))
    same = sum(len(text) for text in shown if any(_is_known(text, old) for old in start))
    return same / size if size else 1.0


def _is_known(text: str, old: str) -> bool:
    bare = text.rstrip(" .…[]")
    if text == old or (bare and old.startswith(bare)):
        return True
    return fuzz.ratio(text, old, score_cutoff=_ALIKE) > 0


def _texts(paragraphs: Sequence[Paragraph]) -> list[str]:
    return [each.text for each in paragraphs if each.kind not in ("heading", "caption")]


def _parts(url: str) -> list[str]:
    parts = [part for part in urlsplit(url).path.lower().split("/") if part]
    return parts[:-1] if parts and _INDEX.fullmatch(parts[-1]) else parts
