"""A fast news site on loopback, as a process of its own: `python bench/_site.py --articles N`.

It prints one JSON line {"port", "median_bytes"} when it is ready and serves until its standard
input ends. Pages are made beforehand; a request costs it some 30 microseconds.

GET /article/<n>.html   a page with ETag and Last-Modified, 304 if either matches
GET /ctl/set?etag=0|1&lm=0|1&noise=0|1&down=0|1   switch validators, page noise, and to 503
GET /ctl/change?p=0.05   put the next edition of that part of the articles online
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time
from email.utils import format_datetime
from hashlib import sha256
from random import Random
from statistics import median
from typing import cast
from urllib.parse import parse_qsl

from bench._pages import Article

NOT_FOUND = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
DOWN = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n"
HTML = b"Content-Type: text/html; charset=utf-8\r\n"


class Page:
    """One article's answers, ready to be sent."""

    def __init__(self, article: Article) -> None:
        self.article = article
        self.render()

    def render(self) -> None:
        """Make the answers of the article's present edition."""
        self.parts = self.article.parts()
        self.body = b"0".join(self.parts)
        self.etag = b'"%s"' % sha256(self.body).hexdigest()[:24].encode()
        self.modified = format_datetime(self.article.modified, usegmt=True).encode()


class Site:
    """All pages and the switches."""

    def __init__(self, articles: int, seed: int) -> None:
        self.seed = seed
        self.pages = [Page(Article(seed, number)) for number in range(articles)]
        self.switches = {"etag": True, "lm": True, "noise": False, "down": False}
        self.changes = 0
        self.random = Random(f"noise/{seed}")

    def control(self, name: str, arguments: dict[str, str]) -> object:
        """Do what a control call asks for."""
        if name == "set":
            self.switches.update({key: value == "1" for key, value in arguments.items()})
            return self.switches
        if name == "change":
            self.changes += 1
            count = round(len(self.pages) * float(arguments["p"]))
            chosen = Random(f"{self.seed}/change/{self.changes}").sample(self.pages, count)
            for page in chosen:
                page.article.change()
                page.render()
            return {"changed": sorted(page.article.number for page in chosen)}
        return {"error": name}

    def answer(self, head: bytes) -> bytes:
        """The answer to a request's head."""
        path = head.split(b" ", 2)[1]
        if path.startswith(b"/ctl/"):
            name, _, query = path[5:].decode().partition("?")
            return _ok(json.dumps(self.control(name, dict(parse_qsl(query)))).encode(), b"")
        number = path.removeprefix(b"/article/").removesuffix(b".html")
        if not number.isdigit() or int(number) >= len(self.pages):
            return NOT_FOUND
        return self.article(self.pages[int(number)], head)

    def article(self, page: Page, head: bytes) -> bytes:
        """A page, or that it is not modified."""
        if self.switches["down"]:
            return DOWN
        validators = b""
        if self.switches["etag"]:
            if page.etag in _header(head, b"if-none-match"):
                return b"HTTP/1.1 304 Not Modified\r\nETag: %s\r\n\r\n" % page.etag
            validators += b"ETag: %s\r\n" % page.etag
        if self.switches["lm"]:
            if _header(head, b"if-modified-since") == page.modified:
                return b"HTTP/1.1 304 Not Modified\r\nLast-Modified: %s\r\n\r\n" % page.modified
            validators += b"Last-Modified: %s\r\n" % page.modified
        if not self.switches["noise"]:
            return _ok(page.body, HTML + validators)
        start, middle, end = page.parts
        slot, rendered = b"%016x" % self.random.getrandbits(64), b"%.6f" % time.time()
        return _ok(b"".join((start, slot, middle, rendered, end)), HTML)


def _header(head: bytes, name: bytes) -> bytes:
    start = head.lower().find(b"\r\n" + name + b":")
    if start < 0:
        return b""
    return head[start + len(name) + 3 :].split(b"\r\n", 1)[0].strip()


def _ok(body: bytes, headers: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\n%sContent-Length: %d\r\n\r\n%s" % (headers, len(body), body)


class Connection(asyncio.Protocol):
    """One connection; requests have no body."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.rest = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self.transport.set_write_buffer_limits(high=1 << 22)

    def data_received(self, data: bytes) -> None:
        *heads, self.rest = (self.rest + data).split(b"\r\n\r\n")
        for head in heads:
            self.transport.write(self.site.answer(head))


async def serve(arguments: argparse.Namespace) -> None:
    """Serve until the input ends: so the site never outlives the benchmark."""
    site = Site(arguments.articles, arguments.seed)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: Connection(site), "127.0.0.1", arguments.port, backlog=1024
    )
    ready = {
        "port": server.sockets[0].getsockname()[1],
        "median_bytes": round(median(len(page.body) for page in site.pages)),
    }
    sys.stdout.write(json.dumps(ready) + "\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.buffer.read)


def main() -> None:
    """Entry point."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--port", type=int, default=0)
    asyncio.run(serve(parser.parse_args()))


if __name__ == "__main__":
    main()
