"""Whatever a page says, each rendering of it is text: no markup, no sequence, no line."""

from __future__ import annotations

import dataclasses
import io
import json
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from tests.command import dangerous
from tests.fakes import FakeClock
from tests.render.views import START
from tests.security.payloads import PAYLOADS
from watcher.adapters.logs import json_log
from watcher.cli.output import json_text
from watcher.core.compare import compare
from watcher.core.model import Notice, Paragraph, Snapshot
from watcher.core.text import printable
from watcher.render.columns import to_columns
from watcher.render.html import to_html
from watcher.render.jsonform import to_json
from watcher.render.patch import patch_text, to_patch
from watcher.render.terminal import to_terminal
from watcher.render.version import version_text
from watcher.render.view import DiffView, Side

each = pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS.keys())

# All that the HTML rendering may consist of.
ELEMENTS = {
    "html", "head", "meta", "title", "style", "body", "header", "h1", "p", "a", "dl", "dt", "dd",
    "nav", "details", "summary", "ol", "li", "main", "article", "h2", "span", "mark", "ins", "del",
    "br", "time",
}  # fmt: skip
ATTRIBUTES = {
    "a": {"href", "rel"}, "article": {"class", "id"}, "body": {"id"}, "details": {"open"},
    "html": {"lang"}, "main": {"id"}, "meta": {"charset", "content", "http-equiv", "name"},
    "nav": {"aria-label"}, "p": {"class"}, "span": {"aria-hidden"}, "time": {"datetime"},
}  # fmt: skip
EVERYWHERE = {"dir", "lang"}


def said(payload: str, mark: str) -> Snapshot:
    """A snapshot that says the payload in every field, on both sides of a change or one."""
    return Snapshot(
        headline=f"{payload} {mark}",
        byline=payload + mark,
        published=payload,
        modified=mark + payload,
        paragraphs=(
            Paragraph("paragraph", f"Stays as it is: {payload}"),
            Paragraph("heading", payload),
            Paragraph("paragraph", f"A sentence that changed in one word, {mark}, with {payload}."),
            Paragraph("quote", f"{mark}{payload}"),
            Paragraph("live-post", payload + mark),
        ),
        url=payload,
        publisher=payload + mark,
        section=payload,
        language=payload,
        canonical=payload + mark,
        access=payload,
        notices=(
            Notice("correction", f"Correction: {mark} {payload}", None),
            Notice("update", payload, 2),
        ),
    )


def view(payload: str, url: str | None = None) -> DiffView:
    old, new = said(payload, "Monday"), said(payload, "Friday")
    return DiffView(
        title=payload,
        url=payload if url is None else url,
        before=Side(old, 1, START, START),
        after=Side(new, 2, START + timedelta(hours=1), START + timedelta(hours=2)),
        change=compare(old, new),
        article_id=1,
        story=payload,
    )


@each
@pytest.mark.parametrize("width", [24, 100])
def test_a_terminal_gets_nothing_to_obey(payload: str, width: int) -> None:
    payload = payload[:3_000]  # wrapping goes letter by letter: more lines show nothing more
    for render in (to_terminal, to_columns):
        text = render(view(payload), width, colour=False)
        assert dangerous(text) == []
        coloured = render(view(payload), width, colour=True)
        # only our own colours, each ended before its line does
        for line in coloured.split("\n"):
            pieces = line.split("\x1b[")
            assert all(piece.partition("m")[0].strip("0123456789;") == "" for piece in pieces[1:])
            assert len(pieces) % 2
        assert dangerous(coloured.replace("\x1b", "")) == []
    assert dangerous(version_text(said(payload, "Monday"), width, colour=False)) == []


