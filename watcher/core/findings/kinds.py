"""The kinds of findings: how heavy each is, and what it adds to the score of a change.

docs/findings.md explains them one by one. A rule may give a finding another weight where its kind
has several (a headline, say); the score then follows the weight.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from watcher.core.model import Weight


class Kind(NamedTuple):
    """The usual weight of a kind and the score of one finding of it."""

    weight: Weight
    score: float


SCORES: Mapping[Weight, float] = {"cosmetic": 0.1, "routine": 1.0, "notable": 5.0, "critical": 20.0}
"""What a finding of a weight adds where its kind says nothing else."""


def _of(weight: Weight, *names: str) -> dict[str, Kind]:
    return {name: Kind(weight, SCORES[weight]) for name in names}


KINDS: Mapping[str, Kind] = {
    **_of(
        "notable",
        "number-changed", "quantity-changed", "money-changed", "percentage-changed", "date-changed",
        "time-changed", "age-changed",
        "name-added", "name-removed", "name-respelled", "title-changed", "place-changed",
        "quotation-altered", "quotation-added", "quotation-removed",
        "attribution-added", "attribution-dropped", "attribution-changed",
        "hedging-added", "hedging-dropped", "negation-changed", "state-changed",
        "link-changed", "caption-changed", "headline-changed", "byline-changed", "access-changed",
        "developing-removed", "restored", "reverted", "unreachable",
    ),
    **_of(
        "critical",
        "claim-removed", "unpublished",
        *(f"{notice}-{done}" for notice in ("correction", "retraction")
          for done in ("added", "edited", "removed")),
    ),
    **_of(
        "notable",
        *(f"{notice}-{done}" for notice in ("clarification", "editors-note")
          for done in ("added", "edited", "removed")),
        "false-freshness",
    ),
    **_of(
        "routine",
        "detail-added", "section-changed", "published-changed", "developing-added", "moved",
        "settled",
        *(f"update-line-{done}" for done in ("added", "edited", "removed")),
    ),
    # critical, but what it rests on is in the sum already
    "stealth-edit": Kind("critical", SCORES["notable"]),
    **_of("cosmetic", "modified-changed", "spelling-changed", "typography-changed",
          "wording-changed"),
}  # fmt: skip
