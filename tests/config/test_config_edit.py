"""Editing keeps every other character, never writes a broken file, and says what it did."""

from __future__ import annotations

import stat
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import config.edit
from config.edit import add_urls, remove_urls
from config.load import load
from config.template import template
from watcher.core.urls import url_key
from watcher.errors import ConfigError, UsageError

NEW = "https://news.example/new"

DOCUMENT = """\
# top
[[story]]   # first
name = "a"  # its name
urls = [
    # begin
    "https://news.example/1",  # one
    "https://news.example/2" # two
    # end
]
urls_file = "more.txt"

[[webhook]]
name = "desk"
url = "https://hooks.example"
secret = "env:NOT_SET_HERE"

[[story]]
name = "b"
urls = ["https://news.example/3", 'https://news.example/4']  # in one line
[[story]]
  name = "c" # no urls

[polling] # last
interval = "5m"
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "more.txt").write_bytes(
        b"# list\r\nhttps://news.example/5\r\n\r\nhttps://news.example/6  # six\nhttps://news.example/7"
    )
    file = tmp_path / "watcher.toml"
    file.write_text(DOCUMENT)
    return file


def urls(path: Path) -> list[str]:
    return [article.url for article in load(path, {}, need_secrets=False).articles]


@pytest.mark.parametrize(
    ("story", "before", "after"),
    [
        (
            "a",
            '    "https://news.example/2" # two\n    # end\n',
            f'    "https://news.example/2", # two\n    # end\n    "{NEW}",\n',
        ),
        (
            "b",
            "'https://news.example/4']  # in",
            f"'https://news.example/4', \"{NEW}\"]  # in",
        ),
        (
            "c",
            '  name = "c" # no urls\n',
            f'  name = "c" # no urls\n  urls = ["{NEW}"]\n',
        ),
        (
            "new.story",
            'interval = "5m"\n',
            f'interval = "5m"\n\n[[story]]\nname = "new.story"\nurls = [\n    "{NEW}",\n]\n',
        ),
    ],
)
def test_adding_changes_only_its_own_place(path: Path, story: str, before: str, after: str) -> None:
    result = add_urls(path, [NEW], story)
    assert (result.story, result.added, result.existing) == (story, (NEW,), ())
    assert path.read_text() == DOCUMENT.replace(before, after)
    (article,) = [one for one in load(path, {}, False).articles if one.url == NEW]
    assert article.story == story


def test_adding_to_the_template(tmp_path: Path) -> None:
    path = tmp_path / "watcher.toml"
    path.write_text(template())
    assert add_urls(path, [NEW]).added == (NEW,)
    comment = '    # "https://news.example/a-developing-story",\n'
    assert path.read_text() == template().replace(comment, f'{comment}    "{NEW}",\n')


def test_windows_line_ends_stay(tmp_path: Path) -> None:
    path = tmp_path / "watcher.toml"
    path.write_bytes(template().replace("\n", "\r\n").encode())
    add_urls(path, [NEW])
    add_urls(path, [NEW + "2"], "other")
    assert path.read_bytes().count(b"\n") == path.read_bytes().count(b"\r\n")
    assert remove_urls(path, [NEW]).unknown == ()
    assert urls(path) == [NEW + "2"]


def test_what_is_configured_is_not_added_again(path: Path) -> None:
    state = path.stat()
    result = add_urls(path, ["http://News.example/1/#x", "https://news.example/6"], "b")
    assert result.added == ()
    assert [(one.url, one.known, one.story, Path(one.where).name) for one in result.existing] == [
        ("http://News.example/1/#x", "https://news.example/1", "a", "watcher.toml:6"),
        ("https://news.example/6", "https://news.example/6", "a", "more.txt:4"),
    ]
    assert path.read_text() == DOCUMENT
    assert path.stat().st_ino == state.st_ino


def test_one_article_named_twice_is_added_once(path: Path) -> None:
    assert add_urls(path, [NEW, NEW + "/", NEW + "2"], "a").added == (NEW, NEW + "2")


def test_without_a_story_the_only_one_is_meant(path: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--story NAME: there are 3 stories"):
        add_urls(path, [NEW])
    path.write_text("")
    with pytest.raises(UsageError, match="there is no story"):
        add_urls(path, [NEW])
    assert add_urls(path, [NEW], "first").story == "first"
    assert path.read_text() == f'[[story]]\nname = "first"\nurls = [\n    "{NEW}",\n]\n'
    assert add_urls(path, [NEW + "2"]).story == "first"


@pytest.mark.parametrize("url", ["ftp://a.example", "a.example", "https://u:hunter2@a.example"])
def test_an_unusable_url_is_refused(path: Path, url: str) -> None:
    with pytest.raises(UsageError, match="cannot be followed") as caught:
        add_urls(path, [NEW, url], "a")
    assert "hunter2" not in str(caught.value)
    assert path.read_text() == DOCUMENT


@pytest.mark.parametrize("story", ["", "A", "a b", "a\n", "-a"])
def test_an_unusable_story_name_is_refused(path: Path, story: str) -> None:
    with pytest.raises(UsageError, match="cannot name a story"):
        add_urls(path, [NEW], story)
    assert path.read_text() == DOCUMENT


def test_a_broken_file_is_not_edited(path: Path) -> None:
    for text in (DOCUMENT + "[[story\n", DOCUMENT + "x = 1\n"):
        path.write_text(text)
        with pytest.raises(ConfigError):
            add_urls(path, [NEW], "a")
        with pytest.raises(ConfigError):
            remove_urls(path, ["https://news.example/1"])
        assert path.read_text() == text


def test_a_result_that_does_not_load_is_not_written(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(config.edit, "extend_list", lambda text, path, values: text + "[broken")
    with pytest.raises(ConfigError, match="not valid TOML"):
        add_urls(path, [NEW], "a")
    assert path.read_text() == DOCUMENT
    assert sorted(file.name for file in path.parent.iterdir()) == ["more.txt", "watcher.toml"]


def test_the_mode_and_a_link_are_kept(path: Path, tmp_path: Path) -> None:
    path.chmod(0o640)
    link = tmp_path / "link.toml"
    link.symlink_to(path)
    add_urls(link, [NEW], "a")
    assert link.is_symlink()
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert NEW in urls(path)
    names = sorted(file.name for file in tmp_path.iterdir())
    assert names == ["link.toml", "more.txt", "watcher.toml"]


def test_a_failed_write_leaves_the_file_and_no_rubbish(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(number: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(ConfigError, match="cannot be written: No space left on device"):
        add_urls(path, [NEW], "a")
    assert path.read_text() == DOCUMENT
    assert sorted(file.name for file in path.parent.iterdir()) == ["more.txt", "watcher.toml"]


def test_a_file_changed_meanwhile_is_not_overwritten(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = config.edit.load

    def meddle(*args: Any, **kwargs: Any) -> Any:
        loaded = real(*args, **kwargs)
        if kwargs.get("instead"):
            path.write_text("# mine\n")
        return loaded

    monkeypatch.setattr(config.edit, "load", meddle)
    with pytest.raises(ConfigError, match="another program changed the file"):
        add_urls(path, [NEW], "a")
    assert path.read_text() == "# mine\n"


def test_removing_takes_the_line_and_its_comment(path: Path) -> None:
    result = remove_urls(path, ["http://news.example/1/", "https://news.example/3"])
    assert [article.url for article in result.removed] == [
        "https://news.example/1",
        "https://news.example/3",
    ]
    assert result.unknown == ()
    expected = DOCUMENT.replace('    "https://news.example/1",  # one\n', "")
    assert path.read_text() == expected.replace('"https://news.example/3", ', "")


def test_removing_the_last_elements(path: Path) -> None:
    remove_urls(path, ["https://news.example/2", "https://news.example/4"])
    expected = DOCUMENT.replace('    "https://news.example/2" # two\n', "")
    assert path.read_text() == expected.replace(", 'https://news.example/4'", "")


def test_removing_from_a_url_file_keeps_its_other_lines(path: Path) -> None:
    more = path.parent / "more.txt"
    more.chmod(0o600)
    remove_urls(path, ["https://news.example/6", "https://news.example/7#x"])
    assert more.read_bytes() == b"# list\r\nhttps://news.example/5\r\n\r\n"
    assert stat.S_IMODE(more.stat().st_mode) == 0o600
    assert path.read_text() == DOCUMENT


def test_removing_by_key_and_what_is_not_there(path: Path) -> None:
    key = url_key("https://news.example/5")
    result = remove_urls(path, [key, "https://news.example/none", "nonsense"])
    assert [article.url for article in result.removed] == ["https://news.example/5"]
    assert result.unknown == ("https://news.example/none", "nonsense")


def test_removing_nothing_touches_nothing(path: Path) -> None:
    state = path.stat()
    assert remove_urls(path, ["https://news.example/none"]).removed == ()
    assert path.stat().st_ino == state.st_ino


OWN_TERMS = """
# one is urgent
[[article]]  # own
url = "https://news.example/1#top"
# often
interval = "1m"  # every minute
# as long as it goes

