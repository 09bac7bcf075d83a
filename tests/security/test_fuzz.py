"""Whatever stands where a machine or a person writes something: a value, or a fault in words.

Longer runs by hand: python3 dev.py test tests/security/test_fuzz.py --hypothesis-profile=thorough
"""

from __future__ import annotations

import json
import string
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import typer
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from config.load import load
from config.secrets import secret_fault
from storage.archive import Archive
from tests.builders import ArchiveBuilder, snapshot
from tests.fakes import START
from tests.security.payloads import PAYLOADS
from watcher.adapters.net.client import Target
from watcher.adapters.net.decoding import BoundedDecoder
from watcher.adapters.net.retry_after import LONGEST, parse_retry_after
from watcher.adapters.page.gate.fingerprint import text_fingerprint
from watcher.adapters.page.html import extract_snapshot
from watcher.adapters.page.linked.jsonld import linked_articles
from watcher.adapters.page.linked.jsonrepair import parse_json_ld
from watcher.adapters.page.metadata.byline import names_of
from watcher.adapters.page.metadata.language_tag import language_tag
from watcher.adapters.page.source.charset import decode_html
from watcher.adapters.page.times.isotime import iso_time
from watcher.adapters.page.times.written_time import written_time
from watcher.cli.failures import NO
from watcher.cli.review import chosen_pair, split_version
from watcher.core.compare import compare
from watcher.core.model import Outcome, Snapshot
from watcher.core.seed import parse_story
from watcher.core.text import as_shown, clean, printable
from watcher.core.urls import LONGEST_URL, host_of, url_fault, url_key
from watcher.errors import ConfigError, ExtractionFailed, FetchFailed, NotAnArticle, UsageError

LIMIT = 20_000

# Any text at all, what the corpus holds, and pieces of it put together.
texts = (
    st.text(max_size=200)
    | st.text(
        st.characters(codec=None, categories=("Cs", "Cc", "Cf", "Nd", "No", "Zs")), max_size=40
    )
    | st.sampled_from([text[:500] for text in PAYLOADS.values()])
)
PIECES = [
    "<p>", "</p>", "<div>", "</div>", "<article>", "<h1>", "<br>", "<b>", "<table><tr><td>", "<li>",
    "<script type=application/ld+json>", "</script>", "<!--", "-->", "<title>", "<time datetime=",
    "<meta property=og:title content=", "<meta charset=", "<link rel=canonical href=",
    "<html lang=", "<body>", "<svg>", "<template>", "<frameset>", "<plaintext>", "<select>",
    "<![CDATA[", "<?xml",
    "&lt;", "&#0;", "&#xD800;", "&e;", "'", '"', ">", "/>", "=", "\0", "\r", "\f", "\ufeff",
    "Correction: ", "Updated 10:00", "By Ann Bee", "River rises overnight, the council said. ",
    '{"@type":"NewsArticle","headline":"x"}', '{"@graph":[', "]}", "\\u0000", "\\ud800", "1e999",
]  # fmt: skip
markup = st.lists(st.sampled_from(PIECES) | st.text(max_size=8), max_size=40).map("".join)
labels = st.sampled_from([None, "", "text/html", "text/html; charset=utf-16", "text/plain"]) | texts
bodies = st.binary(max_size=300) | st.builds(
    lambda text, code: text.encode(code, "surrogatepass" if code[:3] == "utf" else "replace"),
    markup,
    st.sampled_from(["utf-8", "utf-16", "utf-16-be", "utf-32", "utf-7", "cp1252", "iso2022_jp"]),
)


def told_well(error: Exception, *outcomes: Outcome) -> None:
    """A fault says something, and is one of the outcomes it may be."""
    assert printable(str(error)).strip()
    assert not outcomes or getattr(error, "outcome", None) in outcomes


@given(st.lists(st.sampled_from(["gzip", "br", "zstd", "deflate", "identity", "x"]), max_size=4),
       st.lists(st.binary(max_size=100), max_size=8))  # fmt: skip
