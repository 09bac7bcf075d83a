"""What pages show near the headline: times and bylines, where no mark tells them."""

from __future__ import annotations

import pytest

from tests.adapters.test_metadata import ld, read
from watcher.adapters.page.html import extract_snapshot

BOTH = ("2026-05-03T10:00", "2026-05-03T14:05")
ZONED = ("2026-05-03T10:00:00Z", "2026-05-03T14:05:00Z")
A, B = "datetime='2026-05-03T10:00:00Z'", "datetime='2026-05-03T14:05:00Z'"
LONG = "<p>" + "The last ferry to the isles left the harbour at noon on Friday. " * 5 + "</p>"


def shown(lines: str, *, lang: str = "en", head: str = "") -> tuple[str | None, str | None]:
    """What is read as published and modified from lines under a headline."""
    body = f"<main><h1>Ferry to the isles stops</h1>{lines}{LONG}</main>"
    found = read(f"<meta name=language content={lang}>{head}", body)
    return found.published, found.modified


@pytest.mark.parametrize(
    ("lines", "times"),
    [
        (
            "<p>Published <time datetime='2026-11-20T09:30Z'>a</time>, updated "
            "<time datetime='2026-11-20T11:30Z'>b</time></p>",
            ("2026-11-20T09:30:00Z", "2026-11-20T11:30:00Z"),
        ),
        (
            "<time class='entry-date published' datetime='2026-11-20'></time>"
            "<time class='updated' datetime='2026-11-21'></time>",
            ("2026-11-20", "2026-11-21"),
        ),
        # hAtom wants the class on every entry: alone it means nothing
        ("<time class='entry-date updated' datetime='2026-11-20'></time>", ("2026-11-20", None)),
        (
            "<abbr class='published' title='2026-11-20T09:30Z'>x</abbr>",
            ("2026-11-20T09:30:00Z", None),
        ),
        ("<p>Last updated: <time datetime='2026-11-20'>x</time></p>", (None, "2026-11-20")),
        # the label's time is its own; where it has none, it is that of the mark
        (
            "<div><time datetime='2026-11-20'>20 November 2026</time> <b>Updated 14:05</b></div>",
            ("2026-11-20", None),
        ),
        (
            "<div><time datetime='2026-11-20'>20 November 2026</time> <b>(updated)</b></div>",
            (None, "2026-11-20"),
        ),
        ("<div>20 November 2026, 09:30</div>", ("2026-11-20T09:30", None)),
        (
            "<div>Published 20 November 2026 | Updated 21 November 2026 14:05 CET</div>",
            ("2026-11-20", "2026-11-21T13:05:00Z"),
        ),
        ("<p>By Ada Berg, 20 November 2026</p>", ("2026-11-20", None)),
        # two dates could be meant; a sentence may speak of another day; an aside is not of it
        ("<p>20 November 2026</p><p>24 December 2026</p>", (None, None)),
        ("<p>The fair opens again on 24 December 2026 in Odrin</p>", (None, None)),
        ("<ul><li>20 November 2026</li><li>19 November 2026</li></ul>", (None, None)),
        ("<aside>20 November 2026</aside>", (None, None)),
        (
            "<div><a href='/o'>Dredgers are at work again in the harbour of Odrin</a>"
            "<time datetime='2026-11-19'>x</time></div>",
            (None, None),
        ),
        # captions name the day of the picture
        ("<div>Ferry Crews Gathered Outside Odrin Town Hall, 19 November 2026</div>", (None, None)),
        ("<div class='photo-caption'>Odrin, 19 November 2026</div>", (None, None)),
        ("<p>Von den Kais der ganzen Inseln, 19 November 2026</p>", (None, None)),
        ("<p>Friday, 20 November 2026 at 9:30 p.m. EST</p>", ("2026-11-21T02:30:00Z", None)),
        (LONG + "<div>20 November 2026</div>", (None, None)),
    ],
)
def test_times_by_the_headline(lines: str, times: tuple[str | None, str | None]) -> None:
    assert shown(lines) == times


