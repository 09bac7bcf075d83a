"""Extraction: what is taken from a page, and what is refused."""

from __future__ import annotations

import pytest

from tests.adapters.pages import HARBOUR, MINISTRY, WIRE
from watcher.adapters.page.html import EXTRACTOR, extract_snapshot
from watcher.adapters.page.text import library
from watcher.core.model import Paragraph, Snapshot
from watcher.errors import ExtractionFailed, NotAnArticle


def snapshot(page: str, content_type: str | None = "text/html; charset=utf-8") -> Snapshot:
    return extract_snapshot(page.encode(), "https://news.example/a", content_type).snapshot


def article(inside: str, headline: str = "Ferry stops") -> list[Paragraph]:
    page = f"""<html><head><title>{headline} | Paper</title></head><body><main><article>
    <h1>{headline}</h1><p>The ferry to the outer islands has stopped for the day.</p>{inside}
    <p>Nobody was hurt, and the crew is ashore.</p></article></main></body></html>"""
    found = list(snapshot(page).paragraphs)
    assert found[0].text == "The ferry to the outer islands has stopped for the day."
    assert found[-1].text == "Nobody was hurt, and the crew is ashore."
    return found[1:-1]


def test_a_news_page_as_a_whole() -> None:
    found = snapshot(HARBOUR)
    assert found.url == "https://news.example/a"
    assert found.headline == "Harbour bridge shut after barge strike"
    assert found.byline == "Mira Holt, Jon Aske"
    assert found.published == "2026-11-20T08:30:12Z"
    assert found.modified == "2026-11-20T10:05:40Z"
    assert [p.kind for p in found.paragraphs] == [
        "paragraph", "paragraph", "paragraph", "caption", "heading", "list-item", "list-item",
        "quote", "paragraph", "paragraph", "paragraph",
    ]  # fmt: skip
    assert found.paragraphs[0].text.startswith("Ferries are running extra trips")
    assert found.paragraphs[2].text == (
        "Nobody was hurt. The barge's crew of four stayed on board, and two tugs held the vessel "
        "in place until the tide turned at 10.10."
    )
    assert found.paragraphs[3].text == "The barge beside the pier at dawn. Picture: Ola Berg"
    assert found.paragraphs[8].text == "Buses on lines 4 and 9 turn round at the fish market."
    assert "Fish prices" not in str(found)
    assert "1,204" not in str(found)


def test_a_page_inside_one_form() -> None:
    found = snapshot(MINISTRY, None)
    assert found.headline == "Travel notice: Verran valley"
    assert (found.published, found.modified) == ("2026-11-02", "2026-11-19")
    assert Paragraph("table-row", "Sund to Ferla | closed") in found.paragraphs
    assert Paragraph("list-item", "Consular desk: 0550 224") in found.paragraphs
    assert found.paragraphs[-1].text.startswith("Correction: an earlier notice")


def test_a_page_inside_an_aside() -> None:
    found = snapshot(WIRE)
    assert found.headline == "Grain talks resume in Odrin"
    assert found.byline == "Sel Marku"
    assert len(found.paragraphs) == 3


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ("<p>One line<br>and its rest.</p>", [("paragraph", "One line and its rest.")]),
        ("<p>One.<br><br>Two.</p>", [("paragraph", "One."), ("paragraph", "Two.")]),
        ("<p>One.<br> \n<br/><b>Two</b>.</p>", [("paragraph", "One."), ("paragraph", "Two.")]),
        ("<p>One.<br><br><br>Two.</p>", [("paragraph", "One."), ("paragraph", "Two.")]),
        ("<p>On <time>3 May</time>, he left.</p>", [("paragraph", "On 3 May, he left.")]),
        ("<p>He said <q>never</q> twice.</p>", [("paragraph", "He said never twice.")]),
        ("<p>A<b>B</b>C and <a href='/x'>a link</a>.</p>", [("paragraph", "ABC and a link.")]),
        ("<h2>Part two</h2><p>More.</p>", [("heading", "Part two"), ("paragraph", "More.")]),
        (
            "<ul><li>One thing<ul><li>inner thing</li></ul></li><li>Two</li></ul>",
            [("list-item", "One thing"), ("list-item", "inner thing"), ("list-item", "Two")],
        ),
        (
            "<blockquote><p>First said.</p><p>Then said.</p></blockquote>",
            [("quote", "First said."), ("quote", "Then said.")],
        ),
        (
            "<table><tr><th>Port</th><th>State</th></tr><tr><td>Sund</td><td></td></tr></table>",
            [("table-row", "Port | State"), ("table-row", "Sund")],
        ),
        (
            "<figure><img src='a.jpg'><figcaption>A <i>quiet</i> quay.</figcaption></figure>",
            [("caption", "A quiet quay.")],
        ),
        ("<p>Same words again.</p><h3>Mid</h3><p>Same words again.</p>", [
            ("paragraph", "Same words again."), ("heading", "Mid"),
            ("paragraph", "Same words again."),
        ]),
    ],
)  # fmt: skip
def test_paragraphs_and_their_kinds(inside: str, expected: list[tuple[str, str]]) -> None:
    assert article(inside) == [Paragraph(*pair) for pair in expected]


def test_the_headline_is_not_also_a_paragraph() -> None:
    assert all(p.text != "Ferry stops" for p in snapshot(HARBOUR).paragraphs)
    assert article("") == []


