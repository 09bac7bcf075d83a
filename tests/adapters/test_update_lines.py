"""Update lines beside the text, and sentences in boxes that say what was updated."""

from __future__ import annotations

import pytest

from tests.adapters.test_notice_places import HEADLINE, LINKS, TEXT, TYPE, notices, page, read
from tests.core.notice_lines import NOTICES
from watcher.adapters.page.gate.fingerprint import text_fingerprint
from watcher.core.compare import compare, describe


def article(below: str = "", above: str = "", end: str = "", after: str = "") -> str:
    return f"<main><article>{above}<h1>{HEADLINE}</h1>{below}{TEXT}{end}</article>{after}</main>"


LINES = {
    "a div": "<div>{}</div>",
    "a span": "<span>{}</span>",
    "small type": "<small>{}</small>",
    "a box of names": "<div class=byline><span>By Anna Berg</span><span>{}</span></div>",
    "a line of names": "<div class=byline>By Anna Berg | {}</div>",
    "a paragraph of names": "<p class=byline>By Anna Berg, {}</p>",
    "behind a date": "<div class=meta><span>3 May 2026</span> · <span>{}</span></div>",
    "below the standfirst": "<p class=standfirst>The town wants its pier back.</p><div>{}</div>",
    "below a picture": "<figure><figcaption>The pier.</figcaption></figure><div>{}</div>",
    "a named box": "<div class=timestamp>{}</div>",
    "a time": "<div><time datetime=2026-05-03T14:05:00Z>{}</time></div>",
    "both widths of the screen": "<div class=wide>{0}</div><div class=narrow>{0}</div>",
}


@pytest.mark.parametrize("form", LINES)
def test_a_line_by_the_headline_is_told_once_and_its_change_makes_a_version(form: str) -> None:
    told = [article(LINES[form].format(line)) for line in ("Updated 14:05", "Updated 14:31")]
    assert notices(told[0]) == [("update", "Updated 14:05")]
    assert "Updated 14:05" not in [p.text for p in read(told[0]).paragraphs]
    assert len({text_fingerprint(page(body), TYPE) for body in told}) == 2
    change = compare(read(told[0]), read(told[1]))
    assert describe(change).startswith("update line changed")
    assert not [edit for edit in change.edits if edit.op != "equal"]


@pytest.mark.parametrize(
    ("lang", "line"),
    [
        ("de", "Stand: 14:05 Uhr"),
        ("de", "Aktualisiert um 14:05 Uhr"),
        ("fr", "Mis à jour à 14h05"),
        ("es", "Actualizado a las 14:05"),
        ("tr", "Güncelleme: 14:05"),
        ("en", "Last updated at 14:05"),
    ],
)
@pytest.mark.parametrize("place", ["below", "above", "end"])
def test_it_is_found_in_other_languages_and_places(lang: str, line: str, place: str) -> None:
    body = article(**{place: f"<div>{line}</div>"})
    assert notices(body, lang) == [("update", line)]


TEASER = "<a href=/a>The harbour is dredged from May on</a>"


@pytest.mark.parametrize(
    "body",
    [
        article("<div>Updated 2 hours ago</div>"),
        article("<div>Updated just now</div>"),
        article("<div>Updated <time datetime=2026-05-03T14:05:00Z>5 mins ago</time></div>"),
        article("<nav>Updated 14:05</nav>"),
        f"<div>Wheat 214.50, updated 14:05</div>{article()}",
        f"<div>Updated 14:05</div>{article()}",
        article("<aside><div>Updated 14:05</div></aside>"),
        article(after="<div>Updated 14:05</div>"),
        article(end=f"<footer>{LINKS}<p>This page was last updated on 4 May 2026.</p></footer>"),
        article(end=f"<div>{TEASER}<i>Updated 14:05</i></div>"),
        article(f"<div>{TEASER}</div><div>Updated 14:05</div>"),
    ],
)
def test_what_counts_the_time_since_or_is_of_others_is_none(body: str) -> None:
    assert notices(body) == []


