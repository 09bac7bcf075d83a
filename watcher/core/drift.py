"""Whether a page changed in a way that articles do not change: then it is held, not told.

A template change, a broken page or a banner looks to a reader of paragraphs like a huge edit. The
figures below were set on 5,793 real transitions of pages that follow events, 985 of them marked
as site-wide changes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from watcher.core.align import align
from watcher.core.model import Change, Edit, Snapshot

MEANINGFUL = 500
"""Characters. A shorter text is a first line or a placeholder and may well be replaced
altogether: 14 of 4,808 real edits did just that, to texts of 17 to 42 characters."""

SURVIVES = 0.3
"""The least share of the old characters that real edits leave standing. Of 4,808 real edits 7
left less of a text of MEANINGFUL length; pages cut down to a teaser leave a tenth to a third."""

REMAINS = 2 / 3
"""The least share that a loss alone leaves: paragraphs went, and nothing came. 2 of 3,667 real
edits left less of a text of MEANINGFUL length. Half-built pages and half-read ones do."""

MULTIPLE = 4.0
"""A text that grows to so many times its length at once has swallowed something. One of 4,808
real edits of texts of MEANINGFUL length did; ten of 985 site-wide changes tripled a shorter one."""

SHARED_BY = 3
"""Other articles of the host on which the same text must have come or gone. Two may be a
publisher's own pair of stories; a third is rarely one."""

SHARED_PART = 0.5
"""And of all articles of the host seen since then, the part that it must be. The number alone
does not do: of 1,677 real edits it would have held 561, a warning of a tsunami and the news of an
epidemic on ten countries' pages among them. With half of the pages, looked at in turn, none of
3,600 edits is held, and 298 of 307 changes that came to most of a site's pages at once."""

LIKELY_FROM = 1
"""Other articles from which an addition may be the site's own: it is held, and told two minutes
late unless SHARED_BY of them show it by then. With half of the pages one of 3,667 real edits waits
so. If texts that go were held as well it would be seven, by the number alone 305."""

SHARED_WITHIN = timedelta(days=1)
"""How far apart the changes may lie: quiet articles are polled every six hours, so a day sees
all of a host's articles a few times."""

REMEMBERED_FOR = timedelta(days=30)
"""How long a text stays known as the site's own after it last came or went anywhere. A campaign's
banner is taken down within weeks; after that the text is judged afresh."""

ALIKE = 0.8
"""The share of both texts that must agree for a held page to count as seen again, so that a
counter or a rotating link does not begin the wait anew. Real edits leave more in 19 of 20."""

_TELLING = frozenset({"correction", "clarification", "editors-note", "retraction"})

Cause = Literal["jump", "site-wide", "flicker"]


@dataclass(frozen=True, slots=True)
class Spread:
    """On how many other articles of the host something happened within SHARED_WITHIN.

    `looked` counts the other articles that were seen since it first did, `elsewhere` says
    that one of the `others` belongs to another story. `known` is true for a text that is known
    as the site's own already. `watched` counts the other articles of the host that are followed.
    """

    others: int = 0
    looked: int = 0
    elsewhere: bool = False
    known: bool = False
    watched: int = 0

    @property
    def is_shared(self) -> bool:
        """True if it happens to the host's pages, not to an article."""
        return self.known or (self.others >= SHARED_BY and self._is_on_most)

    @property
    def is_likely(self) -> bool:
        """True if it may turn out to be shared, once the host's other pages have been seen."""
        is_elsewhere = self.others >= LIKELY_FROM and self.elsewhere and self._is_on_most
        return self.is_shared or (is_elsewhere and self.watched >= SHARED_BY)

    @property
    def _is_on_most(self) -> bool:
        return self.others >= SHARED_PART * self.looked


@dataclass(frozen=True, slots=True)
class HostFacts:
    """What the archive knows of the host: of each text that came or went, and of held jumps."""

    host: str = ""
    texts: Mapping[str, Spread] | None = None
    jumps: Spread = Spread()


NOTHING_KNOWN = HostFacts()
"""Of a host without facts: nothing on it is ever site-wide."""


@dataclass(frozen=True, slots=True)
class Suspicion:
    """Why a page is held. `silent` is true if nobody is told of it even once it lasts."""

    cause: Cause
    reason: str
    silent: bool


