"""poll, status, deliveries and webhook; extract and compare over HTTP."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from storage.archive import Archive
from storage.store import Store
from tests.adapters.test_linked_text import ARTICLE, source
from tests.builders import ArchiveBuilder, snapshot
from tests.command import SECRET, as_json, configure, dangerous, watcher
from tests.fakes import START
from tests.site import Answer, Site
from watcher.adapters.clock import SystemClock
from watcher.cli.health import health_json
from watcher.core.model import Outcome
from watcher.core.remedies import REMEDIES
from watcher.health import Surroundings, examine

FLOOD = "https://news.example/flood"
HTML = {"Content-Type": "text/html; charset=utf-8"}
NO_ENV: Mapping[str, str | None] = {"DESK_SECRET": SECRET}


def page(headline: str, *more: str) -> bytes:
    texts = (
        "The river rose two metres overnight, the council said in a statement on Monday.",
        "Two schools in the lower town will stay closed until Wednesday, it added.",
        *more,
    )
    body = "".join(f"<p>{text}</p>" for text in texts)
    return (
        f"<html><head><title>{headline}</title></head><body><article><h1>{headline}</h1>{body}"
        "</article></body></html>"
    ).encode()


THIRD = "Water levels are expected to fall from Thursday on, the weather service wrote."


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with Site() as running:
        yield running


async def call(*arguments: object, config: Path | None = None, **more: Any) -> Result:
    """The command beside the site, which lives on this event loop."""
    more.setdefault("env", NO_ENV)
    return await asyncio.to_thread(watcher, *arguments, config=config, **more)


async def test_poll_prints_what_is_not_unchanged(tmp_path: Path, site: Site) -> None:
    site.on("/a", Answer(body=page("River rises"), headers=HTML))
    site.on("/b", Answer(status=404))
    config = configure(tmp_path, site.url("/a"), site.url("/b"))
    result = await call("poll", config=config)
    assert result.exit_code == 0
    *lines, closing = result.stdout.splitlines()
    assert closing == "Polled 2 articles: 1 gone, 1 new-version."
    assert sorted(line.split()[1] for line in lines) == ["gone", "new-version"]
    assert any("first version" in line and "(River rises)" in line for line in lines)
    assert any("404 Not Found" in line and site.url("/b") in line for line in lines)
    again = await call("poll", config=config)
    assert again.exit_code == 0
    assert again.stdout == (
        "Nothing is due now. To poll everything all the same: watcher poll --all\n"
    )


async def test_poll_as_json_counts_outcomes_and_gates(tmp_path: Path, site: Site) -> None:
    site.on("/a", Answer(body=page("River rises"), headers={**HTML, "ETag": '"1"'}))
    config = configure(tmp_path, site.url("/a"))
    first = as_json(await call("poll", "--json", config=config))
    assert (first["polled"], first["outcomes"], first["via"]) == (1, {"new-version": 1}, {})
    second = as_json(await call("poll", "--all", "--json", config=config))
    assert (second["outcomes"], second["via"]) == ({"unchanged": 1}, {"304": 1})
    (article,) = second["articles"]
    assert (article["id"], article["status"], article["via"]) == (1, 304, "304")
    nothing = as_json(await call("poll", "--json", config=config))
    assert nothing == {"polled": 0, "outcomes": {}, "via": {}, "articles": [], "sources": []}


async def test_poll_of_named_articles_only(tmp_path: Path, site: Site) -> None:
    site.on("/a", Answer(body=page("River rises"), headers=HTML))
    site.on("/b", Answer(body=page("Dam holds"), headers=HTML))
    config = configure(tmp_path, site.url("/a"), site.url("/b"))
    found = as_json(await call("poll", "/b", "--json", config=config))
    assert [article["url"] for article in found["articles"]] == [site.url("/b")]
    assert (await call("poll", "/c", config=config)).exit_code == 2
    assert (await call("poll", "1", "--all", config=config)).exit_code == 2


async def test_poll_delivers_and_deliveries_can_be_seen_and_retried(
    tmp_path: Path, site: Site
) -> None:
    site.on("/a", *(Answer(body=page("River", *more), headers=HTML) for more in ((), (THIRD,))))
    site.on("/hook", Answer(status=500), Answer(status=204))
    config = configure(tmp_path, site.url("/a"), webhook=site.url("/hook"))
    await call("poll", config=config)
    changed = as_json(await call("poll", "--all", "--json", config=config))
    (event,) = changed["articles"][0]["events"]
    assert event["type"] == "article.updated"

    (waiting,) = as_json(await call("deliveries", "--json", config=config))["deliveries"]
    assert (waiting["state"], waiting["attempts"], waiting["webhook"]) == ("pending", 1, "desk")
    shown = as_json(await call("deliveries", "show", waiting["id"], "--json", config=config))
    assert [each["status"] for each in shown["tries"]] == [500]
    assert shown["body"]["type"] == "article.updated"
    assert THIRD in (await call("diff", "1", config=config)).stdout.replace("\n     ", " ")

    told = await call("deliveries", "retry", waiting["id"], config=config)
    assert f"Delivery {waiting['id']} to desk is due now." in told.stdout
    await call("poll", config=config)
    done = as_json(
        await call("deliveries", "list", "--state", "delivered", "--json", config=config)
    )
    assert [each["id"] for each in done["deliveries"]] == [waiting["id"]]
    again = await call("deliveries", "retry", waiting["id"], config=config)
    assert again.exit_code == 2
    assert "was delivered already" in again.stderr
    assert (
        "the endpoint answered 204" in (await call("deliveries", "show", "1", config=config)).stdout
    )


async def test_webhook_test_says_what_came_back(tmp_path: Path, site: Site) -> None:
    site.on("/hook", Answer(status=204), Answer(status=500))
    config = configure(tmp_path, webhook=site.url("/hook"))
    fine = await call("webhook", "test", "desk", config=config)
    assert (fine.exit_code, fine.stdout) == (0, "desk: fine, the endpoint answered 204\n")
    assert b"watcher.test" in site.requests[0].body
    bad = as_json(await call("webhook", "test", "desk", "--json", config=config), 3)
    assert (bad["ok"], bad["status"]) == (False, 500)
    unknown = await call("webhook", "test", "tesk", config=config)
    assert unknown.exit_code == 2
    assert "desk" in unknown.stderr
    secretless = await call("webhook", "test", "desk", config=config, env={"DESK_SECRET": None})
    assert secretless.exit_code == 2


async def test_extract_and_compare_fetch_urls(tmp_path: Path, site: Site) -> None:
    site.on("/a", Answer(body=page("River rises"), headers=HTML))
    site.on("/pdf", Answer(body=b"%PDF-1.7", headers={"Content-Type": "application/pdf"}))
    config = configure(tmp_path)
    found = as_json(await call("extract", site.url("/a"), "--json", config=config))
    assert found["headline"] == "River rises"
    assert [p["kind"] for p in found["paragraphs"]] == ["paragraph", "paragraph"]
    no = await call("extract", site.url("/pdf"), config=config)
    assert (no.exit_code, no.stdout) == (1, "")
    (tmp_path / "new.html").write_bytes(page("River rises", THIRD))
    text = (await call("compare", site.url("/a"), tmp_path / "new.html", config=config)).stdout
    assert "1 paragraph added" in text


def test_extract_refuses_a_private_address_that_was_not_allowed(tmp_path: Path) -> None:
    config = configure(tmp_path)
    config.write_text(config.read_text().replace('"127.0.0.1/32"', ""))
    result = watcher("extract", "http://127.0.0.1:1/", config=config)
    assert result.exit_code == 3
    assert "127.0.0.1" in result.stderr


def test_extract_reads_a_file_and_standard_input(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(page("River rises"))
    text = watcher("extract", path).stdout
    assert text.splitlines()[0] == "River rises"
    assert watcher("extract", "-", given=page("River rises")).stdout == text
    missing = watcher("extract", tmp_path / "none.html")
    assert missing.exit_code == 2
    assert "none.html" in missing.stderr


def test_extract_says_that_the_text_stands_in_the_data_of_the_page_alone(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(source(ARTICLE))
    assert "text: from the page's JSON-LD alone" in watcher("extract", path).stdout
    assert as_json(watcher("extract", path, "--json"))["origin"] == "json-ld"
    path.write_bytes(page("River rises"))
    assert "JSON-LD" not in watcher("extract", path).stdout
    assert as_json(watcher("extract", path, "--json"))["origin"] == "page"


def test_compare_of_files(tmp_path: Path) -> None:
    old, new = tmp_path / "old.html", tmp_path / "new.html"
    old.write_bytes(page("River rises"))
    new.write_bytes(page("River rises fast", THIRD))
    plain = watcher("compare", old, new)
    assert plain.exit_code == 0
    assert "headline: River rises{+ fast+}" in plain.stdout
    assert watcher("compare", old, new, "--exit-code").exit_code == 1
    assert watcher("compare", old, old, "--exit-code").exit_code == 0
    found = as_json(watcher("compare", old, new, "--json"))
    assert found["article"]["id"] is None
    assert found["summary"]["insert"] == 1
    assert watcher("compare", old, new, "--format", "patch").stdout.startswith("--- a/article.txt")
    assert watcher("compare", "-", "-").exit_code == 2
    assert watcher("compare", old, "-", "--exit-code", given=new.read_bytes()).exit_code == 1


def test_compare_goes_by_the_word_lists_of_the_configuration(tmp_path: Path) -> None:
    old, new, config = tmp_path / "old.html", tmp_path / "new.html", configure(tmp_path)
    old.write_bytes(page("River rises", "The sluice was wrumbled."))
    new.write_bytes(page("River rises", "The sluice was not yet wrumbled at all, sources hint."))
    (tmp_path / "words.toml").write_text('[en]\nhedges = ["sources hint"]\n', encoding="utf-8")
    without = as_json(watcher("compare", old, new, "--json", config=config))
    config.write_text(config.read_text() + '\n[findings]\nwords_file = "words.toml"\n')
    found = as_json(watcher("compare", old, new, "--json", config=config))
    kinds = [{each["kind"] for each in told["findings"]} for told in (without, found)]
    assert kinds[1] - kinds[0] == {"hedging-added"}
    config.write_text("database = 5")
    assert watcher("compare", old, new, config=config).exit_code == 2


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ArchiveBuilder:
    """An archive on its own clock, which is the command's as well."""
    configure(tmp_path, FLOOD, webhook="http://127.0.0.1:9/")
    archive = ArchiveBuilder(tmp_path / "stories.db", [FLOOD], endpoints=["desk"])
    monkeypatch.setattr(SystemClock, "now", lambda self: archive.clock.now())
    return archive


