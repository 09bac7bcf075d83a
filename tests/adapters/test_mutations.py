"""The noise gate, proved by mutation: what is news shows, what is noise makes no version.

The same mutations as in bench/noise.py, on pages of our own; that runs them on real ones.
"""

from __future__ import annotations

from random import Random

import pytest

from bench._noise_anywhere import Anywhere
from bench._noise_inside import Inside, told_mutations
from bench._noise_outside import Outside
from bench._noise_source import Source, letters_of
from tests.adapters.pages import ALL
from watcher.adapters.page.gate.fingerprint import text_fingerprint
from watcher.adapters.page.html import extract_snapshot
from watcher.core.model import Extraction
from watcher.core.text import snapshot_digest
from watcher.errors import NotAnArticle

CONTENT_TYPE = "text/html; charset=utf-8"
URL = "https://news.example/a"
ROUNDS = 10

# An old content system: one box of text, divided by empty lines, and a page without landmarks.
LINES = """<html><head><title>Salt works reopen at Marren</title>
<meta name="author" content="Ida Moss"><meta name="date" content="2026-10-03T08:15:00Z">
<script>window.hits = 4711;</script></head><body>
<div id="head-991"><a href="/">The Marren Post</a> <a href="/sport">Sport</a></div>
<h1>Salt works reopen at Marren</h1><div class="by">By Ida Moss</div>
<div class="text">The salt works at Marren took up their work again on Saturday, nine months after
a spring tide broke through the <i>eastern</i> dyke.<br><br>
Some 140 of the 165 workers came back; the others have found places in the port, the company said,
and will not be <b>replaced</b> before May.<br><br>
"We have never dried so much in an October," said the foreman, Karl Venn, who has worked there
since 1988. H<sub>2</sub>O, he added, was the only thing they had too much of.<br><br>
The province pays a third of the new dyke, which is to be 2.4 km long and one metre higher than
the old one was.</div>
<div class="list"><div><a href="/n/1">Ferry fares rise by a tenth from January</a></div>
<div><a href="/n/2">Old lighthouse lamp goes on show in the museum</a></div></div>
<div id="foot">Visits: 88,210</div></body></html>"""

