"""A story.toml as frozen values."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.core.seed import SeedStep, parse_story, step_at
from watcher.errors import UsageError

HEAD = """
name = "flood"
title = "The flood"
shows = "Water."
starts = 2026-01-12T07:10:00+01:00
"""
STORY = (
    HEAD
    + """
[[step]]
at = "0m"
path = "/flood"
file = "1.html"

[[step]]
at = "1h30m"
status = 301
location = "/the-flood"
file = "2.html"
headers = { Age = "7" }
noise = true

[[step]]
at = "2d"
path = "/the-flood"
status = 503
content_type = "text/plain"
validators = false
"""
)


def faults(text: str) -> list[str]:
    with pytest.raises(UsageError) as caught:
        parse_story(text)
    return str(caught.value).splitlines()


def one_step(line: str) -> str:
    return f'{HEAD}\n[[step]]\nat = "0m"\npath = "/a"\n{line}\n'


def test_a_story_and_its_steps() -> None:
    story = parse_story(STORY)
    assert (story.name, story.title, story.shows) == ("flood", "The flood", "Water.")
    assert story.starts == datetime(2026, 1, 12, 6, 10, tzinfo=UTC)
    assert story.starts.tzinfo is UTC
    assert story.steps == (
        SeedStep(at=timedelta(0), path="/flood", file="1.html"),
        SeedStep(
            at=timedelta(hours=1, minutes=30),
            path="/flood",
            file="2.html",
            status=301,
            location="/the-flood",
            headers=(("Age", "7"),),
            noise=True,
        ),
        SeedStep(
            at=timedelta(days=2),
            path="/the-flood",
            status=503,
            content_type="text/plain",
            validators=False,
        ),
    )


@pytest.mark.parametrize(
    ("elapsed", "index"),
    [
        (timedelta(hours=-1), 0),
        (timedelta(0), 0),
        (timedelta(minutes=89, seconds=59), 0),
        (timedelta(minutes=90), 1),
        (timedelta(days=2), 2),
        (timedelta(days=200), 2),
    ],
)
def test_a_step_stands_until_the_next(elapsed: timedelta, index: int) -> None:
    assert step_at(parse_story(STORY), elapsed) == index


@given(
    st.lists(st.integers(1, 10**6), unique=True, max_size=8).map(sorted),
    st.integers(-100, 2 * 10**6),
)
def test_the_step_is_the_last_one_begun(offsets: list[int], seconds: int) -> None:
    starts = [0, *offsets]
    steps = "".join(f'[[step]]\nat = "{s}s"\npath = "/a"\n' for s in starts)
    index = step_at(parse_story(HEAD + steps), timedelta(seconds=seconds))
    begun = [s for s in starts if s <= seconds]
    assert starts[index] == (max(begun) if begun else 0)


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ('colour = "red"', "unknown key 'colour'"),
        ('status = "404"', "status in step 1 of story.toml must be a whole number."),
        ("status = true", "status in step 1 of story.toml must be a whole number."),
        ("status = 99", "must be an HTTP status from 200 to 599."),
        ("status = 302", "a redirect status and location go together."),
        ('location = "/b"', "a redirect status and location go together."),
        ('status = 301\nlocation = "b c"', "location in step 1 of story.toml must start with /"),
        ('file = "../secret"', "plain name of a file"),
        ('file = ".hidden"', "plain name of a file"),
        ("headers = { Age = 7 }", "'Age' must be a header name with a text."),
        ('headers = { "A b" = "7" }', "'A b' must be a header name with a text."),
        ('headers = { Age = "7\\r\\nX: y" }', "'Age' must be a header name with a text."),
        ("noise = 1", "noise in step 1 of story.toml must be true or false."),
    ],
)
def test_a_fault_of_a_step_is_named(line: str, fault: str) -> None:
    found = faults(one_step(line))
    assert len(found) == 1
    assert fault in found[0]


@pytest.mark.parametrize("at", ["", "soon", "-5m", "5", "1m1h", "１m", "9" * 30 + "d"])
def test_a_time_that_is_none(at: str) -> None:
    found = faults(f'{HEAD}\n[[step]]\nat = "{at}"\npath = "/a"\n')
    assert len(found) == 1
    assert found[0].startswith("at in step 1 of story.toml")


def test_steps_must_start_at_once_and_go_forward() -> None:
    found = faults(
        HEAD + '[[step]]\nat = "1m"\npath = "/a"\n' + '[[step]]\nat = "3m"\n[[step]]\nat = "3m"\n'
    )
    assert found == [
        'at in step 1 of story.toml must be "0m": the first step starts the story.',
        "at in step 3 of story.toml must come after the step before it.",
    ]


def test_the_first_step_needs_a_path() -> None:
    assert faults(HEAD + '[[step]]\nat = "0m"\n') == [
        "path in step 1 of story.toml must start with / and hold only what a URL path may."
    ]


def test_all_faults_are_named_at_once() -> None:
    found = faults('name = 7\nstarts = 2026-01-12T07:10:00\nplot = "thick"\nstep = [1]\n')
    assert found == [
        "name in story.toml must be a text.",
        "story.toml has an unknown key 'plot'; it may have name, title, shows, starts, step.",
        "story.toml needs title = a text.",
        "story.toml needs shows = a text.",
        "starts in story.toml must be a date and time with a zone, like 2026-01-12T06:00:00Z.",
        "step 1 of story.toml must be a table: write [[step]].",
    ]


def test_a_story_without_steps() -> None:
    assert faults(HEAD) == ["story.toml needs step = a list of [[step]] tables."]
    assert faults(HEAD + "step = []\n") == ["story.toml needs at least one [[step]]."]


def test_toml_that_is_none() -> None:
    (fault,) = faults('name = "a" b\n')
    assert fault.startswith("story.toml is not valid TOML: ")
    assert "line 1" in fault
