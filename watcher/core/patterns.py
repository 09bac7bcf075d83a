"""A small language for phrases, compiled to regular expressions over folded text.

    words           themselves; between them may stand spaces, commas, dashes, brackets
    (a|b)           one of these
    [a]  [a|b]      perhaps one of these
    {name}          one of the list of that name
    {when}          a date or time of any form: numbers with words of the calendar
    ...             anything within the sentence, up to 100 characters
    ~               any letters: the rest of the word
    .               perhaps a full stop

Folding makes case, accents and kinds of quotes, dashes, colons and brackets equal and keeps
every character's place, so that a span in the folded text is the span in the text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

HEAD = 3
"""Characters of a phrase's beginning that are looked up first: two are shared by too many
words of prose ("th"), and a fourth would spare little more."""

_MARKS = r"\s,;:|/·•()\[\]\-—"
_SPACE = f"[{_MARKS}]+"
# A full stop ends a gap, save in abbreviations (p.m.) and before a number (No. 5, Sept. 4).
# The ways exclude each other, or backtracking would try every combination.
_GAP = r"(?:[^.?!。？！।]|(?<=\b\w)\.|(?<!\b\w)\.(?=\s?\d)){0,100}?"
_LETTERS = r"[\w\u0900-\u0963\u0966-\u0dff]*"
# Scripts without spaces have no words that could go on.
_END = r"(?:(?<=[\u2e80-\uffef])|(?![\w\u0900-\u0963\u0966-\u097f]))"
_LONGEST_DATE = 40
_MOST_PIECES = 24  # a weekday, a date, a time and its zone have ten; two of them in a row fit
# Between the pieces of a date. A colon or dash there stands before a digit; elsewhere it marks
# the end of a label ("Update, 4 May: Three people …").
_BETWEEN = r"(?:[\s,;/·•()\[\].@+#&'\u200e\u200f]|[:-](?=\d)|[-—|]\s(?=\d\d?[:.h]\d|\d{4}))*+"
_UNSPACED = re.compile(r"[\u2e80-\uffef]$")
_SPACES = re.compile(" +")
_STOP = "\0"
_LONGEST = 12


def _folding() -> dict[int, str]:
    table = {
        ord(char): base[0]
        for char in map(chr, (*range(0xC0, 0x250), *range(0x386, 0x3CF), *range(0x1E00, 0x1F00)))
        if (base := unicodedata.normalize("NFD", char)) and len(base) > 1
    }
    table |= {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    for chars, plain in (
        ("‘’‚‛′´`ʼ＇", "'"), ("“”„‟″«»＂", '"'), ("‐‑‒–−﹣－", "-"), ("―", "—"), ("∶︰", ":"),
        ("【〔〖", "["), ("】〕〗", "]"), ("、", ","), ("ıİ", "i"), ("ёЁ", "е"), ("أإآٱ", "ا"),
        ("ى", "ي"), ("ة", "ه"), ("\xa0\u202f\u2009\u3000", " "), ("øØ", "o"), ("łŁ", "l"),
        ("ςΣ", "σ"),
    ):  # fmt: skip
        table |= dict.fromkeys(map(ord, chars), plain)
    return table


_FOLDING = _folding()


def fold(text: str) -> str:
    """`text` for comparing with a phrase, each character in its place."""
    if not text.isascii():
        text = text.translate(_FOLDING)
    folded = text.lower()
    return folded if len(folded) == len(text) else "".join(c.lower()[0] for c in text)


class PhraseFault(ValueError):
    """A phrase that cannot be read: the text is the rest of a sentence, with the remedy."""


@dataclass(frozen=True, slots=True)
class _Choice:
    """One of several sequences, or none if optional.

    `heads` are the beginnings it can have: found once, as a list of words is used by many phrases.
    """

    options: tuple[_Sequence, ...]
    optional: bool
    heads: frozenset[str]


_Node = str | _Choice  # " " a space, "..." a gap, "~" letters, "{when}" a date, else a character
_Sequence = tuple[_Node, ...]


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled phrase: a regular expression, and what a match can begin with.

    A head shorter than HEAD matches whatever goes on; "0" stands for any digit.
    """

    regex: str
    heads: frozenset[str]


@dataclass(frozen=True, slots=True)
class Compiler:
    """Compiles phrases of one language: `lists` are its {name}s, `when` is what {when} means."""

    lists: Mapping[str, Sequence[str]]
    when: str
    _known: dict[str, _Choice] = field(default_factory=dict)

    def compile(self, phrase: str) -> Pattern:
        """Compile a phrase. Raises PhraseFault."""
        sequence = _Reader(fold(phrase.strip()), self.lists, self._known, ()).read()
        heads = {head.removesuffix(_STOP)[:HEAD] for head in _heads(sequence)}
        if not all(heads):
            raise PhraseFault("could match anything; begin it with a word")
        return Pattern(_regex(sequence, self.when) + _END, frozenset(heads))


