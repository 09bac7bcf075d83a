"""`watcher alert`: what alerts do, and what they would have made of recorded history."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.alerts import alerts_of
from config.load import load
from storage.archive import Archive
from tests.builders import ArchiveBuilder, snapshot
from tests.command import SECRET, as_json, configure, dangerous, watcher

ALERTS = """
[[alert]]
name = "heads"
webhook = "desk"
weight = "notable"
kinds = ["headline-*", "retraction-added"]
every = "15m"

[[alert]]
name = "night"
webhook = "desk"
added = ["hospital"]
quiet = "22:00-07:00"
time_zone = "Europe/Berlin"
quiet_unless = "critical"
limit = 2
"""

WALL = "Two people were hurt when the quay wall broke, after a week of rain."
TOWN = "The lower town is cut off from the mill and the road over the hill."
HOUSES = "The hospital took in forty people from the houses beside the mill."
ONE = snapshot("River tops the wall", WALL, TOWN)
TWO = snapshot("River breaks the wall", WALL, TOWN)
THREE = snapshot("River breaks the wall", WALL, TOWN, HOUSES)
FOUR = snapshot("River breaks the wall", WALL, TOWN.replace("and the", "and from the"), HOUSES)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Four versions within 25 minutes; nothing of it was sent yet."""
    path = configure(tmp_path, "https://news.example/flood", webhook="https://x.example/")
    path.write_text(path.read_text() + ALERTS)
    alerts = alerts_of(load(path, {}, need_secrets=False).settings)
    with ArchiveBuilder(tmp_path / "stories.db", alerts=alerts) as built:
        for minutes, content in ((0, ONE), (5, TWO), (10, THREE), (10, FOUR)):
            built.wait(minutes * 60)
            built.sees(content)
    return path


def test_a_rehearsal_says_what_would_be_sent_when_and_why(config: Path, tmp_path: Path) -> None:
    told = as_json(watcher("alert", "test", "flood", "--json", config=config))
    two, three, four = told["events"]
    assert [each["version"] for each in told["events"]] == [2, 3, 4]
    (decision,) = two["decisions"]
    assert decision == {
        "webhook": "desk",
        "state": "gathered",
        "alert": "heads",
        "rule": "every",
        "reason": decision["reason"],
        "held": "gathered every 15m",
        "until": "2026-01-12T06:20:00.000Z",
        "digest_at": "2026-01-12T06:15:00.000Z",
    }
    assert decision["reason"].endswith("; headline-changed")
    (decision,) = three["decisions"]
    assert (decision["state"], decision["alert"], decision["rule"]) == ("sent", "night", "match")
    assert decision["reason"] == '"hospital" in added text'
    (decision,) = four["decisions"]
    assert decision["state"] == "suppressed"
    assert 'night: no added text has "hospital"' in decision["reason"]
    # What was gathered went before what could not wait.
    (digest,) = told["digests"]
    assert digest["at"] == "2026-01-12T06:15:00.000Z"
    assert digest["events"] == [two["id"]]
    assert "sent now, before a later event of the article" in digest["alert"]["reason"]
    # It is what happened, and it changed nothing.
    with Archive(tmp_path / "stories.db") as archive:
        stored = {d.event_id: d for d in archive.decisions()}
        assert [stored[each["id"]].alert for each in (two, three)] == ["heads", "night"]
        assert stored[four["id"]].state == "suppressed"
        assert [d.state for d in archive.deliveries()] == ["pending", "pending"]


def test_a_rehearsal_for_people_fits_any_width(config: Path) -> None:
    for width in ("60", "200"):
        shown = watcher("alert", "test", "flood", config=config, env={"COLUMNS": width})
        assert shown.exit_code == 0, shown.output
        assert max(map(len, shown.output.splitlines())) <= 100
        assert not dangerous(shown.output)
        told = " ".join(shown.output.split())
        assert 'sent night: "hospital" in added text' in told
        assert "gathered every 15m; digest of 2026-01-12 06:15:00 UTC" in told
        assert "3 events: 1 sent, 1 gathered, 1 suppressed; 2 messages in all." in told
        assert "Nothing was sent." in told


def test_one_alert_alone(config: Path) -> None:
    told = as_json(watcher("alert", "test", "1", "--alert", "night", "--json", config=config))
    states = [each["decisions"][0]["state"] for each in told["events"]]
    assert states == ["suppressed", "sent", "suppressed"]
    unknown = watcher("alert", "test", "1", "--alert", "nihgt", config=config)
    assert unknown.exit_code == 2
    assert 'no alert "nihgt" in the configuration; it has: heads, night' in unknown.stderr


