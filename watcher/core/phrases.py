"""The table of phrases by which articles give notice of themselves, by language."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple, get_args

from watcher.core.model import NoticeKind
from watcher.core.patterns import HEAD, Compiler, PhraseFault, date_regex, fold

KINDS: tuple[NoticeKind, ...] = (
    "retraction", "correction", "clarification", "editors-note", "developing", "update",
)  # fmt: skip
"""Gravest first: what is said to be updated "to correct" something is a correction."""

FORMS = ("labels", "sentences", "lines", "bracketed")
_LISTS = (*FORMS, "drop")
EVERYWHERE = "und"
"""The language key of what holds in every language, BCP 47's tag for "undetermined"."""
_FALLBACK = "en"
# Codes of a language that the table has under another one.
_SAME = {"nb": "no", "nn": "no", "iw": "he", "in": "id"}
_LANGUAGE = re.compile("[a-z]{2,3}")
_DATES_WITHOUT_WORDS = date_regex(())

# Behind a phrase that is a sentence of its own: the end of it.
_LINE_END = r"""(?=[\s)\]"'*_~.!…。！।;,|-]*$|[.!…।]+[)\]"']*\s|[。！])"""
# A colon, a bar or a dash; a full stop or nothing more only behind a date or its bracket. An
# unspaced em dash is a mark too: "Correction—An earlier …".
_MARK = (
    r"(?P<mark>\.?\s*[:|]|\.?\s*—|\.?\s+-+(?=\s)|(?(when)\.(?=\s)|(?!))|(?<=[)\]])(?=\s)"
    r"|(?=[\s.)\]*_]*$))"
)


@dataclass(frozen=True, slots=True)
class PhraseError:
    """A fault of a table: the path that leads to it in the document, and a full sentence."""

    path: tuple[str | int, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Language:
    """What one language has: words of dates, named lists, and phrases by kind and form."""

    calendar: tuple[str, ...] = ()
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    phrases: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)


class Expressions(NamedTuple):
    """The compiled phrases of one language with one beginning. All work on folded text.

    `labels` has a group for each kind by its number in KINDS (`k0` …), `when` and `mark`;
    `sentences` are by kind, gravest first, with a group `line` that is empty where the phrase is
    a whole sentence. `bracketed` has a group for each kind as `labels` has.
    """

    labels: re.Pattern[str]
    sentences: tuple[tuple[NoticeKind, re.Pattern[str]], ...]
    bracketed: re.Pattern[str]


class _Entry(NamedTuple):
    kind: str
    form: str
    regex: str


@dataclass(frozen=True, eq=False, slots=True)
class _Tongue:
    """The phrases of one language by the first characters that a match can have."""

    when: str
    entries: Mapping[str, tuple[_Entry, ...]]


@dataclass(frozen=True, eq=False, slots=True)
class Matcher:
    """The phrases of some languages, compiled as far as texts ask for them."""

    tongues: tuple[_Tongue, ...]
    heads: frozenset[str]

    def at(self, text: str, place: int) -> tuple[Expressions, ...]:
        """The expressions that could match at a place of an unfolded text; mostly none."""
        head = _fold_head(text[place : place + HEAD])
        heads = self.heads
        if head in heads or head[:2] in heads or head[:1] in heads:
            return _compiled(self, head)
        return ()


@lru_cache(maxsize=4096)
def _fold_head(head: str) -> str:
    return "0" if head[:1].isdigit() else fold(head)


@dataclass(frozen=True, eq=False, slots=True)
class Phrases:
    """A table of phrases. Two tables are equal only if they are the same object."""

    languages: Mapping[str, Language]

    def matcher(self, language: str | None) -> Matcher:
        """The matcher for a BCP 47 tag.

        A language of the table goes together with English, whose labels ("Update:") stand on
        pages of every language. For an unknown one, or None, all languages are used.
        """
        own = re.split("[-_]", (language or "").strip().lower())[0]
        own = own if own in self.languages else _SAME.get(own, own)
        if own not in self.languages or own == EVERYWHERE:
            return _matcher(self, tuple(self.languages))
        return _matcher(self, tuple(dict.fromkeys((own, _FALLBACK))))