def test_decoders(encodings: list[str], chunks: list[bytes]) -> None:
    try:
        decoder = BoundedDecoder(",".join(encodings), LIMIT)
        for chunk in chunks:
            decoder.feed(chunk)
        assert len(decoder.finish()) <= LIMIT
    except FetchFailed as error:
        told_well(error, Outcome.BAD_RESPONSE, Outcome.TOO_LARGE)


@given(bodies, labels)
def test_character_sets(body: bytes, label: str | None) -> None:
    assert len(decode_html(body, label)) <= 2 * len(body) + 2


@given(bodies, labels)
@settings(suppress_health_check=[HealthCheck.too_slow])
@example(b"<html><body><table><tr><td><p>x</table><p>y", None)
@example("<p>\ud800".encode("utf-8", "surrogatepass"), "text/html")
@example(b"\xfe\xff\x00<\xd8\x00\x00p\x00>", None)
def test_pages(body: bytes, label: str | None) -> None:
    text_fingerprint(body, label)
    try:
        found = extract_snapshot(body, "https://news.example/a", label).snapshot
    except (NotAnArticle, ExtractionFailed) as error:
        told_well(error)
        return
    assert isinstance(found, Snapshot)
    for text in (found.headline, *(paragraph.text for paragraph in found.paragraphs)):
        assert text == as_shown(text)
    assert compare(found, found).summary["replace"] == 0


@given(markup | texts)
@example("[" * 10_000)
@example('{"a":' * 10_000)
@example("9" * 5_000)
@example('{"@graph":{"@graph":{"@type":["NewsArticle"],"headline":["x"]}}}')
@example('{"@type":"NewsArticle","headline":1e999,"author":[[[{"name":NaN}]]]}')
def test_linked_data(script: str) -> None:
    list(parse_json_ld(script))
    for article in linked_articles([script]):
        assert all(isinstance(text, str) for text in article.texts())


dates = st.text("0123456789-:+TZ. /,", max_size=30) | st.datetimes().map(str) | texts
READERS: dict[str, Callable[[str], Any]] = {
    "ISO times": iso_time,
    "written times": written_time,
    "written times, German": lambda text: written_time(text, "de"),
    "languages": language_tag,
    "bylines": lambda text: names_of([text]),
    "retry-after": lambda text: parse_retry_after(text, START),
    "secrets": secret_fault,
    "version ranges": split_version,
    "cleaned": clean,
    "printed": printable,
}


@pytest.mark.parametrize("name", READERS)
@given(text=dates)
@example(text="9" * 5000)
@example(text="0001-01-01T00:00:00+23:59")
@example(text="9999-12-31T23:59:59-23:59")
@example(text="Fri, 31 Dec 9999 23:59:59 -2359")
@example(text="Mon, 00 Jan 0000 00:00:00 GMT")
@example(text="٣٠")
@example(text="1²")
def test_readers_of_single_texts(name: str, text: str) -> None:
    found = READERS[name](text)
    if name == "retry-after":
        assert found is None or 0 <= found <= LONGEST
    if name in ("ISO times", "written times") and found is not None:
        assert datetime.fromisoformat(found)


urls = texts | st.builds("http{}://{}{}".format, st.sampled_from(["", "s"]), texts, texts)


@given(urls)
@example("http://[::1%25lo]/")
@example("http://a" + ".b" * 5000)
@example("http://xn--/")
@example("http://\u2488.example/")
@example("https://a.example/" + "%" * 3000)
@example("https://a.example/?" + "&;" * 1500)
def test_addresses(url: str) -> None:
    fault = url_fault(url)
    if fault is not None:
        assert fault.isprintable()
        return
    assert len(url) <= LONGEST_URL
    assert host_of(url).isascii()
    key = url_key(url)
    assert len(key) > LONGEST_URL or url_key(key) == key  # escapes may make it longer


