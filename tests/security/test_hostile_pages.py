"""Pages made to hurt whoever reads them: each ends in an outcome, and the next page is read."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from watcher.adapters.page.gate.fingerprint import text_fingerprint
from watcher.adapters.page.kinds.pagecheck import MOST_CHARACTERS, MOST_PARAGRAPHS
from watcher.adapters.page.source.charset import decode_html
from watcher.adapters.workers.extraction_pool import ExtractionPool
from watcher.core.model import Extraction, Outcome
from watcher.errors import ExtractionFailed, NotAnArticle

URL = "https://news.example/a"
HTML = "text/html; charset=utf-8"
STORY = "The river rose two metres overnight, the council said in a statement on Monday. "
FINE = f"<html><body><article><h1>Water rises</h1>{f'<p>{STORY}</p>' * 4}</article>".encode()


def article(inside: str) -> bytes:
    return (
        "<html><head><title>Water rises</title></head><body><article><h1>Water rises</h1>"
        f"<p>{STORY}</p>{inside}"
    ).encode("utf-8", "surrogatepass")


def entities() -> str:
    """Each entity stands for ten of the one before: a billion letters if they are resolved."""
    rules = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    return f'<?xml version="1.0"?><!DOCTYPE html [<!ENTITY e0 "letters">{rules}]>'


MANY = 100_000
PAGES: dict[str, Callable[[], bytes]] = {
    "nested boxes": lambda: article("<div>" * MANY + "x"),
    "nested bold": lambda: article("<b>" * MANY + "x"),
    "nested lists": lambda: article("<ul><li>" * (MANY // 2) + "x"),
    "nested tables": lambda: article("<table><tr><td>" * (MANY // 3) + "x"),
    "nested quotes": lambda: article("<blockquote><p>" * (MANY // 2) + "x"),
    "nested articles": lambda: article("<article>" * MANY + "x"),
    "nested spans, closed": lambda: article("<span>" * MANY + "x" + "</span>" * MANY),
    "nested frames and templates": lambda: article("<template><svg>" * (MANY // 2) + "x"),
    "tags that cross": lambda: article("<a><table>" * (MANY // 4) + "x"),
    "formatting that piles up": lambda: article("<b><i><font color=red>" * 3000 + "<p>x" * 300),
    "closing what was never open": lambda: article("</div></p></b>" * MANY),
    "attributes": lambda: article("<p " + " ".join(f"a{n}=1" for n in range(5000)) + ">x"),
    "an attribute without end": lambda: article("<p title='" + "y" * 2_000_000),
    "a tag without end": lambda: article("<" + "y" * 2_000_000),
    "a comment without end": lambda: article("<!--" + "y" * 2_000_000),
    "a script without end": lambda: article("<script>" + "<!--<script>" * MANY),
    "a title without end": lambda: b"<title>" + b"y" * 2_000_000,
    "text without end": lambda: article("<plaintext>" + "<p>y" * MANY),
    "references": lambda: article("&amp;&#x10FFFF;&#0;&bogus;&#99999999999;" * 20_000),
    "entities": lambda: entities().encode() + article("&e9;&e9;"),
    "an entity of a file": lambda: (
        b'<!DOCTYPE html [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + article("<p>&e;</p>")
    ),
    "JSON-LD, nested": lambda: article(
        '<script type="application/ld+json">' + '{"a":[' * MANY + "</script>"
    ),
    "JSON-LD, a long number": lambda: article(
        '<script type="application/ld+json">{"headline":' + "9" * MANY + "}</script>"
    ),
    "JSON-LD, many": lambda: article(
        '<script type="application/ld+json">{"@type":"NewsArticle"},</script>' * 3000
    ),
    "times": lambda: article("<time datetime='" + "9" * 9999 + "'>x</time>" * 500),
    "nulls": lambda: article("<p>" + "\0a" * MANY),
    "one long word": lambda: article(f"<p>{'y' * 500_000}</p>"),
    "marks piled up": lambda: article("<p>a" + "\u0301" * 200_000),
    "spaces": lambda: article("<p>a" + " \u00a0" * 200_000 + "b"),
    "line breaks": lambda: article("a<br><br>" * 5000),
    "a byline without end": lambda: article("<p class=byline>By " + "Ann Bee, " * 20_000),
    "surrogates": lambda: article("<p>" + "\ud800\udfff" * 1000),
    "invalid UTF-8": lambda: FINE + b"<p>" + b"\xff\xfe\xc0\x80\xed\xa0\x80\xf4\x90\x80\x80" * 5000,
    "half of UTF-16": lambda: b"\xff\xfe" + FINE.decode().encode("utf-16-le") + b"<",
    "UTF-16, cut in two": lambda: b"\xfe\xff" + b"\xd8\x00" * 1000 + b"\0<\0p\0>\0y",
    "UTF-7": lambda: b"<meta charset=utf-7>+ADw-script+AD4-" + FINE,
    "UTF-32": lambda: FINE.decode().encode("utf-32"),
    "an encoding that is none": lambda: b"<meta charset=\"zip_codec\">" + FINE,
    "an encoding of another kind": lambda: b"<meta charset=unicode_escape>\\x3cscript\\x3e" + FINE,
    "escape sequences": lambda: b"<meta charset=iso-2022-jp>" + FINE + b"\x1b$B\x1b(J\x1b$" * 5000,
}  # fmt: skip
TOO_MUCH = {
    "a million words in one": lambda: article(f"<p>{'Water rose. ' * (MOST_CHARACTERS // 12 + 9)}"),
    "too many paragraphs": lambda: article(
        "".join(f"<p>{n} houses stood in water.</p>" for n in range(MOST_PARAGRAPHS + 9))
    ),
}


async def test_hostile_pages_have_an_outcome_and_the_next_one_is_read() -> None:
    workers = ExtractionPool(2, time_limit=60)

    async def read(name: str, body: bytes) -> Extraction | str:
        try:
            return await workers.extract(body, URL, HTML if "UTF" not in name else None)
        except (NotAnArticle, ExtractionFailed) as error:
            return str(error)

    async def tried(name: str) -> list[str]:
        """What is wrong with the outcome of a page, or with that of the page after it."""
        body = PAGES[name]()
        told, after = await read(name, body), await read("", FINE)
        wrong = [] if isinstance(after, Extraction) else [f"{name}: then {after}"]
        if isinstance(told, str):
            return wrong + [f"{name}: {told}" for word in ("defect", "died") if word in told]
        texts = "".join(paragraph.text for paragraph in told.snapshot.paragraphs)
        resolved = [word for word in ("lettersletters", "root:", "<script") if word in texts]
        return wrong + [f"{name}: {word}" for word in resolved]

    found = await asyncio.gather(*(tried(name) for name in PAGES))
    await workers.aclose()
    assert [fault for faults in found for fault in faults] == []


@pytest.mark.parametrize("name", PAGES)
def test_the_fast_parse_ends_as_well(name: str) -> None:
    body = PAGES[name]()
    for content_type in (HTML, None, "text/html; charset=utf-16", "text/html; charset=shift_jis"):
        found = text_fingerprint(body, content_type)
        assert found is None or len(found) == 64
        assert isinstance(decode_html(body, content_type), str)


@pytest.mark.parametrize("name", TOO_MUCH)
async def test_a_text_that_no_article_has_is_too_large(name: str) -> None:
    workers = ExtractionPool(1, time_limit=60)
    with pytest.raises(NotAnArticle, match="too long for an article") as caught:
        await workers.extract(TOO_MUCH[name](), URL, HTML)
    await workers.aclose()
    assert caught.value.outcome is Outcome.TOO_LARGE


async def test_a_page_that_eats_memory_fails_and_no_other(
    capfd: pytest.CaptureFixture[str],
) -> None:
    workers = ExtractionPool(1, time_limit=60, max_memory=60)
    hungry = article("<p>eat" * 200_000)
    with pytest.raises((ExtractionFailed, NotAnArticle)):
        await workers.extract(hungry, URL, HTML)
    found = await workers.extract(FINE, URL, HTML)
    await workers.aclose()
    assert len(found.snapshot.paragraphs) == 4
    assert capfd.readouterr() == ("", "")


async def test_pages_that_take_too_long_hold_up_no_other() -> None:
    workers = ExtractionPool(2, time_limit=0.3)
    slow = article("".join(f"<p>{n} houses" for n in range(300_000)))
    waiting = [asyncio.create_task(workers.extract(slow, URL, HTML)) for _ in range(2)]
    ended = await asyncio.gather(*waiting, return_exceptions=True)
    assert [type(each).__mro__[1] for each in ended] == [ExtractionFailed] * 2
    assert all("longer than" in str(each) for each in ended)
    assert workers.pids == ()
    await workers.aclose()
