"""Posts of live blogs that nothing holds together: a clock's reading, and texts up to the next one.

The reading stands in a heading or a line of its own, or begins a paragraph, an item of a list or a
row. One alone says nothing, and neither does a schedule: several must run one way, newest first or,
as timelines and programmes do too, oldest first on a page that says that it is a live blog.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, pairwise
from typing import NamedTuple

from lxml import etree
from lxml.html import HtmlElement

from watcher.adapters.page.live.postforms import numbered
from watcher.adapters.page.times.isotime import iso_time
from watcher.core.text import clean

_HEADINGS = ("h2", "h3", "h4", "h5", "h6")
_BLOCKS = frozenset((*_HEADINGS, "p", "li", "dt", "td", "th", "div", "section", "summary"))
_INLINE = frozenset(("b", "strong", "em", "i", "u", "span", "small", "time", "a", "font", "mark"))
_CELLS = frozenset(("td", "th"))
_LISTED = frozenset(("li", "dt"))
_UNREAD = frozenset(("script", "style", "noscript", "template", "svg", "nav", "button"))
_FEW, _FEW_INLINE = 3, 4
"""Posts of a page that does not call itself a live blog; more if they begin amid a text."""
_MOST = 2000
_OTHER_DAY = 600
"""Minutes: a longer step in the wrong direction leads to another day."""
_ONE_WAY = 0.8
"""Share of the steps from one time to the next that must go the same way."""
_TELLS = 40
"""Characters beside its reading that most posts have: programmes and timetables have fewer."""
_MOST_GROUPS = 3
_QUARTER = 15
"""Minutes: programmes and timetables begin then."""

# A word of the day or "at", and a date, that may stand before a clock's reading.
_DATE = (
    r"(?:\d{1,2}(?:\.|st|nd|rd|th|º)?\s?(?:de\s)?[^\W\d_]{3,10}|[^\W\d_]{3,10}\.?\s\d{1,2}"
    r"|\d{1,2}[./]\d{1,2})[.,]?(?:\s?(?:19|20)\d\d\b)?"
)
_OPENS = re.compile(
    r"[\s\[(【（•·*–—-]*+"
    r"(?:(?P<at>(?:klo?|ore|ora|um|om|godz|at|às|a las?|à)\b\.?\s)|[^\W\d_]{1,10}[.,]?\s)?"
    rf"(?P<date>{_DATE}[\s,.|–—-]+)?"
    r"(?P<hour>[01]?\d|2[0-3])(?:\s?(?P<mark>[:.h時时点시])\s?(?P<minute>[0-5]\d)(?![\d%]|[.,:]\d)"
    r"|(?=\s?(?:[ap]\.?\s?m|uhr)\b))[분分]?(?:\s?(?P<half>[ap])\.?\s?m\b\.?)?"
    r"(?P<zone>\s?\(?(?:uhr|h|hrs?|horas|мск|(?-i:[A-Z]{2,5})(?:[+-]\d\d?)?)\b\)?)?",
    re.IGNORECASE,
)
_MAY_OPEN = re.compile(r"\D{0,24}+\d")
_ENDS = re.compile(r"\s*[\])】）:：|–—•·-]|\s*$")
_FIGURE = re.compile(r"\d{1,18}")


class FlatPost(NamedTuple):
    """A post: its key, the raw text of its time or "", its text, and whether a list holds it."""

    key: str
    told: str
    text: str
    is_item: bool


class _Opening(NamedTuple):
    """Where a post begins: in an element's text or, if `is_tail`, behind it.

    `block` is the element of text that it opens, `minute` that of the day, `clock` the reading in
    short, with its date. `stands_out` is true for one in a heading, or set apart from what
    follows, `is_sure` for one that cannot be another number.
    """

    element: HtmlElement
    is_tail: bool
    block: HtmlElement
    minute: int
    clock: str
    stands_out: bool
    is_sure: bool


def may_open(tree: HtmlElement) -> list[HtmlElement]:
    """The elements of a parsed page whose text, or of line breaks the text behind them, has a
    figure near its start, in page order: a reading of a clock can stand in no others."""
    found = []
    for element in tree.iter(*_BLOCKS, *_INLINE, "br"):
        text = element.text
        if text is None and element.tag == "br":
            text = element.tail
        if text and _MAY_OPEN.match(text):
            found.append(element)
    return found


def flat_posts(
    may_be: Iterable[HtmlElement], *, is_declared: bool, is_live: bool
) -> list[FlatPost]:
    """The posts of a parsed page that readings alone tell, in page order; [] for none.

    `may_be` are the elements that `may_open` gives. `is_declared` is true for a page that is a live
    blog by its data, `is_live` for one that says so in its headline or address. Takes time in
    proportion to the size of the page.
    """
    few = 1 if is_declared else _FEW
    openings = list(islice(_openings(may_be), _MOST))
    best: list[FlatPost] = []
    most = 0
    for group in map(_surest, _groups(openings, few)):
        direction = _direction([opening.minute for opening in group])
        if not (is_declared or _is_blog(group, direction, is_live)):
            continue
        texts = _texts(_around(group), group)
        own = [len(t) - len(o.clock) for t, o in zip(texts, group, strict=True)]
        # of readings that share a text, the group with most of them stands first
        if sorted(own)[len(own) // 2] >= _TELLS and sum(map(len, texts)) > most:
            keys = _keys(group, rising=direction > 0)
            told = [_datetime(opening) for opening in group]
            items = [o.block.tag in _LISTED or _parent_tag(o.block) == "li" for o in group]
            most = sum(map(len, texts))
            best = list(map(FlatPost, keys, told, texts, items))
    return best


def _openings(may_be: Iterable[HtmlElement]) -> Iterator[_Opening]:
    for element in may_be:
        is_tail = element.tag == "br"
        text = (element.tail if is_tail else element.text) or ""
        if not (match := _OPENS.match(text)):
            continue
        block = element.getparent() if is_tail else _opened(element)
        if block is None:
            continue
        rest = text[match.end() :]
        is_alone = not rest.strip(" \t\r\n])】）—–-:：.|·•") and (not is_tail or _is_line(element))
        if element.tag == "a" and not is_alone:
            continue
        is_told = bool(match["half"] or match["zone"])
        is_exact = match["mark"] != "." or is_told or bool(match["at"])
        ends = _ENDS.match(rest) is not None or (is_told and rest[:1] in ".,")
        yield _Opening(
            element,
            is_tail,
            block,
            _minute(match),
            _short(match),
            is_alone or block.tag in _HEADINGS,
            is_alone or (is_exact and ends) or (is_exact and block.tag in _HEADINGS),
        )


def _opened(element: HtmlElement) -> HtmlElement | None:
    """The block whose first text an element's is; None if other text of it stands before."""
    node = element
    while node.tag in _INLINE:
        before, parent = node.getprevious(), node.getparent()
        while before is not None and before.tag == "a" and _is_empty(before):
            before = before.getprevious()
        if before is not None and before.tag not in _INLINE and not (before.tail or "").strip():
            return parent  # a line of its own, behind a line break or a block
        if before is not None or parent is None or (parent.text or "").strip():
            return None
        node = parent
    if node.tag in _CELLS and node.getprevious() is not None:
        return None
    return node if node.tag in _BLOCKS else None


