"""The rules of the configuration for a site, on pages: what goes, what stays, and where."""

from __future__ import annotations

import pytest

from watcher.adapters.page.html import extract_snapshot
from watcher.core.model import Extraction, Paragraph, Snapshot
from watcher.core.selectors import xpath_of
from watcher.core.sites import NO_RULES, SiteRules
from watcher.errors import NotAnArticle

URL = "https://www.news.example/dyke"
OPENING = "Water came over the dyke at Oster before dawn, and the road to the mill is closed today."
MIDDLE = "The council moved ninety people into the sports hall, where the school cooked for them."
CLOSING = "Engineers will look at the foot of the dyke once the river has fallen by half a metre."


def page(*parts: str, before: str = "", after: str = "") -> str:
    return (
        "<!DOCTYPE html><html lang=en><head><title>Dyke gives way</title></head><body>"
        f"{before}<article><h1>Dyke gives way</h1>{''.join(parts)}</article>{after}</body></html>"
    )


def p(text: str, **attributes: str) -> str:
    told = "".join(f' {"class" if k == "cls" else k}="{v}"' for k, v in attributes.items())
    return f"<p{told}>{text}</p>"


def extracted(html: str, rules: SiteRules = NO_RULES) -> Extraction:
    return extract_snapshot(html.encode(), URL, "text/html; charset=utf-8", rules)


def read(html: str, rules: SiteRules = NO_RULES) -> Snapshot:
    return extracted(html, rules).snapshot


def texts(html: str, **rules: tuple[str, ...]) -> list[str]:
    return [
        paragraph.text for paragraph in read(html, SiteRules("news.example", **rules)).paragraphs
    ]


BODY = (
    p(OPENING),
    p("Seen by 4,311 readers of this paper so far.", cls="seen"),
    p(MIDDLE),
    p(CLOSING),
)
SEEN = "Seen by 4,311 readers of this paper so far."


def test_without_rules_a_page_reads_as_ever() -> None:
    assert texts(page(*BODY)) == [OPENING, SEEN, MIDDLE, CLOSING]
    assert read(page(*BODY)) == read(page(*BODY), SiteRules("news.example", drop=(".absent",)))


def test_a_dropped_element_is_never_read_and_what_follows_it_is() -> None:
    assert texts(page(*BODY), drop=("p.seen",)) == [OPENING, MIDDLE, CLOSING]
    inline = p(f"{MIDDLE} <span class=seen>Seen 12 times.</span> The hall is warm.")
    assert texts(page(p(OPENING), inline, p(CLOSING)), drop=(".seen",)) == [
        OPENING, f"{MIDDLE} The hall is warm.", CLOSING,
    ]  # fmt: skip


def test_metadata_and_notices_obey_a_drop_too() -> None:
    stamp = '<meta property="article:modified_time" content="2026-02-03T04:05:06Z">'
    note = p("Correction: an earlier version of this article gave another height.", cls="note")
    html = page(*BODY, note).replace("<title>", f"{stamp}<title>")
    assert (read(html).modified, len(read(html).notices)) == ("2026-02-03T04:05:06Z", 1)
    bare = read(html, SiteRules("a", drop=('meta[property="article:modified_time"]', ".note")))
    assert (bare.modified, bare.notices) == (None, ())


def test_a_whole_page_cannot_be_dropped_but_all_of_an_article_can() -> None:
    assert texts(page(*BODY), drop=("body", "html", "head")) == texts(page(*BODY))
    with pytest.raises(NotAnArticle):
        texts(page(*BODY), drop=("article",))


FACTS = (
    "<nav class=facts><h2>The dyke in figures</h2><ul><li>Height: 4 metres</li>"
    "<li>Built: 1963</li></ul></nav>"
)


def test_a_kept_element_is_read_where_it_stands_whatever_it_is() -> None:
    html = page(p(OPENING), FACTS, p(MIDDLE), p(CLOSING))
    assert texts(html) == [OPENING, MIDDLE, CLOSING]
    assert read(html, SiteRules("a", keep=("nav.facts",))).paragraphs == (
        Paragraph("paragraph", OPENING),
        Paragraph("heading", "The dyke in figures"),
        Paragraph("list-item", "Height: 4 metres"),
        Paragraph("list-item", "Built: 1963"),
        Paragraph("paragraph", MIDDLE),
        Paragraph("paragraph", CLOSING),
    )


@pytest.mark.parametrize(
    ("before", "after", "first"), [(FACTS, "", True), ("", f"<footer>{FACTS}</footer>", False)]
)
def test_a_kept_element_outside_of_the_article_stands_before_or_behind_it(
    before: str, after: str, first: bool
) -> None:
    facts = ["The dyke in figures", "Height: 4 metres", "Built: 1963"]
    body = [OPENING, MIDDLE, CLOSING]
    html = page(*map(p, body), before=before, after=after)
    assert texts(html, keep=(".facts",)) == (facts + body if first else body + facts)


def test_what_is_read_anyway_is_read_once() -> None:
    assert texts(page(*BODY), keep=("article p",)) == [OPENING, SEEN, MIDDLE, CLOSING]
    assert texts(page(*BODY), keep=("article",)) == [OPENING, SEEN, MIDDLE, CLOSING]
    assert texts(page(*BODY), keep=("body",)) == [OPENING, SEEN, MIDDLE, CLOSING]
    assert texts(page(*BODY), keep=(".seen", ".seen, p")) == [OPENING, SEEN, MIDDLE, CLOSING]


