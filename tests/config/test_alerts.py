"""[[alert]] tables: what they mean, and every fault of theirs at once."""

from __future__ import annotations

from datetime import time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from config.alerts import audience_of
from config.load import load
from tests.config.test_config_faults import HOOK, SECRET, faults_of
from watcher.core.alerts.alert import Alert
from watcher.core.alerts.quiet import QuietHours
from watcher.core.model import EventType

WIRE = HOOK.replace("desk", "wire")
STORIES = '[[story]]\nname = "flood"\n[[story]]\nname = "storm"\nwebhooks = ["wire"]\n'
BEFORE = STORIES + HOOK + WIRE
ALERT = '[[alert]]\nname = "tolls"\nwebhook = "desk"\n'


def audience(folder: Path, text: str):  # type: ignore[no-untyped-def]
    path = folder / "watcher.toml"
    path.write_text(text)
    return audience_of(load(path, {"DESK": SECRET}).settings)


def test_all_that_an_alert_can_say(tmp_path: Path) -> None:
    text = """[[alert]]
name = "tolls"
webhooks = ["wire", "desk", "wire"]
stories = ["flood"]
publishers = ["Example News"]
weight = "notable"
kinds = ["number-changed", "correction-*"]
added = ["hospital", "/drones?/"]
removed = ["reportedly"]
events = ["article.updated"]
every = "15m"
quiet = "22:00-07:00"
time_zone = "Europe/Berlin"
quiet_unless = "critical"
limit = 10
"""
    (found,) = audience(tmp_path, BEFORE + text).alerts
    assert found == Alert(
        name="tolls",
        endpoints=("wire", "desk"),
        stories=("flood",),
        publishers=("Example News",),
        weight="notable",
        kinds=("number-changed", "correction-*"),
        added=("hospital", "/drones?/"),
        removed=("reportedly",),
        events=(EventType.UPDATED,),
        every=timedelta(minutes=15),
        quiet=QuietHours(time(22), time(7), ZoneInfo("Europe/Berlin"), "Europe/Berlin"),
        quiet_unless="critical",
        limit=10,
    )


def test_a_story_without_a_list_leaves_a_webhook_to_its_alerts(tmp_path: Path) -> None:
    without = audience(tmp_path, BEFORE)
    assert without.stories == {"flood": ("desk", "wire"), "storm": ("wire",)}
    assert without.alerts == ()
    with_one = audience(tmp_path, BEFORE + ALERT)
    assert with_one.stories == {"flood": ("wire",), "storm": ("wire",)}
    named = audience(tmp_path, BEFORE.replace('["wire"]', '["desk"]') + ALERT)
    assert named.stories == {"flood": ("wire",), "storm": ("desk",)}


LINE = BEFORE.count("\n") + 4

