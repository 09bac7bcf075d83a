"""Common markup: each paragraph comes with its kind, in reading order, none lost and none twice."""

from __future__ import annotations

import pytest

from tests.adapters.test_article_text import LAST, LEAD, MORE, kinds, page
from watcher.adapters.page.gate.fingerprint import text_fingerprint
from watcher.adapters.page.html import extract_snapshot

A = "The harbour master said the quay would stay shut until divers had looked at each pile."
B = "Divers went down at noon and again at three, and found two of the forty piles cracked."
C = "A crane from the naval yard is on its way, and the first pile could be set on Thursday."
TIP = "<span class='tooltip'>pier<span class='tooltiptext'>See <a href='/x'>more</a></span></span>"
SHORT = {"P": "paragraph", "H": "heading", "L": "list-item", "Q": "quote", "C": "caption"}
SHORT["T"] = "table-row"
PICTURE = "<figure><img src='/q.jpg'>{}</figure>"
CASES: dict[str, tuple[str, list[str]]] = {
    "figure": (
        PICTURE.format("<figcaption>The quay. <i class='credit'>Photo: Ola Berg</i></figcaption>"),
        ["C The quay. Photo: Ola Berg"],
    ),
    "figure with a div": (PICTURE.format("<div class='caption'>The quay.</div>"), ["C The quay."]),
    "figure of a video": (
        "<figure><video src='/v'></video><figcaption>The barge turns.</figcaption></figure>",
        ["C The barge turns."],
    ),
    "quote and its source": (
        "<blockquote><p>We would rather wait.</p><cite>Tove Lind, mayor</cite></blockquote>",
        ["Q We would rather wait.", "Q Tove Lind, mayor"],
    ),
    "quote and a footer": (
        "<blockquote><p>We would rather wait.</p><footer>Tove Lind</footer></blockquote>",
        ["Q We would rather wait.", "Q Tove Lind"],
    ),
    "quote with lines": (
        "<blockquote>We would rather wait.<br>So we do.</blockquote>",
        ["Q We would rather wait. So we do."],
    ),
    "quote pulled out": (f"<p>{A}</p><aside class='pullquote'><p>{A}</p></aside>", [f"P {A}"]),
    "quote pulled in part": (
        f"<p>{A}</p><blockquote>the quay would stay shut until divers had looked</blockquote>",
        [f"P {A}"],
    ),
    "post set in": (
        "<blockquote class='twitter-tweet'><p>The quay is shut.</p>— Sund (@sund)</blockquote>",
        ["Q The quay is shut.", "Q — Sund (@sund)"],
    ),
    "table": (
        "<table><thead><tr><th>Port</th><th>State</th></tr></thead>"
        "<tbody><tr><td>Sund</td><td>shut</td></tr></tbody></table>",
        ["T Port | State", "T Sund | shut"],
    ),
    "table with a caption": (
        "<table><caption>The ports</caption><tr><th>Sund</th><td>shut</td></tr></table>",
        ["C The ports", "T Sund | shut"],
    ),
    "table in a figure": (
        "<figure><table><tr><td>Dead</td><td>3</td></tr></table><figcaption>Source: port office"
        "</figcaption></figure>",
        ["T Dead | 3", "C Source: port office"],
    ),
    "definitions": ("<dl><dt>Dead</dt><dd>3</dd></dl>", ["L Dead", "L 3"]),
    "definitions in boxes": ("<dl><div><dt>Dead</dt><dd>3</dd></div></dl>", ["L Dead", "L 3"]),
    "transcript": (
        "<dl><dt>Reporter:</dt><dd>Is it safe?</dd><dt>Lind:</dt><dd>Not yet.</dd></dl>",
        ["L Reporter:", "L Is it safe?", "L Lind:", "L Not yet."],
    ),
    "nested list": (
        "<ul><li>One thing<ul><li>inner one</li></ul>and its end</li><li>Two</li></ul>",
        ["L One thing", "L inner one", "L and its end", "L Two"],
    ),
    "ordered list": ("<ol><li>Close it.</li><li>Ring us.</li></ol>", ["L Close it.", "L Ring us."]),
    "item of paragraphs": (f"<ul><li><p>{A}</p><p>{B}</p></li></ul>", [f"L {A}", f"L {B}"]),
    "items with a name": ("<ul><li><b>Sund:</b> shut.</li></ul>", ["L Sund: shut."]),
    "items led by links": (
        f"<ul><li><a href='/1'>The quay is shut.</a> {A}</li></ul>",
        [f"L The quay is shut. {A}"],
    ),
    "details": (
        f"<details><summary>What is known</summary>{A}</details>",
        ["H What is known", f"P {A}"],
    ),
    "accordion": (
        f"<div><h3><button>What is known?</button></h3><div><p>{A}</p></div></div>",
        ["H What is known?", f"P {A}"],
    ),
    "two breaks": (f"<p>{A}<br><br>{B}</p>", [f"P {A}", f"P {B}"]),
    "two breaks in a div": (
        f"<div>{A}<br><br>{B}<br><br><br>{C}</div>",
        [f"P {A}", f"P {B}", f"P {C}"],
    ),
    "bare text": (
        f"{A} <b>Now</b> and <a href='/x'>here</a>.<p>{B}</p>",
        [f"P {A} Now and here.", f"P {B}"],
    ),
    "bare text with breaks": (f"{A}<br><br>{B} <i>Now</i>", [f"P {A}", f"P {B} Now"]),
    "an advertisement between": (
        f"<p>{A}</p><div class='ad-slot'><p>Half price sofas</p></div><p>{B}</p>",
        [f"P {A}", f"P {B}"],
    ),
    "an advertisement within": (
        f"<p>The quay <span class='ad'></span>is shut.{A}</p>",
        [f"P The quay is shut.{A}"],
    ),
    "initial": (f"<p><span class='dropcap'>T</span>{A[1:]}</p>", [f"P {A}"]),
    "initial in a box": (
        f"<p><strong class='drop-cap'><span>T</span></strong>{A[1:]}</p>",
        [f"P {A}"],
    ),
    "footnote": (
        f"<p>{A}<sup><a href='#f1'>1</a></sup></p><ol class='notes'><li id='f1'>Page 4.</li></ol>",
        [f"P {A}¹", "L Page 4."],
    ),
    "raised and lowered": (
        "<p>CO<sub>2</sub> on 3 m<sup>2</sup>, the 2<sup>nd</sup> time.</p>",
        ["P CO₂ on 3 m², the 2nd time."],
    ),
    "soft hyphens": ("<p>The har&shy;bour is shut.</p>", ["P The harbour is shut."]),
    "no width": ("<p>The har&#8203;bour is&#8288; shut.</p>", ["P The harbour is shut."]),
    "ruby": ("<p><ruby>港<rt>みなと</rt></ruby>は閉鎖された。</p>", ["P 港(みなと)は閉鎖された。"]),
    "right to left": ("<p dir='rtl'>الرصيف مغلق حتى الغد.</p>", ["P الرصيف مغلق حتى الغد."]),
    "poem": (
        "<p>The tide is out,<br>the boats lie still.</p>",
        ["P The tide is out, the boats lie still."],
    ),
    "questions": ("<p><b>Is it safe?</b></p><p>Not yet.</p>", ["P Is it safe?", "P Not yet."]),
    "question and break": ("<p><b>Is it safe?</b><br>Not yet.</p>", ["P Is it safe? Not yet."]),
    "headings": (
        "".join(f"<h{n}>Part {n}</h{n}><p>{A} No. {n}.</p>" for n in range(2, 7)),
        [text for n in range(2, 7) for text in (f"H Part {n}", f"P {A} No. {n}.")],
    ),
    "linked headings": (
        f"<h2><a href='/x'>The piles</a></h2><p>{A}</p>"
        f"<h2><a href='/y'>The crane</a></h2><p>{C}</p>",
        ["H The piles", f"P {A}", "H The crane", f"P {C}"],
    ),
    "linked headings in boxes": (
        f"<div><h3><a href='/x'>The piles</a></h3><p>{A}</p></div>"
        f"<div><h3><a href='/y'>The crane</a></h3><p>{C}</p></div>",
        ["H The piles", f"P {A}", "H The crane", f"P {C}"],
    ),
    "linked headings of short pieces": (
        "<h3><a href='/x'>Sund</a></h3><p>Two dead.</p><h3><a href='/y'>Nes</a></h3>"
        "<ul><li>One hurt.</li></ul>",
        ["H Sund", "P Two dead.", "H Nes", "L One hurt."],
    ),
    "permanent link": (
        f"<h2 id='p'>The piles <a href='#p'>#</a></h2><p>{A}</p>",
        ["H The piles", f"P {A}"],
    ),
    "complementary facts": (
        "<div role='complementary'><h3>The quay</h3><p>Forty piles.</p></div>",
        ["H The quay", "P Forty piles."],
    ),
    "complementary links": (
        f"<div role='complementary'><p>{B}</p><a href='/x'>Read on</a></div>",
        [],
    ),
    "linked headings of others": (
        f"<p>{A}</p><ul><li><h4><a href='/x'>The new pier</a></h4></li></ul><p>{B}</p>",
        [f"P {A}", f"P {B}"],
    ),
    "box of facts": (
        "<aside class='infobox'><h3>The quay</h3><ul><li>Forty piles</li></ul></aside>",
        ["H The quay", "L Forty piles"],
    ),
    "labels and values": (
        "<div class='facts'><div><span>Dead</span><span>3</span></div>"
        "<div><span>14</span><span>hurt</span></div></div>",
        ["P Dead 3", "P 14 hurt"],
    ),
    "labels with colons": (
        "<div><div>Dead: 3</div><div><b>Hurt:</b> 14</div></div>",
        ["P Dead: 3", "P Hurt: 14"],
    ),
    "figures over labels": ("<div><div>3</div><div>dead</div></div>", ["P 3", "P dead"]),
    "score": (
        "<div><span>Sund</span> <b>2</b>–<b>1</b> <span>Nes</span></div>",
        ["P Sund 2–1 Nes"],
    ),
    "key points": (
        "<div><div>Key points</div><div>The quay is shut</div></div>",
        ["P Key points", "P The quay is shut"],
    ),
    "no facts: a card": ("<div><a href='/x'>The new pier</a><div>3 May</div></div>", []),
    "no facts: a clock": ("<div><div>14:05</div></div>", []),
    "no facts: counters": ("<div><div>1,204 views</div><div><b>Shares</b> 31</div></div>", []),
    "no facts: a span of time": ("<div><div>5 minutes ago</div></div>", []),
    "no facts: who else looks": ("<div><div>12 people are watching</div></div>", []),
    "no facts: a button": ("<div><div>3 cracks</div><button>Show</button></div>", []),
    "parts": (
        f"<section><p>{A}</p></section><hr><section><p>{B}</p></section>",
        [f"P {A}", f"P {B}"],
    ),
    "centred": (f"<center>{A}</center>", [f"P {A}"]),
    "struck and put in": (
        "<p>It has <del>30</del> <ins>40</ins> piles.</p>",
        ["P It has 40 piles."],
    ),
    "a word that opens a box": (
        f"<p>The {TIP} is shut.</p>",
        ["P The pier is shut."],
    ),
    "second and third": (
        "<p><span>The 2</span><span>nd</span> pile, in <span>3</span><span>D</span>.</p>",
        ["P The 2nd pile, in 3D."],
    ),
    "nested boxes": (
        f"<div><div><span>{A}</span></div><div><span>{B}</span></div></div>",
        [f"P {A}", f"P {B}"],
    ),
    "empty paragraphs": (f"<p>&nbsp;</p><p>{A}</p><p> </p>", [f"P {A}"]),
    "signs": ("<p>Sund &amp; Nes are &lt;shut&gt;.</p>", ["P Sund & Nes are <shut>."]),
}


