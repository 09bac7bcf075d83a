"""Notices beside the text: in footers, boxes after the article, and labels by the headline."""

from __future__ import annotations

import pytest

from watcher.adapters.page.gate.fingerprint import text_fingerprint
from watcher.adapters.page.html import extract_snapshot
from watcher.adapters.page.text.notice_places import own_words
from watcher.core.model import Notice, Snapshot

TYPE = "text/html; charset=utf-8"
HEADLINE = "Pier to be rebuilt before winter"
TEXT = "".join(
    f"<p>The harbour council met for the {n}th time and agreed to spend another forty thousand on"
    " the pier, its chair said after the vote.</p>"
    for n in range(4, 9)
)
SURE = "Correction, 4 May: An earlier version of this article gave the wrong height of the pier."
BARE = "Correction: The pier is four metres high, not fourteen."
LINKS = "<ul><li><a href=/a>Dredging starts</a></li><li><a href=/b>Fish is cheap</a></li></ul>"
MARK = "<p>© The Quay Courier</p>"


def page(body: str, lang: str = "en") -> bytes:
    return (
        f"<html lang={lang}><head><title>{HEADLINE}</title>"
        f'<meta property="og:title" content="{HEADLINE}">'
        '<meta property="article:published_time" content="2026-05-03T10:00:00Z"></head>'
        f"<body><header><nav><a href=/>Home</a></nav></header>{body}</body></html>"
    ).encode()


def article(inside: str = "", after: str = "", before: str = "") -> str:
    return f"<main><article>{before}<h1>{HEADLINE}</h1>{TEXT}{inside}</article></main>{after}"


def read(body: str, lang: str = "en") -> Snapshot:
    return extract_snapshot(page(body, lang), "https://quay.example/pier", TYPE).snapshot


def notices(body: str, lang: str = "en") -> list[tuple[str, str]]:
    return [(notice.kind, notice.text) for notice in read(body, lang).notices]


PLACES = {
    "a div called footer": lambda note: article(f"<div class=footer><p>{note}</p></div>"),
    "a div of the article's foot": lambda note: article(f"<div class=article-foot>{note}</div>"),
    "a div called footer after it": lambda note: article(after=f"<div id=footer>{note}</div>"),
    "a footer with links": lambda note: article(f"<footer><p>{note}</p>{LINKS}</footer>"),
    "the site's footer": lambda note: article(after=f"<footer><p>{note}</p>{MARK}</footer>"),
    "the site's footer with links": lambda note: article(
        after=f"<footer>{LINKS}<p>{note}</p>{MARK}</footer>"
    ),
    "an aside after it": lambda note: article(after=f"<aside><p>{note}</p></aside>"),
    "an aside with links": lambda note: article(after=f"<aside><p>{note}</p>{LINKS}</aside>"),
    "an aside in it": lambda note: article(f"<aside><p>{note}</p></aside>"),
    "details": lambda note: article(f"<details><summary>More</summary><p>{note}</p></details>"),
    "a summary": lambda note: article(f"<details><summary>{note}</summary></details>"),
    "details after it": lambda note: article(
        after=f"<details><summary>Show</summary>{note}</details>"
    ),
    "a note": lambda note: article(after=f"<div role=note>{note}</div>"),
    "italics": lambda note: article(f"<p><em>{note}</em></p>"),
    "brackets": lambda note: article(f"<p>[{note}]</p>"),
    "the top": lambda note: article(before=f"<p>{note}</p>"),
}


@pytest.mark.parametrize("place", PLACES)
def test_a_notice_is_found_wherever_it_stands(place: str) -> None:
    (notice,) = notices(PLACES[place](SURE))
    assert notice[0] == "correction"
    assert notice[1].strip("[]") == SURE


@pytest.mark.parametrize("place", PLACES)
def test_the_fingerprint_sees_a_notice_come_change_and_go(place: str) -> None:
    seen = {
        text_fingerprint(page(PLACES[place](note)), TYPE)
        for note in ("", SURE, SURE.replace("height", "weight"))
    }
    assert len(seen) == 3


LABELLED = {
    "details": "<details><summary>Corrections</summary><p>{}</p></details>",
    "an aside": "<aside><h4>Correction</h4><p>{}</p></aside>",
    "an aside with links": "<aside><h4>Correction</h4><p>{}</p>" + LINKS + "</aside>",
    "a section": "<section class=corrections><h2>Corrections</h2><p>{}</p></section>",
    "a list": "<dl><dt>Correction</dt><dd>{}</dd></dl>",
    "a line above it": "<div><b>Correction</b><br>{}</div>",
    "a line above it, marked": "<p><strong>Correction:</strong><br/>{}</p>",
}


