"""robots.txt: what a copy of it says, how long it holds, and what counts while it cannot be read.

After RFC 9309. Pure: times are arguments, the file was fetched by somebody else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from protego import Protego

PRODUCT = "storywatcher"
"""The product token that a group of rules must name to be meant for us alone."""

MOST_BYTES = 500 * 1024
"""What is read of a file; the rest is as if it were not there (RFC 9309, 2.5)."""

FRESH_FOR = timedelta(days=1)
"""How long a copy holds without asking again (RFC 9309, 2.4)."""

ASKED_AGAIN_AFTER = timedelta(hours=1)
"""Between two tries to renew a copy whose file cannot be reached any more."""

UNREACHABLE_FOR = timedelta(days=30)
"""After so long without an answer a file counts as absent (RFC 9309, 2.3.1.4)."""

LONGEST_DELAY = 30.0
"""Seconds. A longer crawl-delay is honoured with this one: it was written for crawlers that take
in a whole site, and a developing story would be over before its articles were seen twice."""

TOO_MANY_REQUESTS = 429

_AGENT = re.compile(r"[^\S\n]*user[- ]?agent(?:[^\S\n]*:|[^\S\n])[^\S\n]*([^#\n]*)", re.IGNORECASE)


class Rules:
    """What a file allows us. A page of rules takes time: see `is_long`."""

    __slots__ = ("_parsed", "delay")

    def __init__(self, body: bytes) -> None:
        self._parsed = Protego.parse(_ours(body[:MOST_BYTES].decode("utf-8-sig", "replace")))
        asked = self._parsed.crawl_delay(PRODUCT)
        self.delay = min(asked or 0.0, LONGEST_DELAY)
        """Seconds wanted between the starts of two requests; 0 if nothing is asked for."""

    def allow(self, url: str) -> bool:
        """Whether the URL may be fetched."""
        return self._parsed.can_fetch(url, PRODUCT)


def _ours(text: str) -> str:
    """The file with all groups that are meant for others under one name.

    The parser keeps each rule once for every name of its group: thousands of names above
    thousands of rules would fill the memory.
    """
    lines = text.splitlines()
    for number, line in enumerate(lines):
        found = _AGENT.match(line)
        if found is None:
            continue
        name = found[1].strip().lower()
        if name != "*" and not (
            name.replace("*", "") and PRODUCT.startswith(name.replace("*", ""))
        ):
            lines[number] = "user-agent: other"
    return "\n".join(lines)


def is_long(body: bytes) -> bool:
    """Whether parsing and matching should leave the event loop."""
    return len(body) > 32 * 1024


@dataclass(frozen=True, slots=True)
class RobotsCopy:
    """What is known of the robots.txt of an origin ("https://news.example").

    `body` is the file as it was read last, None if there never was one; `absent` says that the
    site has none. `unreachable_since` is set while neither could be found out, with the `detail`.
    """

    origin: str
    check_at: datetime
    body: bytes | None = None
    absent: bool = False
    etag: str | None = None
    last_modified: str | None = None
    read_at: datetime | None = None
    unreachable_since: datetime | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    """How a site answered when asked for the file; `body` is its beginning."""

    status: int
    body: bytes = b""
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Unanswered:
    """Why nothing could be found out. `retry_after` in seconds, where the site says so."""

    detail: str
    retry_after: float | None = None


def renewed(
    copy: RobotsCopy | None, origin: str, answer: Answered | Unanswered, now: datetime
) -> RobotsCopy:
    """What is known after the site was asked.

    2xx is the file, 304 the file as it was, any other 3xx or 4xx that there is none. Server
    errors and 429, which asks for patience, leave everything open.
    """
    if isinstance(answer, Answered):
        status, fresh = answer.status, now + FRESH_FOR
        if status == 304 and copy is not None and copy.body is not None:
            return replace(copy, check_at=fresh, read_at=now, unreachable_since=None, detail="")
        if 200 <= status < 300:
            tags = (answer.etag, answer.last_modified)
            return RobotsCopy(origin, fresh, answer.body, False, *tags, read_at=now)
        if 300 <= status < 500 and status != TOO_MANY_REQUESTS:
            return RobotsCopy(origin, fresh, absent=True, read_at=now)
        answer = Unanswered(f"answered {status}")
    known = copy or RobotsCopy(origin, now)
    since = known.unreachable_since or now
    wait = ASKED_AGAIN_AFTER
    if answer.retry_after is not None:
        wait = min(max(wait, timedelta(seconds=answer.retry_after)), FRESH_FOR)
    # Without a copy every poll asks: that is its one request, and nothing else is fetched.
    has_copy = known.absent or known.body is not None
    check_at = now + wait if has_copy else now
    return replace(known, check_at=check_at, unreachable_since=since, detail=answer.detail)


Verdict = Literal["rules", "all", "none"]


def verdict(copy: RobotsCopy, now: datetime) -> Verdict:
    """What counts now: the copy's rules, that all is allowed, or that nothing is yet."""
    since = copy.unreachable_since
    if copy.absent or (since is not None and now - since >= UNREACHABLE_FOR):
        return "all"
    return "none" if copy.body is None else "rules"