def test_text_that_repeats_the_headline_is_text() -> None:
    repeated = Paragraph("heading", "Ferry stops")
    lead, rest = "<p>The first boats turned back before dawn.</p>", "<h2>Ferry stops</h2>"
    assert repeated in article(lead + rest)
    assert repeated not in article(lead)


def test_extraction_does_not_depend_on_pages_before() -> None:
    assert len({snapshot(HARBOUR) for _ in range(5)}) == 1


@pytest.mark.parametrize(
    ("body", "content_type", "reason"),
    [
        (b"", "text/html", "empty"),
        (b" \n\t ", None, "empty"),
        (b"%PDF-1.7 rest", "text/html", "PDF"),
        (b"\x89PNG\r\n\x1a\n", None, "PNG"),
        (b"\xff\xd8\xff\xe0", None, "JPEG"),
        (b"GIF89a", None, "GIF"),
        (b"PK\x03\x04", "application/octet-stream", "ZIP"),
        (b"\x00\x00\x00\x18ftypmp42", None, "video"),
        (b"<html><p>text</p></html>", "application/pdf", "application/pdf"),
        (b"<html><p>text</p></html>", "image/png", "image/png"),
        (b'{"a": "<p>text</p>"}', "application/json", "application/json"),
        (b' {"a": "<p>text</p>"}', "text/html", "JSON"),
        (b"[1, 2, 3]", None, "JSON"),
        (b"<?xml version='1.0'?><rss><p>x</p></rss>", "text/xml", "feed"),
        (b"just words", "text/plain", "plain text"),
        (b"<html><head><title>T</title></head><body></body></html>", "text/html", "no paragraphs"),
        (b"<html><body><nav><a href='/'>Home</a></nav></body></html>", None, "no paragraphs"),
        (b"<!-- nothing -->", "text/html", "no document"),
    ],
)
def test_what_is_no_article_is_refused_with_the_reason(
    body: bytes, content_type: str | None, reason: str
) -> None:
    with pytest.raises(NotAnArticle, match=reason):
        extract_snapshot(body, "https://news.example/a", content_type)


# So short an article that another reading of the page is asked for.
FLASH = "<html><body><h1>Quake in Sund</h1><p>A quake shook Sund.</p></body></html>"


def test_a_fault_of_the_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise AttributeError("no tail")

    monkeypatch.setattr(library, "bare_extraction", fail)
    with pytest.raises(ExtractionFailed, match="AttributeError: no tail"):
        snapshot(FLASH)


def test_the_library_is_not_needed_for_an_ordinary_page(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = snapshot(HARBOUR)
    monkeypatch.setattr(library, "bare_extraction", lambda *_, **__: None)
    assert snapshot(HARBOUR) == expected
    assert [p.text for p in snapshot(FLASH).paragraphs] == ["A quake shook Sund."]


def test_a_short_flash_keeps_its_paragraphs() -> None:
    page = """<html><body><header><a href="/">Paper</a></header><article><h1>Quake in Sund</h1>
    <p>A quake shook Sund.</p><p>No damage is known.</p><p>More soon.</p></article></body></html>"""
    assert [p.text for p in snapshot(page).paragraphs] == [
        "A quake shook Sund.", "No damage is known.", "More soon.",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "odd", [b"\x00", b"\x01", b"\x1f", b"&#1;", b"&#x1F;", b"&#0011;", b"&#0;", b"&#xC;"]
)
def test_odd_characters_do_not_cost_the_page(odd: bytes) -> None:
    page = HARBOUR.encode().replace(b"Nobody was hurt.", b"Nobody %bwas \xfe hurt." % odd)
    found = extract_snapshot(page, "u", "text/html; charset=utf-8").snapshot.paragraphs
    assert found[2].text.startswith("Nobody was \ufffd hurt. The barge's crew")
    assert len(found) == 11


def test_the_extractor_has_a_version() -> None:
    name, _, own = EXTRACTOR.partition(" / ")
    assert name.startswith("trafilatura 2.")
    assert own.isdigit()


def test_a_page_whose_article_went_missing_is_no_article() -> None:
    page = (
        "<html><head><title>Dyke holds | The Ledger</title></head><body>"
        '<a href="#main">Skip to the article</a><header><a href="/">The Ledger</a></header>'
        "<main><article><h1>Dyke holds by a hand's breadth</h1>"
        '<span>By <a href="/by/gv">Gregor Vane</a></span>'
        '<time datetime="2026-01-20T12:00:00Z">20 January 2026, 12:00</time><div></div></article>'
        "</main><footer><p>The Ledger is printed every day of the week but Sunday.</p></footer>"
        "</body></html>"
    )
    with pytest.raises(NotAnArticle, match="no paragraphs"):
        extract_snapshot(page.encode(), "https://news.example/dyke", "text/html")


def test_a_flash_of_one_line_without_paragraph_marks_is_an_article() -> None:
    page = (
        "<html><head><title>Dyke holds</title></head><body><h1>Dyke holds</h1>"
        "<div>The dyke at Westermark held through the night tide, the harbour office said.</div>"
        "</body></html>"
    )
    found = extract_snapshot(page.encode(), "https://news.example/dyke", "text/html")
    assert "harbour office said" in found.snapshot.paragraphs[-1].text
