"""What a configuration says when it is right."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from config.alerts import alerts_of
from config.load import Loaded, digest_of, load
from config.quantities import duration, duration_text, size
from config.settings import TABLES, Http, Polling, Settings, Story, keys
from config.template import template, toml_text
from watcher.core.model import EventType
from watcher.core.urls import url_key
from watcher.errors import ConfigError

SECRET = "whsec_" + "QUJD" * 8
Write = Callable[..., Path]

FULL = """
database = "data/stories.db"
[polling]
mode = "fixed"
interval = "15m"
max_interval = "2h"
[http]
contact = "desk@example.org"
per_host_concurrency = 3
per_host_delay = "0s"
timeout = "500ms"
max_body = "1GiB"
allow_networks = ["127.0.0.1/32", "fd00::/8"]
[[story]]
name = "kursk-captives"
urls = ["https://news.example/a", "https://news.example/b"]
urls_file = "more.txt"
interval = "5m"
webhooks = ["desk", "desk"]
[[story]]
name = "quiet"
urls = ["https://news.example/q"]
webhooks = []
[[story]]
name = "all"
urls = ["https://news.example/z"]
[[webhook]]
name = "desk"
url = "https://hooks.example/x"
secret = "env:DESK"
events = ["article.updated", "article.unpublished"]
[[webhook]]
name = "archive"
url = "https://hooks.example/y"
secret = "file:keys/archive"
"""


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(text: str, **others: str) -> Path:
        (tmp_path / "keys").mkdir(exist_ok=True)
        for name, content in others.items():
            (tmp_path / name.replace("__", "/").replace("_txt", ".txt")).write_text(content)
        path = tmp_path / "watcher.toml"
        path.write_text(text)
        return path

    return write


@pytest.fixture
def full(write: Write) -> Path:
    more = "# more\n\nhttps://news.example/c  # seen on the wire\n  https://news.example/d#top\r\n"
    return write(FULL, more_txt=more, keys__archive=SECRET + "\n")


def test_everything_is_read(full: Path) -> None:
    loaded = load(full, {"DESK": SECRET})
    settings = loaded.settings
    assert settings.database == full.parent / "data/stories.db"
    assert settings.polling == Polling(
        mode="fixed", interval=timedelta(minutes=15), max_interval=timedelta(hours=2)
    )
    assert settings.http == Http(
        contact="mailto:desk@example.org",
        per_host_concurrency=3,
        per_host_delay=timedelta(0),
        timeout=timedelta(milliseconds=500),
        max_body=2**30,
        allow_networks=(ip_network("127.0.0.1/32"), ip_network("fd00::/8")),
    )
    assert [story.name for story in settings.stories] == ["kursk-captives", "quiet", "all"]
    assert settings.webhooks[0].events == (EventType.UPDATED, EventType.UNPUBLISHED)
    assert settings.webhooks[1].events is None
    assert {name: secret.reveal() for name, secret in loaded.secrets.items()} == {
        "desk": SECRET,
        "archive": SECRET,
    }


def test_articles_come_in_order_with_the_overrides_of_their_story(full: Path) -> None:
    loaded = load(full, {"DESK": SECRET})
    five, fifteen = timedelta(minutes=5), timedelta(minutes=15)
    assert [
        (article.url, article.story, article.interval, article.webhooks, Path(article.where).name)
        for article in loaded.articles
    ] == [
        ("https://news.example/a", "kursk-captives", five, ("desk",), "watcher.toml:16"),
        ("https://news.example/b", "kursk-captives", five, ("desk",), "watcher.toml:16"),
        ("https://news.example/c", "kursk-captives", five, ("desk",), "more.txt:3"),
        ("https://news.example/d#top", "kursk-captives", five, ("desk",), "more.txt:4"),
        ("https://news.example/q", "quiet", fifteen, (), "watcher.toml:22"),
        ("https://news.example/z", "all", fifteen, ("desk", "archive"), "watcher.toml:26"),
    ]
    assert all(article.key == url_key(article.url) for article in loaded.articles)


def test_an_empty_file_means_the_defaults(write: Write) -> None:
    path = write("")
    loaded = load(path, {})
    assert loaded.settings == Settings(database=path.parent / "stories.db")
    assert loaded.settings.polling.interval == timedelta(minutes=10)
    assert loaded.settings.polling.max_interval == timedelta(hours=6)
    assert loaded.settings.http.per_host_concurrency == 2
    assert loaded.settings.http.per_host_delay == timedelta(seconds=1)
    assert loaded.settings.http.timeout == timedelta(seconds=30)
    assert loaded.settings.http.max_body == 10_000_000
    assert loaded.articles == ()


def test_the_database_is_absolute_from_a_relative_path_too(
    full: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(full.parent)
    loaded = load(Path("watcher.toml"), {"DESK": SECRET})
    assert loaded.settings.database == full.parent / "data/stories.db"
    assert loaded.articles[2].where == "more.txt:3"


def test_an_interval_longer_than_the_default_longest_wait_needs_no_second_key(
    write: Write,
) -> None:
    loaded = load(write('[polling]\ninterval = "1d"\n'), {})
    assert loaded.settings.polling.interval == timedelta(days=1)


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_the_template_loads_as_written(tmp_path: Path, newline: str) -> None:
    path = tmp_path / "watcher.toml"
    path.write_bytes(template().replace("\n", newline).encode())
    loaded = load(path, {})
    assert loaded.settings.http == Http()
    assert loaded.settings.polling == Polling()
    assert loaded.settings.stories == (Story(name="example-story"),)
    assert loaded.articles == ()


def test_every_commented_line_of_the_template_works_too(tmp_path: Path) -> None:
    lines = template(database='odd "name".db', contact="desk@example.org").splitlines()
    keys = (
        "urls_file",
        "interval",
        "[[article]]",
        "min_interval",
        "max_interval",
        "weight",
        "stop_after",
        "webhooks",
        "[[webhook]]",
        "name",
        "url",
        "secret",
        "events",
    )
    keys += ('"https', '    "article', "]", "[extraction]", "notices_file")
    keys += ("[findings]", "words_file")
    keys += ("[[site]]", "host", "drop", "keep")
    keys += ("[[alert]]", "webhook =", "stories", "publishers", "weight", "kinds", "added")
    keys += ("removed", "every", "quiet", "time_zone", "limit")
    keys += ("[[feed]]", "[[sitemap]]", "story =", "words", "pattern", "follow_for")
    text = ""
    for line in lines:
        bare = line.strip().removeprefix("# ")
        text += (bare if line.strip().startswith("# ") and bare.startswith(keys) else line) + "\n"
    path = tmp_path / "watcher.toml"
    path.write_text(text)
    (tmp_path / "more-urls.txt").write_text("https://news.example/2\n")
    (tmp_path / "my-notices.toml").write_text('[sv.correction]\nlabels = ["rättelse"]\n')
    (tmp_path / "my-words.toml").write_text('[sv]\nhedges = ["enligt uppgift"]\n')
    loaded = load(path, {"DESK_WEBHOOK_SECRET": SECRET})
    assert loaded.words == {"sv": {"hedges": ["enligt uppgift"]}}
    assert loaded.settings.database.name == 'odd "name".db'
    assert loaded.settings.http.contact == "mailto:desk@example.org"
    assert [article.webhooks for article in loaded.articles] == [("desk",), ("desk",)]
    assert loaded.settings.stories[0].interval == timedelta(minutes=5)
    assert set(loaded.settings.webhooks[0].events or ()) == set(EventType)
    own, other = (article.terms for article in loaded.articles)
    assert (own.shortest, own.longest, own.weight, own.quiet) == (30.0, 3600.0, 5.0, None)
    assert (other.shortest, other.longest, other.weight) == (60.0, 6 * 3600.0, 2.0)
    assert other.quiet == 60 * 86400.0
    assert [article.interval for article in loaded.articles] == [
        timedelta(minutes=2),
        timedelta(minutes=5),
    ]
    (feed,), (sitemap,) = loaded.settings.feeds, loaded.settings.sitemaps
    assert feed.words == ("river flood", "quay wall")
    assert (feed.pattern, sitemap.pattern, sitemap.story) == ("flood|dam",) * 2 + ("example-story",)
    assert (feed.follow_for, feed.interval) == (timedelta(days=7), timedelta(minutes=5))
    (alert,) = alerts_of(loaded.settings)
    assert (alert.name, alert.endpoints, alert.stories) == ("tolls", ("desk",), ("example-story",))
    assert (alert.every, alert.limit) == (timedelta(minutes=15), 10)
    assert str(alert.quiet) == "22:00-07:00 Europe/Berlin"
    (rules,) = loaded.reading.sites.rules
    assert rules.drops("1204 views")
    assert not rules.drops("1204 views of the quay")
    assert loaded.reading.notices == {"sv": {"correction": {"labels": ["rättelse"]}}}


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_can_be_written_as_toml(text: str) -> None:
    import tomllib

    assert tomllib.loads("key = " + toml_text(text))["key"] == text


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("1ms", timedelta(milliseconds=1)),
        ("90s", timedelta(seconds=90)),
        ("1.5h", timedelta(minutes=90)),
        ("14d", timedelta(days=14)),
        ("366d", timedelta(days=366)),
    ],
)
def test_durations(text: str, span: timedelta) -> None:
    assert duration(text) == span


@given(st.timedeltas(timedelta(milliseconds=1), timedelta(days=366)))
def test_a_duration_is_written_as_it_is_read(span: timedelta) -> None:
    assert duration(duration_text(span)) == span


@pytest.mark.parametrize(
    ("text", "count"),
    [("1B", 1), ("500KB", 500_000), ("10MB", 10_000_000), ("1KiB", 1024), ("1GiB", 2**30), (7, 7)],
)
def test_sizes(text: str | int, count: int) -> None:
    assert size(text) == count


@pytest.mark.parametrize(
    ("written", "contact"),
    [
        ("mailto:desk@example.org", "mailto:desk@example.org"),
        ("desk@example.org", "mailto:desk@example.org"),
        ("https://desk.example/about", "https://desk.example/about"),
    ],
)
def test_contacts(write: Write, written: str, contact: str) -> None:
    assert load(write(f'[http]\ncontact = "{written}"\n'), {}).settings.http.contact == contact


def test_settings_are_frozen_and_need_an_absolute_path_in_code(tmp_path: Path) -> None:
    settings = Settings(database=tmp_path / "x.db")
    with pytest.raises(ValidationError, match="frozen"):
        settings.database = tmp_path  # type: ignore[misc]
    with pytest.raises(ValidationError, match="absolute"):
        Settings(database=Path("x.db"))


def test_sources_are_all_files_in_order(full: Path) -> None:
    folder = full.parent
    assert load(full, {"DESK": SECRET}).sources == (
        full,
        folder / "more.txt",
        folder / "keys/archive",
    )
    assert load(full, {}, need_secrets=False).sources == (full, folder / "more.txt")


def test_the_digest_changes_exactly_with_a_content(full: Path) -> None:
    environ = {"DESK": SECRET}
    loaded = load(full, environ)
    assert load(full, environ).digest == loaded.digest
    assert load(full, {"DESK": SECRET + "QUJD"}).digest == loaded.digest
    assert digest_of(loaded.sources) == loaded.digest
    for source in loaded.sources:
        before = source.read_bytes()
        source.write_bytes(before + b"\n")
        assert load(full, environ).digest == digest_of(loaded.sources) != loaded.digest
        source.write_bytes(before)
        assert digest_of(loaded.sources) == loaded.digest
    full.unlink()
    assert digest_of(loaded.sources) != loaded.digest


def test_a_broken_configuration_tells_what_to_watch(full: Path) -> None:
    (full.parent / "more.txt").unlink()
    with pytest.raises(ConfigError) as caught:
        load(full, {"DESK": SECRET})
    sources = caught.value.sources
    assert full.parent / "more.txt" in sources
    broken = digest_of(sources)
    (full.parent / "more.txt").write_text("")
    assert digest_of(sources) != broken


_NAMES = "story webhook polling http name urls urls_file interval secret nan 1 a true 1e999"
_MARKS = '[ ] [[ ]] { } = " \' """ # , . \\ \x00 \u202e'
_PIECES = ["\n", " ", "[[story]]\n", "[polling]\n", "[[webhook]]\n", "url = ", "events = ["]
_VALUES = ['"10m"', '"https://a.example/x"', '"env:X"', '"file:x"', "9" * 5000]
_WORDS = st.sampled_from([*_NAMES.split(), *_MARKS.split(" "), *_PIECES, *_VALUES])