@pytest.mark.parametrize("name", CASES)
def test_each_text_comes_once_with_its_kind(name: str) -> None:
    markup, expected = CASES[name]
    found = kinds(page(markup))
    around = [("paragraph", LEAD), ("paragraph", MORE)], ("paragraph", LAST)
    assert (found[:2], found[-1]) == around
    assert found[2:-1] == [(SHORT[text[0]], text[2:]) for text in expected]


@pytest.mark.parametrize("name", ["accordion", "labels and values", "linked headings in boxes"])
def test_what_is_read_so_is_in_the_fingerprint(name: str) -> None:
    whole = page(CASES[name][0])
    extraction = extract_snapshot(whole.encode(), "https://news.example/a", "text/html")
    assert extraction.fingerprint is not None
    last = extraction.snapshot.paragraphs[2].text
    other = whole.replace(last.split()[0], "Other", 1)
    assert text_fingerprint(other.encode(), "text/html") != extraction.fingerprint


def test_boxes_of_a_sidebar_that_is_a_list_are_none_of_the_text() -> None:
    box = f"<li class='widget'><h2>Said</h2><p>{A}</p></li><li class='widget'><p>{B}</p>{C}</li>"
    whole = page().replace("<main>", f"<h1>The Quay Courier</h1><ul>{box}</ul><main>")
    assert [text for _, text in kinds(whole)] == [LEAD, MORE, LAST]
    plain = kinds(page(f"<ul><li class='widget'><p>{A}</p></li></ul>"))
    assert ("list-item", A) in plain