def _is_empty(element: HtmlElement) -> bool:
    return not (element.text or element.tail or "").strip() and not len(element)


def _is_line(br: HtmlElement) -> bool:
    following = br.getnext()
    return following is None or following.tag == "br"


def _minute(match: re.Match[str]) -> int:
    hour, half = int(match["hour"]), (match["half"] or "").lower()
    if half:
        hour = hour % 12 + 12 * (half == "p")
    return 60 * hour + int(match["minute"] or 0)


def _short(match: re.Match[str]) -> str:
    clock = f"{match['hour']}:{match['minute'] or '00'}{(match['half'] or '').lower()}"
    date = clean((match["date"] or "").strip(" ,.|–—-\t\r\n"))
    return f"{date} {clock}" if date else clock


def _groups(openings: Sequence[_Opening], few: int) -> Iterator[list[_Opening]]:
    """Openings of one form on the whole page, and of one form side by side."""
    found: dict[tuple[object, ...], list[_Opening]] = {}
    for opening in openings:
        block, is_own = opening.block, opening.element is opening.block
        if opening.is_tail or is_own:
            found.setdefault((block,), []).append(opening)
        if not opening.is_tail:
            found.setdefault((block.tag, is_own), []).append(opening)
            found.setdefault((block.getparent(), block.tag, is_own), []).append(opening)
    seen = 0
    for group in sorted(found.values(), key=len, reverse=True):
        if len(group) >= few and (seen := seen + 1) <= _MOST_GROUPS:
            yield group


