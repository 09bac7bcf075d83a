"""The settings of the service as frozen, validated values.

The TOML keys are the field names, save that tables are named in the singular: [[story]],
[[webhook]], [[alert]], [[feed]], [[sitemap]] and [[site]]. Built in code, paths must be absolute;
`config.load` resolves them against the folder of the configuration file.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, PlainValidator, WithJsonSchema

from config.alertvalues import (
    Kind,
    Messages,
    Publisher,
    QuietTimes,
    Wanted,
    WeightName,
    Zone,
)
from config.values import (
    Amount,
    Amounts,
    Connections,
    Contact,
    Delay,
    Duration,
    EndpointUrl,
    Event,
    File,
    Host,
    Hourly,
    Listen,
    Name,
    Network,
    PageUrl,
    Phrase,
    Quiet,
    Reference,
    SecretReference,
    Selector,
    Size,
    Space,
    Switch,
    TextPattern,
    Weight,
    mode,
)

Mode = Annotated[
    Literal["adaptive", "fixed"],
    PlainValidator(mode),
    WithJsonSchema({"type": "string", "enum": ["adaptive", "fixed"]}),
]


class _Table(BaseModel):
    # Without input and links, as pydantic's own words are never shown and input may be secret.
    model_config = ConfigDict(
        frozen=True, extra="forbid", hide_input_in_errors=True, validate_default=True
    )


class Polling(_Table):
    """How often articles are looked at."""

    mode: Mode = Field(
        default="adaptive",
        description="How the next poll is chosen: by what was seen, or at fixed intervals.",
    )
    interval: Duration = Field(
        default=timedelta(minutes=10),
        description="The time between two polls of an article; if adaptive, it makes the budget.",
    )
    min_interval: Duration = Field(
        default=timedelta(minutes=1),
        description="The shortest time between two polls of an article, if adaptive.",
    )
    max_interval: Duration = Field(
        default=timedelta(hours=6),
        description="The longest wait, after failures and if adaptive; at least the interval.",
    )
    requests_per_hour: Hourly | None = Field(
        default=None,
        description="The budget of the whole service, if adaptive; else as many as if fixed.",
    )
    stop_after_quiet: Quiet = Field(
        default=timedelta(days=14),
        description='How long without a change settles an article; "never" for always polling on.',
    )


class Http(_Table):
    """Manners and limits towards publishers."""

    contact: Contact | None = Field(
        default=None,
        description="How publishers reach you: a mailto: or http(s) URL for the User-Agent.",
    )
    per_host_concurrency: Connections = Field(
        default=2, description="Requests at the same time to one host."
    )
    per_host_delay: Delay = Field(
        default=timedelta(seconds=1), description="The pause between two requests to one host."
    )
    timeout: Duration = Field(
        default=timedelta(seconds=30),
        description="The longest time for a whole request, redirects too.",
    )
    max_body: Size = Field(
        default=10_000_000, description="The largest page, in bytes after decompression."
    )
    respect_robots: Switch = Field(
        default=True, description="Fetch only what the site's robots.txt allows."
    )
    allow_networks: tuple[Network, ...] = Field(
        default=(), description="Private address ranges that may be fetched all the same."
    )


class Story(_Table):
    """A developing event: a named group of articles."""

    name: Name = Field(description="The name of the story.")
    urls: tuple[PageUrl, ...] = Field(default=(), description="The articles to follow.")
    urls_file: File | None = Field(
        default=None, description="A text file with more URLs, one a line; # begins a comment."
    )
    interval: Duration | None = Field(
        default=None, description="The time between two polls, instead of that of [polling]."
    )
    min_interval: Duration | None = Field(
        default=None, description="The shortest such time, instead of that of [polling]."
    )
    max_interval: Duration | None = Field(
        default=None, description="The longest such time if adaptive, instead of that of [polling]."
    )
    weight: Weight | None = Field(
        default=None,
        description="How many times as much its delays matter as usual, if adaptive.",
    )
    stop_after_quiet: Quiet | None = Field(
        default=None, description="What settles its articles, instead of that of [polling]."
    )
    webhooks: tuple[Reference, ...] | None = Field(
        default=None,
        description="The webhooks to tell, by name; without this key every one, [] for none.",
    )


class Article(_Table):
    """How one article is polled, where that is not as its story is."""

    url: PageUrl = Field(description="The article, by any spelling of its URL in a story.")
    interval: Duration | None = Field(
        default=None, description="The time between two polls, instead of that of its story."
    )
    min_interval: Duration | None = Field(
        default=None, description="The shortest such time, instead of that of its story."
    )
    max_interval: Duration | None = Field(
        default=None, description="The longest such time, instead of that of its story."
    )
    weight: Weight | None = Field(
        default=None, description="How many times as much its delays matter, if adaptive."
    )
    stop_after_quiet: Quiet | None = Field(
        default=None, description="What settles it, instead of what settles its story's articles."
    )


class Webhook(_Table):
    """An endpoint that is told about events."""

    name: Name = Field(description="The name of the webhook.")
    url: EndpointUrl = Field(description="Where events are posted.", repr=False)
    secret: SecretReference = Field(
        description="Where the signing secret is found: env:NAME or file:PATH.", repr=False
    )
    events: tuple[Event, ...] | None = Field(
        default=None, description="The events to tell; without this key every one."
    )


class Alert(_Table):
    """Which webhooks get which events, and when. All that is given must hold."""

    name: Name = Field(description="The name of the alert.")
    webhook: Reference | None = Field(default=None, description="The webhook to tell, by name.")
    webhooks: tuple[Reference, ...] | None = Field(
        default=None, description="The webhooks to tell, if they are several."
    )
    stories: tuple[Reference, ...] | None = Field(
        default=None, description="Only events of these stories, by name."
    )
    publishers: tuple[Publisher, ...] | None = Field(
        default=None,
        description="Only events of these publishers: the name that the page gives, or the host.",
    )
    weight: WeightName = Field(default="cosmetic", description="The least weight of an event.")
    kinds: tuple[Kind, ...] | None = Field(
        default=None,
        description="Only events with a finding of one of these kinds; * stands for any ending.",
    )
    added: tuple[Wanted, ...] | None = Field(
        default=None,
        description="Words or /patterns/, one of which must be found in text that was added.",
    )
    removed: tuple[Wanted, ...] | None = Field(
        default=None,
        description="Words or /patterns/, one of which must be found in text that was removed.",
    )
    events: tuple[Event, ...] | None = Field(
        default=None, description="Only these events; without this key all that the webhook takes."
    )
    every: Duration | None = Field(
        default=None, description="Events are gathered for so long, into one digest."
    )
    quiet: QuietTimes | None = Field(
        default=None, description="Hours in which events are gathered until they end."
    )
    time_zone: Zone = Field(default="UTC", description="The time zone of the quiet hours.")
    quiet_unless: WeightName | None = Field(
        default=None, description="The least weight of an event that quiet hours do not hold."
    )
    limit: Messages | None = Field(
        default=None,
        description="The most messages in an hour; what is over it is gathered, never dropped.",
    )


class Feed(_Table):
    """A feed (RSS, Atom or JSON Feed) in which articles of a story are found."""

    url: PageUrl = Field(description="The address of the feed.")
    story: Reference = Field(description="The story, by name, that articles found become part of.")
    words: tuple[Phrase, ...] = Field(
        default=(),
        description="Phrases: an entry belongs to the story if all words of one occur in it.",
    )
    pattern: TextPattern | None = Field(
        default=None, description="A regular expression that is found in what belongs to the story."
    )
    follow_for: Duration = Field(
        default=timedelta(days=7),
        description="How long an article is followed after it was found or listed as changed.",
    )
    interval: Duration | None = Field(
        default=None, description="The time between two looks, instead of that of [polling]."
    )


class Sitemap(Feed):
    """A sitemap, or an index of sitemaps, in which articles of a story are found."""

    url: PageUrl = Field(description="The address of the sitemap.")


class Model(_Table):
    """Parameters of adaptive polling in place of the shipped ones; `watcher tune` writes them."""

    excitation: Amounts = Field(
        description="Further updates that one leads to, within 10m, 1h, 6h, 1d and 7d of it."
    )
    publication: Amounts = Field(
        description="Updates that a publication leads to, within 10m, 1h, 6h, 1d and 7d of it."
    )
    base_per_day: Amount = Field(description="Updates a day of an article that nothing excites.")


class Extraction(_Table):
    """How articles are read from pages."""

    notices_file: File | None = Field(
        default=None,
        description="A TOML file with your own phrases of notices; see docs/notices.md.",
    )


class Findings(_Table):
    """What changes mean."""

    words_file: File | None = Field(
        default=None,
        description="A TOML file with your own word lists for findings; see docs/findings.md.",
    )


class Site(_Table):
    """How a site's pages are read and asked for, where that is not as elsewhere."""

    host: Host = Field(description="The host, for its pages and those of hosts below it.")
    drop: tuple[Selector, ...] = Field(
        default=(), description="CSS selectors of elements that are never read."
    )
    keep: tuple[Selector, ...] = Field(
        default=(), description="CSS selectors of elements that always belong to the article."
    )
    drop_text: tuple[TextPattern, ...] = Field(
        default=(),
        description="Regular expressions of paragraphs that never belong to the article.",
    )
    keep_text: tuple[TextPattern, ...] = Field(
        default=(),
        description="Regular expressions of paragraphs that always belong to the article.",
    )
    requests_per_hour: Hourly | None = Field(
        default=None, description="Polls of each of these hosts in an hour at most."
    )
    per_host_concurrency: Connections | None = Field(
        default=None, description="Requests at the same time, instead of that of [http]."
    )
    per_host_delay: Delay | None = Field(
        default=None, description="The pause between two requests, instead of that of [http]."
    )