@pytest.mark.parametrize("box", LABELLED)
@pytest.mark.parametrize("is_inside", [True, False])
def test_a_label_alone_announces_a_notice(box: str, is_inside: bool) -> None:
    text = "The pier is four metres high, not fourteen."

    def made(note: str) -> str:
        filled = LABELLED[box].format(note)
        return article(filled) if is_inside else article(after=filled)

    assert notices(made(text)) == [("correction", text)]
    one, other = (text_fingerprint(page(made(each)), TYPE) for each in (text, text[:-2] + "."))
    assert one != other


BRACKETED = {
    "[Update: The chair of the council has resigned since.]": "update",
    "(Adds a comment by the harbour master in the third paragraph)": "update",
    "(Corrects the height of the pier in the second paragraph)": "correction",
    "(Updates with the result of the vote)": "update",
}


@pytest.mark.parametrize("line", BRACKETED)
@pytest.mark.parametrize(
    "place",
    ["<p>{}</p>", "</article><div>{}</div>", "</article><p><em>{}</em></p>",
     "</article><div class=tags><a href=/t>Piers</a></div><div class=note>{}</div>",
     "<aside><p>{}</p></aside>"],
)  # fmt: skip
def test_a_line_in_brackets_after_the_text_is_a_notice(place: str, line: str) -> None:
    body = f"<main><article><h1>{HEADLINE}</h1>{TEXT}{place.format(line)}"
    assert notices(body) == [(BRACKETED[line], line)]
    without = f"<main><article><h1>{HEADLINE}</h1>{TEXT}{place.format('')}"
    assert text_fingerprint(page(body), TYPE) != text_fingerprint(page(without), TYPE)


def test_a_line_break_in_prose_parts_nothing() -> None:
    found = read(article("<p><b>Corrections officers</b><br>left the pier at noon, they said.</p>"))
    assert found.paragraphs[-1].text == "Corrections officers left the pier at noon, they said."
    assert not found.notices


@pytest.mark.parametrize(
    "after",
    [
        f"<section class=comments><p>{SURE}</p></section>",
        f"<div class=related-articles><p>{SURE}</p></div>",
        f"<nav><p>{SURE}</p></nav>",
        # a label in the site's footer may be of the site: how to ask for corrections
        f"<footer><p>{BARE}</p></footer>",
        "<footer><p>Corrections: write to the desk at any hour of the day.</p></footer>",
        "<footer><h4>Corrections</h4><p>We set right what was wrong, and say so.</p></footer>",
        "<footer><p>This site was updated on 4 May 2026.</p></footer>",
        "<aside><p>A correction of prices is near, says the auction hall.</p></aside>",
    ],
)
def test_what_is_of_others_is_no_notice(after: str) -> None:
    assert notices(article(after=after)) == []


def test_a_label_in_the_articles_own_foot_is_enough() -> None:
    assert notices(article(f"<div class=footer>{BARE}</div>")) == [("correction", BARE)]


@pytest.mark.parametrize(
    ("before", "label"),
    [
        ("<span class=kicker>DEVELOPING</span>", "DEVELOPING"),
        ("<div>Developing story</div>", "Developing story"),
        ("<header><p>Harbour</p><p>Developing:</p></header>", "Developing:"),
        ("<a href=/tag>Developing</a>", "Developing"),
    ],
)
def test_a_label_by_the_headline_says_that_the_story_develops(before: str, label: str) -> None:
    found = read(article(before=before))
    assert found.developing
    assert found.notices == (Notice("developing", label),)
    assert found.headline == HEADLINE
    one, other = (text_fingerprint(page(article(before=b)), TYPE) for b in (before, ""))
    assert one != other


def test_a_label_in_the_headline_or_below_it_counts_too() -> None:
    inside = article().replace("<h1>", "<h1><span>DEVELOPING</span> ")
    assert (read(inside).headline, notices(inside)) == (HEADLINE, [("developing", "DEVELOPING")])
    told = page(article()).decode().replace(HEADLINE, f"Developing: {HEADLINE}").encode()
    found = extract_snapshot(told, "https://quay.example/pier", TYPE).snapshot
    assert found.developing
    below = read(article().replace("</h1>", "</h1><p>DEVELOPING</p>"))
    assert below.notices == (Notice("developing", "DEVELOPING", 0),)
    assert below.paragraphs[0].text == "DEVELOPING"


@pytest.mark.parametrize(
    ("lang", "label"),
    [
        ("es", "En desarrollo"), ("fr", "En développement"), ("de", "Wird laufend aktualisiert"),
        ("pt", "Em atualização"), ("it", "In aggiornamento"), ("ru", "Обновляется"),
        ("ja", "更新中"), ("zh", "持续更新"), ("ar", "يتبع"), ("tr", "Gelişmekte olan haber"),
        ("nl", "In ontwikkeling"), ("sv", "Uppdateras"), ("da", "Opdateres løbende"),
        ("nb", "Saken oppdateres"), ("fi", "Juttua päivitetään"), ("uk", "Оновлюється"),
        ("cs", "Aktualizujeme"), ("ro", "În curs de actualizare"), ("hu", "Folyamatosan frissül"),
        ("el", "Σε εξέλιξη"), ("he", "מתעדכן"), ("ko", "업데이트 중"), ("de", "EILMELDUNG"),
        ("pl", "W trakcie aktualizacji"), ("hi", "अपडेट जारी"), ("id", "Sedang berkembang"),
        ("es", "MÁS INFORMACIÓN EN BREVE"), ("fr", "Information en cours"),
    ],
)  # fmt: skip
def test_such_labels_are_known_in_other_languages(lang: str, label: str) -> None:
    assert notices(article(before=f"<p>{label}</p>"), lang) == [("developing", label)]


