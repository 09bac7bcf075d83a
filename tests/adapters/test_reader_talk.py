"""What a page says to its reader amid the text is no text, in the languages of the news web."""

from __future__ import annotations

import pytest

from tests.adapters.test_article_text import ABOUT, LAST, LEAD, MORE, inside, kinds, page, texts
from watcher.adapters.page.source.readertalk import (
    heads_links,
    is_lead,
    leads_elsewhere,
    speaks_to_reader,
)

TITLE = "The bridge stays shut until Thursday, the port says."


@pytest.mark.parametrize(
    "lead",
    [
        "Read more", "READ ALSO", "Related", "Don’t miss", "Lesen Sie auch", "Mehr zum Thema",
        "Lire aussi", "À lire également", "Lee también", "Te puede interesar", "Leggi anche",
        "Leia também", "Lees ook", "Läs också", "Les også", "Læs også", "Lue myös", "Czytaj też",
        "Читайте также", "Читайте також", "İlgili haber", "اقرأ أيضاً",
        "関連記事", "相关阅读", "관련기사", "यह भी पढ़ें", "Baca juga", "Xem thêm",
    ],
)  # fmt: skip
def test_a_lead_to_another_article_is_left_out_whatever_it_names(lead: str) -> None:
    for text in (
        f"{lead}: {TITLE}",
        f"{lead} : {TITLE}",
        f"► {lead}：{TITLE}",
        f"{lead} | {TITLE}",
    ):
        assert leads_elsewhere(text), text
    assert is_lead(lead)
    assert inside(f"<p>{lead}: {TITLE}</p>") == []
    assert inside(f"<p>{lead}</p><p><a href='/b'>{TITLE}</a></p>") == []


@pytest.mark.parametrize(
    "line",
    [
        "Donate: help us to print this paper with five crowns a month.",
        "Sign up to our evening letter, it costs nothing.",
        "Sign up for the daily briefing newsletter.",
        "Follow us on Facebook and Instagram.",
        "Get the news of the quay in your inbox every morning.",
        "Like this story? Share it with a friend!",
        "Share this article with your neighbours.",
        "4 min read", "Reading time: 4 minutes", "1,234 people are reading this", "Image 1 of 5",
        "Folgen Sie uns auf allen Kanälen.", "Lesezeit: 4 Min.", "Jetzt kostenlos anmelden!",
        "Suivez-nous sur les réseaux.", "Temps de lecture : 4 min", "Partagez cet article",
        "Síguenos en redes.", "4 min de lectura", "Comparte esta noticia con tus amigos.",
        "Seguici sui social.", "Tempo di lettura: 4 minuti", "Siga-nos nas redes.",
        "Tempo de leitura: 4 min", "Volg ons ook elders.", "Leestijd: 4 min", "Följ oss också här.",
        "Lästid: 4 min", "Obserwuj nas w sieci.", "Czas czytania: 4 min.",
        "Подписывайтесь на наш канал.", "Время чтения: 4 минуты", "Bizi takip edin.",
        "Okuma süresi: 4 dk", "تابعونا على الشبكات", "この記事は4分で読めます",
        "关注我们", "구독하기",
    ],
)  # fmt: skip
def test_calls_and_lines_on_the_page_are_left_out(line: str) -> None:
    assert speaks_to_reader(line)
    assert inside(f"<p>{line}</p>") == []


@pytest.mark.parametrize(
    "line",
    [
        "Support our crews, the mayor said.",
        "Sign up to volunteer, the chair urged residents, or the pier is lost for good.",
        "Related costs came to four million crowns, the office said: two for the quay alone.",
        "“Follow us,” the pilot shouted, and the second boat turned.",
        "“Donate now!” stood on the banner.",
        "Share prices of the ferry company fell by a third.",
        "Read my lips: no new bridge, the mayor said.",
        "Four minutes later the second engine failed.",
        "More than 1,200 people were reading on the quay that night.",
        "Photo 4 of the report shows a crack of nine metres.",
        "Mehr Artikel als je zuvor erschienen im Mai.",
        # calls that somebody is said to have made
        "Sign up here, the placard said, and forty did.",
        "Donate today, the aid agency urged as the toll rose to 31.",
        "Follow us, the officer shouted into the stairwell.",
        "Folgen Sie uns, rief der Lotse den Fischern zu.",
        "Suivez-nous, a crié la pilote aux passagers.",
        "Síganos, gritó la bombera.",
        "Wesprzyj nas, prosili rybacy ministra.",
        "Поддержите нас, попросили рыбаки министра.",
        # what somebody does, with the words of a call
        "Jetzt testen die Lotsen das neue Feuer am Kai.",
        "Hier anmelden müssen sich alle, die zurück wollen.",
        "Zum Thema »Deich« sagte die Ministerin nichts.",
        "Sign up for evacuation alerts at the harbour office before noon.",
        "Download the storm app before the tide comes in.",
        "An error occurred when clerks counted the votes in Sund.",
        "Comments are closed on the proposed rule for the locks.",
        "Story continues after the death of its author in a second volume.",
        "Recibe nuestro puerto a miles de personas cada día.",
        "Bizi takip ediyorlardı, iki kişiydiler.",
        "اشترك في العملية عشرات الجنود وثلاث طائرات.",
        "شارك هذا العام آلاف الحجاج في الموكب.",
        "チャンネル登録者数が百万人を超える配信者が逮捕された。",
        "メルマガを使った詐欺が相次いでいる。",
        "구독하기 버튼을 누른 피해자는 삼천 명이다.",
    ],
)
def test_news_that_sounds_like_the_page_is_news(line: str) -> None:
    assert not speaks_to_reader(line)
    assert inside(f"<p>{line}</p>") == [line]


