"""Mutations inside an article: each one is news, down to a character."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from random import Random

from bench._noise_source import Source, Span

_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEXYZ"
_DATE = (
    r"\b\d{1,2}\.? [^\W\d_]{3,10}\b|\b[A-Z][a-z]{2,8} \d{1,2}\b|\b(?:19|20)\d\d\b"
    r"|\b\d{1,2}[:.h]\d\d\b|\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b"
)
_PARAGRAPH = re.compile(r"<p\b[^>]*>", re.IGNORECASE)
_LINK = re.compile(
    r"<a\s[^<>]*?href=[\"'](https?://[^\"'#?<>]+|/[^\"'#?<>]*)(?:[?#][^\"'<>]*)?[\"'][^<>]*>(.*?)</a>",
    re.DOTALL | re.IGNORECASE,
)
_INSERTED = (
    "The harbour office said on Thursday that it would look into the matter again.",
    "Two witnesses have since corrected what they said about the time of the accident.",
)
_NOTICES = (
    "Correction: an earlier version of this article gave the wrong number of people.",
    "Clarification: this article was changed to say that the vote was not final.",
    "Editor's note: this story has been updated with a reply from the ministry.",
)


class Inside:
    """Makes seeded mutations of one page; `spans` are its paragraphs, `headlines` each place that
    shows its headline, `notices` those of its notices."""

    def __init__(
        self,
        source: Source,
        spans: list[Span],
        headlines: list[Span],
        notices: Sequence[Span] = (),
    ) -> None:
        self._html = source.html
        self._spans = spans
        self._headlines = headlines
        self._notices = notices
        self.without_room: Counter[str] = Counter()

    def all(self, random: Random) -> Iterator[tuple[str, str, int]]:
        """Kind, mutated page and where in the source; what the page gives no room for is left
        out, and counted in `without_room`."""
        kinds: dict[str, Callable[[Random], tuple[str, int] | None]] = {
            "change a letter": lambda r: self._character(r, str.isalpha, _LETTERS),
            "change a digit": lambda r: self._character(r, str.isdigit, "0123456789"),
            "change a date or time": self._date,
            "insert a digit": lambda r: self._insert(r, r.choice("0123456789")),
            "insert a letter": lambda r: self._insert(r, r.choice(_LETTERS)),
            "delete a character": self._delete,
            "insert a quotation mark": lambda r: self._insert(r, r.choice("\"“”'«")),
            "change punctuation": self._punctuation,
            "swap two words": self._swap,
            "join two words": self._join_words,
            "delete a paragraph": self._delete_paragraph,
            "insert a paragraph": lambda r: self._insert_paragraph(r, r.choice(_INSERTED)),
            "move a paragraph": self._move_paragraph,
            "split a paragraph": self._split,
            "join paragraphs": self._join,
            "add a notice at the end": self._notice,
            "headline: a letter": self._headline_letter,
            "notice: a letter": self._notice_letter,
            "where a link leads": self._link_target,
        }
        for kind, make in kinds.items():
            made = make(random)
            if made is not None and made[0] != self._html:
                yield kind, *made
            else:
                self.without_room[kind] += 1

    def _put(self, start: int, end: int, new: str) -> tuple[str, int]:
        return self._html[:start] + new + self._html[end:], start

    def _spot(self, random: Random, test: Callable[[str], bool]) -> int | None:
        for span in random.sample(self._spans, len(self._spans)):
            spots = [spot for spot in span.spots if test(self._html[spot])]
            if spots:
                return random.choice(spots)
        return None

    def _character(
        self, random: Random, test: Callable[[str], bool], letters: str
    ) -> tuple[str, int] | None:
        spot = self._spot(random, test)
        if spot is None:
            return None
        new = random.choice([c for c in letters if c != self._html[spot]])
        return self._put(spot, spot + 1, new)

    def _insert(self, random: Random, new: str) -> tuple[str, int] | None:
        spot = self._spot(random, str.isalnum)
        return None if spot is None else self._put(spot, spot, new)

    def _delete(self, random: Random) -> tuple[str, int] | None:
        spot = self._spot(random, str.isalnum)
        return None if spot is None else self._put(spot, spot + 1, "")

    def _between(self, random: Random, pattern: str) -> re.Match[str] | None:
        """A match between two letters of one paragraph, in its text and in no tag."""
        for span in random.sample(self._spans, len(self._spans)):
            letters = set(span.spots)
            found = [
                match
                for match in re.finditer(pattern, self._html[span.start : span.end])
                if {span.start + match.start(), span.start + match.end() - 1} <= letters
                and "<" not in match[0]
                and ">" not in match[0]
            ]
            if found:
                match = random.choice(found)
                return re.compile(pattern).match(self._html, span.start + match.start())
        return None

    def _punctuation(self, random: Random) -> tuple[str, int] | None:
        match = self._between(random, r"\w[.,:;!?'\"’”“-] ?\w")
        if match is None:
            return None
        at = match.start() + 1
        new = random.choice([c for c in ".,:;!?" if c != self._html[at]])
        return self._put(at, at + 1, new)

    def _date(self, random: Random) -> tuple[str, int] | None:
        match = self._between(random, _DATE)
        if match is None:
            return None
        at = random.choice([i for i in range(*match.span()) if self._html[i].isdecimal()])
        new = random.choice([c for c in "0123456789" if c != self._html[at]])
        return self._put(at, at + 1, new)

    def _swap(self, random: Random) -> tuple[str, int] | None:
        match = self._between(random, r"\b(\w{2,}) (\w{2,})\b")
        if match is None:
            return None
        return self._put(match.start(), match.end(), f"{match[2]} {match[1]}")

    def _join_words(self, random: Random) -> tuple[str, int] | None:
        match = self._between(random, r"\w \w")
        return None if match is None else self._put(match.start() + 1, match.end() - 1, "")

    def _elements(self) -> list[tuple[int, int]]:
        """The whole p elements that hold one paragraph each, and no other p."""
        found = []
        for span in self._spans:
            start = self._html.rfind("<p", 0, span.start)
            end = self._html.find("</p>", span.end)
            if start < 0 or end < 0:
                continue
            element = self._html[start : end + 4]
            if len(_PARAGRAPH.findall(element)) == 1 and element.count("</p>") == 1:
                found.append((start, end + 4))
        return found

    def _delete_paragraph(self, random: Random) -> tuple[str, int] | None:
        elements = self._elements()
        return self._put(*random.choice(elements), "") if len(elements) > 2 else None

    def _insert_paragraph(self, random: Random, text: str) -> tuple[str, int] | None:
        elements = self._elements()
        if not elements:
            return None
        end = random.choice(elements)[1]
        return self._put(end, end, f"<p>{text}</p>")

    def _move_paragraph(self, random: Random) -> tuple[str, int] | None:
        elements = sorted(set(self._elements()))
        if len(elements) < 3:
            return None
        (a, b), (c, d) = sorted(random.sample(elements, 2))
        one, other = self._html[a:b], self._html[c:d]
        if b > c or re.sub("<[^>]*>", "", one) == re.sub("<[^>]*>", "", other):
            return None
        return self._html[:a] + other + self._html[b:c] + one + self._html[d:], a

    def _split(self, random: Random) -> tuple[str, int] | None:
        elements = self._elements()
        match = self._between(random, r"\w[.,]? \w")
        if match is None:
            return None
        at = match.end() - 1
        around = next(((a, b) for a, b in elements if a < at < b), None)
        if around is None or "<" in self._html[self._html.index(">", around[0]) : at]:
            return None
        return self._put(at, at, "</p><p>")

    def _join(self, random: Random) -> tuple[str, int] | None:
        pattern = re.compile(r"</p>\s*<p\b[^>]*>")
        borders = [
            border
            for one, other in pairwise(self._spans)
            if (border := pattern.search(self._html, one.end, other.start))
            and not re.search(r"\w|</?div", self._html[one.end : border.start()])
            and not re.search(r"<(?:p|div|br)\b", self._html[border.end() : other.start])
        ]
        return self._put(*random.choice(borders).span(), " ") if borders else None

    def _notice(self, random: Random) -> tuple[str, int] | None:
        elements = self._elements()
        if not elements:
            return None
        end = max(end for _, end in elements)
        return self._put(end, end, f"<p>{random.choice(_NOTICES)}</p>")

    def _notice_letter(self, random: Random) -> tuple[str, int] | None:
        letters = [i for span in self._notices for i in span.spots if self._html[i].isalpha()]
        if not letters:
            return None
        at = random.choice(letters)
        return self._put(at, at + 1, "x" if self._html[at] in "qQ" else "q")

    def _link_target(self, random: Random) -> tuple[str, int] | None:
        """Another page of the same host, for words of a paragraph."""
        found = []
        for span in self._spans:
            letters = set(span.spots)
            start = self._html.rfind("<", 0, span.start)
            for link in _LINK.finditer(self._html, max(start, 0), span.end):
                if not letters.isdisjoint(range(link.start(2), link.end(2))):
                    found.append(link)
        if not found:
            return None
        end = random.choice(found).end(1)
        return self._put(end, end, f"/{random.randrange(100, 10**6)}")

    def _headline_letter(self, random: Random) -> tuple[str, int] | None:
        part = random.random()
        html, place = self._html, -1
        for headline in reversed(self._headlines):
            spots = [spot for spot in headline.spots if self._html[spot].isalpha()]
            place = spots[int(part * len(spots))] if spots else -1
            if place >= 0:
                new = "x" if html[place] in "qQ" else "q"
                html = html[:place] + new + html[place + 1 :]
        return (html, place) if place >= 0 else None


def told_mutations(
    html: str, told: Mapping[str, frozenset[str]], random: Random
) -> Iterator[tuple[str, str, int]]:
    """Mutations of what a page tells of itself, everywhere at once: the last digit of a day or
    minute, a letter of a name. `told` has the texts that say the same by what they are."""
    for kind, texts in told.items():
        mutated, first = html, -1
        minute, letter = random.randrange(1, 10), random.random()
        for text in sorted(texts, key=len, reverse=True):
            first = html.find(text) if first < 0 else first
            new = _other_time(text, minute) if text[0].isdigit() else _other_name(text, letter)
            mutated = mutated.replace(text, new)
        if mutated != html:
            yield kind, mutated, first


def _other_time(text: str, step: int) -> str:
    """The same moment some minutes away, or some years if it is a day."""
    at = 15 if len(text) > 15 else 3
    return f"{text[:at]}{(int(text[at]) + step) % 10}{text[at + 1 :]}"


def _other_name(text: str, part: float) -> str:
    spots = [i for i, c in enumerate(text) if c.isalpha()]
    if not spots:
        return text
    at = spots[int(part * len(spots))]
    return f"{text[:at]}{'x' if text[at] in 'qQ' else 'q'}{text[at + 1 :]}"