TELLS = "This story has been updated to include a statement from the harbour office."
BOXES = {
    "a div": lambda note: article(after=f"<div>{note}</div>"),
    "a deep div": lambda note: article(end=f"<div><div><span>{note}</span></div></div>"),
    "an aside": lambda note: article(after=f"<aside><p>{note}</p></aside>"),
    "an aside with links": lambda note: article(after=f"<aside><p>{note}</p>{LINKS}</aside>"),
    "a section": lambda note: article(after=f"<section><p>{note}</p></section>"),
    "a footer with links": lambda note: article(end=f"<footer><p>{note}</p>{LINKS}</footer>"),
    "the site's footer": lambda note: f"{article()}<footer><p>{note}</p><p>© Quay</p></footer>",
    "a named div": lambda note: article(after=f"<div class=article-update>{note}</div>"),
    "a table": lambda note: article(end=f"<table><tr><td>{note}</td></tr></table>"),
    "a list": lambda note: article(after=f"<ul><li>{note}</li></ul>"),
    "above it all": lambda note: f"<div>{note}</div>{article()}",
    "above the headline": lambda note: article(above=f"<div>{note}</div>"),
}


@pytest.mark.parametrize("box", BOXES)
@pytest.mark.parametrize(
    ("kind", "note"),
    [
        ("update", TELLS),
        ("correction", "This article was amended on 4 May 2026. The vote was a tie."),
        ("correction", "An earlier version of this article said that the pier was lower."),
    ],
)
def test_a_sentence_on_the_article_is_a_notice_in_any_box(box: str, kind: str, note: str) -> None:
    assert notices(BOXES[box](note)) == [(kind, note)]
    seen = {
        text_fingerprint(page(BOXES[box](each)), TYPE)
        for each in ("", note, note.replace("article", "report").replace("office", "board"))
    }
    assert len(seen) == 3


def test_a_label_in_a_box_outside_may_be_of_another_article() -> None:
    assert notices(article(after="<div>Update: The road to the pier is open again.</div>")) == []


def test_a_row_of_several_cells_is_data() -> None:
    assert notices(article(end=f"<table><tr><td>{TELLS}</td><td>4 May</td></tr></table>")) == []


@pytest.mark.parametrize("how", ["hidden", "style='display:none'", "class=hidden"])
@pytest.mark.parametrize(
    "note", [TELLS, "Correction: The pier is four metres high.", "Updated 14:05"]
)
@pytest.mark.parametrize("place", ["below", "above", "end", "after"])
def test_what_no_reader_sees_is_no_notice(how: str, note: str, place: str) -> None:
    body = article(**{place: f"<div {how}>{note}</div>"})
    assert notices(body) == []
    assert note not in [p.text for p in read(body).paragraphs]
    shown = page(body.replace(f"<div {how}>", "<div>"))
    assert text_fingerprint(page(body), TYPE) != text_fingerprint(shown, TYPE)


FIRST = {(language, kind): line for language, kind, line in reversed(NOTICES)}


@pytest.mark.parametrize(("language", "kind"), FIRST)
def test_a_line_of_any_language_is_found_in_a_box_above_the_headline(
    language: str, kind: str
) -> None:
    line = FIRST[language, kind]
    assert notices(article(above=f"<div>{line}</div>"), language) == [(kind, line)]


MANY = "".join(
    f"<li><a href=/{n}>The harbour is dredged, part {n} of many</a></li>" for n in range(20)
)
SAYS = "An earlier version of this article said that the pier was lower."


@pytest.mark.parametrize("note", [TELLS, SAYS, "Correction, 4 May: The pier is four metres high."])
def test_a_sentence_behind_a_long_list_is_the_articles_in_its_own_element(note: str) -> None:
    box = f"<ul>{MANY}</ul><div><p>{note}</p></div>"
    assert [text for _, text in notices(article(end=box))] == [note]
    assert notices(article(after=f"<ul>{MANY}</ul><article><p>{note}</p></article>")) == []
    assert notices(article(end=f"<ul>{MANY}</ul><div class=comments><p>{note}</p></div>")) == []
    seen = {
        text_fingerprint(page(article(end=box.replace(note, n))), TYPE) for n in (note, "", "A")
    }
    assert len(seen) == 3