def _surest(group: list[_Opening]) -> list[_Opening]:
    """The openings that are sure, if most are: beside them others are prose ("At 14:05 he …")."""
    sure = [opening for opening in group if opening.is_sure]
    return sure if 2 * len(sure) >= len(group) else group


def _direction(minutes: Sequence[int]) -> int:
    """1 for times that rise down the page, -1 for times that fall, 0 for others.

    A long step the wrong way leads to another day. What is pinned on top breaks no order.
    """
    steps = [b - a for a, b in pairwise(minutes) if a != b]
    for told in (steps, steps[1:] if len(steps) > 2 else []):
        rising = sum(step > 0 or step <= -_OTHER_DAY for step in told)
        falling = sum(step < 0 or step >= _OTHER_DAY for step in told)
        if max(rising, falling) > 1 and max(rising, falling) >= _ONE_WAY * len(told):
            return 0 if rising == falling else 1 if rising > falling else -1
    return 0


def _is_blog(group: Sequence[_Opening], direction: int, is_live: bool) -> bool:
    if is_live:
        return direction != 0
    # news does not wait for the quarter of an hour, nor for the third column of a table
    if all(o.minute % _QUARTER == 0 or _is_tabular(o.block) for o in group):
        return False
    few = _FEW if all(opening.stands_out for opening in group) else _FEW_INLINE
    return direction < 0 and len(group) >= few and all(opening.is_sure for opening in group)


def _is_tabular(block: HtmlElement) -> bool:
    return block.tag in _CELLS and sum(1 for _ in block.itersiblings()) > 1


def _around(group: Sequence[_Opening]) -> HtmlElement:
    """The innermost element that holds all openings and what follows them."""
    first, *others = (opening.block for opening in group)
    if all(block is first for block in others) and others:
        return first
    shared = [first.getparent(), *first.iterancestors()]
    for block in {block.getparent() for block in others}:
        above = {block, *block.iterancestors()}
        shared = [node for node in shared if node in above]
    return shared[0]


def _texts(container: HtmlElement, group: Sequence[_Opening]) -> list[str]:
    """The text from each opening up to the next one, the last up to the container's end."""
    starts = {(opening.element, opening.is_tail) for opening in group}
    texts: list[list[str]] = []
    events = etree.iterwalk(container, events=("start", "end"))
    for event, element in events:
        is_end = event == "end"
        if is_end and element is container:
            break
        if (element, is_end) in starts:
            texts.append([])
        if not is_end and element.tag in _UNREAD:
            events.skip_subtree()
        elif texts and (text := element.tail if is_end else element.text):
            texts[-1].append(text)
    return ["".join(pieces) for pieces in texts]


def _keys(group: Sequence[_Opening], *, rising: bool) -> list[str]:
    """What names the posts: what the page does, unless that counts from the newest on or is made
    from the readings; else the time of each, with a number for another one of the same, counted
    from the oldest on."""
    names = [_name(opening) for opening in group]
    is_own = all(names) and len(set(names)) == len(names) and (rising or not is_counted(names))
    pairs = zip(group, names, strict=True)
    if is_own and not any(_digits(o.clock) in _digits(name) for o, name in pairs):
        return names
    times = [iso_time(_datetime(opening)) or opening.clock for opening in group]
    return numbered(times, rising=rising)


def _digits(text: str) -> str:
    return "".join(_FIGURE.findall(text))


def is_counted(names: Sequence[str]) -> bool:
    """True for names whose figures rise one after the other down the page: they are places."""
    figures = [int(found[0]) for name in names if (found := _FIGURE.search(name))]
    return len(figures) == len(names) > 1 and all(a < b for a, b in pairwise(figures))


def _name(opening: _Opening) -> str:
    """The id of an opening, or of an anchor in it or right before it."""
    block = opening.block
    inside = [opening.element, *([] if opening.is_tail else [block]), *islice(block.iter("a"), 1)]
    before = block.getprevious()
    if before is not None and before.tag == "a" and _is_empty(before):
        inside.append(before)
    found = (element.get("id") or element.get("name") for element in inside)
    return clean(next(filter(None, found), ""))[:200]


def _datetime(opening: _Opening) -> str:
    element = opening.element
    times = [element] if element.tag == "time" else [] if opening.is_tail else element.iter("time")
    told = next((clean(time.get("datetime") or "") for time in times), "")
    return told if iso_time(told) else ""


def _parent_tag(element: HtmlElement) -> object:
    parent = element.getparent()
    return None if parent is None else parent.tag