def suspect(old: Snapshot, new: Snapshot, change: Change, facts: HostFacts) -> Suspicion | None:
    """Why the change from `old` to `new` must be confirmed before it counts; None if it need not.

    A change with a new notice of weight (a correction, clarification, editor's note or
    retraction) is never held: it says itself why the text is another one.
    """
    if any(each.kind in _TELLING and each.new is not None for each in change.notices):
        return None
    reason = jump(old, new, change.edits)
    if reason is None:
        return _site_wide(old, new, change, facts)
    jumps = facts.jumps
    if jumps.is_shared and jumps.elsewhere:
        return Suspicion(
            "jump", f"{reason}, as on {jumps.others} more articles of {facts.host}", True
        )
    return Suspicion("jump", reason, False)


def jump(old: Snapshot, new: Snapshot, edits: tuple[Edit, ...]) -> str | None:
    """How the text changed as no article does, None if it did not."""
    before, after = _length(old), _length(new)
    if before < MEANINGFUL:
        return None
    survives = _same(edits) / before
    if survives < SURVIVES:
        if after < SURVIVES * before:
            return f"of {before} characters of text {after} are left"
        share = f"{survives:.0%}" if survives >= 0.01 else "nothing"
        return f"{share} of the text survived, the rest was replaced at once"
    lost = Counter(p.text for p in old.paragraphs) - Counter(p.text for p in new.paragraphs)
    is_loss = len(old.paragraphs) - sum(lost.values()) == len(new.paragraphs)
    if is_loss and after < REMAINS * before and old.headline == new.headline:
        return f"of {before} characters of text {after} are left, and nothing came in their place"
    # A live blog may well have that many new posts since the last look.
    if after >= MULTIPLE * before and not new.posts:
        return f"the text grew at once to {after / before:.0f} times its length"
    return None


def flicker(old: Snapshot, new: Snapshot) -> Suspicion:
    """Of a page that goes from one earlier text to another, as servers out of step and trials of
    headlines and layouts do. None of 3,974 real edits did it twice running."""
    sizes = f"of {_length(old)} and {_length(new)} characters"
    told = f"the page goes back and forth between earlier texts, {sizes}"
    return Suspicion("flicker", told, False)


def alike(one: Snapshot, other: Snapshot) -> bool:
    """Whether two readings of a page show the same text but for details."""
    if one.paragraphs == other.paragraphs:
        return True
    edits = align([p.text for p in one.paragraphs], [p.text for p in other.paragraphs])
    return _same(edits) >= ALIKE * max(_length(one), _length(other))


def texts_that_changed(old: Snapshot, new: Snapshot) -> tuple[frozenset[str], frozenset[str]]:
    """The texts of paragraphs that came, and of those that went; notices are neither.

    Many articles may say alike that they are developing or were updated: that is no text of the
    site's.
    """
    before, after = _said(old), _said(new)
    return frozenset(after - before), frozenset(before - after)


def _said(snapshot: Snapshot) -> set[str]:
    notices = {notice.place for notice in snapshot.notices}
    return {p.text for at, p in enumerate(snapshot.paragraphs) if at not in notices}


def _site_wide(old: Snapshot, new: Snapshot, change: Change, facts: HostFacts) -> Suspicion | None:
    """Suspicion of a change that consists of nothing but texts which change all over the host."""
    came, went = texts_that_changed(old, new)
    texts = facts.texts or {}
    if change.headline is not None or not came | went:
        return None
    spreads = [texts.get(text, Spread()) for text in came | went]
    is_shared = all(spread.is_shared for spread in spreads)
    if not is_shared and (went or not all(spread.is_likely for spread in spreads)):
        return None
    for edit in change.edits:
        touched = {old.paragraphs[at].text for at in edit.old}
        touched |= {new.paragraphs[at].text for at in edit.new}
        if (edit.moved or edit.op != "equal") and not touched <= came | went:
            return None
    most = max(texts[text].others for text in came | went)
    done = "appeared on" if came else "went from"
    # Within one story the same text may well be its news: then it is told, if late.
    silent = is_shared and all(spread.known or spread.elsewhere for spread in spreads)
    count = f"{most} more articles" if most > 1 else "another article" if most else "other articles"
    return Suspicion("site-wide", f"the same text {done} {count} of {facts.host}", silent)


def _same(edits: tuple[Edit, ...]) -> int:
    return sum(len(text) for edit in edits for op, text in edit.words if op == 0)


def _length(snapshot: Snapshot) -> int:
    return sum(len(paragraph.text) for paragraph in snapshot.paragraphs)
