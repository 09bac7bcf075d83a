"""Which part of a page is its article.

Prose (long texts with few links) is added up over the elements. What is named as chrome counts
for nothing, unless most of the page's prose stands in it. The element with most prose close to
it is the seed; the article is what is marked as its body around the seed, and else the seed,
widened to siblings of the same form.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

from watcher.adapters.page.source.blocks import Block, Node, Page
from watcher.adapters.page.source.boilerplate import (
    BODY,
    CAPTION,
    CHROME,
    DOUBTFUL,
    HIDDEN,
    IMAGE,
    STRONG,
    SURE_BODY,
    WEAK,
)
from watcher.adapters.page.text.flowing import flowing, is_plain, reads_as_text
from watcher.adapters.page.text.prose import is_sentence, letters, prose_size

# Share of the page's prose that no advertisement, list of teasers or biography has.
_WRAPS = 0.3
# Share of the prose outside of what is strongly named as chrome that can still be an article.
_REST = 0.2
# Share of the prose in all elements of one name: paragraphs and posts, not chrome.
_MOST_ALIKE = 0.6
# Paragraphs of plain text that a box beside the text seldom has.
_SEVERAL = 3
_BOXES = frozenset(("aside", "form", "dialog"))
# What prose counts for an element one level further out; beyond four levels it is next to nothing.
_NEAR = 0.5
_LEVELS = 4
# Long items of lists are teasers as often as text.
_LISTED = 0.3
# Characters: a flash has more, and what has less may be a teaser, a stub or a caption.
_LITTLE = 250
# Characters of a text that stands nowhere else by chance.
_LEAST = 40
# Characters of a sentence that can be a flash: shorter ones are labels and times.
_FLASH = 30
# Shares of the prose outside of chrome, and of all prose, that an undoubted article holds.
_MOST = 0.6
_MOST_OF_ALL = 0.45
# Share of another reading's text that must be in one element: the rest may be a standfirst.
_NEARLY = 0.9
_LEAVES = frozenset(("p", "h1", "h2", "h3", "h4", "h5", "h6", "li"))
# Letters that do not stand in another text by chance.
_TELLING = 20
_ARTICLES = frozenset(("article", "main"))
# What an element is by its tag, whatever its names.
_TELLING_TAGS = frozenset(("nav", "footer", "figure", *_BOXES))
_TOPS = frozenset(("body", "html"))


def _seen_size(block: Block, seen: str) -> int:
    own = letters(block.text)
    return len(own) if len(own) >= _TELLING and own in seen else 0


class Layout:
    """What the elements of a page hold, and where its headline stands."""

    def __init__(self, page: Page, known: str, seen: str | None = None) -> None:
        """`seen` are the letters of the article as another reader of the page saw it, if any:
        then only blocks that stand in them count as prose.
        """
        self.page = page
        self._is_told = seen is not None
        self.headline = _headline_at(page, known)
        self._prose = [
            prose_size(block) if seen is None else _seen_size(block, seen) for block in page.blocks
        ]
        # Where nothing is long enough to be prose, the shares are those of all text.
        every = self._prose if any(self._prose) else [len(b.text) - b.links for b in page.blocks]
        self._every = self._sums(every)
        self._wrappers = set(
            self._path(page.blocks[self.headline].node) if self.headline >= 0 else ()
        )
        self._plain = self._sums(
            [
                int(prose > 0 and is_plain(page, b))
                for b, prose in zip(page.blocks, self._prose, strict=True)
            ]
        )
        self._telling = [i for i, n in enumerate(page.nodes) if n.marks or n.tag in _TELLING_TAGS]
        self._flowing = flowing(page, self._prose, self._telling)
        self.is_flash = self._is_told_by_headline()
        self.strong = self.inside(
            self._passing(
                lambda i, n: _is_strong(n) and i not in self._wrappers and i not in self._flowing
            )
        )
        self.chrome = self.inside(self._passing(self._strong_first()))
        self.images = self.inside(self._passing(self._is_image))
        self.prose = [
            0 if self.chrome[b.node] or self.images[b.node] else p
            for b, p in zip(page.blocks, self._prose, strict=True)
        ]
        self.sums = self._sums(self.prose)

    def _sums(self, prose: Sequence[int]) -> list[int]:
        nodes = self.page.nodes
        sums = [0] * len(nodes)
        for block, size in zip(self.page.blocks, prose, strict=True):
            sums[block.node] += size
        for index in range(len(nodes) - 1, 0, -1):
            sums[nodes[index].parent] += sums[index]
        return sums

    def plain(self, index: int) -> int:
        """The number of paragraphs of prose with few links in a node."""
        return self._plain[index]

    def _quotes(self, node: Node) -> bool:
        """True for what somebody said elsewhere, set into the text."""
        return any(block.kind == "quote" for block in self.page.blocks[node.first : node.last])

    def inside(self, indexes: Iterable[int]) -> list[bool]:
        """For each node, whether it is one of those, which are given in order, or stands in one."""
        found = [False] * len(self.page.nodes)
        for index in indexes:
            if not found[index]:
                stop = self.page.nodes[index].stop
                found[index:stop] = [True] * (stop - index)
        return found

    def _passing(self, test: Callable[[int, Node], bool]) -> Iterator[int]:
        """The nodes that pass, of those whose tag or names say anything."""
        nodes = self.page.nodes
        return (index for index in self._telling if test(index, nodes[index]))

    def _strong_first(self) -> Callable[[int, Node], bool]:
        """The test for chrome. What is strongly named so is trusted if anything else is left."""
        total = sum(self._prose)
        named = self.inside(
            i for i, n in enumerate(self.page.nodes) if n.is_body or n.tag in _ARTICLES
        )
        rest = rest_of_article = 0
        for block, size in zip(self.page.blocks, self._prose, strict=True):
            if not self.strong[block.node]:
                rest += size
                rest_of_article += size if named[block.node] else 0
        enough = rest >= _REST * total or rest_of_article >= _LITTLE
        # Posts and paragraphs that are all named alike are seldom all chrome.
        together: Counter[tuple[str, str]] = Counter()
        for node, size in zip(self.page.nodes, self._every, strict=True):
            if size:
                together[node.tag, node.names] += size

        def test(index: int, node: Node) -> bool:
            if (index in self._wrappers and node.tag != "nav") or index in self._flowing:
                return False
            alike = bool(node.names) and together[node.tag, node.names] > _MOST_ALIKE * total
            small = self._every[index] <= _WRAPS * total and not alike
            if _is_strong(node):
                return small or enough or self._is_beside_flash(index)
            if _is_apart(node) and self._is_beside_flash(index):
                return True
            if not (small and _is_chrome(node)):
                return False
            if node.tag in _BOXES or node.marks & (CHROME | HIDDEN):
                return True
            if reads_as_text(self.page, self._prose, index):
                return False
            if node.marks & WEAK and self._quotes(node):
                return False
            return bool(node.marks & DOUBTFUL) or self._plain[index] < _SEVERAL

        return test

    def _is_beside_flash(self, index: int) -> bool:
        """True for a node that has more text than the flash beside it, but not as an article has:
        by a headline there may be no more than a standfirst."""
        return self.is_flash and self._plain[index] < _SEVERAL

    def is_beside(self, text: str) -> bool:
        """True if a text stands in what is surely none of a flash, and nowhere else."""
        if len(text) < _LEAST:
            return False
        apart = self.inside(
            self._passing(lambda i, n: self.chrome[i] and (_is_strong(n) or _is_apart(n)))
        )
        return {apart[b.node] for b in self.page.blocks if text in b.text} == {True}

    def _is_told_by_headline(self) -> bool:
        """True if a sentence of the article stands by the headline, outside of what is set apart:
        the text of a flash, shorter than whatever surrounds it."""
        if self.headline < 0:
            return False
        nodes, blocks = self.page.nodes, self.page.blocks
        apart = self.inside(
            self._passing(lambda i, n: i not in self._wrappers and (_is_strong(n) or _is_chrome(n)))
        )
        at = nodes[blocks[self.headline].node].parent
        while at >= 0 and nodes[at].tag not in _TOPS:
            for block in blocks[self.headline + 1 : nodes[at].last]:
                if (
                    not apart[block.node]
                    and block.kind == "paragraph"
                    and not block.links
                    and len(block.text) >= _FLASH
                    and is_sentence(block.text)
                ):
                    return True
            at = nodes[at].parent
        return False

    def _is_image(self, index: int, node: Node) -> bool:
        pictured = (
            node.tag == "figure"
            or node.marks & CAPTION
            or (node.marks & IMAGE and node.tag not in _LEAVES)
        )
        small = self._every[index] <= _WRAPS * self._every[0] and self._plain[index] < _SEVERAL
        return bool(pictured) and small

    def is_caption(self, index: int) -> bool:
        """True for a node that says that it tells of a picture, or stands in one that does."""
        nodes = self.page.nodes
        return any(nodes[i].tag == "figure" or nodes[i].marks & CAPTION for i in self._path(index))

    def container(self) -> int:
        """The index of the element that holds the article's text."""
        if self._is_told:
            return self._common()
        return self._widen(self._bound(self._seed()))

    def is_doubtful(self, container: int) -> bool:
        """True if much of the page's prose stands outside of the container, or little in it."""
        size = self.sums[container]
        return size < _LITTLE or size < _MOST * self.sums[0] or size < _MOST_OF_ALL * self._every[0]

    def _common(self) -> int:
        """The smallest element that holds nearly all prose."""
        enough = _NEARLY * self.sums[0]
        return max((i for i, size in enumerate(self.sums) if size >= enough), default=0)

    def _seed(self) -> int:
        nodes = self.page.nodes
        near = [0.0] * len(nodes)
        start, stop = self._place()
        for block, prose in zip(self.page.blocks[start:stop], self.prose[start:stop], strict=True):
            if not prose:
                continue
            at, share, size = block.node, 1.0, float(prose)
            if nodes[at].tag in ("p", "li", "blockquote"):
                at = nodes[at].parent
            if block.kind in ("list-item", "table-row"):
                size *= _LISTED
            for _ in range(_LEVELS):
                if at < 0:
                    break
                near[at] += share * size
                at, share = nodes[at].parent, share * _NEAR
        return max(range(len(nodes)), key=near.__getitem__, default=0)

    def _place(self) -> tuple[int, int]:
        """The blocks among which the article is: in the element article that the headline stands
        in, if there is enough prose in it, and behind the headline, if there is.
        """
        whole = sum(self.prose)
        for index in self._path(self.page.blocks[self.headline].node) if self.headline >= 0 else ():
            node = self.page.nodes[index]
            if node.tag == "article":
                own = sum(self.prose[self.headline + 1 : node.last])
                if own >= max(_LITTLE, _REST * whole):
                    return self.headline + 1, node.last
        after = sum(self.prose[self.headline + 1 :]) >= _WRAPS * whole
        return (self.headline + 1 if after else 0), len(self.page.blocks)

    def _bound(self, seed: int) -> int:
        nodes = self.page.nodes
        path = self._path(seed)
        # each post of a live blog may have a body of its own; the article's holds them all
        posts = [at for at, index in enumerate(path) if nodes[index].is_post]
        path = [i for i in path[posts[-1] + 1 if posts else 0 :] if nodes[i].tag not in _TOPS]
        tests: tuple[Callable[[Node], bool], ...] = (
            lambda node: node.is_body,
            lambda node: bool(node.marks & BODY),
            lambda node: node.tag == "article",
            lambda node: node.tag == "main",
        )
        for test in tests:
            for index in path:
                if test(nodes[index]):
                    return index
        return path[0] if posts and path else seed

    def _path(self, index: int) -> list[int]:
        path = []
        while index >= 0:
            path.append(index)
            index = self.page.nodes[index].parent
        return path

    def _widen(self, container: int) -> int:
        nodes, sums = self.page.nodes, self.sums
        best = container
        for index in self._path(container)[1:]:
            if nodes[index].tag in _TOPS:
                break
            gain = sums[index] - sums[container]
            if gain and not self._same_form(index, container):
                break
            if gain:
                best = index
            container = index
        return best

    def _same_form(self, parent: int, child: int) -> bool:
        one = self.page.nodes[child]
        if _is_leaf(one) and any(
            node.parent == parent and index != child and self.sums[index] and _is_leaf(node)
            for index, node in enumerate(self.page.nodes)
        ):
            return True  # one long paragraph among others, whatever its tag
        return one.tag != "article" and any(
            node.parent == parent
            and index != child
            and self.sums[index]
            and node.tag == one.tag
            and (node.names == one.names or bool(node.marks & one.marks & BODY))
            for index, node in enumerate(self.page.nodes)
        )