@given(urls)
@example("/" + "x" * 5000)
@example("/a\\b")
@example("\\\\a.example\\b")
@example("http://a_b.example/")
@example("http://-a.example/")
@example("http://a..example/")
@example("//a.example:/")
@example("?\u202e")
def test_where_redirects_lead(location: str) -> None:
    try:
        there = Target.parse("http://news.example/story").join(location)
    except FetchFailed as error:
        told_well(error, Outcome.BAD_RESPONSE, Outcome.FORBIDDEN_ADDRESS)
        return
    assert url_key(there.text)
    assert there.url.scheme in ("http", "https")


KEYS = ["database", "polling", "http", "story", "webhook", "name", "url", "urls", "secret",
        "events", "interval", "timeout", "max_body", "allow_networks", "contact", "site",
        "x"]  # fmt: skip
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts | dates,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner),
    max_leaves=8,
)


def toml(value: Any) -> str:
    """A value as TOML has it; what TOML has not becomes a text."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {toml(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    if isinstance(value, int | float):
        return str(value)
    return json.dumps(str(value))


lines = st.lists(
    st.sampled_from(["[http]", "[polling]", "[[story]]", "[[webhook]]", "[[site]]", "[a.b]", "#"])
    | st.builds(lambda key, value: f"{key} = {toml(value)}", st.sampled_from(KEYS), values)
    | texts,
    max_size=12,
).map("\n".join)


@given(lines.map(lambda text: text.encode("utf-8", "surrogatepass")) | st.binary(max_size=200))
@example(b"a = " + b"[" * 2_000)
@example(b"a = " + b"{a = " * 2_000)
@example(b".".join([b"a"] * 2_000) + b" = 1")
@example(b"a = 0x" + b"f" * 9_000)
@example(b"a = " + b"1" * 9_000)
@example(b"database = '\\u0000'")
@example(b"[http]\ntimeout = '999999999999d'")
@example(b"[http]\nallow_networks = ['::/0', '0.0.0.0/33', 7]")
def test_configurations(content: bytes) -> None:
    path = Path(tempfile.gettempdir()) / "fuzzed" / "watcher.toml"  # never written
    try:
        load(path, {}, need_secrets=False, instead={path: content})
    except ConfigError as error:
        told_well(error)


@given(lines)
@example('name = "x"\n' + "[[step]]\n" * 100)
@example("starts = 0001-01-01T00:00:00+23:59")
def test_stories(text: str) -> None:
    try:
        parse_story(text)
    except UsageError as error:
        told_well(error)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Any:
    path = tmp_path_factory.mktemp("fuzz") / "stories.db"
    with ArchiveBuilder(path) as builder:
        for text in ("one", "two", "three"):
            builder.sees(snapshot("River rises", f"A paragraph that says {text}."))
            builder.wait(60)
    with Archive(path) as opened:
        yield opened


wanted = (
    texts
    | dates
    | st.text(string.digits + ".@-+_ ", max_size=30)
    | st.builds("{}..{}".format, dates, dates)
    | st.integers().map(str)
)


@given(text=wanted)
@example(text="9" * 5000)
@example(text="1")
@example(text="1" + "0" * 30)
@example(text="²")
@example(text="٣")
@example(text="1_0")
@example(text="..")
@example(text="1..2..3")
@example(text="0001-01-01T00:00+23:59")
@example(text="9999-12-31T23:59:59-23:59")
@example(text="\ud800")
@example(text="\0")
def test_articles_and_versions_that_people_name(archive: Archive, text: str) -> None:
    for ask in (
        lambda: archive.article(text),
        lambda: archive.version(1, text),
        lambda: chosen_pair(archive, 1, text),
        lambda: archive.article(split_version(text)[0]),
    ):
        try:
            ask()
        except UsageError as error:
            told_well(error)
        except typer.Exit as answer:
            # The first version has nothing before it: an answer, told by itself.
            if answer.exit_code != NO:
                raise