def test_the_list_of_alerts_says_what_each_does_and_did(config: Path) -> None:
    told = as_json(watcher("alert", "list", "--json", config=config))
    heads, night = told["alerts"]
    assert (heads["every"], heads["webhooks"], heads["limit"]) == (900.0, ["desk"], None)
    assert (night["quiet"], night["time_zone"]) == ("22:00-07:00", "Europe/Berlin")
    (so_far,) = night["so_far"]
    assert (so_far["webhook"], so_far["sent"], so_far["gathered"]) == ("desk", 1, 0)
    assert sum(each["suppressed"] for a in told["alerts"] for each in a["so_far"]) == 1
    shown = " ".join(watcher("alert", "list", config=config).output.split())
    assert 'night to desk what "hospital" in added text when not in the hours 22:00-07:00' in shown
    assert "at most 2 messages in an hour" in shown


def test_a_webhook_that_a_story_names_itself_is_pointed_out(config: Path) -> None:
    text = config.read_text().replace("[[story]]\n", '[[story]]\nwebhooks = ["desk"]\n', 1)
    config.write_text(text)
    shown = " ".join(watcher("alert", "list", config=config).output.split())
    assert "the story flood names desk itself: it gets all its events at once" in shown
    checked = watcher("check", config=config, env={"DESK_SECRET": SECRET}).output
    assert "The story flood lists the webhook desk itself" in checked
    told = as_json(watcher("alert", "test", "1", "--json", config=config))
    assert {d["rule"] for each in told["events"] for d in each["decisions"]} == {"named"}


def test_alerts_are_listed_before_the_first_poll(tmp_path: Path) -> None:
    path = configure(tmp_path, "https://news.example/flood", webhook="https://x.example/")
    path.write_text(path.read_text() + ALERTS)
    shown = watcher("alert", "list", config=path)
    assert shown.exit_code == 0
    assert shown.output.count("no event yet") == 2


def test_without_alerts_and_without_events(tmp_path: Path) -> None:
    path = configure(tmp_path, "https://news.example/flood", webhook="https://x.example/")
    with ArchiveBuilder(tmp_path / "stories.db") as built:
        built.sees(ONE)
        assert "Nothing happened" in watcher("alert", "test", "1", config=path).output
        built.sees(TWO)
    assert "No [[alert]] is configured" in watcher("alert", "test", "1", config=path).output
    assert "No alerts" in watcher("alert", "list", config=path).output


def test_what_was_gathered_and_suppressed_is_shown_on_demand(tmp_path: Path) -> None:
    path = configure(tmp_path, "https://news.example/flood", webhook="https://x.example/")
    path.write_text(path.read_text() + ALERTS)
    alerts = alerts_of(load(path, {}, need_secrets=False).settings)
    with ArchiveBuilder(tmp_path / "stories.db", alerts=alerts) as built:
        for content in (ONE, TWO):
            built.wait(300)
            built.sees(content)
        (gathered,) = as_json(watcher("deliveries", "--state", "gathered", "--json", config=path))[
            "decisions"
        ]
        assert (gathered["alert"], gathered["rule"]) == ("heads", "every")
        assert gathered["until"] == "2026-01-12T06:25:00.000Z"
        shown = watcher("deliveries", "list", "--state", "gathered", config=path).output
        assert "gathered every 15m" in shown
        assert "No deliveries." in watcher("deliveries", config=path).output
        status = watcher("status", config=path).output
        assert "Gathered  desk: 1 event by heads, digest 2026-01-12 06:25:00 UTC" in status
        built.wait(900)
        built.digests()
        built.sees(THREE)
        built.sees(FOUR)
    assert "No gathered events." in watcher("deliveries", "--state", "gathered", config=path).output
    shown = watcher("deliveries", "--state", "suppressed", "-n", "1", config=path).output
    assert 'night: no added text has "hospital"' in shown
    told = watcher("deliveries", config=path).output
    assert "alert.digest" in told
    one = watcher("deliveries", "show", "1", config=path)
    assert "    alert    heads: gathered every 15m" in one.output
    assert "    event    2026-01-12 06:10:00 UTC  article 1" in one.output
    assert "    article" not in one.output
    two = watcher("deliveries", "show", "2", config=path).output
    assert '    alert    night: "hospital" in added text' in two
    body = as_json(watcher("deliveries", "show", "1", "--json", config=path))
    assert body["article"] is None
    assert body["body"]["type"] == "alert.digest"
