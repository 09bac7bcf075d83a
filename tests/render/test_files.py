"""HTML, patch and JSON: safe, accepted by the tools they are for, and to the contract."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.render.views import NEW, OLD, full_view, hostile_view, snapshot, view_of
from watcher.core.model import Link, Paragraph
from watcher.render.html import to_html
from watcher.render.jsonform import to_json
from watcher.render.patch import patch_text, to_patch
from watcher.render.terminal import to_terminal
from watcher.render.view import DiffView, Side

VOID = {"meta", "br"}


class Outline(HTMLParser):
    """The elements of a document, checked to be nested properly."""

    def __init__(self, document: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {}
        self.feed(document)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open:
            self.texts.setdefault(self.open[-1], []).append(data)


def test_html_is_whole_semantic_and_needs_nothing_else() -> None:
    page = to_html(full_view())
    outline = Outline(page)
    assert outline.open == []
    assert "Saturday" in outline.texts["ins"]
    assert "Friday" in outline.texts["del"]
    assert outline.texts["mark"] == ["paragraph 5: moved down, was paragraph 3, edited"]
    assert outline.texts["summary"] == [
        "7 changes in the text", "2 paragraphs unchanged", "1 paragraph unchanged",
    ]  # fmt: skip
    assert not {"script", "img", "link", "iframe"} & {tag for tag, _ in outline.seen}
    assert "news.example: " in outline.texts["p"]
    assert "version 3 to 4, changed after 2026-05-01 09:00:00 UTC" in page


TITLES = [
    "paragraph 1 added",
    "paragraph 2: edited",
    "paragraph 5 removed",
    "paragraph 5: moved down, was paragraph 3, edited",
    "paragraph 6: edited",
    "paragraph 7 split into 7 and 8",
    "paragraphs 8 and 9 merged into 9",
]


def test_html_names_every_change_in_a_heading_and_leads_to_it() -> None:
    page = to_html(full_view())
    outline = Outline(page)
    headings = re.findall(r"<h2><span[^>]*>.*?</span> (.*?)</h2>", page)
    assert [re.sub("<.*?>", "", heading) for heading in headings] == TITLES
    assert re.findall(r'<li><a href="#change-(\d)">(.*?)</a>', page) == [
        (str(number), title) for number, title in enumerate(TITLES, 1)
    ]
    ids = [attrs["id"] for tag, attrs in outline.seen if tag == "article"]
    assert ids == [f"change-{number}" for number in range(1, 8)]
    inner = {attrs["href"] for tag, attrs in outline.seen if tag == "a"}
    assert {f"#{name}" for name in ids} < inner
    assert page.count(">next change</a>") == 6
    assert page.count('<a href="#top">back to the top</a>') == 1
    assert 'id="top"' in page
    assert "stays here. <ins>¶</ins><br>The second half" in page
    assert "pier. <del>¶ </del>Trams" in page


def test_html_has_few_landmarks_however_much_changed() -> None:
    texts = [f"Report {n}: the river rose by {n} metres." for n in range(40)]
    later = [text.replace("metres", "feet") for text in texts]
    outline = Outline(to_html(view_of(snapshot(texts), snapshot(later))))
    tags = [tag for tag, _ in outline.seen]
    assert [tags.count(tag) for tag in ("header", "nav", "main", "section", "aside")] == [
        1, 1, 1, 0, 0,
    ]  # fmt: skip
    assert not any("aria-label" in attrs for tag, attrs in outline.seen if tag == "article")
    assert tags.count("h2") == 40
    # so many links would hide the changes: they are there, but folded
    assert {"open": None} not in [attrs for tag, attrs in outline.seen if tag == "details"]
    few = Outline(to_html(full_view()))
    assert {"open": None} in [attrs for tag, attrs in few.seen if tag == "details"]


def test_html_of_one_change_has_no_list_of_them() -> None:
    page = to_html(view_of(snapshot(["He came on Monday."]), snapshot(["He came on Friday."])))
    assert "<nav" not in page
    assert "next change" not in page


def test_html_names_publisher_story_times_and_language() -> None:
    new = replace(snapshot(NEW), publisher="Valley <Post>", language="de-AT")
    view = view_of(snapshot(OLD), new)
    page = to_html(view)
    assert '<p class="about" dir="auto">Valley &lt;Post&gt;: <a href="https://news.' in page
    assert '<p class="about">story harbour</p>' in page
    assert (
        'version 3: seen from <time datetime="2026-05-01T08:00:00.000Z">2026-05-01 08:00:00 UTC'
        '</time> until <time datetime="2026-05-01T09:00:00.000Z">' in page
    )
    assert page.count('<p dir="auto" lang="de-AT">') == len(view.change.edits)
    bare = DiffView("", "", Side(view.before.snapshot), Side(new), view.change)
    assert '<p class="about" dir="auto">Valley &lt;Post&gt;</p>' in to_html(bare)
    odd = replace(new, language='de" onclick="x')
    assert Outline(to_html(view_of(snapshot(OLD), odd))).open == []
    assert 'onclick="' not in to_html(view_of(snapshot(OLD), odd))


def test_html_tells_byline_and_times_that_stayed_once() -> None:
    old = snapshot(OLD, byline="A. Writer <b>", published="2026-05-01T07:00:00Z")
    page = to_html(view_of(old, snapshot(NEW, byline="B.", published="2026-05-01T07:00:00Z")))
    assert page.count("2026-05-01T07:00:00Z") == 1
    assert "<dt>byline</dt>" in page
    assert "byline A. Writer &lt;b&gt;; published" in to_html(view_of(old, old))


def test_the_policy_of_the_html_names_its_style_and_nothing_else() -> None:
    page = to_html(full_view())
    [style] = re.findall("<style>(.*?)</style>", page, re.DOTALL)
    digest = b64encode(sha256(style.encode()).digest()).decode()
    [policy] = re.findall('Content-Security-Policy" content="([^"]*)"', page)
    assert policy == (
        f"default-src 'none'; base-uri 'none'; form-action 'none'; style-src 'sha256-{digest}'"
    )
    assert "prefers-color-scheme: dark" in style
    assert "@media print" in style


def test_html_is_safe_whatever_the_page_said() -> None:
    page = to_html(hostile_view())
    outline = Outline(page)
    assert outline.open == []
    assert {tag for tag, _ in outline.seen}.isdisjoint({"script", "b", "a"})
    assert not any(name.startswith("on") for _, attrs in outline.seen for name in attrs)
    assert not any(character in page for character in "\x1b\x07\u202e")


def test_json_is_the_contract() -> None:
    data = json.loads(json.dumps(to_json(full_view())))
    assert list(data) == [
        "article", "from", "to", "window", "headline", "metadata", "notices", "kinds",
        "edits", "summary", "weight", "score", "sentence", "findings", "coverage",
    ]  # fmt: skip
    assert data["article"] == {
        "id": 7,
        "url": "https://news.example/bridge?a=1&b=2",
        "story": "harbour",
    }
    assert data["from"] == {
        "version": 3,
        "seen_from": "2026-05-01T08:00:00.000Z",
        "seen_until": "2026-05-01T09:00:00.000Z",
    }
    assert data["window"] == {
        "after": "2026-05-01T09:00:00.000Z", "before": "2026-05-01T10:00:00.000Z",
    }  # fmt: skip
    assert data["headline"] == ["Bridge closed", "Ferry sinks"]
    assert data["metadata"] == {"modified": ["2026-05-01T08:00:00Z", "2026-05-01T10:00:00Z"]}
    assert data["edits"][1] == {
        "op": "replace", "old": [0], "new": [1], "moved": False, "typographic": False,
        "similarity": 0.7879,
        "words": [[0, "The bridge was closed on "], [-1, "Friday"], [1, "Saturday"], [0, "."]],
    }  # fmt: skip
    assert data["summary"] == {
        "equal": 3, "insert": 1, "delete": 1, "replace": 3, "split": 1, "merge": 1, "moved": 1,
    }  # fmt: skip


def test_json_flags_typographic_edits_and_tells_kinds() -> None:
    old, new = (
        snapshot(["Some 12 km away.", "What is known"]),
        snapshot(["Some 12\u00a0km away.", "What is known"]),
    )
    new = replace(new, paragraphs=(new.paragraphs[0], Paragraph("heading", "What is known")))
    data = to_json(view_of(old, new))
    assert [edit["typographic"] for edit in data["edits"]] == [True, False]  # type: ignore[attr-defined]
    assert data["kinds"] == [{"old": 1, "new": 1, "from": "paragraph", "to": "heading"}]


def test_the_window_of_a_diff_backwards_is_the_same() -> None:
    view = full_view()
    back = DiffView(view.title, view.url, view.after, view.before, view.change)
    assert back.window == view.window


def test_without_a_headline_change_json_says_null() -> None:
    assert to_json(view_of(snapshot(OLD), snapshot(NEW)))["headline"] is None


VIEWS = {
    "everything": full_view(),
    "hostile": hostile_view(),
    "headline only": view_of(snapshot(OLD), snapshot(OLD, headline="Bridge open")),
    "byline only": view_of(snapshot(OLD), snapshot(OLD, byline="B. Writer")),
    "from nothing": view_of(snapshot([]), snapshot(NEW)),
    "to nothing": view_of(snapshot(OLD), snapshot([])),
    "odd lines": view_of(snapshot(["", "a\rb", "-- x"]), snapshot(["+++ y", "", "c\x0bd\u2028e"])),
}


@pytest.mark.parametrize("tool", [tool for tool in ("git", "patch") if shutil.which(tool)])
@pytest.mark.parametrize("name", VIEWS)
def test_patches_are_accepted(tool: str, name: str, tmp_path: Path) -> None:
    view = VIEWS[name]
    target = tmp_path / "article-7.txt"
    target.write_text(patch_text(view.before.snapshot), encoding="utf-8", newline="")
    (tmp_path / "change.patch").write_text(to_patch(view), encoding="utf-8", newline="")
    command = {
        "git": ["git", "apply", "--whitespace=nowarn", "change.patch"],
        "patch": ["patch", "-s", "-p1", "-i", "change.patch"],
    }[tool]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=60)
    assert target.read_text(encoding="utf-8") == patch_text(view.after.snapshot)


def test_a_headline_change_shows_in_the_patch() -> None:
    lines = to_patch(VIEWS["headline only"]).splitlines()
    assert "-Bridge closed" in lines
    assert "+Bridge open" in lines
    assert lines[0] == "--- a/article-7.txt"


def test_a_patch_tells_kinds_that_changed_and_is_accepted(tmp_path: Path) -> None:
    old = snapshot(["What is known", "He came on Monday."])
    heading = Paragraph("heading", "What is known")
    edited = replace(old, paragraphs=(heading, Paragraph("paragraph", "He came on Friday.")))
    patch = to_patch(view_of(old, edited))
    first, second, *_ = patch.splitlines()
    assert first == "# paragraph 1: now a heading, was a paragraph"
    assert second == "--- a/article-7.txt"
    only = replace(old, paragraphs=(heading, old.paragraphs[1]))
    assert to_patch(view_of(old, only)) == f"{first}\n"
    target = tmp_path / "article-7.txt"
    target.write_text(patch_text(old), encoding="utf-8")
    git = shutil.which("git")
    assert git
    subprocess.run([git, "apply", "-"], cwd=tmp_path, input=patch.encode(), check=True, timeout=60)
    assert target.read_text(encoding="utf-8") == patch_text(edited)


def test_no_change_gives_no_patch() -> None:
    assert to_patch(view_of(snapshot(OLD), snapshot(OLD))) == ""


def linked_view() -> DiffView:
    """The same text, with a link that leads elsewhere and one that went."""
    link = Link(0, 4, 10, "https://port.example/bridge")
    other = Link(1, 0, 13, "https://port.example/a?b=1&c=<i>")
    old = replace(snapshot(OLD), links=(link, other))
    new = replace(snapshot(OLD), links=(replace(link, url="https://port.example/quay"),))
    return view_of(old, new)


def test_changed_links_are_told_in_every_form() -> None:
    view = linked_view()
    lines = to_terminal(view, 100, colour=False).splitlines()
    assert "1 link changed, 1 removed" in lines
    assert (
        "link changed at “bridge”: https://port.example/bridge → https://port.example/quay" in lines
    )
    assert "link removed at “Advertisement”: https://port.example/a?b=1&c=<i>" in lines
    outline = Outline(to_html(view))
    assert outline.texts["dt"] == ["link changed at “bridge”", "link removed at “Advertisement”"]
    assert outline.texts["ins"] == ["https://port.example/quay"]
    assert to_json(view)["links"] == [
        {
            "words": "bridge",
            "old": {"paragraph": 0, "start": 4, "end": 10, "url": "https://port.example/bridge"},
            "new": {"paragraph": 0, "start": 4, "end": 10, "url": "https://port.example/quay"},
        },
        {
            "words": "Advertisement",
            "old": {
                "paragraph": 1,
                "start": 0,
                "end": 13,
                "url": "https://port.example/a?b=1&c=<i>",
            },
            "new": None,
        },
    ]


def test_the_json_has_links_only_where_any_changed() -> None:
    assert "links" not in to_json(full_view())


def test_learned_noise_is_shown_as_such_and_not_counted() -> None:
    view = view_of(snapshot(["131 views", OLD[2]]), snapshot(["140 views", NEW[4]]))
    view = replace(view, change=replace(view.change, noise=(0,)))
    text = to_terminal(view, 100, colour=False)
    assert "\n1 paragraph edited\n" in f"\n{text}"
    assert "~ 1  learned noise" in text
    assert "1 paragraph edited" in to_html(view)
    assert "learned noise" in to_html(view)
    assert to_json(view)["noise"] == [0]
    assert "noise" not in to_json(full_view())
