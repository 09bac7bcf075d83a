"""Names of people, bodies and places that came, went or are written otherwise; and titles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

from watcher.core.findings.comparison import Comparison, Region
from watcher.core.findings.lexemes import Lexeme, Lookup
from watcher.core.findings.lexicon import Lexicon
from watcher.core.findings.naming import Name
from watcher.core.findings.places import exchanged, preposition_at, prepositions
from watcher.core.findings.qualifiers import qualified
from watcher.core.findings.reading import Counterparts, Reading, Side, readings
from watcher.core.findings.rule import SimpleRule
from watcher.core.model import Finding, Span

# Two spellings of a word share this much. Beside an equal first or last name less is needed.
_ALIKE = 0.7
_ALIKE_BESIDE = 0.6
_SAME_FAMILY = 0.3
# A name that is derived from another ("Vestland", "Vestlandic") begins like it.
_STEM = 5
_MOST = 40
# A name that came or went says less than one that is corrected.
_ALONE = 2.5
# After these a name of several words is rather a person than a place.
_OF_PERSONS = frozenset([
    "an", "bei", "mit",
    "to", "of", "from", "for", "by", "de", "du", "do", "da", "di", "a", "à", "von", "zu", "van",
    "от", "к", "od",
])  # fmt: skip
# Between what a place is and its name: "the island of Grune".
_BETWEEN = frozenset(["of", "de", "di", "do", "da", "van", "von"])
_FAR = 3
# An abbreviation has at most so many letters, and the word so many more: "St", "Saint".
_ABBREVIATED, _LEFT_OUT = 4, 3
_TITLE_CASE = 0.75
# Words of a title.
_TITLE = 3
# How people are addressed, whatever else is said of them: "Dr", "lead author Dr".
_ADDRESSES = frozenset(["mr", "mrs", "ms", "dr", "prof", "sir", "dame", "herr", "frau", "mme", "m"])


class _Change(NamedTuple):
    kind: str
    sentence: str
    old: tuple[Span, ...]
    new: tuple[Span, ...]


def _look(about: Comparison) -> Iterator[Finding]:
    told: dict[tuple[str, str], list[_Change]] = {}
    for reading in readings(about):
        for change in _of_reading(about, reading):
            told.setdefault((change.kind, change.sentence), []).append(change)
    for (kind, sentence), changes in told.items():
        spans = (
            *(s for each in changes for s in each.old),
            *(s for each in changes for s in each.new),
        )
        score = _ALONE if kind in ("name-added", "name-removed") else None
        yield about.state(kind, sentence, dict.fromkeys(spans), score=score)


def _of_reading(about: Comparison, reading: Reading) -> Iterator[_Change]:
    for each in reading.counterparts:
        if not _is_title_case(each.old.line) and not _is_title_case(each.new.line):
            yield from _of_sentences(about, each)
    if reading.passage.op in ("insert", "delete"):
        return
    for lone in (*reading.gone, *reading.come):
        if _is_title_case(lone.side.line):
            continue
        other = about.new_whole if lone.which == "old" else about.old_whole
        alone = [name for name in lone.side.names if name.sure and not _is_known(name, other)]
        spans = tuple(
            s for name in alone for s in reading.passage.spans(lone.which, name.start, name.end)
        )
        if alone and lone.which == "old":
            yield _Change("name-removed", f"{_listed(alone)} no longer named", spans, ())
        elif alone:
            yield _Change("name-added", f"{_listed(alone)} named", (), spans)


def _of_sentences(about: Comparison, each: Counterparts) -> Iterator[_Change]:
    old, new = list(each.old.names[:_MOST]), list(each.new.names[:_MOST])
    titles = [*_titles(each, old, new)]
    yield from titles or (
        _Change("title-changed", *found) for found in qualified(each, about.words)
    )
    for before in list(old):
        for after in new:
            if _is_same(*_in_order(_parts(before.text), _parts(after.text))):
                old.remove(before)
                new.remove(after)
                break
    if about.words.has("no_places"):
        for one, other in exchanged(each, about.words):
            spans = (
                each.passage.spans("old", one.start, one.end),
                each.passage.spans("new", other.start, other.end),
            )
            yield _Change("place-changed", f"place {one.text} → {other.text}", *spans)
    if not old and not new:
        return
    for i, j in _pairs(about, old, new):
        before, after = old[i], new[j]
        yield _Change(
            "name-respelled", f"name {before.text} → {after.text}", *_spans(each, before, after)
        )
        old[i] = new[j] = None  # type: ignore[call-overload]
    yield from _others(about, each, [n for n in old if n], [n for n in new if n])


def _pairs(about: Comparison, old: Sequence[Name], new: Sequence[Name]) -> list[tuple[int, int]]:
    """Names that are one name in two spellings."""
    scored = []
    for i, before in enumerate(old):
        for j, after in enumerate(new):
            same = _spelling(before.text, after.text) if before.sure or after.sure else 0.0
            known = (before.text in about.new_whole, after.text in about.old_whole)
            # where both stand in both versions, or another first name stands in one: two names
            if same and not all(known) and not (same <= _SAME_FAMILY and any(known)):
                scored.append((-same, abs(i - j), i, j))
    used: tuple[set[int], set[int]] = (set(), set())
    found = []
    for _, _, i, j in sorted(scored):
        if i not in used[0] and j not in used[1]:
            used[0].add(i)
            used[1].add(j)
            found.append((i, j))
    return sorted(found)


def _spelling(one: str, other: str) -> float:
    """How alike two names of as many words are, 0 where they are rather two names."""
    left, right = _parts(one), _parts(other)
    if len(left) != len(right) or _is_same(left, right):
        return 0.0
    worst = 1.0
    beside = any(a == b for a, b in zip(left, right, strict=True))
    for a, b in zip(left, right, strict=True):
        if a != b:
            if min(len(a), len(b)) < 3 or a.isdigit() or (a.isupper() and len(a) < 5):
                return 0.0
            worst = min(worst, Levenshtein.normalized_similarity(a.casefold(), b.casefold()))
    if left[-1] == right[-1] and min(map(len, (*left, *right))) > 1:
        return max(worst, _SAME_FAMILY)  # another first name
    return worst if worst >= (_ALIKE_BESIDE if beside else _ALIKE) else 0.0


def _is_same(left: Sequence[str], right: Sequence[str]) -> bool:
    """Whether two names differ in nothing but capitals and abbreviations ("Ltd", "Limited")."""
    return len(left) == len(right) and not any(
        a.casefold() != b.casefold() and _differ(a.casefold(), b.casefold())
        for a, b in zip(left, right, strict=True)
    )


def _in_order(left: list[str], right: list[str]) -> tuple[list[str], list[str]]:
    """Two names without small words, sorted where one is of the other's words: "Ministry of
    Health", "Health Ministry"."""
    one, other = ([p for p in name if p[:1].isupper()] for name in (left, right))
    if len(one) > 1 and one != other and sorted(one) == sorted(other):
        return sorted(one), sorted(other)
    return left, right


