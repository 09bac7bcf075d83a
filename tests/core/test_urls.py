"""When two URLs are one article."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from watcher.core.urls import host_of, likely_same, url_fault, url_key

BASE = "https://news.example/a/story?id=7&lang=en"


@pytest.mark.parametrize(
    "other",
    [
        "http://news.example/a/story?id=7&lang=en",
        "HTTPS://News.Example/a/story?id=7&lang=en",
        "https://news.example:443/a/story?id=7&lang=en",
        "http://news.example:80/a/story?id=7&lang=en",
        "https://news.example./a/story?id=7&lang=en",
        "https://news.example/a/story/?id=7&lang=en",
        "https://news.example/a/story?lang=en&id=7",
        "https://news.example/a/story?id=7&lang=en#comments",
        "https://news.example/a/story?utm_source=x&id=7&UTM_Medium=y&lang=en&fbclid=1",
        "https://news.example/a/story?id=7&lang=en&gclid=abc&mc_cid=1&igshid=2",
        "https://news.example/a/b/../story?id=7&lang=en",
        "https://news.example/a/stor%79?id=7&lang=en",
        "https://news.example/a/story?id=7&lang=en&",
        "https://www.news.example/a/story?id=7&lang=en",
        "https://m.news.example/a/story?id=7&lang=en",
        "https://www.m.news.example/a/story?id=7&lang=en",
        "https://mobile.news.example/a/story?id=7&lang=en",
        "https://amp.news.example/a/story?id=7&lang=en",
        "https://news.example/amp/a/story?id=7&lang=en",
        "https://news.example/a/story/amp?id=7&lang=en",
        "https://news.example/a/story/amp/?id=7&lang=en",
        "https://news.example/a/story.amp?id=7&lang=en",
        "https://news.example/a/story?id=7&lang=en&amp",
        "https://news.example/a/story?id=7&lang=en&amp=1",
        "https://news.example/a/story?id=7&lang=en&outputType=amp",
        "https://news-example.cdn.ampproject.org/c/s/news.example/a/story?id=7&lang=en",
        "https://news-example.cdn.ampproject.org/v/s/amp.news.example/amp/a/story?id=7&lang=en",
    ],
)
def test_one_article(other: str) -> None:
    assert url_key(other) == url_key(BASE)


@pytest.mark.parametrize(
    "other",
    [
        "https://live.news.example/a/story?id=7&lang=en",
        "https://news.example/a/amp-story?id=7&lang=en",
        "https://news.example/a/story/amp/b?id=7&lang=en",
        "https://news.example/a/story?id=7&lang=en&outputType=print",
        "https://news.example:8443/a/story?id=7&lang=en",
        "https://news.example/a/Story?id=7&lang=en",
        "https://news.example/a/story?id=8&lang=en",
        "https://news.example/a/story?id=7",
        "https://news.example/a/story",
        "https://news.example/a%2Fstory?id=7&lang=en",
        "https://news.example/a/story?id=7&lang=en&fbclidx=1",
    ],
)
def test_two_articles(other: str) -> None:
    assert url_key(other) != url_key(BASE)


@pytest.mark.parametrize(
    "url",
    [
        "https://m.example/a",
        "https://www.example/a",
        "https://amp.example/amp",
        "https://127.0.0.1/amp",
        "https://news.example/amp",
        "https://x.cdn.ampproject.org/c/s/%00/a",
        "https://x.cdn.ampproject.org/c/s/y.cdn.ampproject.org/c/s/z.example/a",
    ],
)
def test_nothing_is_taken_off_that_a_url_needs(url: str) -> None:
    key = url_key(url)
    assert url_fault(key) is None
    assert url_key(key) == key
    assert host_of(key) == host_of(url)


@pytest.mark.parametrize(
    ("other", "same"),
    [
        ("https://www.news.example/world/river-rises-again", True),
        ("https://news.example/amp/river-rises-again", True),
        ("https://news.example/world/2026/other-words-12345.html", True),
        ("https://news.example/world", False),
        ("https://news.example/", False),
        ("https://paper.example/world/river-rises-again", False),
        ("nonsense", False),
    ],
)
def test_whether_an_address_may_be_the_articles_own(other: str, same: bool) -> None:
    first = "https://news.example/world/12345/river-rises-again"
    assert likely_same(first, other) is same


def test_the_form_of_a_key() -> None:
    assert url_key("http://news.example") == "https://news.example/"
    assert url_key("http://[::0:1]:80/x/") == "https://[::1]/x"
    assert url_key("http://news.example/größe") == "https://news.example/gr%C3%B6%C3%9Fe"


def test_international_hosts_are_compared_in_ascii() -> None:
    assert host_of("https://BÜCHER.example/x") == "xn--bcher-kva.example"
    assert url_key("https://bücher.example/x") == url_key("https://xn--bcher-kva.example/x")


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://News.Example:8443/x", "news.example"),
        ("http://127.0.0.1:5000/", "127.0.0.1"),
        ("http://[2001:DB8::0:1]/", "2001:db8::1"),
        ("http://news.example./", "news.example"),
    ],
)
def test_host(url: str, host: str) -> None:
    assert host_of(url) == host


def test_no_host() -> None:
    with pytest.raises(ValueError, match="no host"):
        host_of("/only/a/path")


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        ("", "is empty"),
        ("https://news.example/" + "x" * 4096, "longer than"),
        ("ftp://news.example/", "must start with http://"),
        ("news.example/a", "must start with http://"),
        ("https:///a", "has no host"),
        ("https://user:hunter2@news.example/", "user name or password"),
        ("https://@news.example/", "user name or password"),
        ("https://news.example/a b", "a space"),
        ("https://news.example/a\n", "a space"),
        ("https://news.example/a\x1b[0m", "control character"),
        ("https://news.example/\u202egpj", "invisible"),
        ("https://news.example\\@evil.example/", "backslash"),
        ("https://news.example:0/", "port"),
        ("https://news.example:99999/", "port"),
        ("https://news.example:abc/", "port"),
        ("https://[::1/", "cannot be read"),
        ("https://[zz::1]/", "host"),
        ("https://[fe80::1%25eth0]/", "not a valid name"),
        ("https://a..b/", "not a valid name"),
        ("https://-a.example/", "not a valid name"),
        ("https://a%2eb/", "not a valid name"),
        ("https://" + "a" * 64 + ".example/", "not a valid name"),
    ],
)
def test_faults(url: str, fault: str) -> None:
    found = url_fault(url)
    assert found is not None
    assert fault in found
    assert "hunter2" not in found
    with pytest.raises(ValueError, match="the URL"):
        url_key(url)


_PIECES = st.sampled_from(
    [
        "/",
        ".",
        "..",
        "%",
        "%2",
        "%2F",
        "%2e",
        "%25",
        ";",
        "?",
        "&",
        "=",
        "#",
        "a",
        "B",
        "é",
        "+",
        "utm_x=1",
        ":",
        "[",
        "]",
        "~",
        "|",
        "'",
        "%E9",
        "//",
        "fbclid=",
        "中",
    ]
)
_URLS = st.builds(
    "{}://{}{}/{}".format,
    st.sampled_from(["http", "https", "HTTP"]),
    st.sampled_from(["a.example", "A.example.", "bücher.example", "[::1]", "127.0.0.1", "faß.de"]),
    st.sampled_from(["", ":80", ":443", ":8080", ":"]),
    st.lists(_PIECES, max_size=12).map("".join),
)


@given(_URLS)
@settings(max_examples=100)
@example("https://a.example/%252e%252e/x")
@example("https://a.example/a/;/")
def test_a_key_is_its_own_key(url: str) -> None:
    if url_fault(url) is None:
        key = url_key(url)
        assert url_fault(key) is None
        assert url_key(key) == key
        assert host_of(key) in host_of(url)


@given(st.one_of(st.text(), st.text().map("https://".__add__), st.text().map("http://[".__add__)))
def test_every_text_is_judged(url: str) -> None:
    if url_fault(url) is None:
        assert url_key(url_key(url)) == url_key(url)
    else:
        with pytest.raises(ValueError, match="the URL"):
            url_key(url)