FAULTS = [
    ('webhok = "desk"', f'{LINE}: unknown key "webhok" in [[alert]] "tolls"; did you mean "webhoo'),
    ('stories = ["flod"]', f'{LINE}: "stories" in [[alert]] "tolls" names an unknown story "flod"; '
     'did you mean "flood"?'),
    ('kinds = ["number-chaged"]', f'{LINE}: "kinds" in [[alert]] "tolls" names an unknown kind of '
     'finding "number-chaged"; did you mean "number-changed"?'),
    ('kinds = ["corection-*"]', f'{LINE}: "kinds" in [[alert]] "tolls" names an unknown kind'),
    ('kinds = "number-changed"', f'{LINE}: "kinds" in [[alert]] "tolls" must be a list in square'),
    ('kinds = []', f'{LINE}: "kinds" in [[alert]] "tolls" is empty, so that nothing could match'),
    ('weight = "notabel"', f'{LINE}: "weight" in [[alert]] "tolls" has an unknown weight "notabel";'
     ' did you mean "notable"?'),
    ('weight = 3', f'{LINE}: "weight" in [[alert]] "tolls" has an unknown weight 3; known: "cosm'),
    ('added = ["/drones(/"]', f'{LINE}: "added" in [[alert]] "tolls" has "/drones(/", which is no '
     'regular expression'),
    ("added = ['/\\w*\\w*\\w*x/']", f'{LINE}: "added" in [[alert]] "tolls" has'),
    ('added = ["//"]', f'{LINE}: "added" in [[alert]] "tolls" must hold words in quotes'),
    ('removed = [7]', f'{LINE}: "removed" in [[alert]] "tolls" must hold words in quotes'),
    ('events = ["article.update"]', f'{LINE}: "events" in [[alert]] "tolls" has an unknown event'),
    ('every = "soon"', f'{LINE}: "every" in [[alert]] "tolls" must be a duration in quotes'),
    ('quiet = "22-7"', f'{LINE}: "quiet" in [[alert]] "tolls" must be two times of day such as'),
    ('quiet = "07:00-07:00"', f'{LINE}: "quiet" in [[alert]] "tolls" must end at another time'),
    ('quiet = "24:00-07:00"', f'{LINE}: "quiet" in [[alert]] "tolls" must be two times of day'),
    ('quiet = "22:00-07:00"\ntime_zone = "Berlin"', f'{LINE + 1}: "time_zone" in [[alert]] "tolls" '
     'has an unknown time zone "Berlin"; did you mean "Europe/Berlin"?'),
    ('quiet = "22:00-07:00"\ntime_zone = "../etc/passwd"', f'{LINE + 1}: "time_zone" in [[alert]] '
     '"tolls" has an unknown time zone'),
    ('time_zone = "Europe/Berlin"', f'{LINE}: "time_zone" in [[alert]] "tolls" means nothing'),
    ('quiet_unless = "critical"', f'{LINE}: "quiet_unless" in [[alert]] "tolls" means nothing'),
    ('limit = 0', f'{LINE}: "limit" in [[alert]] "tolls" must be a whole number from 1 to 10000'),
    ('webhooks = ["wire"]', f'{LINE}: [[alert]] "tolls" has both "webhook" and "webhooks"'),
    ('publishers = ["https://a.example/"]', f'{LINE}: "publishers" in [[alert]] "tolls" must hold '
     'names of publishers or hosts, but has the URL'),
    ('publishers = [""]', f'{LINE}: "publishers" in [[alert]] "tolls" must hold names'),
]  # fmt: skip


@pytest.mark.parametrize(("line", "fault"), FAULTS, ids=[line[:24] for line, _ in FAULTS])
def test_a_fault_is_told_with_its_line(tmp_path: Path, line: str, fault: str) -> None:
    (found,) = faults_of(tmp_path, BEFORE + ALERT + line + "\n")
    assert found.startswith(f"watcher.toml:{fault}")


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    text = ALERT.replace('"desk"', '"desc"') + 'weight = "heavy"\n' + '[[alert]]\nname = "tolls"\n'
    found = faults_of(tmp_path, BEFORE + text)
    assert [fault.partition(": ")[2] for fault in found] == [
        '"webhook" in [[alert]] "tolls" names an unknown webhook "desc"; did you mean "desk"?',
        '"weight" in [[alert]] "tolls" has an unknown weight "heavy"; known: "cosmetic",'
        ' "critical", "notable", "routine"',
        '[[alert]] "tolls" names no webhook to tell; add "webhook"',
        f'the name "tolls" belongs to the [[alert]] at line {LINE - 2} already; choose another',
    ]


def test_kinds_of_other_packages_are_known_if_they_are_there(tmp_path: Path) -> None:
    path = tmp_path / "watcher.toml"
    path.write_text(BEFORE + ALERT + 'kinds = ["byline-guessed"]\n')
    loaded = load(path, {"DESK": SECRET}, more_kinds=lambda: ("byline-guessed",))
    assert loaded.settings.alerts[0].kinds == ("byline-guessed",)