def test_a_part_of_a_paragraph_keeps_all_of_it() -> None:
    html = page(p(f"{OPENING} <b class=x>Again.</b> And again."), p(MIDDLE), p(CLOSING))
    assert texts(html, keep=(".x",)) == [f"{OPENING} Again. And again.", MIDDLE, CLOSING]


def test_a_part_of_a_caption_or_of_a_row_of_data_keeps_all_of_it() -> None:
    figure = "<figure><img src=a><figcaption><p class=x>The dyke.</p> Photo: A. Writer</figcaption>"
    rows = "".join(
        f"<tr><td>{y}</td><td class=x><p>{y % 7} metres</p></td></tr>" for y in (1963, 2002)
    )
    html = page(p(OPENING), f"{figure}</figure>", p(MIDDLE), f"<table>{rows}</table>", p(CLOSING))
    plain = texts(html)
    assert [text for text in plain if "Photo" in text or "metres" in text] == [
        "The dyke. Photo: A. Writer", "1963 | 3 metres", "2002 | 0 metres",
    ]  # fmt: skip
    assert texts(html, keep=(".x",)) == texts(html, keep=("p",)) == plain


def test_a_part_of_a_table_that_is_only_layout_keeps_itself() -> None:
    links = (
        "<td><p>Our ten best maps, as told by you.</p><p>Our shop of all the maps we sell.</p></td>"
    )
    body = f"<td><p class=x>{OPENING}</p>{p(MIDDLE)}{p(CLOSING)}</td>"
    html = page(f"<table><tr>{body}{links}</tr></table>")
    assert texts(html, keep=(".x",)) == texts(html)


def test_what_is_hidden_can_be_kept_though_its_place_is_not_read() -> None:
    hidden = f'{OPENING} <span class="sr-only"><span class=x>For your ears.</span></span>'
    html = page(f"<div>{hidden}</div>", p(MIDDLE), p(CLOSING))
    assert "For your ears." in texts(html, keep=(".x",))


def test_of_two_rules_the_inner_one_decides_and_keeping_goes_first() -> None:
    box = f"<div class=box><p>Our shop sells maps.</p><p class=note>{MIDDLE}</p></div>"
    html = page(p(OPENING), box, p(CLOSING))
    assert texts(html, drop=(".box",)) == [OPENING, CLOSING]
    assert texts(html, drop=(".box",), keep=(".note",)) == [OPENING, MIDDLE, CLOSING]
    assert texts(html, drop=(".note",), keep=(".box",)) == [
        OPENING,
        "Our shop sells maps.",
        CLOSING,
    ]
    assert texts(html, drop=(".note",), keep=(".note",)) == texts(html)


def test_texts_are_dropped_by_expression_and_kept_by_one() -> None:
    html = page(*BODY)
    assert texts(html, drop_text=(r"^Seen by \d",)) == [OPENING, MIDDLE, CLOSING]
    assert texts(html, drop_text=(r"\d",), keep_text=("readers",)) == texts(html)
    assert texts(html, drop_text=("^Seen",), keep=(".seen",)) == texts(html)


def test_a_kept_text_is_read_though_its_place_is_none_of_an_article() -> None:
    aside = "<div class=related-links><p>Record: 1963, 4.10 m</p><p>More on water</p></div>"
    html = page(p(OPENING), p(MIDDLE), aside, p(CLOSING))
    assert texts(html) == [OPENING, MIDDLE, CLOSING]
    assert texts(html, keep_text=("^Record:",)) == [
        OPENING, MIDDLE, "Record: 1963, 4.10 m", CLOSING,
    ]  # fmt: skip


def test_what_the_fast_parse_does_not_see_leaves_the_page_without_fingerprint() -> None:
    html = page(p(OPENING), FACTS, p(MIDDLE), p(CLOSING))
    assert extracted(html).fingerprint is not None
    assert extracted(html, SiteRules("a", keep=(".facts",))).fingerprint is None
    assert extracted(html, SiteRules("a", drop=(".facts",))).fingerprint is not None


def test_a_page_with_the_marks_of_the_rules_spoils_nothing_but_itself() -> None:
    odd = p("\U000fdfd60"), p("\U000fdfd70")
    found = texts(page(p(OPENING), *odd, FACTS, p(MIDDLE), p(CLOSING)), keep=(".facts",))
    assert {OPENING, MIDDLE, CLOSING} <= set(found)


@pytest.mark.parametrize(
    "selector",
    ["p:nth-child(2)", "div > p, .x", "p:not(.a)", "p:is(.a, .b)", "p:has(> a)", "[data-a|=b]",
     "*:contains('x')", "p:first-of-type", ":lang(de)", "#a .b ~ p + p", "P.A"],
)  # fmt: skip
def test_selectors_of_every_kind_can_be_used(selector: str) -> None:
    assert xpath_of(selector).startswith("descendant::")
    assert OPENING in texts(page(p(OPENING), p(MIDDLE), p(CLOSING)), keep=(selector,))