def status(built: ArchiveBuilder, expected: int) -> Any:
    config = built.path.with_name("watcher.toml")
    text = watcher("status", config=config)
    assert text.exit_code == expected, text.output
    assert dangerous(text.stdout) == []
    return as_json(watcher("status", "--json", config=config), expected)


def test_status_is_fine_while_articles_are_seen(built: ArchiveBuilder) -> None:
    with built:
        built.sees(snapshot("River rises", "Text."))
        found = status(built, 0)
    assert found["ok"] is True
    assert found["articles"] == {"live": 1}
    assert (found["versions"], found["polls"], found["not_seen"]) == (1, 1, [])
    assert found["daemon"]["running"] is False


def test_status_names_an_article_that_is_gone_but_calls_nobody(built: ArchiveBuilder) -> None:
    with built:
        built.sees(snapshot("River rises", "Text."))
        for _ in range(3):
            built.wait(600)
            built.fails(Outcome.GONE, "404 Not Found", 404)
        found = status(built, 0)
        listed = watcher("list", config=built.path.with_name("watcher.toml")).stdout
    assert listed.splitlines()[1].split()[2:4] == ["gone", "1"]
    (trouble,) = found["not_seen"]
    assert (trouble["health"], trouble["outcome"], trouble["failures"]) == ("gone", "gone", 3)
    assert trouble["since"] == "2026-01-12T06:10:00.000Z"
    assert trouble["last_seen"] == "2026-01-12T06:00:00.000Z"


