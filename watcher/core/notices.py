"""Notices: what an article says of itself, found among its paragraphs.

A notice is a paragraph that begins with a label ("Correction:", "Update, 3 May:") or with a
sentence about itself ("This article was amended …", "This is a developing story."), such a
sentence at a paragraph's end, or such a bracket there. Inside of prose nothing is a notice, and
nothing that begins with a quotation mark is: there somebody else speaks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from watcher.core.model import Notice, NoticeKind
from watcher.core.patterns import fold
from watcher.core.phrases import KINDS, Matcher, Phrases
from watcher.core.sentence_starts import content_at, sentence_end, sentence_starts

_BRACKETS = {"(": ")", "[": "]", "【": "】", "（": "）", "［": "］", "〔": "〕", "<": ">"}
_CLOSING = {closing: opening for opening, closing in _BRACKETS.items()}
# Words of a label on a line of its own.
_LABEL_WORDS = 3
_ENDED = ".!?…。！？।؟\"'”’»)"
_BAR = re.compile(r"\s[|/•·]\s*|\s[-–—]\s|[;(（]\s*")
_REST = re.compile(r"[\s.!…。*_~|]*$")

_CELLS = " | "
"""What stands between the cells of a row."""
_TAIL = 400
"""Characters of a paragraph's end that are searched for notices: two long sentences."""
_SHORT = 150
"""Characters of a line such as "By A. Writer | Published 3 May | Updated 4 May, 14:05"."""
_LABEL = 40
"""Characters of a label by a headline: "Developing story"."""
_LONGEST_LABEL = 60
"""Characters of a label that announces a notice, with its date."""
_LAST = 3
"""Sentences of a paragraph's end that can begin a notice: what was wrong, what is right, thanks."""
_EDGE = 4
"""Paragraphs from the end in which a heading "Correction" announces one; the rest is prose."""

# These give the reason of a change: all that follows belongs to them.
_LONG = frozenset({"retraction", "correction", "clarification", "editors-note"})
# What a label leaves unsaid and its text says: told besides, since it weighs more.
_STATES = frozenset({"retraction", "developing"})
_BESIDES: Mapping[str, frozenset[str]] = {
    "update": _STATES | {"correction"},
    "editors-note": _STATES | {"correction"},
}
# A post of a live blog has updates of its own, a caption the date of its picture; cells of
# tables are data.
_ELSEWHERE: Mapping[str, frozenset[str]] = {
    "live-post": frozenset({"update", "developing"}),
    "caption": frozenset({"update", "developing"}),
    "table-row": frozenset(KINDS),
}


class _Span(NamedTuple):
    """A notice of a paragraph, from character `begin` up to `stop`."""

    kind: NoticeKind
    begin: int
    stop: int


class _Hit(NamedTuple):
    """A phrase that was recognised. `open` tells if the following sentences belong to it.

    `bare` is a label with nothing behind it, `dated` one with a date.
    """

    kind: NoticeKind
    end: int
    open: bool
    label: bool = False
    bare: bool = False
    dated: bool = False


@dataclass(frozen=True, slots=True)
class _Found:
    """What a paragraph holds. `announces` is the kind of a label that stands alone in it."""

    spans: tuple[_Span, ...] = ()
    announces: NoticeKind | None = None
    certain: bool = False


_NOTHING = _Found()