def _headline_at(page: Page, known: str) -> int:
    """The index of the headline's block, of the first h1 if none repeats it, else -1."""
    # a text is not much longer than what is said of it, nor half as long
    near = range(len(known) // 2, 4 * len(known) + 8)
    same = [i for i, b in enumerate(page.blocks) if len(b.text) in near and b.said == known]
    tops = [i for i, b in enumerate(page.blocks) if page.nodes[b.node].tag == "h1"]
    heads = [i for i in same if page.blocks[i].kind == "heading"]
    for found in ([i for i in same if i in set(tops)], tops, heads, same):
        if found:
            return found[0]
    return -1


def _is_strong(node: Node) -> bool:
    return (node.tag in ("nav", "footer") and not node.is_note) or bool(
        node.marks & STRONG and not (node.is_body or node.marks & SURE_BODY)
    )


def _is_leaf(node: Node) -> bool:
    """True for an element with no more than one text, which is not marked as the article's body."""
    return node.last == node.first + 1 and not (node.is_body or node.marks & BODY)


def _is_apart(node: Node) -> bool:
    """True for what no reader sees, and for what its tag sets apart from the text."""
    return bool(node.marks & HIDDEN) or (node.tag in _BOXES and not node.is_note)


def _is_box(node: Node) -> bool:
    """True for an item that holds more than its text: a sidebar may be a list of boxes."""
    return node.tag == "li" and node.last > node.first + 1


def _is_chrome(node: Node) -> bool:
    if node.tag in _BOXES:
        return not node.is_note
    if node.is_note and not node.marks & (STRONG | CHROME | HIDDEN):
        return False
    if node.tag in _LEAVES and not _is_box(node):
        return bool(node.marks & (CHROME | DOUBTFUL | HIDDEN))
    if node.marks & BODY or node.is_body:
        return bool(node.marks & HIDDEN)
    return bool(node.marks & (CHROME | DOUBTFUL | WEAK | HIDDEN))