class Daemon(_Table):
    """The daemon itself."""

    min_free_disk: Space = Field(
        default=500_000_000,
        description="Bytes that must be free on the database's disk, or a person is needed.",
    )
    listen: Listen | None = Field(
        default=None,
        description="An address on loopback that answers monitoring: /healthz and /metrics.",
    )


class Settings(_Table):
    """The configuration of story watcher."""

    database: File = Field(
        default=Path("stories.db"), description="The database, relative to the folder of this file."
    )
    polling: Polling = Field(default=Polling(), description="How often articles are looked at.")
    http: Http = Field(default=Http(), description="Manners and limits towards publishers.")
    daemon: Daemon = Field(default=Daemon(), description="The daemon itself.")
    stories: tuple[Story, ...] = Field(
        default=(), alias="story", description="The stories to follow."
    )
    articles: tuple[Article, ...] = Field(
        default=(), alias="article", description="Articles that are polled in a way of their own."
    )
    webhooks: tuple[Webhook, ...] = Field(default=(), alias="webhook", description="Who is told.")
    alerts: tuple[Alert, ...] = Field(
        default=(), alias="alert", description="Which webhook gets what, and when."
    )
    feeds: tuple[Feed, ...] = Field(
        default=(), alias="feed", description="Feeds in which articles are found."
    )
    sitemaps: tuple[Sitemap, ...] = Field(
        default=(), alias="sitemap", description="Sitemaps in which articles are found."
    )
    model: Model | None = Field(
        default=None, description="Parameters of adaptive polling in place of the shipped ones."
    )
    extraction: Extraction = Field(
        default=Extraction(), description="How articles are read from pages."
    )
    findings: Findings = Field(default=Findings(), description="What changes mean.")
    sites: tuple[Site, ...] = Field(
        default=(), alias="site", description="Rules for the pages of single sites."
    )


TABLES: dict[str, type[_Table]] = {
    "polling": Polling,
    "http": Http,
    "daemon": Daemon,
    "story": Story,
    "article": Article,
    "webhook": Webhook,
    "alert": Alert,
    "feed": Feed,
    "sitemap": Sitemap,
    "model": Model,
    "extraction": Extraction,
    "findings": Findings,
    "site": Site,
}
"""The tables of a configuration file, by the name they have there."""


def keys(model: type[BaseModel]) -> tuple[str, ...]:
    """The TOML keys of a table, in order."""
    return tuple(field.alias or name for name, field in model.model_fields.items())
