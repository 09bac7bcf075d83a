"""watcher explain: why an article is treated as it is, and what a rule for its site would do."""

from __future__ import annotations

import asyncio
import re
import tomllib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from tests.command import as_json, configure, dangerous, watcher
from tests.fakes import FakeClock
from tests.site import Answer, Site
from watcher.adapters.clock import SystemClock
from watcher.adapters.page.extractor import EXTRACTOR

HTML = {"Content-Type": "text/html; charset=utf-8"}
LEAD = "The river rose two metres overnight, the council said in a statement on Monday morning."
REST = "Two schools in the lower town will stay closed until Wednesday, it added, and the pool too."
STILL = "This is a developing story."
STRANGE = tuple(f"Our kitchen tried recipe {n} three times, and tells how it went." for n in "abc")


def page(*paragraphs: str) -> Answer:
    texts = "".join(f"<p>{text}</p>" for text in paragraphs)
    body = f"<html lang=en><head><title>River rises</title></head><body><article>{texts}</article>"
    return Answer(body=f"{body}</body></html>".encode(), headers=HTML)


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with Site() as running:
        yield running


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> FakeClock:
    clock = FakeClock()
    monkeypatch.setattr(SystemClock, "now", lambda self: clock.now())
    monkeypatch.setattr("random.random", lambda: 0.0)
    return clock


async def call(*arguments: object, config: Path, **more: Any) -> Result:
    return await asyncio.to_thread(watcher, *arguments, config=config, **more)


async def explained(config: Path, columns: str = "80") -> str:
    result = await call("explain", 1, config=config, env={"COLUMNS": columns})
    assert result.exit_code == 0, result.output
    assert dangerous(result.stdout.replace("\n", "")) == []
    return result.stdout


async def told(config: Path) -> str:
    return " ".join((await explained(config)).split())


async def poll(config: Path, clock: FakeClock, times: int = 1, seconds: float = 600.0) -> None:
    for _ in range(times):
        assert (await call("poll", "--all", config=config)).exit_code == 0
        clock.advance(seconds)


async def test_the_next_poll_and_why(tmp_path: Path, site: Site, clock: FakeClock) -> None:
    site.on("/flood", page(LEAD, REST, STILL), page(LEAD, REST, STILL), page(LEAD, REST))
    config = configure(tmp_path, site.url("/flood"))
    await poll(config, clock, 2)
    text = await told(config)
    assert "Next poll 2026-01-12 06:20:00 UTC: every 10m, the interval of [polling]." in text
    assert "known by the same page to the byte: 1" in text
    assert "yes, paragraph 3: “This is a developing story.”" in text
    await poll(config, clock)
    config.write_text(config.read_text().replace("[[story]]", '[[story]]\ninterval = "90m"'))
    text = await told(config)
    assert "no: the latest version does not say so." in text
    found = as_json(await call("explain", "flood", "--json", config=config))
    assert (found["next_poll"]["why"], found["next_poll"]["interval_of"]) == ("interval", "story")
    assert [run["polls"] for run in found["polls"]] == [1, 1, 1]
    assert found["developing"] == []


async def test_what_adaptive_polling_learned(tmp_path: Path, site: Site, clock: FakeClock) -> None:
    site.on("/flood", page(LEAD), page(LEAD, STILL), page(LEAD, REST, STILL))
    config = configure(tmp_path, site.url("/flood"), polling='mode = "adaptive"')
    text = await told(config) if (await call("poll", config=config)).exit_code == 0 else ""
    assert "after the last one, by what the polls before saw." in text
    clock.advance(600)
    await poll(config, clock, 2, 60)
    text = await told(config)
    assert re.search(r"After the last poll [0-9.]+ updates an hour were likely: [0-9.]+ that", text)
    assert re.search(r"Until the next poll [0-9.]+ updates? (are|is) expected", text)
    assert "Its delays count 2 times, twice for saying that it is developing." in text
    found = as_json(await call("explain", 1, "--json", config=config))["next_poll"]
    assert found["why"] == "learned"
    assert found["learned"]["updates_per_hour"]["excited"] > 0
    assert found["learned"]["weight"] == 2