# A modern one: everything in sections and custom elements, related lists in the middle.
SECTIONS = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">
<title>Council votes for the night tram | Tarn Daily</title>
<link rel="canonical" href="https://news.example/a">
<meta property="og:title" content="Council votes for the night tram">
<script type="application/ld+json">{"@context":"https://schema.org","@type":"NewsArticle",
"headline":"Council votes for the night tram","datePublished":"2026-09-14T18:02:00+02:00",
"dateModified":"2026-09-14T21:40:00+02:00","author":[{"@type":"Person","name":"Pia Renn"}],
"image":["https://img.example/t.jpg?k=17"],"commentCount":12}</script></head>
<body data-v="77123"><div id="app"><header class="top"><nav><a href="/">Tarn</a></nav></header>
<main><article id="a-30071"><header><h1>Council votes for the night tram</h1>
<p>Trams will run until three in the morning from December, on two of the five lines.</p>
<time datetime="2026-09-14T18:02:00+02:00">2 hours ago</time></header>
<section><p>The town council of Tarn voted on Monday evening for a night tram on lines 1 and 4, by
31 votes to 22, after a debate of almost five hours.</p>
<p>Each night will cost about 8,400 crowns. The mayor, <a href="/p/lo">Eskil Lo</a>, called that
“the price of one street lamp” and asked for patience until the winter.</p>
<aside class="related"><h2>Read on</h2><ul><li><a href="/n/7">Why the tunnel under the hill is
late</a></li><li><a href="/n/8">The last conductor of line 4 tells her story</a></li></ul></aside>
<h2>What the opposition says</h2>
<p>The opposition had asked for buses, which <em>cost half as much</em> and would reach the hill
quarters that have no rails.</p>
<ul><li>Line 1 runs every 30 minutes.</li><li>Line 4 runs every 40 minutes.</li></ul>
<blockquote><p>A bus that nobody waits for is not cheaper, said the deputy mayor.</p></blockquote>
<table><tr><th>Line</th><th>Last tram</th></tr><tr><td>Line 1</td><td>03.10</td></tr></table>
<p>The vote can be challenged before the regional court until 15 October.</p></section>
<div class="share"><button>Share 208</button></div></article></main>
<footer><p>Read 5,310 times</p></footer></div></body></html>"""

PAGES = {**ALL, "lines": LINES, "sections": SECTIONS}


class Mutated:
    """A page with what the gate knows of it, and ways to change it."""

    def __init__(self, page: str) -> None:
        self.known = extract(page)
        assert self.known is not None
        snapshot = self.known.snapshot
        texts = [part for p in snapshot.paragraphs for part in p.text.split(" | ")]
        source = Source(page)
        spans = source.paragraphs(texts)
        assert len(spans) > len(texts) / 2
        headlines = source.headlines(snapshot.headline)
        assert headlines
        self.inside = Inside(source, spans, headlines)
        article = (headlines[0].start, max(span.end for span in spans))
        byline = snapshot.byline or ""
        taken = [snapshot.headline, byline, *texts]
        self.outside = Outside(source, article, "\n".join(map(letters_of, taken)))
        self.told = {"byline": frozenset(byline.split(", ")[:1]) - {""}}


def extract(page: str) -> Extraction | None:
    try:
        return extract_snapshot(page.encode(), URL, CONTENT_TYPE)
    except NotAnArticle:
        return None


def is_seen(mutated: str, known: Extraction) -> bool:
    """True if a poll would look at the page in full."""
    found = text_fingerprint(mutated.encode(), CONTENT_TYPE)
    return found is None or found != known.fingerprint


def is_new(mutated: str, known: Extraction) -> bool:
    found = extract(mutated)
    return found is None or snapshot_digest(found.snapshot) != snapshot_digest(known.snapshot)


@pytest.mark.parametrize("name", PAGES)
def test_every_mutation_inside_an_article_is_seen_and_makes_a_version(name: str) -> None:
    page = PAGES[name]
    mutated = Mutated(page)
    kinds = set()
    for number in range(ROUNDS):
        random = Random(f"{name}/{number}")
        made = [*mutated.inside.all(random), *told_mutations(page, mutated.told, random)]
        for kind, changed, place in made:
            kinds.add(kind)
            around = (kind, changed[max(0, place - 40) : place + 40])
            assert is_seen(changed, mutated.known), around
            assert is_new(changed, mutated.known), around
    assert len(kinds) >= 9


@pytest.mark.parametrize("name", PAGES)
def test_no_mutation_outside_an_article_makes_a_version(name: str) -> None:
    mutated = Mutated(PAGES[name])
    made = seen = 0
    for number in range(ROUNDS):
        for kind, changed, _ in mutated.outside.all(Random(f"{name}/{number}")):
            made += 1
            if is_seen(changed, mutated.known):
                seen += 1
                assert not is_new(changed, mutated.known), kind
    assert made >= 9 * ROUNDS
    # text outside of landmarks counts, as it could be the article's
    assert seen <= made / 5


@pytest.mark.parametrize("name", PAGES)
def test_whatever_the_extraction_calls_new_is_seen(name: str) -> None:
    """In chrome too: what is left out there, no extraction may ever take."""
    known = extract(PAGES[name])
    assert known is not None
    new = 0
    for number in range(2 * ROUNDS):
        for kind, changed, at in Anywhere(PAGES[name]).all(Random(f"{name}/{number}")):
            if is_new(changed, known):
                new += 1
                assert is_seen(changed, known), (kind, changed[max(0, at - 40) : at + 80])
    assert new >= ROUNDS / 2


@pytest.mark.parametrize("name", PAGES)
def test_markup_alone_is_seen_where_it_changes_the_text(name: str) -> None:
    page = PAGES[name]
    known = extract(page)
    assert known is not None
    swaps = [
        ("<p>", "<h2>"), ("<p>", "<li>"), ("<li>", "<p>"), ("<h2>", "<p>"), ("<b>", "<del>"),
        ("<i>", "<s>"), ("<sub>", "<sup>"), ("<sub>", "<b>"), ("<br><br>", "<br>"),
    ]  # fmt: skip
    for old, new in swaps:
        for at in [i for i in range(len(page)) if page.startswith(old, i)]:
            changed = page[:at] + new + page[at + len(old) :]
            if old[1] != "b" or old == "<b>":
                changed = changed.replace(f"</{old[1:]}", f"</{new[1:]}", 1)
            if is_new(changed, known):
                assert is_seen(changed, known), (old, new, page[at : at + 60])
