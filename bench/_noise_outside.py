"""Mutations outside an article: each one is noise, as servers make it from answer to answer."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from random import Random

from bench._noise_source import Source, letters_of

_TAG = re.compile(r"<(?!/|!|\?|meta\b|time\b|link\b|html\b|data\b)[a-z][^<>]*>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r'\s([a-zA-Z][\w:-]*)=("[^"]*")')
_SCRIPT = re.compile(r"<script\b(?![^>]*ld\+json)[^>]*>.*?</script", re.DOTALL | re.IGNORECASE)
_ANY_SCRIPT = re.compile(r"<script\b[^>]*>.*?</script", re.DOTALL | re.IGNORECASE)
_STYLE = re.compile(r"<style\b[^>]*>.*?</style", re.DOTALL | re.IGNORECASE)
_LINK_TEXT = re.compile(r"<a\b[^>]*>([^<>&]{20,})</a>", re.IGNORECASE)
_BETWEEN = re.compile(r"(?<=>)[ \t\r\n]+(?=<)")
_INLINE_END = ("</p>", "</div>", "</section>", "</figure>")


class Outside:
    """Makes seeded mutations of one page outside of its article.

    The article reaches from its headline or first paragraph to its last one; `taken` are the
    letters of everything else that says something of it (byline, times).
    """

    def __init__(self, source: Source, article: tuple[int, int], taken: str) -> None:
        self._source = source
        self._html = source.html
        self._article = article
        self._taken = taken
        self.without_room: Counter[str] = Counter()

    def all(self, random: Random) -> Iterator[tuple[str, str, int]]:
        """Kind, mutated page and 0; what the page gives no room for is left out, and counted in
        `without_room`."""
        kinds: dict[str, Callable[[Random], str | None]] = {
            "ad ids": self._ids,
            "nonces": lambda r: re.sub(r"<script\b", f'<script nonce="{_token(r)}"', self._html),
            "numbers in scripts": lambda r: self._digits_of(_SCRIPT, r),
            "numbers in styles": lambda r: self._digits_of(_STYLE, r),
            "a new script": lambda r: self._insert(r, f"<script>var a={_number(r)};</script>"),
            "a new style": lambda r: self._insert(r, f"<style>.a{{top:{_number(r)}px}}</style>"),
            "a new comment": lambda r: self._insert(r, f"<!-- built {_number(r)} -->"),
            "an empty ad slot": lambda r: self._insert(r, f'<div id="ad-{_number(r)}"></div>'),
            "a tracking pixel": lambda r: self._insert(
                r, f'<img src="https://t.example/p?{_token(r)}" width="1" height="1" alt="">'
            ),
            "a hidden input": lambda r: self._insert(
                r, f'<input type="hidden" name="token" value="{_token(r)}">'
            ),
            "a token in the head": lambda r: self._head(
                f'<meta name="csrf-token" content="{_token(r)}">'
            ),
            "a preload in the head": lambda r: self._head(
                f'<link rel="preload" as="script" href="/b.{_token(r)}.js">'
            ),
            "inline styles": lambda r: self._attribute(r, f'style="margin-top:{_number(r)}px"'),
            "data attributes": lambda r: self._attribute(r, f'data-exp="{_token(r)}"'),
            "image addresses": self._images,
            "class names": self._classes,
            "attribute order": self._order,
            "white space between tags": self._white_space,
            "query strings": self._queries,
            "counters and clocks": self._counters,
            "related links": self._related,
        }
        for kind, make in kinds.items():
            mutated = make(random)
            if mutated is not None and mutated != self._html:
                yield kind, mutated, 0
            else:
                self.without_room[kind] += 1

    def _sub(self, pattern: re.Pattern[str], change: Callable[[re.Match[str]], str]) -> str:
        return pattern.sub(change, self._html)

    def _ids(self, random: Random) -> str:
        wanted = re.compile(r'(\s(?:id|data-[\w-]*id|data-[\w-]*key)="[^"]*?)(\d{3,})([^"]*")')
        return self._sub(wanted, lambda m: f"{m[1]}{_number(random)}{m[3]}")

    def _digits_of(self, pattern: re.Pattern[str], random: Random) -> str | None:
        found = [m for m in pattern.finditer(self._html) if re.search(r"\d", m[0])]
        if not found:
            return None
        match = random.choice(found)
        opened = match[0].index(">")
        digits = [m.start() for m in re.finditer(r"\d", match[0]) if m.start() > opened]
        if not digits:
            return None
        at = match.start() + random.choice(digits)
        return f"{self._html[:at]}{random.randrange(10)}{self._html[at + 1 :]}"

    def _insert(self, random: Random, new: str) -> str | None:
        """Put something after the end of a block, inside of the article too."""
        ends = [m.end() for end in _INLINE_END for m in re.finditer(end, self._html)]
        if not ends:
            return None
        at = random.choice(ends)
        return self._html[:at] + new + self._html[at:]

    def _head(self, new: str) -> str | None:
        head, found, body = self._html.partition("</head>")
        return f"{head}{new}{found}{body}" if found else None

    def _attribute(self, random: Random, new: str) -> str:
        part = random.random()
        opened = re.compile(r"<(?:div|section|figure|img|ul)\b(?![^<>]*\s(?:style|data-exp)=)")

        def add(tag: re.Match[str]) -> str:
            return tag[0] if random.random() < part else f"{tag[0]} {new}"

        return self._markup(lambda markup: opened.sub(add, markup))

    def _images(self, random: Random) -> str:
        wanted = re.compile(r'(<(?:img|source)\b[^<>]*\s(?:data-)?src(?:set)?=")[^"<>]+(")')
        new = f"/i/{_token(random)}.jpg"
        return self._markup(lambda markup: wanted.sub(lambda m: f"{m[1]}{new}{m[2]}", markup))

    def _classes(self, random: Random) -> str:
        suffix = f"css-{_number(random)}"
        return self._sub(
            re.compile(r'(<(?:div|span|p|a|img|figure|section)\b[^<>]*\sclass="[^"]*)(")'),
            lambda m: f"{m[1]} {suffix}{m[2]}",
        )

    def _order(self, random: Random) -> str:
        def turn(tag: re.Match[str]) -> str:
            attributes = _ATTRIBUTE.findall(tag[0])
            rest = _ATTRIBUTE.sub("", tag[0])
            names = [name.lower() for name, _ in attributes]
            if len(attributes) < 2 or "=" in rest or len(set(names)) < len(names):
                return tag[0]
            random.shuffle(attributes)
            shuffled = "".join(f" {name}={value}" for name, value in attributes)
            name = re.match(r"<[\w:-]+", rest)
            return f"{rest[: name.end()]}{shuffled}{rest[name.end() :]}" if name else tag[0]

        return self._markup(lambda part: _TAG.sub(turn, part))

    def _markup(self, change: Callable[[str], str]) -> str:
        """The page with what is no script changed; JSON-LD stays as well."""
        scripts = [m.span() for m in _ANY_SCRIPT.finditer(self._html)]
        parts, at = [], 0
        for start, end in [*scripts, (len(self._html), len(self._html))]:
            parts.append(change(self._html[at:start]))
            parts.append(self._html[start:end])
            at = end
        return "".join(parts)

    def _white_space(self, random: Random) -> str:
        return self._sub(_BETWEEN, lambda m: random.choice(("\n", " ", "\n\n  ", " \t")))

    def _queries(self, random: Random) -> str:
        wanted = re.compile(r'(<(?:img|script|a|source|iframe)\b[^<>]*\s(?:src|href)="[^"#?]+)(")')
        return self._sub(wanted, lambda m: f"{m[1]}?v={_number(random)}{m[2]}")

    def _outside(self) -> list[tuple[int, int]]:
        start, end = self._article
        return [(a, b) for a, b in self._source.segments if b <= start or a >= end]

    def _counters(self, random: Random) -> str | None:
        found = [
            match
            for a, b in self._outside()
            for match in re.compile(r"\d+").finditer(self._html, a, b)
            if self._html[match.start() - 1] not in "&#x"
            and letters_of(self._html[a:b]) not in self._taken
        ]
        if not found:
            return None
        match = random.choice(found)
        return f"{self._html[: match.start()]}{_number(random)}{self._html[match.end() :]}"

    def _related(self, random: Random) -> str | None:
        start, end = self._article
        found = [
            match
            for match in _LINK_TEXT.finditer(self._html)
            if (match.end() <= start or match.start() >= end)
            and letters_of(match[1]) not in self._taken
        ]
        if not found:
            return None
        match = random.choice(found)
        new = f"Ferries to the outer islands stop again after storm {_number(random)}"
        return self._html[: match.start(1)] + new + self._html[match.end(1) :]


def _number(random: Random) -> str:
    return str(random.randrange(100, 10**6))


def _token(random: Random) -> str:
    return f"{random.getrandbits(64):x}"