@each
def test_html_has_no_element_and_no_attribute_of_the_pages(payload: str) -> None:
    source = to_html(view(payload))
    page = LexborHTMLParser(source)
    nodes = [node for node in page.css("*") if isinstance(node, LexborNode)]
    assert {node.tag for node in nodes} <= ELEMENTS
    for node in nodes:
        known = ATTRIBUTES.get(str(node.tag), set()) | EVERYWHERE
        assert set(node.attributes) <= known, (node.tag, node.attributes)
    counts = {tag: len(page.css(tag)) for tag in ("html", "head", "title", "style", "meta", "h1")}
    assert counts == {"html": 1, "head": 1, "title": 1, "style": 1, "meta": 5, "h1": 1}
    places = {str(node.attributes["href"]) for node in page.css("a")}
    assert all(place.startswith(("#change-", "#top", "http://", "https://")) for place in places)
    body = page.css_first("main")
    assert body is not None
    shown = " ".join(printable(payload).replace("\0", "\ufffd").split())
    assert shown in " ".join(body.text(deep=True).split())


@each
def test_the_policy_stands_before_all_that_it_is_for(payload: str) -> None:
    source = to_html(view(payload))
    head = LexborHTMLParser(source).css_first("head")
    assert head is not None
    first, second, *_ = [node for node in head.iter() if node.tag != "-text"]
    assert first.attributes == {"charset": "utf-8"}
    assert second.attributes["http-equiv"] == "Content-Security-Policy"
    policy = str(second.attributes["content"])
    assert policy.startswith("default-src 'none'; base-uri 'none'; form-action 'none'; style-src '")
    assert "unsafe" not in policy
    # controls, and characters that order text anew, are in no place of the file
    assert dangerous(source) == []


@each
def test_only_addresses_of_the_web_are_links(payload: str) -> None:
    for url in (payload, f"https://news.example/{payload}", f"HTTPS://{payload}", f" {payload}"):
        page = LexborHTMLParser(to_html(view(payload, url)))
        for node in page.css("a:not([href^='#'])"):
            assert str(node.attributes["href"]).strip().lower().startswith(("http://", "https://"))
            assert node.attributes["rel"] == "noreferrer noopener"


@each
def test_json_says_the_same_again_and_stays_quiet(payload: str) -> None:
    text = json_text(to_json(view(payload)))
    assert dangerous(text) == []
    back = json.loads(text)
    assert back["article"]["story"] == payload
    assert back["edits"][0]["words"] == [[0, f"Stays as it is: {payload}"]]


@each
def test_a_patch_touches_one_file(payload: str, tmp_path: Path) -> None:
    shown = view(payload)
    patch = to_patch(shown)
    assert dangerous(patch) == []
    lines = patch.split("\n")
    names = [n for n, line in enumerate(lines) if line.startswith("--- a/article-1.txt")]
    assert len(names) == 1
    assert lines[names[0] + 1] == "+++ b/article-1.txt"
    assert all(line.startswith("# paragraph ") for line in lines[: names[0]])
    git = shutil.which("git")
    assert git is not None
    target = tmp_path / "article-1.txt"
    target.write_text(patch_text(shown.before.snapshot), encoding="utf-8", newline="")
    apply = [git, "apply", "--whitespace=nowarn", "-"]
    subprocess.run(apply, cwd=tmp_path, input=patch.encode(), check=True, capture_output=True)
    assert [path.name for path in tmp_path.iterdir()] == ["article-1.txt"]
    assert target.read_text(encoding="utf-8") == patch_text(shown.after.snapshot)


@each
def test_a_log_line_stays_one_line(payload: str) -> None:
    stream = io.StringIO()
    log = json_log(stream, FakeClock())
    log.warning("polled", url=payload, detail=payload, **{"event_id": payload})
    try:
        raise ValueError(payload)
    except ValueError as error:
        log.error("poll-crashed", reason=repr(error), exc_info=True)
    text = stream.getvalue()
    assert text.isascii()
    assert all(char.isprintable() or char == "\n" for char in text)
    first, second = (json.loads(line) for line in text.splitlines())
    assert (first["detail"], first["event"]) == (payload, "polled")
    assert second["event"] == "poll-crashed"


def test_the_corpus_can_hurt() -> None:
    """Where nothing is done about it, the corpus is what it says it is."""
    everything = "".join(PAYLOADS.values())
    assert dangerous(everything)
    page = LexborHTMLParser(f"<body>{everything}")
    found = {str(node.tag) for node in page.css("*") if isinstance(node, LexborNode)}
    assert {"script", "iframe", "form", "base", "svg"} <= found
    assert dataclasses.asdict(said(everything, "x"))["headline"].splitlines()[1:]