def date_regex(calendar: Sequence[str]) -> str:
    """The expression for a date or time that is made of digits and words of a calendar."""
    # Longest first costs nothing and keeps "sept" from being tried as "sep".
    words = sorted({fold(word) for word in calendar}, key=lambda word: (-len(word), word))
    spaced = [re.escape(word) for word in words if not _UNSPACED.search(word)]
    others = [re.escape(word) for word in words if _UNSPACED.search(word)]
    options = [r"\d++"]
    if spaced:
        options.append(rf"(?:{'|'.join(spaced)})(?![^\W\d_])")
    options += others
    # Possessive, since a date's pieces can be told apart in one way only: no backtracking.
    piece = f"{_BETWEEN}(?:{'|'.join(options)})"
    return rf"(?=\D{{0,{_LONGEST_DATE}}}\d)(?:\s*:)?(?:{piece}){{1,{_MOST_PIECES}}}+"


@dataclass(slots=True)
class _Reader:
    text: str
    lists: Mapping[str, Sequence[str]]
    known: dict[str, _Choice]
    within: tuple[str, ...]
    at: int = 0

    def read(self) -> _Sequence:
        sequence = self.sequence("")
        if self.at < len(self.text):
            raise PhraseFault(f'has a "{self.text[self.at]}" too many; remove it')
        return sequence

    def sequence(self, end: str) -> _Sequence:
        nodes: list[_Node] = []
        while self.at < len(self.text) and self.text[self.at] not in (f"{end}|" if end else ")]}"):
            nodes.append(self.node())
        return tuple(nodes)

    def node(self) -> _Node:
        char = self.text[self.at]
        if self.text.startswith("...", self.at):
            self.at += 3
            return "..."
        self.at += 1
        if char in "([":
            return self.choice(char)
        if char == "{":
            return self.named()
        if char in ")]}":
            raise PhraseFault(f'has a "{char}" where none was opened; remove it')
        if char == "|":
            raise PhraseFault('has a "|" outside of brackets; write (a|b) or [a|b]')
        if char.isspace():
            return " "
        return _choice(((char,),), True) if char in ".…" else char

    def choice(self, opened: str) -> _Choice:
        end = ")" if opened == "(" else "]"
        options = [self.sequence(end)]
        while self.at < len(self.text) and self.text[self.at] == "|":
            self.at += 1
            options.append(self.sequence(end))
        if self.at >= len(self.text):
            raise PhraseFault(f'opens a "{opened}" and never closes it; add its "{end}"')
        self.at += 1
        if not all(options):
            raise PhraseFault(f'has an empty choice in "{opened}{end}"; use [ ] for "perhaps"')
        return _choice(tuple(options), opened == "[")

    def named(self) -> _Node:
        name, closed, _ = self.text[self.at :].partition("}")
        if not closed:
            raise PhraseFault('opens a "{" and never closes it; add its "}"')
        self.at += len(name) + 1
        if name == "when":
            return "{when}"
        if name in self.within:
            raise PhraseFault(f"uses the list {{{name}}}, which contains itself; take it out there")
        if not self.lists.get(name):
            known = ", ".join(f"{{{known}}}" for known in ("when", *sorted(self.lists)))
            raise PhraseFault(f"uses an unknown list {{{name}}}; known: {known}")
        inside = (*self.within, name)
        if name not in self.known:
            texts = (fold(text) for text in self.lists[name])
            options = (_Reader(text, self.lists, self.known, inside).read() for text in texts)
            self.known[name] = _choice(tuple(options), False)
        return self.known[name]


def _choice(options: tuple[_Sequence, ...], optional: bool) -> _Choice:
    heads = {head for option in options for head in _heads(option)}
    return _Choice(options, optional, frozenset(heads | {""} if optional else heads))


def _regex(sequence: _Sequence, when: str) -> str:
    """The expression of a sequence. What may be missing takes a space beside it along."""
    parts: list[str] = []
    leading = True  # nothing that must be there stands before
    for index, node in enumerate(sequence):
        before = sequence[index - 1] if index else None
        after = sequence[index + 1] if index + 1 < len(sequence) else None
        if node == " ":
            taken = (leading and index) or _brings_space(after)
            parts.append("" if taken else _SPACE)
            continue
        if isinstance(node, _Choice):
            inner = f"(?:{'|'.join(_regex(option, when) for option in node.options)})"
            if node.optional and leading and after == " ":
                inner = f"(?:{inner}{_SPACE})?"
            elif node.optional:
                inner = f"(?:{_SPACE}{inner})?" if before == " " else f"{inner}?"
            parts.append(inner)
            leading = leading and node.optional
            continue
        leading = False
        if node == "...":
            parts.append(f"(?:{_SPACE}{_GAP})??" if before == " " else _GAP)
        else:
            parts.append({"~": _LETTERS, "{when}": when}.get(node, re.escape(node)))
    return "".join(parts)


def _brings_space(node: _Node | None) -> bool:
    return node in ("...", "{when}") or (isinstance(node, _Choice) and node.optional)


def _heads(sequence: _Sequence) -> set[str]:
    """Every beginning that a match can have, cut after a few characters."""
    heads = {""}
    for node in sequence:
        going = {head for head in heads if len(head) < _LONGEST and not head.endswith(_STOP)}
        if not going:
            break
        longer = {_squeeze(head + more) for head in going for more in _node_heads(node)}
        heads = (heads - going) | longer
    return heads


def _squeeze(head: str) -> str:
    return _SPACES.sub(" ", head).lstrip()[:_LONGEST]


def _node_heads(node: _Node) -> frozenset[str] | set[str]:
    if isinstance(node, _Choice):
        return node.heads
    if node == "{when}":
        return {"0" + _STOP}
    return {_STOP} if node in ("...", "~") else {node}