def outcome(path: Path) -> Loaded | ConfigError:
    try:
        return load(path, {})
    except ConfigError as error:
        return error


@given(st.one_of(st.text(), st.lists(_WORDS, max_size=30).map("".join)))
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example("a = " + "[" * 5000)
@example('[[story]]\nname = "a"\nurls_file = "."\n')
@example('[[story]]\nname = "a"\nurls_file = "' + "x" * 5000 + '"\n')
@example("[story]\n[webhook]\n[[polling]]\n[[http]]\n")
@example("story = [1, [], {}]\nwebhook = [[{}]]\npolling = 5\nhttp = []\n")
@example('[[webhook]]\nname = 5\nsecret = "file:' + "x" * 300 + '"\n')
@example("[polling]\ninterval = 9223372036854775807\nmode = []\n")
@example('database = "\\u0000"\n')
def test_any_text_is_a_configuration_or_a_fault(tmp_path: Path, text: str) -> None:
    path = tmp_path / "watcher.toml"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    found = outcome(path)
    if isinstance(found, ConfigError):
        assert found.faults
        assert all(fault.startswith(str(path)) for fault in found.faults)
        assert "pydantic" not in str(found)


@given(st.binary(max_size=64))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_in_any_file_are_taken_or_a_fault(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "watcher.toml"
    path.write_text(
        '[[story]]\nname = "a"\nurls_file = "x"\n'
        '[[webhook]]\nname = "b"\nurl = "https://h.example"\nsecret = "file:x"\n'
    )
    (tmp_path / "x").write_bytes(content)
    with pytest.raises(ConfigError) as caught:
        load(path, {})
    assert any('the secret of [[webhook]] "b"' in fault for fault in caught.value.faults)


_ANY = st.recursive(
    st.one_of(
        st.sampled_from(['"10m"', '"a"', '"b"', '"https://a.example/x"', '"env:X"', '"file:b"']),
        st.sampled_from(
            ["true", "0", "-1", "1.5", "nan", "1979-05-27", "07:32:00", '""', "2" * 30]
        ),
        st.text("ab/:@[]#%. é\u202e", max_size=12).map(toml_text),
        st.text("ab/:@[]#%.é", max_size=9).map("https://".__add__).map(toml_text),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]"),
        inner.map(lambda value: f"{{ name = {value} }}"),
    ),
    max_leaves=4,
)


