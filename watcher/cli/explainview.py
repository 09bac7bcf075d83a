"""What `watcher explain` prints: one article, explained."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from config.template import toml_text
from watcher.cli.common import counted, span, when
from watcher.cli.learned import learned_json, learned_text
from watcher.cli.listing import STYLES, article_json, health_of
from watcher.cli.logview import quarantine_json, settled
from watcher.cli.output import BOLD, YELLOW, Page
from watcher.core.model import Outcome
from watcher.core.noise import LEARNED_AFTER, SHARED_BY
from watcher.core.quarantine import CONFIRMED_AFTER, CONFIRMED_BY
from watcher.core.remedies import REMEDIES

if TYPE_CHECKING:
    from storage.noise import NoiseRecord
    from storage.observations import Run
    from watcher.cli.explained import Explained, NextPoll
    from watcher.core.suggest import Suggestion

MOST_RUNS = 5
"""Of the polls in a row that ended alike, so many are shown: `watcher log` shows all."""

MOST_TEXTS = 5

SOURCES = {
    "article": "the interval of its [[article]]",
    "story": "the interval of its story",
    "polling": "the interval of [polling]",
}


def explained_page(found: Explained) -> Page:
    """The explanation for people."""
    page, article = Page(), found.article
    page.line((BOLD, f"article {article.id}"), f", story {article.story}: {article.url}")
    page.prose(article.headline or "(no headline yet)", indent=4)
    _section(page, "Next poll", _next_poll(found, article.failures))
    _section(page, "Health", _health(found), style=STYLES.get(health_of(article), ""))
    _section(page, "Last polls", _polls(found))
    _section(page, "Developing", _developing(found))
    _section(page, "Held pages", _held(found))
    _section(page, "Noise learned", _noise(found))
    _section(page, f"Texts of {found.host}", _site_texts(found))
    _section(page, "Reader", _reader(found))
    _section(page, "Rules that hold", _rules(found))
    if told := _limits(found):
        _section(page, f"Limits of {found.host}", iter(told))
    if found.suggestions:
        _section(page, "Suggestion", _suggested(found.suggestions), style=YELLOW)
        for line in suggested_lines(found):
            page.line(f"        {line}")
    return page


def _section(page: Page, title: str, texts: Iterator[str], style: str = "") -> None:
    page.line()
    page.line((BOLD, title))
    for place, text in enumerate(texts):
        indent = 4 + len(text) - len(text.lstrip(" "))
        page.prose(text.lstrip(" "), indent=indent, style=style if place == 0 else "")


def _next_poll(found: Explained, failures: int) -> Iterator[str]:
    next_poll, rest = found.next_poll, found.rest
    if next_poll.at is None:
        yield "none: the article is not in the configuration any more."
        return
    yield f"{when(next_poll.at)}: {_why(next_poll, failures)}"
    if next_poll.learned is not None:
        yield from learned_text(next_poll.learned)
    if rest is not None:
        refusals = counted(rest.refusals, "refusal")
        yield (
            f"{found.host} asked for patience ({refusals} since {when(rest.since)}): nothing of it"
            f" is polled before {when(rest.until)}."
        )
    elif next_poll.overdue:
        yield "That time has passed: `watcher status` says whether a daemon runs."


def _why(next_poll: NextPoll, failures: int) -> str:
    source = SOURCES[next_poll.source]
    regular = f"{lasting(next_poll.interval)}, {source}"
    wait = lasting(next_poll.wait or 0.0)
    match next_poll.why:
        case "learned":
            return f"{wait} after the last one, by what the polls before saw."
        case "never-polled":
            return f"the first one. Then every {regular}."
        case "held":
            return (
                f"{wait} after the last one, since a page is held: {CONFIRMED_BY} polls must show"
                f" it, the last at least {lasting(CONFIRMED_AFTER.total_seconds())} after the"
                f" first, before it counts. Else every {regular}."
            )
        case "settled":
            return (
                f"{wait} after the last one, since the article is settled. Sooner if a feed or"
                " sitemap lists a newer time, once a day if other articles of its story change, and"
                " regularly again once it changed, or after `watcher poll` names it."
            )
        case "robots":
            return (
                f"{wait} after the last one: robots.txt does not allow the page, and is asked again"
                f" once a day. If it is allowed then: every {regular}."
            )
        case "failures" if failures <= 2:
            return (
                f"every {regular}. The first two polls in a row without the article change nothing."
            )
        case "failures":
            return (
                f"{wait} after the last one, after {counted(failures, 'poll')} in a row without"
                " the article: a random time between the interval and a window that doubles up to"
                f" max_interval. Else every {regular}."
            )
        case "retry-after":
            return (
                f"{wait} after the last one, longer than by our own rules: the server asked for"
                " patience (Retry-After), or the settings changed since then."
                f" Else every {regular}."
            )
    return f"every {regular}."


def lasting(seconds: float) -> str:
    """A time span in words: `10m`, `1h 30m`, `45s`."""
    left = round(seconds)
    parts = []
    for unit, size in (("d", 86400), ("h", 3600), ("m", 60), ("s", 1)):
        count, left = divmod(left, size)
        if count:
            parts.append(f"{count}{unit}")
    return " ".join(parts[:2]) or "0s"


def _health(found: Explained) -> Iterator[str]:
    article = found.article
    seen = "never seen" if article.seen_until is None else f"last seen {when(article.seen_until)}"
    yield f"{health_of(article)}; {seen}, {counted(article.versions, 'version')}"
    if article.health == "settled" and article.quiet_since is not None:
        yield f"quiet since {when(article.quiet_since)}: longer than stop_after_quiet"
    if article.failures and article.last_outcome is not None:
        told = f": {article.last_detail}" if article.last_detail else ""
        since = "" if found.failing_since is None else f" since {when(found.failing_since)}"
        polls = counted(article.failures, "poll")
        yield f"not seen in {polls}{since}; {article.last_outcome.value}{told}"
        if remedy := REMEDIES.get(article.last_outcome):
            yield f"do: {remedy}"


def _polls(found: Explained) -> Iterator[str]:
    if not found.runs:
        yield "none yet"
        return
    for run in reversed(found.runs[-MOST_RUNS:]):
        told = "" if run.outcome is Outcome.UNCHANGED or not run.detail else f": {run.detail}"
        polls = counted(run.count, "poll")
        yield f"{run.outcome.value}{told}, {polls}, {span(run.first_at, run.last_at)}"
        if run.outcome is Outcome.UNCHANGED:
            yield f"  known by {_gates(run)}"
    if len(found.runs) > MOST_RUNS:
        yield f"and what came before: watcher log {found.article.id}"


def _gates(run: Run) -> str:
    parts = [
        (run.not_modified, "the server's word (304)"),
        (run.same_body, "the same page to the byte"),
        (run.count - run.not_modified - run.same_body, "the same text, or noise alone"),
    ]
    return ", ".join(f"{name}: {count}" for count, name in parts if count)


def _developing(found: Explained) -> Iterator[str]:
    if not found.article.versions:
        yield "not known yet"
    elif not found.developing:
        yield "no: the latest version does not say so."
    for notice in found.developing:
        place = "" if notice.place is None else f", paragraph {notice.place + 1}"
        yield f"yes{place}: “{notice.text}”"


def _held(found: Explained) -> Iterator[str]:
    if not found.quarantine:
        yield "none"
        return
    for held in reversed(found.quarantine[-MOST_TEXTS:]):
        yield f"{when(held.began_at)}, {counted(held.count, 'poll')}: {held.reason}"
        yield f"  {settled(held)}"


def _noise(found: Explained) -> Iterator[str]:
    if not found.noise:
        yield "none: nothing was seen to go on by itself."
    for each in found.noise:
        overruled = "; but keep_text keeps it: it is told" if each.template in found.kept else ""
        yield f"“{each.template}”: {_known(each)}{overruled}"


def _known(noise: NoiseRecord) -> str:
    times = counted(noise.count, "time")
    seen = f"seen to change by itself {times}" if noise.count else "never seen to change here"
    if noise.first_at is not None and noise.last_at is not None:
        seen += f", {span(noise.first_at, noise.last_at)}"
    if noise.of_site:
        return f"{seen}; learned from {SHARED_BY} or more other articles of the site"
    if noise.learned_at is not None:
        return f"{seen}; learned here, noise since {when(noise.learned_at)}"
    return f"{seen}; noise after {LEARNED_AFTER} times"


def _site_texts(found: Explained) -> Iterator[str]:
    if not found.site_texts:
        yield "none that come and go on its articles alike"
        return
    yield "Changes of these alone are told to nobody:"
    for each in found.site_texts[:MOST_TEXTS]:
        yield f"  “{each.text}”, on {counted(each.articles, 'article')}, last {when(each.last_at)}"
    if len(found.site_texts) > MOST_TEXTS:
        yield f"  and {len(found.site_texts) - MOST_TEXTS} more: watcher status --json"


def _reader(found: Explained) -> Iterator[str]:
    yield found.reader
    if found.stored is not None and found.stored != found.reader:
        yield (
            f"The latest version was read by another: {found.stored}. Its page is read anew before"
            " it is compared, so that no edit is invented. What differs:"
            f" watcher reprocess {found.article.id}"
        )


def _rules(found: Explained) -> Iterator[str]:
    rules = found.rules
    if rules.is_empty:
        yield "none: no [[site]] of the configuration is for this host."
    for name in ("drop", "keep", "drop_text", "keep_text"):
        for rule in getattr(rules, name):
            yield f"{name}: {rule}"


def _limits(found: Explained) -> list[str]:
    limit, told = found.limit, []
    if limit.per_hour is not None:
        told.append(
            f"requests_per_hour: {limit.per_hour:g}; a poll of its articles may wait for that"
        )
    if limit.concurrency is not None:
        told.append(f"per_host_concurrency: {limit.concurrency}")
    if limit.delay is not None:
        told.append(f"per_host_delay: {limit.delay:g}s")
    return told


def _suggested(suggestions: Sequence[Suggestion]) -> Iterator[str]:
    for each in suggestions:
        yield (
            f"In each of the last {each.changes} changes nothing but the numbers of this text"
            f" changed: “{each.text}”"
        )
    yield "If that is no news, these lines in the configuration keep it out:"


def suggested_lines(found: Explained) -> list[str]:
    """The lines of the configuration that the suggestions come to."""
    patterns = ", ".join(_quoted(each.pattern) for each in found.suggestions)
    return ["[[site]]", f"host = {toml_text(found.page_host)}", f"drop_text = [{patterns}]"]


def _quoted(pattern: str) -> str:
    return toml_text(pattern) if "'" in pattern or not pattern.isprintable() else f"'{pattern}'"


def explained_json(found: Explained) -> dict[str, Any]:
    """The explanation for programs."""
    next_poll, rules = found.next_poll, found.rules
    return {
        "article": article_json(found.article),
        "next_poll": {
            "at": next_poll.at,
            "why": next_poll.why,
            "interval": next_poll.interval,
            "interval_of": next_poll.source,
            "wait": next_poll.wait,
            "overdue": next_poll.overdue,
            "host_rests_until": None if found.rest is None else found.rest.until,
            "learned": learned_json(next_poll.learned),
        },
        "failing_since": found.failing_since,
        "polls": [
            {
                "outcome": run.outcome.value,
                "detail": run.detail,
                "first_at": run.first_at,
                "last_at": run.last_at,
                "polls": run.count,
                "not_modified": run.not_modified,
                "same_body": run.same_body,
            }
            for run in reversed(found.runs[-MOST_RUNS:])
        ],
        "developing": [notice.text for notice in found.developing],
        "quarantine": [quarantine_json(held) for held in reversed(found.quarantine)],
        "noise": [
            {
                "template": each.template,
                "count": each.count,
                "first_at": each.first_at,
                "last_at": each.last_at,
                "learned_at": each.learned_at,
                "of_site": each.of_site,
                "kept": each.template in found.kept,
            }
            for each in found.noise
        ],
        "site_texts": [
            {"text": each.text, "articles": each.articles, "last_at": each.last_at}
            for each in found.site_texts
        ],
        "rules": {
            "host": found.page_host,
            "drop": list(rules.drop),
            "keep": list(rules.keep),
            "drop_text": list(rules.drop_text),
            "keep_text": list(rules.keep_text),
        },
        "limits": {
            "requests_per_hour": found.limit.per_hour,
            "per_host_concurrency": found.limit.concurrency,
            "per_host_delay": found.limit.delay,
        },
        "reader": found.reader,
        "reader_of_latest": found.stored,
        "suggestions": [
            {"text": each.text, "drop_text": each.pattern, "changes": each.changes}
            for each in found.suggestions
        ],
    }
