"""The headline: that it changed, and whether what it says did, by what the other rules found."""

from __future__ import annotations

from collections.abc import Iterator

from watcher.core.findings.comparison import Comparison, whole
from watcher.core.findings.rule import SimpleRule
from watcher.core.model import WEIGHTS, Finding, Weight
from watcher.core.tokens import fold

_MEANING = frozenset(
    {
        "hedging-added", "hedging-dropped", "negation-changed",
        "attribution-added", "attribution-dropped",
    }
)  # fmt: skip
"""Findings of words on one side only that change what a headline claims. A name or a quotation
that comes or goes is what headlines are rewritten for: there, both sides must have words."""


_FORM = frozenset({"spelling-changed", "typography-changed"})


def _look(about: Comparison) -> Iterator[Finding]:
    if about.change.headline is None:
        return
    old, new = about.change.headline
    weight: Weight = "notable"
    if _means_otherwise(about.found):
        weight = "critical"
    elif _only_form(about.found) or (_said(old) == _said(new) and not _quotes(about.found)):
        weight = "cosmetic"
    sentence = {
        "critical": "headline says something else",
        "cosmetic": "headline changed in form alone",
    }.get(weight, "headline changed")
    yield about.state("headline-changed", sentence, whole("headline", old, new), weight=weight)


def _means_otherwise(found: tuple[Finding, ...]) -> bool:
    return any(
        WEIGHTS.index(each.weight) >= WEIGHTS.index("notable")
        and (each.kind in _MEANING or (each.old is not None and each.new is not None))
        for each in found
        if any(span.place == "headline" for span in each.evidence)
    )


def _only_form(found: tuple[Finding, ...]) -> bool:
    """Whether all that was found of the headline is another spelling or typography."""
    here = [each.kind for each in found if any(s.place == "headline" for s in each.evidence)]
    return bool(here) and set(here) <= _FORM


def _quotes(found: tuple[Finding, ...]) -> bool:
    """Whether marks of quotation came or went: they tell whose words they are."""
    marks = ("quotation-added", "quotation-removed")
    here = [each.kind for each in found if any(s.place == "headline" for s in each.evidence)]
    return any(kind in marks for kind in here)


def _said(text: str) -> str:
    """The text without case, marks and white space."""
    return "".join(filter(str.isalnum, fold(text).casefold()))


RULE = SimpleRule(name="headline", kinds=("headline-changed",), look=_look)
