"""Who had it first, as far as anyone can know: windows, not times, are what was observed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Claim:
    """An article came to hold something in the window (after, by].

    `after` is when the article was last seen without it; None if it was there at the first look,
    and may have been long before.
    """

    article_id: int
    version: int
    after: datetime | None
    by: datetime

    def is_before(self, other: Claim) -> bool:
        """True if this came first whatever happened between the looks."""
        return other.after is not None and self.by <= other.after


@dataclass(frozen=True, slots=True)
class First:
    """The claim that was seen first, and those that may yet have been earlier."""

    claim: Claim
    overlaps: tuple[Claim, ...]

    @property
    def is_certain(self) -> bool:
        """True if no other claim can have been earlier."""
        return not self.overlaps


def first_of(claims: Iterable[Claim]) -> First | None:
    """Who had it first; each article counts by what we saw of it first. None without a claim.

    The order does not depend on that of `claims`.
    """
    ordered = sorted(claims, key=_order)
    earliest: dict[int, Claim] = {}
    for claim in ordered:
        earliest.setdefault(claim.article_id, claim)
    if not earliest:
        return None
    first, *others = earliest.values()
    return First(first, tuple(other for other in others if not first.is_before(other)))


def _order(claim: Claim) -> tuple[datetime, int, bool, datetime, int]:
    """By when it was seen; of the same moment, what may have been there longer goes first."""
    known = claim.after is not None
    return claim.by, claim.article_id, known, claim.after or claim.by, claim.version
