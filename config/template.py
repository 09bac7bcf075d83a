"""The commented configuration that `watcher init` writes."""

from __future__ import annotations

import json

_TEXT = """\
# The configuration of story watcher. Check it with `watcher check` after a change;
# a running daemon takes up changes by itself, and keeps the old configuration if the new is broken.

# Where every version is kept, relative to the folder of this file.
database = {database}

[polling]
mode = "adaptive"               # when updates are likely, by what was seen; or "fixed" intervals
interval = "10m"                # "30s", "10m", "6h" or "14d"; if adaptive, it makes the budget
min_interval = "1m"             # the shortest wait, if adaptive and after a hint
max_interval = "6h"             # the longest wait, after repeated failures and if adaptive
# requests_per_hour = 3600      # if adaptive: else as many as every article at its interval makes
stop_after_quiet = "14d"        # without a change for so long an article is settled; or "never"

[http]
# How publishers can reach you: sent with every request. Please set it.
{contact}
per_host_concurrency = 2        # requests at the same time to one host
per_host_delay = "1s"           # the pause between two requests to one host
timeout = "30s"                 # the whole request
max_body = "10MB"               # after decompression
respect_robots = true           # fetch only what the site's robots.txt allows
allow_networks = []             # private ranges that may be fetched, e.g. ["127.0.0.1/32"]

[daemon]
min_free_disk = "500MB"         # if less is left on the database's disk, `watcher status` says so
# listen = "127.0.0.1:9464"     # /healthz and /metrics for monitoring, on this machine only

# A story is a developing event: a named group of articles. `watcher add URL` adds articles here.
[[story]]
name = {story}
urls = [
    # "https://news.example/a-developing-story",
]
# urls_file = "more-urls.txt"   # more URLs, one a line
# interval = "5m"               # instead of that of [polling]; so are min_interval, max_interval
# weight = 2                    # how many times as much its delays matter as usual, if adaptive
# stop_after_quiet = "60d"      # instead of that of [polling]
# webhooks = ["desk"]           # without this line every webhook is told; [] for none

# How a single article is polled, where that is not as its story is. All but url may be left out.
# [[article]]
# url = "https://news.example/a-developing-story"
# interval = "2m"
# min_interval = "30s"
# max_interval = "1h"
# weight = 5
# stop_after_quiet = "never"

# A webhook is told about changes; its messages are signed (standardwebhooks.com).
# [[webhook]]
# name = "desk"
# url = "https://hooks.example/story-watcher"
# secret = "env:DESK_WEBHOOK_SECRET"    # or "file:desk.secret"; never the secret itself
# events = [                    # without this key every event is told
#     "article.updated", "article.unpublished", "article.restored",
#     "article.moved", "article.unreachable", "article.settled",
# ]

# An alert says which webhook gets what, and when: all that is given must hold, of what is listed
# one is enough. A story without `webhooks` then leaves that webhook to its alerts.
# `watcher alert test ARTICLE` shows what would have been sent, and why.
# [[alert]]
# name = "tolls"
# webhook = "desk"              # or webhooks = ["desk", "wire"]
# stories = [{story}]
# publishers = ["Example News", "news.example"]
# weight = "notable"            # at least: cosmetic, routine, notable or critical
# kinds = ["quantity-changed", "number-changed", "correction-*"]
# added = ["hospital", "/drones?/"]     # words or /patterns/ in text that was added
# removed = ["reportedly"]      # or removed
# events = ["article.updated"]
# every = "15m"                 # gathers events for so long, into one digest
# quiet = "22:00-07:00"         # gathers until the end of the night
# time_zone = "Europe/Berlin"
# quiet_unless = "critical"     # what weighs so much does not wait
# limit = 10                    # messages in an hour; more are gathered, never dropped

# Where articles of a story are found by themselves: a feed (RSS, Atom, JSON Feed) or a sitemap.
# [[feed]]
# url = "https://news.example/rss.xml"
# story = {story}
# words = ["river flood", "quay wall"]  # all words of one of these, in title, summary or URL
# pattern = 'flood|dam'         # or a regular expression
# follow_for = "7d"             # after it was found or listed as changed
# interval = "5m"               # instead of that of [polling]
# [[sitemap]]                   # with the same keys
# url = "https://news.example/news-sitemap.xml"
# story = {story}
# pattern = 'flood|dam'

# Phrases by which articles say that they were corrected or are developing, beside those that
# story watcher knows.
# [extraction]
# notices_file = "my-notices.toml"

# Words by which changes are told apart ("allegedly", "dead", "spokesman"), beside those that story
# watcher knows.
# [findings]
# words_file = "my-words.toml"

# Where a site's pages are not read rightly: what never or always belongs to its articles.
# `watcher explain ARTICLE` shows what changes by itself on a page.
# [[site]]
# host = "news.example"         # and the hosts below it
# drop = [".share-count"]       # CSS selectors of elements that are never read
# keep = ["div.fact-box"]       # and of those that are, wherever they stand
# drop_text = ['^\\d+ views$']   # regular expressions of paragraphs, in single quotes
# keep_text = []
# requests_per_hour = 30        # polls of each of these hosts at most
# per_host_concurrency = 1      # instead of that of [http], as is the next
# per_host_delay = "5s"
"""


def template(
    *, database: str = "stories.db", contact: str | None = None, story: str = "example-story"
) -> str:
    """The text of a new configuration file: every key with its default, explained.

    `contact` is a mail address or URL; without it the line is there as a comment.
    """
    shown = '# contact = "mailto:desk@example.org"' if contact is None else ""
    return _TEXT.format(
        database=toml_text(database),
        contact=shown or f"contact = {toml_text(contact or '')}",
        story=toml_text(story),
    )


def toml_text(text: str) -> str:
    """A text as a TOML basic string: JSON's escapes are TOML's too, save for one character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
