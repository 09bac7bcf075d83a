"""Precision, recall and F1 of extracted text, and the pages where it is worst."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bench._extraction_pages import Page

BODY_TARGET, PARAGRAPHS_TARGET = 0.97, 0.95
_SHINGLE = 4
_CAPTIONS = ("caption",)
# The truth has next to no lists, quotes and tables, as its makers took paragraphs by their tag.
_BESIDE = ("caption", "list-item", "quote", "table-row")
_TOKEN = re.compile(r"\w+")
_NOT_WORD = re.compile(r"[\W_]+")
_SHOWN = 100
_MOST_SHOWN = 8


@dataclass(frozen=True)
class Found:
    """One page against its truth: counts, and what was missed and invented."""

    page: Page
    right: int
    found: int
    true: int
    missed: tuple[str, ...]
    invented: tuple[str, ...]

    @property
    def precision(self) -> float:
        """Of what was found, the part that is true."""
        return self.right / self.found if self.found else float(not self.true)

    @property
    def recall(self) -> float:
        """Of what is true, the part that was found."""
        return self.right / self.true if self.true else float(not self.found)


def bodies(pages: Sequence[Page], worst: int) -> list[str]:
    """The article-extraction benchmark's own measure.

    Both texts are counted as overlapping groups of four words; precision and recall of each page
    are averaged over the pages, and F1 is made of the two averages. People took most captions for
    no part of the body, so it is told both ways.
    """
    lines = []
    for what, without in (("with captions", ()), ("without captions", ("caption",))):
        found = [_shingled(page, without) for page in pages]
        lines.append(f"extraction_body {what}, groups of four words, F1 to reach {BODY_TARGET}")
        for name, part in _parts(found):
            precision = sum(f.precision for f in part) / len(part)
            recall = sum(f.recall for f in part) / len(part)
            lines.append(_line(name, len(part), precision, recall))
    return lines + _worst([f for f in found if f.page.half == "develop"], worst)


def paragraphs(pages: Sequence[Page], worst: int) -> list[str]:
    """Exact paragraphs over all pages together; captions are left out, as the truth has none."""
    lines = []
    for what, without in (("all but captions", _CAPTIONS), ("text and subheads alone", _BESIDE)):
        found = [_exact(page, without) for page in pages]
        lines.append(f"extraction_paragraphs, {what}, exact, F1 to reach {PARAGRAPHS_TARGET}")
        for name, part in _parts(found):
            right = sum(f.right for f in part)
            precision = right / sum(f.found for f in part)
            recall = right / sum(f.true for f in part)
            lines.append(_line(name, len(part), precision, recall))
    found = [_exact(page, _CAPTIONS) for page in pages]
    return lines + _worst([f for f in found if f.page.half == "develop"], worst)


def gates(pages: Sequence[Page]) -> list[str]:
    """How many pages are no article, and how many never pass by their fingerprint."""
    refused = [(p.name, p.extraction) for p in pages if isinstance(p.extraction, str)]
    blind = [
        p.name
        for p in pages
        if not isinstance(p.extraction, str) and p.extraction.fingerprint is None
    ]
    return [
        f"refused or failed: {len(refused)} of {len(pages)}",
        *(f"    {name}: {why}" for name, why in refused),
        f"without a fast fingerprint: {len(blind)} of {len(pages)}  {' '.join(blind)}",
    ]


def _parts(found: Sequence[Found]) -> Iterable[tuple[str, list[Found]]]:
    for name in ("develop", "held"):
        if part := [f for f in found if f.page.half == name]:
            yield name, part
    yield "all", list(found)


def _line(name: str, count: int, precision: float, recall: float) -> str:
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return f"  {name:8} F1 {f1:.4f}  precision {precision:.4f}  recall {recall:.4f}  {count} pages"


def _shingled(page: Page, without: tuple[str, ...]) -> Found:
    texts, true = page.texts(without), "\n".join(page.truth)
    ours, theirs = _shingles("\n".join(texts)), _shingles(true)
    return Found(
        page,
        right=(ours & theirs).total(),
        found=ours.total(),
        true=theirs.total(),
        missed=tuple(t for t in true.split("\n") if _share(t, ours) < 0.5),
        invented=tuple(t for t in texts if _share(t, theirs) < 0.5),
    )


def _share(text: str, known: Counter[tuple[str, ...]]) -> float:
    own = _shingles(text)
    return (own & known).total() / own.total() if own else 1.0


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    tokens = _TOKEN.findall(text)
    size = min(_SHINGLE, len(tokens))
    if not size:
        return Counter()
    return Counter(tuple(tokens[i : i + size]) for i in range(len(tokens) - size + 1))


def _exact(page: Page, without: tuple[str, ...] = _CAPTIONS) -> Found:
    ours = [(k, t) for t in page.texts(without) if (k := _letters(t))]
    theirs = [(k, t) for t in page.truth if (k := _letters(t))]
    found, true = Counter(k for k, _ in ours), Counter(k for k, _ in theirs)
    return Found(
        page,
        right=(found & true).total(),
        found=found.total(),
        true=true.total(),
        missed=tuple(t for k, t in theirs if found[k] < true[k]),
        invented=tuple(t for k, t in ours if true[k] < found[k]),
    )


def _letters(text: str) -> str:
    return _NOT_WORD.sub("", unicodedata.normalize("NFKC", text))


def _worst(found: Sequence[Found], count: int) -> list[str]:
    lines = []
    faulty = [f for f in found if f.precision + f.recall < 2]
    for one in sorted(faulty, key=lambda f: f.precision + f.recall)[:count]:
        figures = f"precision {one.precision:.2f} recall {one.recall:.2f}"
        lines.append(f"    {one.page.name}: {figures}  {one.page.url[:80]}")
        for what, texts in (("missed", one.missed), ("invented", one.invented)):
            lines += [f"        {what}: {text[:_SHOWN]}" for text in texts[:_MOST_SHOWN]]
            if len(texts) > _MOST_SHOWN:
                lines.append(f"        {what}: and {len(texts) - _MOST_SHOWN} more")
    return lines
