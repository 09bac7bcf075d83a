"""Counters and relative times inside the text, and what must never pass for them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from watcher.adapters.page.text.noise_words import shipped_noise_words
from watcher.core.model import Notice, Paragraph, Snapshot
from watcher.core.noise import (
    NoiseWords,
    is_counter,
    kept_templates,
    noise_between,
    template,
    templates,
    without_noise,
)
from watcher.core.sites import NO_RULES, SiteRules

WORDS = shipped_noise_words()


@pytest.fixture
def words() -> NoiseWords:
    return WORDS


def of(text: str, kind: str = "paragraph") -> str | None:
    return template(Paragraph(kind, text), WORDS)


@pytest.mark.parametrize(
    ("texts", "pattern"),
    [
        (("1,204 views", "9 views", "1.3K views", "12 004 views"), "# views"),
        (
            ("Number of views (1,204) / Comments [7]", "Number of views: 9 / Comments 12"),
            "number of # views / # comments",
        ),
        (("3 minutes ago", "an hour ago", "just now", "2 hours ago"), "#"),
        (("Updated 3 minutes ago", "Updated just now", "updated an hour ago"), "updated #"),
        (("Posted 3 hours ago | 12 comments", "Posted a day ago | 9 comments"),
         "posted # | # comments"),
        (("vor 5 Minuten aktualisiert", "vor einer Stunde aktualisiert"), "# aktualisiert"),
        (("il y a 2 heures", "il y a une heure"), "#"),
        (("3 分钟前", "1小时前"), "#"),
        (("5 минут назад", "минуту назад", "2 часа назад"), "#"),
        (("قبل 3 دقائق", "قبل 8 دقائق"), "#"),
        (("2 saat önce", "az önce"), "#"),
        (("Published 3 May Last updated 1 hour ago", "Published 3 May Last updated 2 hours ago"),
         "published 3 may last updated #"),
        (("Posted May 3, 2026 at 10:05 a.m. EDT | Updated 5 mins ago",
          "Posted May 3, 2026 at 10:05 a.m. EDT | Updated just now"),
         "posted may 3, 2026 at 10:05 a.m. edt | updated #"),
        (("3 mai 2026 il y a 2 heures", "3 mai 2026 il y a une heure"), "3 mai 2026 #"),
        (("Updated 2h ago", "Updated 5m ago", "Updated 3 months ago"), "updated #"),
        (("för 5 minuter sedan", "för en timme sedan"), "for #"),
        (("for 5 minutter siden", "for en time siden"), "for #"),
        (("5 minuuttia sitten", "2 tuntia sitten", "hetki sitten"), "#"),
        (("aktualizováno před 2 hodinami", "aktualizováno před hodinou"), "aktualizovano #"),
        (("5 хвилин тому", "годину тому"), "#"),
        (("acum 5 minute", "acum o oră"), "#"),
        (("πριν από 5 λεπτά", "πριν από μία ώρα"), "#"),
        (("5 phút trước", "2 giờ trước"), "#"),
        (("۵ دقیقه پیش", "۲ ساعت پیش"), "#"),
        (("לפני 5 דקות", "לפני שעה"), "#"),
        (("přečteno 1204krát", "přečteno 1 311krát"), "precteno # krat"),
        (("1 204 visningar · 12 kommentarer", "9 visningar · 13 kommentarer"),
         "# visningar · # kommentarer"),
        (("阅读 1204", "阅读：1.2万"), "# 阅读"),
    ],
)  # fmt: skip
def test_what_changes_by_itself_has_one_template(texts: tuple[str, ...], pattern: str) -> None:
    assert {of(text) for text in texts} == {pattern}


@pytest.mark.parametrize(
    "text",
    [
        "Death toll: 12",
        "12",
        "2–1",
        "Updated 14:05",
        "Three views of the harbour",
        "12 lectures",
        "3 min read",
        "Yes 41 %, no 59 %",
        "Selding 3, Valbruk 2",
        "Brent 81.20 (+1.2 %)",
        "12 killed",
        "Dead: 12",
        "12 cases",
        "Magnitude 6.1",
        "Shares: 12.40",
        "Shares 12.40",
        "Shares 12,4",
        "Share 12 %",
        "Shares +12",
        "$ 12 shares",
        "Nordbank shares 12",
        "Level: 4.2 m",
        "Day 45",
        "3 days left",
        "Closes in 2 hours",
        "Turnout 45 %",
        "90+2'",
        "死亡12人",
        "사망 12명",
        "погибло 12",
        "12 obětí",
        "před 12 lety zemřel",
        "Πριν 12 νεκροί",
        "Acum 12 morți",
        "לפני 12 הרוגים",
        "för 12 döda",
        "Il y a 12 morts",
        "12 Tote vor Lampedusa",
        "Vor 12 Uhr geschlossen",
        "Há 12 mortos",
        "Hace 12 muertos",
        "Olin 4210 votes",
        "CDU: 210 Stimmen",
        "1,200 visitors evacuated",
        "40.000 Zuschauer evakuiert",
        "12 died an hour ago",
        "12 people dead, 3 hours ago",
        "Fire began 2 days ago",
        "1,204 views, 12 dead",
        "3 minutes ago: 12 dead",
        "12 people were killed.",
        "The ferry left 3 minutes ago with all of its passengers, the harbour master said.",
        "The mayor, who left an hour ago, denied it.",
        "The film had 1,204 views before the court took it down on Monday.",
        "",
    ],
)
def test_what_an_editor_wrote_has_none(text: str) -> None:
    assert of(text) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Published 3 May, updated 5 minutes ago", "Published 4 May, updated 5 minutes ago"),
        ("3 May 2026 5 minutes ago", "3 May 2027 5 minutes ago"),
        ("3 May, 10:05, 5 minutes ago", "3 May, 10:06, 5 minutes ago"),
    ],
)
def test_a_date_beside_it_is_never_let_go_on(one: str, other: str) -> None:
    assert None not in {of(one), of(other)}
    assert of(one) != of(other)


def test_headings_quotes_and_rows_are_never_noise() -> None:
    assert of("1,204 views", "heading") is None
    assert of("1,204 views", "quote") is None
    assert of("Channel 4 | 1,204 views", "table-row") is None


@pytest.mark.parametrize(
    "text",
    ["1,204 views", "12 shares", "3 Kommentare", "Number of views (4,099)/Comments (0)",
     "1.2K views | 12 Shares", "Vues : 1 234", "Просмотров: 1234", "閲覧数 1,204", "조회수 1,204",
     "👁 1,204", "阅读量：1234", "5.321 visualizzazioni", "1.204 Aufrufe · 9 Kommentare",
     "Read 5321 times", "Replies: 12"],
)  # fmt: skip
def test_a_line_that_only_counts_what_pages_count_is_a_counter(text: str) -> None:
    assert is_counter(text, WORDS)


@pytest.mark.parametrize(
    "text",
    ["1,200 dead", "12", "views", "3 minutes ago", "Updated 3 minutes ago, 12 comments",
     "Posted 3 May | 12 comments", "12 shares of Nordbank", "Channel 4: 1,204 views",
     "1,204 views.", "12 Tote", "2–1", "Votes: 12", "12 lectures", "Read 12 books",
     "Shot 12 times"],
)  # fmt: skip
def test_what_tells_anything_else_is_none(text: str) -> None:
    assert not is_counter(text, WORDS)


def article(*texts: str, **fields: object) -> Snapshot:
    told = tuple(Paragraph("paragraph", text) for text in texts)
    return replace(Snapshot("River rises", None, None, None, told), **fields)  # type: ignore[arg-type]


OLD = article("1,204 views", "Two roads are shut.", "3 minutes ago")


def test_an_update_line_that_only_counts_is_noise(words: NoiseWords) -> None:
    told = {"notices": (Notice("update", "Updated 3 minutes ago"), Notice("update", "x", 2))}
    went_on = {"notices": (Notice("update", "Updated an hour ago"), Notice("update", "y", 2))}
    at_eight = {"notices": (Notice("update", "Updated at 8:05"), Notice("update", "x", 2))}
    old = article("1,204 views", "Two roads are shut.", "3 minutes ago", **told)
    new = article("1,204 views", "Two roads are shut.", "an hour ago", **went_on)
    other = article("1,204 views", "Two roads are shut.", "an hour ago", **at_eight)
    assert noise_between(old, new, words) == {"#", "updated #"}
    assert noise_between(old, other, words) == frozenset()


def test_a_counter_that_went_on_is_noise(words: NoiseWords) -> None:
    new = article("1,209 views", "Two roads are shut.", "8 minutes ago")
    assert noise_between(OLD, new, words) == {"# views", "#"}


@pytest.mark.parametrize(
    "new",
    [
        OLD,
        article("1,209 views", "Three roads are shut.", "3 minutes ago"),
        article("1,209 views", "Two roads are shut."),
        article("1,209 views", "3 minutes ago", "Two roads are shut."),
        article("1,209 likes", "Two roads are shut.", "3 minutes ago"),
        article("1,209 views", "Two roads are shut.", "3 minutes ago", modified="2026-03-01"),
        article("1,209 views", "Two roads are shut.", "3 minutes ago", headline="River falls"),
        article(
            "1,209 views", "Two roads are shut.", "3 minutes ago", notices=(Notice("update", "x"),)
        ),
    ],
)
def test_noise_beside_anything_else_is_no_excuse(new: Snapshot, words: NoiseWords) -> None:
    assert noise_between(OLD, new, words) == frozenset()


def a_list(*items: str, before: str = "The harbour was full on Monday.") -> Snapshot:
    told = (Paragraph("paragraph", before), *(Paragraph("list-item", item) for item in items))
    return Snapshot("Harbour full", None, None, None, told)


def test_a_counter_in_a_list_of_counters_is_noise() -> None:
    old, new = a_list("1,200 comments", "3 hours ago"), a_list("1,300 comments", "4 hours ago")
    assert noise_between(old, new, WORDS) == {"# comments", "#"}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (
            a_list("1,200 comments", "40 boats", "3 piers"),
            a_list("1,300 comments", "40 boats", "3 piers"),
        ),
        (
            a_list("1,200 comments", before="The council received:"),
            a_list("1,300 comments", before="The council received:"),
        ),
    ],
)
def test_a_fact_in_a_list_is_never_noise_though_it_reads_like_a_counter(
    old: Snapshot, new: Snapshot
) -> None:
    assert not noise_between(old, new, WORDS)
    assert not templates(new, WORDS)
    learned = frozenset({"# comments"})
    assert without_noise(old, new, learned, WORDS, NO_RULES) is old


def test_what_the_rules_keep_overrules_what_was_learned() -> None:
    page = a_list("1,200 comments", "3 hours ago")
    rules = SiteRules("", keep_text=("^[0-9,]+ comments$",))
    assert kept_templates(page, WORDS, rules) == {"# comments"}
    assert kept_templates(page, WORDS, NO_RULES) == frozenset()