@st.composite
def _tables(draw: st.DrawFn) -> str:
    """Known tables with known keys and one unknown, and any value behind each."""
    text = ""
    for _ in range(draw(st.integers(0, 4))):
        table = draw(st.sampled_from(sorted(TABLES)))
        double = draw(st.integers(0, 9)) > 0 if table in ("story", "webhook") else False
        if not double and f"[{table}]" in text:
            continue
        text += f"[[{table}]]\n" if double else f"[{table}]\n"
        for key in draw(st.lists(st.sampled_from([*keys(TABLES[table]), "nmae"]), unique=True)):
            text += f"{key} = {draw(_ANY)}\n"
    return text


@given(_tables())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_values_of_known_keys_are_taken_or_a_fault(tmp_path: Path, text: str) -> None:
    path = tmp_path / "watcher.toml"
    path.write_text(text)
    found = outcome(path)
    if isinstance(found, ConfigError):
        # Only what was not meant for people would speak of Python.
        assert not {"validator", "Error", "Input should", "None"} & set(str(found).split())
        assert len(set(found.faults)) == len(found.faults)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("127.0.0.1:9464", ("127.0.0.1", 9464)),
        ("127.8.0.1:1", ("127.8.0.1", 1)),
        ("[::1]:9464", ("::1", 9464)),
        ("[0:0:0:0:0:0:0:1]:65535", ("::1", 65535)),
    ],
)
def test_monitoring_may_ask_on_loopback(
    tmp_path: Path, written: str, meant: tuple[str, int]
) -> None:
    path = tmp_path / "watcher.toml"
    path.write_text(f'[daemon]\nlisten = "{written}"\nmin_free_disk = "20GB"\n')
    daemon = load(path, {}).settings.daemon
    assert (daemon.listen, daemon.min_free_disk) == (meant, 20 * 10**9)
    assert load(path, {}).settings.model_dump(mode="json")["daemon"]["min_free_disk"] > 0