def test_status_says_what_hides_an_article_and_since_when(built: ArchiveBuilder) -> None:
    with built:
        built.sees(snapshot("River rises", "Text."))
        for _ in range(2):
            built.wait(600)
            built.fails(Outcome.CONSENT_WALL, "a page that asks for consent first", 200)
        found = status(built, 1)
    (trouble,) = found["not_seen"]
    assert (trouble["outcome"], trouble["since"]) == ("consent-wall", "2026-01-12T06:10:00.000Z")
    assert trouble["detail"] == "a page that asks for consent first"


def test_there_is_something_to_do_about_every_way_not_to_see_an_article() -> None:
    assert {*REMEDIES} == {outcome for outcome in Outcome if not outcome.is_content}


@pytest.mark.parametrize(
    ("outcome", "times", "expected"),
    [
        (Outcome.TIMEOUT, 1, 0),
        (Outcome.TIMEOUT, 5, 1),
        (Outcome.FORBIDDEN_ADDRESS, 1, 1),
        (Outcome.BLOCKED, 1, 1),
        (Outcome.CONSENT_WALL, 1, 1),
        (Outcome.PAYWALL, 1, 1),
        (Outcome.SOFT_404, 3, 0),
        (Outcome.MAINTENANCE, 1, 0),
        (Outcome.MAINTENANCE, 5, 1),
    ],
)
def test_status_calls_a_person_for_what_does_not_pass_by_itself(
    built: ArchiveBuilder, outcome: Outcome, times: int, expected: int
) -> None:
    with built:
        for _ in range(times):
            built.fails(outcome, "no luck")
        found = status(built, expected)
    assert found["not_seen"][0]["remedy"]


