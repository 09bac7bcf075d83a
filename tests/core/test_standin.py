"""What stands in an article's place, by headers, redirects and what the article had before."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from watcher.core.model import Capture, Extraction, Outcome, Paragraph, Snapshot
from watcher.core.standin import challenged, may_name, section_front, stand_in

URL = "https://gazette.example/town/2026/customs-house-to-open"
TEXTS = (
    "The council voted on Tuesday evening to open the old customs house to the public.",
    "Carpenters will begin with the roof, where slates have come down in every storm.",
    "The ground floor is to hold a reading room and a small kitchen for the neighbours.",
    "Money comes from the sale of the slipway and from a foundation without a name.",
    "The first visitors are expected in June, when the scaffolding is to come down.",
)
GATE = "Subscribe to continue reading"


def snapshot(*texts: str, access: str | None = None) -> Snapshot:
    found = tuple(Paragraph("paragraph", text) for text in texts)
    return Snapshot("Customs house to open", None, "2026-11-20", None, found, URL, access=access)


def seen(
    *texts: str, gate: str | None = None, is_lead: bool = False, access: str | None = None
) -> Extraction:
    return Extraction(snapshot(*texts, access=access), None, gate, is_lead)


WHOLE = snapshot(*TEXTS)


@pytest.mark.parametrize(
    "found",
    [
        seen(TEXTS[0], gate=GATE),
        seen(*TEXTS[:2], gate=GATE),
        seen(*TEXTS[:2], GATE, gate=GATE),
        seen(TEXTS[0], TEXTS[1][:40] + "…", gate=GATE),
        seen(TEXTS[0].replace("Tuesday", "Monday"), gate=GATE, is_lead=True),
        seen(TEXTS[0].replace("Tuesday", "Monday"), gate=GATE),
        seen("An entirely new lead that nobody has read before.", gate=GATE, is_lead=True),
        seen(TEXTS[0], access="paywalled"),
        seen(gate=GATE),
    ],
    ids=[
        "the lead", "two paragraphs", "the gate among them", "cut off", "reworded and a lead",
        "reworded", "another lead", "marked as not free", "nothing but a gate",
    ],
)  # fmt: skip
def test_the_beginning_of_a_fuller_version_is_behind_a_paywall(found: Extraction) -> None:
    stands = stand_in(URL, URL, found, WHOLE)
    assert stands is not None
    assert stands[0] is Outcome.PAYWALL
    assert stands[1].startswith("only the beginning is shown")


@pytest.mark.parametrize(
    "found",
    [
        seen(*TEXTS, gate=GATE),
        seen(*TEXTS, gate=GATE, is_lead=True),
        seen(*TEXTS, "And more.", gate=GATE, access="paywalled"),
        seen(*TEXTS[:4], gate=None),
        seen(TEXTS[0]),
        seen(*TEXTS[:3], access="paywalled"),
        seen("Withdrawn: the council never voted.", gate=GATE),
        seen(TEXTS[4], gate=GATE),
    ],
    ids=[
        "all of it", "all of it, though like a lead", "grown", "shortened", "much shortened",
        "shortened and marked", "another text", "its end alone",
    ],
)  # fmt: skip
def test_a_text_that_was_edited_is_news(found: Extraction) -> None:
    assert stand_in(URL, URL, found, WHOLE) is None


def test_a_publisher_that_marks_all_its_articles_may_shorten_one() -> None:
    known = replace(WHOLE, access="paywalled")
    assert stand_in(URL, URL, seen(TEXTS[0], access="paywalled"), known) is None


def test_a_lead_that_was_never_more_is_told_by_the_page_itself() -> None:
    assert stand_in(URL, URL, seen(TEXTS[0], gate=GATE), None) is None
    stands = stand_in(URL, URL, seen(TEXTS[0], gate=GATE, is_lead=True), None)
    assert stands == (Outcome.PAYWALL, f"only the beginning is shown: it says “{GATE}”")


def test_headings_and_captions_are_no_text() -> None:
    padded = (*WHOLE.paragraphs[:1], *(Paragraph("caption", text) for text in TEXTS[1:]))
    found = Extraction(replace(WHOLE, paragraphs=padded), None, GATE)
    assert stand_in(URL, URL, found, WHOLE) is not None


SITE = "https://gazette.example"


@pytest.mark.parametrize(
    ("final", "is_front"),
    [
        ("/town", True),
        ("/town/", True),
        ("/town/index.html", True),
        ("/river-news", True),
        ("/town/2026", False),
        ("/town/2026/customs-house-opens", False),
        ("/customs-house-to-open-in-june", False),
        ("/4711", False),
        ("/town?id=4711", False),
        ("/", False),
        ("/town/2026/customs-house-to-open", False),
        ("/town/2026/customs-house-to-open?utm_source=x", False),
    ],
)
def test_a_section_front_is_known_by_its_address(final: str, is_front: bool) -> None:
    assert section_front(URL, SITE + final) is is_front


def test_a_section_that_is_followed_as_such_is_none() -> None:
    assert not section_front(f"{SITE}/town/live", f"{SITE}/town")


@pytest.mark.parametrize(
    ("published", "headline", "stands"),
    [
        (None, "Town news", Outcome.SOFT_404),
        ("2026-11-20", "Town news", None),
        (None, "Customs house to open", None),
    ],
)
def test_a_redirect_to_a_section_stands_in_unless_the_article_is_there(
    published: str | None, headline: str, stands: Outcome | None
) -> None:
    page = replace(WHOLE, published=published, headline=headline)
    found = stand_in(URL, f"{SITE}/town", Extraction(page, None), WHOLE)
    assert (found and found[0]) is stands


@pytest.mark.parametrize(
    ("asked", "final", "published", "stands"),
    [
        (URL, f"{SITE}/errors/404", None, Outcome.SOFT_404),
        (URL, f"{SITE}/errors/404", "2026-11-20", None),
        (f"{SITE}/film/404", f"{SITE}/film/404", None, None),
        (f"{SITE}/film/404", f"{SITE}/reviews/404", None, None),
    ],
)
def test_a_redirect_to_an_address_for_errors_stands_in(
    asked: str, final: str, published: str | None, stands: Outcome | None
) -> None:
    page = replace(WHOLE, published=published, headline="The Weir Gazette")
    found = stand_in(asked, final, Extraction(page, None, place=Outcome.SOFT_404), WHOLE)
    assert (found and found[0]) is stands


@pytest.mark.parametrize(
    ("headers", "named"),
    [
        ((("cf-mitigated", "challenge"),), True),
        ((("x-amzn-waf-action", "Captcha"),), True),
        ((("cf-mitigated", "none"),), False),
        ((("server", "cloudflare"),), False),
    ],
)
def test_a_header_may_say_that_it_is_a_challenge(
    headers: tuple[tuple[str, str], ...], named: bool
) -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    found = challenged(Capture(at, URL, URL, 403, headers, b""))
    assert (found is not None and found[0] is Outcome.BOT_CHALLENGE) is named


@pytest.mark.parametrize(
    ("status", "kind", "may"),
    [
        (403, Outcome.BOT_CHALLENGE, True),
        (503, Outcome.MAINTENANCE, True),
        (401, Outcome.LOGIN_PAGE, True),
        (202, Outcome.BOT_CHALLENGE, True),
        (203, Outcome.SOFT_404, True),
        (403, Outcome.SOFT_404, False),
        (404, Outcome.PAYWALL, False),
        (410, Outcome.BOT_CHALLENGE, False),
    ],
)
def test_what_a_page_may_add_to_its_status(status: int, kind: Outcome, may: bool) -> None:
    assert may_name(status, kind) is may


OTHER = Snapshot(
    "Unavailable here", None, None, None,
    (Paragraph("paragraph", "This site cannot be shown in the country from which you visit it."),),
    URL,
)  # fmt: skip


def test_a_page_on_which_nothing_of_the_article_is_left_stands_in() -> None:
    instead = stand_in(URL, URL, Extraction(OTHER, None), WHOLE)
    assert instead is not None
    assert instead[0] is Outcome.NOT_ARTICLE
    assert "nothing of the article is left" in instead[1]


@pytest.mark.parametrize(
    "found",
    [
        replace(OTHER, published="2026-11-22"),
        replace(OTHER, headline=WHOLE.headline),
        replace(OTHER, paragraphs=(*OTHER.paragraphs, Paragraph("paragraph", TEXTS[3]))),
        replace(OTHER, paragraphs=OTHER.paragraphs * 4),
    ],
)
def test_a_page_with_its_date_headline_or_text_is_an_edit(found: Snapshot) -> None:
    assert stand_in(URL, URL, Extraction(found, None), WHOLE) is None


def test_an_article_that_never_had_a_date_may_change_altogether() -> None:
    assert stand_in(URL, URL, Extraction(OTHER, None), replace(WHOLE, published=None)) is None