def find_notices(
    paragraphs: Sequence[tuple[str, str]], language: str | None, phrases: Phrases
) -> tuple[Notice, ...]:
    """The notices among `paragraphs`, pairs of kind and text, in reading order.

    `language` is the article's BCP 47 tag: its phrases and the English ones are looked for; with
    a language that the table does not have, or None, those of all languages. The text of a
    notice is cut out of its paragraph: the whole of it, or just the sentences or the bracket. A
    label alone in a paragraph makes the next one the notice. A notice labelled as an update or
    an editor's note whose text is a correction is both; so is any that retracts the article or
    calls it developing.
    """
    matcher = phrases.matcher(language)
    found: list[Notice] = []
    announced: NoticeKind | None = None
    for place, (kind, text) in enumerate(paragraphs):
        read = _read(text, kind == "heading", matcher)
        spans = read.spans
        if announced and not spans and not read.announces and kind != "heading":
            spans = (_Span(announced, 0, len(text)),)
        edge = place <= 1 or place >= len(paragraphs) - _EDGE
        announced = read.announces if edge or read.certain or kind != "heading" else None
        # a row of one cell is a box
        is_data = kind != "table-row" or _CELLS in text
        left_out = _ELSEWHERE.get(kind, ()) if is_data else ()
        found += [Notice(k, text[a:b].strip(), place) for k, a, b in spans if k not in left_out]
    return tuple(found)


def is_bracketed(text: str) -> bool:
    """Whether a bracket opens a text and closes at its end."""
    closing = _BRACKETS.get(text[:1])
    return closing is not None and text.rstrip().endswith(closing)


def is_notice_label(text: str, language: str | None, phrases: Phrases) -> bool:
    """Whether a text says nothing but that a notice follows: "Correction", "Editor's note:"."""
    if not text or len(text) > _LONGEST_LABEL:
        return False
    return _read(text, False, phrases.matcher(language)).announces is not None


def tells_update(text: str, language: str | None, phrases: Phrases) -> bool:
    """Whether a text begins with a sentence that says what was updated, and not only when."""
    begin, matcher = content_at(text, 0), phrases.matcher(language)
    if not matcher.at(text, begin):
        return False
    hit = _sentence(text, fold(text), begin, len(text), matcher)
    return hit is not None and hit.kind == "update" and hit.open


def is_developing_label(text: str, language: str | None, phrases: Phrases) -> bool:
    """Whether a label, as stands by headlines, says that the story is developing.

    It must say nothing else, with the words of labels, lines and brackets of the table.
    """
    if len(text) > _LABEL:
        return False
    matcher = phrases.matcher(language)
    begin, end = content_at(text, 0), len(text.rstrip(" :：|–—-.!…"))
    if begin >= end or not matcher.at(text, begin):
        return False
    folded = fold(text)
    group = f"k{KINDS.index('developing')}"
    for expressions in matcher.at(text, begin):
        for pattern in (expressions.bracketed, expressions.labels):
            match = pattern.match(folded, begin, end)
            if match and match.end() >= end and match.groupdict().get(group) is not None:
                return True
    hit = _sentence(text, folded, begin, end, matcher)
    return hit is not None and hit.kind == "developing" and hit.end >= end


def _read(text: str, is_heading: bool, matcher: Matcher) -> _Found:
    begin = 0
    if text and not text[0].isalnum():
        begin = content_at(text, 0)
    closing = _closing(text, begin) if text[begin : begin + 1] in _BRACKETS else 0
    if closing:
        whole = _REST.match(text, closing + 1) is not None
        found = _in_bracket(text, begin, closing, whole, is_heading, matcher)
        if whole:
            return found
    elif matcher.at(text, begin):
        found = _begun(text, begin, len(text), is_heading, matcher)
        if found is not _NOTHING:
            first = found.spans[:1]
            if first and first[0].begin == begin:  # the ornament belongs to it
                spans = (first[0]._replace(begin=0), *found.spans[1:])
                return _Found(spans, found.announces, found.certain)
            return found
    else:
        found = _NOTHING
    told = {span.kind for span in found.spans if span.stop == len(text)}
    tail = [s for s in _tail(text, max(begin, closing), matcher) if s.kind not in told]
    return _Found((*found.spans, *tail)) if tail else found


def _closing(text: str, opening: int) -> int:
    """Where the bracket closes that opens a text; the end of the text if it never does."""
    opened, closed, depth = text[opening], _BRACKETS[text[opening]], 0
    for place in range(opening, len(text)):
        depth += (text[place] == opened) - (text[place] == closed)
        if not depth:
            return place
    return len(text)