async def test_waits_after_failures_and_of_servers(
    tmp_path: Path, site: Site, clock: FakeClock
) -> None:
    refused = Answer(status=503)
    site.on("/flood", page(LEAD, REST), refused)
    config = configure(tmp_path, site.url("/flood"))
    await poll(config, clock, 5)
    text = await told(config)
    assert "10m after the last one, after 4 polls in a row without the article: a random" in text
    assert "not seen in 4 polls since 2026-01-12 06:10:00 UTC; server-error: 503" in text
    assert "do: nothing, unless it lasts: ask the publisher" in text
    site.on("/flood", Answer(status=503, headers={"Retry-After": "86000"}))
    await poll(config, clock, 1, 86_100)
    text = await told(config)
    assert "23h 53m after the last one, longer than by our own rules: the server asked" in text
    assert "That time has passed: `watcher status` says whether a daemon runs." in text
    found = as_json(await call("explain", 1, "--json", config=config))["next_poll"]
    assert (found["why"], found["overdue"], found["wait"]) == ("retry-after", True, 86_000.0)


async def test_a_page_that_robots_txt_does_not_allow(
    tmp_path: Path, site: Site, clock: FakeClock
) -> None:
    site.on("/flood", page(LEAD, REST))
    site.on("/robots.txt", Answer(body=b"User-agent: *\nDisallow: /flood"))
    config = configure(tmp_path, site.url("/flood"))
    polled = await call("poll", config=config)
    assert "robots" in polled.stdout
    assert "The robots.txt of 127.0.0.1 does not allow this page to be fetched." in polled.stdout
    text = await told(config)
    assert "1d after the last one: robots.txt does not allow the page, and is asked again" in text
    assert as_json(await call("explain", 1, "--json", config=config))["next_poll"]["why"] == (
        "robots"
    )
    status = await call("status", config=config)
    assert status.exit_code == 1
    assert "do: ask the publisher, or remove it; respect_robots = false" in status.stdout
    await poll(config, clock, 2, 86_400)
    assert [asked.path for asked in site.requests] == ["/robots.txt"] * 2


async def test_a_page_that_is_held_and_what_became_of_it(
    tmp_path: Path, site: Site, clock: FakeClock
) -> None:
    texts = [f"{LEAD} {n}" for n in range(8)]
    site.on("/flood", page(*texts), page(*STRANGE))
    config = configure(tmp_path, site.url("/flood"))
    await poll(config, clock, 2, 60)
    text = await told(config)
    assert "1m after the last one, since a page is held: 3 polls must show it" in text
    held = as_json(await call("explain", 1, "--json", config=config))["quarantine"][0]
    assert f"1 poll: {held['reason']}" in text
    assert "it waits for the next polls to confirm it" in text
    await poll(config, clock, 2, 60)
    text = await told(config)
    assert "confirmed: it became version 2" in text
    assert as_json(await call("explain", 1, "--json", config=config))["next_poll"]["why"] == (
        "interval"
    )


async def test_noise_that_was_learned_is_shown(
    tmp_path: Path, site: Site, clock: FakeClock
) -> None:
    site.on("/flood", *(page(LEAD, f"{n} views", REST) for n in range(5)))
    config = configure(tmp_path, site.url("/flood"))
    await poll(config, clock, 2)
    assert "“# views”: seen to change by itself 1 time, 2026-01-12 06:10:00 UTC; noise after 2" in (
        await told(config)
    )
    await poll(config, clock, 3)
    text = await told(config)
    assert "“# views”: seen to change by itself 4 times" in text
    assert "learned here, noise since 2026-01-12 06:20:00 UTC" in text
    assert "known by the same text, or noise alone: 2" in text
    (noise,) = as_json(await call("explain", 1, "--json", config=config))["noise"]
    assert (noise["template"], noise["count"], noise["of_site"]) == ("# views", 4, False)
    assert not noise["kept"]
    rule = '[[site]]\nhost = "127.0.0.1"\nkeep_text = ["views$"]\n'
    config.write_text(config.read_text() + rule)
    assert "; but keep_text keeps it: it is told" in await told(config)
    (noise,) = as_json(await call("explain", 1, "--json", config=config))["noise"]
    assert noise["kept"]


async def test_noise_that_other_articles_taught_and_texts_of_the_site(
    tmp_path: Path, site: Site, clock: FakeClock
) -> None:
    banner = "Our autumn offer ends on Sunday: a month for the price of one single week."
    paths = [f"/{name}" for name in "abcdef"]
    for path in paths:
        lead, *rest = (f"{text} {path}" for text in (LEAD, REST, *STRANGE))
        counts = (5, 6, 7) if path in paths[:3] else (7, 7, 7)
        told = [[lead, f"{n} views", *rest] for n in counts]
        site.on(path, *(page(*own) for own in told), page(*told[-1], banner))
    config = configure(tmp_path, *map(site.url, paths[::2]))
    config.write_text(
        config.read_text() + f'[[story]]\nname = "storm"\nurls = {[*map(site.url, paths[1::2])]}\n'
    )
    await poll(config, clock, 3)
    for path in paths:  # one after the other: pages read at once know nothing of each other
        assert (await call("poll", path, config=config)).exit_code == 0
    await poll(config, clock, 3, seconds=60.0)
    text = " ".join((await call("explain", "/f", config=config)).stdout.split())
    assert "“# views”: never seen to change here; learned from 3 or more other articles" in text
    assert f"Changes of these alone are told to nobody: “{banner}”" in text
    found = as_json(await call("explain", "/f", "--json", config=config))
    assert found["noise"][0]["of_site"] is True
    assert [each["text"] for each in found["site_texts"]] == [banner]


