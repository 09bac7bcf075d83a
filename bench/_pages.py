"""News pages for benchmarks: deterministic, of the size and shape of a publisher's pages.

All words are our own. A page is 70 to 100 kB: style sheet, navigation, scripts, an article of 15
to 40 paragraphs with JSON-LD and OpenGraph metadata, related links, footer.
"""

from __future__ import annotations

import html
import json
from datetime import UTC, datetime, timedelta
from random import Random

_WHO = (
    "The harbour master", "A night ferry crew", "The ministry", "Two engineers", "A regional court",
    "An opposition deputy", "The grain exporters", "Residents of the old quarter", "The rail union",
    "A visiting delegation", "The water authority", "Three volunteers", "The museum's director",
    "An independent auditor", "The coast guard", "A retired judge", "The teachers' council",
)  # fmt: skip
_DID = (
    "confirmed", "withdrew", "questioned", "signed", "delayed", "published", "rejected",
    "inspected",
    "announced", "postponed", "defended", "reopened", "measured", "appealed against", "welcomed",
)  # fmt: skip
_WHAT = (
    "the repair of the northern pier", "a draft on river tolls", "the evacuation order", "a tender",
    "the second reading of the bill", "the list of missing hikers", "a survey of the dam",
    "the timetable for the winter", "an agreement on fishing rights", "the closure of two schools",
    "the estimate of the damage", "a ruling on night flights", "the search of the warehouse",
)  # fmt: skip
_WHERE = (
    "in Ostermere", "near Valbruk", "along the Tarn road", "at the port of Selding", "in the city",
    "outside Grenholt", "on the island of Meray", "across three valleys", "at the border crossing",
)  # fmt: skip
_WHY = (
    "after a night of heavy rain", "because no quorum was reached", "although talks continue",
    "while prices kept rising", "as the deadline passed", "before the holiday traffic sets in",
    "despite an earlier warning", "once the report had been read", "since nobody had been informed",
)  # fmt: skip
_NAMES = (
    "Ada Lindqvist", "Bram Oyelaran", "Celia Novotna", "Dario Mbeki", "Esme Castellan", "Finn Holm",
    "Greta Iwamoto", "Hakon Silva", "Ilse Varga", "Jonas Pereira", "Kaia Brandt", "Leon Achebe",
)  # fmt: skip
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_DESKS = ("World", "Region", "Economy", "Courts", "Science", "Weather", "Culture", "Sport")


def sentence(random: Random) -> str:
    """One sentence; hardly any two are alike, as in life."""
    who, did, what = random.choice(_WHO), random.choice(_DID), random.choice(_WHAT)
    where, why = random.choice(_WHERE), random.choice(_WHY)
    number, day, name = random.randint(3, 9800), random.choice(_DAYS), random.choice(_NAMES)
    shape = random.randrange(5)
    if shape == 0:
        return f"{who} {did} {what} {where} on {day}, {why}."
    if shape == 1:
        return f"“We have seen {number} such cases {where},” said {name}, {why}."
    if shape == 2:
        return (
            f"According to {name}, {number} people were affected when {who.lower()} {did} {what}."
        )
    if shape == 3:
        return f"{who} put the cost at {number / 10:.1f} million and {did} {what} {why}."
    return f"On {day}, {who.lower()} {did} {what} {where}; {name} counted {number} vehicles."


def paragraph(random: Random) -> str:
    """One to four sentences."""
    return " ".join(sentence(random) for _ in range(random.choice((1, 2, 2, 3, 3, 4))))