def _in_bracket(
    text: str, begin: int, closing: int, whole: bool, is_heading: bool, matcher: Matcher
) -> _Found:
    """What a bracket holds; the brackets belong to the text of a notice that fills it."""
    inside = begin + 1
    while inside < closing and (text[inside].isspace() or text[inside] in "*_"):
        inside += 1
    if not matcher.at(text, inside):
        return _NOTHING
    found = _begun(text, inside, closing, is_heading, matcher)
    if found is _NOTHING and whole:
        for expressions in matcher.at(text, inside):
            match = expressions.bracketed.match(fold(text), inside, closing)
            if match and match.lastgroup:
                return _Found((_Span(KINDS[int(match.lastgroup[1:])], 0, len(text)),))
    folded = fold(text)
    label = None if whole else _label(text, folded, inside, closing, matcher)
    if label and label.bare and text[closing + 1 :].strip():  # "[Correction] The bridge …"
        return _Found((_Span(label.kind, 0, len(text)),))
    outer = 0 if whole else begin, len(text) if whole else closing + 1
    spans = tuple(
        span._replace(
            begin=outer[0] if span.begin == inside else span.begin,
            stop=outer[1] if span.stop == closing else span.stop,
        )
        for span in found.spans
    )
    return _Found(spans, found.announces if whole else None, found.certain)


def _begun(text: str, begin: int, end: int, is_heading: bool, matcher: Matcher) -> _Found:
    """What begins at a place where a notice can begin."""
    folded = fold(text)
    hit = _sentence(text, folded, begin, end, matcher)
    hit = hit or _label(text, folded, begin, end, matcher)
    hit = hit or _label_above(text, folded, begin, end, matcher)
    if hit is None:
        return _NOTHING
    if hit.bare:
        if hit.kind in _LONG:
            return _Found((), hit.kind, text[begin:end].rstrip(" )]")[-1:] in ":：")
        return _NOTHING
    inner = _sentence(text, folded, content_at(text, hit.end), end, matcher) if hit.label else None
    if is_heading and hit.label and inner is None and not (hit.dated and hit.kind in _LONG):
        # "Update: what we know so far" is a heading as any other
        return _NOTHING
    return _Found(tuple(_spans(text, folded, begin, end, hit, inner, matcher)))


def _sentence(text: str, folded: str, begin: int, end: int, matcher: Matcher) -> _Hit | None:
    """The phrase that a sentence begins with.

    Where several kinds match the longest has understood most: "amended … to clarify" tells more
    than "amended".
    """
    best: _Hit | None = None
    for expressions in matcher.at(text, begin):
        for kind, pattern in expressions.sentences:
            match = pattern.match(folded, begin, end)
            if match and (best is None or match.end() > best.end):
                is_line = "line" in pattern.groupindex and match["line"] is not None
                is_open = kind in _LONG or (kind == "update" and not is_line)
                best = _Hit(kind, match.end(), is_open)
    return best


def _label(text: str, folded: str, begin: int, end: int, matcher: Matcher) -> _Hit | None:
    matches = (e.labels.match(folded, begin, end) for e in matcher.at(text, begin))
    match = next((match for match in matches if match), None)
    if match is None:
        return None
    groups = match.groupdict()
    kind = next(kind for n, kind in enumerate(KINDS) if groups.get(f"k{n}") is not None)
    after = content_at(text, match.end())
    if not text[after:end].strip(" .:)]*_。："):
        dated = match["when"] is not None
        return _Hit(kind, end, True, label=True, bare=not dated or kind in _LONG)
    if match["mark"].strip(" .") not in (":", "|") and _is_prose(text, match, kind, after):
        return None
    return _Hit(kind, match.end(), True, label=True, dated=match["when"] is not None)


