"""Whether an edited paragraph that stands elsewhere is the same one, beyond doubt."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from functools import cached_property

from watcher.core.exact import Link
from watcher.core.model import Word
from watcher.core.parts import letters
from watcher.core.similarity import Features, features
from watcher.core.tokens import tokens, words_of
from watcher.core.words import likeness, side, words

# So much of both texts must stand unmarked, in so many words, if nothing else tells: three words
# changed of twenty-five, or one of a short denial of eight.
MOVED = 0.85
MOVED_WORDS = 7
# Longer texts may differ more, if they are like no other. Edited paragraphs of real pages were put
# elsewhere, and of the most alike others of one page one was dropped and one added: at likeness
# 0.7 to 0.8 eight in ten of the former are found and one in eight of the latter is taken for it
# (with MOVED alone, one in thirty and none); with eight words for twelve, one in four.
_LONG = 0.7
_LONG_WORDS = 12
# A name or number in the place of another is how look-alikes differ ("Student visa", "Tourist
# visa"; rows of a table), and how figures are brought up to date: then this many other words must
# be the same. To take none of them would lose three in ten true moves, four in ten wrong ones.
_RENAMED_WORDS = 15
# A clause turned round ("The operator, Marlin Freight", "Marlin Freight, the operator") is struck
# and written anew; words in another order say nearly as much as words in place.
_TURNED = 0.9
# What differs must be this many times less than to any other paragraph of either version.
_CLEAR = 2.0
# A text carried whole into a longer one: so many words in one run, nearly all the shorter has.
# Turns of phrase are shorter.
_CARRIED = 10
_WHOLE = 0.9
# Between two links that moved alongside position speaks as well, on one side of one it does less.
_BETWEEN = 0.4
_BESIDE = 0.6
_BESIDE_WORDS = 5
# So many names or numbers on either side, others and none shared (by their first letters), in a
# frame of so many words, less than so alike, of which only a few words each were exchanged, are
# two facts. Of 9,046 edits in place between real versions none was so, of 1,391 look-alikes of
# one page seven were; without the last condition nine edits went out, nearly all true ones.
_OTHERS = 2
_STEM = 4
_FRAME = 0.6
_FRAME_WORDS = 4
_SLOT = 5
# Marks after which no sentence begins.
_WITHIN = frozenset(",;()[]-–—/'’&%$€£")
# Of the paragraphs that hold a word so many are looked at: a template shows in its first rows.
_COMMON = 300
# So many of those with most words in common are compared in full.
_LOOKS = 8


class Proof:
    """Looks for doubt over all paragraphs of two versions, `old` and `new`.

    `head` paragraphs come before the first of those that links count from; texts of `light`
    are furniture, that never proves anything.
    """

    def __init__(
        self, old: Sequence[str], new: Sequence[str], head: int, light: Collection[str]
    ) -> None:
        self._old, self._new, self._head, self._light = old, new, head, light
        self._known: dict[Link, bool] = {}

    def holds(self, link: Link, beside: Collection[Link] = ()) -> bool:
        """Whether the link may be out of order, given others (`beside`) that may be."""
        i, j = link
        if self._text(link)[0] == self._text(link)[1]:
            return self._text(link)[0] not in self._light
        if link not in self._known:
            self._known[link] = self._alone(link)
        if self._known[link]:
            return True
        near = ((i - 1, j - 1) in beside) + ((i + 1, j + 1) in beside)
        if not near:
            return False
        steps = words(*self._text(link))
        least = _BETWEEN if near == 2 else _BESIDE
        return likeness(steps) >= least and _same_words(steps) >= _BESIDE_WORDS

    def _alone(self, link: Link) -> bool:
        before, after = self._text(link)
        if letters(before) == letters(after):
            return True
        steps = words(before, after)
        same, share = _same_words(steps), likeness(steps)
        said, told = words_of(before), words_of(after)
        common = (Counter(said) & Counter(told)).total()
        if (turned := _TURNED * 2 * common / max(1, len(said) + len(told))) > share:
            same, share = common, turned
        if self._carried(before, after, steps):
            return True
        if share < _LONG or same < (MOVED_WORDS if share >= MOVED else _LONG_WORDS):
            return False
        if not _renamed(before, after):
            # A paragraph that a page says twice is still the same one.
            return share >= MOVED or self._clear(link)
        return same >= _RENAMED_WORDS and self._clear(link)

    def _text(self, link: Link) -> tuple[str, str]:
        return self._old[self._head + link[0]], self._new[self._head + link[1]]

    def _carried(self, before: str, after: str, steps: Sequence[Word]) -> bool:
        """Whether the shorter text stands in the longer nearly whole, and in no other."""
        run = max((text for op, text in steps if op == 0), key=len, default="").strip()
        least = min(len(words_of(before)), len(words_of(after)))
        size = len(words_of(run))
        if size < _CARRIED or size < _WHOLE * least:
            return False
        return all(sum(run in text for text in texts) == 1 for texts in (self._old, self._new))

    def _clear(self, link: Link) -> bool:
        """Whether no other paragraph is nearly as like either of the two."""
        i, j = link[0] + self._head, link[1] + self._head
        (olds, news), (of_old, of_new) = self._features, self._postings
        own = _alike(olds[i], news[j])
        most = 1 - _CLEAR * (1 - own)
        return not (
            _rival(news[j], olds, of_old, i, most) or _rival(olds[i], news, of_new, j, most)
        )

    @cached_property
    def _features(self) -> tuple[list[Features], list[Features]]:
        return features(self._old, self._new)

    @cached_property
    def _postings(self) -> tuple[dict[str, list[int]], dict[str, list[int]]]:
        return _postings(self._features[0]), _postings(self._features[1])


def is_firm(steps: Sequence[Word]) -> bool:
    """Whether a word diff by itself shows that two texts are the same beyond doubt."""
    if letters(side(steps, -1)) == letters(side(steps, 1)):
        return True
    return likeness(steps) >= MOVED and _same_words(steps) >= MOVED_WORDS


def is_look_alike(before: str, after: str) -> bool:
    """Whether one frame holds two other facts: no name or number is shared, several differ.

    "Police in Lyon arrested three men on Monday …", "Police in Geneva arrested two women on
    Thursday …". Words that begin a sentence are not told from names, and count as neither.
    """
    old, new = _names(before, inside=True), _names(after, inside=True)
    if {name[:_STEM] for name in old} & {name[:_STEM] for name in new}:
        return False
    gone, come = set(_others(old, new, after)), set(_others(new, old, before))
    if min(len(gone), len(come)) < _OTHERS or not all(
        any(map(str.isalpha, "".join(names))) for names in (gone, come)
    ):
        return False
    steps = words(before, after)
    framed = likeness(steps) < _FRAME and _same_words(steps) >= _FRAME_WORDS
    return framed and _only_exchanged(steps)


def _only_exchanged(steps: Sequence[Word]) -> bool:
    """Whether only a few words each were put in the place of as many others."""
    sizes: list[list[int]] = [[0, 0]]
    for op, text in steps:
        if op == 0:
            sizes.append([0, 0])
        else:
            sizes[-1][op > 0] += len(words_of(text))
    changed = [sorted(pair) for pair in sizes if any(pair)]
    return all(few > 0 and many <= min(2 * few, _SLOT) for few, many in changed)


def _same_words(steps: Sequence[Word]) -> int:
    return len(words_of(" ".join(text for op, text in steps if op == 0)))


def _renamed(before: str, after: str) -> bool:
    """Whether names or numbers went and others came."""
    old, new = _names(before), _names(after)
    return bool(_others(old, new, after) and _others(new, old, before))


def _others(names: Counter[str], known: Counter[str], text: str) -> list[str]:
    """Names and numbers that are not among the `known` ones, nor plain words of `text`."""
    said = set(words_of(text))
    return [name for name in names - known if name not in said or not name.isalpha()]


def _names(text: str, *, inside: bool = False) -> Counter[str]:
    """Words with digits and words that begin with a capital, folded; `inside` a sentence only."""
    found: Counter[str] = Counter()
    begins = inside
    for token in tokens(text):
        if token.isspace():
            continue
        if any(map(str.isdigit, token)) or (len(token) > 1 and token[0].isupper() and not begins):
            found[token.casefold()] += 1
        begins = inside and not token[0].isalnum() and token not in _WITHIN
    return found


def _postings(texts: Sequence[Features]) -> dict[str, list[int]]:
    postings: dict[str, list[int]] = defaultdict(list)
    for at, text in enumerate(texts):
        for word in text.bag:
            postings[word].append(at)
    return postings


def _alike(one: Features, other: Features) -> float:
    whole = one.total + other.total
    shared = sum(one.weight[word] * count for word, count in (one.bag & other.bag).items())
    return 2 * shared / whole if whole else 0.0


def _rival(
    text: Features,
    others: Sequence[Features],
    postings: dict[str, list[int]],
    own: int,
    most: float,
) -> bool:
    """Whether one of `others` but `own` is more like `text` than `most`."""
    shared: Counter[int] = Counter()
    for word in text.bag:
        shared.update(postings.get(word, [])[:_COMMON])
    # The nearest by words in common are few; a template's rows are all alike, one is enough.
    return any(_alike(text, others[at]) > most for at, _ in shared.most_common(_LOOKS) if at != own)
