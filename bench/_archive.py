"""An archive of generated stories: zipf-like words of our own, articles that change, texts that
several articles share. Built by the real decisions and the real store."""

from __future__ import annotations

import asyncio
import hashlib
import itertools
import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from storage.articles import WatchedArticle
from storage.store import Store
from watcher.core.decide import Extracted, Policy, decide
from watcher.core.model import Capture, Paragraph, Snapshot

STORIES = 25
ARTICLES = 250
VERSIONS = 20
SHARED = 0.05
"""Beside new paragraphs, as many are taken over from another article of the story."""

LONGEST = 60
"""Paragraphs of an article."""

AT_ONCE = 50

_START = datetime(2026, 1, 5, 6, 0, tzinfo=UTC)
_ONSETS = [
    "b",
    "br",
    "c",
    "ch",
    "d",
    "dr",
    "f",
    "fl",
    "g",
    "gr",
    "h",
    "j",
    "k",
    "l",
    "m",
    "n",
    "p",
    "pl",
    "pr",
    "r",
    "s",
    "sh",
    "sl",
    "st",
    "t",
    "tr",
    "v",
    "w",
]
_NUCLEI = ["a", "ai", "e", "ea", "i", "o", "oa", "ou", "u"]
_CODAS = ["", "", "l", "m", "n", "nd", "r", "rn", "s", "st", "t", "x"]


class Words:
    """A vocabulary in which the word of rank r comes as often as 1/r; rare words are longer."""

    def __init__(self, size: int, rng: random.Random) -> None:
        self.rng = rng
        words: dict[str, None] = {}
        while len(words) < size:
            syllables = 1 + (len(words) > 60) + (len(words) > 1500) + (len(words) > 12000)
            words["".join(self._syllable() for _ in range(syllables))] = None
        self.all = list(words)
        self._weights = list(itertools.accumulate(1 / rank for rank in range(1, size + 1)))

    def paragraph(self) -> str:
        """One to four sentences, some forty words."""
        sentences = []
        for _ in range(self.rng.randint(1, 4)):
            said = self.rng.choices(self.all, cum_weights=self._weights, k=self.rng.randint(8, 24))
            sentences.append(" ".join(said).capitalize() + ".")
        return " ".join(sentences)

    def _syllable(self) -> str:
        pick = self.rng.choice
        return pick(_ONSETS) + pick(_NUCLEI) + pick(_CODAS)


async def build(path: Path, wanted: int, words: Words) -> int:
    """Writes an archive with `wanted` distinct paragraphs, or a few less; gives its versions."""
    store = Store(path)
    try:
        watched = [
            WatchedArticle(f"https://desk{n % 9}.example/{n}", f"story-{n % STORIES}", 600.0)
            for n in range(ARTICLES)
        ]
        await store.sync_articles(watched, _START)
        articles = [Written(n + 1, each.url) for n, each in enumerate(watched)]
        said: dict[int, list[str]] = {story: [] for story in range(STORIES)}
        for number in range(VERSIONS):
            now = _START + timedelta(hours=number)
            for n, article in enumerate(articles):
                article.edit(words, wanted // (ARTICLES * VERSIONS), said[n % STORIES])
            for first in range(0, ARTICLES, AT_ONCE):
                group = articles[first : first + AT_ONCE]
                await asyncio.gather(*(article.record(store, now) for article in group))
        return ARTICLES * VERSIONS
    finally:
        store.close()


@dataclass
class Written:
    """An article as its publisher writes it."""

    id: int
    url: str
    texts: list[str] = field(default_factory=list)
    before: Snapshot | None = None
    headline: str = ""

    def edit(self, words: Words, count: int, said: list[str]) -> None:
        """Adds `count` new paragraphs; old ones go once the article is long."""
        rng = words.rng
        while len(self.texts) > LONGEST - count:
            self.texts.pop(rng.randrange(len(self.texts)))
        for _ in range(count):
            self.texts.insert(rng.randint(0, len(self.texts)), text := words.paragraph())
            said.append(text)
            if rng.random() < SHARED and (taken := rng.choice(said)) not in self.texts:
                self.texts.append(taken)
        if not self.headline or rng.random() < 0.2:
            self.headline = " ".join(rng.choices(words.all[:4000], k=8)).capitalize()

    async def record(self, store: Store, now: datetime) -> None:
        """One poll that found it as it is now."""
        paragraphs = tuple(Paragraph("paragraph", text) for text in self.texts)
        found = Snapshot(self.headline, None, None, None, paragraphs, self.url)
        body = "\n".join(self.texts).encode()
        digest = hashlib.sha256(body).hexdigest()
        capture = Capture(now, self.url, self.url, 200, (), body)
        seen = Extracted(capture, digest, found, digest[:16], "bench", previous=self.before)
        state = await store.state(self.id)
        await store.record(decide(state, seen, now, Policy(), 0.0))
        self.before = found
