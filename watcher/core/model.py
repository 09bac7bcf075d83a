"""The nouns of the service as frozen values. No I/O, no clock; times are aware UTC."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal, NamedTuple

ParagraphKind = Literal[
    "paragraph", "heading", "list-item", "quote", "caption", "table-row", "live-post"
]
Op = Literal["equal", "insert", "delete", "replace", "split", "merge"]
OPS: tuple[Op, ...] = ("equal", "insert", "delete", "replace", "split", "merge")

NoticeKind = Literal[
    "correction", "clarification", "editors-note", "update", "developing", "retraction"
]
METADATA = (
    "byline", "published", "modified", "publisher", "section", "language", "canonical", "access"
)  # fmt: skip
"""The fields of a Snapshot beside headline, text and notices, in the order they are told."""

COMPARED = tuple(name for name in METADATA if name != "canonical")
"""Those that make a version when they change: an address is not what an article says."""

Word = tuple[int, str]
"""One step of a word diff in diff-match-patch's form: -1 gone, 0 same, 1 new."""

Weight = Literal["cosmetic", "routine", "notable", "critical"]
WEIGHTS: tuple[Weight, ...] = ("cosmetic", "routine", "notable", "critical")
"""How much a change matters, lightest first."""


class Paragraph(NamedTuple):
    """The unit of alignment."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Notice:
    """What an article says of itself: that it was corrected, updated, is still developing …

    `place` is the 0-based index of the paragraph that says so, None if it stands outside of
    the paragraphs.
    """

    kind: NoticeKind
    text: str
    place: int | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """One post of a live blog: the paragraphs from index `first` on, `count` of them.

    `key` is the page's own identity of the post, which outlives edits; `time` is an ISO text
    as Snapshot has them.
    """

    key: str
    time: str | None
    first: int
    count: int


@dataclass(frozen=True, slots=True)
class Link:
    """A link in an article's text: the 0-based index of its paragraph, where its words stand in
    that paragraph's text, and the absolute address that it leads to."""

    paragraph: int
    start: int
    end: int
    url: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The normalised content of a capture.

    `published` and `modified` are ISO 8601 texts as precise as the page was: `…Z` (UTC) where
    the page gave a zone, else a local time or a date alone. Nothing is invented. `language` is
    a BCP 47 tag, `canonical` the address that the page gives itself, `access` is "free" or
    "paywalled" where the page says so. `posts` are those of a live blog, `links` those of the
    paragraphs, both in page order.
    """

    headline: str
    byline: str | None
    published: str | None
    modified: str | None
    paragraphs: tuple[Paragraph, ...]
    url: str = ""
    publisher: str | None = None
    section: str | None = None
    language: str | None = None
    canonical: str | None = None
    access: str | None = None
    notices: tuple[Notice, ...] = ()
    posts: tuple[Post, ...] = ()
    links: tuple[Link, ...] = ()

    @property
    def developing(self) -> bool:
        """True if the article still calls itself a developing story."""
        return any(notice.kind == "developing" for notice in self.notices)


@dataclass(frozen=True, slots=True)
class Edit:
    """One step of an edit script.

    `old` and `new` are 0-based paragraph indexes, each standing in exactly one edit of a script.
    `words` always spells out the whole step: its pieces with op <= 0 joined are the old
    paragraphs, those with op >= 0 the new ones; where there are several, they are joined by
    one line feed. `similarity` is 1.0 for equal text and 0.0 for insert and delete.
    """

    op: Op
    old: tuple[int, ...]
    new: tuple[int, ...]
    moved: bool
    similarity: float
    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class NoticeChange:
    """A notice that was added (`old` is None), removed (`new` is None) or reworded."""

    kind: NoticeKind
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class KindChange:
    """A paragraph, 0-based `old` in one snapshot and `new` in the other, whose kind differs."""

    old: int
    new: int
    before: str
    after: str


class Span(NamedTuple):
    """Where words stand that prove a finding.

    `place` is "paragraph", "headline", "notice" or a name of METADATA; `index` the 0-based index
    of the paragraph or notice, 0 elsewhere. `start` and `end` count characters (code points), the
    end is exclusive.
    """

    side: Literal["old", "new"]
    place: str
    index: int  # type: ignore[assignment]  # nobody looks for a value in a span
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Finding:
    """A statement about a change, with the words that prove it.

    `kind` is one of those of docs/findings.md; `sentence` says it plainly, without a full stop.
    `old` and `new` are the words that the spans of that side cut out, joined by line feeds where
    there are several, None if there are none. `score` is what it adds to that of the change.
    """

    kind: str
    sentence: str
    old: str | None
    new: str | None
    evidence: tuple[Span, ...]
    weight: Weight
    score: float


@dataclass(frozen=True, slots=True)
class LinkChange:
    """A link that was added (`old` is None), removed (`new` is None) or leads elsewhere now.

    `words` are those that are linked, or were if none are now.
    """

    words: str
    old: Link | None
    new: Link | None

    @property
    def urls(self) -> tuple[str | None, str | None]:
        """Where it led before, and where it leads now."""
        before, after = self.old, self.new
        return None if before is None else before.url, None if after is None else after.url


@dataclass(frozen=True, slots=True)
class Change:
    """What differs between two snapshots.

    `noise` are the 0-based indexes of old paragraphs in which nothing but learned noise went on:
    their edits are no part of what is told.
    `findings` say what that means, heaviest first; `weight` is that of the heaviest, `score` the
    sum of theirs, `sentence` the most important of them in one. `coverage` names what could not
    be looked for. All five are empty until findings.find() was asked.
    """

    edits: tuple[Edit, ...]
    headline: tuple[str, str] | None
    metadata: Mapping[str, tuple[str | None, str | None]]
    summary: Mapping[str, int]
    notices: tuple[NoticeChange, ...] = ()
    kinds: tuple[KindChange, ...] = ()
    links: tuple[LinkChange, ...] = ()
    noise: tuple[int, ...] = ()
    findings: tuple[Finding, ...] = ()
    weight: Weight = "cosmetic"
    score: float = 0.0
    sentence: str = ""
    coverage: tuple[str, ...] = ()


class Outcome(StrEnum):
    """How a poll ended. Every poll ends in exactly one."""

    NEW_VERSION = "new-version"
    UNCHANGED = "unchanged"
    QUARANTINED = "quarantined"
    NOT_ARTICLE = "not-an-article"
    CONSENT_WALL = "consent-wall"
    BOT_CHALLENGE = "bot-challenge"
    GEO_BLOCK = "geo-block"
    SOFT_404 = "soft-404"
    PAYWALL = "paywall"
    LOGIN_PAGE = "login-page"
    MAINTENANCE = "maintenance"
    EXTRACTION_FAILED = "extraction-failed"
    CLIENT_ERROR = "client-error"
    GONE = "gone"
    BLOCKED = "blocked"
    ROBOTS = "robots"
    SERVER_ERROR = "server-error"
    TIMEOUT = "timeout"
    DNS = "dns-error"
    TLS = "tls-error"
    CONNECTION = "connection-error"
    BAD_RESPONSE = "bad-response"
    TOO_LARGE = "too-large"
    REDIRECT_LOOP = "redirect-loop"
    FORBIDDEN_ADDRESS = "forbidden-address"

    @property
    def is_content(self) -> bool:
        """True if a version of the article was seen."""
        return self in (Outcome.NEW_VERSION, Outcome.UNCHANGED)

    @property
    def is_seen(self) -> bool:
        """True if the article was seen, be it that its text must be confirmed first."""
        return self.is_content or self is Outcome.QUARANTINED

    @property
    def is_missing(self) -> bool:
        """True if the publisher says that nothing is there any more, by status or in words."""
        return self in (Outcome.GONE, Outcome.SOFT_404)


class Via(StrEnum):
    """What told us that an article is unchanged, cheapest first."""

    NOT_MODIFIED = "304"
    SAME_BODY = "same-body"
    SAME_TEXT = "same-text"
    NOISE = "noise"


@dataclass(frozen=True, slots=True)
class Validators:
    """HTTP validators and the URL that gave them; they belong to one version."""

    url: str
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Capture:
    """One HTTP response that ended a fetch.

    `body` is decoded (content encodings undone) but still bytes; empty on a 304. `headers`
    have lower-case names. `permanent` is true if every redirect on the way was permanent
    (301 or 308) and there was at least one. For `fresh_for` seconds a cache on the way will go on
    giving this same copy.
    """

    fetched_at: datetime
    url: str
    final_url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    permanent: bool = False
    retry_after: float | None = None
    fresh_for: float = 0.0

    def header(self, name: str) -> str | None:
        """The first value of a header, by its lower-case name."""
        return next((value for key, value in self.headers if key == name), None)


@dataclass(frozen=True, slots=True)
class Extraction:
    """What an extractor made of a body.

    `fingerprint` is the fast text fingerprint of the body, or None if the fast parse did not
    see all the text that the extraction found: then it must not be used to skip extraction.
    `gate` is what the page says to readers who may not read on ("Subscribe to continue"), if it
    does; `is_lead` that the page itself shows the snapshot to be only the article's beginning.
    `place` is the kind of page that its address names, such as /errors/404. `is_linked` is true
    if the text was read from the page's JSON-LD, as the page shows it by a script alone.
    `linked_headline` is the headline in there, None if the JSON-LD holds no text of the article.
    """

    snapshot: Snapshot
    fingerprint: str | None
    gate: str | None = None
    is_lead: bool = False
    place: Outcome | None = None
    is_linked: bool = False
    linked_headline: str | None = None


class EventType(StrEnum):
    """What a person may be told."""

    UPDATED = "article.updated"
    UNPUBLISHED = "article.unpublished"
    RESTORED = "article.restored"
    MOVED = "article.moved"
    UNREACHABLE = "article.unreachable"
    SETTLED = "article.settled"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event on its way to one endpoint, leased for sending."""

    id: int
    event_id: str
    endpoint: str
    attempts: int
    body: Mapping[str, object] = field(default_factory=dict)