@lru_cache(maxsize=64)
def _matcher(phrases: Phrases, codes: tuple[str, ...]) -> Matcher:
    tongues = tuple(_tongue(phrases, code) for code in codes if code in phrases.languages)
    return Matcher(tongues, frozenset(head for tongue in tongues for head in tongue.entries))


@lru_cache(maxsize=64)
def _tongue(phrases: Phrases, code: str) -> _Tongue:
    language = phrases.languages[code]
    common = phrases.languages.get(EVERYWHERE, Language())
    when = date_regex(language.calendar + common.calendar)
    compiler = Compiler(language.lists, when)
    entries: dict[str, list[_Entry]] = {}
    for (kind, form), texts in language.phrases.items():
        for text in texts:
            pattern = compiler.compile(text)
            for head in pattern.heads:
                entries.setdefault(head, []).append(_Entry(kind, form, pattern.regex))
    return _Tongue(when, {head: tuple(found) for head, found in entries.items()})


@lru_cache(maxsize=4096)
def _compiled(matcher: Matcher, head: str) -> tuple[Expressions, ...]:
    found = []
    for tongue in matcher.tongues:
        entries = {
            entry
            for length in range(1, HEAD + 1)
            for entry in tongue.entries.get(head[:length], ())
        }
        if entries:
            found.append(_expressions(sorted(entries), tongue.when))
    return tuple(found)


def _expressions(entries: list[_Entry], when: str) -> Expressions:
    def groups(form: str) -> list[str]:
        return [
            f"(?P<k{number}>{_either(regexes)})"
            for number, kind in enumerate(KINDS)
            if (regexes := [e.regex for e in entries if (e.kind, e.form) == (kind, form)])
        ]

    sentences = []
    for kind in KINDS:
        starts = [e.regex for e in entries if (e.kind, e.form) == (kind, "sentences")]
        lines = [e.regex for e in entries if (e.kind, e.form) == (kind, "lines")]
        lines = [f"{_either(lines)}(?P<line>){_LINE_END}"] if lines else []
        if starts or lines:
            sentences.append((kind, re.compile(_either(starts + lines))))
    dated = rf"(?P<when>[\s,(\[—-]*(?:{when})(?:\.?[)\]])?)?"
    return Expressions(
        labels=re.compile(_either(groups("labels")) + dated + _MARK),
        sentences=tuple(sentences),
        bracketed=re.compile(_either(groups("bracketed"))),
    )


def _either(regexes: list[str]) -> str:
    return f"(?:{'|'.join(regexes) or '(?!)'})"


def read_phrases(
    data: Mapping[str, object], base: Phrases | None = None
) -> tuple[Phrases, tuple[PhraseError, ...]]:
    """The table that a document describes, added to `base`; and every fault of it.

    With faults the table is `base` with what could be read.
    """
    reader = _TableReader(dict(base.languages) if base else {}, [])
    for code, table in data.items():
        reader.language(code, table)
        reader.check(code, table)
    return Phrases(reader.languages), tuple(reader.faults)


def sound_phrases(data: Mapping[str, object], base: Phrases | None = None) -> Phrases:
    """The same table for a document that is known to have no fault: its phrases are not compiled
    to look for any, which takes longer than all the rest of reading a page."""
    reader = _TableReader(dict(base.languages) if base else {}, [])
    for code, table in data.items():
        reader.language(code, table)
    return Phrases(reader.languages)


