"""The saved pages with what people found in them, split by publisher."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

from watcher.adapters.page.html import extract_snapshot
from watcher.core.model import Extraction
from watcher.errors import ExtractionFailed, NotAnArticle


@dataclass
class Page:
    """A saved page and its truth: one text, or paragraphs in order."""

    name: str
    url: str
    body: bytes
    truth: tuple[str, ...]

    @property
    def half(self) -> str:
        """`develop` or `held`: all pages of one publisher are in the same half."""
        return "held" if sha256(publisher(self.url).encode()).digest()[0] % 2 else "develop"

    @cached_property
    def extraction(self) -> Extraction | str:
        """What the extractor makes of it, or why nothing."""
        try:
            return extract_snapshot(self.body, self.url, "text/html")
        except (NotAnArticle, ExtractionFailed) as error:
            return f"{type(error).__name__}: {error}"

    def texts(self, without: tuple[str, ...] = ()) -> list[str]:
        """The extracted paragraphs of all kinds but those named."""
        if isinstance(self.extraction, str):
            return []
        return [p.text for p in self.extraction.snapshot.paragraphs if p.kind not in without]


def publisher(url: str) -> str:
    """The part of a host name that one publisher owns, good enough for splitting."""
    labels = (urlsplit(url).hostname or url).split(".")
    own = 3 if len(labels) > 2 and len(labels[-1]) == 2 and len(labels[-2]) <= 3 else 2
    return ".".join(labels[-own:])


def read_bodies(data: Path) -> list[Page]:
    """The pages with the whole body as people took it, in one text."""
    folder = data / "extraction_body"
    truth = json.loads((folder / "ground-truth.json").read_text("utf-8"))
    return [
        Page(
            name=name[:12],
            url=entry["url"],
            body=gzip.decompress((folder / "html" / f"{name}.html.gz").read_bytes()),
            truth=(entry["articleBody"],),
        )
        for name, entry in truth.items()
    ]


def read_reviewed(data: Path) -> list[Page]:
    """The pages with reviewed paragraphs: summary, subheads and paragraphs in reading order."""
    folder = data / "extraction_paragraphs"
    entries = json.loads((folder / "truth.json").read_text("utf-8"))
    return [
        Page(
            name=Path(entry["file"]).name.removesuffix(".html.gz"),
            url=entry["url"],
            body=gzip.decompress((folder / entry["file"]).read_bytes()),
            truth=(
                *entry["summary"],
                *(t for s in entry["sections"] for t in (*s["headline"], *s["paragraphs"])),
            ),
        )
        for entry in entries
    ]