def test_status_tells_of_dead_deliveries_and_disabled_webhooks(built: ArchiveBuilder) -> None:
    with built:
        built.sees(snapshot("River rises", "One."))
        for text in ("Two.", "Three."):
            built.wait(60)
            built.sees(snapshot("River rises", text))
        built.delivers("desk", 500)
        assert "1 delivery to desk failed for good" in status(built, 1)["problems"][0]["what"]
        built.delivers("desk", 410, disable=True)
        problems = status(built, 1)["problems"]
    assert "disabled: the endpoint answered 410" in problems[0]["what"]
    config = built.path.with_name("watcher.toml")
    enabled = as_json(watcher("webhook", "enable", "desk", "--json", config=config))
    assert enabled == {"webhook": "desk", "enabled": True, "was_disabled": True}
    assert "was not disabled" in watcher("webhook", "enable", "desk", config=config).stdout


def test_status_tells_when_nobody_polls(built: ArchiveBuilder) -> None:
    with built:
        built.sees(snapshot("River rises", "One."))
        built.wait(3600)
        found = status(built, 1)
    assert "1 article is overdue" in found["problems"][0]["what"]
    assert "watcher run" in found["problems"][0]["remedy"]


def test_status_with_a_faulty_configuration_shows_the_rest_too(built: ArchiveBuilder) -> None:
    config = built.path.with_name("watcher.toml")
    config.write_text("colour = 1\n" + config.read_text())
    with built:
        built.sees(snapshot("River rises", "One."))
        result = watcher("status", config=config)
        assert result.exit_code == 2
        assert "1 live; 1 version" in result.stdout
        assert "colour" in result.stderr
        found = as_json(watcher("status", "--json", config=config), 2)
        assert len(found["config_faults"]) == 1
        config.write_text("no TOML")
        assert watcher("status", config=config).stdout == ""


