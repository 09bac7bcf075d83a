"""What an article says that it did not say before, beside what it changed."""

from __future__ import annotations

from collections.abc import Iterator

from watcher.core.findings.comparison import Comparison
from watcher.core.findings.phrasing import quoted
from watcher.core.findings.restated import unmatched
from watcher.core.findings.rule import SimpleRule
from watcher.core.model import Finding

# What a paragraph adds to the score: more by more words, never as much as a fact that changed.
_LEAST, _WORD, _MOST = 2.0, 0.3, 4.9
_HEADING = 0.1


def _look(about: Comparison) -> Iterator[Finding]:
    for each in unmatched(about, "new"):
        many = f"{each.paragraphs} paragraphs " if each.paragraphs > 1 else ""
        told = f"{many}added: {quoted(each.said)}"
        score = round(sum(map(_score, each.words)), 2)
        yield about.state("detail-added", told, each.spans, score=score)


def _score(words: int) -> float:
    return min(_MOST, _LEAST + _WORD * words) if words else _HEADING


RULE = SimpleRule(name="detail", kinds=("detail-added",), look=_look, uses=("stop_words",))