def _parts(name: str) -> list[str]:
    return [part.removesuffix("'s") for part in name.replace("’", "'").replace("-", " ").split()]


def _is_known(name: Name, whole: str) -> bool:
    """Whether a version names it: by its last word, or by one that begins alike."""
    last = _parts(name.text)[-1]
    if name.text in whole:
        return True
    if last in whole and (name.last == name.first or not _are_relatives(name, last, whole)):
        return True
    if len(last) > 1 and last.isupper():
        return _initials(last, whole)
    single = name.last == name.first
    return single and len(last) > _STEM and last[:_STEM] in whole


def _is_alone(name: Name, whole: str, other_whole: str, other: Side) -> bool:
    """Whether a word is a name, and the other version does not have it."""
    known = _is_known(name, other_whole) or _is_small(name, other)
    return not known and _is_sure(name, whole)


def _is_sure(name: Name, whole: str) -> bool:
    """Whether a word is a name: by its place, or since it has its capital inside of a sentence
    elsewhere in the article."""
    if name.sure:
        return True
    at = whole.find(f" {name.text}")
    for _ in range(_MOST):
        if at < 1:
            return False
        if whole[at - 1].islower():
            return True
        at = whole.find(f" {name.text}", at + 1)
    return False


def _are_relatives(name: Name, last: str, whole: str) -> bool:
    """Whether a version has the last word of a name only behind first names of others."""
    first = _parts(name.text)[0]
    befores = [part.split()[-1:] for part in whole.split(last)[:-1][:_MOST]]
    return bool(befores) and all(
        before and before[0] != first and _is_first_name(before[0]) for before in befores
    )


def _is_first_name(word: str) -> bool:
    return len(word) > 2 and word.istitle() and word.isalpha()


def _is_small(name: Name, other: Side) -> bool:
    """Whether the other side has the words in small letters: the capitals alone came or went."""
    return name.text.casefold() in other.text.casefold()


def _initials(short: str, whole: str) -> bool:
    """Whether the letters of an abbreviation begin words in a row."""
    words = [word[0] for word in whole.split() if word[0].isupper()]
    return short.replace(".", "") in "".join(words)


def _others(
    about: Comparison, each: Counterparts, old: Sequence[Name], new: Sequence[Name]
) -> Iterator[_Change]:
    """Names of one side: one place for another, or a name that came or went."""
    regions = each.regions()
    left, right = list(old), list(new)
    lookup = prepositions(about.words)
    for before in old:
        for after in new:
            if after in right and _is_place(each, before, after, regions, lookup):
                spans = _spans(each, before, after)
                yield _Change("place-changed", f"place {before.text} → {after.text}", *spans)
                left.remove(before)
                right.remove(after)
                break
    gone = [name for name in left if _is_alone(name, about.old_whole, about.new_whole, each.new)]
    come = [name for name in right if _is_alone(name, about.new_whole, about.old_whole, each.old)]
    if gone:
        spans_old = (s for name in gone for s in each.passage.spans("old", name.start, name.end))
        yield _Change("name-removed", f"{_listed(gone)} no longer named", tuple(spans_old), ())
    if come:
        spans_new = (s for name in come for s in each.passage.spans("new", name.start, name.end))
        yield _Change("name-added", f"{_listed(come)} named", (), tuple(spans_new))