class Article:
    """An article of the site as it is online now. `change` puts its next edition online."""

    def __init__(self, seed: int, number: int) -> None:
        random = Random(f"{seed}/{number}")
        self.seed = seed
        self.number = number
        self.edition = 1
        self.headline = f"{random.choice(_WHO)} {random.choice(_DID)} {random.choice(_WHAT)}"
        self.author = random.choice(_NAMES)
        self.paragraphs = [paragraph(random) for _ in range(random.randint(15, 40))]
        self.published = datetime(2026, 3, 2, 6, tzinfo=UTC) + timedelta(
            minutes=random.randrange(20_000)
        )
        self.modified = self.published

    def change(self) -> None:
        """One paragraph edited, one added, the modification time moved: an ordinary update."""
        self.edition += 1
        random = Random(f"{self.seed}/{self.number}/{self.edition}")
        at = random.randrange(len(self.paragraphs))
        words = self.paragraphs[at].split(" ")
        if random.random() < 0.5:
            words[random.randrange(len(words))] = str(random.randint(10_000, 99_999))
        else:
            words.extend(sentence(random).split(" "))
        self.paragraphs[at] = " ".join(words)
        self.paragraphs.insert(random.randrange(len(self.paragraphs) + 1), paragraph(random))
        self.modified += timedelta(minutes=random.randint(2, 200))

    def parts(self) -> tuple[bytes, bytes, bytes]:
        """The page in three parts; what every request makes anew goes between them."""
        lead = f"{self._head()}{_site_head(self.seed)}<main><article>{self._article()}"
        slot = '</article><aside class="promo"><div class="slot" data-slot="'
        rest = f'"></div>{self._related()}</aside></main>{_site_foot(self.seed)}<!-- rendered '
        return lead.encode() + slot.encode(), rest.encode(), b" --></body></html>\n"

    def _head(self) -> str:
        title = html.escape(self.headline)
        facts = {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "headline": self.headline,
            "datePublished": self.published.isoformat(),
            "dateModified": self.modified.isoformat(),
            "author": [{"@type": "Person", "name": self.author}],
            "publisher": {"@type": "Organization", "name": "The Loopback Courier"},
        }
        return (
            '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">'
            f"<title>{title} – The Loopback Courier</title>"
            f'<meta property="og:title" content="{title}"><meta property="og:type"'
            f' content="article"><meta property="article:modified_time"'
            f' content="{self.modified.isoformat()}">'
            f'<script type="application/ld+json">{json.dumps(facts)}</script>'
        )

    def _article(self) -> str:
        random = Random(f"layout/{self.seed}/{self.number}")
        pieces = [
            f'<header><h1 class="story-title">{html.escape(self.headline)}</h1>'
            f'<p class="byline">By <a rel="author" href="/by/{self.number % 12}">'
            f"{html.escape(self.author)}</a></p>"
            f'<time datetime="{self.modified.isoformat()}">{self.modified:%d %B %Y %H:%M}</time>'
            '</header><div class="story-body">'
        ]
        for text in self.paragraphs:
            pieces.append(
                f'<p class="story-text t-{random.getrandbits(20):x}">{html.escape(text)}</p>'
            )
            if random.random() < 0.12:
                pieces.append(
                    f'<figure class="figure"><img src="/media/{random.getrandbits(32):x}.jpg"'
                    f' alt="{random.choice(_WHERE)}" width="620" height="413"></figure>'
                )
        pieces.append("</div>")
        return "".join(pieces)

    def _related(self) -> str:
        random = Random(f"related/{self.seed}/{self.number}")
        cards = "".join(
            f'<li class="card card--{n}"><div class="card__inner"><a class="card__link"'
            f' href="/article/{random.randrange(100_000)}.html" data-track="related {n}"><span'
            f' class="kicker">{random.choice(_DESKS)}</span><span class="card__title">'
            f"{random.choice(_WHO)} {random.choice(_DID)} {random.choice(_WHAT)}</span></a>"
            f'<div class="card__foot"><time datetime="2026-03-{n % 28 + 1:02d}">{n} March</time>'
            f'<span class="count">{random.randrange(900)} comments</span></div></div></li>'
            for n in range(random.randint(20, 60))
        )
        return f'<section class="related"><h2>More from this desk</h2><ul>{cards}</ul></section>'


def _site_head(seed: int) -> str:
    """Style sheet, scripts and navigation: the same on every page."""
    random = Random(f"head/{seed}")
    rules = "".join(
        f".s-{random.getrandbits(28):x}-{n}{{margin:{random.randint(0, 48)}px;padding:"
        f"{random.randint(0, 24)}px;color:#{random.getrandbits(24):06x};line-height:1.{n % 9}}}"
        for n in range(260)
    )
    switches = {f"switch{n}": random.random() for n in range(520)}
    entries = "".join(
        f'<li><a href="/{desk.lower()}/">{desk}</a><ul>'
        + "".join(
            f'<li class="sub"><a class="sub__link" href="/{desk.lower()}/{n}">{_WHERE[n]}</a></li>'
            for n in range(9)
        )
        + "</ul></li>"
        for desk in _DESKS
    )
    return (
        f"<style>{rules}</style><script>window.__courier={json.dumps(switches)};</script></head>"
        f'<body class="page"><nav class="desks"><ul>{entries}</ul></nav>'
    )


def _site_foot(seed: int) -> str:
    random = Random(f"foot/{seed}")
    links = "".join(
        f'<li><a href="/about/{n}">{desk} desk</a></li>' for n, desk in enumerate(_DESKS)
    )
    script = "".join(f"q.push([{random.getrandbits(40)},'{n}']);" for n in range(420))
    return f"<footer><ul>{links}</ul></footer><script>var q=[];{script}</script>"