[[article]]
url = "https://news.example/6"
weight = 3

[http]  # end
timeout = "9s"
"""


def test_what_is_said_of_single_articles_goes_with_them(path: Path) -> None:
    path.write_text(DOCUMENT + OWN_TERMS)
    assert remove_urls(path, ["https://news.example/1", "https://news.example/6"]).unknown == ()
    expected = DOCUMENT.replace('    "https://news.example/1",  # one\n', "")
    assert path.read_text() == expected + (
        '\n# one is urgent\n# as long as it goes\n\n[http]  # end\ntimeout = "9s"\n'
    )


def test_terms_of_articles_written_in_line_or_last(path: Path) -> None:
    inline = 'article = [{ url = "https://news.example/1" }, { url = "https://news.example/3" }]\n'
    path.write_text(inline + DOCUMENT)
    remove_urls(path, ["https://news.example/1"])
    assert tomllib.loads(path.read_text())["article"] == [{"url": "https://news.example/3"}]
    path.write_text(DOCUMENT + '[[article]]\r\nurl = "https://news.example/2"')
    remove_urls(path, ["https://news.example/2"])
    assert path.read_text() == DOCUMENT.replace('    "https://news.example/2" # two\n', "")


def test_stories_written_in_line(tmp_path: Path) -> None:
    path = tmp_path / "watcher.toml"
    path.write_text('story = [{ name = "a" }, { name = "b", urls = [] }]\n')
    add_urls(path, [NEW], "a")
    add_urls(path, [NEW + "2"], "c")
    data = tomllib.loads(path.read_text())
    assert data["story"] == [
        {"name": "a", "urls": [NEW]},
        {"name": "b", "urls": []},
        {"name": "c", "urls": [NEW + "2"]},
    ]
    path.write_text("story = []\n")
    add_urls(path, [NEW], "a")
    assert tomllib.loads(path.read_text()) == {"story": [{"name": "a", "urls": [NEW]}]}


_GAPS = st.sampled_from(["", " ", "\n", "\n    ", ' # x ] , "\n  ', "\n# y\n", "\t"])


@st.composite
def lists(draw: st.DrawFn) -> tuple[str, int]:
    """A list of URLs in any layout TOML allows, and how many there are."""
    count = draw(st.integers(0, 4))
    text = "["
    for number in range(count):
        quote = draw(st.sampled_from(["'", '"']))
        text += f"{draw(_GAPS)}{quote}https://news.example/{number}{quote}{draw(_GAPS)}"
        if number < count - 1 or draw(st.booleans()):
            text += ","
    return text + draw(_GAPS) + "]", count


@given(lists(), st.integers(0, 15), st.integers(0, 3))
@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_layout_of_a_list_can_be_edited(
    tmp_path: Path, written: tuple[str, int], taken: int, more: int
) -> None:
    text, count = written
    path = tmp_path / "watcher.toml"
    path.write_text(f'[[story]]\nname = "a"\nurls = {text} # z\n')
    old = [f"https://news.example/{number}" for number in range(count)]
    new = [f"{NEW}{number}" for number in range(more)]
    add_urls(path, new, "a")
    assert urls(path) == [*old, *new]
    gone = [url for number, url in enumerate(old) if taken >> number & 1]
    remove_urls(path, gone)
    assert urls(path) == [url for url in [*old, *new] if url not in gone]
    remove_urls(path, [*old, *new])
    assert tomllib.loads(path.read_text()) == {"story": [{"name": "a", "urls": []}]}
    assert path.read_text().endswith("# z\n")
