"""Articles whose text stands in JSON-LD: followed, and no edit when the page shows it again."""

from __future__ import annotations

import json

from tests.service.rig import World, html
from watcher.core.decide import Decision
from watcher.core.model import Outcome, Via
from watcher.reprocess import Reprocessor, reprocess

TITLE = "Ferry aground off Skarr"
TEXTS = (
    "The ferry Runa ran onto a sandbank off Skarr shortly after six on Thursday morning.",
    "All 212 passengers were taken off by lifeboats within three hours, the coastguard said.",
    "“Nobody was hurt, and nobody panicked,” said the captain, Liv Aas, who stayed on board.",
    "A tug from the mainland will try to pull the ship free at high water in the evening.",
)
EDITED = (*TEXTS[:3], TEXTS[3].replace("A tug", "Two tugs"))


def page(
    texts: tuple[str, ...], *, shown: bool, build: str = "1", headline: str = "Runa aground"
) -> bytes:
    """The article's page: its text in the HTML, or put there by a script from the JSON-LD."""
    body = " ".join(texts).replace("“", '"').replace("”", '"')
    data = {
        "@type": "NewsArticle",
        "headline": f"{headline} off Skarr: all safe",
        "url": "/ferry",
        "datePublished": "2026-02-05T07:10:00Z",
        "articleBody": body,
    }
    told = "".join(f"<p>{text}</p>" for text in texts)
    article = (
        f"<h1>{TITLE}</h1><p>{texts[0]}</p><figure><img src='/a.jpg'><figcaption>The Runa on the"
        f" sandbank. Photo: Skarr Post</figcaption></figure>{told.partition('</p>')[2]}"
        if shown
        else f"<h1>{TITLE}</h1><div class='spinner'>Loading…</div>"
    )
    return (
        f"<!DOCTYPE html><html lang='en'><head><title>{TITLE}</title>"
        f"<script type='application/ld+json'>{json.dumps(data)}</script>"
        f"<script>build({build})</script></head><body><nav><a href='/'>Front</a></nav>"
        f"<main><article>{article}</article></main></body></html>"
    ).encode()


async def polled(here: World, *pages: bytes) -> list[Decision]:
    here.site.on("/ferry", *map(html, pages))
    await here.watch("/ferry")
    return [(await here.poll()).decision for _ in pages]


async def test_a_page_that_shows_its_text_by_a_script_is_followed(here: World) -> None:
    first, same, edited = await polled(
        here,
        page(TEXTS, shown=False),
        page(TEXTS, shown=False, build="2"),
        page(EDITED, shown=False, build="3"),
    )
    assert first.outcome is Outcome.NEW_VERSION
    assert (same.outcome, same.via) == (Outcome.UNCHANGED, Via.SAME_TEXT)
    assert len(here.reading.extracted) == 3  # the noise was no reason to read the page
    assert edited.version is not None
    assert edited.version.change is not None
    assert edited.version.change.summary["replace"] == 1


async def test_to_and_fro_between_text_and_script_is_no_edit(here: World) -> None:
    decisions = await polled(
        here,
        page(TEXTS, shown=True),
        page(TEXTS, shown=False),
        page(TEXTS, shown=True, build="2"),
        page(EDITED, shown=False),
        page(EDITED, shown=True),
        page(EDITED, shown=False, build="2"),
    )
    versions = [decision.version is not None for decision in decisions]
    assert versions == [True, False, False, True, False, False]
    change = decisions[3].version and decisions[3].version.change
    assert change is not None
    assert change.headline is None
    assert not change.metadata
    (edit,) = [edit for edit in change.edits if edit.op != "equal"]
    assert [word for word in edit.words if word[0]] == [(-1, "A tug"), (1, "Two tugs")]


async def test_text_that_is_shown_at_last_is_no_edit_either(here: World) -> None:
    decisions = await polled(
        here,
        page(TEXTS, shown=False),
        page(TEXTS, shown=True),
        page(TEXTS, shown=False, build="2"),
        page(EDITED, shown=True),
    )
    assert [d.version is not None for d in decisions] == [True, False, False, True]
    change = decisions[3].version and decisions[3].version.change
    assert change is not None
    (edit,) = [edit for edit in change.edits if edit.op != "equal"]
    assert edit.op == "replace"
    assert len(edit.old) == len(edit.new) == 1


async def test_read_anew_the_history_has_the_same_edits(here: World) -> None:
    await polled(here, page(TEXTS, shown=True), page(EDITED, shown=False))
    parts = Reprocessor(here.store, here.reading, here.poller.extractor_name, here.clock)
    report = await reprocess(1, parts, apply=False)
    assert [version.verdict for version in report.versions] == ["same", "same"]


async def test_a_headline_that_changes_in_the_data_alone_is_not_hidden(here: World) -> None:
    first, other = await polled(
        here,
        page(TEXTS, shown=False).replace(f"<h1>{TITLE}</h1>".encode(), b""),
        page(TEXTS, shown=False, headline="Runa afloat").replace(f"<h1>{TITLE}</h1>".encode(), b""),
    )
    assert first.version is not None
    assert other.version is not None
    assert other.version.change is not None
    assert other.version.change.headline is not None
