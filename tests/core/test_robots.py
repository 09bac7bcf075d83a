"""What a robots.txt allows us, how long a copy holds, and what counts while there is none."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.fakes import START
from watcher.core.robots import (
    ASKED_AGAIN_AFTER,
    FRESH_FOR,
    LONGEST_DELAY,
    MOST_BYTES,
    UNREACHABLE_FOR,
    Answered,
    RobotsCopy,
    Rules,
    Unanswered,
    renewed,
    verdict,
)

ORIGIN = "https://news.example"
HOUR = timedelta(hours=1)


def allowed(text: str, path: str) -> bool:
    return Rules(text.encode()).allow(ORIGIN + path)


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        ("", "/a", True),
        ("User-agent: *\nDisallow: /", "/a", False),
        ("User-agent: *\nDisallow:", "/a", True),
        ("User-agent: *\nDisallow: /live", "/live/flood", False),
        ("User-agent: *\nDisallow: /live", "/news/flood", True),
        ("User-agent: *\nDisallow: /\nAllow: /news", "/news/flood", True),
        ("User-agent: *\nDisallow: /*?print=", "/a?print=1", False),
        ("User-agent: *\nDisallow: /*.pdf$", "/a.pdf", False),
        ("User-agent: *\nDisallow: /*.pdf$", "/a.pdf.html", True),
        ("User-agent: storywatcher\nDisallow: /\n\nUser-agent: *\nDisallow:", "/a", False),
        ("User-agent: *\nDisallow: /\n\nUser-agent: StoryWatcher\nAllow: /", "/a", True),
        ("User-agent: otherbot\nDisallow: /", "/a", True),
        ("User-agent: otherbot\nUser-agent: *\nDisallow: /", "/a", False),
        ("User-agent: *\nUser-agent: otherbot\nDisallow: /", "/a", False),
        ("User-agent: otherbot\nDisallow: /\nUser-agent: *\nDisallow: /b", "/a", True),
        ("user agent *\ndisallow /", "/a", False),
        ("\ufeffUser-agent: *\nDisallow: /", "/a", False),
        ("User-agent: * # all\r\nDisallow: / # of it", "/a", False),
        ("User-agent: *\rDisallow: /", "/a", False),
        ("<html><body>Not here: sorry</body></html>", "/a", True),
        ("User-agent: *\nDisallow: /%D0%B2", "/в", False),
    ],
)
def test_rules_are_those_of_our_group(text: str, path: str, expected: bool) -> None:
    assert allowed(text, path) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("User-agent: *\nCrawl-delay: 5", 5.0),
        ("User-agent: *\nCrawl-delay: 0.5", 0.5),
        ("User-agent: *\nCrawl-delay: 86400", LONGEST_DELAY),
        ("User-agent: *\nCrawl-delay: soon", 0.0),
        ("User-agent: *\nCrawl-delay: -3", 0.0),
        ("User-agent: *\nCrawl-delay: inf", 0.0),
        ("User-agent: *\nCrawl-delay: nan", 0.0),
        ("User-agent: otherbot\nCrawl-delay: 9", 0.0),
        ("User-agent: storywatcher\nCrawl-delay: 2\n\nUser-agent: *\nCrawl-delay: 9", 2.0),
    ],
)
def test_a_delay_is_honoured_within_reason(text: str, expected: float) -> None:
    assert Rules(text.encode()).delay == expected


def test_what_stands_beyond_the_bound_is_not_read() -> None:
    head = b"User-agent: *\nDisallow: /a\n"
    text = head + b"#" * (MOST_BYTES - len(head) - 1) + b"\nDisallow: /b\n"
    rules = Rules(text)
    assert not rules.allow(ORIGIN + "/a")
    assert rules.allow(ORIGIN + "/b")


def test_thousands_of_names_above_thousands_of_rules_are_kept_once() -> None:
    names = "".join(f"User-agent: bot{n}\n" for n in range(8000))
    rules = "".join(f"Disallow: /{n}x\n" for n in range(8000))
    parsed = Rules(f"{names}{rules}\nUser-agent: *\nDisallow: /a\n".encode())._parsed
    assert len(parsed._user_agents) == 2
    assert not parsed.can_fetch(ORIGIN + "/a", "storywatcher")


def read(body: bytes = b"User-agent: *\nDisallow: /", **more: str) -> RobotsCopy:
    return renewed(None, ORIGIN, Answered(200, body, **more), START)


def test_a_file_holds_for_a_day() -> None:
    copy = read(etag='"1"')
    assert (copy.check_at, verdict(copy, START)) == (START + FRESH_FOR, "rules")
    again = renewed(copy, ORIGIN, Answered(304), START + FRESH_FOR)
    assert again == replace(copy, check_at=START + 2 * FRESH_FOR, read_at=START + FRESH_FOR)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451, 304, 300])
def test_without_a_file_all_is_allowed(status: int) -> None:
    copy = renewed(None, ORIGIN, Answered(status), START)
    assert (verdict(copy, START), copy.check_at) == ("all", START + FRESH_FOR)


@pytest.mark.parametrize("answer", [Answered(500), Answered(503), Answered(429), Unanswered("x")])
def test_what_cannot_be_read_allows_nothing_at_first(answer: Answered | Unanswered) -> None:
    copy = renewed(None, ORIGIN, answer, START)
    assert verdict(copy, START) == "none"
    assert copy.check_at == START  # whoever comes next asks


def test_the_last_copy_holds_while_the_file_cannot_be_read() -> None:
    copy = renewed(read(), ORIGIN, Answered(503), START + FRESH_FOR)
    assert verdict(copy, START + FRESH_FOR) == "rules"
    assert copy.check_at == START + FRESH_FOR + ASKED_AGAIN_AFTER
    absent = renewed(None, ORIGIN, Answered(404), START)
    assert verdict(renewed(absent, ORIGIN, Unanswered("x"), START + FRESH_FOR), START) == "all"


def test_patience_that_is_asked_for_is_given_up_to_a_day() -> None:
    for asked, wait in ((60.0, ASKED_AGAIN_AFTER), (7200.0, 2 * HOUR), (1e7, FRESH_FOR)):
        copy = renewed(read(), ORIGIN, Unanswered("answered 503", asked), START)
        assert copy.check_at == START + wait


@pytest.mark.parametrize("first", [None, read()])
def test_after_a_month_without_an_answer_a_file_counts_as_absent(first: RobotsCopy | None) -> None:
    copy = renewed(first, ORIGIN, Unanswered("x"), START)
    for day in range(1, 40):
        copy = renewed(copy, ORIGIN, Unanswered("x"), START + timedelta(days=day))
    before = "none" if first is None else "rules"
    assert verdict(copy, START + UNREACHABLE_FOR - HOUR) == before
    assert verdict(copy, START + UNREACHABLE_FOR) == "all"
    back = renewed(copy, ORIGIN, Answered(200, b"User-agent: *\nDisallow: /"), START)
    assert (back.unreachable_since, verdict(back, START + UNREACHABLE_FOR)) == (None, "rules")