@pytest.mark.parametrize(
    ("line", "lang", "modified"),
    [
        ("Aktualisiert am 20.11.2026 um 9.30 Uhr", "de", "2026-11-20T09:30"),
        ("Mis à jour le 20 novembre 2026 à 9h30", "fr", "2026-11-20T09:30"),
        ("Actualizado: 20/11/2026 09:30", "es", "2026-11-20T09:30"),
        ("Atualizado em 20 de novembro de 2026", "pt", "2026-11-20"),
        ("Aggiornato il 20 novembre 2026 alle 9:30", "it", "2026-11-20T09:30"),
        ("Bijgewerkt op 20 november 2026 om 9:30", "nl", "2026-11-20T09:30"),
        ("Обновлено 20 ноября 2026, 09:30", "ru", "2026-11-20T09:30"),
        ("Güncelleme: 20 Kasım 2026 09:30", "tr", "2026-11-20T09:30"),
        ("更新 2026年11月20日 9時30分", "ja", "2026-11-20T09:30"),
        ("수정 2026.11.20 09:30", "ko", "2026-11-20T09:30"),
    ],
)
def test_update_lines_in_other_languages(line: str, lang: str, modified: str) -> None:
    assert shown(f"<p>{line}</p>", lang=lang) == (None, modified)


def test_a_mark_goes_before_what_is_shown_unless_that_is_the_same_moment_told_better() -> None:
    head = "<meta name=date content='{}'>"
    line = "<div>20 November 2026, 09:30</div>"
    assert shown(line, head=head.format("2026-11-01"))[0] == "2026-11-01"
    assert shown(line, head=head.format("2026-11-20"))[0] == "2026-11-20T09:30"


@pytest.mark.parametrize(
    ("line", "byline"),
    [
        ("By Ada Berg", "Ada Berg"),
        ("By Ada Berg and Bo van der Lund, Odrin", "Ada Berg, Bo van der Lund"),
        ("By Ada Berg, Political Editor", "Ada Berg"),
        ("BY ADA BERG | 20 November 2026", "ADA BERG"),
        ("By April May November 20, 2026", "April May"),
        ("By Ada Berg Updated 20 November 2026", "Ada Berg"),
        ("By Ada Berg and Bo Lund Associated Press", "Ada Berg, Bo Lund"),
        ("By Odrin News Agency", None),
        ("<span class=byline>By <a class=author>Ada Berg</a> Culture</span>", "Ada Berg"),
        ("Von Ada Berg und Bo Lund", "Ada Berg, Bo Lund"),
        ("Par Ada Berg", "Ada Berg"),
        ("Por Ada Berg y Bo Lund", "Ada Berg, Bo Lund"),
        ("Текст: Ада Берг", "Ада Берг"),
        ("<span class='byline author'>Ada Berg</span> 3 min", "Ada Berg"),
        ("<span class=author>山田太郎</span>", "山田太郎"),
        ("<b class=author>Ada Berg</b><b class=author>Bo Lund</b>", "Ada Berg, Bo Lund"),
        ("By noon on Friday the ferry had left", None),
        ("By Ada Berg and the crews of two ferries", None),
        ("Ada Berg", None),
        ("<span class=author>Subscribe to the newsletter</span>", None),
    ],
)
def test_bylines_by_the_headline(line: str, byline: str | None) -> None:
    body = f"<main><h1>Ferry to the isles stops</h1><p>{line}</p>{LONG}</main>"
    assert read("", body).byline == byline


def test_the_publishers_own_name_is_the_last_resort() -> None:
    article = {"@type": "NewsArticle", "headline": "Ferry to the isles stops"}
    article |= {"author": {"@type": "Person", "name": "The Paper"}, "publisher": "The Paper"}  # type: ignore[dict-item]
    line = "<h1>Ferry to the isles stops</h1><p>By Ada Berg</p>"
    assert read(ld(article), line).byline == "Ada Berg"
    assert read(ld(article), "<h1>Ferry to the isles stops</h1>").byline == "The Paper"
    assert (
        read(ld(article) + "<meta name=author content='Bo Lund | bo@paper.example'>").byline
        == "Bo Lund"
    )


