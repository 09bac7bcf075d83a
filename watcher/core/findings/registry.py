"""The rules that look at every change, by their rounds. One rule a module; add yours here.

Rules of other packages come by entry points (watcher/adapters) and look in the first round.
"""

from __future__ import annotations

from watcher.core.findings import (
    attribution,
    captions,
    claims,
    detail,
    fields,
    headline,
    hedging,
    links,
    names,
    negation,
    notices,
    numbers,
    quotations,
    revert,
    states,
    stealth,
    style,
)
from watcher.core.findings.rule import Rule

LOOKING: tuple[Rule, ...] = (
    numbers.RULE,
    names.RULE,
    quotations.RULE,
    attribution.RULE,
    hedging.RULE,
    negation.RULE,
    claims.RULE,
    detail.RULE,
    captions.RULE,
    links.RULE,
    fields.RULE,
    revert.RULE,
)
"""The first round: what the texts and fields show."""

CONCLUDING: tuple[Rule, ...] = (
    states.RULE,
    style.RULE,
    headline.RULE,
    notices.RULE,
    stealth.RULE,
)
"""The second round: what follows from what was found. Each sees what those before it found too."""