def _label_above(text: str, folded: str, begin: int, end: int, matcher: Matcher) -> _Hit | None:
    """A label on a line of its own, whose end became a space, above a sentence of the table."""
    if not any(matcher.at(text, begin)):
        return None
    at = begin
    for _ in range(_LABEL_WORDS):
        at = text.find(" ", at + 1, end)
        if at < 0:
            return None
        label = f"{text[begin:at]}:"
        hit = _label(label, fold(label), 0, len(label), matcher)
        if not (hit and hit.bare and hit.kind in _LONG and text[at + 1 : at + 2].isupper()):
            continue
        if _sentence(text, folded, at + 1, end, matcher):
            return _Hit(hit.kind, at + 1, True, label=True)
    return None


def _is_prose(text: str, match: re.Match[str], kind: NoticeKind, after: int) -> bool:
    """True if what a dash ends is no label: "Correction - or collapse - …", "Updates – city".

    An update needs more than a dash: its time, or capitals.
    """
    shouted = text[match.start() : match.start() + 2].isupper()
    return text[after].islower() or (kind == "update" and not match["when"] and not shouted)


def _spans(
    text: str, folded: str, begin: int, end: int, hit: _Hit, inner: _Hit | None, matcher: Matcher
) -> Iterator[_Span]:
    """The notices from `begin`, where `hit` was found, up to `end`."""
    current: tuple[_Hit, int] | None = (hit, begin)
    if inner and inner.kind != hit.kind and inner.kind in _BESIDES.get(hit.kind, _STATES):
        start = content_at(text, hit.end)
        stop = end if inner.open else sentence_end(text, inner.end, end)
        yield _Span(hit.kind, begin, end)
        current, hit, begin = (inner, start), inner, start
        if inner.open:
            yield _Span(inner.kind, start, stop)
            return
    for start in sentence_starts(text, hit.end, end):
        following = _sentence(text, folded, start, end, matcher)
        if following and current and following.kind == current[0].kind:
            current = (current[0]._replace(open=following.open or current[0].open), current[1])
        elif following and not (current and current[0].open and following.kind not in _STATES):
            if current:
                yield _Span(current[0].kind, current[1], start)
            current = (following, start)
        elif not following and current and not current[0].open:
            yield _Span(current[0].kind, current[1], start)
            current = None
    if current:
        yield _Span(current[0].kind, current[1], end)


def _tail(text: str, after: int, matcher: Matcher) -> tuple[_Span, ...]:
    """The notices that end a paragraph which is none itself."""
    last = text.rstrip()
    if last[-1:] in _CLOSING:
        opening = last.rfind(_CLOSING[last[-1]], after + 1)
        before = last[:opening].rstrip() if opening > 0 else ""
        if before and before[-1] in _ENDED:
            found = _in_bracket(text, opening, len(last) - 1, False, False, matcher)
            if found.spans:
                return found.spans
    if len(text) <= _SHORT:
        span = _behind_bar(text, after, matcher)
        if span:
            return (span,)
    starts = list(sentence_starts(text, max(after, len(text) - _TAIL), len(text)))[-_LAST:]
    for start in starts:
        if not matcher.at(text, start):
            continue
        folded = fold(text)
        hit = _sentence(text, folded, start, len(text), matcher)
        if hit is None:
            label = _label(text, folded, start, len(text), matcher)
            # "…: Update: …" may be anything, these may not
            hit = label if label and label.kind in _LONG and not label.bare else None
        if hit is None:
            continue
        spans = tuple(_spans(text, folded, start, len(text), hit, None, matcher))
        if spans and spans[-1].stop == len(text):
            return spans
    return ()


def _behind_bar(text: str, after: int, matcher: Matcher) -> _Span | None:
    """The update line behind the bars of a short line."""
    for match in _BAR.finditer(text, after):
        if matcher.at(text, match.end()):
            hit = _sentence(text, fold(text), match.end(), len(text), matcher)
            if hit and hit.kind == "update" and not hit.open:
                return _Span(hit.kind, match.end(), len(text.rstrip(" )）")))
    return None