@dataclass(slots=True)
class _TableReader:
    languages: dict[str, Language]
    faults: list[PhraseError]

    def fault(self, path: tuple[str | int, ...], text: str) -> None:
        self.faults.append(PhraseError(path, text))

    def language(self, code: str, table: object) -> None:
        if not _LANGUAGE.fullmatch(code):
            told = 'is no language; write a code as pages have it, without a region: "en", "pt"'
            self.fault((code,), f'"{code}" {told}')
            return
        if not isinstance(table, dict):
            self.fault((code,), f'"{code}" must be a table; write its parts as [{code}.correction]')
            return
        old = self.languages.get(code, Language())
        calendar, lists, phrases = list(old.calendar), dict(old.lists), dict(old.phrases)
        for key, value in table.items():
            path = (code, key)
            if key == "calendar":
                calendar += self.texts(path, value)
            elif not isinstance(value, dict):
                self.unknown(path)
            elif key == "words":
                for name, texts in value.items():
                    lists[name] = (*lists.get(name, ()), *self.texts((*path, name), texts))
            elif key in get_args(NoticeKind):
                self.kind(path, value, phrases)
            else:
                self.unknown(path)
        self.languages[code] = Language(tuple(calendar), lists, phrases)

    def kind(
        self,
        path: tuple[str, str],
        table: Mapping[str, object],
        phrases: dict[tuple[str, str], tuple[str, ...]],
    ) -> None:
        kind = path[1]
        for form, value in table.items():
            if form not in _LISTS:
                told = f"known: {', '.join(_LISTS)}"
                self.fault((*path, form), f'unknown key "{form}" in [{".".join(path)}]; {told}')
                continue
            texts = self.texts((*path, form), value)
            if form == "drop":
                self.drop((*path, form), texts, phrases)
            else:
                phrases[kind, form] = (*phrases.get((kind, form), ()), *texts)

    def drop(
        self,
        path: tuple[str, str, str],
        texts: tuple[str, ...],
        phrases: dict[tuple[str, str], tuple[str, ...]],
    ) -> None:
        own = [(path[1], form) for form in FORMS]
        for place, text in enumerate(texts):
            if not any(text in phrases.get(key, ()) for key in own):
                told = f'no phrase of [{path[0]}.{path[1]}] is "{text}"'
                self.fault((*path, place), f"{told}; copy the one to drop as the table has it")
            for key in own:
                if key in phrases:
                    phrases[key] = tuple(known for known in phrases[key] if known != text)

    def texts(self, path: tuple[str | int, ...], value: object) -> tuple[str, ...]:
        """A list of texts that are not empty; what is not is a fault."""
        name = ".".join(map(str, path))
        if not isinstance(value, list):
            self.fault(path, f'"{name}" must be a list of texts in square brackets')
            return ()
        good = []
        for place, text in enumerate(value):
            if isinstance(text, str) and text.strip():
                good.append(text)
            else:
                told = f'entry {place + 1} of "{name}" must be a text in quotes, not empty'
                self.fault((*path, place), told)
        return tuple(good)

    def unknown(self, path: tuple[str, str]) -> None:
        known = ", ".join(("calendar", "words", *get_args(NoticeKind)))
        self.fault(path, f'unknown key "{path[1]}" in [{path[0]}]; known: {known}')

    def check(self, code: str, table: object) -> None:
        """Compile every phrase of a table just read, for its faults."""
        if code not in self.languages or not isinstance(table, dict):
            return
        compiler = Compiler(self.languages[code].lists, _DATES_WITHOUT_WORDS)
        for path, text in _phrases_of(code, table):
            try:
                compiler.compile(text)
            except PhraseFault as error:
                self.fault(path, f'the phrase "{text}" {error}')


def _phrases_of(
    code: str, table: Mapping[str, object]
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    for kind, forms in table.items():
        for form, texts in forms.items() if isinstance(forms, dict) else ():
            if form in FORMS and kind in KINDS and isinstance(texts, list):
                for place, text in enumerate(texts):
                    if isinstance(text, str) and text.strip():
                        yield (code, kind, form, place), text
