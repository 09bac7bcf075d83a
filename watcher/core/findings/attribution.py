"""Who is said to have said it: a source that came, went, or is another."""

from __future__ import annotations

from collections.abc import Iterator

from rapidfuzz.distance import Levenshtein

from watcher.core.findings.comparison import Comparison, Which
from watcher.core.findings.lexemes import is_unspaced
from watcher.core.findings.phrasing import shortened
from watcher.core.findings.reading import Counterparts, Side, counterparts
from watcher.core.findings.rule import SimpleRule
from watcher.core.findings.sources import Attribution
from watcher.core.model import Finding, Span

# What is attributed must have stayed for an attribution to have come or gone: this much of its
# words stand on the other side.
_KEPT = 0.5
_SPELLING = 0.7
# Where all nouns have capitals, these tell no names.
_NOUNS_CAPITALISED = frozenset({"de", "lb"})


def _look(about: Comparison) -> Iterator[Finding]:
    for each in counterparts(about):
        old, new = each.old.attributions, each.new.attributions
        if old or new:
            yield from _of_sentences(about, each, list(old), list(new))


def _of_sentences(
    about: Comparison, each: Counterparts, old: list[Attribution], new: list[Attribution]
) -> Iterator[Finding]:
    doubting = about.words.list("claiming_verbs")
    alone = len(old) == len(new) == 1
    for same_verb in (True, False):
        for before in list(old):
            for after in new:
                if same_verb and before.said != after.said:
                    continue
                if _same(before, after, about):
                    old.remove(before)
                    new.remove(after)
                    doubted = (before.said in doubting) != (after.said in doubting)
                    if doubted and alone and before.source and after.source:
                        yield _changed(about, each, before, after, by_verb=True)
                    break
    while old and new:
        before, after = old.pop(0), new.pop(0)
        if _touched(each, "old", before) and _touched(each, "new", after):
            yield _changed(about, each, before, after)
    sides: tuple[tuple[Which, list[Attribution]], ...] = (("old", old), ("new", new))
    for which, left in sides:
        for one in left:
            whole = about.new_whole if which == "old" else about.old_whole
            if _came_alone(each, which, one) and not _stands(each, which, one, whole):
                yield _alone(about, each, which, one)


def _same(before: Attribution, after: Attribution, about: Comparison) -> bool:
    """Whether two sources are one: one says no more than the other, they share a proper name, or
    differ in spelling alone."""
    if not before.source or not after.source:
        return True  # a pronoun may stand for anybody
    shared = before.source & after.source
    one, other = before.source - shared, after.source - shared
    if shared:
        if not one or not other:
            return True
        if len(one) == len(other) == 1 and _alike(*one, *other):
            return True  # "the defence ministry", "the defense ministry"
        named = about.language not in _NOUNS_CAPITALISED
        return named and any(_is_name(word, before) and _is_name(word, after) for word in shared)
    return len(one) == len(other) == 1 and _alike(*one, *other)


def _alike(one: str, other: str) -> bool:
    return Levenshtein.normalized_similarity(one, other) >= _SPELLING


def _is_name(word: str, one: Attribution) -> bool:
    at = one.text.casefold().find(word)
    return at > 0 and one.text[at].isupper()


def _touched(each: Counterparts, which: Which, one: Attribution) -> bool:
    """Whether a change touches the attribution."""
    for region in each.passage.regions:
        start, end = region[:2] if which == "old" else region[2:]
        if start < one.end and one.start < end:
            return True
    return False


def _came_alone(each: Counterparts, which: Which, one: Attribution) -> bool:
    """Whether the source stands on one side only, and what it said on both."""
    side, other = (each.old, each.new) if which == "old" else (each.new, each.old)
    if not _touched(each, which, one) or (not one.source and side.quotations):
        return False  # of a pronoun beside a quotation the verb alone may have changed
    there = _words(other)
    if (one.head and one.head in there) or _holds(other, one):
        return False
    said = _words(side, one)
    return not said or len(said & there) >= _KEPT * len(said)


def _stands(each: Counterparts, which: Which, one: Attribution, whole: str) -> bool:
    """Whether the other version has the very attribution, beside another sentence."""
    side = each.old if which == "old" else each.new
    return bool(one.source) and side.text[one.start : one.end] in whole


def _holds(other: Side, one: Attribution) -> bool:
    """Whether the other side has the very words, as in scripts without spaces."""
    return is_unspaced(one.text) and one.text in other.said()


def _words(side: Side, without: Attribution | None = None) -> set[str]:
    return {
        each.folded.removesuffix("'s")
        for each in side.line
        if each.sort in ("word", "number")
        and (without is None or not without.start <= each.start < without.end)
    }


def _changed(
    about: Comparison,
    each: Counterparts,
    before: Attribution,
    after: Attribution,
    by_verb: bool = False,
) -> Finding:
    spans = (*_spans(each, "old", before), *_spans(each, "new", after))
    one, other = (before.said, after.said) if by_verb else (before.text, after.text)
    return about.state(
        "attribution-changed", f"source {shortened(one)} → {shortened(other)}", spans
    )


def _alone(about: Comparison, each: Counterparts, which: Which, one: Attribution) -> Finding:
    side = each.old if which == "old" else each.new
    said = shortened(side.text[one.start : one.end])
    done = "dropped" if which == "old" else "added"
    return about.state(f"attribution-{done}", f"“{said}” {done}", _spans(each, which, one))


def _spans(each: Counterparts, which: Which, one: Attribution) -> tuple[Span, ...]:
    return each.passage.spans(which, one.start, one.end)


RULE = SimpleRule(
    name="attribution",
    kinds=("attribution-added", "attribution-dropped", "attribution-changed"),
    look=_look,
    needs=("attribution_verbs",),
    uses=("attribution_phrases", "stop_words"),
)