@pytest.mark.parametrize(
    "heading", ["More great Courier stories", "Further reading", "Weitere Artikel", "Read next"]
)
def test_a_list_of_links_under_its_heading_is_left_out_with_it(heading: str) -> None:
    items = "".join(f"<li>How the quay <a href='/{n}'>got its lamp {n}</a></li>" for n in range(3))
    assert heads_links(heading)
    listed = f"<div class='h3'>{heading}</div><ul>{items}</ul>"
    assert inside(listed) == []
    assert inside(f"<h3>{heading}</h3><ul>{items}</ul>") == []
    # an item of its own makes a text of the list
    told = inside(f"<h3>Where it broke</h3><ul>{items}<li>The lock is open.</li></ul>")
    assert told[0] == "Where it broke"
    assert told[-1] == "The lock is open."


@pytest.mark.parametrize(
    "line",
    [
        "Published 18 November 2026",
        "New Sund, Courier Bureau | Updated: 19 November 2026, 09:01",
        "05/10/2026 - Publicado por: Mira Holt - Categoria: Porto",
        "Zuletzt aktualisiert: 3.5.2026",
        "The News Agency Published Monday, November 18, 2026 8:22AM EST", "18 novembre 2026 20:13",
    ],
)  # fmt: skip
def test_a_line_before_the_text_that_says_when_it_appeared_is_none(line: str) -> None:
    whole = page().replace(f"<p>{LEAD}", f"<div>{line}</div><p>{LEAD}")
    assert texts(whole) == [LEAD, MORE, LAST]
    assert texts(whole.replace("div>", "p>")) == [LEAD, MORE, LAST]


def test_an_opening_that_tells_of_a_day_is_text() -> None:
    opening = "The quay was shut on 18 November 2026, at 20:13."
    whole = page().replace(f"<p>{LEAD}", f"<p>{opening}</p><p>{LEAD}")
    assert texts(whole) == [opening, LEAD, MORE, LAST]


def test_a_caption_is_told_once_and_as_one() -> None:
    caption = "The ferry lies at the quay of the old fish market, with its crew on deck."
    shown = f"<figure><img src='/a.jpg'><figcaption>{caption}</figcaption></figure>"
    whole = page(
        shown * 3, before=f"<div class='photo-caption'><p>{caption} It is Monday.</p></div>"
    )
    assert [pair for pair in kinds(whole) if pair[0] == "caption"] == [
        ("caption", f"{caption} It is Monday."),
        ("caption", caption),
    ]


def test_a_second_copy_of_the_text_in_one_line_is_left_out() -> None:
    told = [f"{LEAD} It was the {n}th time in a year, as the crew wrote down." for n in range(9)]
    text = "".join(f"<p>{line}</p>" for line in told)
    copy = f"<div itemprop='articleBody'>{' '.join(told)}</div>"
    whole = f"<html><body><main><h1>Ferry stops</h1><div>{text}</div>{copy}</main></body></html>"
    assert texts(whole) == told


@pytest.mark.parametrize(
    "box",
    [
        "<div><h4>Stay in touch</h4><p>Get our evening letter.</p><a href='/l'>Sign up</a></div>",
        "<div><h4>Support us</h4><p>We keep the lights on.</p><a href='/d'>Jetzt spenden</a></div>",
        "<div><p>Read it on the way</p><p><a href='/d'>Download our app</a></p></div>",
        "<p>Tags: <a href='/a'>Sund</a>, <a href='/b'>Quay</a></p>",
        "<p>Mots-clés : <a href='/a'>Sund</a></p>",
        "<p><strong>Follow our WhatsApp channel for the latest news.</strong></p>",
    ],
)
def test_small_boxes_to_sign_up_by_are_left_out(box: str) -> None:
    long = "".join(f"<p>{LEAD} It was the {n}th time in a year.</p>" for n in range(6))
    assert len(inside(f"{long}{box}")) == 6


def test_a_box_with_the_standfirst_is_none_of_those() -> None:
    lead = f"<div><h1>Ferry stops</h1><p>{ABOUT}</p><a href='/l'>Subscribe</a></div>"
    whole = page().replace("<h1>Ferry stops</h1>", lead)
    assert texts(whole) == [ABOUT, LEAD, MORE, LAST]