@pytest.mark.parametrize(
    "before",
    [
        "<p>Developing countries</p>",
        "<nav><a href=/d>Developing</a></nav>",
        "<aside><p>Developing</p></aside>",
        "<p>Breaking</p>",
        "<p>Update</p>",
    ],
)
def test_other_labels_say_nothing_of_it(before: str) -> None:
    assert not read(article(before=before)).developing


def test_a_heading_of_the_text_is_no_label() -> None:
    assert not read(article(f"<h2>Developing</h2>{TEXT.replace('pier', 'weir')}")).developing


def test_of_a_box_only_what_may_be_a_notice_is_kept_by_the_fast_parse() -> None:
    assert own_words(["\n", "Read by 1,204 people", "This text was corrected. ", "12:31"]) == (
        "This text was corrected."
    )


def test_a_label_that_is_a_paragraph_as_well_is_told_once() -> None:
    body = f"<main><article><h1>{HEADLINE}</h1><p>More to come</p>{TEXT}</article></main>"
    assert read(body).notices == (Notice("developing", "More to come", 0),)


@pytest.mark.parametrize("badge", ["LIVE", "Developing", "Breaking news"])
@pytest.mark.parametrize(
    "form", ["<b>{}</b>{}", "<div><i>{}</i></div><div>{}</div>", "<b>{}</b>: {}"]
)
def test_a_badge_in_the_heading_says_that_the_story_develops(form: str, badge: str) -> None:
    body = article().replace(HEADLINE, form.format(badge, HEADLINE))
    found = read(body)
    assert found.headline == HEADLINE
    assert found.developing
    assert HEADLINE not in [p.text for p in found.paragraphs]
    assert not read(article()).developing
    assert text_fingerprint(page(body), TYPE) != text_fingerprint(page(article()), TYPE)


@pytest.mark.parametrize(
    ("old", "new", "is_seen"),
    [
        ("Read by 1,204 people", "Read by 1,205 people", False),
        ("Subscribe. Now.", "Subscribe. Later.", False),
        ("<b>corrected</b>", "<b>updated</b>", True),
        ("12:31", "12:32", False),
        ("<!-- a > b. -->", "<!-- a > c. -->", False),
    ],
)
def test_the_fast_parse_counts_of_a_box_what_may_be_a_notice(
    old: str, new: str, is_seen: bool
) -> None:
    foot = (
        "<footer><p>Read by 1,204 people</p><a href='/x'>Subscribe. Now.</a><a href='/y'>All about"
        " the harbour and its people</a><p>This text was <b>corrected</b>.</p><p>12:31</p>"
        "<!-- a > b. --></footer>"
    )
    pages = [article(after=each).encode() for each in (foot, foot.replace(old, new))]
    prints = {text_fingerprint(page, "text/html") for page in pages}
    assert (len(prints) == 2) is is_seen


@pytest.mark.parametrize(
    ("form", "badge"),
    [
        ("BREAKING: {}", "BREAKING"),
        ("Live: {}", "Live"),
        ("EILMELDUNG - {}", "EILMELDUNG"),
        ("EN DIRECT. {}", "EN DIRECT"),
        ("EN DIRECT, {}", "EN DIRECT"),
        ("ÚLTIMA HORA | {}", "ÚLTIMA HORA"),
        ("CANLI: {}", "CANLI"),
        ("Срочно: {}", "Срочно"),
        ("【速報】{}", "速報"),
        ("[속보] {}", "속보"),
        ("突发：{}", "突发"),
    ],
)
def test_a_badge_of_the_headlines_own_says_that_the_story_develops(form: str, badge: str) -> None:
    told = page(article()).decode().replace(HEADLINE, form.format(HEADLINE)).encode()
    found = extract_snapshot(told, "https://quay.example/pier", TYPE).snapshot
    assert found.headline == form.format(HEADLINE)
    assert found.notices == (Notice("developing", badge),)
    assert text_fingerprint(told, TYPE) != text_fingerprint(page(article()), TYPE)


@pytest.mark.parametrize(
    "form",
    ["Live, laugh and love: {}", "Live music: {}", "{} – Live", "Breaking. {}", "(Live music) {}"],
)
def test_other_headlines_say_nothing_of_it(form: str) -> None:
    told = page(article()).decode().replace(HEADLINE, form.format(HEADLINE)).encode()
    assert not extract_snapshot(told, "https://quay.example/pier", TYPE).snapshot.developing
