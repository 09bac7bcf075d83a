"""The table of phrases: what it may hold, and how phrases are found."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.core.model import Outcome
from watcher.core.pagewords import PageWords, parse_page_words, plain
from watcher.errors import UsageError

TABLE = parse_page_words(
    """
[soft-404.titles]
en = ["page not found"]
ja = ["ページが見つかりません"]
hi = ["पेज नहीं मिला"]
[paywall.texts]
en = ["subscribe * to continue"]
fr = ["l'article réservé"]
[login-page.paths]
any = ["Login"]
[bot-challenge.marks]
any = ["Px-Captcha"]
"""
)


def found(text: str, words: PageWords = TABLE) -> list[tuple[Outcome, str, str]]:
    text = plain(text)
    return [(f.kind, f.place, text[f.start : f.end]) for f in words.find(text)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Oh no: PAGE, not — found!", "page not found"),
        ("page not founded", None),
        ("homepage not found", None),
        ("申し訳ありません。ページが見つかりません。", "ページが見つかりません"),
        ("क्षमा करें, पेज नहीं मिला।", "पेज नहीं मिला"),
        ("Subscribe to continue", "subscribe to continue"),
        ("Subscribe now, it's easy, to continue", None),
        ("Subscribe for 1 kr to continue reading", "subscribe for 1 kr to continue"),
        ("L’article réservé aux abonnés", "l article réservé"),
        ("L'ARTICLE R\u0045\u0301SERVE\u0301", "l article réservé"),
        ("", None),
        ("page not", None),
    ],
)
def test_a_phrase_is_found_by_its_words(text: str, said: str | None) -> None:
    assert [phrase for _, _, phrase in found(text)] == ([] if said is None else [said])


def test_marks_and_paths_are_kept_in_lower_case() -> None:
    assert TABLE.marks[Outcome.BOT_CHALLENGE] == ("px-captcha",)
    assert TABLE.paths[Outcome.LOGIN_PAGE] == {"login"}


def test_a_kind_without_entries_says_nothing() -> None:
    assert found("page not found", parse_page_words("")) == []


@pytest.mark.parametrize(
    ("table", "fault"),
    [
        ("[soft-405.titles]\nen = ['x']", "[soft-405] is no kind of page"),
        ("[soft-404.title]\nen = ['x']", "[soft-404.title] is no place for phrases"),
        ("[soft-404.titles]\nen = 'x'", "en in [soft-404.titles] must be a list of phrases"),
        ("[soft-404.titles]\nen = ['?!']", "en in [soft-404.titles] must be a list of phrases"),
        ("[soft-404.titles]\nen = ['* found']", "en in [soft-404.titles] must be a list"),
        ("soft-404 = 1", "[soft-404] is no kind of page"),
        ("[soft-404", "not valid TOML"),
    ],
)
def test_a_fault_of_the_table_is_named(table: str, fault: str) -> None:
    with pytest.raises(UsageError) as refused:
        parse_page_words(table)
    assert fault in str(refused.value)


@given(st.text(max_size=200))
def test_what_is_found_stands_in_the_text(text: str) -> None:
    text = plain(text)
    assert plain(text) == text
    for hit in TABLE.find(f"{text} page not found"):
        assert 0 <= hit.start < hit.end <= len(text) + len(" page not found")