async def test_extract_obeys_the_rules_so_that_they_can_be_tried(
    tmp_path: Path, site: Site
) -> None:
    site.on("/flood", page(LEAD, "Bookmarked by 12 of you", "Put right: the dam is safe.", REST))
    config = configure(tmp_path, site.url("/flood"))
    plain = as_json(await call("extract", site.url("/flood"), "--json", config=config))
    (tmp_path / "own.toml").write_text('[en.correction]\nlabels = ["put right"]\n')
    config.write_text(
        config.read_text()
        + "[extraction]\nnotices_file = 'own.toml'\n"
        + "[[site]]\nhost = '127.0.0.1'\ndrop_text = ['^Bookmarked']\n"
    )
    ruled = as_json(await call("extract", site.url("/flood"), "--json", config=config))
    assert (len(plain["paragraphs"]), len(ruled["paragraphs"])) == (4, 3)
    assert (plain["notices"], len(ruled["notices"])) == ([], 1)


async def test_a_suggestion_can_be_pasted_and_ends_the_noise(
    tmp_path: Path, site: Site, clock: FakeClock
) -> None:
    site.on("/flood", *(page(LEAD, f"Bookmarked by {n} of you", REST) for n in range(10, 19)))
    config = configure(tmp_path, site.url("/flood"))
    await poll(config, clock, 4)
    text = await explained(config)
    assert "In each of the last 3 changes nothing but the numbers of this text changed" in (
        " ".join(text.split())
    )
    assert "no [[site]] of the configuration is for this host" in text
    lines = re.findall(r"^ {8}(\S.*)$", text, re.MULTILINE)
    assert tomllib.loads("\n".join(lines))["site"][0]["host"] == "127.0.0.1"
    config.write_text(config.read_text() + "\n" + "\n".join(lines) + "\n")
    await poll(config, clock, 2)
    log = as_json(await call("log", 1, "--json", config=config))
    assert len(log["versions"]) == 4
    assert len(log["events"]) == 3
    text = await told(config)
    assert r"drop_text: ^Bookmarked by [\d.,:]+ of you$" in text
    assert f"The latest version was read by another: {EXTRACTOR}." in text
    assert "What differs: watcher reprocess 1" in text
    again = await call("reprocess", config=config)
    assert again.exit_code == 1
    assert "version 4 differs: 1 paragraph removed; reads the same as version 3" in again.stdout
    assert (await call("reprocess", "--apply", config=config)).exit_code == 0
    text = await told(config)
    assert "was read by another" not in text
    assert f"Reader {EXTRACTOR}, rules " in text


async def test_an_article_that_was_never_polled_or_is_removed(
    tmp_path: Path, site: Site, clock: FakeClock
) -> None:
    site.on("/flood", page(LEAD, REST))
    site.on("/storm", page(REST, LEAD))
    config = configure(tmp_path, site.url("/flood"), site.url("/storm"))
    await poll(config, clock)
    config.write_text(config.read_text().replace("/flood", "/other"))
    await call("poll", "storm", config=config)
    assert "Next poll none: the article is not in the configuration any more." in await told(config)
    new = (await call("explain", "other", config=config)).stdout
    assert "the first one. Then every 10m, the interval of [polling]." in " ".join(new.split())
    assert "never seen, 0 versions" in new
    unknown = await call("explain", "nothing", config=config)
    assert (unknown.exit_code, unknown.stdout) == (2, "")


async def test_it_fits_the_width(tmp_path: Path, site: Site, clock: FakeClock) -> None:
    site.on("/flood", *(page(LEAD, f"Sung {n} times", STILL) for n in range(4)), Answer(status=503))
    config = configure(tmp_path, site.url("/flood"))
    await poll(config, clock, 5)
    for columns in (60, 200):
        text = await explained(config, str(columns))
        assert "Suggestion" in text
        assert max(map(len, text.splitlines())) <= min(columns, 100)
        assert "\x1b" not in text