@pytest.mark.parametrize(
    ("lines", "lang", "times"),
    [
        ("<p>Published 3 May 2026 10:00, updated 14:05</p>", "en", BOTH),
        ("<p>Published 3 May 2026, 10:00. Updated 14:05</p>", "en", BOTH),
        ("<p>3 May 2026 10:00 (updated 14:05)</p>", "en", BOTH),
        ("<p>Updated 14:05, first published 3 May 2026 10:00</p>", "en", BOTH),
        ("<p>Published 3 May 2026 10:00, updated 3 May 2026 14:05</p>", "en", BOTH),
        ("<dl><dt>Published</dt><dd>3 May 2026 10:00</dd><dt>Updated</dt>"
         "<dd>3 May 2026 14:05</dd></dl>", "en", BOTH),
        ("<p>Veröffentlicht am 03.05.2026 um 10:00 Uhr, aktualisiert um 14:05 Uhr</p>", "de", BOTH),
        ("<p>Publié le 3 mai 2026 à 10h00, mis à jour à 14h05</p>", "fr", BOTH),
        ("<p>公開 2026年5月3日 10:00 更新 2026年5月3日 14:05</p>", "ja", BOTH),
        ("<p>Published 10:00 AM EDT, May 3, 2026 Updated 2:05 PM EDT, May 3, 2026</p>", "en",
         ("2026-05-03T14:00:00Z", "2026-05-03T18:05:00Z")),
        ("<p>Published 3 May 2026 10:00 GMT, updated 14:05</p>", "en", ZONED),
        # all in one element of time, whose value is of the one or of the other
        (f"<time {A}>Published 10:00, updated 14:05</time>", "en", ZONED),
        (f"<time {B}>Published 10:00, updated 14:05</time>", "en", (None, ZONED[1])),
        (f"<p>Published <time {A}>3 May 2026 10:00</time>, updated 14:05</p>", "en", ZONED),
        (f"<p>Published <time {A}>10:00</time> <span>Updated</span> <time {B}>14:05</time></p>",
         "en", ZONED),
        (f"<p>Updated <b><time {B}>14:05</time></b> Published <b><time {A}>10:00</time></b></p>",
         "en", ZONED),
        (f"<div><div>Published</div><div><time {A}>x</time></div><div>Updated</div>"
         f"<div><time {B}>y</time></div></div>", "en", ZONED),
        # the next day, or a day that nobody names
        ("<p>Published 3 May 2026 23:50, updated 00:10</p>", "en", ("2026-05-03T23:50", None)),
        ("<p>Published 10:00, updated 14:05</p>", "en", (None, None)),
        (f"<time {A}>Published 12:00, updated 14:05</time>", "en", (ZONED[0], None)),
    ],
)  # fmt: skip
def test_both_times_may_stand_in_one_line(
    lines: str, lang: str, times: tuple[str | None, str | None]
) -> None:
    assert shown(lines, lang=lang) == times


def test_the_fingerprint_sees_a_clock_time_that_was_read_with_a_date_beside_it() -> None:
    def page(clock: str) -> bytes:
        line = f"<p>Published 3 May 2026 10:00, updated {clock}</p>"
        head = "<title>Ferry to the isles stops</title>"
        return (
            f"<html lang=en><head>{head}</head><body><main><h1>Ferry to the isles stops</h1>"
            f"{line}{LONG}</main></body></html>"
        ).encode()

    found = [
        extract_snapshot(page(clock), "https://quay.example/a", None)
        for clock in ("14:05", "14:06")
    ]
    assert [each.snapshot.modified for each in found] == ["2026-05-03T14:05", "2026-05-03T14:06"]
    assert len({each.fingerprint for each in found} - {None}) == 2


def test_the_time_of_the_newest_post_is_none_of_the_page() -> None:
    post = "<article><time datetime='2026-05-03T10:{0}0Z'>10:{0}0</time><p>Crews go.</p></article>"
    assert shown("".join(map(post.format, (3, 2, 1)))) == (None, None)
    assert shown(post.format(3)) == ("2026-05-03T10:30:00Z", None)
