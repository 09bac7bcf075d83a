"""What an article no longer says: text that the new version nowhere restates."""

from __future__ import annotations

from collections.abc import Iterator

from watcher.core.findings.comparison import Comparison
from watcher.core.findings.phrasing import quoted
from watcher.core.findings.restated import unmatched
from watcher.core.findings.rule import SimpleRule
from watcher.core.model import Finding, Weight

# A claim of a few words adds less to the score than a paragraph; a clause or an item of a list
# weighs as a fact that changed.
_LEAST, _WORD, _MOST = 4.0, 0.3, 12.0
_LIGHT = 1.5


def _look(about: Comparison) -> Iterator[Finding]:
    for each in unmatched(about, "old"):
        if each.claims:
            many = each.paragraphs > 1
            done = f"{each.paragraphs} paragraphs are gone" if many else "no longer said"
            told = f"{done}: {quoted(each.said)}"
            score = min(_MOST, (_LIGHT if each.light else _LEAST) + _WORD * sum(each.words))
            weight: Weight = "notable" if each.light else "critical"
            yield about.state("claim-removed", told, each.spans, weight=weight, score=score)


RULE = SimpleRule(name="claims", kinds=("claim-removed",), look=_look, uses=("stop_words",))
