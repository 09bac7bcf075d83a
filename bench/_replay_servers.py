"""What the daemon meets in bench/replay.py: a publisher and a receiver, both on loopback."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from aiohttp import web
from standardwebhooks import Webhook, WebhookVerificationError

from bench._posts import Post, Version

REFUSE_EVERY = 25
"""Each so many-th event is refused the first time it comes, so that retrying is part of it."""


class Publisher:
    """Serves the version of each post that is online now, with an ETag."""

    def __init__(self, posts: list[Post]) -> None:
        self.posts = posts
        self.online = [0] * len(posts)
        self.answers: Counter[int] = Counter()

    def path(self, post: int) -> str:
        """The path of a post."""
        return f"/posts/{post}/{self.posts[post].name}"

    def version(self, post: int) -> Version:
        """What a post says now."""
        return self.posts[post].versions[self.online[post]]

    async def answer(self, request: web.Request) -> web.Response:
        """A page, or that it is not modified."""
        page = self.version(int(request.match_info["post"])).page
        etag = f'"{sha256(page).hexdigest()[:24]}"'
        status = 304 if request.headers.get("If-None-Match") == etag else 200
        self.answers[status] += 1
        body = page if status == 200 else None
        return web.Response(
            status=status, body=body, headers={"ETag": etag}, content_type="text/html",
            charset="utf-8",
        )  # fmt: skip


@dataclass(slots=True)
class Receiver:
    """Takes webhooks as a stranger would: it knows the secret and the Standard Webhooks package."""

    secret: str
    messages: dict[str, dict[str, Any]] = field(default_factory=dict)
    """The accepted messages by webhook-id, in the order of their first acceptance."""
    attempts: Counter[str] = field(default_factory=Counter)
    invalid: int = 0
    refused: int = 0
    altered: int = 0

    async def answer(self, request: web.Request) -> web.Response:
        """Accepts what verifies, but refuses some events once."""
        body = await request.read()
        try:
            Webhook(self.secret).verify(body, dict(request.headers))
        except WebhookVerificationError:
            self.invalid += 1
            return web.Response(status=400)
        identity = request.headers["webhook-id"]
        self.attempts[identity] += 1
        if self.attempts[identity] == 1 and len(self.attempts) % REFUSE_EVERY == 0:
            self.refused += 1
            return web.Response(status=503)
        message = json.loads(body)
        if self.messages.setdefault(identity, message) != message:
            self.altered += 1
        return web.Response(status=204)


async def start(publisher: Publisher, receiver: Receiver) -> tuple[web.AppRunner, str]:
    """Starts both on one free port; gives the runner and the origin."""
    application = web.Application()
    application.router.add_get("/posts/{post}/{name:.*}", publisher.answer)
    application.router.add_post("/hook", receiver.answer)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return runner, f"http://127.0.0.1:{runner.addresses[0][1]}"