def _listed(names: Sequence[Name]) -> str:
    return ", ".join(dict.fromkeys(name.text for name in names))


def _is_place(
    each: Counterparts, before: Name, after: Name, regions: Sequence[Region], lookup: Lookup
) -> bool:
    """Whether one name stands for the other behind the same preposition of place."""
    if before.title or after.title or before.text in after.text or after.text in before.text:
        return False
    preposition = _before(each.old.line, before, lookup)
    if not preposition or preposition != _before(each.new.line, after, lookup):
        return False
    if preposition in _OF_PERSONS and (before.last > before.first or after.last > after.first):
        return False
    return any(
        r.old_start < before.end and before.start < r.old_end
        and r.new_start < after.end and after.start < r.new_end
        for r in regions
    )  # fmt: skip


def _before(line: Sequence[Lexeme], name: Name, lookup: Lookup) -> str:
    """The preposition of place before a name, with what stands between ("in the village of")."""
    found = preposition_at(line, name.first, lookup)
    if found or not name.first > 0 or line[name.first - 1].folded not in _BETWEEN:
        return found
    for at in range(name.first - 2, max(name.first - 2 - _FAR, 0), -1):
        if line[at].sort != "word" or line[at].text[0].isupper():
            return ""
        preposition = preposition_at(line, at, lookup)
        if preposition:
            between = " ".join(each.folded for each in line[at : name.first])
            return f"{preposition} {between}"
    return ""


def _titles(each: Counterparts, old: Sequence[Name], new: Sequence[Name]) -> Iterator[_Change]:
    """The same person with another title."""
    for before in old:
        for after in new:
            if _parts(before.text)[-1] != _parts(after.text)[-1]:
                continue
            one = _title(each.old, before, each.old.words)
            other = _title(each.new, after, each.new.words)
            if one and other and _differ(one[0], other[0]):
                yield _Change(
                    "title-changed",
                    f"title of {after.text}: {one[0]} → {other[0]}",
                    each.passage.spans("old", *one[1:]),
                    each.passage.spans("new", *other[1:]),
                )
            break


def _title(side: Side, name: Name, words: Lexicon) -> tuple[str, int, int] | None:
    """The title before a name, or behind it and a comma, with its place."""
    if name.title:
        end = side.text[: name.start].rstrip()
        return name.title, name.title_start, len(end)
    line = side.line
    set_off = _title_set_off(side, name, words)
    if set_off:
        return set_off
    at = name.last + 1
    if at + 1 < len(line) and line[at].text == ",":
        for start in range(at + 1, min(at + 4, len(line))):
            hit = _title_words(words).at(line, start)
            if hit:
                return hit[1], line[start].start, line[start + hit[0] - 1].end
            if line[start].sort != "word":
                break
    return None


def _title_set_off(side: Side, name: Name, words: Lexicon) -> tuple[str, int, int] | None:
    """The title before a name and a comma: "the trade minister, Ann Lee,"."""
    line, comma = side.line, name.first - 1
    if comma < 1 or line[comma].text != ",":
        return None
    for length in range(min(_TITLE, comma), 0, -1):
        at = comma - length
        hit = _title_words(words).at(line, at)
        if hit and hit[0] == length:
            return hit[1], line[at].start, line[comma - 1].end
    return None


@lru_cache(maxsize=64)
def _title_words(words: Lexicon) -> Lookup:
    return Lookup(words.list("titles"))


def _differ(one: str, other: str) -> bool:
    """Whether two titles are more than a title and its abbreviation."""
    short, long = sorted((one.rstrip("."), other.rstrip(".")), key=len)
    if short == long or (short in _ADDRESSES and short in long.split()):
        return False
    left_out = len(long) - len(short)
    if len(short) <= _ABBREVIATED < len(long) and left_out >= _LEFT_OUT and short[0] == long[0]:
        letters = iter(long)
        return not all(letter in letters for letter in short)
    return True


def _spans(
    each: Counterparts, before: Name, after: Name
) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    return (
        each.passage.spans("old", before.start, before.end),
        each.passage.spans("new", after.start, after.end),
    )


def _is_title_case(line: Sequence[Lexeme]) -> bool:
    """Whether most words have a capital, as in headings: then capitals tell no names. A sentence
    with a full stop is no heading."""
    if line and line[-1].text == ".":
        return False
    words = [each.text for each in line if each.sort == "word" and len(each.text) > 3]
    return len(words) > 2 and sum(word[0].isupper() for word in words) > _TITLE_CASE * len(words)


RULE = SimpleRule(
    name="names",
    kinds=("name-added", "name-removed", "name-respelled", "place-changed", "title-changed"),
    look=_look,
    uses=("titles", "place_prepositions", "stop_words"),
)