def problems_of(built: ArchiveBuilder, pid: int | None) -> list[str]:
    with Archive(built.path) as archive:
        health = examine(archive, Surroundings(["desk"], pid), built.clock.now())
    return [each["what"] for each in health_json(health)["problems"]]


def test_status_tells_how_the_daemon_is(built: ArchiveBuilder) -> None:
    with built:
        built.sees(snapshot("River rises", "One."))
        built.daemon_started(4711)
        assert problems_of(built, 4711) == []
        (crashed,) = problems_of(built, None)
        assert "process 4711) ended without stopping in order" in crashed
        built.daemon_alive("watcher.toml:3: unknown key")
        (refused,) = problems_of(built, 4711)
        assert "refused the changed configuration: watcher.toml:3" in refused
        built.daemon_alive()
        built.wait(120)
        (hangs,) = problems_of(built, 4711)
        assert "gave its last sign of life at 2026-01-12 06:00:00 UTC" in hangs
        built.daemon_stopped()
        assert problems_of(built, None) == []
        assert status(built, 0)["daemon"]["stopped_at"] == "2026-01-12T06:02:00.000Z"


def test_status_tells_what_waits_for_a_webhook_that_is_not_configured(
    built: ArchiveBuilder,
) -> None:
    with built:
        built.sees(snapshot("River rises", "One."))
        built.wait(1)
        built.sees(snapshot("River rises", "Two."))
        with Archive(built.path) as archive:
            health = examine(archive, Surroundings([], None), built.clock.now())
    assert [problem.what for problem in health.problems] == [
        "1 delivery waits for desk, which is not in the configuration"
    ]
    assert health.needs_person


def test_a_second_daemon_is_refused_with_the_first_ones_pid(tmp_path: Path) -> None:
    from watcher.adapters.lockfile import DaemonLock

    config = configure(tmp_path, FLOOD)
    lock = DaemonLock(tmp_path / "stories.db")
    lock.acquire()
    try:
        result = watcher("run", config=config)
    finally:
        lock.release()
    assert result.exit_code == 3
    assert f"process {os.getpid()}" in result.stderr


def test_deliveries_of_an_empty_outbox(built: ArchiveBuilder) -> None:
    config = built.path.with_name("watcher.toml")
    with built:
        assert watcher("deliveries", config=config).stdout == "No deliveries.\n"
        assert watcher("deliveries", "--state", "dead", config=config).stdout == (
            "No dead deliveries.\n"
        )
        assert watcher("deliveries", "--json", "list", config=config).exit_code == 2
        assert watcher("deliveries", "show", "3", config=config).exit_code == 2
        assert watcher("deliveries", "--state", "lost", config=config).exit_code == 2


def test_deliveries_list_says_what_comes_next(built: ArchiveBuilder) -> None:
    config = built.path.with_name("watcher.toml")
    with built:
        built.sees(snapshot("River rises", "One."))
        built.wait(60)
        built.sees(snapshot("River rises", "Two."))
        lines = watcher("deliveries", config=config).stdout.splitlines()
    assert lines[1].split()[:5] == ["1", "pending", "desk", "article.updated", "1"]
    assert "next 2026-01-12 06:01:00 UTC" in lines[1]
    assert START + timedelta(seconds=60) == built.clock.now()


async def test_poll_all_says_which_articles_somebody_else_polls(tmp_path: Path, site: Site) -> None:
    site.on("/a", Answer(body=page("River rises"), headers=HTML))
    site.on("/b", Answer(body=page("River falls"), headers=HTML))
    config = configure(tmp_path, site.url("/a"), site.url("/b"))
    await call("poll", "--all", config=config)
    store = Store(tmp_path / "stories.db")
    now = SystemClock().now()
    await store.lease_these([2], now, now + timedelta(minutes=5))
    store.close()
    result = await call("poll", "--all", config=config)
    assert result.exit_code == 3
    assert "article 2 was not polled: another process polls it" in result.stderr
    assert "Polled 1 article" in result.stdout
